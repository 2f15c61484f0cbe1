"""The register of streets that an administration loads: read from its file, and asked where a number of a street is.

PURE: standard library only. A street is a name and its stretches; a stretch is the house numbers from ``first`` to ``last`` and the
point where they are. Which side of the street a number is on makes no difference: the point is for sorting by distance.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from network.addresses import Unreadable, in_milan, read_point
from network.near import Place, Point, words

COLUMNS = ("street", "from", "to", "latitude", "longitude")
"""What the first line of the file says. Other columns are let be."""

LONGEST = 150
"""Characters of a name that the database keeps (``network.models.Street``)."""

_KINDS = {"v": "via", "vle": "viale", "pza": "piazza", "pzza": "piazza", "ple": "piazzale", "cso": "corso"}
_NUMBER = re.compile(r"\b\d{1,4}(?!\d)")
_POSTCODE = re.compile(r"\b\d{5}\b")


@dataclass(frozen=True, slots=True)
class Stretch:
    """House numbers from ``first`` to ``last``, both included; both None: the whole street."""

    first: int | None
    last: int | None
    point: Point

    def away(self, number: int) -> int:
        """How many numbers it lies from ``number``; 0 when it has it."""
        if self.first is None or self.last is None:
            return 0
        return max(self.first - number, number - self.last, 0)


@dataclass(frozen=True, slots=True)
class Street:
    name: str
    stretches: tuple[Stretch, ...]


class NoStreets(ValueError):
    """A file that can't be loaded; the arguments are pairs: the number of the line and what is amiss there, in English."""


def read_streets(lines: Iterable[str]) -> list[Street]:
    """The streets of a CSV file in order of name; cells are parted by commas or semicolons. Raises :class:`NoStreets` with every line
    that can't be read: a half-loaded register would send people to the wrong end of a street."""
    head, *rest = list(lines) or [""]
    rows = csv.DictReader([head.removeprefix("\ufeff"), *rest], delimiter=";" if ";" in head else ",")
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise NoStreets((1, f"no column {', '.join(missing)}"))
    found: dict[str, list[Stretch]] = {}
    amiss = []
    for row in rows:
        name = " ".join((row["street"] or "").split())
        try:
            stretch = _stretch(row)
            if not words(name):
                raise ValueError("no street")
            if len(name) > LONGEST:
                raise ValueError(f"the name of the street is longer than {LONGEST} characters")
        except ValueError as problem:
            amiss.append((rows.line_num, str(problem)))
        else:
            found.setdefault(name, []).append(stretch)
    if amiss or not found:
        raise NoStreets(*(amiss or [(1, "no rows")]))
    return [Street(name, tuple(found[name])) for name in sorted(found)]


def on_streets(text: str, streets: Iterable[Street]) -> list[Place]:
    """Each street as a place, where the number in ``text`` is or, without one, in its middle. A street of the kind that was typed
    comes first: who writes «viale Monza» does not mean «via Monza»."""
    number, kind = house_number(text), _kind(text)
    placed = [_placed(street, number) for street in streets]
    return sorted(placed, key=lambda place: (_kind(place.name) != kind, len(words(place.name)), place.name))


def house_number(text: str) -> int | None:
    """The last number that is no postcode: «Via Capuana, 3 - 20157 Milano» has 3."""
    found = _NUMBER.findall(_POSTCODE.sub("", text))
    return int(found[-1]) if found else None


def _placed(street: Street, number: int | None) -> Place:
    if number is None:
        return Place(street.name, "street", _middle(street.stretches).point)
    nearest = min(street.stretches, key=lambda stretch: stretch.away(number))
    is_there = nearest.away(number) == 0 and nearest.first is not None
    return Place(f"{street.name} {number}" if is_there else street.name, "street", nearest.point)


def _middle(stretches: Sequence[Stretch]) -> Stretch:
    return sorted(stretches, key=lambda stretch: stretch.first or 0)[len(stretches) // 2]


def _kind(text: str) -> str:
    first = "".join(letter for letter in text.strip().lower().partition(" ")[0] if letter.isalpha())
    return _KINDS.get(first, first)


def _stretch(row: dict[str, str]) -> Stretch:
    try:
        degrees = read_point(f"{row['latitude']};{row['longitude']}")
    except Unreadable:
        degrees = None
    if degrees is None:
        raise ValueError("latitude and longitude are not two degrees")
    if not in_milan(*degrees):
        raise ValueError("the point is outside the city")
    first, last = _whole(row["from"]), _whole(row["to"])
    if (first is None) != (last is None) or (first is not None and last is not None and first > last):
        raise ValueError("from and to are no house numbers")
    return Stretch(first, last, Point(*degrees))


def _whole(cell: str | None) -> int | None:
    text = (cell or "").strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError("from and to are no house numbers")
    return int(text)
