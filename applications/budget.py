"""The arithmetic of a budget and the rules of the call about it.

PURE: standard library only. Amounts are whole cents; shares are exact fractions. The percentage that a rule states is
reached when it is reached exactly: 19,999% is not 20%.

The hours of volunteers are valued: their value is a cost and a part of what the bodies bring, and never of the grant
(D.M. 72/2021: they are not reimbursed).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bando.notice.document import Budget, BudgetItem


class Rule(StrEnum):
    SOME_COST = "some_cost"
    MAX_GRANT = "max_grant"
    MIN_OWN_SHARE = "min_own_share"
    MAX_INDIRECT = "max_indirect"
    MIN_ITEM_OWN = "min_item_own"
    MAX_ITEM = "max_item"
    MAX_VOLUNTEERS = "max_volunteers"
    MAX_HOURLY = "max_hourly"


@dataclass(frozen=True, slots=True)
class Line:
    """What an item costs and how much of it the bodies pay. ``partner`` is the key of the body that spends, ``year`` a
    calendar year, ``action`` the code of an action: each only where the call asks for it."""

    item: BudgetItem
    total: int
    own: int
    partner: str = ""
    partner_name: str = ""
    year: int | None = None
    action: str = ""
    text: str = ""

    @property
    def grant(self) -> int:
        return self.total - self.own


@dataclass(frozen=True, slots=True)
class Volunteering:
    """``hours`` of volunteers, by halves; ``hourly``: the value of one, in cents."""

    activity: str
    hours: Decimal
    hourly: int
    partner: str = ""
    partner_name: str = ""

    @property
    def value(self) -> int:
        """In cents; a half cent falls away, so that nobody is credited with more than was brought."""
        return int(self.hours * 2) * self.hourly // 2


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the call on this budget, or on one ``item`` of it.

    ``amount`` and ``limit`` are cents for the greatest grant and the greatest value of an hour, percent (exact) for the
    shares. ``gap`` are the cents that are missing to a least share, or too many for the others; 0 when the rule is
    respected.
    """

    rule: Rule
    passed: bool
    amount: Fraction
    limit: Fraction
    gap: int
    item: BudgetItem | None = None


class Part(StrEnum):
    """What the sums of a budget are made by."""

    ITEM = "item"
    PARTNER = "partner"
    YEAR = "year"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Sum:
    """``key`` is the code of an item or of an action, the key of a partner or a year; "" for hours of volunteers, which have
    neither item nor year nor action. ``total`` and ``own`` count ``volunteered``, the value of hours, too."""

    key: str
    title: str
    total: int
    own: int
    volunteered: int

    @property
    def grant(self) -> int:
        return self.total - self.own


@dataclass(frozen=True, slots=True)
class Outcome:
    lines: tuple[Line, ...]
    checks: tuple[Check, ...]
    volunteers: tuple[Volunteering, ...] = ()

    @property
    def spent(self) -> int:
        """What is paid in money."""
        return sum(line.total for line in self.lines)

    @property
    def paid(self) -> int:
        """What the bodies pay of it."""
        return sum(line.own for line in self.lines)

    @property
    def volunteered(self) -> int:
        return sum(row.value for row in self.volunteers)

    @property
    def total(self) -> int:
        return self.spent + self.volunteered

    @property
    def own(self) -> int:
        return self.paid + self.volunteered

    @property
    def grant(self) -> int:
        return self.total - self.own

    @property
    def indirect(self) -> int:
        return sum(line.total for line in self.lines if line.item.indirect)

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    def of(self, item: BudgetItem) -> tuple[int, int]:
        """The cost of an item, and what the bodies pay of it."""
        mine = [line for line in self.lines if line.item.code == item.code]
        return sum(line.total for line in mine), sum(line.own for line in mine)


def judge(budget: Budget, amounts: Mapping[str, tuple[int, int]], volunteers: Iterable[Volunteering] = ()) -> Outcome:
    """The budget of one row per item, with ``amounts`` (total cost and own part, in cents, by code of the item; missing
    ones are zero). Raises as :func:`judge_lines`."""
    return judge_lines(budget, (Line(item, *amounts.get(item.code, (0, 0))) for item in budget.items), volunteers)


def judge_lines(budget: Budget, lines: Iterable[Line], volunteers: Iterable[Volunteering] = ()) -> Outcome:
    """The budget with these lines and hours.

    Raises ``ValueError`` for a negative amount or an own part greater than its cost, and for hours that are not some halves
    of an hour: such a line is no line.
    """
    lines, volunteers = tuple(lines), tuple(volunteers)
    for line in lines:
        if not 0 <= line.own <= line.total:
            raise ValueError(f"{line.item.code}: {line.own} of {line.total}")
    for row in volunteers:
        if row.hours <= 0 or row.hours * 2 % 1 or row.hourly < 0:
            raise ValueError(f"{row.activity}: {row.hours} hours at {row.hourly}")
    return Outcome(lines, tuple(_checks(budget, Outcome(lines, (), volunteers))), volunteers)


def thawed(budget: Budget, values: Mapping[str, Any]) -> Outcome:
    """The budget that a submission froze (``BudgetForm.values``), judged by the call that it answered."""
    items = {item.code: item for item in budget.items}
    volunteers = [
        Volunteering(row["activity"], Decimal(row["hours"]), row["hourly"], row.get("partner", ""), row.get("partner_name", ""))
        for row in values.get("volunteers", ())
    ]
    if "lines" not in values:
        amounts = {code: (line["total"], line["own"]) for code, line in values.get("items", {}).items()}
        return judge_lines(budget, () if budget.is_split else judge(budget, amounts).lines, volunteers)
    lines = [
        Line(
            items[row["item"]],
            row["total"],
            row["own"],
            row.get("partner", ""),
            row.get("partner_name", ""),
            row.get("year"),
            row.get("action", ""),
            row["text"],
        )
        for row in values["lines"]
    ]
    return judge_lines(budget, lines, volunteers)


def sums(budget: Budget, outcome: Outcome, part: Part) -> list[Sum]:
    """What each item, partner, year or action costs, in the order of the call (partners by name); together they are the whole
    budget, so hours of volunteers come last where no line can have them. Only what has some line or hour."""
    found: dict[str, list[int]] = {}
    titles = {item.code: item.title for item in budget.items} if part is Part.ITEM else {}
    titles |= {action.code: action.label for action in budget.actions} if part is Part.ACTION else {}
    order = {code: place for place, code in enumerate(titles)}
    for line in outcome.lines:
        key = _KEYS[part](line)
        _add(found, key, line.total, line.own, 0)
        if part is Part.PARTNER:
            titles[key] = line.partner_name
    for row in outcome.volunteers:
        key = row.partner if part is Part.PARTNER else ""
        _add(found, key, row.value, row.value, row.value)
        if part is Part.PARTNER:
            titles[key] = row.partner_name
    made = [Sum(key, titles.get(key, key), *amounts) for key, amounts in found.items()]
    return sorted(made, key=lambda made: (not made.key, order.get(made.key, 0), made.title.casefold(), made.key))


def twins(lines: Iterable[tuple[int, Line]]) -> list[tuple[int, ...]]:
    """The numbers of the lines that say the same of different amounts: nobody could tell them apart. ``lines`` come with their
    numbers."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for number, line in lines:
        text = " ".join(line.text.split()).casefold()
        alike.setdefault((line.item.code, line.partner, line.year, line.action, text), []).append(number)
    return [tuple(numbers) for numbers in alike.values() if len(numbers) > 1]


def shown_percent(share: Fraction, *, up: bool) -> Decimal:
    """``share`` percent with at most two decimals, rounded away from what the rule wants: what is shown as enough, is."""
    hundredths = _up(share * 100) if up else share * 100 // 1
    return Decimal(int(hundredths)).scaleb(-2).normalize() + 0


def percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole) if whole else Fraction(0)


_KEYS = {
    Part.ITEM: lambda line: line.item.code,
    Part.PARTNER: lambda line: line.partner,
    Part.YEAR: lambda line: str(line.year or ""),
    Part.ACTION: lambda line: line.action,
}


def _add(found: dict[str, list[int]], key: str, *amounts: int) -> None:
    found[key] = [a + b for a, b in zip(found.get(key, [0, 0, 0]), amounts, strict=True)]


def _checks(budget: Budget, all_: Outcome) -> list[Check]:
    found = [Check(Rule.SOME_COST, all_.total > 0, Fraction(all_.total), Fraction(0), 0)]
    if budget.max_grant_cents is not None:
        found.append(_at_most(Rule.MAX_GRANT, all_.grant, budget.max_grant_cents))
    if budget.min_own_share_percent is not None:
        found.append(_least(Rule.MIN_OWN_SHARE, all_.own, all_.total, budget.min_own_share_percent))
    if budget.max_indirect_percent is not None:
        found.append(_greatest(Rule.MAX_INDIRECT, all_.indirect, all_.total, budget.max_indirect_percent))
    for item in budget.items:
        total, own = all_.of(item)
        if item.min_own_percent is not None and total:
            found.append(_least(Rule.MIN_ITEM_OWN, own, total, item.min_own_percent, item))
        if item.max_percent is not None:
            found.append(_greatest(Rule.MAX_ITEM, total, all_.total, item.max_percent, item))
    if budget.volunteers is not None and all_.volunteers:
        if budget.volunteers.max_percent is not None:
            found.append(_volunteers(all_, Fraction(budget.volunteers.max_percent)))
        found.append(_at_most(Rule.MAX_HOURLY, max(row.hourly for row in all_.volunteers), budget.volunteers.hourly_cents))
    return found


def _at_most(rule: Rule, amount: int, limit: int) -> Check:
    return Check(rule, amount <= limit, Fraction(amount), Fraction(limit), max(amount - limit, 0))


def _least(rule: Rule, own: int, total: int, wanted: Decimal, item: BudgetItem | None = None) -> Check:
    limit = Fraction(wanted)
    short = _up(total * limit / 100) - own
    return Check(rule, short <= 0, percent(own, total), limit, max(short, 0), item)


def _greatest(rule: Rule, part: int, total: int, allowed: Decimal, item: BudgetItem | None = None) -> Check:
    limit = Fraction(allowed)
    over = part - total * limit // 100
    return Check(rule, over <= 0, percent(part, total), limit, max(over, 0), item)


def _volunteers(all_: Outcome, limit: Fraction) -> Check:
    """The hours may be ``limit`` percent of all that the bodies bring, themselves included: the gap is what to take away from
    them while the money stays."""
    value, own = all_.volunteered, all_.own
    passed = value * 100 <= own * limit
    gap = 0 if passed else value - (own - value) * limit // (100 - limit)
    return Check(Rule.MAX_VOLUNTEERS, passed, percent(value, own), limit, int(gap))


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
