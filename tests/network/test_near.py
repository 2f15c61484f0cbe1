from decimal import Decimal

import pytest

from network.near import Found, Place, Point, find, metres, read_point, words

DUOMO, LORETO = Point(Decimal("45.4647"), Decimal("9.1885")), Point(Decimal("45.4846"), Decimal("9.2152"))
PLACES = [
    Place("Municipio 3", "municipio", LORETO, 3, ("Zona 3",)),
    Place("Loreto - Casoretto - NoLo", "neighbourhood", LORETO, 2, ("Loreto", "Casoretto", "NoLo")),
    Place("Loreto", "stop", LORETO),
    Place("San Siro", "neighbourhood", DUOMO, 7),
    Place("Porta Romana", "stop", DUOMO),
    Place("Città Studi", "neighbourhood", DUOMO, 3),
    Place("via Capuana 3", "space", DUOMO, 8, ("Spazio WeMi Capuana",)),
    Place("via Piazzetta 2", "space", DUOMO, 4),
]
STREETS = [
    Place("piazzale Loreto", "street", DUOMO),
    Place("via Nostra Signora di Loreto", "street", DUOMO),
    Place("via Capuana 15", "street", LORETO),
]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (DUOMO, DUOMO, 0),
        (DUOMO, LORETO, 3038),
        (LORETO, DUOMO, 3038),
        (Point(Decimal("45"), Decimal("9")), Point(Decimal("46"), Decimal("9")), 111195),  # a degree of a meridian
        (Point(Decimal("0"), Decimal("179.9")), Point(Decimal("0"), Decimal("-179.9")), 22239),  # across the date line
    ],
)
def test_a_distance_is_measured_over_the_ground(one, other, expected):
    assert metres(one, other) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Via Capuana, 3 - 20157 Milano", ("capuana",)),
        ("  V.LE  Monza 12/a", ("monza",)),
        ("Città Studi", ("citta", "studi")),
        ("S. Siro", ("san", "siro")),
        ("sant’Ambrogio", ("san", "ambrogio")),
        ("P.ta Romana", ("porta", "romana")),
        ("P.za Duomo", ("duomo",)),
        ("C.so Lodi 3", ("lodi",)),
        ("municipio 3", ("municipio", "3")),
        ("QT8", ("qt8",)),
        ("via", ("via",)),
        ("12", ()),
        ("", ()),
    ],
)
def test_what_tells_a_place_is_kept(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("loreto", "Loreto - Casoretto - NoLo"),
        ("piazzale Loreto", "Loreto - Casoretto - NoLo"),
        ("nolo", "Loreto - Casoretto - NoLo"),
        ("citta studi", "Città Studi"),
        ("cit", "Città Studi"),
        ("siro", "San Siro"),
        ("via capuana 15, milano", "via Capuana 3"),
        ("WeMi Capuana", "via Capuana 3"),
        ("via Piazzetta", "via Piazzetta 2"),
        ("zona 3", "Municipio 3"),
        ("Zona 30", None),
        ("lo", None),
        ("capuana loreto", None),
        ("via", None),
        ("Roma", "Porta Romana"),
        ("Atlantide", None),
    ],
)
def test_a_place_is_found_by_its_name(text, name):
    found = find(text, PLACES).place
    assert (found.name if found else None) == name


def test_places_of_the_same_name_are_offered_beside_the_first():
    assert find("loreto", PLACES) == Found(PLACES[1], (PLACES[2],))
    assert find("loreto", PLACES, most=1).others == ()
    assert find("fermata Loreto", PLACES) == Found(PLACES[2], (PLACES[1],))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("piazzale Loreto", "piazzale Loreto"),
        ("p.le loreto", "piazzale Loreto"),
        ("Loreto 3", "piazzale Loreto"),
        ("loreto", "Loreto - Casoretto - NoLo"),
        ("fermata Loreto 1", "Loreto"),
        ("via Capuana 15", "via Capuana 15"),
        ("Capuana", "via Capuana 3"),
        ("via nostra", "via Nostra Signora di Loreto"),
        ("via Piazzetta 2", "via Piazzetta 2"),
    ],
)
def test_who_writes_a_street_means_the_street(text, name):
    found = find(text, [*PLACES, *STREETS]).place
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        ("45.46471", "9.18851", Point(Decimal("45.465"), Decimal("9.189"))),
        ("90", "180", Point(Decimal("90.000"), Decimal("180.000"))),
        ("90.0001", "9", None),
        ("45", "-180.1", None),
        ("45,4", "9", None),
        ("nan", "9", None),
        ("inf", "9", None),
        ("1e400", "9", None),
        ("", "", None),
    ],
)
def test_a_position_is_read_with_three_decimals(latitude, longitude, expected):
    assert read_point(latitude, longitude) == expected
