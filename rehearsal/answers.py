"""What an invented body types: for each question by its type, as short or as long as its manner wants, right or wrong.

PURE: standard library only. What is typed are texts by name of the input, as a form sends them. A question of a type that
nobody here knows has no answer: ``typed`` says ``None`` and the report names the question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from random import Random
from typing import Any

from bando.notice.document import Area, Budget, BudgetItem, Question
from rehearsal.texts import NAMES, prose, typed_in_a_browser

Typed = dict[str, list[str]]


class Manner(StrEnum):
    ORDINARY = "ordinary"
    LONGEST = "longest"
    STRANGE = "strange"
    LEAST = "least"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing typed wrong on purpose: the page must refuse ``typed``. ``why`` is a code that the report words."""

    why: str
    question: str
    typed: Typed


def is_asked(question: Question, given: Mapping[str, Any]) -> bool:
    """Whether ``question`` is asked of who has typed ``given`` (texts by question code)."""
    if question.when is None:
        return True
    return any(answer in question.when.answers for answer in given.get(question.when.question, ()))


def typed(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed | None:
    """The inputs of one question. ``{}`` leaves it empty; ``None``: nobody here knows its type. ``turn`` goes through the
    choices, so that bodies together choose each of them."""
    answer = _ANSWERS.get(str(question.type))
    if answer is None:
        return None
    if not question.required and manner is Manner.LEAST:
        return {}
    if not question.required and manner is Manner.ORDINARY and chance.randrange(3) == 0:
        return {}
    return answer(question, area, manner, chance, turn)


def slip(question: Question, chance: Random, *, texts: bool) -> Slip | None:
    """The same question answered wrongly by the least that there is: a character, a unit, a day, a box. ``texts``: those
    with a limit of characters; otherwise those with other bounds."""
    code, kind = question.code, str(question.type)
    if kind in {"short_text", "long_text"}:
        if texts and question.limit:
            return Slip("one_over_limit", code, {code: [prose(question.limit + 1, chance, lines=False)]})
        return None
    if texts:
        return None
    if kind == "number":
        step = Decimal(1).scaleb(-question.decimals)
        if question.max is not None:
            return Slip("over_maximum", code, {code: [_number_text(question.max + step)]})
        if question.min is not None:
            return Slip("under_minimum", code, {code: [_number_text(question.min - step)]})
        return Slip("not_a_number", code, {code: ["circa dodici"]})
    if kind == "money":
        if question.max is not None:
            return Slip("one_cent_over", code, {code: [_number_text(question.max + Decimal("0.01"))]})
        return Slip("not_a_number", code, {code: ["molti euro"]})
    if kind == "date":
        if isinstance(question.max, date):
            return Slip("day_after", code, {code: [(question.max + timedelta(days=1)).strftime("%d/%m/%Y")]})
        return Slip("not_a_day", code, {code: ["31/02/2021"]})
    if kind == "choices":
        least = int(question.min or 0)
        if least > 1:
            return Slip("one_choice_too_few", code, {code: [choice.code for choice in question.choices[: least - 1]]})
        if question.max is not None and len(question.choices) > int(question.max):
            return Slip("one_choice_too_many", code, {code: [c.code for c in question.choices[: int(question.max) + 1]]})
    if kind in {"choice", "yes_no"} and question.required:
        return Slip("no_choice", code, {code: []})
    return None


_JOINT = ("grupp", "ati", "ats", "rti", "capofila", "raggruppa", "insieme", "consorzi")


def _means_a_group(words: str) -> bool:
    parts = words.casefold().replace("(", " ").replace(",", " ").replace("-", " ").split()
    return any(part.startswith(sign) if len(sign) > 3 else part == sign for part in parts for sign in _JOINT)


def _text(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    limit, long = question.limit or 200, str(question.type) == "long_text"
    match manner:
        case Manner.LONGEST:
            return {question.code: [typed_in_a_browser(prose(limit, chance, lines=long))]}
        case Manner.STRANGE:
            if limit < 130:
                return {question.code: [chance.choice(NAMES)[:limit]]}
            return {question.code: [typed_in_a_browser(prose(limit * 2 // 3, chance, strange=True, lines=long))]}
        case Manner.LEAST:
            return {question.code: ["."]}
    length = chance.randrange(limit // 4, limit) if long else min(limit, chance.randrange(12, 60))
    return {question.code: [typed_in_a_browser(prose(max(length, 1), chance, lines=long))]}


def _number(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    return {question.code: [_between(question.min, question.max, question.decimals, manner, chance)]}


def _money(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    return {question.code: [_between(question.min, question.max, 2, manner, chance)]}


def _between(least: Any, most: Any, decimals: int, manner: Manner, chance: Random) -> str:
    low = Decimal(least) if least is not None else Decimal(0)
    high = Decimal(most) if most is not None else low + 100_000
    if manner is Manner.LEAST:
        return _number_text(low)
    if manner is Manner.LONGEST:
        return _number_text(high)
    steps = int((min(high, low + 100_000) - low).scaleb(decimals))
    return _number_text(low + Decimal(chance.randrange(steps + 1)).scaleb(-decimals))


def _number_text(number: Any) -> str:
    return format(Decimal(number), "f").replace(".", ",")


def _day(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    day = question.min if manner is Manner.LEAST else question.max
    day = day or question.max or question.min or date(2015, 1, 1) + timedelta(days=chance.randrange(2000))
    return {question.code: [day.strftime("%d/%m/%Y")]}


def _choice(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    if manner is Manner.GROUP:
        joint = [choice.code for choice in question.choices if _means_a_group(f"{choice.code} {choice.label}")]
        if joint:
            return {question.code: [joint[turn % len(joint)]]}
    return {question.code: [question.choices[turn % len(question.choices)].code]}


def _choices(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    least, most = max(int(question.min or 1), 1), int(question.max or len(question.choices))
    if manner is Manner.LONGEST:
        count = most
    elif manner is Manner.LEAST:
        count = least
    else:
        count = chance.randrange(least, most + 1)
    codes = [choice.code for choice in question.choices]
    begin = turn % len(codes)
    return {question.code: (codes[begin:] + codes[:begin])[:count]}


def _yes_no(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    if manner is Manner.GROUP and _means_a_group(question.label):
        return {question.code: ["yes"]}
    return {question.code: ["no" if manner is Manner.LEAST or turn % 3 == 2 else "yes"]}


def _declaration(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    return {question.code: ["on"]}


def _address(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    street = "Piazza dell'Unità d’Italia 1/bis, scala «B»" if manner is Manner.STRANGE else f"Via dei Fiori {turn + 1}"
    parts = {"street": street, "postal_code": "20121", "city": "Milano"}
    return {f"{question.code}__{part}": [text] for part, text in parts.items()}


def _municipio(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    return {question.code: [str(area.municipi[turn % len(area.municipi)])]} if area.municipi else {}


def _file(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    """Files travel by themselves: who fills the pages brings them."""
    return {}


def _table(question: Question, area: Area, manner: Manner, chance: Random, turn: int) -> Typed:
    """Inputs ``code__ROW__column`` with rows from 1: who fills the page moves them onto the rows that it has."""
    least, most = max(int(question.min or 0), 1), int(question.max or 3)
    count = most if manner is Manner.LONGEST else least if manner is Manner.LEAST else min(most, least + 1)
    found: Typed = {}
    for row in range(1, count + 1):
        for column in question.columns:
            cell = Question(
                code=f"{question.code}__{row}__{column.code}",
                label=column.label,
                type=column.type,
                limit=column.limit or (200 if str(column.type) == "short_text" else None),
                decimals=column.decimals,
                unit=column.unit,
                choices=column.choices,
                required=column.required,
                max=Decimal(100) // (count + 1) if _is_share(f"{column.unit} {column.label}") else None,
            )
            found |= typed(cell, area, manner, chance, turn + row) or {}
    return found


def _is_share(words: str) -> bool:
    """A part of a hundred: together the rows must leave something to who writes them."""
    return "%" in words or "per cento" in words.casefold() or "percent" in words.casefold()


_ANSWERS: dict[str, Callable[[Question, Area, Manner, Random, int], Typed]] = {
    "short_text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _day,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "address": _address,
    "municipio": _municipio,
    "declaration": _declaration,
    "file": _file,
    "table": _table,
}


# --- the budget -------------------------------------------------------------------------------------------------------


class Plan(StrEnum):
    """How a body fills the budget; the last three are wrong by one cent."""

    ORDINARY = "ordinary"
    AT_CAP = "at_cap"
    LEAST_SHARE = "least_share"
    MOST_INDIRECT = "most_indirect"
    OVER_CAP = "over_cap"
    SHORT_SHARE = "short_share"
    OVER_INDIRECT = "over_indirect"


def budget(rules: Budget, plan: Plan, chance: Random) -> Typed | None:
    """The amounts of each item, or ``None`` where the call has no such rule to keep or to break."""
    share = Fraction(rules.min_own_share_percent or 0) / 100
    cap, most_indirect = rules.max_grant_cents, rules.max_indirect_percent
    indirect = [item for item in rules.items if item.indirect]
    direct = [item for item in rules.items if not item.indirect] or list(rules.items)
    if plan in {Plan.AT_CAP, Plan.OVER_CAP} and (cap is None or share == 1):
        return None
    if plan in {Plan.LEAST_SHARE, Plan.SHORT_SHARE} and not share:
        return None
    if plan in {Plan.MOST_INDIRECT, Plan.OVER_INDIRECT} and (most_indirect is None or not indirect):
        return None
    if plan in {Plan.AT_CAP, Plan.OVER_CAP}:
        grant = cap + (plan is Plan.OVER_CAP)
        own = _up(grant * share / (1 - share))
        total = grant + own
    else:
        # A multiple of 10.000 cents, so that a percentage with two decimals is a whole number of cents.
        most = min(cap or 4_000_000, 50_000_000)
        total = max(10_000, most * chance.randrange(30, 90) // 100 // 10_000 * 10_000)
        own = _up(total * share)
        if plan is Plan.SHORT_SHARE:
            own -= 1
        elif plan not in {Plan.LEAST_SHARE}:
            own = min(total, own + total // 20)
    if plan in {Plan.MOST_INDIRECT, Plan.OVER_INDIRECT}:
        aside = int(total * Fraction(most_indirect) // 100) + (plan is Plan.OVER_INDIRECT)
    else:
        aside = 0
    costs = _spread(direct, total - aside, total) | dict.fromkeys([item.code for item in indirect if item not in direct], 0)
    if indirect:
        costs[indirect[0].code] = costs.get(indirect[0].code, 0) + aside
    least = {item.code: _up(costs[item.code] * Fraction(item.min_own_percent or 0) / 100) for item in rules.items}
    if sum(least.values()) > own:
        if plan is not Plan.ORDINARY:
            return None  # the items want more than the share that is tried
        own = sum(least.values())
    amounts = _own_parts(rules, costs, least, own)
    typed = _lines(rules, amounts) if rules.is_split else _rows(rules, amounts)
    return typed | (_hours(rules, own) if plan is Plan.ORDINARY else {})


def _spread(items: list[BudgetItem], total: int, whole: int) -> dict[str, int]:
    """A tenth to each item after the first, as far as it goes, and the rest to the first; what is more than an item may be of
    the ``whole`` goes to those that have room."""
    each = total // 10 if len(items) <= 8 else total // (len(items) + 2)
    costs = {items[0].code: total - each * (len(items) - 1)} | {item.code: each for item in items[1:]}
    most = {i.code: whole if i.max_percent is None else int(whole * Fraction(i.max_percent) // 100) for i in items}
    over = sum(max(cost - most[code], 0) for code, cost in costs.items())
    for code, cost in costs.items():
        moved = min(over, max(most[code] - cost, 0))
        costs[code], over = min(cost, most[code]) + moved, over - moved
    return costs


def _own_parts(rules: Budget, costs: Mapping[str, int], least: Mapping[str, int], own: int) -> dict[str, tuple[int, int]]:
    """The cost of each item and what the body pays of it: first what the item wants, then from the first item on."""
    left, found = own - sum(least.values()), {}
    for item in rules.items:
        more = min(costs[item.code] - least[item.code], left)
        found[item.code], left = (costs[item.code], least[item.code] + more), left - more
    return found


def _rows(rules: Budget, amounts: Mapping[str, tuple[int, int]]) -> Typed:
    found: Typed = {}
    for item in rules.items:
        for column, cents in zip(("total", "own"), amounts[item.code], strict=True):
            found[f"{item.code}__{column}"] = [_euro(cents)] if cents else [""]
    return found


def _lines(rules: Budget, amounts: Mapping[str, tuple[int, int]]) -> Typed:
    """A line for each item that has a cost, over the years and the actions in turn. A body that is alone is not asked who
    spends."""
    found: Typed = {}
    for row, (code, (total, own)) in enumerate(((code, pair) for code, pair in amounts.items() if pair[0]), 1):
        cells = {"item": code, "text": f"Spesa {row}", "total": _euro(total), "own": _euro(own) if own else ""}
        if rules.years:
            cells["year"] = str(rules.years[row % len(rules.years)])
        if rules.actions:
            cells["action"] = rules.actions[row % len(rules.actions)].code
        found |= {f"lines__{row}__{column}": [text] for column, text in cells.items()}
    return found


def _hours(rules: Budget, own: int) -> Typed:
    """Some hours of volunteers, where the call asks them and they are not too many beside what the body pays."""
    if rules.volunteers is None:
        return {}
    value = 21 * rules.volunteers.hourly_cents // 2
    if value * 100 > (own + value) * Fraction(100 if (most := rules.volunteers.max_percent) is None else most):
        return {}
    cells = {"activity": "Accoglienza", "hours": "10,5", "hourly": _euro(rules.volunteers.hourly_cents)}
    return {f"volunteers__1__{column}": [text] for column, text in cells.items()}


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
