from __future__ import annotations

from decimal import Decimal

import pytest

from bando.notice.grid import Criterion, CriterionType, Pairwise, PairwiseVariant
from evaluation.comparing import compares_pairs

IN_PAIRS = Criterion(
    "a", "Bisogni", Decimal(20), "b", type=CriterionType.PAIRWISE, pairwise=Pairwise(PairwiseVariant.SUM, fewest=3)
)


@pytest.mark.parametrize(("proposals", "expected"), [(0, False), (2, False), (3, True), (4, True)])
def test_pairs_are_compared_from_the_fewest_proposals_that_the_call_states(proposals: int, expected: bool) -> None:
    assert compares_pairs(IN_PAIRS, proposals) is expected


@pytest.mark.parametrize("kind", [kind for kind in CriterionType if kind is not CriterionType.PAIRWISE])
def test_no_other_criterion_compares_pairs(kind: CriterionType) -> None:
    assert compares_pairs(Criterion("a", "Bisogni", Decimal(20), "b", type=kind), 10) is False
