from __future__ import annotations

from decimal import Decimal

import pytest

from bando.notice.grid import Comparison, Criterion, CriterionType, Grid, Pairwise, PairwiseVariant
from evaluation.comparing import compares_pairs, on_the_sheet

IN_PAIRS = Criterion(
    "a", "Bisogni", Decimal(20), "b", type=CriterionType.PAIRWISE, pairwise=Pairwise(PairwiseVariant.SUM, fewest=3)
)


@pytest.mark.parametrize(("proposals", "expected"), [(0, False), (2, False), (3, True), (4, True)])
def test_pairs_are_compared_from_the_fewest_proposals_that_the_call_states(proposals: int, expected: bool) -> None:
    assert compares_pairs(IN_PAIRS, proposals) is expected


@pytest.mark.parametrize("kind", [kind for kind in CriterionType if kind is not CriterionType.PAIRWISE])
def test_no_other_criterion_compares_pairs(kind: CriterionType) -> None:
    assert compares_pairs(Criterion("a", "Bisogni", Decimal(20), "b", type=kind), 10) is False


@pytest.mark.parametrize(("proposals", "expected"), [(2, [("a", "coefficient"), ("b", "points")]), (3, [("b", "points")])])
def test_the_sheet_asks_for_a_coefficient_where_there_are_too_few_to_compare(proposals, expected) -> None:
    points = Criterion("b", "Azioni", Decimal(30), "b", type=CriterionType.POINTS)
    grid = Grid("g", "Griglia", (), (), (IN_PAIRS, points), (), Comparison.EXACT, None, ())
    assert [(c.code, c.type) for c in on_the_sheet(grid, proposals).criteria] == expected
