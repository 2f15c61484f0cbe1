"""Within how many days the office ends a formal check, and what stops that clock.

PURE: standard library only, and no clock: the moment is always an argument. Days are calendar days of Europe/Rome. The day of
the deadline is not counted, nor is that from which the clock runs again (art. 2963 of the civil code); the day on which it
stops is. So a stop from Monday to Thursday takes three days out of the term: Tuesday, Wednesday and Thursday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bando.deadlines import day_in_rome, in_utc


@dataclass(frozen=True, slots=True)
class Stop:
    """The time in which the office waited for the body: ``ends`` is None while it still waits. ``restarts``: after it the days
    are counted from the beginning (art. 10-bis L. 241/1990 before D.L. 76/2020: the notice interrupts), and not from where they
    stood. Raises ValueError when it would end before it begins, or for a moment without a zone."""

    begins: datetime
    ends: datetime | None = None
    restarts: bool = False

    def __post_init__(self) -> None:
        if self.ends is None:
            in_utc(self.begins)
        elif in_utc(self.ends) < in_utc(self.begins):
            raise ValueError("a stop begins before it ends")


@dataclass(frozen=True, slots=True)
class Clock:
    """How the term stands: days ``used`` of those that it has, the day ``due`` on which it ends (None while it is stopped: the
    day is not known yet), since when it is stopped (``paused_since``, None when it runs), and how many days are ``left``, below
    zero once it has passed."""

    days: int
    used: int
    due: date | None
    paused_since: datetime | None

    @property
    def left(self) -> int:
        return self.days - self.used

    @property
    def is_late(self) -> bool:
        return self.left < 0


def check_clock(deadline: datetime, days: int, stops: Iterable[Stop], at: datetime) -> Clock:
    """The clock of a check of ``days`` days from ``deadline``, as it stands at ``at``. Stops may overlap; those that begin after
    ``at`` have not happened yet, and one that ends after it has not ended. A stop that begins when the term has passed already
    gives it no new beginning. Raises ValueError for a term of no days."""
    if days < 1:
        raise ValueError("a term lasts at least one day")
    start, today = day_in_rome(deadline), day_in_rome(at)
    here, used, paused = start, 0, None
    for stop in sorted(stops, key=lambda one: (in_utc(one.begins), in_utc(one.ends or at))):
        if in_utc(stop.begins) > in_utc(at):
            continue
        begun = day_in_rome(stop.begins)
        used += max((begun - here).days, 0)
        restarts = stop.restarts and used <= days
        if stop.ends is None or in_utc(stop.ends) > in_utc(at):
            paused = min(paused or stop.begins, stop.begins, key=in_utc)
            ended = today
        else:
            ended = day_in_rome(stop.ends)
        if restarts:
            used = 0
        here = max(here, ended)
    if paused is None:
        used += max((today - here).days, 0)
    due = None if paused else max(today, here) + timedelta(days=days - used)
    return Clock(days, used, due, paused)
