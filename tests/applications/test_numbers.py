"""The number of an application."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from applications.numbers import application_number


@pytest.mark.parametrize(
    ("slug", "ordinal", "expected"),
    [
        ("spazi-wemi-2021", 42, "SW-2021-00042"),
        ("gorgonzola-2024", 1, "G-2021-00001"),
        ("uno-due-tre-quattro-cinque", 7, "UDTQ-2021-00007"),
        ("2021", 100_000, "D-2021-100000"),
    ],
)
def test_the_number_has_the_letters_of_the_call_the_year_and_the_ordinal(slug: str, ordinal: int, expected: str) -> None:
    assert application_number(slug, datetime(2021, 10, 18, 10, tzinfo=UTC), ordinal) == expected


def test_the_year_is_that_of_rome() -> None:
    assert application_number("a", datetime(2021, 12, 31, 23, 30, tzinfo=UTC), 1) == "A-2022-00001"
