from datetime import date

import pytest

from network.reporting import Expense, Foreseen, Missing, Work, against_budget, days_left, minutes_of, missing, total

BUDGET = [Foreseen("staff", "Personale", 100_000, 20_000), Foreseen("rent", "Affitto", 50_000, 0)]


def test_each_item_is_told_with_what_is_left_of_it():
    before = [Expense("staff", 30_000, 5_000), Expense("staff", 10_000, 0)]
    staff, rent = against_budget(BUDGET, before, [Expense("rent", 50_001, 1, "aumento")])
    assert (staff.before_cents, staff.spent_cents, staff.so_far_cents, staff.left_cents, staff.own_so_far_cents) == (
        40_000,
        0,
        40_000,
        60_000,
        5_000,
    )
    assert (rent.left_cents, rent.own_cents, rent.note) == (-1, 1, "aumento")


def test_what_was_spent_outside_the_budget_stands_last_and_has_nothing_foreseen():
    lines = against_budget(BUDGET, [Expense("zoo", 7, 0)], [Expense("cars", 5, 0)])
    assert [(line.code, line.foreseen_cents, line.left_cents) for line in lines] == [
        ("staff", 100_000, 100_000),
        ("rent", 50_000, 50_000),
        ("cars", 0, -5),
        ("zoo", 0, -7),
    ]


def test_the_total_is_the_sum_of_the_lines():
    lines = against_budget(BUDGET, [Expense("staff", 3, 1)], [Expense("rent", 4, 2)])
    whole = total(lines)
    assert (whole.foreseen_cents, whole.so_far_cents, whole.own_so_far_cents, whole.left_cents) == (150_000, 7, 3, 149_993)
    assert total([]).left_cents == 0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"visits": 0}, []),
        ({"visits": None}, [(Missing.VISITS, "")]),
        ({"work": []}, [(Missing.WORK, "")]),
        ({"activities": "  \n"}, [(Missing.ACTIVITIES, "")]),
        ({"now": [Expense("rent", 50_000, 50_000)]}, []),
        ({"now": [Expense("rent", 50_000, 50_001)]}, [(Missing.OWN_BEYOND_SPENT, "Affitto")]),
        ({"now": [Expense("rent", 50_001, 0)]}, [(Missing.BEYOND_BUDGET, "Affitto")]),
        ({"now": [Expense("rent", 50_001, 0, "aumento")]}, []),
    ],
)
def test_what_is_missing_is_said(changes, expected):
    given = {"visits": 3, "work": [Work("a", 60, volunteer=False)], "activities": "x", "now": [], **changes}
    lines = against_budget(BUDGET, [], given.pop("now"))
    assert missing(given["visits"], given["work"], given["activities"], lines) == expected


def test_the_hours_of_volunteers_are_kept_apart():
    work = [Work("a", 60, volunteer=False), Work("b", 30, volunteer=True), Work("c", 15, volunteer=True)]
    assert (minutes_of(work, volunteers=False), minutes_of(work, volunteers=True)) == (60, 45)


@pytest.mark.parametrize(("today", "left"), [(date(2022, 8, 29), 1), (date(2022, 8, 30), 0), (date(2022, 8, 31), -1)])
def test_the_last_day_is_day_zero(today, left):
    assert days_left(date(2022, 8, 30), today) == left
