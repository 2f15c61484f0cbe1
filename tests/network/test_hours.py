from datetime import datetime

import pytest

from bando.deadlines import rome
from network.hours import Unreadable, is_open, read_day, write_day

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
