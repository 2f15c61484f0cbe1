"""The strip of marks: one line for each proposal, a sign for each member's total, a bar for the mean.

PURE: standard library only. It answers positions for a drawing in user units, as text with one decimal; the template
draws them. The same numbers stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

LEFT, RIGHT, TOP, LINE, BOTTOM = 230, 700, 34, 30, 26
SIGNS = ("circle", "square", "diamond", "triangle", "cross")


@dataclass(frozen=True, slots=True)
class Entry:
    """``totals``: one for each member, ``None`` for who did not mark it; ``total`` is the one that counts. ``lot`` is "" where
    the area has none."""

    label: str
    totals: Sequence[Fraction | None]
    total: Fraction
    tied: bool
    below: bool
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    shape: str
    x: str


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    y: int
    text_y: int
    signs: tuple[Sign, ...]
    low: str
    high: str
    mean: str
    tied: bool
    below: bool


@dataclass(frozen=True, slots=True)
class Bracket:
    """Joins lines that are equal: from ``top`` to ``bottom``."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    value: str


@dataclass(frozen=True, slots=True)
class Strip:
    width: int
    height: int
    floor: int
    lines: tuple[Line, ...]
    brackets: tuple[Bracket, ...]
    ticks: tuple[Tick, ...]
    threshold: str | None


def strip(entries: Sequence[Entry], *, maximum: Fraction, threshold: Fraction | None) -> Strip:
    """Lines in the order given. The scale starts at the ten below the least number shown and ends at ``maximum``; where nothing
    is worth a point, at the ten above."""
    shown = [value for entry in entries for value in (*entry.totals, entry.total) if value is not None]
    shown += [threshold] if threshold is not None else []
    least = Fraction(min(shown, default=Fraction(0)) // 10 * 10)
    if least >= maximum:
        least = Fraction(0)
    greatest = maximum if maximum > least else least + 10

    def x(value: Fraction) -> str:
        tenths = round((LEFT + (value - least) * (RIGHT - LEFT) / (greatest - least)) * 10)
        return f"{tenths // 10}.{tenths % 10}"

    lines = []
    for index, entry in enumerate(entries):
        given = [total for total in entry.totals if total is not None]
        y = TOP + index * LINE + LINE // 2
        lines.append(
            Line(
                label=entry.label,
                y=y,
                text_y=y + 5,
                signs=tuple(
                    Sign(SIGNS[place % len(SIGNS)], x(total)) for place, total in enumerate(entry.totals) if total is not None
                ),
                low=x(min(given, default=entry.total)),
                high=x(max(given, default=entry.total)),
                mean=x(entry.total),
                tied=entry.tied,
                below=entry.below,
            )
        )
    floor = TOP + len(entries) * LINE
    return Strip(
        width=RIGHT + 40,
        height=floor + BOTTOM,
        floor=floor,
        lines=tuple(lines),
        brackets=tuple(_brackets(entries, lines)),
        ticks=tuple(Tick(x(value), str(value)) for value in _ticks(least, greatest)),
        threshold=None if threshold is None else x(threshold),
    )


def _ticks(least: Fraction, maximum: Fraction) -> list[Fraction]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (maximum - least) / s <= 8 or s == 1000)
    values = [least + step * n for n in range(int((maximum - least) / step) + 1)]
    return values if values[-1] == maximum or maximum - values[-1] < Fraction(step, 2) else [*values, maximum]


def _brackets(entries: Sequence[Entry], lines: Sequence[Line]) -> list[Bracket]:
    """Neighbours of one lot that are tied with the same total."""
    found, start = [], 0
    for index in range(1, len(entries) + 1):
        goes_on = (
            index < len(entries)
            and entries[index].tied
            and entries[start].tied
            and (entries[index].lot, entries[index].total) == (entries[start].lot, entries[start].total)
        )
        if not goes_on:
            if index - start > 1:
                found.append(Bracket(lines[start].y - 6, lines[index - 1].y + 6))
            start = index
    return found
