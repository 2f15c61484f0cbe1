"""Discordance is a spread among members that is larger than the spread among proposals."""

from fractions import Fraction

import pytest

from evaluation.agreement import Spread, spreads, variance


def fractions(*values):
    return [Fraction(value) for value in values]


@pytest.mark.parametrize(
    ("values", "expected"), [((), 0), ((7,), 0), ((4, 4, 4), 0), ((2, 4), 2), ((1, 2, 6), 7), ((0, 1), Fraction(1, 2))]
)
def test_the_variance_is_exact_and_that_of_a_sample(values, expected):
    assert variance(fractions(*values)) == expected


def test_a_proposal_is_discordant_only_beside_the_others():
    totals = {"A": fractions(10, 90), "B": fractions(50, 52), "C": fractions(70, 70)}
    # Means 50, 51, 70: variance 127; A varies by 3200, B by 2.
    assert spreads(totals) == {
        "A": Spread(Fraction(10), Fraction(90), discordant=True),
        "B": Spread(Fraction(50), Fraction(52), discordant=False),
        "C": Spread(Fraction(70), Fraction(70), discordant=False),
    }


@pytest.mark.parametrize(("middle", "discordant"), [(49, False), (51, True)])
def test_the_spread_must_be_larger_and_not_as_large(middle, discordant):
    # Proposals at 40, 50 and 60 have variance 100; two members at 50 ± d have variance 2 d².
    low, high = (Fraction(50) - Fraction(middle - 42), Fraction(50) + Fraction(middle - 42))
    totals = {"A": fractions(40, 40), "B": [low, high], "C": fractions(60, 60)}
    assert spreads(totals)["B"].discordant is discordant


def test_two_proposals_are_too_few_to_say():
    assert not spreads({"A": fractions(0, 100), "B": fractions(50, 50)})["A"].discordant


def test_a_proposal_marked_by_one_member_has_no_spread():
    assert spreads({"A": fractions(7)})["A"].gap == 0
