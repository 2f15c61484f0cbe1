"""Roots without an end, rounded by comparing integer powers."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction as F

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bando.notice.grid import RoundingMode
from evaluation.rounding import rounded_power

HALF_UP, HALF_EVEN, TRUNCATE = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.TRUNCATE
BY_DECIMAL = {HALF_UP: ROUND_HALF_UP, HALF_EVEN: ROUND_HALF_EVEN, TRUNCATE: ROUND_DOWN}


@pytest.mark.parametrize(
    "weight, ratio, exponent, digits, half_up, half_even, truncated",
    [
        ("20", "100/307", "1/2", 2, "11.41", "11.41", "11.41"),
        ("20", "1", "1/2", 2, "20", "20", "20"),
        ("20", "0", "1/2", 2, "0", "0", "0"),
        # The root of a quarter is a half: here it ends, and on half a unit.
        ("0.25", "1/4", "1/2", 2, "0.13", "0.12", "0.12"),
        ("0.75", "1/4", "1/2", 2, "0.38", "0.38", "0.37"),
        ("1", "1/2", "1/2", 3, "0.707", "0.707", "0.707"),
        ("1", "1/2", "1/2", 4, "0.7071", "0.7071", "0.7071"),
        ("1", "1/2", "1/2", 0, "1", "1", "0"),
        # An exponent with four decimals: its root is the ten thousandth.
        ("30", "3/7", "3333/10000", 2, "22.62", "22.62", "22.61"),
        # 10.995 and a billionth less.
        ("10.995", "1", "1/2", 2, "11", "11", "10.99"),
        ("10.995", "999999999/1000000000", "1/2", 2, "10.99", "10.99", "10.99"),
    ],
)
def test_a_power_is_rounded_exactly(weight, ratio, exponent, digits, half_up, half_even, truncated):
    found = [rounded_power(F(weight), F(ratio), F(exponent), digits, mode) for mode in (HALF_UP, HALF_EVEN, TRUNCATE)]
    assert found == [F(half_up), F(half_even), F(truncated)]


@given(
    st.integers(1, 10_000),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.sampled_from(["0.5", "0.6", "1.5", "0.85", "2.25"]),
    st.integers(0, 4),
    st.sampled_from(RoundingMode),
)
def test_it_agrees_with_a_hundred_digits(hundredths, one, other, exponent, digits, mode):
    quantity, best = sorted((one, other))
    with localcontext() as context:
        context.prec = 100
        about = Decimal(hundredths) / 100 * (Decimal(quantity) / best) ** Decimal(exponent)
        units = about.scaleb(digits)
        # A hundred digits can't tell a half from nearly a half; the rows above can.
        assume(abs(units * 2 - (units * 2).to_integral_value()) > Decimal("1e-60"))
        expected = about.quantize(Decimal(1).scaleb(-digits), BY_DECIMAL[mode])
    assert rounded_power(F(hundredths, 100), F(quantity, best), F(exponent), digits, mode) == F(expected)
