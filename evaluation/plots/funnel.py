"""Where are applications lost? A bar for each stage, from the drafts to the places.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import at

WIDTH, TOP, LINE = 316, 4, 52
"""As wide as the narrowest page has room for: name and count stand above their bar."""


@dataclass(frozen=True, slots=True)
class Stage:
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    code: str
    count: int
    y: int
    text_y: int
    width: str
    lost: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """``steepest`` is the bar before which most were lost, ``None`` where nobody was."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    steepest: Bar | None


def funnel(stages: Sequence[Stage]) -> Funnel:
    """Bars in the order given, each beside the count before it."""
    most = max((stage.count for stage in stages), default=0) or 1
    bars = []
    for index, stage in enumerate(stages):
        top = TOP + index * LINE
        lost = max(stages[index - 1].count - stage.count, 0) if index else 0
        width = Fraction(stage.count, most) * (WIDTH - 2)
        bars.append(Bar(stage.code, stage.count, top + 20, top + 14, at(width), lost))
    steepest = max(bars, key=lambda bar: bar.lost, default=None)
    return Funnel(WIDTH, TOP + len(stages) * LINE, tuple(bars), steepest if steepest and steepest.lost else None)
