"""The nine Municipi as outlines on a sheet, with the Spazi where they stand.

PURE: standard library only. Outlines are rings of ``(longitude, latitude)`` in degrees, as GeoJSON keeps them. At the size of a
city a degree of longitude is taken as long everywhere as in the middle (equirectangular): nobody sees the difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from network.near import Point

WIDTH = 480
MARGIN = 18
ROOM = 36
"""Between the middles of two marks: 24 px, what WCAG 2.5.8 asks of a target, where the drawing is 320 px wide."""
BESIDE = 14
"""What the words under a Municipio's number reach to each side, less the half of a mark."""
_TRIES = 400

Ring = Sequence[tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Area:
    """``path`` is the outline as an SVG path; ``x`` and ``y`` is where its number stands."""

    municipio: int
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Mark:
    """``key`` is what was handed over with the point."""

    key: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sheet:
    width: int
    height: int
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]


def sheet(outlines: Mapping[int, Ring], points: Mapping[str, Point]) -> Sheet:
    """The drawing: every outline, and a mark for each point that falls on the sheet, in the order of the keys handed over.
    A mark that would lie on another, or on a number, moves aside to the nearest room."""
    longitudes = [longitude for ring in outlines.values() for longitude, _latitude in ring]
    latitudes = [latitude for ring in outlines.values() for _longitude, latitude in ring]
    west, north = min(longitudes), max(latitudes)
    squeeze = math.cos(math.radians((north + min(latitudes)) / 2))
    scale = (WIDTH - 2 * MARGIN) / (squeeze * _millionths(max(longitudes) - west))

    def place(longitude: Decimal, latitude: Decimal) -> tuple[int, int]:
        across, down = _millionths(longitude - west), _millionths(north - latitude)
        return round(MARGIN + across * squeeze * scale), round(MARGIN + down * scale)

    height = place(west, min(latitudes))[1] + MARGIN
    areas = []
    for municipio, ring in sorted(outlines.items()):
        corners = [place(*corner) for corner in ring]
        path = "M" + "L".join(f"{x} {y}" for x, y in corners[:-1]) + "Z"
        areas.append(Area(municipio, path, *place(*centre(ring))))
    marks: list[Mark] = []
    taken = [(area.x + beside, area.y + 8) for area in areas for beside in (-BESIDE, BESIDE)]
    for key, point in points.items():
        x, y = place(point.longitude, point.latitude)
        if 0 <= x <= WIDTH and 0 <= y <= height:
            taken.append(_free(x, y, taken))
            marks.append(Mark(key, *taken[-1]))
    return Sheet(WIDTH, height, tuple(areas), tuple(marks))


def municipio_at(outlines: Mapping[int, Ring], point: Point) -> int | None:
    """In which outline the point lies; None outside all of them."""
    return next((municipio for municipio, ring in sorted(outlines.items()) if _is_inside(ring, point)), None)


def centre(ring: Ring) -> tuple[Decimal, Decimal]:
    """The centroid of a ring that ends where it begins."""
    double, across, along = Decimal(0), Decimal(0), Decimal(0)
    for (x, y), (next_x, next_y) in pairwise(ring):
        part = x * next_y - next_x * y
        double, across, along = double + part, across + (x + next_x) * part, along + (y + next_y) * part
    return across / (3 * double), along / (3 * double)


def _millionths(degrees: Decimal) -> int:
    return round(degrees * 1_000_000)


def _is_inside(ring: Ring, point: Point) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    crossings = 0
    for (x, y), (next_x, next_y) in pairwise(ring):
        if (y > point.latitude) != (next_y > point.latitude):
            crossings += point.longitude < x + (next_x - x) * (point.latitude - y) / (next_y - y)
    return crossings % 2 == 1


def _free(x: int, y: int, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The nearest spot to (x, y) that keeps its distance from those taken, looked for on a spiral."""
    for n in range(_TRIES):
        turn = math.radians(n * 137 % 360)  # the golden angle: each try looks elsewhere
        away = 4 * math.sqrt(n)
        spot = round(x + away * math.cos(turn)), round(y + away * math.sin(turn))
        if all(math.dist(spot, other) >= ROOM for other in taken):
            return spot
    return x, y
