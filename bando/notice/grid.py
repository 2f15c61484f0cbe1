"""The evaluation grid of a call: what is scored, on which scale, and how numbers become points.

PURE: standard library only. Every number is a ``Decimal`` read from the text of the document; there is no float.

The shapes cover what real grids contain (see ``docs/notice.md``): labels never imply a number ("discreto" is 0.7 in one
call and 0.6 in another), so each call carries its own scale; the point at which rounding happens can change the winner,
so it is part of the grid; a tie is resolved only by the chain that the call states.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class RoundingPoint(StrEnum):
    """Where the call rounds: each commissioner's coefficient, their mean, mean x maximum, or the total."""

    COEFFICIENT = "coefficient"
    MEAN = "mean"
    PRODUCT = "product"
    TOTAL = "total"


class RoundingMode(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"


class Comparison(StrEnum):
    """Which totals decide order and ties: the exact fractions, or the totals as published (rounded)."""

    EXACT = "exact"
    PUBLISHED = "published"


class TieStepKind(StrEnum):
    BLOCK = "block"
    CRITERION = "criterion"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the scale: a label people read and a coefficient in [0, 1] with at most four decimals."""

    label: str
    coefficient: Decimal
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    code: str
    title: str
    max_points: Decimal
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """``code`` is unique within the grid; ``letter`` is what the act printed (may be empty or repeated)."""

    code: str
    title: str
    max_points: Decimal
    block: str
    letter: str = ""
    guidance: str = ""
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    at: RoundingPoint
    digits: int
    mode: RoundingMode


@dataclass(frozen=True, slots=True)
class TieStep:
    """One link of the tie chain: the better ``block`` or ``criterion`` score wins; ``draw`` is a public draw."""

    kind: TieStepKind
    code: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    code: str
    title: str
    scale: tuple[Level, ...]
    blocks: tuple[Block, ...]
    criteria: tuple[Criterion, ...]
    rounding: tuple[Rounding, ...]
    comparison: Comparison
    threshold: Decimal | None
    tie_chain: tuple[TieStep, ...]
    published_digits: int = 2
    demonstration: str = ""
    """Not empty when the grid is an example: the sentence every page shows beside it."""

    @property
    def max_points(self) -> Decimal:
        return sum((c.max_points for c in self.criteria), Decimal(0))
