"""A member leaves the commission and another takes the seat."""

from datetime import date

import pytest

from applications.models import Participant
from applications.states import ApplicationState
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    declare,
    reopen_evaluation,
    replace_member,
)
from evaluation.models import Comparison, Mark, Member, MemberRole, Sheet
from evaluation.states import SheetState
from tests.builders import body, official, person
from tests.builders_amending import revoke
from tests.builders_evaluation import (
    APPOINTED_AT,
    MARKED_AT,
    RANKED_AT,
    admitted,
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
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

ACT = {"reason": "Ha rinunciato.", "act_number": "130/2021", "act_date": date(2021, 11, 3)}


@pytest.fixture
def call():
    return small_call()


def with_substitutes(call):
    """Three who mark, a secretary, and two substitutes: the chair, the substitutes and the commission."""
    roles = [MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER, MemberRole.SECRETARY, *[MemberRole.SUBSTITUTE] * 2]
    return appoint_commission(
        call,
        members=[(person(), role) for role in roles],
        act_number="120/2021",
        act_date=date(2021, 10, 20),
        by=official(),
        at=APPOINTED_AT,
    )


def replace(leaving, joining, **changed):
    return replace_member(leaving, joining, **(ACT | {"by": official(), "at": MARKED_AT} | changed))


def test_a_substitute_counts_for_nothing_and_reads_nothing_until_called(call):
    made, proposal = with_substitutes(call), admitted(call)
    substitute = made.members.filter(role=MemberRole.SUBSTITUTE).first()
    assert len(marking(made)) == 3
    assert not type(made).objects.visible_to(substitute.user).exists()
    seat = replace(marking(made)[1], substitute.user)
    assert (seat.pk, seat.role, seat.replaces) == (substitute.pk, MemberRole.MEMBER, made.members.get(order=2))
    assert type(made).objects.visible_to(substitute.user).get() == made
    declare(seat, proposal, in_conflict=False, at=MARKED_AT)
    assert Sheet.objects.visible_to(substitute.user).count() == 1


def test_the_marks_of_who_leaves_are_void_with_a_reason_and_stay_in_the_history(call):
    proposal, made = admitted(call), commission(call)
    leaving, newcomer = marking(made)[0], person(name="Nuova Presidente")
    finished = mark(leaving, proposal, ["buono"] * 3)
    table = Comparison.objects.create(member=leaving, area_code="area-1", criterion="a1")
    seat = replace(leaving, newcomer)
    finished.refresh_from_db()
    table.refresh_from_db()
    assert (finished.state, table.state) == (SheetState.VOID, SheetState.VOID)
    assert [step.reason for step in (finished.steps.last(), table.steps.last())] == ["Ha rinunciato."] * 2
    assert history(finished)[-1] == "void_by_replacement"
    assert Mark.objects.filter(sheet=finished).count() == 3
    assert [member.user for member in marking(made)][-1] == newcomer
    assert (seat.role, call.steps.last().facts["joins"]["name"]) == (MemberRole.CHAIR, "Nuova Presidente")
    assert not Sheet.objects.visible_to(leaving.user).exists()
    assert not type(made).objects.visible_to(leaving.user).exists()


def test_an_area_closed_without_a_final_ranking_is_marked_again_and_a_published_one_is_not(call):
    first, second = admitted(call, "area-1"), admitted(call, "area-2")
    made = commission(call)
    mark_all(made, {first: same(["buono"] * 3), second: same(["buono"] * 3)})
    # The ranking of the other area is still to come, so that the call goes on.
    published(call, "area-1")
    computed(call, "area-2")
    replace(marking(made)[0], person(), at=RANKED_AT)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (ApplicationState.SELECTED, ApplicationState.ADMITTED)
    left = Member.objects.exclude(left_at=None).get()
    states = dict(Sheet.objects.filter(member=left).values_list("application", "state"))
    assert states == {first.pk: SheetState.FINAL, second.pk: SheetState.VOID}
    with pytest.raises(Refused, match="Manca la dichiarazione sui conflitti di"):
        close_evaluation(call, "area-2", by=official(), at=RANKED_AT)


def test_the_sheet_of_the_whole_commission_opens_again(call):
    proposal, made = admitted(call), commission(call)
    together = Sheet.objects.create(application=proposal, state=SheetState.FINAL)
    replace(marking(made)[1], person())
    together.refresh_from_db()
    assert (together.state, history(together)) == (SheetState.OPEN, ["reopen_by_replacement"])


def test_a_secretary_leaves_and_no_sheet_is_touched(call):
    proposal, made = admitted(call), with_substitutes(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    replace(made.members.get(role=MemberRole.SECRETARY), person())
    assert set(Sheet.objects.values_list("state", flat=True)) == {SheetState.FINAL}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("member", "Commissaria 1 fa già parte della commissione. Scegli un'altra persona."),
        ("left", "Commissaria 2 ha già lasciato questa commissione e non può tornarci. Scegli un'altra persona."),
    ],
)
def test_who_sits_already_or_has_left_takes_no_seat(call, who, sentence):
    made = commission(call)
    chair, plain, last = marking(made)
    replace(last, person())
    with pytest.raises(Refused) as refused:
        replace(chair, {"member": plain, "left": last}[who].user)
    assert sentence in refused.value.reasons


def test_who_has_left_is_not_replaced_twice(call):
    leaving = marking(commission(call))[0]
    replace(leaving, person())
    with pytest.raises(Refused) as refused:
        replace(leaving, person())
    assert refused.value.reasons == ["Commissaria 0 non fa più parte della commissione."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Scrivi il motivo: resta nella storia dell'atto."),
        ({"act_number": ""}, "Scrivi il numero dell'atto."),
        ({"act_date": date(2021, 10, 19)}, "L'atto ha una data prima della nomina della commissione. Controlla la data."),
        ({"by": None}, "Lo può fare solo chi lavora nell'ufficio."),
    ],
)
def test_a_replacement_is_an_act_of_the_office(call, changed, sentence):
    made = commission(call)
    with pytest.raises(Refused) as refused:
        replace(marking(made)[0], person(), **changed)
    assert refused.value.reasons == [sentence]
    assert not Member.objects.exclude(left_at=None).exists()


def test_a_warning_on_who_joins_wants_its_decision(call):
    applicant, made = admitted(call, name="Coop Alfa").created_by, commission(call)
    with pytest.raises(Refused, match="Per ogni avvertenza scrivi perché"):
        replace(marking(made)[1], applicant)
    warning = f"{applicant} lavora per Coop Alfa, che ha fatto domanda."
    replace(marking(made)[1], applicant, decisions={warning: "Si asterrà."})
    assert call.steps.last().facts["warnings"] == [{"warning": warning, "decision": "Si asterrà."}]


# Reopening


def test_the_office_reopens_an_area_with_a_reason_and_the_sheets_stay(call):
    proposal = admitted(call, "area-1")
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    with pytest.raises(Refused, match="Scrivi il motivo"):
        reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="")
    reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="Un errore materiale.")
    proposal.refresh_from_db()
    assert (proposal.state, history(proposal)) == (ApplicationState.ADMITTED, ["evaluate", "reopen_evaluation"])
    assert set(Sheet.objects.values_list("state", flat=True)) == {SheetState.FINAL}
    with pytest.raises(Refused, match="In quest'area non c'è una valutazione chiusa da riaprire"):
        reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="Ancora.")


def test_what_a_final_ranking_says_is_not_marked_again(call):
    tied = [admitted(call, "area-1") for _ in range(3)]
    admitted(call, "area-2")
    mark_all(commission(call), {proposal: same(["buono"] * 3) for proposal in tied})
    published(call, "area-1")
    for proposal in tied:  # a tie across the last place: they stay in the ranking
        proposal.refresh_from_db()
    assert {proposal.state for proposal in tied} == {ApplicationState.RANKED}
    with pytest.raises(Refused) as refused:
        reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="Un errore.")
    assert refused.value.reasons == ["La graduatoria definitiva di quest'area è pubblicata: la valutazione non si riapre."]


# Declarations


def test_a_body_of_a_group_counts_like_its_lead(call):
    proposal, member = admitted(call, name="Capofila"), marking(commission(call))[0]
    partner = body("Partner Onlus", by=member.user)
    joined = Participant.objects.create(
        application=proposal, call=call, area_code="area-1", organisation=partner, invited_at=APPOINTED_AT, counts=False
    )
    declare(member, proposal, in_conflict=False, at=MARKED_AT)
    joined.counts = True
    joined.save()
    with pytest.raises(Refused) as refused:
        declare(member, proposal, in_conflict=False, note="Di nuovo.", at=MARKED_AT)
    assert refused.value.reasons == ["Nei nostri dati lavori per Partner Onlus: per questo ente dichiara il conflitto."]
    declare(member, proposal, in_conflict=True, at=MARKED_AT)
    assert Sheet.objects.get(member=member).state == SheetState.VOID


def test_who_joins_a_body_after_declaring_is_told_and_the_area_is_not_closed(call, client):
    proposal, made = admitted(call, name="Coop Alfa"), commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    late = marking(made)[1]
    proposal.organisation.memberships.create(user=late.user)
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    assert len(refused.value.reasons) == 1
    assert "Commissaria 1" in refused.value.reasons[0]
    client.force_login(late.user)
    assert client.get("/valutazioni/").context["works"][0].to_declare == 1
    assert len(client.get(f"/valutazioni/avvisi/{call.slug}/dichiarazioni/").context["form"].applications) == 1
    declare(late, proposal, in_conflict=True, at=RANKED_AT)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)


def test_nobody_declares_in_a_revoked_call(call):
    proposal, member = admitted(call), marking(commission(call))[0]
    sheet = sheet_of(member, proposal)
    revoke(call, by=official(), at=MARKED_AT, reason="Mancano i fondi.")
    with pytest.raises(Refused) as refused:
        declare(member, proposal, in_conflict=True, at=RANKED_AT)
    assert refused.value.reasons == ["L'avviso è «Revocato»: la valutazione è ferma."]
    sheet.refresh_from_db()
    assert sheet.state == SheetState.OPEN
