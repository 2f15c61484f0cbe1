from datetime import date, timedelta

import pytest

from network.reporting_calendar import months_later, tells, terms


def told(starts_on, ends_on):
    return [(t.number, t.first_day, t.last_day, t.due_on) for t in terms(starts_on, ends_on)]


def test_two_years_are_eight_quarters_and_a_final_report():
    found = terms(date(2022, 5, 1), date(2024, 4, 30))
    assert [t.is_final for t in found] == [False] * 8 + [True]
    assert told(date(2022, 5, 1), date(2024, 4, 30))[:2] == [
        (1, date(2022, 5, 1), date(2022, 7, 31), date(2022, 8, 30)),
        (2, date(2022, 8, 1), date(2022, 10, 31), date(2022, 11, 30)),
    ]
    assert told(date(2022, 5, 1), date(2024, 4, 30))[-2:] == [
        (8, date(2024, 2, 1), date(2024, 4, 30), date(2024, 5, 30)),
        (9, date(2022, 5, 1), date(2024, 4, 30), date(2024, 5, 30)),
    ]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "quarters"),
    [
        (date(2026, 3, 10), date(2026, 3, 29), [(date(2026, 3, 10), date(2026, 3, 29))]),  # twenty days
        (date(2026, 3, 10), date(2026, 3, 10), [(date(2026, 3, 10), date(2026, 3, 10))]),
        (date(2026, 3, 10), date(2026, 6, 9), [(date(2026, 3, 10), date(2026, 6, 9))]),
        (
            date(2026, 3, 10),
            date(2026, 6, 10),
            [(date(2026, 3, 10), date(2026, 6, 9)), (date(2026, 6, 10), date(2026, 6, 10))],
        ),
        (  # no 31 November: the third quarter starts on the 28th, or on the 29th of a leap year
            date(2023, 8, 31),
            date(2024, 8, 30),
            [
                (date(2023, 8, 31), date(2023, 11, 29)),
                (date(2023, 11, 30), date(2024, 2, 28)),
                (date(2024, 2, 29), date(2024, 5, 30)),
                (date(2024, 5, 31), date(2024, 8, 30)),
            ],
        ),
        (
            date(2022, 11, 30),
            date(2023, 5, 29),
            [(date(2022, 11, 30), date(2023, 2, 27)), (date(2023, 2, 28), date(2023, 5, 29))],
        ),
        (date(2024, 2, 29), date(2024, 5, 28), [(date(2024, 2, 29), date(2024, 5, 28))]),
    ],
)
def test_quarters_follow_one_another_and_the_last_is_cut_at_the_end(starts_on, ends_on, quarters):
    *found, final = terms(starts_on, ends_on)
    assert [(t.first_day, t.last_day) for t in found] == quarters
    assert (final.number, final.first_day, final.last_day) == (len(quarters) + 1, starts_on, ends_on)
    assert {t.due_on - t.last_day for t in [*found, final]} == {timedelta(days=30)}


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 1, 31), 3, date(2024, 4, 30)),
    ],
)
def test_a_month_without_the_day_gives_its_last_one(day, months, later):
    assert months_later(day, months) == later


def test_nothing_ends_before_it_starts():
    with pytest.raises(ValueError, match="2026-03-10 to 2026-03-09"):
        terms(date(2026, 3, 10), date(2026, 3, 9))


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "told"),
    [
        (None, None, False),
        (date(2022, 7, 31), None, True),
        (date(2022, 8, 1), None, False),
        (date(2021, 1, 1), date(2022, 5, 1), True),
        (date(2021, 1, 1), date(2022, 4, 30), False),
    ],
)
def test_a_spazio_tells_of_a_term_when_it_was_open_on_one_of_its_days(opened_on, closed_on, told):
    assert tells(date(2022, 5, 1), date(2022, 7, 31), opened_on, closed_on) is told
