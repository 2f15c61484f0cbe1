from datetime import date

import pytest
from django.utils import translation

from bando.deadlines import rome
from network.directory_words import MEANINGS, about, days_in_words, in_words, language_name
from network.structured import COLUMNS


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
