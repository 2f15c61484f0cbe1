from datetime import date

import pytest
from django.utils import translation

from bando.deadlines import rome
from network.directory import MEANINGS, Seen, about, days_in_words, in_words, language_name
from network.holidays import holidays
from network.models import Space
from network.structured import COLUMNS
from network.words import HOLIDAYS

MONDAY_TO_FRIDAY = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
NEVER = [{"first": "2026-01-01", "last": "2029-12-31", "hours": [], "why": ""}]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (rome(2027, 1, 4, 13), "alle 13:00"),
        (rome(2027, 1, 4, 23, 59), "alle 23:59"),
        (rome(2027, 1, 5), "a mezzanotte"),
        (rome(2027, 1, 5, 9), "domani alle 9:00"),
        (rome(2027, 1, 6), "mercoledì 6 gennaio alle 0:00"),
        (rome(2027, 1, 7, 9, 5), "giovedì 7 gennaio alle 9:05"),
    ],
)
def test_a_moment_is_told_as_one_says_it(moment, expected):
    assert in_words(moment, rome(2027, 1, 4, 10)) == expected


@pytest.mark.parametrize(
    ("facts", "at", "expected"),
    [
        ({}, rome(2026, 12, 3, 10), "Aperto ora, chiude alle 13:00"),
        ({}, rome(2026, 12, 3, 13), "Chiuso ora, riapre domani alle 9:00"),
        ({}, rome(2026, 12, 4, 13), "Chiuso ora, riapre mercoledì 9 dicembre alle 9:00"),  # 7 and 8 are holidays
        ({}, rome(2026, 12, 7, 10), "Chiuso ora, riapre mercoledì 9 dicembre alle 9:00"),
        (
            {
                "exceptions": [
                    {"first": "2026-12-07", "last": "2026-12-07", "hours": [{"opens": "10:00", "closes": "12:00"}], "why": ""}
                ]
            },
            rome(2026, 12, 7, 10),
            "Aperto ora, chiude alle 12:00",
        ),
        ({"exceptions": NEVER}, rome(2026, 12, 3, 10), "Chiuso ora"),
        ({"hours": []}, rome(2026, 12, 3, 10), "Orari: chiedi allo Spazio"),
        ({"state": "suspended"}, rome(2026, 12, 3, 10), "Chiuso per un periodo"),
        (
            {"state": "suspended", "reopens_on": date(2027, 1, 7)},
            rome(2026, 12, 3, 10),
            "Chiuso per un periodo, riapre giovedì 7 gennaio",
        ),
    ],
)
@pytest.mark.django_db
def test_a_door_tells_how_it_stands(facts, at, expected):
    space = Space.objects.create(**{"name": "Alfa", "slug": "alfa", "state": "open", "hours": MONDAY_TO_FRIDAY, **facts})
    assert Seen(space, at).standing == expected
    assert Seen(space, at).is_open_now == expected.startswith("Aperto")


@pytest.mark.django_db
def test_a_holiday_is_told_once_and_only_where_it_changes_something():
    own = [
        {"first": "2026-12-24", "last": "2026-12-31", "hours": [], "why": "Natale"},
        {"first": "2026-12-07", "last": "2026-12-07", "hours": [{"opens": "10:00", "closes": "12:00"}], "why": "Turno"},
    ]
    space = Space.objects.create(name="Alfa", slug="alfa", state="open", hours=MONDAY_TO_FRIDAY, exceptions=own)
    seen = Seen(space, rome(2026, 12, 3, 10))
    told = [("2026-12-07", "Turno"), ("2026-12-08", "Immacolata"), ("2026-12-24", "Natale"), ("2027-01-01", "Capodanno")]
    told += [("2027-01-06", "Epifania")]  # Christmas is in the days of the Spazio
    assert [(row["first"], row["why"]) for row in seen.coming_exceptions] == told
    assert seen.facts("u").exceptions == seen.coming_exceptions
    assert [day["days"] for day in seen.other_days][:2] == ["lunedì 7 dicembre", "martedì 8 dicembre"]
    space.hours = []
    assert [row["why"] for row in Seen(space, rome(2026, 12, 3, 10)).coming_exceptions] == ["Turno", "Natale"]


@pytest.mark.django_db
def test_a_holiday_is_told_in_the_language_of_the_page_and_what_a_spazio_wrote_in_its_own():
    own = [
        {"first": "2026-12-04", "last": "2026-12-04", "hours": [], "why": "Trasloco"},
        {"first": "2026-12-25", "last": "2026-12-25", "hours": [], "why": "Natale"},
    ]
    space = Space.objects.create(name="Alfa", slug="alfa", state="open", hours=MONDAY_TO_FRIDAY[4:], exceptions=own)
    with translation.override("en"):
        told = [day["why"] for day in Seen(space, rome(2026, 12, 3, 10)).other_days]
    assert told == ['<span lang="it">Trasloco</span>', HOLIDAYS["Natale"], HOLIDAYS["Capodanno"]]
    assert set(HOLIDAYS) == {name for _day, name in holidays(2026)}


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (0, "a circa 100 m"),
        (149, "a circa 100 m"),
        (851, "a circa 900 m"),
        (949, "a circa 900 m"),
        (951, "a circa 1,0 km"),
        (1000, "a circa 1,0 km"),
        (12345, "a circa 12,3 km"),
    ],
)
def test_a_distance_is_told_no_finer_than_it_is_worth(metres, expected):
    assert about(metres) == expected


def test_days_and_languages_are_told_in_the_language_of_the_page():
    assert days_in_words(date(2026, 12, 24), date(2026, 12, 24)) == "giovedì 24 dicembre"
    assert days_in_words(date(2026, 12, 24), date(2027, 1, 6)) == "da giovedì 24 dicembre a mercoledì 6 gennaio"
    assert [language_name(code) for code in ("it", "ar", "xx")] == ["italiano", "arabo", "xx"]
    with translation.override("en"):
        assert days_in_words(date(2026, 12, 24), date(2026, 12, 24)) == "Thursday 24 December"
        assert language_name("ar") == "Arabic"


def test_every_column_of_the_open_data_has_its_meaning():
    assert list(MEANINGS) == list(COLUMNS)
