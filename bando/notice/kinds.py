"""What a value of the call document may look like: each kind reads plain data into a typed value and writes it back.

PURE: standard library only. Plain data are the types of JSON, with ``Decimal`` beside ``int`` for numbers that come
from YAML; a float is never accepted, because its digits are no longer those that somebody wrote. ``read`` raises
``Unreadable``: the caller then says what to write, in the words of that key. An ``Unreadable`` with a sentence of its
own says something more precise than that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bando.deadlines import AmbiguousTime, NonexistentTime, in_rome

MEGABYTE = 1024 * 1024
"""1024 x 1024 bytes. Some systems divide by 1000 and some by 1024: this way whoever reads "20 MB" or less on their own
screen is let in."""


class Unreadable(ValueError):
    """The value is not of this kind; ``sentence`` is "" when the words of the key say enough."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is what ``docs/notice.md`` calls it."""

    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = lambda value: value


def plain_decimal(number: Decimal) -> str:
    """The number without exponent and without zeros that say nothing: equal numbers give equal text."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# Invisible characters break what carries the text further: a NUL is refused by PostgreSQL, a control character by XML
# and PDF, half a surrogate by UTF-8, and a change of writing direction shows a person another text than the one stored.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def text(longest: int = 10_000, *, lines: bool = True) -> Kind:
    """Text without blank edges; a number written without quotes is taken with the digits that it was written with."""

    def read(value: Any) -> str:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Unreadable
        words = value.replace("\r\n", "\n").strip()
        if not words:
            raise Unreadable
        if hidden := _INVISIBLE.search(words):
            raise Unreadable(f"c'è un carattere che non si vede (U+{ord(hidden[0]):04X}): cancellalo")
        if not lines and "\n" in words:
            raise Unreadable("scrivi tutto su una riga sola")
        if len(words) > longest:
            raise Unreadable(f"accorcia il testo: al massimo {longest} caratteri, ne hai scritti {len(words)}")
        return words

    return Kind("text" if lines else "line", read)


LINE = text(200, lines=False)
TEXT = text()


def _code(name: str, pattern: str) -> Kind:
    known = re.compile(pattern)

    def read(value: Any) -> str:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not known.fullmatch(value):
            raise Unreadable
        return value

    return Kind(name, read)


NAME = _code("name", r"[a-z0-9][a-z0-9_-]{0,59}")
"""For what appears in addresses of pages and in names of form fields."""

CODE = _code("code", r"[a-z0-9][a-z0-9_.-]{0,59}")
"""A name that may have points: acts number their criteria "1.a"."""


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise Unreadable
    if isinstance(value, (int, Decimal)):
        value = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", value):
        raise Unreadable
    return Decimal(value)


def whole(least: int, most: int) -> Kind:
    def read(value: Any) -> int:
        number = _number(value)
        if number != int(number) or not least <= number <= most:
            raise Unreadable
        return int(number)

    return Kind("whole number", read)


def decimal(least: int, most: int, digits: int) -> Kind:
    def read(value: Any) -> Decimal:
        number = _number(value)
        if not least <= number <= most:
            raise Unreadable
        if number != number.quantize(Decimal(1).scaleb(-digits)):
            raise Unreadable(f"scrivi al massimo {digits} cifre dopo il punto")
        return number

    return Kind("number", read, plain_decimal)


POINTS = decimal(0, 10_000, 2)
PERCENT = decimal(0, 100, 2)


def _read_euro(value: Any) -> int:
    cents = _number(value) * 100
    if cents != int(cents) or cents <= 0:
        raise Unreadable
    return int(cents)


EURO = Kind("euro", _read_euro, lambda cents: f"{cents // 100}.{cents % 100:02d}")


def _read_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unreadable
    return value


BOOL = Kind("true or false", _read_bool)


def one_of(names: type[StrEnum] | tuple[str, ...]) -> Kind:
    known = {str(name): name for name in names}

    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in known:
            raise Unreadable
        return known[value]

    return Kind("one of", read, str)


def _sensible(moment: date) -> None:
    # The year 202 is a slip of the finger, and the ends of Python's calendar can't be moved between time zones.
    if not 1800 <= moment.year <= 2199:
        raise Unreadable


def _read_day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise Unreadable
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Unreadable from None
    _sensible(day)
    return day


DAY = Kind("day", _read_day, lambda day: day.isoformat())


def _read_instant(value: Any) -> datetime:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value, re.ASCII):
        raise Unreadable
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        raise Unreadable from None
    _sensible(local)
    try:
        return in_rome(local)
    except NonexistentTime:
        raise Unreadable(
            f"le {local:%H:%M:%S} di quel giorno non esistono, perché comincia l'ora legale: scegli un'altra ora"
        ) from None
    except AmbiguousTime:
        raise Unreadable(
            f"le {local:%H:%M:%S} di quel giorno vengono due volte, perché finisce l'ora legale: scegli un'altra ora"
        ) from None


INSTANT = Kind("instant", _read_instant, lambda moment: moment.replace(tzinfo=None).isoformat())


def _read_bound(value: Any) -> Decimal | date:
    return _read_day(value) if isinstance(value, str) and value.count("-") == 2 else _number(value)


BOUND = Kind(
    "number or day",
    _read_bound,
    lambda bound: bound.isoformat() if isinstance(bound, date) else plain_decimal(bound),
)


def _matching(name: str, pattern: str) -> Kind:
    known = re.compile(pattern, re.ASCII)

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > 300 or not known.fullmatch(value):
            raise Unreadable
        return value

    return Kind(name, read)


# Only addresses that a browser opens: a "javascript:" written here would end in a link of the public page.
URL = _matching("web address", r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s<>\"\\^`{|}]*)?")
EMAIL = _matching("e-mail address", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

_SIZE = re.compile(r"([1-9][0-9]{0,5}) (MB|KB)")


def _read_size(value: Any) -> int:
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unreadable
    return int(match[1]) * (MEGABYTE if match[2] == "MB" else 1024)


SIZE = Kind("size", _read_size, lambda size: f"{size // MEGABYTE} MB" if size % MEGABYTE == 0 else f"{size // 1024} KB")
