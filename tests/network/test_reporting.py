from datetime import date

import pytest

from network.reporting import (
    Expense,
    Foreseen,
    Missing,
    Work,
    added_up,
    against_budget,
    days_left,
    minutes_of,
    missing,
    missing_at_the_end,
    reminder,
    total,
)

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


def test_an_item_that_others_overspent_asks_nothing_of_who_spent_nothing_on_it():
    before = [Expense("rent", 50_001, 0)]
    told = ([Work("x", 1, False)], "Sportello.")
    assert missing(0, *told, against_budget(BUDGET, before, [])) == []
    assert missing(0, *told, against_budget(BUDGET, before, [Expense("rent", 1, 0)])) == [(Missing.BEYOND_BUDGET, "Affitto")]


@pytest.mark.parametrize(
    ("untold", "texts", "found"),
    [
        ([], ("a", "b", "c"), []),
        (["maggio", "giugno"], ("a", "b", "c"), [(Missing.QUARTERS, "maggio"), (Missing.QUARTERS, "giugno")]),
        ([], (" ", "b", "c"), [(Missing.ACTIVITIES, "")]),
        ([], ("a", "", "c"), [(Missing.ASSETS, "")]),
        ([], ("a", "b", "\n"), [(Missing.EVALUATION, "")]),
    ],
)
def test_a_final_report_lacks_the_quarters_and_its_own_words(untold, texts, found):
    assert missing_at_the_end(untold, *texts) == found


def test_work_is_added_up_by_role_whatever_its_capitals_and_volunteers_stay_apart():
    told = [Work("Accoglienza", 60, False), Work("accoglienza", 5, False), Work("Accoglienza", 30, True)]
    assert added_up(told) == [Work("Accoglienza", 65, False), Work("Accoglienza", 30, True)]


@pytest.mark.parametrize(("left", "which"), [(15, None), (14, 14), (4, 14), (3, 3), (0, 3), (-1, -1), (-30, -1), (-31, None)])
def test_a_reminder_is_the_nearest_that_has_come_and_none_after_a_month(left, which):
    assert reminder(left) == which
