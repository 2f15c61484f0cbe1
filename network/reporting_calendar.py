"""When a body tells what it did under an agreement.

PURE: standard library only. A report every three months from the commencement, the last one cut at the end, and a final one of
the whole agreement: the manner of the model agreements of D.M. 72/2021, which pay by quarters. The days of a report are whole
days of the calendar, both ends included.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = 3
"""Of a report."""
DAYS_TO_TELL = 30
"""After the last day that a report tells of: the day on which it is due, the final one too."""


@dataclass(frozen=True, slots=True)
class Term:
    """``due_on`` is the last day on which the report may be sent."""

    number: int
    is_final: bool
    first_day: date
    last_day: date
    due_on: date


def terms(starts_on: date, ends_on: date) -> list[Term]:
    """The reports of an agreement in force from ``starts_on`` to ``ends_on``, both included. Raises ``ValueError`` when it ends
    before it starts."""
    if ends_on < starts_on:
        raise ValueError(f"{starts_on} to {ends_on}")
    found = []
    first = starts_on
    while first <= ends_on:
        number = len(found) + 1
        following = months_later(starts_on, MONTHS * number)
        found.append(_term(number, first, min(following - timedelta(days=1), ends_on)))
        first = following
    return [*found, _term(len(found) + 1, starts_on, ends_on, is_final=True)]


def tells(first_day: date, last_day: date, opened_on: date | None, closed_on: date | None) -> bool:
    """Whether a Spazio has something to tell of these days (both included): it was open on one of them. ``opened_on`` None: it
    never was; ``closed_on`` None: it still is."""
    return opened_on is not None and opened_on <= last_day and (closed_on is None or closed_on >= first_day)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that has no such day. Counted from the commencement each time,
    so that what begins on the 31st comes back to the 31st."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _term(number: int, first: date, last: date, *, is_final: bool = False) -> Term:
    return Term(number, is_final, first, last, last + timedelta(days=DAYS_TO_TELL))
