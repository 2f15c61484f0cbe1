"""The clock of the formal check, day by day in Rome."""

from datetime import UTC, date, datetime, timedelta

import pytest

from applications.check_clock import Clock, Stop, check_clock
from bando.deadlines import end_of_day, rome

DEADLINE = rome(2026, 10, 1, 12)
MIDNIGHT = timedelta(microseconds=1)


def clock(at, *stops, days=30, deadline=DEADLINE):
    found = check_clock(deadline, days, stops, at)
    return found.used, found.left, found.due, found.paused_since, found.is_late


@pytest.mark.parametrize(
    ("at", "used", "left", "is_late"),
    [
        (rome(2026, 9, 1), 0, 30, False),
        (DEADLINE, 0, 30, False),
        (end_of_day(date(2026, 10, 1)), 0, 30, False),
        (rome(2026, 10, 2), 1, 29, False),
        (end_of_day(date(2026, 10, 30)), 29, 1, False),
        (rome(2026, 10, 31), 30, 0, False),
        (end_of_day(date(2026, 10, 31)), 30, 0, False),
        (rome(2026, 11, 1), 31, -1, True),
    ],
)
def test_without_stops_the_term_ends_with_its_last_day_in_rome(at, used, left, is_late):
    assert clock(at) == (used, left, date(2026, 10, 31), None, is_late)


@pytest.mark.parametrize(
    ("at", "used"),
    [
        # Summer time: 22:00 UTC is midnight in Rome. Winter time, from 25 October 2026: 23:00 UTC is.
        (datetime(2026, 10, 24, 21, 59, 59, 999999, tzinfo=UTC), 23),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), 24),
        (datetime(2026, 10, 25, 22, 59, 59, 999999, tzinfo=UTC), 24),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), 25),
    ],
)
def test_a_day_of_25_hours_is_one_day(at, used):
    assert clock(at)[0] == used


@pytest.mark.parametrize(
    ("at", "used"),
    [
        # 29 March 2026 lasts 23 hours, from 23:00 UTC of the 28th to 22:00 UTC.
        (datetime(2026, 3, 28, 22, 59, 59, 999999, tzinfo=UTC), 8),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 9),
        (datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC), 9),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), 10),
    ],
)
def test_a_day_of_23_hours_is_one_day(at, used):
    assert clock(at, deadline=rome(2026, 3, 20, 12))[0] == used


ASKED, ANSWERED = rome(2026, 10, 5, 9), rome(2026, 10, 8, 23, 59)
"""Monday and Thursday: three days out of the term."""


@pytest.mark.parametrize(
    ("at", "used", "due", "paused_since"),
    [
        (ASKED - MIDNIGHT, 4, date(2026, 10, 31), None),
        (ASKED, 4, None, ASKED),
        (rome(2026, 10, 7), 4, None, ASKED),
        (ANSWERED - MIDNIGHT, 4, None, ASKED),
        (ANSWERED, 4, date(2026, 11, 3), None),
        (rome(2026, 10, 9), 5, date(2026, 11, 3), None),
        (end_of_day(date(2026, 11, 3)), 30, date(2026, 11, 3), None),
        (rome(2026, 11, 4), 31, date(2026, 11, 3), None),
    ],
)
def test_what_the_office_waits_for_takes_its_days_out_of_the_term(at, used, due, paused_since):
    assert clock(at, Stop(ASKED, ANSWERED)) == (used, 30 - used, due, paused_since, used > 30)


@pytest.mark.parametrize(
    ("stops", "used", "due", "paused_since"),
    [
        ([Stop(ASKED, ANSWERED), Stop(rome(2026, 10, 12), rome(2026, 10, 14))], 14, date(2026, 11, 5), None),
        # Overlapping, one inside the other, touching, out of order: each day is taken out once.
        ([Stop(rome(2026, 10, 7), rome(2026, 10, 14)), Stop(ASKED, ANSWERED)], 10, date(2026, 11, 9), None),
        ([Stop(ASKED, rome(2026, 10, 14)), Stop(rome(2026, 10, 7), ANSWERED)], 10, date(2026, 11, 9), None),
        ([Stop(ASKED, ANSWERED), Stop(ANSWERED, rome(2026, 10, 14))], 10, date(2026, 11, 9), None),
        # Two that go on: since the first.
        ([Stop(rome(2026, 10, 12)), Stop(ASKED)], 4, None, ASKED),
        ([Stop(ASKED), Stop(rome(2026, 10, 6), ANSWERED)], 4, None, ASKED),
        # Inside one day nothing is taken out.
        ([Stop(ASKED, ASKED + timedelta(hours=2))], 19, date(2026, 10, 31), None),
        # Not yet.
        ([Stop(rome(2026, 10, 21))], 19, date(2026, 10, 31), None),
        # Before the deadline nothing runs that could stop.
        ([Stop(rome(2026, 9, 20), rome(2026, 9, 25))], 19, date(2026, 10, 31), None),
    ],
)
def test_stops_add_up_and_never_twice(stops, used, due, paused_since):
    found = clock(rome(2026, 10, 20, 12), *stops)
    assert (found[0], found[2], found[3]) == (used, due, paused_since)


@pytest.mark.parametrize(
    ("at", "used", "due", "paused_since"),
    [
        (ASKED, 0, None, ASKED),
        (rome(2026, 10, 8), 0, None, ASKED),
        (ANSWERED, 0, date(2026, 11, 7), None),
        (rome(2026, 11, 7), 30, date(2026, 11, 7), None),
        (rome(2026, 11, 8), 31, date(2026, 11, 7), None),
    ],
)
def test_a_notice_that_interrupts_begins_the_term_again(at, used, due, paused_since):
    found = clock(at, Stop(ASKED, ANSWERED, restarts=True))
    assert (found[0], found[2], found[3]) == (used, due, paused_since)


@pytest.mark.parametrize(
    ("begins", "used", "is_late"),
    [
        (end_of_day(date(2026, 10, 31)), 0, False),
        (rome(2026, 11, 1), 31, True),
    ],
)
def test_a_term_that_has_passed_does_not_begin_again(begins, used, is_late):
    found = clock(rome(2026, 11, 5), Stop(begins, restarts=True))
    assert (found[0], found[4]) == (used, is_late)


def test_a_stop_after_the_term_leaves_it_late():
    assert clock(rome(2026, 11, 9), Stop(rome(2026, 11, 2))) == (32, -2, None, rome(2026, 11, 2), True)


def test_a_clock_says_what_is_left():
    assert check_clock(DEADLINE, 1, [], rome(2026, 10, 2)) == Clock(1, 1, date(2026, 10, 2), None)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Stop(ANSWERED, ASKED),
        lambda: Stop(datetime(2026, 10, 5)),  # noqa: DTZ001 - the fault under test
        lambda: check_clock(DEADLINE, 0, [], ASKED),
        lambda: check_clock(datetime(2026, 10, 1), 30, [], ASKED),  # noqa: DTZ001 - the fault under test
    ],
)
def test_what_cannot_be_counted_is_refused(wrong):
    with pytest.raises(ValueError, match=r"a stop begins|no time zone|at least one day"):
        wrong()
