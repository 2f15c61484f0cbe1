from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.deadlines import (
    ROME,
    AmbiguousTime,
    NonexistentTime,
    Phase,
    Window,
    day_in_rome,
    end_of_day,
    in_rome,
    in_utc,
    rome,
    same_time_after,
    term,
)

MICROSECOND = timedelta(microseconds=1)
OPENS = rome(2021, 9, 17, 12)
DEADLINE = rome(2021, 10, 18, 12)
CALL = Window(OPENS, DEADLINE)


def test_the_deadline_of_the_spazi_wemi_is_ten_in_utc():
    assert in_utc(DEADLINE) == datetime(2021, 10, 18, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - MICROSECOND, Phase.BEFORE),
        (OPENS, Phase.OPEN),
        (OPENS + MICROSECOND, Phase.OPEN),
        (DEADLINE - MICROSECOND, Phase.OPEN),
        (DEADLINE, Phase.OPEN),
        (DEADLINE + MICROSECOND, Phase.CLOSED),
        (rome(2021, 10, 18, 12, 0, 33), Phase.CLOSED),
        (datetime(2021, 10, 18, 10, 0, 0, tzinfo=UTC), Phase.OPEN),
        (datetime(2021, 10, 18, 10, 0, 0, 1, tzinfo=UTC), Phase.CLOSED),
        (datetime(2021, 10, 18, 6, 0, 0, tzinfo=ZoneInfo("America/New_York")), Phase.OPEN),
    ],
)
def test_a_moment_is_in_time_up_to_the_deadline_and_not_a_microsecond_later(at, phase):
    assert CALL.phase(at) is phase
    assert CALL.is_open(at) is (phase is Phase.OPEN)


def test_a_call_without_an_opening_receives_until_its_deadline():
    assert [Window(None, DEADLINE).phase(at) for at in (rome(2000, 1, 1), DEADLINE, DEADLINE + MICROSECOND)] == [
        Phase.OPEN,
        Phase.OPEN,
        Phase.CLOSED,
    ]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2021, 10, 18, 21, 59, 59, 999999, tzinfo=UTC), date(2021, 10, 18)),
        (datetime(2021, 10, 18, 22, tzinfo=UTC), date(2021, 10, 19)),
        (datetime(2021, 12, 31, 22, 59, 59, 999999, tzinfo=UTC), date(2021, 12, 31)),
        (datetime(2021, 12, 31, 23, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2021, 10, 18, 20, tzinfo=ZoneInfo("America/New_York")), date(2021, 10, 19)),
    ],
)
def test_the_day_of_a_moment_is_the_one_on_the_calendars_of_rome(moment, day):
    assert day_in_rome(moment) == day


FIRST_2_45 = datetime(2021, 10, 31, 2, 45, tzinfo=ROME, fold=0)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (datetime(2021, 10, 31, 2, 45, tzinfo=ROME, fold=0), Phase.OPEN),
        (datetime(2021, 10, 31, 2, 45, 0, 1, tzinfo=ROME, fold=0), Phase.CLOSED),
        # The clock shows 02:00 for the second time: earlier on the clock, a quarter of an hour later in truth.
        (datetime(2021, 10, 31, 2, 0, tzinfo=ROME, fold=1), Phase.CLOSED),
        (datetime(2021, 10, 31, 1, 0, tzinfo=UTC), Phase.CLOSED),
        (datetime(2021, 10, 31, 0, 45, tzinfo=UTC), Phase.OPEN),
    ],
)
def test_the_hour_that_comes_twice_is_judged_by_the_instant_and_not_by_the_clock(at, phase):
    assert Window(None, FIRST_2_45).phase(at) is phase


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (DEADLINE - timedelta(hours=1), timedelta(hours=1)),
        (DEADLINE - MICROSECOND, MICROSECOND),
        (DEADLINE, timedelta(0)),
        (DEADLINE + timedelta(days=1), timedelta(0)),
    ],
)
def test_what_remains_runs_down_to_zero_and_stays_there(at, left):
    assert CALL.remaining(at) == left


@pytest.mark.parametrize(
    ("start", "closes", "left"),
    [
        (rome(2021, 10, 30, 12), rome(2021, 10, 31, 12), timedelta(hours=25)),
        (rome(2022, 3, 26, 12), rome(2022, 3, 27, 12), timedelta(hours=23)),
    ],
)
def test_what_remains_counts_the_hours_that_truly_pass_when_the_clocks_change(start, closes, left):
    assert Window(None, closes).remaining(start) == left


def test_a_datetime_without_a_zone_is_no_instant():
    naive = datetime(2021, 10, 18, 12, 0, 0)  # noqa: DTZ001 - the point of the test
    window = (CALL.phase, CALL.is_open, CALL.remaining, lambda at: Window(None, at))
    for ask in (*window, in_utc, day_in_rome, lambda at: term(at, 1)):
        with pytest.raises(ValueError, match="2021-10-18T12:00:00 has no time zone: it is not an instant"):
            ask(naive)
    with pytest.raises(ValueError, match="no time zone"):
        Window(naive, DEADLINE)


def test_a_date_is_no_instant_either():
    with pytest.raises(TypeError, match="a datetime is needed, not date"):
        CALL.is_open(date(2021, 10, 18))


@pytest.mark.parametrize("opens", [DEADLINE, DEADLINE + MICROSECOND])
def test_a_window_opens_before_it_closes(opens):
    with pytest.raises(ValueError, match="a window opens before it closes"):
        Window(opens, DEADLINE)
    assert Window(DEADLINE - MICROSECOND, DEADLINE).is_open(DEADLINE) is True


@pytest.mark.parametrize(
    ("clock", "refusal"),
    [
        ((2022, 3, 27, 2, 0, 0), NonexistentTime),
        ((2022, 3, 27, 2, 30, 0), NonexistentTime),
        ((2022, 3, 27, 2, 59, 59), NonexistentTime),
        ((2021, 10, 31, 2, 0, 0), AmbiguousTime),
        ((2021, 10, 31, 2, 59, 59), AmbiguousTime),
    ],
)
def test_a_clock_time_that_can_be_read_in_no_way_or_in_two_is_refused(clock, refusal):
    with pytest.raises(refusal):
        rome(*clock)


@pytest.mark.parametrize(
    ("clock", "utc"),
    [
        ((2022, 3, 27, 1, 59, 59), (2022, 3, 27, 0, 59, 59)),
        ((2022, 3, 27, 3, 0, 0), (2022, 3, 27, 1, 0, 0)),
        ((2021, 10, 31, 1, 59, 59), (2021, 10, 30, 23, 59, 59)),
        ((2021, 10, 31, 3, 0, 0), (2021, 10, 31, 2, 0, 0)),
    ],
)
def test_the_seconds_on_either_side_of_a_change_of_the_clocks_are_plain_instants(clock, utc):
    assert in_utc(rome(*clock)) == datetime(*utc, tzinfo=UTC)


def test_a_time_that_already_has_a_zone_is_not_read_again():
    with pytest.raises(ValueError, match="already has a time zone"):
        in_rome(DEADLINE)


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        (rome(2021, 10, 18, 12), 10, "2021-10-28T23:59:59.999999+02:00"),
        # Whatever the hour of the start, its day does not count.
        (rome(2021, 10, 18, 0), 1, "2021-10-19T23:59:59.999999+02:00"),
        (rome(2021, 10, 18, 23, 59, 59), 1, "2021-10-19T23:59:59.999999+02:00"),
        # 22:30 in UTC is already the next day in Rome.
        (datetime(2021, 10, 18, 22, 30, tzinfo=UTC), 1, "2021-10-20T23:59:59.999999+02:00"),
        (rome(2021, 10, 25, 12), 10, "2021-11-04T23:59:59.999999+01:00"),
        (rome(2022, 3, 20, 12), 7, "2022-03-27T23:59:59.999999+02:00"),
    ],
)
def test_a_term_in_days_ends_with_the_last_instant_of_its_last_day(start, days, ends):
    assert term(start, days).isoformat() == ends
    window = Window(None, term(start, days))
    assert (window.is_open(window.closes), window.is_open(window.closes + MICROSECOND)) == (True, False)


def test_the_last_instant_of_a_day_touches_the_first_of_the_next():
    assert in_utc(end_of_day(date(2021, 10, 30))) + MICROSECOND == in_utc(rome(2021, 10, 31))
    assert in_utc(end_of_day(date(2021, 10, 31))) - in_utc(rome(2021, 10, 31)) == timedelta(hours=25) - MICROSECOND


@pytest.mark.parametrize(
    ("start", "days", "then"),
    [
        (rome(2021, 10, 18, 12), 10, "2021-10-28T12:00:00+02:00"),
        (rome(2021, 10, 25, 12), 10, "2021-11-04T12:00:00+01:00"),
        (rome(2022, 3, 20, 12), 10, "2022-03-30T12:00:00+02:00"),
        # 02:30 comes twice on the last day: the second one counts.
        (rome(2021, 10, 30, 2, 30), 1, "2021-10-31T02:30:00+01:00"),
        # 02:30 does not exist on the last day: the clocks show 03:30.
        (rome(2022, 3, 26, 2, 30), 1, "2022-03-27T03:30:00+02:00"),
        (datetime(2021, 10, 31, 2, 30, tzinfo=ROME, fold=1), 1, "2021-11-01T02:30:00+01:00"),
    ],
)
def test_a_term_that_keeps_the_hour_keeps_the_hour_on_the_wall(start, days, then):
    assert same_time_after(start, days).isoformat() == then


@pytest.mark.parametrize("count", [term, same_time_after])
@pytest.mark.parametrize("days", [0, -1])
def test_a_term_lasts_at_least_a_day(count, days):
    with pytest.raises(ValueError, match="a term lasts at least one day"):
        count(DEADLINE, days)


@given(st.integers(0, 4_000_000_000_000_000))
def test_every_instant_is_in_time_for_itself_and_late_for_the_one_before(microseconds):
    instant = datetime(2000, 1, 1, tzinfo=UTC) + microseconds * MICROSECOND
    there = instant.astimezone(ROME)
    assert (Window(None, there).is_open(instant), Window(None, there).is_open(instant + MICROSECOND)) == (True, False)
