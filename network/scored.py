"""What a published ranking says of one proposal: its points, its place, how near it is to the last place.

PURE: standard library only. It reads the published document alone, of any schema that was ever published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from bando.notice.grid import Criterion
from evaluation.published import as_2
from evaluation.published_grid import grid_from_json
from evaluation.ranking import Outcome


@dataclass(frozen=True, slots=True)
class Points:
    """Of one criterion, with the digits that were published."""

    criterion: Criterion
    points: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``total`` has the digits that were published; ``ranked`` counts the proposals with a position. ``border`` are the exact
    points to the best proposal without a place, for one that has a place, and to the last place for the others; None where
    there is no such thing. All of it in its own lot, where there are lots."""

    number: str
    body: str
    position: int | None
    is_selected: bool
    ranked: int
    total: str
    points: tuple[Points, ...]
    border: Fraction | None

    def of(self, code: str) -> Points | None:
        return next((found for found in self.points if found.criterion.code == code), None)


def standing(content: Mapping[str, Any], number: str) -> Standing | None:
    """None for a number that the ranking does not have."""
    document = as_2(content)
    row = next((row for row in document["rows"] if row["application"] == number), None)
    if row is None:
        return None
    grid = grid_from_json(document["grid"])
    points = {part["code"]: part["points"]["published"] for part in row["criteria"]}
    ranked = [other for other in document["rows"] if other["position"] is not None and other["lot"] == row["lot"]]
    is_selected = row["outcome"] == Outcome.SELECTED
    return Standing(
        number=number,
        body=row["body"],
        position=row["position"],
        is_selected=is_selected,
        ranked=len(ranked),
        total=row["total"]["published"],
        points=tuple(Points(criterion, points[criterion.code]) for criterion in grid.criteria if criterion.code in points),
        border=_border(row, ranked, is_selected=is_selected),
    )


def _border(row: Mapping[str, Any], ranked: list[Mapping[str, Any]], *, is_selected: bool) -> Fraction | None:
    selected = [_total(other) for other in ranked if other["outcome"] == Outcome.SELECTED]
    others = [_total(other) for other in ranked if other["outcome"] != Outcome.SELECTED]
    edge = max(others, default=None) if is_selected else min(selected, default=None)
    return None if edge is None else abs(_total(row) - edge)


def _total(row: Mapping[str, Any]) -> Fraction:
    return Fraction(row["total"]["exact"])
