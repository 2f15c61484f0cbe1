"""Is one member always harder or softer than the others? A row for each member, a dot for each proposal.

PURE: standard library only. A dot is how far the member's total of a proposal is from the mean of all members' totals of it, so
that good and bad proposals weigh the same. Every dot is shown: with so few members a box would hide them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.plots.scale import at, between, shortened

LEFT, RIGHT, TOP, LINE, BOTTOM = 230, 700, 20, 44, 34
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
ENDS = 5
"""Whole steps from the middle to each end, at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """``dots`` are positions; ``bar`` goes from the middle to the mean of the member's deviations, ``shift``."""

    label: str
    name: str
    y: int
    dots: tuple[str, ...]
    bar_from: str
    bar_width: str
    shift: Fraction
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    value: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """``middle`` is where nobody is harder or softer. ``hardest`` and ``softest`` are rows, ``None`` where all shifts are
    equal."""

    width: int
    height: int
    floor: int
    middle: str
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    hardest: Row | None
    softest: Row | None


def agreement(members: Sequence[str], totals: Sequence[Sequence[Fraction | None]]) -> Agreement | None:
    """``totals``: for each proposal that of each member, ``None`` for who did not mark it. A proposal that only one member marked
    says nothing of the others. ``None`` where there is nobody to compare."""
    deviations: list[list[Fraction]] = [[] for _ in members]
    for given in totals:
        known = [total for total in given if total is not None]
        if len(known) < 2:
            continue
        mean = sum(known, Fraction(0)) / len(known)
        for place, total in enumerate(given):
            if total is not None:
                deviations[place].append(total - mean)
    if sum(bool(own) for own in deviations) < 2:
        return None
    furthest = max(abs(value) for own in deviations for value in own)
    step = next((s for s in STEPS if furthest <= s * ENDS), STEPS[-1])
    ends = max(-(-furthest // step), 1)
    reach = step * ends

    def x(value: Fraction | int) -> Fraction:
        return between(value, -reach, reach, LEFT, RIGHT)

    rows = []
    for place, own in enumerate(deviations):
        if not own:
            continue
        shift = sum(own, Fraction(0)) / len(own)
        start, end = sorted((x(0), x(shift)))
        rows.append(
            Row(
                label=shortened(members[place]),
                name=members[place],
                y=TOP + len(rows) * LINE + LINE // 2,
                dots=tuple(at(x(value)) for value in own),
                bar_from=at(start),
                bar_width=at(end - start),
                shift=shift,
                lowest=min(own),
                highest=max(own),
            )
        )
    floor = TOP + len(rows) * LINE
    hardest, softest = min(rows, key=lambda row: row.shift), max(rows, key=lambda row: row.shift)
    differ = hardest.shift != softest.shift
    return Agreement(
        width=RIGHT + 40,
        height=floor + BOTTOM,
        floor=floor,
        middle=at(x(0)),
        rows=tuple(rows),
        ticks=tuple(Tick(at(x(step * n)), step * n) for n in range(-int(ends), int(ends) + 1)),
        hardest=hardest if differ else None,
        softest=softest if differ else None,
    )
