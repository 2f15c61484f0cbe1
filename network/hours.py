"""Opening hours of a week: read from what people write, asked whether a door is open.

PURE: standard library only. Hours are kept as a list of ``{"day": 1..7, "opens": "09:00", "closes": "13:00"}`` (ISO
weekdays, wall clock of Europe/Rome), in order and without overlaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bando.deadlines import ROME

DAYS = range(1, 8)
_SPAN = re.compile(r"^(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?$")


class Unreadable(ValueError):
    """A day's hours that can't be read; the argument is the part that was not understood."""


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


def is_open(hours: Iterable[Mapping[str, Any]], at: datetime) -> bool:
    """Whether the door is open at ``at``: from the minute of opening until the minute of closing begins."""
    local = at.astimezone(ROME)
    clock = local.strftime("%H:%M")
    return any(span["day"] == local.isoweekday() and span["opens"] <= clock < span["closes"] for span in hours)


def _clock(hour: str, minute: str | None, part: str) -> str:
    if int(hour) > 24 or int(minute or 0) > 59 or (int(hour) == 24 and int(minute or 0)):
        raise Unreadable(part)
    return f"{int(hour):02d}:{int(minute or 0):02d}"
