"""From the marks of the commission to the score of one proposal, exactly.

PURE: standard library only, no clock. A coefficient enters as an integer of ten-thousandths (0.8 is ``8000``), every
later number is a ``Fraction``, and a ``Decimal`` appears only where a figure is published. There is no float.

The road of one proposal, always in this order:

1. *the method of a criterion* turns its marks into points (``mean_of_coefficients``; another method of a later grid is
   another function of this section, with the same result type);
2. *blocks and total* add the points of the criteria;
3. *thresholds* are judged on these raw points, before any rescaling (Cons. Stato 9075/2023 and 8728/2022), and joined
   by AND: every one that is missed is reported with its numbers;
4. *rescaling*, where a call has it, would stand here: after the thresholds, on the scores of all proposals together;
5. *publication* shows each figure with the digits of the call, without ever entering the computation again, unless
   the call itself rounds at that point or compares published figures (see ``ranking``).

A number is rounded where the call rounds it and nowhere else: the point of rounding can change the winner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from bando.notice.grid import Criterion, Grid, Rounding, RoundingMode, RoundingPoint

UNIT = 10_000
"""One whole coefficient: marks are integers of ten-thousandths, because no database adds or compares them inexactly."""


# What comes out


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``mean`` of the members' coefficients, ``coefficient`` as it multiplies the maximum, ``points`` as they count."""

    code: str
    mean: Fraction
    coefficient: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class BlockScore:
    code: str
    points: Fraction


class ThresholdOn(StrEnum):
    CRITERION = "criterion"
    BLOCK = "block"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Missed:
    """A threshold that was not reached: ``points`` are less than ``threshold``; ``code`` is empty for the total."""

    on: ThresholdOn
    code: str
    points: Fraction
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """One proposal: criteria and blocks in the order of the grid, the exact total and the total as published.

    ``below`` holds every threshold missed; a proposal is above the threshold if and only if it is empty.
    """

    criteria: tuple[CriterionScore, ...]
    blocks: tuple[BlockScore, ...]
    total: Fraction
    published_total: Decimal
    below: tuple[Missed, ...]


class MarksError(ValueError):
    """The marks of ``application`` on ``criterion`` cannot give a score."""

    def __init__(self, application: str, criterion: str, problem: str) -> None:
        super().__init__(f"application {application}, criterion {criterion}: {problem}")
        self.application = application
        self.criterion = criterion
        self.problem = problem


class MissingMarks(MarksError):
    """Fewer marks than members: never read as zero, because a zero is a judgment and this is none."""

    def __init__(self, application: str, criterion: str, *, expected: int, found: int) -> None:
        super().__init__(application, criterion, f"{found} marks of {expected}")
        self.expected = expected
        self.found = found


# Rounding


def rounded(value: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """``value`` with ``digits`` decimals. Half up goes away from zero, truncation towards it, below zero too."""
    units, scale = _units(value, digits, mode)
    return Fraction(units, scale)


def published(value: Fraction, digits: int, mode: RoundingMode = RoundingMode.HALF_UP) -> Decimal:
    """The figure a reader sees: exactly ``digits`` decimals, trailing zeros kept."""
    units, _ = _units(value, digits, mode)
    # Built from text: arithmetic on a Decimal would round to the precision of the context.
    return Decimal(f"{units}E-{digits}")


def _units(value: Fraction, digits: int, mode: RoundingMode) -> tuple[int, int]:
    if digits < 0:
        raise ValueError(f"{digits} decimals: rounding to tens is not a rule of any call")
    scale = 10**digits
    numerator, denominator = value.as_integer_ratio()
    units, rest = divmod(abs(numerator) * scale, denominator)
    match mode:
        case RoundingMode.HALF_UP:
            units += 2 * rest >= denominator
        case RoundingMode.HALF_EVEN:
            units += 2 * rest > denominator or (2 * rest == denominator and units % 2 == 1)
        case RoundingMode.TRUNCATE:
            pass
    return (units if numerator >= 0 else -units), scale


class Roundings:
    """The rounding rules of a call, at most one for each point; a point without a rule keeps the number exact."""

    def __init__(self, rules: Iterable[Rounding]) -> None:
        self._rules: dict[RoundingPoint, Rounding] = {}
        for rule in rules:
            if rule.at in self._rules:
                raise ValueError(f"two rounding rules at the same point: {rule.at}")
            self._rules[rule.at] = rule

    def apply(self, at: RoundingPoint, value: Fraction) -> Fraction:
        rule = self._rules.get(at)
        return value if rule is None else rounded(value, rule.digits, rule.mode)

    @property
    def published_mode(self) -> RoundingMode:
        """How published figures are rounded: as the call rounds the total, else half up, the everyday reading."""
        rule = self._rules.get(RoundingPoint.TOTAL)
        return RoundingMode.HALF_UP if rule is None else rule.mode


# 1. The method of a criterion: from marks to points


def mean_of_coefficients(criterion: Criterion, total: int, count: int, roundings: Roundings) -> CriterionScore:
    """Mean of ``count`` coefficients that add up to ``total`` ten-thousandths, times the maximum of the criterion.

    ANAC, Linee guida 2: each member gives a coefficient between 0 and 1; the mean multiplies the weight.
    """
    mean = Fraction(total, UNIT * count)
    coefficient = roundings.apply(RoundingPoint.MEAN, mean)
    points = roundings.apply(RoundingPoint.PRODUCT, coefficient * Fraction(criterion.max_points))
    return CriterionScore(criterion.code, mean, coefficient, points)


# 2 to 5. One proposal


class Scorer:
    """A grid made ready to score many proposals.

    The same marks on the same criterion always give the same points, so they are computed once and shared: ten
    thousand proposals hold a few hundred different ``CriterionScore``, not two hundred thousand.

    ``needs_coefficients`` tells the caller which door to use. Sums of marks are enough unless the call rounds each
    member's coefficient *and* that rounding changes some level of the scale: then the sum of the rounded coefficients
    is not the rounded sum, and each coefficient must be given.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.roundings = Roundings(grid.rounding)
        self.needs_coefficients = any(
            self.roundings.apply(RoundingPoint.COEFFICIENT, Fraction(level.coefficient)) != Fraction(level.coefficient)
            for level in grid.scale
        )
        self._known: dict[str, dict[tuple[int, int], CriterionScore]] = {c.code: {} for c in grid.criteria}
        self._rounded_marks: dict[int, int] = {}
        self._criteria_of_block = [
            (block, [i for i, criterion in enumerate(grid.criteria) if criterion.block == block.code]) for block in grid.blocks
        ]
        if len(self._known) != len(grid.criteria):
            raise ValueError("two criteria of the grid have the same code")
        if sum(len(criteria) for _, criteria in self._criteria_of_block) != len(grid.criteria):
            raise ValueError("every criterion of the grid must belong to exactly one block")

    def from_sums(self, application: str, sums: Mapping[str, tuple[int, int]], *, members: int) -> Score:
        """Score ``application`` from ``sums``: criterion code to (sum of coefficients in ten-thousandths, how many).

        ``members`` is how many commissioners have to mark this proposal. Raises ``MissingMarks`` where one is missing,
        ``MarksError`` for any other impossible input, ``ValueError`` if the grid needs each coefficient.
        """
        if self.needs_coefficients:
            raise ValueError("this grid rounds each member's coefficient: sums are not enough")
        return self._score(application, sums, members)

    def from_coefficients(self, application: str, marks: Mapping[str, Sequence[int]], *, members: int) -> Score:
        """Score ``application`` from ``marks``: criterion code to each member's coefficient in ten-thousandths."""
        sums = {}
        for code, coefficients in marks.items():
            if not all(0 <= coefficient <= UNIT for coefficient in coefficients):
                raise MarksError(application, code, "a coefficient is not between 0 and 1")
            sums[code] = (sum(map(self._round_mark, coefficients)), len(coefficients))
        return self._score(application, sums, members)

    def _round_mark(self, coefficient: int) -> int:
        known = self._rounded_marks.get(coefficient)
        if known is None:
            exact = self.roundings.apply(RoundingPoint.COEFFICIENT, Fraction(coefficient, UNIT)) * UNIT
            # Whole: a mark has at most four decimals and rounding never adds any.
            known = self._rounded_marks[coefficient] = exact.numerator
        return known

    def _score(self, application: str, sums: Mapping[str, tuple[int, int]], members: int) -> Score:
        criteria = tuple(
            self._criterion(application, criterion, sums.get(criterion.code, (0, 0)), members)
            for criterion in self.grid.criteria
        )
        if len(sums) != len(criteria):
            stray = min(sums.keys() - self._known.keys())
            raise MarksError(application, stray, "the grid has no such criterion")
        blocks = tuple(
            BlockScore(block.code, exact_sum([criteria[i].points for i in indices]))
            for block, indices in self._criteria_of_block
        )
        total = self.roundings.apply(RoundingPoint.TOTAL, exact_sum([block.points for block in blocks]))
        return Score(
            criteria=criteria,
            blocks=blocks,
            total=total,
            published_total=published(total, self.grid.published_digits, self.roundings.published_mode),
            below=tuple(missed_thresholds(self.grid, criteria, blocks, total)),
        )

    def _criterion(self, application: str, criterion: Criterion, marks: tuple[int, int], members: int) -> CriterionScore:
        total, count = marks
        if count < members or count < 1:
            raise MissingMarks(application, criterion.code, expected=members, found=count)
        if count > members:
            raise MarksError(application, criterion.code, f"{count} marks, but {members} members")
        known = self._known[criterion.code]
        score = known.get(marks)
        if score is None:
            if not 0 <= total <= UNIT * count:
                raise MarksError(application, criterion.code, "a coefficient is not between 0 and 1")
            score = known[marks] = mean_of_coefficients(criterion, total, count, self.roundings)
        return score


def exact_sum(values: Sequence[Fraction]) -> Fraction:
    """The sum of ``values`` over one common denominator: one reduction in all, instead of one for each addition."""
    pairs = [value.as_integer_ratio() for value in values]
    denominator = lcm(*(below for _, below in pairs))
    return Fraction(sum(above * (denominator // below) for above, below in pairs), denominator)


def missed_thresholds(
    grid: Grid, criteria: Sequence[CriterionScore], blocks: Sequence[BlockScore], total: Fraction
) -> Iterator[Missed]:
    """Every threshold of ``grid`` that these raw points do not reach; reaching it exactly is enough."""
    for criterion, on_criterion in zip(grid.criteria, criteria, strict=True):
        if criterion.threshold is not None and on_criterion.points < criterion.threshold:
            yield Missed(ThresholdOn.CRITERION, criterion.code, on_criterion.points, criterion.threshold)
    for block, on_block in zip(grid.blocks, blocks, strict=True):
        if block.threshold is not None and on_block.points < block.threshold:
            yield Missed(ThresholdOn.BLOCK, block.code, on_block.points, block.threshold)
    if grid.threshold is not None and total < grid.threshold:
        yield Missed(ThresholdOn.TOTAL, "", total, grid.threshold)
