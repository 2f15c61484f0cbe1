from datetime import date

import pytest

from network.holidays import coming_holidays, easter, holidays


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1961, date(1961, 4, 2)),
        (2008, date(2008, 3, 23)),
        (2022, date(2022, 4, 17)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_is_where_the_calendars_print_it(year, sunday):
    assert easter(year) == sunday


def test_a_year_has_its_holidays_in_order():
    assert [day for day, _name in holidays(2022)] == [
        date(2022, 1, 1),
        date(2022, 1, 6),
        date(2022, 4, 18),
        date(2022, 4, 25),
        date(2022, 5, 1),
        date(2022, 6, 2),
        date(2022, 8, 15),
        date(2022, 11, 1),
        date(2022, 12, 7),
        date(2022, 12, 8),
        date(2022, 12, 25),
        date(2022, 12, 26),
    ]


@pytest.mark.parametrize(("year", "found"), [(2025, []), (2026, [(date(2026, 10, 4), "San Francesco")])])
def test_san_francesco_is_a_holiday_again_since_2026(year, found):
    assert [row for row in holidays(year) if row[1] == "San Francesco"] == found


@pytest.mark.parametrize(
    ("today", "first", "last", "many"),
    [
        (date(2022, 12, 26), date(2022, 12, 26), date(2023, 12, 26), 13),
        (date(2022, 12, 27), date(2023, 1, 1), date(2023, 12, 26), 12),
    ],
)
def test_the_holidays_of_a_year_ahead_begin_today(today, first, last, many):
    found = [day for day, _name in coming_holidays(today)]
    assert (found[0], found[-1], len(found)) == (first, last, many)
