"""Which address of a Spazio holds on a day, which one is announced, and where a point lies.

PURE: standard library only. An address is anything with ``first_day`` and ``last_day`` (both included; None: still), as the
rows of ``network.models.SpaceAddress``; days are those of Europe/Rome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

SOUTH, NORTH, WEST, EAST = Decimal("45.38"), Decimal("45.54"), Decimal("9.04"), Decimal("9.28")
"""A box round Milan: what lies outside is probably a slip."""
_POINT = re.compile(r"^\(?\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*\)?$")
_MILLIONTHS = Decimal("0.000001")


class Held(Protocol):
    first_day: date
    last_day: date | None


A = TypeVar("A", bound=Held)


class Unreadable(ValueError):
    """Two degrees that can't be read; the argument is what was typed."""


def holding(addresses: Iterable[A], day: date) -> A | None:
    """The address that holds on ``day``; None when no row says so, and that of the Spazio itself holds."""
    found = [row for row in addresses if row.first_day <= day and (row.last_day is None or day <= row.last_day)]
    return max(found, key=lambda row: row.first_day, default=None)


def coming(addresses: Iterable[A], day: date) -> A | None:
    """The next address after ``day``, that the page of the Spazio announces."""
    return min((row for row in addresses if row.first_day > day), key=lambda row: row.first_day, default=None)


def day_before(day: date) -> date:
    """The last day of what ends when something begins on ``day``."""
    return day - timedelta(days=1)


def read_point(text: str) -> tuple[Decimal, Decimal] | None:
    """``"45.4642, 9.1900"`` as degrees of latitude and longitude, to the millionth; nothing typed: None. Raises
    :class:`Unreadable`."""
    if not text.strip():
        return None
    found = _POINT.match(text.strip())
    if not found:
        raise Unreadable(text.strip())
    latitude, longitude = (Decimal(part.replace(",", ".")).quantize(_MILLIONTHS) for part in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Unreadable(text.strip())
    return latitude, longitude


def write_point(latitude: Decimal | None, longitude: Decimal | None) -> str:
    """As it is typed and pasted; nothing when a degree is missing."""
    return "" if latitude is None or longitude is None else f"{latitude}, {longitude}"


def in_milan(latitude: Decimal, longitude: Decimal) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
