"""The methods of a criterion: from what the members found to its points, exactly.

PURE: standard library only. A mark is an integer of ten-thousandths, whatever it stands for: of a coefficient (0.8 is
``8000``), of a point (8.5 is ``85000``), of a quantity (three certificates are ``30000``), or 0 and ``10000`` for no and yes.

*Judgments* are of each member alone and are composed: their mean, or their sum. A sum is the mean times the members of the
commission: when everybody marked, that is the sum of the acts (Angri 2020: 8.5 + 9 + 10 = 27.5); when somebody may not
mark a proposal because of a conflict, the proposal doesn't lose a third of its points for it.

*Facts* are the same for whoever looks: every member found the same quantity, and it becomes points by the rule of the call.

*Formulas* measure the quantity against the others: see :func:`by_formula`.

*Pairs* of proposals are compared in ``pairwise``; with too few proposals for it, the members give coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bando.notice.grid import Best, Composition, Criterion, CriterionType, FormulaKind, Grid, RoundingPoint
from evaluation.rounding import Roundings, rounded_power

UNIT = 10_000
"""One whole: marks are integers of ten-thousandths, because no database adds or compares them inexactly."""
MOST_UNITS = 10**12 * UNIT
"""The greatest quantity: more than the euro of any call, and few enough digits for the column of a database."""

IN_POINTS = frozenset({CriterionType.LEVELS, CriterionType.POINTS})
"""Judgments that are points already."""
IN_COEFFICIENTS = frozenset({CriterionType.COEFFICIENT, CriterionType.PAIRWISE})
"""Judgments whose marks, where there are any, are coefficients of the scale."""
YES_OR_NO = frozenset({CriterionType.YES_NO, CriterionType.PENALTY})


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a formula compares with, among the proposals of an area: the ``best`` quantity and the ``mean`` of all."""

    best: Fraction
    mean: Fraction


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``found`` is what the members' marks come to: the mean or the sum of judgments, the quantity of a fact. ``counted``
    is that as it is used, after the call's rounding; ``points`` are those that count. ``before`` are the points before a
    rescaling, ``None`` where nothing was rescaled; ``yardstick`` is there for a formula alone. ``given`` is there for pairs
    that were compared: the points of the table of each member, ``None`` for who has no table."""

    code: str
    found: Fraction
    counted: Fraction
    points: Fraction
    before: Fraction | None = None
    yardstick: Yardstick | None = None
    given: tuple[Fraction | None, ...] | None = None

    @property
    def raw(self) -> Fraction:
        """The points that thresholds are judged on."""
        return self.points if self.before is None else self.before


def each_maximum(grid: Grid, criterion: Criterion, seats: int | None) -> Fraction:
    """The most that one member gives to a criterion of levels or points; ``seats`` are the members of the commission."""
    whole = Fraction(criterion.max_points)
    return whole / seats if grid.composition is Composition.SUM and seats else whole


def fault(criterion: Criterion, mark: int, most: Fraction) -> str | None:
    """Why ``mark`` can't be a mark on ``criterion``, or ``None``; ``most`` is the most points that a member gives."""
    match criterion.type:
        case CriterionType.COEFFICIENT | CriterionType.PAIRWISE:
            return None if 0 <= mark <= UNIT else "a coefficient is not between 0 and 1"
        case CriterionType.LEVELS:
            known = any(level.points * UNIT == mark for level in criterion.levels)
            return None if known else f"{Fraction(mark, UNIT)} are not the points of a level"
        case CriterionType.POINTS:
            if not 0 <= mark <= most * UNIT:
                return f"points are not between 0 and {most}"
            if criterion.step is not None and Fraction(mark, UNIT) % Fraction(criterion.step):
                return f"{Fraction(mark, UNIT)} points are not whole steps of {criterion.step}"
            return None
        case CriterionType.YES_NO | CriterionType.PENALTY:
            return None if mark in (0, UNIT) else "neither yes nor no"
        case _:
            return None if mark >= 0 else "a quantity is less than 0"


def fault_of_sum(criterion: Criterion, total: int, count: int, most: Fraction) -> str | None:
    """The same of ``count`` judgments that add up to ``total``."""
    if criterion.type in IN_COEFFICIENTS:
        return None if 0 <= total <= UNIT * count else "a coefficient is not between 0 and 1"
    return None if 0 <= total <= most * UNIT * count else f"points are not between 0 and {most}"


def of_judgments(criterion: Criterion, total: int, count: int, roundings: Roundings, *, times: int = 1) -> CriterionScore:
    """``count`` judgments that add up to ``total`` ten-thousandths; ``times`` is 1 for their mean, the number of members of
    the commission for their sum.

    ANAC, Linee guida 2, for coefficients: the mean of what each member gave multiplies the weight. Points need no weight.
    """
    found = Fraction(total * times, UNIT * count)
    counted = roundings.apply(RoundingPoint.MEAN, found)
    points = counted if criterion.type in IN_POINTS else counted * Fraction(criterion.max_points)
    return CriterionScore(criterion.code, found, counted, roundings.apply(RoundingPoint.PRODUCT, points))


def of_fact(criterion: Criterion, mark: int, roundings: Roundings) -> CriterionScore:
    """The points of a quantity: ``per_unit`` for each one up to the maximum, those of its band (none outside every band),
    the maximum for a yes, the penalty taken away for a yes."""
    quantity = Fraction(mark, UNIT)
    match criterion.type:
        case CriterionType.COUNT:
            points = min(quantity * Fraction(criterion.per_unit), Fraction(criterion.max_points))
        case CriterionType.BANDS:
            points = next((Fraction(band.points) for band in criterion.bands if band.holds(quantity)), Fraction(0))
        case CriterionType.YES_NO:
            points = quantity * Fraction(criterion.max_points)
        case CriterionType.PENALTY:
            points = -quantity * Fraction(criterion.penalty)
        case kind:
            raise ValueError(f"a criterion of type {kind} is not a fact by itself")
    return CriterionScore(criterion.code, quantity, quantity, roundings.apply(RoundingPoint.PRODUCT, points))


def given_by(criterion: Criterion, mark: int) -> Fraction | None:
    """The points of one mark by itself, before it is composed with others and before any rounding; ``None`` where they
    depend on the other proposals."""
    if criterion.type is CriterionType.FORMULA:
        return None
    if not criterion.is_judged:
        return of_fact(criterion, mark, Roundings(())).points
    value = Fraction(mark, UNIT)
    return value if criterion.type in IN_POINTS else value * Fraction(criterion.max_points)


def yardstick(criterion: Criterion, quantities: Iterable[Fraction]) -> Yardstick:
    """Of the ``quantities`` of all the proposals of the area, at least one."""
    given: Sequence[Fraction] = list(quantities)
    best = max(given) if criterion.formula.best is Best.HIGHER else min(given)
    return Yardstick(best, sum(given, Fraction(0)) / len(given))


def by_formula(criterion: Criterion, quantity: Fraction, against: Yardstick, roundings: Roundings) -> CriterionScore:
    """The points of a quantity R beside the best one: D.P.R. 207/2010, annex P, and ANAC, Linee guida 2.

    What those texts leave open is settled here, once for all calls:

    * the best is 0 because every quantity is 0, and the highest wins: nobody gets points, since nobody offers anything;
    * the lowest wins and the best is 0: it gets the maximum, and whoever asks for more than nothing gets 0;
    * all quantities are equal: a linear or power formula gives everybody the maximum; a bilinear one gives everybody
      ``knee`` times the maximum, because R does not exceed the mean S (so says annex P, and R = S = Rmax never reaches the
      second branch, whose denominator would be 0);
    * the same holds of a proposal that is alone.

    Linear and bilinear points are exact; a power whose exponent is not whole has no last digit, so the call rounds it
    (``at: product``), by comparing integer powers.
    """
    formula, maximum = criterion.formula, Fraction(criterion.max_points)
    counted = _ratio(formula.best, quantity, against.best)
    match formula.kind:
        case FormulaKind.LINEAR:
            points = roundings.apply(RoundingPoint.PRODUCT, maximum * counted)
        case FormulaKind.POWER:
            points = _power(maximum, counted, Fraction(formula.exponent), roundings)
        case FormulaKind.BILINEAR:
            counted = _bilinear(quantity, against, Fraction(formula.knee))
            points = roundings.apply(RoundingPoint.PRODUCT, maximum * counted)
    return CriterionScore(criterion.code, quantity, counted, points, yardstick=against)


def has_endless_points(criterion: Criterion) -> bool:
    """Whether the formula gives numbers that have no last digit, and are no fractions either."""
    formula = criterion.formula
    return formula is not None and formula.kind is FormulaKind.POWER and Fraction(formula.exponent).denominator != 1


def _ratio(best: Best, quantity: Fraction, yardstick: Fraction) -> Fraction:
    if best is Best.HIGHER:
        return quantity / yardstick if yardstick else Fraction(0)
    return Fraction(1) if quantity == yardstick else yardstick / quantity


def _power(maximum: Fraction, ratio: Fraction, exponent: Fraction, roundings: Roundings) -> Fraction:
    if exponent.denominator == 1:
        return roundings.apply(RoundingPoint.PRODUCT, maximum * ratio**exponent.numerator)
    rule = roundings.at(RoundingPoint.PRODUCT)
    if rule is None:
        raise ValueError("a power whose exponent is not whole must be rounded at product")
    return rounded_power(maximum, ratio, exponent, rule.digits, rule.mode)


def _bilinear(quantity: Fraction, against: Yardstick, knee: Fraction) -> Fraction:
    if not against.best:
        return Fraction(0)
    if quantity <= against.mean:
        return knee * quantity / against.mean
    return knee + (1 - knee) * (quantity - against.mean) / (against.best - against.mean)
