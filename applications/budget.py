"""The arithmetic of a budget and the rules of the call about it.

PURE: standard library only. Amounts are whole cents; shares are exact fractions. The percentage that a rule states is
reached when it is reached exactly: 19,999% is not 20%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from bando.notice.document import Budget, BudgetItem


class Rule(StrEnum):
    SOME_COST = "some_cost"
    MAX_GRANT = "max_grant"
    MIN_OWN_SHARE = "min_own_share"
    MAX_INDIRECT = "max_indirect"


@dataclass(frozen=True, slots=True)
class Line:
    """One item: what it costs and how much of it the body pays."""

    item: BudgetItem
    total: int
    own: int

    @property
    def grant(self) -> int:
        return self.total - self.own


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the call on this budget.

    ``amount`` and ``limit`` are cents for the greatest grant, percent (exact) for the shares. ``gap`` are the cents that
    are missing to the least own share, or too many for the other two; 0 when the rule is respected.
    """

    rule: Rule
    passed: bool
    amount: Fraction
    limit: Fraction
    gap: int


@dataclass(frozen=True, slots=True)
class Outcome:
    lines: tuple[Line, ...]
    checks: tuple[Check, ...]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def own(self) -> int:
        return sum(line.own for line in self.lines)

    @property
    def grant(self) -> int:
        return self.total - self.own

    @property
    def indirect(self) -> int:
        return sum(line.total for line in self.lines if line.item.indirect)

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def judge(budget: Budget, amounts: Mapping[str, tuple[int, int]]) -> Outcome:
    """The budget with ``amounts`` (total cost and own part, in cents, by code of the item; missing ones are zero).

    Raises ``ValueError`` for a negative amount or an own part greater than its cost: such a line is no line.
    """
    lines = tuple(Line(item, *amounts.get(item.code, (0, 0))) for item in budget.items)
    for line in lines:
        if not 0 <= line.own <= line.total:
            raise ValueError(f"{line.item.code}: {line.own} of {line.total}")
    return Outcome(lines, tuple(_checks(budget, Outcome(lines, ()))))


def _checks(budget: Budget, sums: Outcome) -> list[Check]:
    found = [Check(Rule.SOME_COST, sums.total > 0, Fraction(sums.total), Fraction(0), 0)]
    if budget.max_grant_cents is not None:
        over = sums.grant - budget.max_grant_cents
        found.append(Check(Rule.MAX_GRANT, over <= 0, Fraction(sums.grant), Fraction(budget.max_grant_cents), max(over, 0)))
    if budget.min_own_share_percent is not None:
        limit = Fraction(budget.min_own_share_percent)
        short = _up(sums.total * limit / 100) - sums.own
        found.append(Check(Rule.MIN_OWN_SHARE, short <= 0, _percent(sums.own, sums.total), limit, max(short, 0)))
    if budget.max_indirect_percent is not None:
        limit = Fraction(budget.max_indirect_percent)
        over = sums.indirect - sums.total * limit // 100
        found.append(Check(Rule.MAX_INDIRECT, over <= 0, _percent(sums.indirect, sums.total), limit, max(over, 0)))
    return found


def shown_percent(share: Fraction, *, up: bool) -> Decimal:
    """``share`` percent with at most two decimals, rounded away from what the rule wants: what is shown as enough, is."""
    hundredths = _up(share * 100) if up else share * 100 // 1
    return Decimal(int(hundredths)).scaleb(-2).normalize() + 0


def _percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole) if whole else Fraction(0)


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
