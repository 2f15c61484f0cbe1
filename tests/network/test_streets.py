from decimal import Decimal

import pytest

from network.near import Place, Point
from network.streets import NoStreets, Street, Stretch, house_number, on_streets, read_streets

HEAD = "street,from,to,latitude,longitude"
SOUTH, NORTH = Point(Decimal("45.49"), Decimal("9.21")), Point(Decimal("45.52"), Decimal("9.23"))
PADOVA = Street("via Padova", (Stretch(201, 300, NORTH), Stretch(1, 99, SOUTH)))


def test_a_register_is_read_street_by_street():
    lines = ["street;municipio;from;to;latitude;longitude", "via  Padova;2;1;99;45,49;9,21", "via Lulli;2;;;45.4871;9.2233"]
    assert read_streets([*lines, "via Padova;2;201;300;45.52;9.23"]) == [
        Street("via Lulli", (Stretch(None, None, Point(Decimal("45.4871"), Decimal("9.2233"))),)),
        Street("via Padova", (Stretch(1, 99, SOUTH), Stretch(201, 300, NORTH))),
    ]


@pytest.mark.parametrize(
    ("row", "amiss"),
    [
        ("via Padova,1,99,9.21,45.49", "the point is outside the city"),
        ("via Padova,1,99,,9.21", "latitude and longitude are not two degrees"),
        ("via Padova,1,99,45.49,east", "latitude and longitude are not two degrees"),
        ("via Padova,99,1,45.49,9.21", "from and to are no house numbers"),
        ("via Padova,1,,45.49,9.21", "from and to are no house numbers"),
        ("via Padova,1,12/a,45.49,9.21", "from and to are no house numbers"),
        (",1,99,45.49,9.21", "no street"),
        (f"via {'x' * 147},1,99,45.49,9.21", "the name of the street is longer than 150 characters"),
        ("via Padova,1", "latitude and longitude are not two degrees"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(row, amiss):
    with pytest.raises(NoStreets) as refused:
        read_streets([HEAD, "via Lulli,5,5,45.48,9.22", row])
    assert refused.value.args == ((3, amiss),)


@pytest.mark.parametrize(
    ("lines", "amiss"),
    [
        ([], (1, "no column street, from, to, latitude, longitude")),
        (["street,from,to,lat,longitude"], (1, "no column latitude")),
        ([HEAD], (1, "no rows")),
        (["\ufeff" + HEAD], (1, "no rows")),
    ],
)
def test_a_file_without_columns_or_rows_is_refused(lines, amiss):
    with pytest.raises(NoStreets) as refused:
        read_streets(lines)
    assert refused.value.args == (amiss,)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("via Padova 1", Place("via Padova 1", "street", SOUTH)),
        ("via Padova 99/b, 20131 Milano", Place("via Padova 99", "street", SOUTH)),
        ("via Padova 100", Place("via Padova", "street", SOUTH)),
        ("via Padova 200", Place("via Padova", "street", NORTH)),
        ("via Padova 140", Place("via Padova", "street", SOUTH)),
        ("via Padova 160", Place("via Padova", "street", NORTH)),
        ("via Padova 201", Place("via Padova 201", "street", NORTH)),
        ("via Padova", Place("via Padova", "street", NORTH)),
    ],
)
def test_a_number_is_where_its_stretch_is(text, place):
    assert on_streets(text, [PADOVA]) == [place]


@pytest.mark.parametrize(("number", "away"), [(9, 1), (10, 0), (20, 0), (21, 1), (25, 5)])
def test_a_stretch_says_how_many_numbers_away_it_is(number, away):
    assert Stretch(10, 20, SOUTH).away(number) == away


def test_a_street_without_numbers_does_not_pretend_to_know_one():
    assert on_streets("via Lulli 4", [Street("via Lulli", (Stretch(None, None, SOUTH),))]) == [
        Place("via Lulli", "street", SOUTH)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("viale Monza", ["viale Monza", "piazza Monza", "via Monza"]),
        ("V.le Monza 3", ["viale Monza", "piazza Monza", "via Monza"]),
        ("p.za Monza", ["piazza Monza", "via Monza", "viale Monza"]),
        ("monza", ["piazza Monza", "via Monza", "viale Monza"]),
    ],
)
def test_the_kind_of_street_that_was_typed_comes_first(text, names):
    streets = [Street(name, (Stretch(None, None, SOUTH),)) for name in ("via Monza", "viale Monza", "piazza Monza")]
    assert [place.name for place in on_streets(text, streets)] == names


@pytest.mark.parametrize(
    ("text", "number"), [("Via Capuana, 3 - 20157 Milano", 3), ("via Capuana", None), ("20157", None), ("QT8", None)]
)
def test_a_house_number_is_no_postcode(text, number):
    assert house_number(text) == number
