"""Where are applications lost? A bar for each stage, from the drafts to the places.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import at

LEFT, RIGHT, TOP, LINE = 190, 620, 6, 44
BAR = 28


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
    count_x: str
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
        y = TOP + index * LINE
        width = Fraction(stage.count, most) * (RIGHT - LEFT)
        lost = max(stages[index - 1].count - stage.count, 0) if index else 0
        bars.append(Bar(stage.code, stage.count, y, y + BAR // 2 + 5, at(width), at(LEFT + width + 8), lost))
    steepest = max(bars, key=lambda bar: bar.lost, default=None)
    return Funnel(RIGHT + 90, TOP + len(stages) * LINE, tuple(bars), steepest if steepest and steepest.lost else None)
