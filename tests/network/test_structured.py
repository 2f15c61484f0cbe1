import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest

from network.near import Point
from network.structured import COLUMNS, Facts, csv_text, feature_collection, government_office

BARE = Facts(slug="alfa", name="Alfa", url="https://bando.example/spazi/alfa/", state="open")
FULL = Facts(
    slug="beta",
    name='Beta, "la prima"',
    url="https://bando.example/spazi/beta/",
    state="open",
    address="via Capuana 3",
    municipio=8,
    point=Point(Decimal("45.513700"), Decimal("9.137700")),
    phone="02 1",
    email="beta@bando.example",
    step_free=True,
    functions=("jobs", "digital"),
    description="Lavoro, Pratiche digitali",
    languages=("it", "ar"),
    hours=[{"day": 1, "opens": "09:00", "closes": "13:00"}, {"day": 7, "opens": "20:00", "closes": "24:00"}],
    exceptions=[
        {"first": "2026-12-24", "last": "2027-01-06", "hours": [], "why": "Natale"},
        {"first": "2027-01-07", "last": "2027-01-07", "hours": [{"opens": "10:00", "closes": "12:00"}], "why": ""},
    ],
    manager="Cooperativa Beta",
    opened_on=date(2022, 5, 2),
    certainty="high",
    source="stampa",
)


def test_an_office_tells_only_what_is_known():
    assert government_office(BARE, city="Milano", administration="Comune") == {
        "@context": "https://schema.org",
        "@type": "GovernmentOffice",
        "@id": "https://bando.example/spazi/alfa/",
        "name": "Alfa",
        "url": "https://bando.example/spazi/alfa/",
        "address": {"@type": "PostalAddress", "addressLocality": "Milano", "addressCountry": "IT"},
        "areaServed": {"@type": "AdministrativeArea", "name": "Comune"},
        "parentOrganization": {"@type": "GovernmentOrganization", "name": "Comune"},
    }


def test_an_office_tells_its_hours_and_the_days_that_differ():
    told = government_office(FULL, city="Milano", administration="Comune")
    of_hours = {"@type": "OpeningHoursSpecification"}
    assert told["openingHoursSpecification"] == [
        {**of_hours, "dayOfWeek": "https://schema.org/Monday", "opens": "09:00", "closes": "13:00"},
        {**of_hours, "dayOfWeek": "https://schema.org/Sunday", "opens": "20:00", "closes": "23:59"},
    ]
    assert told["specialOpeningHoursSpecification"] == [
        {**of_hours, "validFrom": "2026-12-24", "validThrough": "2027-01-06", "opens": "00:00", "closes": "00:00"},
        {**of_hours, "validFrom": "2027-01-07", "validThrough": "2027-01-07", "opens": "10:00", "closes": "12:00"},
    ]
    assert told["geo"] == {"@type": "GeoCoordinates", "latitude": 45.5137, "longitude": 9.1377}
    assert told["amenityFeature"]["value"] is True
    assert (told["telephone"], told["email"], told["knowsLanguage"]) == ("02 1", "beta@bando.example", ["it", "ar"])


def test_a_suspended_office_tells_no_hours():
    suspended = Facts(slug="a", name="A", url="u", state="suspended", hours=FULL.hours, exceptions=FULL.exceptions)
    told = government_office(suspended, city="Milano", administration="Comune")
    assert [key for key in told if "OpeningHours" in key or "openingHours" in key] == []


def test_geojson_has_longitude_first_and_null_without_a_point():
    found = json.loads(feature_collection([BARE, FULL], licence="CC BY 4.0"))
    assert (found["type"], found["license"]) == ("FeatureCollection", "CC BY 4.0")
    assert [row["geometry"] for row in found["features"]] == [None, {"type": "Point", "coordinates": [9.1377, 45.5137]}]
    assert set(found["features"][1]["properties"]) == set(COLUMNS) - {"latitude", "longitude"}
    assert found["features"][1]["properties"]["other_days"] == [
        "2026-12-24/2027-01-06 closed",
        "2027-01-07/2027-01-07 10:00-12:00",
    ]


def test_a_point_keeps_its_digits():
    point = Point(Decimal("45.100001"), Decimal("9.000000"))
    text = feature_collection([Facts(slug="a", name="A", url="u", state="open", point=point)], licence="x").decode()
    assert json.loads(text, parse_float=str)["features"][0]["geometry"]["coordinates"] == [9, "45.100001"]


def test_csv_is_that_of_rfc_4180():
    text = csv_text([BARE, FULL]).decode()
    assert text.startswith("id,name,page,state,address,municipio,latitude,longitude,phone,email,step_free,")
    assert text.count("\r\n") == 3
    assert '"Beta, ""la prima"""' in text
    bare, full = csv.DictReader(io.StringIO(text, newline=""))
    assert {key: value for key, value in bare.items() if value} == {
        "id": "alfa",
        "name": "Alfa",
        "page": "https://bando.example/spazi/alfa/",
        "state": "open",
    }
    assert (full["latitude"], full["longitude"], full["step_free"]) == ("45.5137", "9.1377", "true")
    assert (full["functions"], full["hours_monday"], full["hours_sunday"]) == ("jobs|digital", "09:00-13:00", "20:00-24:00")
    assert full["other_days"] == "2026-12-24/2027-01-06 closed|2027-01-07/2027-01-07 10:00-12:00"


@pytest.mark.parametrize("name", ["=1+1", "+39", "-1", "@x"])
def test_a_cell_is_no_formula(name):
    text = csv_text([Facts(slug="a", name=name, url="u", state="open")]).decode()
    assert f",'{name}," not in text.split("\r\n")[0]
    assert f"a,'{name},u" in text
