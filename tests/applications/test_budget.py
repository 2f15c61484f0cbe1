"""The arithmetic of a budget, on both sides of every rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from applications.budget import Check, Rule, judge, shown_percent
from bando.notice.document import Budget, BudgetItem

STAFF, RENT, OVERHEAD = (
    BudgetItem("personale", "Personale"),
    BudgetItem("sede", "Sede"),
    BudgetItem("indiretti", "Costi indiretti", indirect=True),
)


def budget(**rules: object) -> Budget:
    return Budget("piano", (STAFF, RENT, OVERHEAD), **rules)


def check(outcome, rule: Rule) -> Check:
    return next(found for found in outcome.checks if found.rule is rule)


def test_sums_and_grant_come_from_the_lines() -> None:
    outcome = judge(budget(), {"personale": (3_000_000, 600_000), "sede": (1_250_000, 250_000), "indiretti": (100_000, 0)})
    assert (outcome.total, outcome.own, outcome.grant, outcome.indirect) == (4_350_000, 850_000, 3_500_000, 100_000)
    assert [line.grant for line in outcome.lines] == [2_400_000, 1_000_000, 100_000]
    assert outcome.passed


@pytest.mark.parametrize(
    ("own", "passed", "gap"),
    [(250_000, True, 0), (249_999, False, 1), (187_500, False, 62_500), (0, False, 250_000)],
)
def test_the_least_own_share_is_reached_exactly_or_not(own: int, passed: bool, gap: int) -> None:
    outcome = judge(budget(min_own_share_percent=Decimal(20)), {"personale": (1_250_000, own)})
    share = check(outcome, Rule.MIN_OWN_SHARE)
    assert (share.passed, share.gap) == (passed, gap)
    assert share.amount == Fraction(100 * own, 1_250_000)


def test_a_share_that_falls_between_two_cents_asks_the_upper_one() -> None:
    rules = budget(min_own_share_percent=Decimal("33.33"))
    assert not judge(rules, {"personale": (100, 33)}).passed
    assert judge(rules, {"personale": (100, 34)}).passed


@pytest.mark.parametrize(("own", "passed", "gap"), [(1_000_000, True, 0), (999_999, False, 1), (880_000, False, 120_000)])
def test_the_greatest_grant_is_allowed_to_the_cent(own: int, passed: bool, gap: int) -> None:
    outcome = judge(budget(max_grant_cents=5_000_000), {"personale": (6_000_000, own)})
    grant = check(outcome, Rule.MAX_GRANT)
    assert (grant.passed, grant.gap) == (passed, gap)


@pytest.mark.parametrize(("indirect", "passed", "gap"), [(70_000, True, 0), (70_001, False, 1), (100_000, False, 30_000)])
def test_indirect_costs_have_a_greatest_part_of_the_whole(indirect: int, passed: bool, gap: int) -> None:
    amounts = {"personale": (1_000_000 - indirect, 0), "indiretti": (indirect, 0)}
    found = check(judge(budget(max_indirect_percent=Decimal(7)), amounts), Rule.MAX_INDIRECT)
    assert (found.passed, found.gap) == (passed, gap)


def test_a_budget_of_nothing_respects_every_share_and_has_no_cost() -> None:
    outcome = judge(
        budget(max_grant_cents=1, min_own_share_percent=Decimal(20), max_indirect_percent=Decimal(7)),
        {},
    )
    assert [(found.rule, found.passed) for found in outcome.checks] == [
        (Rule.SOME_COST, False),
        (Rule.MAX_GRANT, True),
        (Rule.MIN_OWN_SHARE, True),
        (Rule.MAX_INDIRECT, True),
    ]


@pytest.mark.parametrize("line", [(100, 101), (100, -1), (-1, -1)])
def test_a_line_that_can_not_be_is_refused(line: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="personale"):
        judge(budget(), {"personale": line})


def test_a_share_just_below_its_minimum_is_never_shown_as_the_minimum() -> None:
    assert shown_percent(Fraction(19_999_999, 1_000_000), up=False) == Decimal("19.99")
    assert shown_percent(Fraction(7_000_001, 1_000_000), up=True) == Decimal("7.01")
    assert str(shown_percent(Fraction(20), up=False)) == "20"
