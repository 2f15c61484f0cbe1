"""What a Spazio tells of a term against what its project foresaw: sums, what is missing, how late it is.

PURE: standard library only. Money is whole cents, work whole minutes. The hours of volunteers are told and valued by the
budget, and never reimbursed (D.M. 72/2021): here they are kept apart and add nothing to what was spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

REMINDERS = (14, 3, -1)
"""Days before the last day on which a reminder leaves; the last one the day after it."""
LATEST = -30
"""A reminder that could not leave for a month is not sent any more."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An item of the final budget: what it costs in the whole agreement, and how much of that the bodies bring."""

    code: str
    title: str
    total_cents: int
    own_cents: int


@dataclass(frozen=True, slots=True)
class Expense:
    """``own_cents`` is the part of ``spent_cents`` that the body brings."""

    item: str
    spent_cents: int
    own_cents: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    role: str
    minutes: int
    volunteer: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An item with what was spent on it: before this report, in it, and what is left of the budget (below zero: too much)."""

    code: str
    title: str
    foreseen_cents: int
    own_foreseen_cents: int
    before_cents: int
    spent_cents: int
    own_cents: int
    own_so_far_cents: int
    note: str

    @property
    def so_far_cents(self) -> int:
        return self.before_cents + self.spent_cents

    @property
    def left_cents(self) -> int:
        return self.foreseen_cents - self.so_far_cents


def against_budget(foreseen: Sequence[Foreseen], before: Iterable[Expense], now: Iterable[Expense]) -> tuple[Line, ...]:
    """A line for each item of the budget, in its order, then one for each item that was spent on and is not in it."""
    earlier, told = list(before), {expense.item: expense for expense in now}
    sums: dict[str, int] = {}
    own: dict[str, int] = {}
    for expense in [*earlier, *told.values()]:
        own[expense.item] = own.get(expense.item, 0) + expense.own_cents
    for expense in earlier:
        sums[expense.item] = sums.get(expense.item, 0) + expense.spent_cents
    known = {item.code for item in foreseen}
    strangers = sorted({expense.item for expense in [*earlier, *told.values()]} - known)
    items = [*foreseen, *(Foreseen(code, code, 0, 0) for code in strangers)]
    nothing = Expense("", 0, 0)
    return tuple(
        Line(
            item.code,
            item.title,
            item.total_cents,
            item.own_cents,
            sums.get(item.code, 0),
            told.get(item.code, nothing).spent_cents,
            told.get(item.code, nothing).own_cents,
            own.get(item.code, 0),
            told.get(item.code, nothing).note,
        )
        for item in items
    )


def total(lines: Iterable[Line]) -> Line:
    """All the lines as one."""
    rows = list(lines)
    names = ("foreseen_cents", "own_foreseen_cents", "before_cents", "spent_cents", "own_cents", "own_so_far_cents")
    return Line("", "", *(sum(getattr(row, name) for row in rows) for name in names), note="")


class Missing(StrEnum):
    """What a report lacks before it can be sent."""

    VISITS = "visits"
    WORK = "work"
    ACTIVITIES = "activities"
    OWN_BEYOND_SPENT = "own_beyond_spent"
    BEYOND_BUDGET = "beyond_budget"
    QUARTERS = "quarters"
    ASSETS = "assets"
    EVALUATION = "evaluation"


def missing(visits: int | None, work: Sequence[Work], activities: str, lines: Iterable[Line]) -> list[tuple[Missing, str]]:
    """What is missing, each with the title of the item that it is about ("" for none). An item may cost more than the budget
    foresaw when a note says why: it is the office that approves."""
    found: list[tuple[Missing, str]] = []
    if visits is None:
        found.append((Missing.VISITS, ""))
    if not work:
        found.append((Missing.WORK, ""))
    if not activities.strip():
        found.append((Missing.ACTIVITIES, ""))
    for line in lines:
        if line.own_cents > line.spent_cents:
            found.append((Missing.OWN_BEYOND_SPENT, line.title))
        if line.spent_cents and line.left_cents < 0 and not line.note.strip():
            found.append((Missing.BEYOND_BUDGET, line.title))
    return found


def missing_at_the_end(untold: Iterable[str], activities: str, assets: str, evaluation: str) -> list[tuple[Missing, str]]:
    """The same for a final report. ``untold`` names the quarters that were not sent: their figures would be missing from the
    sums."""
    found = [(Missing.QUARTERS, name) for name in untold]
    written = ((Missing.ACTIVITIES, activities), (Missing.ASSETS, assets), (Missing.EVALUATION, evaluation))
    return found + [(what, "") for what, text in written if not text.strip()]


def added_up(work: Iterable[Work]) -> list[Work]:
    """A line for each role, with the minutes of all that was told of it; in the order in which they were first told."""
    minutes: dict[tuple[str, bool], int] = {}
    names: dict[tuple[str, bool], str] = {}
    for row in work:
        key = (row.role.casefold(), row.volunteer)
        names.setdefault(key, row.role)
        minutes[key] = minutes.get(key, 0) + row.minutes
    return [Work(names[key], spent, key[1]) for key, spent in minutes.items()]


def minutes_of(work: Iterable[Work], *, volunteers: bool) -> int:
    return sum(row.minutes for row in work if row.volunteer is volunteers)


def days_left(due_on: date, today: date) -> int:
    """Whole days until the last day: 0 on that day, below zero when it is past."""
    return (due_on - today).days


def reminder(left: int) -> int | None:
    """Which of the reminders is due when so many days are left: the nearest that has come, so that a day on which nothing could
    be sent loses none; ``None`` when it is too early or far too late."""
    come = [before for before in REMINDERS if left <= before]
    return min(come) if come and left >= LATEST else None


def read_expenses(stored: Iterable[Mapping[str, Any]]) -> list[Expense]:
    """``Report.expenses`` as values."""
    return [Expense(row["item"], row["spent_cents"], row["own_cents"], row.get("note", "")) for row in stored]


def read_work(stored: Iterable[Mapping[str, Any]]) -> list[Work]:
    """``Report.hours`` as values."""
    return [Work(row["role"], row["minutes"], row["volunteer"]) for row in stored]
