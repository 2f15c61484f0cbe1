"""Discordance is a spread among members that is larger than the spread among proposals."""

from fractions import Fraction

import pytest

from evaluation.agreement import Spread, disagreements, most_discordant, spreads, variance


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
        "A": Spread(*fractions(10, 50, 90, 3200, 127), discordant=True),
        "B": Spread(*fractions(50, 51, 52, 2, 127), discordant=False),
        "C": Spread(*fractions(70, 70, 70, 0, 127), discordant=False),
    }
    assert [spread.ratio for spread in spreads(totals).values()] == [Fraction(3200, 127), Fraction(2, 127), 0]


def test_each_criterion_is_measured_against_itself():
    given = {
        # On a the proposals are far apart, on b they are alike: the same gap of 4 says something on b alone.
        "A": {"a": fractions(0, 4), "b": fractions(10, 10)},
        "B": {"a": fractions(20, 20), "b": fractions(8, 12)},
        "C": {"a": fractions(40, 40), "b": fractions(11, 11)},
    }
    found = disagreements(given)
    assert {name: of.discordant for name, of in found.items()} == {"A": [], "B": ["b"], "C": []}
    assert found["B"].total == Spread(*fractions(28, 30, 32, 8, 381), discordant=False)
    assert (found["A"].criteria["a"].gap, found["B"].criteria["b"].gap) == (4, 4)


def test_what_is_to_be_discussed_comes_first_and_equals_by_name():
    given = {"C": {"a": fractions(1, 1)}, "B": {"a": fractions(1, 1)}, "A": {"a": fractions(0, 2)}, "D": {"a": fractions(0, 9)}}
    assert most_discordant(disagreements(given)) == ["D", "A", "B", "C"]


def test_proposals_that_are_all_alike_give_no_ratio():
    alike = {name: fractions(1, 3) for name in "ABC"}
    assert [(spread.ratio, spread.discordant) for spread in spreads(alike).values()] == [(None, True)] * 3


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
