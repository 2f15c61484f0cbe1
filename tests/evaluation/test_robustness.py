"""What would change if something small had been otherwise, on a ranking small enough to be done by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bando.notice.grid import Rescaling
from evaluation import robustness
from evaluation.robustness import Margin, Moved, Shift, Weighed, Without, report
from tests.evaluation.grids import make_grid, ten_thousandths
from tests.evaluation.test_published import publish

GRID = make_grid(
    {"1": {"A": "60"}, "2": {"B": "40"}},
    levels={"ottimo": "1", "buono": "0.8", "scarso": "0.5"},
    threshold="60",
    chain=[("draw", "")],
)
"""A level of A is 4 points of the mean (6 from buono to scarso), one of B 8/3 (4)."""

MARKS = {
    "P-1": ten_thousandths({"A": ["1", "0.8", "0.8"], "B": ["0.8", "0.8", "0.8"]}),  # 52 + 32 = 84
    "P-2": ten_thousandths({"A": ["0.8", "0.8", "0.8"], "B": ["1", "0.8", "0.8"]}),  # 48 + 104/3 = 82.67
    "P-3": ten_thousandths({"A": ["0.5", "0.5", "0.5"], "B": ["0.5", "0.5", "0.5"]}),  # 50, below
}


def of(marks=MARKS, *, grid=GRID, places=1, **options):
    return report(publish(grid, marks, places=places, **options))


def test_one_member_less():
    """Without the first, both have 80 and nobody is selected; the other two change nothing."""
    assert of().without == (
        Without(
            "Commissario 1",
            (Shift("P-1", "selected", 1, "tie_pending", 1), Shift("P-2", "waiting", 2, "tie_pending", 1)),
        ),
        Without("Commissario 2", ()),
        Without("Commissario 3", ()),
    )


def test_one_mark_a_level_higher_or_lower():
    """Four thirds of a point lie between the first two: whatever takes from the first, or gives to the second, turns them."""
    found = of()
    assert found.tried == 28
    assert [(move.application, move.criterion, move.member, move.mark, move.to) for move in found.moved] == [
        ("P-1", "A", "Commissario 1", "1", "0.8"),
        ("P-1", "A", "Commissario 2", "0.8", "0.5"),
        ("P-1", "A", "Commissario 3", "0.8", "0.5"),
        ("P-1", "B", "Commissario 1", "0.8", "0.5"),
        ("P-1", "B", "Commissario 2", "0.8", "0.5"),
        ("P-1", "B", "Commissario 3", "0.8", "0.5"),
        ("P-2", "A", "Commissario 1", "0.8", "1"),
        ("P-2", "A", "Commissario 2", "0.8", "1"),
        ("P-2", "A", "Commissario 3", "0.8", "1"),
        ("P-2", "B", "Commissario 2", "0.8", "1"),
        ("P-2", "B", "Commissario 3", "0.8", "1"),
    ]
    turned = (Shift("P-2", "waiting", 2, "selected", 1), Shift("P-1", "selected", 1, "waiting", 2))
    assert all(move.shifts == turned for move in found.moved)
    assert found.movable == ("P-1", "P-2")


def test_one_weight_a_tenth_more_or_less():
    tenth = Fraction(1, 10)
    assert of().weighed == (
        Weighed("A", -tenth, ()),
        Weighed("A", tenth, ()),
        Weighed("B", -tenth, ()),
        Weighed("B", tenth, ()),
    )


def test_two_equal_proposals_are_turned_by_any_weight():
    """32 + 76/3 and 76/3 + 32: whichever criterion weighs more decides."""
    grid = make_grid({"1": {"A": "40"}, "2": {"B": "40"}}, levels={"a": "0.8", "b": "0.7", "c": "0.6"}, chain=[("draw", "")])
    marks = {
        "P-1": ten_thousandths({"A": ["0.8", "0.8", "0.8"], "B": ["0.6", "0.6", "0.7"]}),
        "P-2": ten_thousandths({"A": ["0.6", "0.6", "0.7"], "B": ["0.8", "0.8", "0.8"]}),
    }
    first, second = (
        (Shift("P-1", "tie_pending", 1, "selected", 1), Shift("P-2", "tie_pending", 1, "waiting", 2)),
        (
            Shift("P-2", "tie_pending", 1, "selected", 1),
            Shift("P-1", "tie_pending", 1, "waiting", 2),
        ),
    )
    tenth = Fraction(1, 10)
    assert of(marks, grid=grid).weighed == (
        Weighed("A", -tenth, second),
        Weighed("A", tenth, first),
        Weighed("B", -tenth, first),
        Weighed("B", tenth, second),
    )


@pytest.mark.parametrize("rescaling", [(), (Rescaling.TOTAL,)])
def test_a_weight_is_moved_before_anything_is_rescaled(rescaling):
    """32 + 25 against 25 + 31.4: a tenth of the seven points between them on A is more than the 0.6 between the totals, however
    far the totals are stretched afterwards."""
    grid = make_grid(
        {"1": {"A": "40"}, "2": {"B": "40"}}, levels={"a": "0.8", "b": "0.785", "c": "0.625"}, chain=[("draw", "")]
    )
    marks = {
        "P-1": ten_thousandths({"A": ["0.8"], "B": ["0.625"]}),
        "P-2": ten_thousandths({"A": ["0.625"], "B": ["0.785"]}),
    }
    turned = (Shift("P-2", "waiting", 2, "selected", 1), Shift("P-1", "selected", 1, "waiting", 2))
    found = of(marks, grid=replace(grid, rescaling=rescaling)).weighed
    assert [weighed.shifts for weighed in found] == [turned, (), (), turned]


def test_the_nearest_threshold_counts_wherever_it_stands():
    """84 points are 24 above the total's, 32 of B are 2 above its own."""
    grid = make_grid(
        {"1": {"A": "60"}, "2": {"B": "40"}},
        levels={"ottimo": "1", "buono": "0.8", "scarso": "0.5"},
        threshold="60",
        thresholds={"B": "30"},
        chain=[("draw", "")],
    )
    assert [margin.threshold for margin in of(grid=grid).margins] == [Fraction(2), Fraction(14, 3)]


def test_the_margin_of_each_place():
    third = Fraction(4, 3)
    assert of().margins == (
        Margin("P-1", above=None, below=third, border=third, threshold=Fraction(24)),
        Margin("P-2", above=third, below=None, border=third, threshold=Fraction(68, 3)),
    )


def test_where_everybody_has_a_place_there_is_no_border_to_cross():
    assert [margin.border for margin in of(places=5).margins] == [None, None]


def test_a_ranking_far_from_every_edge_is_firm():
    far = {
        "P-1": ten_thousandths({"A": ["1", "1", "1"], "B": ["1", "1", "1"]}),
        "P-2": ten_thousandths({"A": ["0.8", "0.8", "0.8"], "B": ["0.8", "0.8", "0.8"]}),
    }
    assert (of(far).is_firm, of().is_firm) == (True, False)


def test_where_nobody_can_say_whose_a_mark_is_no_member_is_left_out_and_marks_still_move():
    hidden = of(hidden=True)
    assert (hidden.without, len(hidden.moved), {move.member for move in hidden.moved}) == ((), 11, {""})


def test_a_proposal_that_only_one_member_marked_can_not_lose_that_one():
    alone = {**MARKS, "P-3": ten_thousandths({"A": ["0.8", None, None], "B": ["0.8", None, None]})}
    assert [without.shifts is None for without in of(alone).without] == [True, False, False]


def test_too_many_single_marks_are_left_out_and_not_counted(monkeypatch):
    monkeypatch.setattr(robustness, "MOST_RANKED", 28 * 3 - 1)
    assert (of().moved, of().tried) == ((), 0)
    monkeypatch.setattr(robustness, "MOST_RANKED", 28 * 3)
    assert of().tried == 28


def test_with_rescaling_a_mark_of_one_decides_between_two_others():
    """60 + 20 and 48 + 32 are equal while the third has the best B (1); with 0.8 they become 60 + 25 and 48 + 40."""
    grid = replace(GRID, threshold=None, rescaling=(Rescaling.CRITERION,))
    marks = {
        "P-1": ten_thousandths({"A": ["1"], "B": ["0.5"]}),
        "P-2": ten_thousandths({"A": ["0.8"], "B": ["0.8"]}),
        "P-3": ten_thousandths({"A": ["0.5"], "B": ["1"]}),
    }
    shifts = (Shift("P-2", "tie_pending", 1, "selected", 1), Shift("P-1", "tie_pending", 1, "waiting", 2))
    assert Moved("P-3", "B", "Commissario 1", "1", "0.8", shifts) in of(marks, grid=grid).moved


@pytest.mark.parametrize("order", [["P-1", "P-2", "P-3"], ["P-3", "P-2", "P-1"]])
def test_the_order_of_the_proposals_says_nothing(order):
    assert of({name: MARKS[name] for name in order}) == of()
