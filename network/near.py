"""How far is it, and where is what a person typed? Distances between points, and names found in a table of places.

PURE: standard library only, and no word to anybody: a place is found among those that were handed over. Points are WGS 84
degrees as ``Decimal``. A distance is for sorting and for saying about how far, as the crow flies: it is no measurement.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

EARTH = 6_371_009
"""Mean radius in metres (IUGG)."""
GRAIN = Decimal("0.001")
"""What the page keeps of a person's position: three decimals are about a hundred metres."""

_NOT_A_NAME = re.compile(
    r"via|viale|vicolo|piazza|piazzale|largo|corso|v|vle|c|cso|so|p|pza|pzza|za|zza|di|del|della|dei|delle|de?|il|la|le|i|a|in|e"
    r"|quartiere|fermata|metro|mm|milano|mi|italia"
)
"""Words that say what kind of place it is, or where everything is: they find nothing by themselves."""
_A_STOP = re.compile(r"\b(fermata|metro|mm)\b", re.IGNORECASE)
_A_STREET = re.compile(r"^\s*(via|viale|vicolo|piazza|piazzale|largo|corso|v\.(le)?|c\.so|p\.(le|z?za))\b|\d", re.IGNORECASE)
_SHORT = {"s": "san", "p.ta": "porta", "pta": "porta", "sant": "san", "santa": "san", "santo": "san"}


@dataclass(frozen=True, slots=True)
class Point:
    latitude: Decimal
    longitude: Decimal

    def rounded(self) -> Point:
        return Point(self.latitude.quantize(GRAIN), self.longitude.quantize(GRAIN))


@dataclass(frozen=True, slots=True)
class Place:
    """``kind`` is municipio, neighbourhood, stop, street, space or position; ``also`` are other names. ``municipio`` None: not known."""

    name: str
    kind: str
    point: Point
    municipio: int | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """``place`` is the best match, ``others`` are as good or nearly, for who meant one of those."""

    place: Place | None
    others: tuple[Place, ...] = ()


def metres(one: Point, other: Point) -> int:
    """The distance over the ground of a round Earth (haversine), to the metre."""
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    half_north = math.sin((other_north - north) / 2)
    half_east = math.sin(math.radians(other.longitude - one.longitude) / 2)
    part = half_north**2 + math.cos(north) * math.cos(other_north) * half_east**2
    return round(2 * EARTH * math.asin(math.sqrt(part)))


def read_point(latitude: str, longitude: str) -> Point | None:
    """Two degrees of a query string as a point, rounded to the grain; None for anything else."""
    try:
        point = Point(Decimal(latitude), Decimal(longitude))
        inside = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
        return point.rounded() if inside else None
    except InvalidOperation:
        return None


def find(text: str, places: Sequence[Place], *, most: int = 5) -> Found:
    """The place that ``text`` names. Accents, capitals, «via», house numbers and «Milano» do not matter; a word may be left
    unfinished. A whole name comes before a part of one, then the order of ``places`` decides; who writes «fermata» means a stop, who
    writes «via» or a house number means a street."""
    asked = words(text)
    if not asked:
        return Found(None)
    ranked = [(rank, n, place) for n, place in enumerate(places) if (rank := _rank(asked, place)) is not None]
    found = [place for _how, _n, place in sorted(ranked, key=lambda row: row[:2])]
    if _A_STOP.search(text):
        found.sort(key=lambda place: place.kind != "stop")
    elif _A_STREET.search(text):
        whole = {place for rank, _n, place in ranked if rank == 0 and place.kind == "street"}
        found.sort(key=lambda place: place not in whole)
    return Found(found[0], tuple(found[1:most])) if found else Found(None)


def words(text: str) -> tuple[str, ...]:
    """The words that tell one place from another: «Via Capuana, 3 - 20157 Milano» is ``("capuana",)``. Numbers count only where
    they are a part of the name, as in «Municipio 3» and «zona 3»."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = [_SHORT.get(word, word) for word in re.findall(r"p\.ta\b|[a-z]+\d*|\d+", plain)]
    numbered = any(word in {"municipio", "zona"} for word in found)
    named = [word for word in found if numbered or not word.isdigit()]
    return tuple(word for word in named if not _NOT_A_NAME.fullmatch(word)) or tuple(named)


def _rank(asked: tuple[str, ...], place: Place) -> int | None:
    ranks = (_rank_of_name(asked, words(name)) for name in (place.name, *place.also))
    return min((rank for rank in ranks if rank is not None), default=None)


def _rank_of_name(asked: tuple[str, ...], name: tuple[str, ...]) -> int | None:
    """0 for the whole name, 1 for some of its words, 2 where the last one was left unfinished."""
    if asked == name:
        return 0
    *whole, last = asked
    if not set(whole) <= set(name):
        return None
    if last in name:
        return 1
    # Two letters begin too many names, and a number is no beginning of another.
    return 2 if len(last) > 2 and not last.isdigit() and any(word.startswith(last) for word in name) else None
