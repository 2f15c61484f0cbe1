"""Work and floor one after the other, and the line that is printed of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.clock import cost

Pair = tuple[float, float]
"""What the work cost and what the floor cost, in the same round."""


def alternate(work: Callable[[], Any], floor: Callable[[], Any], *, rounds: int, times: int) -> list[Pair]:
    """Seconds for one work and one floor, in each round. They take turns, ``times`` each in a round, so that whatever
    else the machine does meets both. One of each goes before the first round and is not counted."""
    work(), floor()
    found = []
    for _ in range(rounds):
        gc.collect()
        both = [(cost(work), cost(floor)) for _ in range(times)]
        found.append((sum(w for w, _ in both) / times, sum(f for _, f in both) / times))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: ``work`` and ``floor`` in words, what they cost in each round, and the goal.

    ``goal`` is the most that the work may cost as a multiple of the floor; ``limit`` the most in ``unit``. Either may be
    ``None``. ``unit`` is "ms", for pairs of seconds, or the unit that the pairs are in."""

    work: str
    floor: str
    pairs: Sequence[Pair]
    goal: float | None = None
    limit: float | None = None
    unit: str = "ms"
    remark: str = ""

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The least, the middle and the greatest of the rounds."""
        ratios = [work / floor for work, floor in self.pairs]
        return min(ratios), median(ratios), max(ratios)

    @property
    def costs(self) -> Pair:
        """The work's and the floor's, each the middle of the rounds, in ``unit``."""
        scale = 1000 if self.unit == "ms" else 1
        return median(work for work, _ in self.pairs) * scale, median(floor for _, floor in self.pairs) * scale

    @property
    def within(self) -> bool | None:
        """Whether the goal and the limit are kept; ``None`` where there is neither."""
        if self.goal is None and self.limit is None:
            return None
        return (self.goal is None or self.ratios[1] <= self.goal) and (self.limit is None or self.costs[0] <= self.limit)

    def cells(self) -> list[str]:
        least, middle, most = self.ratios
        work, floor = (figure(cost) for cost in self.costs)
        goal = [f"≤ {self.goal:g} ×"] if self.goal is not None else []
        goal += [f"≤ {self.limit:g} {self.unit}"] if self.limit is not None else []
        verdict = {True: "within", False: "NOT WITHIN", None: "-"}[self.within]
        return [
            *(f"{self.work}: {work} {self.unit}", f"{self.floor}: {floor} {self.unit}"),
            *(f"{middle:.2f} × ({least:.2f} to {most:.2f})", " and ".join(goal) or "-", verdict, self.remark),
        ]


HEADINGS = ["work", "floor", "ratio: middle (least to greatest)", "goal", "", ""]


def figure(value: float) -> str:
    """Three digits that say something."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def row(cells: Sequence[str]) -> str:
    """The cells in a line of a table that can be pasted into a page of docs/."""
    return f"| {' | '.join(cells)} |"
