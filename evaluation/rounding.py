"""Rounding as a call says it, and nowhere else: the point of rounding can change the winner.

PURE: standard library only, integers and ``Fraction``. A root that has no end is never written as an approximation: it is
rounded once, by comparing integer powers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from bando.notice.grid import Rounding, RoundingMode, RoundingPoint


def rounded(value: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """``value`` with ``digits`` decimals. Half up goes away from zero, truncation towards it, below zero too."""
    units, scale = _units(value, digits, mode)
    return Fraction(units, scale)


def published(value: Fraction, digits: int, mode: RoundingMode = RoundingMode.HALF_UP) -> Decimal:
    """The figure a reader sees: exactly ``digits`` decimals, trailing zeros kept."""
    units, _ = _units(value, digits, mode)
    # Built from text: arithmetic on a Decimal would round to the precision of the context.
    return Decimal(f"{units}E-{digits}")


def rounded_power(weight: Fraction, ratio: Fraction, exponent: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """``weight * ratio ** exponent`` with ``digits`` decimals, for a ``ratio`` from 0 to 1 and a positive ``exponent``.

    With the exponent ``a / b`` in lowest terms, the number in units of the last digit is the ``b``-th root of a fraction
    that can be written. Whether an integer, or an integer and a half, lies below that root is asked of the ``b``-th powers.
    """
    scale = 10**digits
    power, root = exponent.as_integer_ratio()
    # Not as a Fraction: to reduce numbers of this length costs more than all the rest.
    above = (weight.numerator * scale) ** root * ratio.numerator**power
    below = weight.denominator**root * ratio.denominator**power

    # The ratio is at most 1, so the root is at most the weight.
    units = bisect_right(range(int(weight * scale) + 1), above // below, key=lambda unit: unit**root) - 1
    # Whether a half more lies below the root, is it, or lies above: -1, 0, 1.
    mine, its = (2 * units + 1) ** root * below, above << root
    half = (mine > its) - (mine < its)
    match mode:
        case RoundingMode.HALF_UP:
            units += half <= 0
        case RoundingMode.HALF_EVEN:
            units += half < 0 or (half == 0 and units % 2 == 1)
        case RoundingMode.TRUNCATE:
            pass
    return Fraction(units, scale)


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

    def at(self, point: RoundingPoint) -> Rounding | None:
        return self._rules.get(point)

    def apply(self, at: RoundingPoint, value: Fraction) -> Fraction:
        rule = self._rules.get(at)
        return value if rule is None else rounded(value, rule.digits, rule.mode)

    @property
    def published_mode(self) -> RoundingMode:
        """How published figures are rounded: as the call rounds the total, else half up, the everyday reading."""
        rule = self._rules.get(RoundingPoint.TOTAL)
        return RoundingMode.HALF_UP if rule is None else rule.mode
