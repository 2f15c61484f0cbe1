"""The forced cases come out in the program's own ranking."""

from __future__ import annotations

import pytest

from bando.notice.grid import Block, Comparison, Criterion, CriterionType, Grid, PointsLevel, TieStep, TieStepKind
from bando.notice_yaml import load_notice
from rehearsal.marks import Case, has_threshold, options, plan
from tests.builders import NOTICES

NOTICE = load_notice((NOTICES / "spazi-wemi-2021.yaml").read_text())
NUMBERS = [f"P-{n:03}" for n in range(60)]


def planned(area="area-1", numbers=NUMBERS, seed=1):
    found = NOTICE.area(area)
    return plan(NOTICE.grid_for(area), numbers, members=3, places=found.places, seed=seed)


def cases(made, case, code=""):
    return [number for number, given in made.given.items() if given.case is case and (not code or given.code == code)]


def worth(made, number, grid, indexes):
    profile = made.given[number].profiles[0]
    return sum(made.options[n][profile[n]].points for n in indexes)


@pytest.mark.parametrize("area", ["area-1", "area-2"])
def test_everything_that_the_grid_asks_is_forced(area):
    made, grid = planned(area), NOTICE.grid_for(area)
    assert made.impossible == ()
    every = range(len(grid.criteria))
    (at,), (under,) = cases(made, Case.AT_THRESHOLD, "total"), cases(made, Case.UNDER_THRESHOLD, "total")
    assert worth(made, at, grid, every) == grid.threshold > worth(made, under, grid, every)
    for step in grid.tie_chain:
        if step.kind is TieStepKind.DRAW:
            continue
        pair = cases(made, Case.LINK, f"{step.kind}:{step.code}")
        looked_at = [n for n in every if step.code in (grid.criteria[n].code, grid.criteria[n].block)]
        assert len(pair) == 2
        assert len({worth(made, number, grid, every) for number in pair}) == 1
        assert len({worth(made, number, grid, looked_at) for number in pair}) == 2


def test_two_proposals_have_the_same_marks_from_everybody():
    made = planned()
    first, second = cases(made, Case.SAME)
    assert made.given[first].profiles == made.given[second].profiles
    assert len(set(made.given[first].profiles)) == 1


def test_one_tie_falls_across_the_last_place():
    assert len(cases(planned(), Case.SAME_AT_THE_EDGE)) in {1, 2}


def test_the_second_member_is_hard_on_everybody():
    made = planned()
    for number in cases(made, Case.ORDINARY):
        chair, hard, _third = (
            sum(of[n].points for of, n in zip(made.options, profile, strict=True)) for profile in made.given[number].profiles
        )
        assert hard <= chair or chair < 60


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_few_proposals_are_marked_too(number):
    assert set(planned(numbers=NUMBERS[:number]).given) == set(NUMBERS[:number])


def test_the_same_seed_gives_the_same_marks():
    assert planned() == planned() != planned(seed=2)


def test_levels_and_yes_or_no_have_their_points():
    levels = Criterion("a", "A", 10, "b", type=CriterionType.LEVELS, levels=(PointsLevel("sì", 10), PointsLevel("no", 3)))
    yes = Criterion("c", "C", 5, "b", type=CriterionType.YES_NO)
    grid = Grid("g", "G", (), (Block("b", "B", 15),), (levels, yes), (), Comparison.EXACT, None, (TieStep(TieStepKind.DRAW),))
    assert [[option.points for option in options(grid, criterion)] for criterion in grid.criteria] == [[10, 3], [5, 0]]
    assert not has_threshold(grid)
