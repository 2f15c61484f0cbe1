"""Opening hours: read from what people write, and asked of a moment: is the door open, and until when.

PURE: standard library only. Hours are kept as a list of ``{"day": 1..7, "opens": "09:00", "closes": "13:00"}`` (ISO
weekdays, wall clock of Europe/Rome), in order and without overlaps; ``closes`` may be ``"24:00"``. Exceptions are a list of
``{"first": "2026-12-24", "last": "2027-01-06", "hours": [{"opens", "closes"}...], "why": "..."}``: on those days they stand in
the place of the week's hours, and no hours mean that the door stays shut. Where two hold on a day, the first of the list counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bando.deadlines import ROME, day_in_rome

DAYS = range(1, 8)
HORIZON = 400
"""Days that are looked at for the next opening: a year, and a summer."""
_SPAN = re.compile(r"^(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?$")

Exceptions = Sequence[Mapping[str, Any]]


class Unreadable(ValueError):
    """A day's hours that can't be read; the argument is the part that was not understood."""


@dataclass(frozen=True, slots=True)
class Door:
    """``changes_at``: the instant at which an open door shuts, or a shut one opens; None when that is beyond the horizon."""

    is_open: bool
    changes_at: datetime | None


def read_day(day: int, text: str) -> list[dict[str, Any]]:
    """``"9-13, 14:30-18"`` as spans of ``day``; empty text: closed. Raises :class:`Unreadable`."""
    spans = []
    for part in (p.strip() for p in text.split(",")):
        if not part:
            continue
        found = _SPAN.match(part)
        if not found:
            raise Unreadable(part)
        opens, closes = _clock(found[1], found[2], part), _clock(found[3], found[4], part)
        if opens >= closes or (spans and spans[-1]["closes"] > opens):
            raise Unreadable(part)
        spans.append({"day": day, "opens": opens, "closes": closes})
    return spans


def write_day(hours: Iterable[Mapping[str, Any]], day: int) -> str:
    """The spans of ``day`` as people write them; empty when closed."""
    return ", ".join(f"{span['opens']}-{span['closes']}" for span in hours if span["day"] == day)


def exception_on(exceptions: Exceptions, day: date) -> Mapping[str, Any] | None:
    """The exception that holds on ``day``."""
    text = day.isoformat()
    return next((row for row in exceptions if row["first"] <= text <= row["last"]), None)


def exceptions_between(exceptions: Exceptions, first: date, last: date) -> list[Mapping[str, Any]]:
    """Those that hold on a day from ``first`` to ``last``, both included, in order of time."""
    touching = (row for row in exceptions if row["first"] <= last.isoformat() and first.isoformat() <= row["last"])
    return sorted(touching, key=lambda row: (row["first"], row["last"]))


def spans_on(hours: Iterable[Mapping[str, Any]], exceptions: Exceptions, day: date) -> list[tuple[str, str]]:
    """When the door is open on ``day``, as clock times."""
    exception = exception_on(exceptions, day)
    if exception is not None:
        return [(span["opens"], span["closes"]) for span in exception["hours"]]
    return [(span["opens"], span["closes"]) for span in hours if span["day"] == day.isoweekday()]


def is_open(hours: Iterable[Mapping[str, Any]], at: datetime, exceptions: Exceptions = ()) -> bool:
    """Whether the door is open at ``at``: from the minute of opening until the minute of closing begins."""
    return door(list(hours), at, exceptions).is_open


def door(hours: Sequence[Mapping[str, Any]], at: datetime, exceptions: Exceptions = ()) -> Door:
    """How the door stands at ``at`` and when that changes. Spans that touch are one, also across midnight."""
    instant = at.astimezone(UTC)
    today = day_in_rome(at)
    for opens, closes in _joined(_openings(hours, exceptions, today)):
        if closes <= instant:
            continue
        if opens > instant:
            return Door(False, opens)
        return Door(True, None if closes - instant > timedelta(days=HORIZON - 1) else closes)
    return Door(False, None)


def _openings(hours: Sequence[Mapping[str, Any]], exceptions: Exceptions, today: date) -> Iterator[tuple[datetime, datetime]]:
    """Every span from ``today`` on, in UTC: where the clocks change, a wall clock alone would be an hour off."""
    for n in range(HORIZON):
        day = today + timedelta(days=n)
        for opens, closes in sorted(spans_on(hours, exceptions, day)):
            begins, ends = _instant(day, opens), _instant(day, closes)
            if begins < ends:  # 02:15-02:45 on the night when 2 to 3 is jumped over opens no door
                yield begins, ends


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    begun = None
    for opens, closes in spans:
        if begun is not None and opens <= begun[1]:
            begun = (begun[0], max(closes, begun[1]))
            continue
        if begun is not None:
            yield begun
        begun = (opens, closes)
    if begun is not None:
        yield begun


def _instant(day: date, clock: str) -> datetime:
    """A clock time of a day in Rome as an instant; of an hour that happens twice the first, of one that does not exist the
    hour as the clocks show it."""
    hour, minute = (int(part) for part in clock.split(":"))
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour, minute), tzinfo=ROME).astimezone(UTC)


def _clock(hour: str, minute: str | None, part: str) -> str:
    if int(hour) > 24 or int(minute or 0) > 59 or (int(hour) == 24 and int(minute or 0)):
        raise Unreadable(part)
    return f"{int(hour):02d}:{int(minute or 0):02d}"
