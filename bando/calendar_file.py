"""Terms as a calendar file that people add to their own calendar (iCalendar, RFC 5545).

PURE: standard library only. Written here and not by a library because it is a screen of code: the hard part of iCalendar is
reading what others write and repeating events, and there is neither. Each term is an event without length at a moment in
UTC, so no time zone has to be described.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bando.deadlines import in_utc

_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Event:
    """A moment to remember. ``uid`` never changes and ``sequence`` grows with each change of the event, so that a calendar
    moves what it has instead of adding another (RFC 5545, 3.8.7.4). ``changed_at`` is when it was last changed; ``alarms``
    are whole days before. Moments are aware and written to the second."""

    uid: str
    title: str
    at: datetime
    changed_at: datetime
    sequence: int = 0
    text: str = ""
    url: str = ""
    alarms: tuple[timedelta, ...] = ()
    cancelled: bool = False


def calendar_file(name: str, events: list[Event]) -> bytes:
    """The whole file: UTF-8, lines that end in CRLF and have 75 octets at most."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Bando//Avvisi//IT", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_text(event.uid)}", f"DTSTAMP:{_moment(event.changed_at)}"]
    lines += [f"LAST-MODIFIED:{_moment(event.changed_at)}", f"SEQUENCE:{event.sequence}", f"DTSTART:{_moment(event.at)}"]
    lines.append(f"SUMMARY:{_text(event.title)}")
    if event.text:
        lines.append(f"DESCRIPTION:{_text(event.text)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    lines += [f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}", "TRANSP:TRANSPARENT"]
    for before in () if event.cancelled else event.alarms:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{_text(event.title)}",
            f"TRIGGER:-P{before.days}D",
            "END:VALARM",
        ]
    return [*lines, "END:VEVENT"]


def _moment(at: datetime) -> str:
    return in_utc(at).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon, comma and line breaks are escaped, other control characters left out."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(sign for sign in value if sign >= " " and sign != "\x7f" or sign in "\n\t")
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line cut where 75 octets end (3.1), never inside a character; what follows begins with a space."""
    rows, row = [], b""
    for sign in line:
        octets = sign.encode()
        if len(row) + len(octets) > _OCTETS:
            rows.append(row)
            row = b" "
        row += octets
    return b"\r\n".join([*rows, row])
