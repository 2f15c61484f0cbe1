"""Where do people wait longest for an answer? A bar for each Spazio up to the median, a line up to nine waits in ten.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from evaluation.plots.scale import at

WIDTH, TOP, LINE = 316, 4, 52
"""As wide as the narrowest page has room for: name and wait stand above their bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """``width`` is the median, ``slow`` where the 90th percentile ends."""

    label: str
    y: int
    text_y: int
    middle_y: int
    width: str
    slow: str


@dataclass(frozen=True, slots=True)
class Waits:
    width: int
    height: int
    bars: tuple[Bar, ...]


def waits(rows: Sequence[tuple[str, timedelta, timedelta]]) -> Waits:
    """``rows``: label, median, 90th percentile, in the order in which they are drawn."""
    longest = max((slow for _label, _median, slow in rows), default=timedelta(0)) or timedelta(microseconds=1)
    bars = []
    for place, (label, median, slow) in enumerate(rows):
        y = TOP + place * LINE + 20
        bars.append(Bar(label, y, y - 6, y + 11, _x(median, longest), _x(slow, longest)))
    return Waits(WIDTH, TOP + len(rows) * LINE, tuple(bars))


def _x(wait: timedelta, longest: timedelta) -> str:
    return at(Fraction(wait // timedelta(microseconds=1), longest // timedelta(microseconds=1)) * (WIDTH - 2))
