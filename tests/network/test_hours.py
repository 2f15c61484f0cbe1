from datetime import date, datetime

import pytest

from bando.deadlines import rome
from network.hours import Door, Unreadable, door, exceptions_between, is_open, read_day, write_day

MONDAY_HOURS = [{"day": 1, "opens": "09:00", "closes": "13:00"}, {"day": 1, "opens": "14:30", "closes": "18:00"}]


@pytest.mark.parametrize("text", ["9-13, 14:30-18", "9:00-13:00,14.30–18.00", " 09-13 ,  14:30 - 18:00 "])
def test_hours_are_read_as_people_write_them(text):
    assert read_day(1, text) == MONDAY_HOURS


def test_a_day_without_hours_is_closed():
    assert read_day(7, "  ") == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mattina", "mattina"),
        ("9-13, poi si vede", "poi si vede"),
        ("13-9", "13-9"),
        ("9-9", "9-9"),
        ("9-25", "9-25"),
        ("9:70-13", "9:70-13"),
        ("9-13, 12-18", "12-18"),
        ("24:30-25", "24:30-25"),
    ],
)
def test_what_cannot_be_read_is_named(text, part):
    with pytest.raises(Unreadable) as refusal:
        read_day(1, text)
    assert str(refusal.value) == part


def test_what_was_read_is_written_back():
    assert write_day(MONDAY_HOURS, 1) == "09:00-13:00, 14:30-18:00"
    assert write_day(MONDAY_HOURS, 2) == ""


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (rome(2026, 6, 1, 8, 59, 59), False),
        (rome(2026, 6, 1, 9), True),
        (rome(2026, 6, 1, 12, 59, 59), True),
        (rome(2026, 6, 1, 13), False),
        (rome(2026, 6, 1, 14, 30), True),
        (rome(2026, 6, 2, 9), False),
        (datetime.fromisoformat("2026-06-01T07:00:00+00:00"), True),  # 9 in Rome in summer
        (datetime.fromisoformat("2026-12-07T08:00:00+00:00"), True),  # 9 in Rome in winter
        (datetime.fromisoformat("2026-12-07T07:59:59+00:00"), False),
    ],
)
def test_a_door_is_open_from_the_minute_it_opens_to_the_minute_it_closes(at, expected):
    assert is_open(MONDAY_HOURS, at) is expected


# --- exceptions, and when the door changes ----------------------------------------------------------------------------

WEEK = [*MONDAY_HOURS, {"day": 2, "opens": "09:00", "closes": "13:00"}, {"day": 2, "opens": "13:00", "closes": "18:00"}]
CHRISTMAS = {"first": "2026-12-24", "last": "2027-01-06", "hours": [], "why": "Chiusura di Natale"}
ONE_MONDAY = {"first": "2026-12-28", "last": "2026-12-28", "hours": [{"opens": "10:00", "closes": "11:00"}], "why": "Turno"}


@pytest.mark.parametrize(
    ("at", "exceptions", "expected"),
    [
        (rome(2026, 6, 1, 8), [], Door(False, rome(2026, 6, 1, 9))),
        (rome(2026, 6, 1, 9), [], Door(True, rome(2026, 6, 1, 13))),
        (rome(2026, 6, 1, 12, 59, 59), [], Door(True, rome(2026, 6, 1, 13))),
        (rome(2026, 6, 1, 13), [], Door(False, rome(2026, 6, 1, 14, 30))),
        (rome(2026, 6, 1, 18), [], Door(False, rome(2026, 6, 2, 9))),
        (rome(2026, 6, 2, 10), [], Door(True, rome(2026, 6, 2, 18))),  # at 13 two spans touch
        (rome(2026, 6, 2, 18), [], Door(False, rome(2026, 6, 8, 9))),
        (rome(2026, 12, 22, 18), [CHRISTMAS], Door(False, rome(2027, 1, 11, 9))),
        (rome(2026, 12, 28, 10), [CHRISTMAS], Door(False, rome(2027, 1, 11, 9))),
        (rome(2026, 12, 28, 10), [ONE_MONDAY, CHRISTMAS], Door(True, rome(2026, 12, 28, 11))),
        (rome(2026, 12, 28, 11), [ONE_MONDAY, CHRISTMAS], Door(False, rome(2027, 1, 11, 9))),
        (rome(2026, 12, 23, 23, 59, 59), [CHRISTMAS], Door(False, rome(2027, 1, 11, 9))),
        (rome(2027, 1, 11, 9), [CHRISTMAS], Door(True, rome(2027, 1, 11, 13))),
    ],
)
def test_a_door_changes_at_its_next_opening_or_closing(at, exceptions, expected):
    assert door(WEEK, at, exceptions) == expected
    assert is_open(WEEK, at, exceptions) is expected.is_open


def test_a_door_without_hours_never_opens():
    assert door([], rome(2026, 6, 1, 10)) == Door(False, None)
    assert door(WEEK, rome(2026, 6, 1, 10), [{**CHRISTMAS, "first": "2026-01-01", "last": "2029-12-31"}]) == Door(False, None)


def test_a_door_that_never_shuts_has_no_change():
    always = [{"day": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
    assert door(always, rome(2026, 6, 1, 10)) == Door(True, None)
    assert door(always, rome(2026, 12, 23, 10), [CHRISTMAS]) == Door(True, rome(2026, 12, 24))


def test_a_night_that_goes_on_is_one_span():
    night = [{"day": 6, "opens": "20:00", "closes": "24:00"}, {"day": 7, "opens": "00:00", "closes": "04:00"}]
    assert door(night, rome(2026, 6, 6, 23)) == Door(True, rome(2026, 6, 7, 4))


@pytest.mark.parametrize(
    ("at", "is_open", "changes_at"),
    [
        # 29 March 2026: 2 becomes 3. From 1 to 4 two hours pass.
        ("2026-03-29T00:30:00+00:00", True, "2026-03-29T02:00:00+00:00"),
        ("2026-03-28T23:30:00+00:00", False, "2026-03-29T00:00:00+00:00"),
        # 25 October 2026: 3 becomes 2. From 1 to 4 four hours pass.
        ("2026-10-24T23:00:00+00:00", True, "2026-10-25T03:00:00+00:00"),
        ("2026-10-25T01:30:00+00:00", True, "2026-10-25T03:00:00+00:00"),
    ],
)
def test_a_door_keeps_to_the_clock_of_rome_when_the_clocks_change(at, is_open, changes_at):
    nights = [{"day": 7, "opens": "01:00", "closes": "04:00"}]
    assert door(nights, datetime.fromisoformat(at)) == Door(is_open, datetime.fromisoformat(changes_at))


def test_hours_that_the_clock_jumps_over_open_no_door():
    jumped = [{"day": 7, "opens": "02:15", "closes": "03:00"}]
    assert door(jumped, rome(2026, 3, 28, 12)) == Door(False, rome(2026, 4, 5, 2, 15))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 12, 1), date(2026, 12, 23), []),
        (date(2026, 12, 1), date(2026, 12, 24), [CHRISTMAS]),
        (date(2026, 12, 28), date(2026, 12, 28), [CHRISTMAS, ONE_MONDAY]),
        (date(2027, 1, 6), date(2027, 3, 1), [CHRISTMAS]),
        (date(2027, 1, 7), date(2027, 3, 1), []),
    ],
)
def test_the_exceptions_of_a_while_are_those_that_touch_it(first, last, expected):
    assert exceptions_between([ONE_MONDAY, CHRISTMAS], first, last) == expected
