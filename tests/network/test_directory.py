from datetime import date

import pytest
from django.utils import translation

from bando.deadlines import rome
from network.directory import Seen
from network.holidays import holidays
from network.models import Space
from network.words import HOLIDAYS

MONDAY_TO_FRIDAY = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
NEVER = [{"first": "2026-01-01", "last": "2029-12-31", "hours": [], "why": ""}]


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
    assert told == ['<span lang="it">Trasloco</span>', "Christmas Day", "New Year's Day"]
    assert {name for _day, name in holidays(2026)} == HOLIDAYS
