"""Positions in a drawing."""

from fractions import Fraction

import pytest

from evaluation.plots.scale import at, between, shortened


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0.0"), (Fraction(1, 3), "0.3"), (Fraction(2, 3), "0.7"), (12, "12.0"), (Fraction(-1, 4), "-0.2")]
)
def test_a_position_has_one_decimal(value, text):
    assert at(value) == text


def test_a_value_falls_between_the_ends_of_its_scale():
    assert [between(value, -10, 10, 200, 700) for value in (-10, 0, Fraction(5), 10)] == [200, 450, 575, 700]


@pytest.mark.parametrize(("text", "label"), [("Rete", "Rete"), ("Rete A", "Rete A"), ("Rete di cooperative", "Rete…")])
def test_a_long_label_is_shortened(text, label):
    assert shortened(text, 6) == label
