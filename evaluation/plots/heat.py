"""Why is one proposal above another? Proposals by criteria, each cell the part of the points that was reached.

PURE: standard library only. The number stands in its cell, so that the shade only helps; shades skip the middle ones, on which
neither black nor white text has contrast enough, and differ in print too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import shortened

LEFT, TOP, LINE, COLUMN = 230, 34, 36, 62
DARK, LIGHT = "#17202b", "#ffffff"
SHADES = (("#ffffff", DARK), ("#e3edf8", DARK), ("#bcd4ef", DARK), ("#8db6e2", DARK), ("#0d53a8", LIGHT), ("#062f63", LIGHT))
"""Of a cell and of its text: nothing, up to a quarter, a half, three quarters, less than all, all."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a proposal reached on a criterion: ``share`` of its maximum, from 0 to 1, or ``None`` where there is no maximum
    (a penalty); ``points`` as they are published."""

    share: Fraction | None
    points: str


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    y: int
    text_x: int
    text_y: int
    fill: str
    ink: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    text_y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Heat:
    """``widest`` is the place of the criterion on which the proposals are furthest from each other, ``None`` where they are
    equal on all of them."""

    width: int
    height: int
    column: int
    line: int
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    widest: int | None


def percent(share: Fraction) -> int:
    """Rounded, but 100 is only for all of it and 0 only for nothing."""
    if share in (0, 1):
        return int(share * 100)
    return min(max(round(share * 100), 1), 99)


def shade(share: Fraction) -> tuple[str, str]:
    if share <= 0:
        return SHADES[0]
    return SHADES[5] if share >= 1 else SHADES[1 + min(int(share * 4), 3)]


def heat(headings: Sequence[str], rows: Sequence[tuple[str, Sequence[Part]]], worth: Sequence[Fraction]) -> Heat:
    """``headings`` and ``worth`` (the maximum in points) for each criterion; rows in the order of the ranking."""
    lines = []
    for index, (label, parts) in enumerate(rows):
        y = TOP + index * LINE
        cells = []
        for place, part in enumerate(parts):
            fill, ink = SHADES[0] if part.share is None else shade(part.share)
            text = part.points if part.share is None else str(percent(part.share))
            x = LEFT + place * COLUMN
            cells.append(Cell(x, y, x + COLUMN // 2, y + LINE // 2 + 5, fill, ink, text))
        lines.append(Line(shortened(label), y + LINE // 2 + 5, tuple(cells)))
    ranges = [_range([parts[place].share for _label, parts in rows]) * worth[place] for place in range(len(headings))]
    most = max(ranges, default=Fraction(0))
    return Heat(
        width=LEFT + len(headings) * COLUMN + 4,
        height=TOP + len(rows) * LINE + 4,
        column=COLUMN,
        line=LINE,
        headings=tuple(Heading(LEFT + n * COLUMN + COLUMN // 2, shortened(text, 7)) for n, text in enumerate(headings)),
        lines=tuple(lines),
        widest=ranges.index(most) if most else None,
    )


def _range(shares: Sequence[Fraction | None]) -> Fraction:
    known = [share for share in shares if share is not None]
    return max(known) - min(known) if known else Fraction(0)
