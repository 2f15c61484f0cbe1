import math
from decimal import Decimal

import pytest

from network.map import WIDTH, centre, municipio_at, sheet
from network.near import Point


def ring(west: str, south: str, east: str, north: str):
    w, s, e, n = (Decimal(degrees) for degrees in (west, south, east, north))
    return ((w, s), (e, s), (e, n), (w, n), (w, s))


DIAMOND = tuple(
    (Decimal(longitude), Decimal(latitude))
    for longitude, latitude in (("9.1", "45.4"), ("9.2", "45.5"), ("9.1", "45.6"), ("9.0", "45.5"), ("9.1", "45.4"))
)
TWO = {2: ring("9.20", "45.40", "9.40", "45.50"), 1: ring("9.00", "45.40", "9.20", "45.50")}


def at(latitude: str, longitude: str) -> Point:
    return Point(Decimal(latitude), Decimal(longitude))


def test_outlines_lie_side_by_side_on_the_sheet():
    drawing = sheet(TWO, {})
    assert drawing.width == WIDTH == 480
    assert [(area.municipio, area.path, (area.x, area.y)) for area in drawing.areas] == [
        (1, "M18 176L240 176L240 18L18 18Z", (129, 97)),
        (2, "M240 176L462 176L462 18L240 18Z", (351, 97)),
    ]
    assert drawing.height == 194


def test_north_is_up_and_east_is_right():
    marks = sheet(TWO, {"north-west": at("45.49", "9.01"), "south-east": at("45.41", "9.39")}).marks
    assert [(mark.key, mark.x, mark.y) for mark in marks] == [("north-west", 29, 34), ("south-east", 451, 160)]


def test_a_point_outside_the_sheet_has_no_mark():
    assert sheet(TWO, {"rome": at("41.9", "12.5")}).marks == ()


def test_marks_at_one_spot_and_on_a_number_move_aside():
    drawing = sheet(TWO, {str(n): at("45.45", "9.10") for n in range(12)})
    words = [(area.x + beside, area.y + 8) for area in drawing.areas for beside in (-14, 14)]
    spots = [(mark.x, mark.y) for mark in drawing.marks]
    assert len(drawing.marks) == 12
    assert min(math.dist(one, other) for n, one in enumerate(spots) for other in [*spots[:n], *words]) >= 36


@pytest.mark.parametrize(
    ("point", "municipio"),
    [
        (at("45.45", "9.10"), 1),
        (at("45.45", "9.30"), 2),
        (at("45.45", "9.41"), None),
        (at("45.51", "9.10"), None),
        (at("45.39", "9.10"), None),
    ],
)
def test_a_point_lies_in_the_outline_round_it(point, municipio):
    assert municipio_at(TWO, point) == municipio


def test_the_middle_of_a_ring():
    assert centre(TWO[1]) == (Decimal("9.1"), Decimal("45.45"))


@pytest.mark.parametrize(
    ("point", "municipio"),
    [
        (at("45.5", "9.1"), 3),  # between two corners
        (at("45.5", "8.9"), None),  # west of both, and of nothing else
        (at("45.5", "9.3"), None),
        (at("45.6", "9.05"), None),  # level with the highest corner, with the lowest
        (at("45.4", "9.05"), None),
    ],
)
def test_a_corner_on_the_line_is_crossed_once(point, municipio):
    assert municipio_at({3: DIAMOND}, point) == municipio
