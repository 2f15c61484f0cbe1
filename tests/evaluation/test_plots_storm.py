"""The line of arrivals."""

import pytest

from evaluation.plots.storm import FLOOR, LEFT, RIGHT, TICKS, TOP, storm

HOUR, DAY = 3600, 86400


def test_every_stretch_of_the_axis_is_as_long_as_the_others():
    assert [tick.x for tick in storm([]).ticks] == ["56.0", "160.0", "264.0", "368.0", "472.0", "576.0", "680.0"]


def test_a_tick_counts_who_had_arrived_by_then():
    drawn = storm([20 * DAY, 3 * DAY, 2 * DAY, 3 * HOUR, 3 * HOUR - 1, 0])
    assert [tick.by for tick in drawn.ticks] == [1, 2, 3, 4, 5, 5, 6]
    assert (drawn.total, drawn.last_day) == (6, 3)


@pytest.mark.parametrize(
    ("before", "x"),
    [(TICKS[0] + 1, "56.0"), (TICKS[0], "56.0"), (2 * DAY, "212.0"), (DAY, "264.0"), (300, "628.0"), (0, "680.0")],
)
def test_the_line_rises_where_one_arrived(before, x):
    assert storm([before]).path == f"M {LEFT}.0 {FLOOR}.0 H {x} V {TOP}.0 H {RIGHT}.0"


def test_before_the_deadline_the_line_ends_now_and_later_ticks_know_nothing():
    drawn = storm([5 * DAY], now=2 * DAY)
    assert drawn.path.endswith("H 212.0")
    assert [tick.by for tick in drawn.ticks] == [0, 1, None, None, None, None, None]


def test_where_nothing_arrived_there_is_no_line():
    assert (storm([]).path, storm([]).total) == ("", 0)


@pytest.mark.parametrize(("before", "count"), [(DAY, 1), (DAY + 1, 0)])
def test_the_last_day_is_of_twenty_four_hours(before, count):
    assert storm([before]).last_day == count
