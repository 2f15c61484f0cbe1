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
    """Where the call rounds: what each commissioner gives (a coefficient, or points), the mean or sum of that, the points
    of the criterion, or the total."""

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


class CriterionType(StrEnum):
    """How a criterion turns what is found into points. The first three are judgments, of each member alone: a coefficient
    of the scale, a level with its points, points given freely. ``pairwise`` is a judgment too, of two proposals at a time
    (D.P.R. 207/2010, annex G). The others are facts, the same for whoever looks: how many, in which band, yes or no, a
    quantity against that of the other proposals. A ``penalty`` takes points away."""

    COEFFICIENT = "coefficient"
    LEVELS = "levels"
    POINTS = "points"
    PAIRWISE = "pairwise"
    COUNT = "count"
    BANDS = "bands"
    YES_NO = "yes_no"
    FORMULA = "formula"
    PENALTY = "penalty"


JUDGED = frozenset({CriterionType.COEFFICIENT, CriterionType.LEVELS, CriterionType.POINTS, CriterionType.PAIRWISE})
"""What each member of the commission judges; the other types are facts."""


class Composition(StrEnum):
    """How the judgments of the members become one: their mean, or their sum (Angri 2020: 8.5 + 9 + 10). With a sum, each
    member gives at most the maximum of the criterion divided by the number of members."""

    MEAN = "mean"
    SUM = "sum"


class Marking(StrEnum):
    """Who writes the marks: each member alone, and then they are composed (TAR Salerno 2116/2021); or the commission
    together, one mark with one reason."""

    INDIVIDUAL = "individual"
    COLLEGIAL = "collegial"


class PairwiseVariant(StrEnum):
    """From the preferences of the members to the coefficient of each proposal (D.P.R. 207/2010, annex G): ``sum`` adds the
    points that all members gave and divides by the greatest sum; ``mean`` makes a coefficient for each member (their points
    by their greatest), takes the mean over the members, and divides by the greatest mean."""

    SUM = "sum"
    MEAN = "mean"


class FormulaKind(StrEnum):
    """From the ratio r of a quantity to the best one: ``linear`` r; ``power`` r to an exponent; ``bilinear`` up to the
    mean S of all proposals ``knee`` x R/S, beyond it ``knee`` + (1 - ``knee``) x (R - S)/(Rmax - S) (D.P.R. 207/2010,
    annex P)."""

    LINEAR = "linear"
    POWER = "power"
    BILINEAR = "bilinear"


class Best(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class Rescaling(StrEnum):
    """What is rescaled so that the best proposal reaches the maximum, after the thresholds were judged on raw points
    (Cons. Stato 9075/2023): each criterion (first level), each block, the total (second level). Only if the call says so
    (TAR Milano 2391/2015)."""

    CRITERION = "criterion"
    BLOCK = "block"
    TOTAL = "total"


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
class PointsLevel:
    """A judgment with its own points, as acts print them: labels imply no number."""

    label: str
    points: Decimal
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The points of a quantity between two ends, each of which belongs to the band or not. An end that is None is open.
    Bands are stored as the act gives them, because they are not equally wide."""

    points: Decimal
    label: str = ""
    at_least: Decimal | None = None
    more_than: Decimal | None = None
    at_most: Decimal | None = None
    less_than: Decimal | None = None

    def holds(self, quantity: Decimal) -> bool:
        return (
            (self.at_least is None or quantity >= self.at_least)
            and (self.more_than is None or quantity > self.more_than)
            and (self.at_most is None or quantity <= self.at_most)
            and (self.less_than is None or quantity < self.less_than)
        )


@dataclass(frozen=True, slots=True)
class Formula:
    """``exponent`` for a power, ``knee`` (X, between 0 and 1) for a bilinear one; ``best`` says which quantity wins."""

    kind: FormulaKind
    best: Best = Best.HIGHER
    exponent: Decimal | None = None
    knee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Every member compares each pair of proposals once: parity is 1 point to both, else the better one takes 2 (least) to
    6 (greatest) points; ``halves`` allows the degrees between two. With fewer proposals than ``fewest`` nobody compares
    and the members give coefficients of the scale."""

    variant: PairwiseVariant
    halves: bool = False
    fewest: int = 3


@dataclass(frozen=True, slots=True)
class Criterion:
    """``code`` is unique within the grid; ``letter`` is what the act printed (may be empty or repeated).

    ``levels`` for the type of that name; ``step``: the smallest part of points that a member may give (``points``);
    ``per_unit``: the points of each unit, up to the maximum (``count``); ``unit``: what is counted or measured (``count``,
    ``bands``, ``formula``); outside every band there are no points; ``penalty``: the points that are taken away, and then
    the maximum is zero."""

    code: str
    title: str
    max_points: Decimal
    block: str
    letter: str = ""
    guidance: str = ""
    threshold: Decimal | None = None
    type: CriterionType = CriterionType.COEFFICIENT
    levels: tuple[PointsLevel, ...] = ()
    step: Decimal | None = None
    per_unit: Decimal | None = None
    unit: str = ""
    bands: tuple[Band, ...] = ()
    formula: Formula | None = None
    penalty: Decimal | None = None
    pairwise: Pairwise | None = None

    @property
    def is_judged(self) -> bool:
        return self.type in JUDGED


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
    composition: Composition = Composition.MEAN
    rescaling: tuple[Rescaling, ...] = ()
    rescales_alone: bool = False
    """Whether a proposal that is alone above the thresholds is rescaled too (Cons. Stato 749/2016); without a word of the
    call it isn't, since rescaling presupposes several to compare (Cons. Stato 8728/2022)."""
    marking: Marking = Marking.INDIVIDUAL
    demonstration: str = ""
    """Not empty when the grid is an example: the sentence every page shows beside it."""

    @property
    def max_points(self) -> Decimal:
        return sum((c.max_points for c in self.criteria), Decimal(0))
