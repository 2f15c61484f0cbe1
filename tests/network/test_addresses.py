from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from network.addresses import Unreadable, coming, day_before, holding, in_milan, read_point, write_point


@dataclass
class Row:
    name: str
    first_day: date
    last_day: date | None


HERE = Row("via Capuana 3", date(2022, 5, 2), date(2023, 8, 31))
THERE = Row("via Padova 10", date(2023, 9, 1), None)


@pytest.mark.parametrize(
    ("day", "held", "announced"),
    [
        (date(2022, 5, 1), None, HERE),
        (date(2022, 5, 2), HERE, THERE),
        (date(2023, 8, 31), HERE, THERE),
        (date(2023, 9, 1), THERE, None),
        (date(2030, 1, 1), THERE, None),
    ],
)
def test_an_address_holds_from_its_first_day_to_its_last_one(day, held, announced):
    assert (holding([THERE, HERE], day), coming([THERE, HERE], day)) == (held, announced)


def test_a_space_that_never_moved_has_no_row():
    assert (holding([], date(2022, 5, 2)), coming([], date(2022, 5, 2))) == (None, None)


def test_an_address_ends_on_the_day_before_the_next_one():
    assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("", None),
        ("  ", None),
        ("45.4642, 9.1900", (Decimal("45.464200"), Decimal("9.190000"))),
        ("(45.4642 9.19)", (Decimal("45.464200"), Decimal("9.190000"))),
        ("45,4642; 9,19", (Decimal("45.464200"), Decimal("9.190000"))),
        ("45.46420049, 9.1900005", (Decimal("45.464200"), Decimal("9.190000"))),
        ("-90, 180", (Decimal("-90.000000"), Decimal("180.000000"))),
    ],
)
def test_a_point_is_read_as_it_is_pasted(typed, point):
    assert read_point(typed) == point


@pytest.mark.parametrize("typed", ["45.4642", "nord, est", "90.1, 9", "45, 180.1", "45.4642, 9.19, 3"])
def test_what_is_no_point_is_given_back(typed):
    with pytest.raises(Unreadable) as problem:
        read_point(f" {typed} ")
    assert problem.value.args == (typed,)


def test_a_point_is_written_as_it_is_read():
    assert read_point(write_point(Decimal("45.464200"), Decimal("9.190000"))) == (Decimal("45.464200"), Decimal("9.190000"))
    assert (write_point(None, None), write_point(Decimal(45), None)) == ("", "")


@pytest.mark.parametrize(
    ("latitude", "longitude", "inside"),
    [
        ("45.38", "9.04", True),
        ("45.54", "9.28", True),
        ("45.379999", "9.19", False),
        ("45.540001", "9.19", False),
        ("45.46", "9.039999", False),
        ("45.46", "9.280001", False),
    ],
)
def test_the_box_round_milan_includes_its_border(latitude, longitude, inside):
    assert in_milan(Decimal(latitude), Decimal(longitude)) is inside
