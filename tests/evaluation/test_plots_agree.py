"""Positions of the agreement of the members."""

from fractions import Fraction

import pytest

from evaluation.plots.agree import LEFT, RIGHT, agreement


def of(*rows):
    return [[None if total is None else Fraction(total) for total in row] for row in rows]


def test_a_dot_is_how_far_a_member_is_from_the_mean_of_all():
    drawn = agreement(["Anna", "Bruno"], of([60, 50], [80, 74]))
    anna, bruno = drawn.rows
    assert (anna.shift, anna.lowest, anna.highest) == (4, 3, 5)
    assert (bruno.shift, bruno.lowest, bruno.highest) == (-4, -5, -3)
    assert (anna.dots, bruno.dots) == (("700.0", "606.0"), ("230.0", "324.0"))
    assert (drawn.softest.name, drawn.hardest.name) == ("Anna", "Bruno")


def test_the_bar_goes_from_the_middle_to_the_mean_of_the_dots():
    drawn = agreement(["Anna", "Bruno"], of([60, 50], [80, 74]))
    assert drawn.middle == "465.0"
    assert [(row.bar_from, row.bar_width) for row in drawn.rows] == [("465.0", "188.0"), ("277.0", "188.0")]


@pytest.mark.parametrize(
    ("totals", "values"),
    [
        (of([60, 60]), [-1, 0, 1]),
        (of([61, 60]), [-1, 0, 1]),
        (of([63, 60]), [-2, -1, 0, 1, 2]),
        (of([70, 60]), [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]),
        (of([72, 60]), [-6, -4, -2, 0, 2, 4, 6]),
        (of([100, 0]), [-50, -40, -30, -20, -10, 0, 10, 20, 30, 40, 50]),
    ],
)
def test_the_axis_is_as_wide_on_both_sides(totals, values):
    drawn = agreement(["Anna", "Bruno"], totals)
    assert [tick.value for tick in drawn.ticks] == values
    assert (drawn.ticks[0].x, drawn.ticks[-1].x) == (f"{LEFT}.0", f"{RIGHT}.0")


def test_who_did_not_mark_a_proposal_has_no_dot_for_it():
    drawn = agreement(["Anna", "Bruno", "Carla"], of([60, None, 50], [70, 60, 80]))
    assert [len(row.dots) for row in drawn.rows] == [2, 1, 2]


def test_a_proposal_of_one_member_alone_says_nothing():
    assert agreement(["Anna", "Bruno"], of([60, None], [None, 70])) is None


@pytest.mark.parametrize(("members", "totals"), [([], []), (["Anna"], of([60])), (["Anna", "Bruno"], [])])
def test_with_nobody_to_compare_there_is_no_drawing(members, totals):
    assert agreement(members, totals) is None


def test_equal_members_have_neither_a_hard_nor_a_soft_one():
    drawn = agreement(["Anna", "Bruno"], of([60, 60], [70, 70]))
    assert (drawn.hardest, drawn.softest) == (None, None)
