"""Which criteria are judged by comparing proposals two by two, and one such comparison.

PURE: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bando.notice.grid import Criterion, CriterionType, Grid


@dataclass(frozen=True, slots=True)
class Preferred:
    """One cell: which of two applications is better (``first``, ``second``, ``neither``), the degree in ten-thousandths (of no
    meaning where neither is), a note."""

    first: Any
    second: Any
    prefers: str
    units: int
    note: str = ""


def compares_pairs(criterion: Criterion, proposals: int) -> bool:
    """Whether the members compare pairs on ``criterion``, with so many ``proposals`` admitted in the area. With fewer than the
    call asks for, each member gives a coefficient of the scale instead."""
    return criterion.type is CriterionType.PAIRWISE and proposals >= criterion.pairwise.fewest


def on_the_sheet(grid: Grid, proposals: int) -> Grid:
    """The grid as a sheet asks it: without the criteria that are compared in pairs, and with those that would be, had the area
    more proposals, as coefficients of the scale."""
    asked = (criterion for criterion in grid.criteria if not compares_pairs(criterion, proposals))
    return replace(
        grid,
        criteria=tuple(
            replace(c, type=CriterionType.COEFFICIENT, pairwise=None) if c.type is CriterionType.PAIRWISE else c for c in asked
        ),
    )
