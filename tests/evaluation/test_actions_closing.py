"""When an area can be closed: on sheets, on tables of pairs, and whoever moves at the same moment."""

import pytest

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import close_evaluation, declare, reopen_comparison
from evaluation.models import Comparison, MemberRole, Sheet
from evaluation.states import SheetState
from tests.builders import body, official
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_pairs,
    commission,
    compare,
    find,
    mark_all,
    marking,
    same,
    small_call,
)
from tests.together import together
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
TWO = {"a1": "0.8", "b1": "0.8"}


def refusal(call, by=None):
    with pytest.raises(Refused) as refused:
        close_evaluation(call, "area-1", by=by or official(), at=RANKED_AT)
    return refused.value.reasons


def marked(call, number=3):
    """Proposals of which everybody has concluded the sheet, and who they are."""
    proposals, members = [admitted(call) for _ in range(number)], marking(commission(call))
    for member in members:
        for proposal in proposals:
            find(member, proposal, TWO)
    return proposals, members


def test_the_tables_of_all_who_compare_are_waited_for():
    call = call_in_pairs()
    proposals, members = marked(call)
    compare(members[0], proposals, [3, 3, 3])
    assert refusal(call) == [f"Deve ancora concludere i suoi confronti: {members[1].user}, {members[2].user}."]
    for member in members[1:]:
        compare(member, proposals, [2, 1, -2])
    reopen_comparison(Comparison.objects.get(member=members[2]), by=members[2].user, at=MARKED_AT, reason="Rileggo.")
    assert refusal(call) == [f"Deve ancora concludere i suoi confronti: {members[2].user}."]
    compare(members[2], proposals, [])
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.EVALUATED}


def test_when_everybody_has_a_conflict_with_somebody_nobody_can_compare():
    call = call_in_pairs()
    proposals, members = [admitted(call) for _ in range(3)], marking(commission(call))
    for member, own in zip(members, proposals, strict=True):
        for proposal in proposals:
            if proposal == own:
                declare(member, proposal, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
            else:
                find(member, proposal, TWO)
    assert refusal(call) == [
        "Nessun componente può confrontare le proposte: tutti hanno un conflitto con un ente dell'area. "
        "L'ufficio deve cambiare la commissione."
    ]


def test_a_table_that_lacks_a_proposal_of_today_is_not_concluded():
    call = call_in_pairs()
    proposals, members = marked(call)
    for member in members:
        compare(member, proposals, [3, 3, 3])
    late = admitted(call)
    for member in members:
        find(member, late, TWO)
    names = ", ".join(str(member.user) for member in members)
    assert refusal(call) == [f"Deve ancora concludere i suoi confronti: {names}."]


def test_proposals_that_have_become_too_few_to_compare_want_a_coefficient():
    call = call_in_pairs()
    proposals, members = marked(call)
    Application.objects.filter(pk=proposals[0].pk).update(state=ApplicationState.EXCLUDED)
    names = ", ".join(str(member.user) for member in members)
    assert refusal(call) == [
        f"Le proposte sono ora troppo poche per confrontarle. Riapre le sue schede e dà un coefficiente: {names}."
    ]


@pytest.mark.parametrize("where", ["the lead", "another body of the group"])
def test_who_has_joined_an_applicant_since_declaring_is_named(where):
    call = small_call()
    proposal, made = admitted(call), commission(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    joined = marking(made)[1]
    organisation = proposal.organisation
    if where != "the lead":
        organisation = body("Ente compagno")
        proposal.participants.create(
            call=call, area_code="area-1", organisation=organisation, name="Ente compagno", invited_at=MARKED_AT, counts=True
        )
    organisation.memberships.create(user=joined.user, role="member")
    assert refusal(call) == [
        f"Dopo la dichiarazione è entrato in un ente che partecipa, e deve dichiarare il conflitto: {joined.user}."
    ]
    declare(joined, proposal, in_conflict=True, note="Ci lavoro da ieri.", at=RANKED_AT)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)


def test_a_chair_who_left_closes_nothing():
    call = small_call()
    made = commission(call)
    mark_all(made, {admitted(call): same(["buono"] * 3)})
    chair = made.members.get(role=MemberRole.CHAIR)
    made.members.filter(pk=chair.pk).update(left_at=MARKED_AT)
    assert refusal(call, by=chair.user) == ["Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio."]


@pytest.mark.django_db(transaction=True)
def test_a_conflict_declared_while_the_area_is_closed_is_there_before_or_refused():
    call = call_in_pairs()
    proposals, members = marked(call)
    for member in members:
        compare(member, proposals, [3, 3, 3])
    by, said = official(), {"in_conflict": True, "note": "Ne sono socia.", "at": RANKED_AT}
    closed, declared = together(
        lambda: close_evaluation(call, "area-1", by=by, at=RANKED_AT), lambda: declare(members[0], proposals[0], **said)
    )
    table = Comparison.objects.get(member=members[0])
    sheet = Sheet.objects.get(member=members[0], application=proposals[0])
    if isinstance(declared, Refused):
        assert declared.reasons == ["La valutazione di quest'area è chiusa: le dichiarazioni non cambiano più."]
        assert (table.state, sheet.state) == (SheetState.FINAL, SheetState.FINAL)
    else:
        assert (table.state, sheet.state) == (SheetState.VOID, SheetState.VOID)
    assert not isinstance(closed, Refused)
    assert set(Application.objects.values_list("state", flat=True)) == {ApplicationState.EVALUATED}


@pytest.mark.django_db(transaction=True)
def test_a_table_reopened_while_the_area_is_closed_is_closed_or_keeps_it_open():
    call = call_in_pairs()
    proposals, members = marked(call)
    for member in members:
        compare(member, proposals, [3, 3, 3])
    table, by = Comparison.objects.select_related("member__user").get(member=members[0]), official()
    closed, reopened = together(
        lambda: close_evaluation(call, "area-1", by=by, at=RANKED_AT),
        lambda: reopen_comparison(table, by=table.member.user, at=RANKED_AT, reason="Rileggo."),
    )
    states = set(Application.objects.values_list("state", flat=True))
    if isinstance(closed, Refused):
        assert closed.reasons == [f"Deve ancora concludere i suoi confronti: {members[0].user}."]
        assert (states, isinstance(reopened, Refused)) == ({ApplicationState.ADMITTED}, False)
    else:
        assert reopened.reasons == ["La valutazione di quest'area è chiusa: i confronti non cambiano più."]
        assert states == {ApplicationState.EVALUATED}
