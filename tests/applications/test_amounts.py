"""Numbers and amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.amounts import Unreadable, Why, cents, number


@pytest.mark.parametrize(
    "text",
    [
        "1.250,50",
        "1250,50",
        "1250.50",
        "1250.5",
        "1,250.50",
        "€ 1 250,50",
        "1\u00a0250,50 €",
        "1'250,50",
        "1250,50 euro",
        "EUR 1.250,50",
        " 01250,50 ",
        "1 250,50 €",
        "1\u2009250,50",
        "1\u202f250,5",
        "1\u2019250,50",
    ],
)
def test_every_usual_spelling_is_the_same_amount(text: str) -> None:
    assert cents(text) == 125050


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€ 1 250", 125000),
        ("1.250", 125000),
        ("1250", 125000),
        ("1.250.000", 125000000),
        ("1,250,000", 125000000),
        ("0", 0),
        ("0,01", 1),
        (",50", None),
        ("12,", 1200),
    ],
)
def test_thousands_and_decimals_are_told_apart(text: str, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(Unreadable):
            cents(text)
    else:
        assert cents(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mille",
        "-5",
        "1,250",
        "12,345",
        "1.25.0",
        "1.2,3.4",
        "12 34",
        "1.250,5,0",
        "1e5",
        "NaN",
        "١٢٣",
        "²",
        "1" * 16,
        "12,5 mila",
        "12€50",
        "1 euro 250",
        "€",
        "-0",
        "\u22125",
        "1_000",
        "1\x1f000",
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        cents(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-5", Why.NEGATIVE),
        ("\u22125,20", Why.NEGATIVE),
        ("1,250", Why.DECIMALS),
        ("0,001", Why.DECIMALS),
        ("mille", Why.WORDS),
    ],
)
def test_what_keeps_an_amount_from_being_read_is_told(text: str, why: Why) -> None:
    with pytest.raises(Unreadable) as refused:
        cents(text)
    assert refused.value.why is why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("12.500", "12500"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("0,125", "0.125"),
    ],
)
def test_a_number_keeps_the_digits_that_were_written(text: str, expected: str) -> None:
    assert number(text) == Decimal(expected)
    assert str(number(text)) == expected
