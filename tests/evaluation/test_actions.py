"""The acts of the evaluation: what each does, what it refuses and with which words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications.models import Application
from applications.states import ApplicationState
from bando.states import CallState
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    compute_ranking,
    declare,
    declare_all,
    finish_sheet,
    publish_ranking,
    reopen_sheet,
    save_marks,
)
from evaluation.models import Commission, Declaration, Mark, MemberRole, Placement, Ranking, Sheet
from evaluation.publication import compose
from evaluation.published import recompute
from evaluation.states import RankingState, SheetState
from tests.builders import official, person
from tests.builders_amending import revoke
from tests.builders_evaluation import (
    APPOINTED_AT,
    DEADLINE,
    MARKED_AT,
    RANKED_AT,
    admitted,
    coefficients,
    commission,
    computed,
    mark,
    mark_all,
    marking,
    published,
    same,
    sheet_of,
    small_call,
)
from tests.history import history
from workflow.ledger import canonical, digest
from workflow.models import Duty
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return small_call()


def seats(roles):
    return [(person(), role) for role in roles]


THREE = [MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER]
APPOINTMENT = {"act_number": "120/2021", "act_date": date(2021, 10, 20)}


# Appointment


@pytest.mark.parametrize(
    ("at", "appointed"),
    [(DEADLINE, 0), (DEADLINE + timedelta(microseconds=1), 1)],
    ids=["at the deadline", "a microsecond after"],
)
def test_the_commission_is_appointed_only_after_the_deadline(call, at, appointed):
    act = {"act_number": "120/2021", "act_date": date(2021, 10, 18)}
    if appointed:
        appoint_commission(call, members=seats(THREE), **act, by=official(), at=at)
    else:
        with pytest.raises(Refused) as refused:
            appoint_commission(call, members=seats(THREE), **act, by=official(), at=at)
        assert refused.value.reasons == ["L'avviso non è ancora scaduto: si può fare dopo la scadenza."]
    assert Commission.objects.count() == appointed


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (THREE, None),
        ([*THREE, MemberRole.SECRETARY], None),
        ([*THREE, MemberRole.MEMBER, MemberRole.MEMBER], None),
        (THREE[:1], "Chi dà i punteggi: l'avviso chiede da 3 a 5 persone, qui sono 1."),
        ([*THREE, *THREE[1:], *THREE[1:]], "Chi dà i punteggi: l'avviso chiede da 3 a 5 persone, qui sono 7."),
        ([*THREE, MemberRole.MEMBER], "Chi dà i punteggi deve essere un numero dispari di persone: qui sono 4."),
        ([MemberRole.MEMBER] * 3, "Serve una sola persona con il ruolo di presidente: qui sono 0."),
        ([MemberRole.CHAIR] * 3, "Serve una sola persona con il ruolo di presidente: qui sono 3."),
    ],
)
def test_the_commission_is_what_the_notice_says(call, roles, reason):
    members = seats(roles)
    if reason:
        with pytest.raises(Refused) as refused:
            appoint_commission(call, members=members, **APPOINTMENT, by=official(), at=APPOINTED_AT)
        assert refused.value.reasons == [reason]
    else:
        made = appoint_commission(call, members=members, **APPOINTMENT, by=official(), at=APPOINTED_AT)
        assert [(m.user, m.role) for m in made.members.all()] == members


def test_one_person_has_one_seat(call):
    somebody = person()
    members = [(somebody, MemberRole.CHAIR), (somebody, MemberRole.MEMBER), (person(), MemberRole.MEMBER)]
    with pytest.raises(Refused, match="Una persona compare due volte"):
        appoint_commission(call, members=members, **APPOINTMENT, by=official(), at=APPOINTED_AT)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ({"act_number": " ", "act_date": date(2021, 10, 20)}, "Scrivi il numero dell'atto."),
        ({"act_number": "1", "act_date": None}, "Scrivi la data dell'atto."),
        (
            {"act_number": "1", "act_date": date(2021, 10, 26)},
            "La data dell'atto è nel futuro. Torna qui quando l'atto è firmato.",
        ),
        (
            {"act_number": "1", "act_date": date(2021, 10, 17)},
            "L'atto di nomina ha una data prima della scadenza dell'avviso. La commissione si nomina dopo la scadenza.",
        ),
    ],
)
def test_the_act_of_appointment_is_stated(call, act, reason):
    with pytest.raises(Refused) as refused:
        appoint_commission(call, members=seats(THREE), **act, by=official(), at=APPOINTED_AT)
    assert refused.value.reasons == [reason]


def test_only_the_office_appoints_and_only_once(call):
    with pytest.raises(Refused, match="Lo può fare solo chi lavora nell'ufficio"):
        appoint_commission(call, members=seats(THREE), **APPOINTMENT, by=person(), at=APPOINTED_AT)
    commission(call)
    with pytest.raises(Refused, match="è già nominata"):
        commission(call)
    assert list(history(call)) == ["publish", "appoint"]


def test_the_record_of_the_appointment_keeps_the_warnings_that_were_weighed(call):
    officer = person(name="Rita Responsabile")
    applicant = admitted(call, name="Coop Alfa").created_by
    members = [(officer, MemberRole.CHAIR), (applicant, MemberRole.MEMBER), (person(), MemberRole.MEMBER)]
    first = "Rita Responsabile è responsabile del procedimento. Spiega nell'atto perché è nella commissione."
    second = f"{applicant} lavora per Coop Alfa, che ha fatto domanda."
    undecided = {"by": official(), "at": APPOINTED_AT, "decisions": {first: "Conosce il tema.", second: " "}}
    with pytest.raises(Refused) as refused:
        appoint_commission(call, members=members, **APPOINTMENT, **undecided)
    assert refused.value.reasons == [
        "Per ogni avvertenza scrivi perché nomini lo stesso la persona. La decisione resta con l'atto."
    ]
    decisions = {first: "Conosce il tema.", second: "Si asterrà. "}
    appoint_commission(call, members=members, **APPOINTMENT, **(undecided | {"decisions": decisions}))
    assert call.steps.get(act="appoint").facts["warnings"] == [
        {"warning": first, "decision": "Conosce il tema."},
        {"warning": second, "decision": "Si asterrà."},
    ]


# Declarations


def test_a_declaration_without_conflict_opens_the_sheet_and_one_with_conflict_does_not(call):
    first, second = admitted(call), admitted(call)
    member = marking(commission(call))[0]
    declare(member, first, in_conflict=False, at=MARKED_AT)
    declare(member, second, in_conflict=True, note="Sono socia.", at=MARKED_AT)
    assert list(Sheet.objects.visible_to(member.user).values_list("application", flat=True)) == [first.pk]


@pytest.mark.parametrize("state", [ApplicationState.SUBMITTED, ApplicationState.CHECKING])
def test_nobody_declares_before_the_list_of_the_participants_is_complete(call, state):
    proposal, late = admitted(call), admitted(call, state=state)
    member = marking(commission(call))[0]
    with pytest.raises(Refused) as refused:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    assert refused.value.reasons == [
        "L'ufficio sta ancora verificando le domande di quest'area. Potrai dichiarare quando l'elenco è completo."
    ]
    Application.objects.filter(pk=late.pk).update(state=ApplicationState.NOT_ADMITTED)
    declare(member, proposal, in_conflict=False, at=MARKED_AT)
    with pytest.raises(Refused, match="Questa domanda non è ammessa"):
        declare(member, late, in_conflict=False, at=MARKED_AT)


def test_who_works_for_the_body_declares_the_conflict(call):
    proposal = admitted(call, name="Coop Alfa")
    made = commission(call)
    member = marking(made)[0]
    proposal.organisation.memberships.create(user=member.user)
    with pytest.raises(Refused) as refused:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    assert refused.value.reasons == ["Nei nostri dati lavori per Coop Alfa: per questo ente dichiara il conflitto."]
    assert declare(member, proposal, in_conflict=True, at=MARKED_AT).in_conflict is True


def test_a_conflict_found_later_voids_the_sheet_and_its_marks_count_no_more(call):
    proposal = admitted(call)
    made = commission(call)
    mark_all(made, {proposal: same(["ottimo", "ottimo", "ottimo"])})
    late = marking(made)[2]
    declare(late, proposal, in_conflict=True, note="Mio fratello ci lavora.", at=MARKED_AT)
    sheet = Sheet.objects.get(member=late, application=proposal)
    assert (sheet.state, list(history(sheet)), sheet.marks.count()) == (SheetState.VOID, ["finish", "void"], 3)
    assert not Sheet.objects.visible_to(late.user).exists()
    Mark.objects.filter(sheet=sheet).update(units=0)
    assert computed(call).document["rows"][0]["total"]["exact"] == "100"


def test_a_conflict_is_taken_back_only_with_an_explanation_and_every_declaration_stays(call):
    proposal = admitted(call)
    member = marking(commission(call))[0]
    declare(member, proposal, in_conflict=True, at=MARKED_AT)
    with pytest.raises(Refused, match="Scrivi nella nota perché non c'è più"):
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    declare(member, proposal, in_conflict=False, note="Ho sbagliato riga.", at=MARKED_AT)
    declare(member, proposal, in_conflict=False, note="Ho sbagliato riga.", at=MARKED_AT)
    assert list(Declaration.objects.values_list("in_conflict", flat=True)) == [True, False]
    assert Sheet.objects.visible_to(member.user).count() == 1


def test_many_names_are_declared_at_once_and_each_stands_by_itself(call):
    fresh, tied, opened, taken_back, silent, own, same_again = (admitted(call, name=f"Ente {n}") for n in "ABCDEFG")
    member = marking(commission(call))[0]
    own.organisation.memberships.create(user=member.user)
    for proposal in (opened, same_again):
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    for proposal in (taken_back, silent):
        declare(member, proposal, in_conflict=True, at=MARKED_AT)
    Sheet.objects.create(member=member, application=taken_back, state=SheetState.VOID)
    said = [
        (fresh, False, ""),
        (tied, True, " Ne sono socia. "),
        (opened, True, "L'ho scoperto oggi."),
        (taken_back, False, "Ho sbagliato riga."),
        (silent, False, " "),
        (own, False, ""),
        (same_again, False, ""),
    ]
    assert declare_all(member, said, at=MARKED_AT) == {
        silent.pk: ["Avevi dichiarato un conflitto. Scrivi nella nota perché non c'è più."],
        own.pk: ["Nei nostri dati lavori per Ente F: per questo ente dichiara il conflitto."],
    }
    made = Declaration.objects.order_by("pk").values_list("application", "in_conflict", "note", "at")[4:]
    assert list(made) == [(row.pk, in_conflict, note.strip(), MARKED_AT) for row, in_conflict, note in said[:4]]
    sheets = {sheet.application_id: (sheet.state, list(history(sheet))) for sheet in Sheet.objects.filter(member=member)}
    assert sheets == {
        fresh.pk: (SheetState.OPEN, []),
        opened.pk: (SheetState.VOID, ["void"]),
        taken_back.pk: (SheetState.OPEN, ["restore"]),
        same_again.pk: (SheetState.OPEN, []),
    }


def test_an_area_that_is_still_checked_holds_back_its_own_names_alone(call):
    here, there = admitted(call, "area-1"), admitted(call, "area-2")
    admitted(call, "area-1", state=ApplicationState.CHECKING)
    member = marking(commission(call))[0]
    refused = declare_all(member, [(here, False, ""), (there, False, "")], at=MARKED_AT)
    assert refused == {
        here.pk: ["L'ufficio sta ancora verificando le domande di quest'area. Potrai dichiarare quando l'elenco è completo."]
    }
    assert [row.application for row in Declaration.objects.all()] == [there]


# Marks


def test_marks_are_kept_as_whole_ten_thousandths_and_a_part_of_them_is_enough(call):
    sheet = sheet_of(marking(commission(call))[0], admitted(call))
    save_marks(sheet, {"a1": (Decimal("0.8"), " Chiaro. "), "b1": (None, "Da rileggere.")}, by=sheet.member.user, at=MARKED_AT)
    save_marks(sheet, {"c1": (Decimal("0.20"), "")}, by=sheet.member.user, at=MARKED_AT)
    assert list(sheet.marks.order_by("criterion").values_list("criterion", "units", "reason")) == [
        ("a1", 8000, "Chiaro."),
        ("b1", None, "Da rileggere."),
        ("c1", 2000, ""),
    ]
    sheet.refresh_from_db()
    assert (sheet.state, sheet.saved_at) == (SheetState.OPEN, MARKED_AT)


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        (
            {"a1": (Decimal("0.55"), "Tra due livelli.")},
            "0,55 non è un livello della scala. Scegli tra: 1 (ottimo), 0,8 (buono), 0,5 (sufficiente), 0,2 (scarso), 0 (assente).",
        ),
        ({"z9": (Decimal("0.5"), "Altro.")}, "La griglia non ha il criterio «z9»."),
    ],
)
def test_what_the_grid_does_not_have_is_refused_and_nothing_is_kept(call, marks, reason):
    sheet = sheet_of(marking(commission(call))[0], admitted(call))
    with pytest.raises(Refused) as refused:
        save_marks(sheet, {"b1": (Decimal("0.5"), "Giusto."), **marks}, by=sheet.member.user, at=MARKED_AT)
    assert refused.value.reasons == [reason]
    assert not sheet.marks.exists()


def test_a_sheet_is_concluded_with_a_level_and_a_reason_for_every_criterion(call):
    sheet = sheet_of(marking(commission(call))[0], admitted(call))
    user = sheet.member.user
    given = coefficients(["buono", "ottimo", "scarso"])
    save_marks(sheet, {"a1": given["a1"], "b1": (given["b1"][0], " "), "c1": (None, "Poche persone.")}, by=user, at=MARKED_AT)
    with pytest.raises(Refused) as refused:
        finish_sheet(sheet, by=user, at=MARKED_AT)
    assert refused.value.reasons == ["La scheda non è completa. Azioni: scrivi il motivo. Squadra: scegli un livello."]
    save_marks(sheet, given, by=user, at=MARKED_AT)
    step = finish_sheet(sheet, by=user, at=MARKED_AT)
    assert step.facts["marks"]["a1"] == {"coefficient": "0.8000", "reason": "Motivo di a1"}
    with pytest.raises(Refused, match="lo stato è «Conclusa»"):
        save_marks(sheet, given, by=user, at=MARKED_AT)


def test_nobody_writes_the_sheet_of_another(call):
    made = commission(call)
    sheet = sheet_of(marking(made)[0], admitted(call))
    for other in (marking(made)[1].user, official()):
        with pytest.raises(Refused, match="Questa scheda è di un'altra persona"):
            save_marks(sheet, coefficients(["buono"] * 3), by=other, at=MARKED_AT)
        assert not Sheet.objects.visible_to(other).exists()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([], "Prima di leggere le proposte, dichiara se hai rapporti con gli enti di questo elenco."),
        ([False, True], "Hai dichiarato un conflitto di interessi: questa proposta non è tua da valutare."),
        ([True, False], None),
    ],
)
def test_the_last_declaration_decides_whether_one_may_write(call, said, reason):
    member, proposal = marking(commission(call))[0], admitted(call)
    for in_conflict in said:
        Declaration.objects.create(member=member, application=proposal, in_conflict=in_conflict, at=MARKED_AT)
    sheet = Sheet.objects.create(member=member, application=proposal)
    if reason:
        with pytest.raises(Refused) as refused:
            save_marks(sheet, coefficients(["buono"] * 3), by=member.user, at=MARKED_AT)
        assert refused.value.reasons == [reason]
    else:
        save_marks(sheet, coefficients(["buono"] * 3), by=member.user, at=MARKED_AT)
    assert sheet.marks.count() == (0 if reason else 3)


def test_a_concluded_sheet_is_reopened_with_a_reason_until_the_evaluation_is_closed(call):
    proposal = admitted(call)
    made = commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    sheet = Sheet.objects.get(member=marking(made)[0])
    with pytest.raises(Refused, match="Scrivi il motivo"):
        reopen_sheet(sheet, by=sheet.member.user, at=MARKED_AT, reason=" ")
    reopen_sheet(sheet, by=sheet.member.user, at=MARKED_AT, reason="Ho riletto il piano.")
    finish_sheet(sheet, by=sheet.member.user, at=MARKED_AT + timedelta(hours=1))
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    with pytest.raises(Refused, match="La valutazione di quest'area è chiusa"):
        reopen_sheet(sheet, by=sheet.member.user, at=RANKED_AT, reason="Ci ripenso.")
    assert list(history(sheet)) == ["finish", "reopen", "finish"]


def test_no_sheet_is_reopened_in_a_revoked_call(call):
    proposal, made = admitted(call), commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    revoke(call, by=official(), at=MARKED_AT, reason="Mancano i fondi.")
    sheet = Sheet.objects.get(member=marking(made)[0])
    with pytest.raises(Refused) as refused:
        reopen_sheet(sheet, by=sheet.member.user, at=MARKED_AT, reason="Ci ripenso.")
    assert refused.value.reasons == ["L'avviso è «Revocato»: la valutazione è ferma."]
    assert list(history(sheet)) == ["finish"]


# Closing


def test_an_area_is_closed_when_everyone_has_concluded(call):
    proposal = admitted(call)
    made = commission(call, secretary=True)
    first, second, third = marking(made)
    mark(first, proposal, ["buono"] * 3)
    mark(second, proposal, ["buono"] * 3, finish=False)
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    assert refused.value.reasons == [f"Manca la dichiarazione sui conflitti di: {third.user}."]
    mark(third, proposal, ["buono"] * 3)
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    assert refused.value.reasons == [f"Deve ancora concludere le sue schede: {second.user}."]
    finish_sheet(Sheet.objects.get(member=second), by=second.user, at=MARKED_AT)
    close_evaluation(call, "area-1", by=made.members.get(role=MemberRole.SECRETARY).user, at=RANKED_AT)
    assert list(history(proposal)) == ["evaluate"]
    with pytest.raises(Refused, match="è già chiusa"):
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)


@pytest.mark.parametrize("who", ["member", "applicant"])
def test_a_plain_member_and_an_applicant_do_not_close_the_evaluation(call, who):
    proposal = admitted(call)
    made = commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    by = marking(made)[1].user if who == "member" else proposal.created_by
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=by, at=RANKED_AT)
    assert refused.value.reasons == ["Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio."]


def test_a_proposal_that_no_member_may_mark_keeps_the_area_open(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: [None, None, None]})
    with pytest.raises(Refused, match="nessun componente può valutare"):
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)


def test_an_area_without_admitted_proposals_has_nothing_to_close(call):
    commission(call)
    with pytest.raises(Refused, match="non ci sono proposte ammesse"):
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)


# Ranking


def test_the_ranking_follows_the_exact_means_and_its_document_can_be_computed_again(call):
    first, second, third = admitted(call), admitted(call), admitted(call)
    mark_all(
        commission(call),
        {
            first: [["buono", "buono", "sufficiente"], ["ottimo", "buono", "buono"], ["buono", "sufficiente", "buono"]],
            second: same(["ottimo", "ottimo", "buono"]),
            third: same(["scarso", "sufficiente", "scarso"]),
        },
    )
    ranking = computed(call)
    rows = [(row["application"], row["position"], row["outcome"], row["total"]) for row in ranking.document["rows"]]
    assert rows == [
        (second.number, 1, "selected", {"exact": "90", "published": "90.00"}),
        # 20 x 26/30 + 30 x 21/30 + 50 x 21/30 = 52/3 + 21 + 35
        (first.number, 2, "selected", {"exact": "220/3", "published": "73.33"}),
        (third.number, None, "below_threshold", {"exact": "29", "published": "29.00"}),
    ]
    assert ranking.document["commissioners"] == ["Presidente", "Commissario 1", "Commissario 2"]
    assert recompute(ranking.document) == []
    assert ranking.sha256 == digest(canonical(ranking.document))
    assert list(history(first)) == ["evaluate", "rank"]


def test_the_mean_of_a_proposal_is_over_the_members_that_marked_it(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: [["ottimo"] * 3, None, ["sufficiente"] * 3]})
    row = computed(call).document["rows"][0]
    assert row["marks"] == {code: ["1", None, "0.5"] for code in ("a1", "b1", "c1")}
    assert row["total"]["exact"] == "75"


def test_a_mark_changed_in_the_database_changes_the_hash(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    before = computed(call).sha256
    again = compute_ranking(call, "area-1", by=official(), at=RANKED_AT)
    assert again.sha256 == before
    Mark.objects.filter(criterion="a1", sheet__member__order=1).update(units=5000)
    after = compute_ranking(call, "area-1", by=official(), at=RANKED_AT)
    assert after.sha256 != before
    assert (recompute(after.document), list(history(after))) == ([], ["compute", "compute", "compute"])


def test_a_ranking_is_not_computed_before_the_evaluation_is_closed(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    with pytest.raises(Refused, match="Prima chiudi la valutazione"):
        compute_ranking(call, "area-1", by=official(), at=RANKED_AT)
    with pytest.raises(Refused, match="non c'è una graduatoria da fare"):
        compute_ranking(call, "area-2", by=official(), at=RANKED_AT)
    assert not Ranking.objects.exists()


def test_each_proposal_takes_its_outcome_at_publication(call):
    best, good, fair, poor = (admitted(call) for _ in range(4))
    mark_all(
        commission(call),
        {
            best: same(["ottimo"] * 3),
            good: same(["buono"] * 3),
            fair: same(["sufficiente"] * 3),
            poor: same(["scarso"] * 3),
        },
    )
    ranking = published(call)
    assert [list(history(a)) for a in (best, good, fair, poor)] == [
        ["evaluate", "rank", "select"],
        ["evaluate", "rank", "select"],
        ["evaluate", "rank", "wait"],
        ["evaluate", "rank", "fall_below"],
    ]
    assert list(
        Placement.objects.values_list("application__number", "position", "outcome", "total").order_by("application__number")
    ) == [
        (best.number, 1, "selected", "100.00"),
        (good.number, 2, "selected", "80.00"),
        (fair.number, 3, "waiting", "50.00"),
        (poor.number, None, "below_threshold", "20.00"),
    ]
    version = ranking.latest
    assert version.document["act"] == {"number": "200/2021", "date": "2021-12-01"}
    assert (version.sha256, recompute(version.document)) == (digest(version.content), [])
    assert sorted(Duty.objects.filter(subject=str(version.pk)).values_list("name", flat=True)) == [
        "evaluation.ranking_pdf",
        "evaluation.result_letters",
    ]
    call.refresh_from_db()
    assert call.state == CallState.RANKED


def test_a_tie_across_the_last_place_selects_none_of_the_tied(call):
    best, one, other = (admitted(call) for _ in range(3))
    mark_all(
        commission(call),
        {best: same(["ottimo"] * 3), one: same(["buono"] * 3), other: same(["buono"] * 3)},
    )
    ranking = published(call)
    assert [(row["application"], row["position"], row["outcome"]) for row in ranking.document["rows"]] == [
        (best.number, 1, "selected"),
        (one.number, 2, "tie_pending"),
        (other.number, 2, "tie_pending"),
    ]
    assert ranking.document["contested"] == 1
    for tied in (one, other):
        tied.refresh_from_db()
        assert (tied.state, list(history(tied))) == (ApplicationState.RANKED, ["evaluate", "rank"])


def test_fewer_proposals_than_places_leave_places_empty(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["sufficiente"] * 3)})
    document = published(call).document
    assert (document["places"], document["unfilled"], document["rows"][0]["outcome"]) == (2, 1, "selected")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"act_number": ""}, "Scrivi il numero dell'atto."),
        ({"act_date": None}, "Scrivi la data dell'atto."),
        ({"act_date": date(2021, 12, 2)}, "La data dell'atto è nel futuro. Torna qui quando l'atto è firmato."),
        (
            {"seen": "0" * 64},
            "La graduatoria è stata calcolata di nuovo dopo la tua anteprima. Guardala ancora e poi conferma.",
        ),
        ({"unfilled_reason": " "}, "Restano posti liberi: scrivi perché. Il motivo si pubblica con la graduatoria."),
    ],
)
def test_publication_wants_its_act_and_the_text_that_was_seen(call, change, reason):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    right = {
        "act_number": "200/2021",
        "act_date": date(2021, 12, 1),
        "seen": ranking.sha256,
        "unfilled_reason": "È arrivata una sola proposta.",
    }
    with pytest.raises(Refused) as refused:
        publish_ranking(ranking, **right | change, by=official(), at=RANKED_AT)
    assert refused.value.reasons == [reason]
    stored = Ranking.objects.get()
    assert (stored.state, stored.versions.count(), Placement.objects.count()) == (RankingState.COMPUTED, 0, 0)
    publish_ranking(stored, **right, by=official(), at=RANKED_AT)
    assert (stored.state, stored.versions.count(), Placement.objects.count()) == (RankingState.PUBLISHED, 1, 1)


def test_a_ranking_whose_numbers_were_touched_is_not_published(call):
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    Ranking.objects.update(content=ranking.content.replace('"published":"80.00"', '"published":"81.00"'))
    with pytest.raises(Refused, match="non tornano"):
        publish_ranking(ranking, act_number="1", act_date=date(2021, 12, 1), by=official(), at=RANKED_AT)


def test_only_the_office_computes_and_publishes(call):
    proposal = admitted(call)
    made = commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    ranking = computed(call)
    chair = marking(made)[0].user
    with pytest.raises(Refused, match="solo chi lavora nell'ufficio"):
        compute_ranking(call, "area-1", by=chair, at=RANKED_AT)
    with pytest.raises(Refused, match="solo chi lavora nell'ufficio"):
        publish_ranking(ranking, act_number="1", act_date=date(2021, 12, 1), by=chair, at=RANKED_AT)


def test_the_call_is_concluded_with_the_last_ranking_and_an_area_that_nobody_entered_is_not_waited_for(call):
    one, two = admitted(call, "area-1"), admitted(call, "area-2")
    admitted(call, "area-2", state=ApplicationState.NOT_ADMITTED)
    made = commission(call)
    mark_all(made, {one: same(["buono"] * 3), two: same(["scarso"] * 3)})
    published(call, "area-1")
    call.refresh_from_db()
    assert call.state == CallState.PUBLISHED
    published(call, "area-2")
    call.refresh_from_db()
    assert (call.state, list(history(call))) == (CallState.RANKED, ["publish", "appoint", "conclude"])


def test_an_area_still_to_check_keeps_the_call_open(call):
    one = admitted(call, "area-1")
    admitted(call, "area-2", state=ApplicationState.CHECKING)
    mark_all(commission(call), {one: same(["buono"] * 3)})
    published(call, "area-1")
    call.refresh_from_db()
    assert call.state == CallState.PUBLISHED


# Queries


@pytest.mark.parametrize("proposals", [1, 3])
def test_declaring_costs_the_same_queries_whatever_the_names(call, proposals, django_assert_num_queries):
    said = [(admitted(call), False, "") for _ in range(proposals)]
    member = marking(commission(call))[0]
    with django_assert_num_queries(12):
        declare_all(member, said, at=MARKED_AT)


def _prepared(proposals):
    call = small_call(slug=f"prova-{proposals}")
    mark_all(commission(call), {admitted(call, "area-2"): same(["buono"] * 3) for _ in range(proposals)})
    return call


@pytest.mark.parametrize("proposals", [1, 3])
def test_the_acts_cost_the_same_queries_whatever_the_proposals(proposals, django_assert_num_queries):
    call, by = _prepared(proposals), official()
    with django_assert_num_queries(21):  # savepoints included, here and below
        close_evaluation(call, "area-2", by=by, at=RANKED_AT)
    with django_assert_num_queries(4):
        compose(call, "area-2")
    with django_assert_num_queries(29):
        ranking = compute_ranking(call, "area-2", by=by, at=RANKED_AT)
    with django_assert_num_queries(48):
        publish_ranking(ranking, act_number="1", act_date=date(2021, 12, 1), by=by, at=RANKED_AT)
