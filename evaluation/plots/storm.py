"""When did applications arrive? How many there were at each moment before the deadline, on an axis that widens towards it.

PURE: standard library only. Between one tick and the next the axis is straight, and every stretch is as long as the others: the
last ten minutes have as much room as eleven days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import at, between

LEFT, RIGHT, TOP, FLOOR, BOTTOM = 56, 680, 26, 226, 46
TICKS = (14 * 86400, 3 * 86400, 86400, 3 * 3600, 3600, 600, 0)
"""Seconds before the deadline."""


@dataclass(frozen=True, slots=True)
class Tick:
    """``by`` is how many had arrived then; ``None`` for what is still to come."""

    before: int
    x: str
    by: int | None


@dataclass(frozen=True, slots=True)
class Storm:
    """``path`` is the line that rises, as the drawing writes it; "" when nothing arrived. ``last_day`` is how many came in the
    last 24 hours."""

    width: int
    height: int
    left: int
    right: int
    top: int
    floor: int
    path: str
    ticks: tuple[Tick, ...]
    total: int
    last_day: int


def storm(before: Sequence[int], *, now: int = 0) -> Storm:
    """``before``: how many seconds before the deadline each one arrived, not negative; ``now``: how long there is still to it,
    0 once it has passed. What came before the first tick stands at the left end."""
    arrived = sorted((seconds for seconds in before if seconds >= now), reverse=True)
    total = len(arrived)
    path: list[str] = []
    if total:
        path.append(f"M {LEFT}.0 {at(FLOOR)}")
        for count, seconds in enumerate(arrived, start=1):
            path.append(f"H {at(_x(seconds))} V {at(between(count, 0, total, FLOOR, TOP))}")
        path.append(f"H {at(_x(now))}")
    from_last = [-seconds for seconds in arrived]
    ticks = tuple(Tick(tick, at(_x(tick)), bisect_right(from_last, -tick) if tick >= now else None) for tick in TICKS)
    return Storm(
        width=RIGHT + 30,
        height=FLOOR + BOTTOM,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        floor=FLOOR,
        path=" ".join(path),
        ticks=ticks,
        total=total,
        last_day=sum(seconds <= 86400 for seconds in arrived),
    )


def _x(seconds: int) -> Fraction:
    if seconds >= TICKS[0]:
        return Fraction(LEFT)
    place = next(n for n, tick in enumerate(TICKS[1:]) if seconds >= tick)
    stretch = Fraction(RIGHT - LEFT, len(TICKS) - 1)
    earlier, later = TICKS[place], TICKS[place + 1]
    return LEFT + stretch * (place + Fraction(earlier - seconds, earlier - later))
