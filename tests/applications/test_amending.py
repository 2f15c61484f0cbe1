"""What may be changed of a published call, when, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from applications import amending, checking
from applications.actions import ChangedSinceReview, submit
from applications.amending import Order, draft_in_hand
from applications.models import Application
from applications.progress import fingerprint
from applications.states import ApplicationState as S
from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Amendment, Call, CallVersion, NoticeDraft
from bando.notice.difference import difference
from bando.notice_pdf import PDF
from bando.notice_yaml import load_notice
from bando.states import CallState
from documents.uploads import keep
from evaluation.actions import appoint_commission
from evaluation.models import MemberRole
from tests.bando.small import SMALL
from tests.builders import (
    AFTER,
    DEADLINE,
    OPENING,
    WORKDAY,
    complete_draft,
    draft_application,
    load_fixture_call,
    official,
    person,
    send,
    small_pdf,
    submitted_application,
)
from tests.builders_amending import extend, order, rectification, rectify, reopen, revoke
from tests.history import history
from tests.together import together
from workflow.models import Duty, LedgerEntry
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
TICK, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
WEEK_LATER = DEADLINE + timedelta(days=7)
CHECKED = rome(2021, 10, 20, 9)


@pytest.fixture
def call() -> Call:
    return load_fixture_call()


def refusal(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reasons


def fresh(call: Call) -> Call:
    return Call.objects.with_notice().get(pk=call.pk)


def untouched(call: Call) -> bool:
    """Nothing of a refused amendment is left."""
    now = fresh(call)
    told = Duty.objects.filter(name__in=["bando.tell_everybody", amending.LETTERS]).count()
    return (now.version_id, now.closes_at, now.state, now.amendments.count(), history(now), told) == (
        call.version_id,
        call.closes_at,
        CallState.PUBLISHED,
        0,
        ["publish"],
        0,
    )


# Terms


@pytest.mark.parametrize(
    ("at", "deadline", "reason"),
    [
        (OPENING - TICK, WEEK_LATER, None),
        (DEADLINE, WEEK_LATER, None),
        (
            AFTER,
            WEEK_LATER,
            "La scadenza è passata: lunedì 18 ottobre 2021, ore 12:00:00. Un termine passato non si proroga: si riaprono i "
            "termini.",
        ),
        (WORKDAY, DEADLINE + SECOND, None),
        (WORKDAY, DEADLINE, "La nuova scadenza deve venire dopo quella in vigore: lunedì 18 ottobre 2021, ore 12:00:00."),
        (
            WORKDAY,
            DEADLINE - SECOND,
            "La nuova scadenza deve venire dopo quella in vigore: lunedì 18 ottobre 2021, ore 12:00:00.",
        ),
    ],
)
def test_a_deadline_is_extended_while_it_has_not_passed_and_only_forward(call, at, deadline, reason):
    by = official()
    if reason:
        assert refusal(lambda: extend(call, deadline, by=by, at=at)) == [reason]
        assert untouched(call)
        return
    made = extend(call, deadline, by=by, at=at)
    now = fresh(call)
    assert (made.number, made.kind, now.closes_at, now.notice.calendar.deadline) == (1, "extension", deadline, deadline)
    assert (now.version, now.version.number, made.before, made.after) == (made.after, 2, call.version, now.version)
    assert now.version.sha256 != call.version.sha256
    # The words of the document say the same as its canonical form, and nothing but the deadline has moved.
    assert load_notice(now.version.text) == now.notice
    assert [change.label for change in difference(made.before.notice, made.after.notice)] == ["Scadenza"]


@pytest.mark.parametrize(
    ("at", "deadline", "reason"),
    [
        (
            DEADLINE,
            WEEK_LATER,
            "La scadenza non è ancora passata: lunedì 18 ottobre 2021, ore 12:00:00. Fino ad allora il termine si proroga.",
        ),
        (AFTER, WEEK_LATER, None),
        (CHECKED, CHECKED + SECOND, None),
        (CHECKED, CHECKED, "La nuova scadenza deve essere nel futuro: adesso sono mercoledì 20 ottobre 2021, ore 09:00:00."),
    ],
)
def test_terms_are_reopened_after_the_deadline_for_everybody_alike(call, at, deadline, reason):
    sent, draft = submitted_application(call), complete_draft(draft_application(call))
    if reason:
        assert refusal(lambda: reopen(call, deadline, by=official(), at=at)) == [reason]
        assert untouched(call)
        return
    assert refusal(lambda: send(Application.objects.get(pk=draft.pk), at=at)) == [
        "Il termine è scaduto: la domanda non si può più inviare."
    ]
    assert reopen(call, deadline, by=official(), at=at).kind == "reopening"
    assert send(Application.objects.get(pk=draft.pk), at=deadline).call_version.number == 2
    assert refusal(lambda: checking.start_check(sent, by=official(), at=deadline)) == [
        "L'avviso non è ancora scaduto: le domande si aprono dopo la scadenza."
    ]
    assert history(fresh(call)) == ["publish", "reopen"]


def test_terms_are_not_reopened_once_a_check_has_begun(call):
    application = submitted_application(call)
    checking.start_check(application, by=official(), at=CHECKED)
    assert refusal(lambda: reopen(call, WEEK_LATER, by=official(), at=CHECKED)) == [
        "La verifica delle domande è già cominciata: riaprire i termini non sarebbe uguale per tutti. Se serve, revoca "
        "l'avviso con un atto motivato e pubblicane un altro."
    ]
    assert fresh(call).closes_at == DEADLINE


def test_terms_are_not_reopened_once_the_commission_is_known(call):
    seats = list(zip([person(), person(), person()], [MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER], strict=True))
    appoint_commission(call, members=seats, act_number="12", act_date=CHECKED.date(), by=official(), at=CHECKED)
    assert refusal(lambda: reopen(call, WEEK_LATER, by=official(), at=CHECKED)) == [
        "Dopo la scadenza c'è già un atto («Commissione nominata»): i termini non si riaprono più. Se serve, revoca l'avviso "
        "con un atto motivato e pubblicane un altro."
    ]


@pytest.mark.parametrize(
    ("until", "reasons"),
    [
        (rome(2021, 10, 13, 12), []),
        (rome(2021, 10, 20, 12), []),
        (
            rome(2021, 10, 13, 11, 59, 59),
            [
                "Il termine per le domande all'ufficio non si accorcia: quello in vigore è mercoledì 13 ottobre 2021, ore 12:00:00."
            ],
        ),
    ],
)
def test_the_term_for_questions_moves_on_and_never_back(call, until, reasons):
    def move():
        return extend(call, WEEK_LATER, questions_until=until, by=official(), at=WORKDAY)

    if reasons:
        assert refusal(move) == reasons
    else:
        assert move().after.notice.calendar.questions_until == until


def test_a_term_for_questions_after_the_deadline_is_refused_with_the_words_of_the_document(call):
    late = WEEK_LATER + SECOND
    (reason,) = refusal(lambda: extend(call, WEEK_LATER, questions_until=late, by=official(), at=WORKDAY))
    assert reason.startswith("Nel documento calendar.questions_until: ")
    assert untouched(call)


# The act


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"number": " "}, "Scrivi il numero dell'atto."),
        ({"date": None}, "Scrivi la data dell'atto."),
        ({"date": date(2021, 10, 12)}, "La data dell'atto è nel futuro. Torna qui quando l'atto è firmato."),
        ({"date": date(2021, 10, 11)}, None),
        ({"date": date(2021, 9, 16)}, None),
        (
            {"date": date(2021, 9, 15)},
            "La data dell'atto (15 settembre 2021) viene prima della pubblicazione dell'avviso: controllala.",
        ),
        ({"reason": " "}, "Scrivi il motivo: resta nella storia dell'atto."),
    ],
)
@pytest.mark.parametrize("verb", ["extend", "revoke"])
def test_every_amendment_carries_its_act(call, verb, changed, reason):
    facts = {"number": "12/2021", "date": WORKDAY.date(), "reason": "Serve più tempo."} | changed
    signed, by = Order(facts["number"], facts["date"], facts["reason"]), official()

    def act():
        if verb == "extend":
            return extend(call, WEEK_LATER, order=signed, by=by, at=WORKDAY)
        return amending.revoke(call, order=signed, seen=0, by=by, at=WORKDAY)

    if reason:
        assert refusal(act) == [reason]
        assert untouched(call)
    else:
        made = act()
        assert (made.act_number, made.act_date, made.reason, made.by, made.at) == (
            "12/2021",
            facts["date"],
            "Serve più tempo.",
            by,
            WORKDAY,
        )


def test_an_amendment_is_remembered_with_the_hash_of_its_act(call):
    by = official()
    act = keep(small_pdf("Proroga"), name="proroga.pdf", media_type="application/pdf", by=by, at=WORKDAY)
    made = extend(call, WEEK_LATER, order=order(at=WORKDAY, file=act), by=by, at=WORKDAY)
    step = call.steps.get(act="extend")
    assert step.facts == {
        "number": 1,
        "kind": "extension",
        "act_number": "321",
        "act_date": "2021-10-11",
        "act_sha256": act.sha256,
        "before": {"version": 1, "sha256": call.version.sha256, "deadline": "2021-10-18T10:00:00.000000Z"},
        "after": {"version": 2, "sha256": made.after.sha256, "deadline": "2021-10-25T10:00:00.000000Z"},
    }
    assert LedgerEntry.objects.get(act="extend").hash == step.entry.hash


@pytest.mark.parametrize("verb", [extend, reopen])
def test_only_the_office_amends(call, verb):
    assert refusal(lambda: verb(call, WEEK_LATER, by=person(), at=WORKDAY)) == ["Lo può fare solo chi lavora nell'ufficio."]
    assert untouched(call)


def test_new_rules_are_printed_and_the_old_ones_are_not_printed_again(call):
    by = official()
    before = list(Duty.objects.filter(name=PDF).values_list("pk", flat=True))
    extend(call, WEEK_LATER, by=by, at=WORKDAY)
    assert [duty.subject for duty in Duty.objects.filter(name=PDF).exclude(pk__in=before)] == [str(fresh(call).version_id)]
    revoke(fresh(call), by=by, at=WORKDAY + SECOND, reason="Errore.")
    assert Duty.objects.filter(name=PDF).count() == len(before) + 1


def test_a_revocation_ends_the_call_and_leaves_its_rules(call):
    made = revoke(call, by=official(), at=WORKDAY, reason="Mancano i fondi.")
    now = fresh(call)
    assert (made.kind, made.before, made.after, now.state) == ("revocation", call.version, call.version, CallState.REVOKED)
    assert refusal(lambda: extend(now, WEEK_LATER, by=official(), at=WORKDAY)) == [
        "Adesso non si può fare: lo stato è «Revocato»."
    ]


# A rectification


def title(data):
    data["title"] = "Un altro titolo"


def another(data):
    data["id"] = "altro-avviso"


def lose_an_area(data):
    data["areas"] = data["areas"][:1]


def forget_the_purpose(data):
    data["summary"] = ""


def sooner(data):
    data["calendar"]["deadline"] = "2021-10-18T11:59:59"


def later(data):
    data["calendar"]["deadline"] = "2021-10-25T12:00:00"


def ask_sooner(data):
    data["calendar"]["questions_until"] = "2021-10-13T11:59:59"


def close_again(data):
    data["calendar"]["opens"] = "2021-10-12T12:00:00"


def more_places(data):
    data["areas"][0]["places"] += 1


def replace_for_longer(data):
    data["replacement"] = {"mode": "for_months", "months": 12}


LATE_AREA = "Area 1 - Realizzazione di 20 nuovi Spazi WeMi"


@pytest.mark.parametrize(
    ("change", "at", "reasons"),
    [
        (title, WORKDAY, []),
        (title, AFTER, []),
        (more_places, DEADLINE, []),
        (later, WORKDAY, []),
        (lambda data: None, WORKDAY, ["La bozza è uguale all'avviso in vigore: non c'è niente da rettificare."]),
        (
            another,
            WORKDAY,
            ["Il documento è di un altro avviso («altro-avviso»): il codice dell'avviso deve restare «spazi-wemi-2021»."],
        ),
        (sooner, WORKDAY, ["La scadenza non si accorcia: quella in vigore è lunedì 18 ottobre 2021, ore 12:00:00."]),
        (
            ask_sooner,
            WORKDAY,
            [
                "Il termine per le domande all'ufficio non si accorcia: quello in vigore è mercoledì 13 ottobre 2021, ore 12:00:00."
            ],
        ),
        (close_again, WORKDAY, ["L'avviso è già aperto: l'apertura non si sposta più avanti."]),
        (
            later,
            AFTER,
            ["La scadenza è passata: una rettifica non la sposta. Per dare altro tempo si riaprono i termini."],
        ),
        (
            more_places,
            AFTER,
            [
                "La scadenza è passata e nessuno può più rispondere: la rettifica cambia quello a cui hanno risposto le domande "
                f"di «{LATE_AREA}». Togli quei cambiamenti, oppure revoca l'avviso con un atto motivato e pubblicane un altro."
            ],
        ),
        (replace_for_longer, DEADLINE, []),
        (
            replace_for_longer,
            AFTER,
            [
                "La scadenza è passata: la rettifica cambia la regola per i posti che si liberano, e ormai si può capire chi "
                "favorisce. Togli quel cambiamento, oppure revoca l'avviso con un atto motivato e pubblicane un altro."
            ],
        ),
    ],
)
def test_a_rectification_shortens_nothing_and_asks_nothing_new_after_the_deadline(call, change, at, reasons):
    by = official()
    if reasons:
        assert refusal(lambda: rectify(call, change, by=by, at=at)) == reasons
        assert untouched(call)
        assert draft_in_hand(call) is not None
        return
    made = rectify(call, change, by=by, at=at)
    now = fresh(call)
    assert (made.kind, now.version, now.title) == ("rectification", made.after, made.after.notice.title)
    assert (now.closes_at, draft_in_hand(call)) == (now.notice.calendar.deadline, None)


def test_an_area_is_never_taken_away():
    call = amendable_small()
    (reason,) = refusal(lambda: rectify(call, lambda data: take_area(data, "due"), by=official(), at=WORKDAY))
    assert reason == (
        "L'area «Area due» manca: dopo la pubblicazione un'area non si toglie, perché qualcuno può averla già iniziata."
    )


def take_area(data: dict[str, Any], code: str) -> None:
    data["areas"] = [area for area in data["areas"] if area["code"] != code]
    data["grids"] = [grid for grid in data["grids"] if grid["code"] != "seconda"]


def amendable_small() -> Call:
    small = load(SMALL, at=rome(2021, 8, 20))
    publish(small, by=official(), at=rome(2021, 8, 20))
    return fresh(small)


def test_a_rectification_that_does_not_hold_together_is_refused_with_what_is_wrong(call):
    (reason,) = refusal(lambda: rectify(call, forget_the_purpose, by=official(), at=WORKDAY))
    assert reason.startswith("Nel documento summary: ")


# Two at once


def test_who_did_not_see_a_colleagues_amendment_reads_it_first(call):
    first, second = official(name="Anna Prima"), official()
    extend(call, WEEK_LATER, by=first, at=WORKDAY, seen=0)
    again = DEADLINE + timedelta(days=14)
    assert refusal(lambda: extend(call, again, by=second, at=WORKDAY, seen=0)) == [
        "Intanto Anna Prima ha pubblicato un'altra modifica: proroga n. 1. Leggila; se la tua serve ancora, riprova: quello che "
        "hai scritto è rimasto qui."
    ]
    assert extend(call, again, by=second, at=WORKDAY, seen=1).number == 2


def test_a_draft_that_a_colleague_changed_is_read_again(call):
    by = official(name="Anna Prima")
    draft = rectification(call, title, by=by, at=WORKDAY)
    assert refusal(
        lambda: amending.rectify(draft, shown=draft.version - 1, order=order(at=WORKDAY), seen=0, by=by, at=WORKDAY)
    ) == ["Intanto Anna Prima ha cambiato la bozza della rettifica. Rileggi che cosa cambia e conferma di nuovo."]
    amending.rectify(draft, shown=draft.version, order=order(at=WORKDAY), seen=0, by=by, at=WORKDAY)
    assert refusal(
        lambda: amending.rectify(draft, shown=draft.version, order=order(at=WORKDAY), seen=1, by=by, at=WORKDAY)
    ) == ["Questa bozza non c'è più: qualcuno l'ha pubblicata o messa da parte."]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (title, "2021-10-25T12:00:00"),  # the author left the terms alone: they move with the call
        (lambda data: data["calendar"].update(deadline="2021-11-30T12:00:00"), "2021-11-30T12:00:00"),
    ],
)
def test_an_extension_moves_the_terms_of_a_rectification_in_hand_and_nothing_else_of_it(call, written, kept):
    author, by = official(), official()
    draft = rectification(call, written, by=author, at=WORKDAY)
    extend(call, WEEK_LATER, by=by, at=WORKDAY)
    now = NoticeDraft.objects.get(pk=draft.pk)
    assert now.data["calendar"]["deadline"] == kept
    assert now.data["title"] == draft.data["title"]
    moved = kept == "2021-10-25T12:00:00"
    assert (now.version, now.edits.filter(path="calendar", by=by).count()) == (draft.version + moved, int(moved))
    amending.rectify(now, shown=now.version, order=order(at=WORKDAY), seen=1, by=author, at=WORKDAY)
    assert fresh(call).closes_at.astimezone(DEADLINE.tzinfo).isoformat()[:19] == kept


def test_what_arrived_late_for_the_old_deadline_is_in_time_for_the_one_in_force_when_it_is_written(call):
    draft = complete_draft(draft_application(call))
    waiting = Application.objects.with_call().get(pk=draft.pk)
    assert waiting.call.closes_at == DEADLINE  # it holds the call as it was when the request arrived
    extend(call, WEEK_LATER, by=official(), at=DEADLINE)
    sent = send(waiting, at=AFTER)
    assert (sent.arrived_at, sent.call_version.number) == (AFTER, 2)
    other = complete_draft(draft_application(call))
    assert refusal(lambda: send(Application.objects.get(pk=other.pk), at=WEEK_LATER + TICK)) == [
        "Il termine è scaduto: la domanda non si può più inviare."
    ]


def test_a_new_deadline_between_reading_and_sending_stops_nobody(call):
    draft = complete_draft(draft_application(call))
    reviewed = fingerprint(draft)
    extend(call, WEEK_LATER, by=official(), at=WORKDAY)
    stale = Application.objects.get(pk=draft.pk)
    rectify(fresh(call), more_places, by=official(), at=WORKDAY)
    with pytest.raises(ChangedSinceReview):
        submit(stale, reviewed=reviewed, by=draft.created_by, at=WORKDAY)
    rectify(fresh(call), lambda data: data["areas"][0].update(places=20), by=official(), at=WORKDAY)
    assert submit(stale, reviewed=reviewed, by=draft.created_by, at=WORKDAY).call_version.number == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_one_amends_and_the_other_is_told():
    call, anna, enrico = load_fixture_call(), official(), official()
    found = together(
        lambda: extend(call, WEEK_LATER, by=anna, at=WORKDAY, seen=0),
        lambda: extend(Call.objects.get(pk=call.pk), WEEK_LATER, by=enrico, at=WORKDAY, seen=0),
    )
    (made,) = [result for result in found if isinstance(result, Amendment)]
    (told,) = [result for result in found if isinstance(result, Refused)]
    assert (made.number, str(told).startswith("Intanto ")) == (1, True)
    assert (Amendment.objects.count(), CallVersion.objects.count(), history(call)) == (1, 2, ["publish", "extend"])


@pytest.mark.django_db(transaction=True)
def test_a_check_and_a_reopening_exclude_each_other():
    call, office = load_fixture_call(), official()
    application = submitted_application(call)
    together(
        lambda: reopen(call, WEEK_LATER, by=office, at=CHECKED, seen=0),
        lambda: checking.start_check(Application.objects.get(pk=application.pk), by=office, at=CHECKED),
    )
    application.refresh_from_db()
    reopened = fresh(call).closes_at == WEEK_LATER
    assert reopened != (application.state == S.CHECKING)
