import threading
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Membership
from applications.models import Application
from bando.deadlines import rome
from network.actions import (
    begin_task,
    close_space,
    describe_space,
    drop_task,
    end_agreement,
    expect_opening,
    fit_out,
    open_space,
    plan_further_space,
    redo_task,
    say_staff_ready,
    say_trained,
    spaces,
    suspend_space,
)
from network.actions.spaces import free_slug
from network.models import Agreement, Partnership, Space
from network.onboarding import SCHOOLING, STAFFING
from network.space_units import space_columns, space_units
from network.written_at_once import BothWrote, bases_of
from tests import road as roads
from tests.builders import body, person
from tests.builders_space import give_effect, ready_to_open, school, settle
from tests.history import history
from tests.together import together
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
LATER = roads.OPENED + timedelta(days=30)
WALKED = ["fit_out", "staff", "train", "open"]


def refused(act, *args, **kwargs) -> list[str]:
    """The reasons; it is an error of the test when there are none."""
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.reasons


def told(titles: list[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)


def titles(space, kinds) -> list[str]:
    return [task.title for task in space.tasks.all() if task.kind in kinds]


def methodist(road):
    """Somebody of the partner for the method."""
    user = person()
    agreement = road.agreement
    twin = type(agreement).objects.create(
        application=Application.objects.create(
            call=road.call,
            area_code="area-2",
            organisation=body(by=user),
            created_by=user,
            created_at=roads.SIGNED,
        ),
        created_at=roads.SIGNED,
    )
    Partnership.objects.create(
        organisation=twin.application.organisation,
        agreement=twin,
        area_title="Accompagnamento",
        accompanies=True,
        since=roads.SIGNED.date(),
    )
    return user


def in_effect():
    """A Spazio in programme under an agreement that was published."""
    road = roads.agreed()
    give_effect(road.agreement, by=road.office, at=roads.SIGNED)
    road.space = Space.objects.get()
    return road


# --- from the plan to the door --------------------------------------------------------------------------------------------


def test_a_space_walks_to_the_door_act_by_act():
    road = roads.opened()
    assert list(history(road.space)) == WALKED
    assert list(history(road.application)) == roads.ACTS
    assert road.fresh().state == "open"
    assert list(Space.objects.public()) == [road.space]


@pytest.mark.parametrize(
    ("on", "reasons"),
    [
        (date(2022, 4, 30), ["La convenzione decorre dal 1 maggio 2022: lo Spazio non può aver aperto prima."]),
        (date(2022, 5, 1), []),
    ],
)
def test_a_space_opens_first_under_its_agreement(on, reasons):
    road = in_effect()
    roads.complete(road.space)
    ready_to_open(road.space, by=road.office, at=roads.OPENED)
    facts, said = {"on": on, "by": road.office, "at": roads.OPENED}, []
    if reasons:
        said = refused(open_space, road.space, **facts)
    else:
        open_space(road.space, **facts)
    assert (said, Space.objects.get().opened_on) == (reasons, None if reasons else on)


@pytest.mark.parametrize("shut", [close_space, suspend_space])
def test_a_space_opens_again_no_earlier_than_it_was_shut(shut):
    road = roads.opened()
    shut(road.space, reason="Lavori.", by=road.office, at=LATER)
    facts = {"by": road.office, "at": LATER + timedelta(days=2)}
    said = refused(open_space, road.space, on=LATER.date() - timedelta(days=1), **facts)
    assert said == ["Lo Spazio è chiuso dal 1 giugno 2022: non può aver riaperto prima."]
    open_space(road.space, on=LATER.date(), **facts)
    assert Space.objects.get().state == "open"


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        (
            rome(2022, 4, 30, 12),
            ["La convenzione decorre dal 1 maggio 2022: prima di quel giorno lo Spazio non si allestisce e non si apre."],
        ),
        (rome(2022, 5, 1, 0), []),
        (rome(2024, 4, 30, 23, 59), []),
        (rome(2024, 5, 1, 0), ["La convenzione è scaduta il 30 aprile 2024: prima serve una convenzione nuova."]),
    ],
)
def test_a_space_is_fitted_out_while_its_agreement_is_in_force(at, reasons):
    road, said = in_effect(), []
    try:
        fit_out(road.space, by=road.office, at=at)
    except Refused as refusal:
        said = refusal.reasons
    assert said == reasons
    assert Space.objects.get().state == ("planned" if reasons else "fitting_out")


@pytest.mark.parametrize(
    ("needs", "reason"),
    [
        (
            True,
            "La convenzione è firmata e non ha ancora effetto: prima registra la pubblicazione (art. 26 del D.Lgs. 33/2013).",
        ),
        (False, "La convenzione è firmata e non ha ancora effetto: prima registra che è efficace."),
    ],
)
def test_a_signature_alone_fits_out_nothing_and_opens_no_door(needs, reason):
    road = trained()
    roads.complete(road.space)
    Agreement.objects.update(state="signed", needs_publication=needs, published_on=None)
    space = Space.objects.get()
    assert refused(open_space, space, on=roads.OPENED.date(), by=road.office, at=roads.OPENED) == [reason]
    Space.objects.update(state="planned")
    assert refused(fit_out, Space.objects.get(), by=road.office, at=roads.OPENED) == [reason]


def test_no_door_opens_again_once_the_agreement_is_over():
    road = roads.opened()
    suspend_space(road.space, reason="Lavori.", by=road.office, at=LATER)
    after = rome(2024, 5, 1, 0)
    assert refused(open_space, road.space, on=after.date(), by=road.office, at=after) == [
        "La convenzione è scaduta il 30 aprile 2024: prima serve una convenzione nuova."
    ]
    Agreement.objects.update(state="ended")
    assert refused(open_space, Space.objects.get(), on=LATER.date(), by=road.office, at=LATER) == [
        "La convenzione con chi gestisce lo Spazio è conclusa: prima serve una convenzione nuova."
    ]


@pytest.mark.django_db(transaction=True)
def test_no_agreement_ends_while_a_door_of_it_opens():
    road = roads.agreed()
    roads.complete(road.space)
    ready_to_open(road.space, by=road.office, at=roads.OPENED)
    agreement, facts = Agreement.objects.get(pk=road.agreement.pk), {"by": road.office, "at": roads.OPENED}
    found = together(
        lambda: open_space(road.space, on=date(2022, 5, 2), **facts),
        lambda: end_agreement(agreement, reason="Recesso della cooperativa.", **facts),
    )
    assert [isinstance(one, Refused) for one in found].count(True) == 1
    states = Space.objects.get().state, Agreement.objects.get().state
    assert states in {("open", "effective"), ("trained", "ended")}


def test_staff_is_ready_once_place_accessibility_and_staff_are_settled():
    road = in_effect()
    fit_out(road.space, by=road.office, at=roads.OPENED)
    staffing = titles(road.space, STAFFING)
    assert refused(say_staff_ready, road.space, by=road.office, at=roads.OPENED) == [
        f"Prima concludi, o togli con un motivo: {told(staffing)}."
    ]
    settle(road.space, by=road.office, at=roads.OPENED, kinds=("place", "accessibility"))
    left = titles(road.space, {"staff"})
    begin_task(road.space.tasks.get(title=left[0]), by=road.office, at=roads.OPENED)
    assert refused(say_staff_ready, road.space, by=road.office, at=roads.OPENED) == [
        f"Prima concludi, o togli con un motivo: {told(left)}."
    ]
    for task in road.space.tasks.filter(kind="staff"):
        drop_task(task, reason="Lo fa il Comune.", by=road.office, at=roads.OPENED)
    say_staff_ready(road.space, by=road.office, at=roads.OPENED)
    assert road.space.state == "staffed"


def staffed():
    road = in_effect()
    fit_out(road.space, by=road.office, at=roads.OPENED)
    settle(road.space, by=road.office, at=roads.OPENED, kinds=tuple(STAFFING))
    say_staff_ready(road.space, by=road.office, at=roads.OPENED)
    return road


def test_people_are_trained_once_training_is_settled_and_somebody_was_there():
    road = staffed()
    assert refused(say_trained, road.space, by=road.office, at=roads.OPENED) == [
        f"Prima concludi, o togli con un motivo: {told(titles(road.space, SCHOOLING))}."
    ]
    settle(road.space, by=road.office, at=roads.OPENED, kinds=tuple(SCHOOLING))
    assert refused(say_trained, road.space, by=road.office, at=roads.OPENED) == [
        "Nessuno di questo Spazio risulta ancora presente a una formazione."
    ]
    school(road.space, at=roads.OPENED)
    say_trained(road.space, by=road.office, at=roads.OPENED)
    assert road.space.state == "trained"


def test_training_that_was_dropped_needs_nobody_there():
    road = staffed()
    for task in road.space.tasks.filter(kind="training"):
        drop_task(task, reason="Operatori già formati.", by=road.office, at=roads.OPENED)
    say_trained(road.space, by=road.office, at=roads.OPENED)
    assert road.space.state == "trained"


def test_who_accompanies_the_network_says_for_a_space_that_its_people_are_trained():
    road = staffed()
    guide = methodist(road)
    settle(road.space, by=guide, at=roads.OPENED, kinds=tuple(SCHOOLING))
    school(road.space, at=roads.OPENED)
    assert refused(say_trained, road.space, by=road.applicant, at=roads.OPENED) == [
        "Lo può fare solo l'ufficio o chi accompagna la rete."
    ]
    say_trained(road.space, by=guide, at=roads.OPENED)
    assert road.space.steps.last().by == guide


def trained():
    road = roads.agreed()
    ready_to_open(road.space, by=road.office, at=roads.OPENED)
    return road


@pytest.mark.parametrize(
    "kind", ["place", "accessibility", "staff", "training", "equipment", "hours", "data_protection", "opening"]
)
def test_the_door_stays_shut_while_a_task_of_the_opening_is_left(kind):
    road = trained()
    roads.complete(road.space)
    task = road.space.tasks.filter(kind=kind).first()
    redo_task(task, reason="Da rifare.", by=road.office, at=roads.OPENED)
    assert refused(open_space, road.space, on=roads.OPENED.date(), by=road.office, at=roads.OPENED) == [
        f"Prima concludi, o togli con un motivo: «{task.title}»."
    ]
    assert road.fresh().state == "agreed"
    drop_task(task, reason="Basta così.", by=road.office, at=roads.OPENED)
    open_space(road.space, on=roads.OPENED.date(), by=road.office, at=roads.OPENED)
    assert road.fresh().state == "open"


def test_another_task_holds_back_nothing():
    road = trained()
    roads.complete(road.space)
    road.space.tasks.create(kind="other", title="Festa di quartiere", owner="partner")
    open_space(road.space, on=roads.OPENED.date(), by=road.office, at=roads.OPENED)
    assert road.space.state == "open"


def test_nobody_is_sent_to_a_place_that_cannot_be_found():
    road = trained()
    Space.objects.filter(pk=road.space.pk).update(address="", municipio=None)
    assert refused(open_space, road.space, on=date(2022, 5, 2), by=road.office, at=roads.OPENED) == [
        "Prima di aprire scrivi: l'indirizzo, il Municipio, gli orari, un telefono o una e-mail."
    ]
    assert road.fresh().state == "agreed"
    assert Space.objects.public().count() == 0


def test_a_space_without_agreement_does_not_open():
    space = Space.objects.create(slug="senza", name="Senza", address="via A 1", municipio=1, phone="02", state="trained")
    roads.complete(space)
    assert refused(open_space, space, on=date(2022, 5, 2), by=person(is_official=True), at=roads.OPENED) == [
        "Prima serve la convenzione firmata con chi gestisce lo Spazio."
    ]


@pytest.mark.parametrize(
    ("later", "reasons"), [(1, ["Il giorno dell'apertura è nel futuro: apri lo Spazio quel giorno."]), (0, [])]
)
def test_a_door_is_not_opened_before_its_day(later, reasons):
    road, said = trained(), []
    roads.complete(road.space)
    try:
        open_space(road.space, on=roads.OPENED.date() + timedelta(days=later), by=road.office, at=roads.OPENED)
    except Refused as refusal:
        said = refusal.reasons
    assert said == reasons
    assert Space.objects.public().count() == (0 if reasons else 1)


@pytest.mark.parametrize("act", [fit_out, say_staff_ready, close_space, suspend_space, open_space])
def test_only_the_office_takes_a_space_a_step_further(act):
    road = roads.agreed()
    more = {"on": roads.OPENED.date()} if act is open_space else {}
    more |= {"reason": "Lavori."} if act in (close_space, suspend_space) else {}
    assert refused(act, road.space, by=road.applicant, at=roads.OPENED, **more) == ["Lo può fare solo chi lavora nell'ufficio."]


@pytest.mark.django_db(transaction=True)
def test_of_two_spazi_of_one_name_at_the_same_moment_each_has_its_address(monkeypatch):
    both, first = threading.Barrier(2, timeout=2), threading.local()

    def look_at_the_same_moment(name: str) -> str:
        slug = free_slug(name)
        if not hasattr(first, "done"):
            first.done = True
            with suppress(threading.BrokenBarrierError):  # where only one writes at a time, the other comes later
                both.wait()
        return slug

    monkeypatch.setattr(spaces, "free_slug", look_at_the_same_moment)
    found = together(*[lambda: spaces.new_space("Spazio WeMi – Ente").slug for _ in range(2)])
    assert sorted(found) == ["spazio-wemi-ente", "spazio-wemi-ente-2"]


# --- shut for a while, or for good ----------------------------------------------------------------------------------------


def test_a_suspended_space_is_still_found_with_the_reason_and_until_when():
    road = roads.opened()
    suspend_space(road.space, reason=" Lavori. ", reopens_on=date(2022, 6, 20), by=road.office, at=LATER)
    found = Space.objects.public().get()
    assert (found.state, found.closed_note, found.reopens_on) == ("suspended", "Lavori.", date(2022, 6, 20))
    open_space(road.space, on=LATER.date(), by=road.office, at=LATER)
    found = Space.objects.public().get()
    assert (found.state, found.closed_note, found.reopens_on) == ("open", "", None)
    assert list(history(road.space)) == [*WALKED, "suspend", "open"]


@pytest.mark.parametrize(
    ("days", "reasons"),
    [(0, ["Il giorno in cui riapre deve venire dopo oggi. Se non lo sai ancora, lascialo vuoto."]), (1, []), (None, [])],
)
def test_a_suspended_space_reopens_after_today_if_anybody_knows_when(days, reasons):
    road, said = roads.opened(), []
    reopens_on = None if days is None else LATER.date() + timedelta(days=days)
    try:
        suspend_space(road.space, reason="Lavori.", reopens_on=reopens_on, by=road.office, at=LATER)
    except Refused as refusal:
        said = refusal.reasons
    assert said == reasons
    assert Space.objects.get().state == ("open" if reasons else "suspended")


@pytest.mark.parametrize("act", [close_space, suspend_space])
def test_a_door_is_shut_with_a_reason(act):
    road = roads.opened()
    assert refused(act, road.space, reason=" ", by=road.office, at=LATER) == ["Scrivi il motivo: resta nella storia dell'atto."]
    assert Space.objects.get().state == "open"


def test_a_closed_space_leaves_the_list_and_opens_again_with_its_first_date():
    road = roads.opened()
    suspend_space(road.space, reason="Lavori.", reopens_on=date(2022, 7, 1), by=road.office, at=LATER)
    close_space(road.space, reason="Ha cambiato sede.", by=road.office, at=LATER)
    assert Space.objects.public().count() == 0
    assert (road.space.closed_note, road.space.reopens_on) == ("Ha cambiato sede.", None)
    open_space(road.space, on=date(2022, 8, 30), by=road.office, at=roads.OPENED + timedelta(days=120))
    road.space.refresh_from_db()
    assert road.space.opened_on == date(2022, 5, 2)
    assert list(history(road.space)) == [*WALKED, "suspend", "close", "open"]
    assert list(history(Application.objects.get())) == roads.ACTS


# --- what citizens read ----------------------------------------------------------------------------------------------------


def test_writing_about_a_space_does_not_undo_what_happened_to_it_meanwhile():
    road = roads.opened()
    shown = Space.objects.get(pk=road.space.pk)
    close_space(road.space, by=road.office, at=LATER, reason="Lavori.")
    describe_space(shown, by=road.office, at=LATER, name="Spazio nuovo", phone="02 999")
    stored = Space.objects.get()
    assert (stored.name, stored.phone, stored.state, stored.opened_on) == ("Spazio nuovo", "02 999", "closed", shown.opened_on)
    assert list(history(stored)) == [*WALKED, "close", "describe"]


def test_two_people_at_one_spazio_lose_nothing_of_what_each_wrote():
    road = roads.agreed()
    act, read = {"by": road.office, "at": roads.SIGNED}, bases_of(space_units(space_columns(Space.objects.get())))
    describe_space(road.space, bases=read, phone="02 1", transport="", functions=["desk", "info"], **act)
    describe_space(road.space, bases=read, phone="", transport="M3", latitude=Decimal("45.5"), longitude=Decimal("9.2"), **act)
    stored = Space.objects.get()
    assert (stored.phone, stored.transport, stored.latitude, stored.longitude) == (
        "02 1",
        "M3",
        Decimal("45.5"),
        Decimal("9.2"),
    )
    for unit, details in {
        "phone": {"phone": "02 2", "email": "a@esempio.it"},
        "point": {"latitude": Decimal("45.5"), "longitude": Decimal("9.3"), "email": "a@esempio.it"},
    }.items():
        with pytest.raises(BothWrote) as found:
            describe_space(road.space, bases=read, **details, **act)
        assert found.value.verdicts == {unit: "both", "email": "mine"}
    assert Space.objects.get().email == ""
    same = {"latitude": Decimal("45.50"), "functions": ["info", "desk"]}
    assert describe_space(road.space, bases=read, longitude=Decimal("9.20"), **same, **act) is None


def test_the_history_says_what_changed_and_tells_no_number_of_anybody():
    road = roads.agreed()
    was = road.space.name
    describe_space(road.space, by=road.office, at=roads.SIGNED, name="Capuana", phone="333 1234567", transport="")
    step = road.space.steps.get()
    assert step.facts == {"changed": ["name", "phone"], "was": {"name": was}, "is": {"name": "Capuana"}}
    assert "1234567" not in step.entry.content


def test_writing_what_stands_already_leaves_no_step():
    road = roads.agreed()
    assert describe_space(road.space, by=road.office, at=roads.SIGNED, name=road.space.name) is None
    assert list(history(road.space)) == []


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"address": ""}, "Lo Spazio è aperto e i cittadini lo cercano. Scrivi: l'indirizzo."),
        ({"hours": [], "municipio": None}, "Lo Spazio è aperto e i cittadini lo cercano. Scrivi: il Municipio, gli orari."),
        ({"phone": ""}, "Lo Spazio è aperto e i cittadini lo cercano. Scrivi: un telefono o una e-mail."),
    ],
)
def test_an_open_space_keeps_what_it_needed_to_open(details, reason):
    road = roads.opened()
    before = Space.objects.values().get()
    assert refused(describe_space, road.space, by=road.office, at=LATER, **details) == [reason]
    assert Space.objects.values().get() == before
    close_space(road.space, by=road.office, at=LATER, reason="Lavori.")
    describe_space(road.space, by=road.office, at=LATER, **details)
    assert Space.objects.values(*details).get() == details


def test_who_runs_a_space_writes_how_to_find_it_open_and_not_which_it_is():
    road = roads.agreed()
    describe_space(road.space, by=road.applicant, at=roads.SIGNED, phone="02 1", languages=["it", "ar"])
    assert Space.objects.values_list("phone", "languages").get() == ("02 1", ["it", "ar"])
    for details in ({"name": "Altro"}, {"address": "Via B 2", "phone": "02 2"}, {"municipio": 1}):
        assert refused(describe_space, road.space, by=road.applicant, at=roads.SIGNED, **details) == [
            "Il nome e il luogo li cambia l'ufficio: scrivi all'ufficio."
        ]
    assert Space.objects.get().phone == "02 1"


def test_nobody_else_writes_about_a_space():
    road = roads.agreed()
    assert refused(describe_space, road.space, by=person(), at=roads.SIGNED, phone="02 1") == [
        "Lo può fare solo l'ufficio o chi gestisce lo Spazio."
    ]


# --- another Spazio of the same body ----------------------------------------------------------------------------------------


def test_a_body_may_run_several_spaces_each_with_its_tasks():
    road = roads.agreed()
    space = plan_further_space(
        road.space.partnership, name="Spazio WeMi Bovisa", municipio=9, reason="Atto 12.", by=road.office, at=roads.SIGNED
    )
    assert (space.slug, space.state, space.manager_name) == (
        "spazio-wemi-bovisa",
        "planned",
        road.application.organisation.name,
    )
    assert [space.tasks.count(), list(history(space)), space.steps.get().reason] == [11, ["plan"], "Atto 12."]
    assert Space.objects.run_by(road.applicant).count() == 2


def test_another_space_takes_a_place_that_is_left():
    road = roads.agreed()
    partnership, reason = road.space.partnership, {"reason": "Atto 12.", "by": road.office, "at": roads.SIGNED}
    for number in range(2, 21):  # the area has 20 places
        plan_further_space(partnership, name=f"Spazio {number}", **reason)
    said = ["Nell'area non resta nessun posto: sono 20, 20 sono di Spazi e 0 restano vuoti per atto."]
    assert refused(plan_further_space, partnership, name="Spazio 21", **reason) == said
    assert Space.objects.count() == 20


def test_another_space_needs_a_reason_the_office_and_a_body_that_runs_spaces():
    road = roads.agreed()
    partnership = road.space.partnership
    act = {"name": "Altro", "by": road.office, "at": roads.SIGNED}
    assert refused(plan_further_space, partnership, **act, reason="") == ["Scrivi il motivo: resta nella storia dell'atto."]
    assert refused(plan_further_space, partnership, **{**act, "by": road.applicant}, reason="Sì.") == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]
    Partnership.objects.update(accompanies=True)
    partnership.refresh_from_db()
    assert refused(plan_further_space, partnership, **act, reason="Sì.") == [
        "Questo ente accompagna la rete: non gestisce Spazi."
    ]
    assert Space.objects.count() == 1


# --- the planned opening ----------------------------------------------------------------------------------------------------


def test_the_terms_before_the_opening_move_with_it_unless_somebody_changed_them():
    road = roads.agreed()
    changed = road.space.tasks.get(kind="hours")
    changed.due_on = date(2022, 6, 1)
    changed.save()
    expect_opening(road.space, on=date(2022, 7, 1), by=road.office, at=roads.SIGNED)
    due = dict(road.space.tasks.values_list("kind", "due_on"))
    assert (due["opening"], due["hours"], due["data_protection"]) == (date(2022, 6, 24), date(2022, 6, 1), date(2022, 6, 17))
    assert road.space.tasks.get(title__startswith="Locale").due_on == date(2022, 5, 11)  # counted from the signature
    assert road.space.steps.get().facts == {"was": None, "is": "2022-07-01", "moved": 5}


def test_an_open_space_expects_no_opening():
    road = roads.opened()
    assert refused(expect_opening, road.space, on=date(2022, 7, 1), by=road.office, at=LATER) == [
        "Adesso non si può fare: lo stato è «Aperto»."
    ]


def test_a_partner_who_left_the_body_runs_no_space_any_more():
    road = roads.agreed()
    Membership.objects.filter(user=road.applicant).delete()
    assert refused(describe_space, road.space, by=road.applicant, at=roads.SIGNED, phone="02 1") == [
        "Lo può fare solo l'ufficio o chi gestisce lo Spazio."
    ]
