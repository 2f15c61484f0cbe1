"""Whether proposals are compared two by two on a criterion.

PURE: standard library only.
"""

from __future__ import annotations

from bando.notice.grid import Criterion, CriterionType


def compares_pairs(criterion: Criterion, proposals: int) -> bool:
    """Whether the members compare pairs on ``criterion``, with so many ``proposals`` admitted in the area. With fewer than the
    call asks for, each member gives a coefficient of the scale instead."""
    return criterion.type is CriterionType.PAIRWISE and proposals >= criterion.pairwise.fewest
