"""Bars of the stages."""

import pytest

from evaluation.plots.funnel import WIDTH, Stage, funnel


def of(**counts):
    return funnel([Stage(code, count) for code, count in counts.items()])


def test_a_bar_is_as_long_as_its_part_of_the_longest():
    drawn = of(begun=8, sent=4, admitted=0)
    assert [bar.width for bar in drawn.bars] == [f"{WIDTH - 2}.0", "157.0", "0.0"]
    assert [bar.lost for bar in drawn.bars] == [0, 4, 4]


def test_the_steepest_is_the_stage_before_which_most_were_lost():
    assert of(begun=9, sent=8, admitted=5, ranked=4).steepest.code == "admitted"


@pytest.mark.parametrize("counts", [{}, {"begun": 3, "sent": 3}, {"begun": 0, "sent": 0}])
def test_where_nobody_is_lost_no_stage_is_steep(counts):
    assert of(**counts).steepest is None


def test_it_fits_the_narrowest_page():
    assert of(begun=10_000, sent=10_000).width <= 320
