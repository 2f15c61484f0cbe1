"""What the database says to the pure modules: whose marks, in which lot, who is out, which draw."""

from datetime import timedelta

import pytest

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import close_evaluation
from evaluation.models import Draw, Member, MemberRole, Ranking, Sheet
from evaluation.publication import compose, who_marked
from evaluation.published import recompute
from evaluation.ranking import Out, Outcome
from evaluation.scoring import MarksError
from tests.builders import official, person
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_lots,
    call_in_pairs,
    commission,
    compare,
    computed,
    find,
    mark_all,
    marking,
    published,
    same,
    small_call,
)

pytestmark = pytest.mark.django_db


def ranked(call, degrees=((3, 3, 2), (-2, 1, 4), (1, 1, 1))):
    """Three proposals compared in pairs and evaluated."""
    proposals, members = [admitted(call) for _ in range(3)], marking(commission(call))
    for place, member in enumerate(members):
        for proposal in proposals:
            find(member, proposal, {"a1": ("1", "0.2", "0.5")[place], "b1": "0.8"})
        compare(member, proposals, degrees[place])
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    return proposals


@pytest.mark.parametrize(
    ("members", "commissioners", "order", "marks"),
    [
        ("labels", ["Presidente", "Commissario 1", "Commissario 2"], "member", ["1", "0.2", "0.5"]),
        ("names", ["Commissaria 0", "Commissaria 1", "Commissaria 2"], "member", ["1", "0.2", "0.5"]),
        ("none", [], "sorted", ["1", "0.5", "0.2"]),
    ],
)
def test_marks_are_tied_to_who_gave_them_as_the_call_lets_them(members, commissioners, order, marks):
    call = call_in_pairs(members=members)
    ranked(call)
    document = compose(call, "area-1").document
    assert (document["commissioners"], document["marks_order"], document["seats"]) == (commissioners, order, 3)
    assert [row["marks"]["a1"] for row in document["rows"]] == [marks] * 3
    assert recompute(document) == []


def test_who_fell_out_counts_in_the_comparisons_and_has_no_place():
    call = call_in_pairs()
    proposals = ranked(call)
    before = {row["application"]: row["total"] for row in compose(call, "area-1").document["rows"]}
    gone = proposals[0]
    Application.objects.filter(pk=gone.pk).update(state=ApplicationState.EXCLUDED)
    document = compose(call, "area-1", out={gone.number: Out(Outcome.EXCLUDED, "Dichiarazione falsa.")}).document
    assert {row["application"]: row["total"] for row in document["rows"]} == before
    assert [(row["application"], row["position"]) for row in document["rows"] if row["outcome"] == "excluded"] == [
        (gone.number, None)
    ]
    assert document["out"] == [{"application": gone.number, "outcome": "excluded", "reason": "Dichiarazione falsa."}]
    assert recompute(document) == []


def test_who_fell_out_and_does_not_count_leaves_too_few_to_compare_and_nothing_is_guessed():
    call = call_in_pairs()
    proposals = ranked(call)
    Application.objects.filter(pk=proposals[0].pk).update(state=ApplicationState.EXCLUDED)
    with pytest.raises(MarksError, match="criterion c1: 0 marks of 3"):
        compose(call, "area-1")


def test_a_pair_with_who_does_not_count_is_left_out_of_every_table():
    call = call_in_pairs()
    proposals, members = [admitted(call) for _ in range(4)], marking(commission(call))
    for member in members:
        for proposal in proposals:
            find(member, proposal, {"a1": "0.8", "b1": "0.8"})
        compare(member, proposals, [2, 3, 4, 5, 6, 2])
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    Application.objects.filter(pk=proposals[3].pk).update(state=ApplicationState.RENOUNCED)
    document = compose(call, "area-1").document
    first, second, third = (proposal.number for proposal in proposals[:3])
    assert document["pairs"]["c1"] == [[[first, second, "2"], [first, third, "3"], [second, third, "5"]]] * 3
    assert recompute(document) == []


def test_places_that_are_not_given_again_stay_free():
    call = small_call()
    mark_all(commission(call), {admitted(call): same(["buono"] * 3), admitted(call): same(["ottimo"] * 3)})
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    document = compose(call, "area-1", vacated={"": 1}).document
    assert (document["places"], document["vacated"]) == (2, 1)
    assert [row["outcome"] for row in document["rows"]] == ["selected", "waiting"]


def in_zone(call, zone):
    return admitted(call, answers={"proposta": {"titolo": zone, "zona": zone, "bisogni": "B", "azioni": "A", "squadra": "S"}})


def test_each_proposal_is_ranked_in_the_lot_that_its_answer_names():
    call = call_in_lots()
    north, also_north, south = in_zone(call, "nord"), in_zone(call, "nord"), in_zone(call, "sud")
    levels = {north: same(["buono"] * 3), also_north: same(["ottimo"] * 3), south: same(["sufficiente"] * 3)}
    mark_all(commission(call), levels)
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    document = compose(call, "area-1", vacated={"sud": 2}).document
    assert [(row["lot"], row["application"], row["position"], row["outcome"]) for row in document["rows"]] == [
        ("nord", also_north.number, 1, "selected"),
        ("nord", north.number, 2, "waiting"),
        ("sud", south.number, 1, "waiting"),
    ]
    assert [(lot["code"], lot["title"], lot["places"], lot["vacated"]) for lot in document["lots"]] == [
        ("nord", "Nord", 1, 0),
        ("sud", "Sud", 2, 2),
    ]
    assert recompute(document) == []


def test_a_proposal_without_a_lot_is_not_ranked():
    call = call_in_lots()
    lost = in_zone(call, None)
    mark_all(commission(call), {lost: same(["buono"] * 3)})
    close_evaluation(call, "area-1", by=official(), at=RANKED_AT)
    with pytest.raises(MarksError) as error:
        compose(call, "area-1")
    assert str(error.value) == f"application {lost.number}, criterion zona: the answer names no lot of the area"


def test_a_draw_that_was_made_gives_its_order():
    call = small_call(places=1)
    one, two = admitted(call), admitted(call)
    mark_all(commission(call), {one: same(["buono"] * 3), two: same(["buono"] * 3)})
    ranking = computed(call)
    draw = Draw.objects.create(
        ranking=ranking,
        number=1,
        state="drawn",
        commitment="{}",
        sha256="a" * 64,
        source="Lotto di sabato",
        committed_at=MARKED_AT,
        value_at=MARKED_AT + timedelta(hours=1),
        value="1 2 3",
        drawn_at=RANKED_AT,
        order=[two.number, one.number],
    )
    document = compose(call, "area-1", draws=[draw]).document
    assert document["draws"] == [
        {"order": [two.number, one.number], "sha256": "a" * 64, "source": "Lotto di sabato", "value": "1 2 3"}
    ]
    assert [row["application"] for row in document["rows"]] == [two.number, one.number]


def test_a_ranking_that_is_published_can_be_composed_again():
    call = small_call()
    mark_all(commission(call), {admitted(call): same([level] * 3) for level in ("buono", "ottimo", "sufficiente", "scarso")})
    ranking = published(call)
    assert set(Application.objects.values_list("state", flat=True)) == {"selected", "waiting", "below_threshold"}
    kept = Ranking.objects.get(pk=ranking.pk).document
    assert compose(call, "area-1").document["rows"] == kept["rows"]


def test_marks_stay_with_who_left_after_the_final_ranking():
    call = small_call()
    made = commission(call)
    mark_all(made, {admitted(call): same(["buono"] * 3)})
    published(call)
    chair = made.members.get(role=MemberRole.CHAIR)
    Member.objects.filter(pk=chair.pk).update(left_at=RANKED_AT)
    joined = Member.objects.create(commission=made, user=person(), role=MemberRole.CHAIR, order=9, replaces=chair)
    others = list(made.members.filter(role=MemberRole.MEMBER))
    assert who_marked(call, "area-1") == [chair, *others]
    assert who_marked(call, "area-2") == [*others, joined]
    assert recompute(compose(call, "area-1").document) == []


def test_a_sheet_of_who_left_before_counts_for_nothing():
    call = small_call()
    made = commission(call)
    proposal = admitted(call)
    mark_all(made, {proposal: same(["buono"] * 3)})
    chair = made.members.get(role=MemberRole.CHAIR)
    Member.objects.filter(pk=chair.pk).update(left_at=RANKED_AT)
    Sheet.objects.filter(member=chair).update(state="void")
    Application.objects.update(state=ApplicationState.EVALUATED)
    document = compose(call, "area-1").document
    assert (document["seats"], document["rows"][0]["marks"]["a1"]) == (2, ["0.8", "0.8"])
