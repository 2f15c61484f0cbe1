"""Given a moment, is it in time? Windows and terms in days, judged in Europe/Rome.

PURE: standard library only, and no clock: the moment is always an argument, read once at the edge of the program.

Two aware datetimes that carry the same ``ZoneInfo`` are compared and subtracted by Python on their wall clocks, without
looking at the offset: on the night when summer time ends, a moment one hour late could look early. So every comparison
here is made in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


LONGEST_UNDER_WAY = timedelta(minutes=10)
"""How long a request that arrived in time may take until it is written: its body, the proxy, the wait for a lock."""


class NonexistentTime(ValueError):
    """A wall-clock time that the change to summer time jumps over."""


class AmbiguousTime(ValueError):
    """A wall-clock time that happens twice, on the night when summer time ends."""


class Phase(StrEnum):
    """Where a moment stands: before the window opens, inside it, or after it closed. Computed, never stored."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


def in_utc(moment: datetime) -> datetime:
    """The same instant in UTC. ValueError for a datetime without an offset, TypeError for anything else."""
    if not isinstance(moment, datetime):
        raise TypeError(f"a datetime is needed, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: it is not an instant")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a call receives applications. Both ends belong to it.

    ``opens`` is None for a call that receives from its publication on. A request that arrived at 12:00:00.000000 is in
    time for 12:00; at 12:00:00.000001 it is late (Cons. Stato VI 8546/2024 held 12:00:33 to be late for 12:00).
    Raises ValueError for a naive end, or when it would close before it opens.
    """

    opens: datetime | None
    closes: datetime

    def __post_init__(self) -> None:
        closes = in_utc(self.closes)
        if self.opens is not None and in_utc(self.opens) >= closes:
            raise ValueError("a window opens before it closes")

    def phase(self, at: datetime) -> Phase:
        instant = in_utc(at)
        if instant > in_utc(self.closes):
            return Phase.CLOSED
        if self.opens is not None and instant < in_utc(self.opens):
            return Phase.BEFORE
        return Phase.OPEN

    def is_open(self, at: datetime) -> bool:
        return self.phase(at) is Phase.OPEN

    def remaining(self, at: datetime) -> timedelta:
        """Time that truly passes until the window closes, hours of the clock change included; zero once closed."""
        return max(in_utc(self.closes) - in_utc(at), timedelta(0))


def in_rome(local: datetime) -> datetime:
    """A wall-clock time of Europe/Rome as an aware datetime.

    Raises NonexistentTime or AmbiguousTime (both ValueError) around the changes of summer time, because a term that
    people can read in two ways is no term; ValueError when ``local`` already has a time zone.
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local.isoformat()} already has a time zone")
    first = local.replace(tzinfo=ROME, fold=0)
    second = local.replace(tzinfo=ROME, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    # In a gap fold=0 reads with the old, smaller offset; in a repeated hour with the old, larger one (PEP 495).
    if first.utcoffset() < second.utcoffset():
        raise NonexistentTime(local.isoformat())
    raise AmbiguousTime(local.isoformat())


def rome(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """``in_rome`` from the numbers on the clock: ``rome(2021, 10, 18, 12)`` is the deadline of the Spazi WeMi."""
    return in_rome(datetime.combine(date(year, month, day), time(hour, minute, second)))


def day_in_rome(moment: datetime) -> date:
    """The calendar day of an instant in Europe/Rome. ValueError for a datetime without an offset."""
    return in_utc(moment).astimezone(ROME).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a calendar day in Europe/Rome (no change of summer time ever falls there)."""
    return in_rome(datetime.combine(day, time.max))


def term(start: datetime, days: int) -> datetime:
    """The last instant of a term of ``days`` calendar days from ``start``, Europe/Rome.

    The day of the start is not counted and the term ends with its last day (art. 2963 of the civil code). A last day
    that is a holiday is not moved on: an act that sets a term states its date, and the office chooses that date.
    """
    _positive(days)
    return end_of_day(day_in_rome(start) + timedelta(days=days))


def same_time_after(start: datetime, days: int) -> datetime:
    """The same time on the clock ``days`` calendar days after ``start``, Europe/Rome.

    A day with a change of summer time lasts 23 or 25 hours, and the clock wins over the hours. Where that time does
    not exist or happens twice, the later instant is taken: doubt runs in favour of who has the term.
    """
    _positive(days)
    local = in_utc(start).astimezone(ROME).replace(tzinfo=None, fold=0) + timedelta(days=days)
    readings = (local.replace(tzinfo=ROME, fold=fold) for fold in (0, 1))
    # Through UTC and back, so that a time inside the gap is shown as the clocks show it.
    return max(in_utc(reading) for reading in readings).astimezone(ROME)


def _positive(days: int) -> None:
    if days < 1:
        raise ValueError("a term lasts at least one day")
