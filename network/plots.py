"""Bars for the dashboard of the network, each with its label above it and, where there is one, a mark for what was foreseen.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import at

WIDTH, TOP, LINE = 316, 4, 52
"""As wide as the narrowest page has room for."""


@dataclass(frozen=True, slots=True)
class Given:
    """``text`` is the value in words; ``mark`` what it is held against."""

    label: str
    value: int
    text: str
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    text: str
    text_y: int
    y: int
    width: str
    mark_x: str
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    bars: tuple[Bar, ...]


def bars(rows: Sequence[Given]) -> Drawing:
    """A bar for each row, in the order given; all on one scale, whose end is the greatest value or mark."""
    greatest = max((max(row.value, row.mark or 0) for row in rows), default=0) or 1

    def along(value: int) -> str:
        return at(Fraction(value, greatest) * (WIDTH - 4))

    drawn = []
    for n, row in enumerate(rows):
        top = TOP + n * LINE
        mark = "" if row.mark is None else along(row.mark)
        drawn.append(
            Bar(row.label, row.text, top + 14, top + 20, along(row.value), mark, row.mark is not None and row.value > row.mark)
        )
    return Drawing(WIDTH, TOP + len(rows) * LINE, tuple(drawn))
