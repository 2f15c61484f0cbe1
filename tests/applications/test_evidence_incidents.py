"""When the service failed, when it was slow, and when nobody measured it."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.evidence.incidents import Attempt, Minute, Reading, Span, errors, failures, gaps, minutes, percentile

NOON = datetime(2021, 10, 18, 10, tzinfo=UTC)
SECOND = 1_000_000


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def reading(seconds, took_us=40_000, *, ok=True, what="door"):
    return Reading(at(seconds), what, took_us, ok)


def attempt(seconds, took_us=50_000, *, kind="save", outcome="done"):
    return Attempt(at(seconds), at(seconds) + timedelta(microseconds=took_us), kind, outcome)


@pytest.mark.parametrize(
    ("bad", "found"),
    [
        ([], 0),
        ([{"ok": False}], 0),
        ([{"ok": False}, {"ok": False}], 1),
        ([{"took_us": 5 * SECOND}, {"took_us": 5 * SECOND}], 0),
        ([{"took_us": 5 * SECOND + 1}, {"took_us": 5 * SECOND + 1}], 1),
        ([{"took_us": 10 * SECOND - 1}], 0),
        ([{"took_us": 10 * SECOND}], 1),
        ([{"ok": False, "took_us": 10 * SECOND}], 1),
    ],
)
def test_two_bad_measures_in_a_row_or_one_very_long_one_are_an_incident(bad, found):
    readings = [reading(0), *(reading(5 + 5 * place, **facts) for place, facts in enumerate(bad)), reading(60)]
    assert len(failures(readings)) == found


def test_an_incident_goes_from_the_first_bad_measure_to_the_end_of_the_last():
    readings = [reading(0), reading(5, 6 * SECOND), reading(11, 9 * SECOND), reading(20)]
    assert failures(readings) == [Span(at(5), at(20), "door", "slow", 2, 9 * SECOND)]


def test_one_measure_without_an_answer_makes_a_slow_span_a_failed_one():
    readings = [reading(5, 6 * SECOND), reading(11, 8 * SECOND, ok=False)]
    assert failures(readings) == [Span(at(5), at(19), "door", "failed", 2, 8 * SECOND)]


def test_good_measures_between_two_bad_ones_part_them_and_other_things_do_not():
    bad = [reading(0, ok=False), reading(10, ok=False)]
    assert failures([*bad, reading(5)]) == []
    assert len(failures([*bad, reading(5, what="storage")])) == 1


def test_incidents_of_several_things_come_in_order_of_time():
    readings = [
        reading(s, ok=False, what=what) for what, seconds in (("storage", (9, 14)), ("door", (10, 15))) for s in seconds
    ]
    assert [(span.what, span.begins) for span in failures(readings)] == [("storage", at(9)), ("door", at(10))]


@pytest.mark.parametrize(("silence", "found"), [(30, []), (30.000001, [Span(at(0), at(30.000001), "probe", "silent")])])
def test_more_than_half_a_minute_without_a_measure_is_a_gap(silence, found):
    assert gaps([reading(0, 0), reading(silence, 0)], at(0), at(silence)) == found


def test_the_time_that_a_measure_took_is_no_gap():
    assert gaps([reading(0, 50 * SECOND), reading(55)], at(0), at(60)) == []


def test_the_edges_of_the_window_count():
    assert gaps([reading(100, 0)], at(0), at(200)) == [
        Span(at(0), at(100), "probe", "silent"),
        Span(at(100), at(200), "probe", "silent"),
    ]
    assert gaps([], at(0), at(200)) == [Span(at(0), at(200), "probe", "silent")]


def test_measures_after_the_window_say_nothing_of_it():
    assert gaps([reading(0, 0), reading(300, 0)], at(0), at(100)) == [Span(at(0), at(100), "probe", "silent")]


def test_each_minute_counts_what_arrived_in_it_and_how_long_it_took():
    attempts = [
        attempt(59.999999),
        attempt(60, 100, kind="submit", outcome="refused"),
        attempt(60, 0, kind="submit_arrived", outcome="arrived"),
        attempt(61, 300, kind="submit"),
        attempt(119, 200, outcome="failed"),
    ]
    assert minutes(attempts, at(5), at(125)) == [
        Minute(at(0), 1, 0, 0, 0, 50_000, 50_000),
        Minute(at(60), 3, 2, 1, 1, 200, 300),
        Minute(at(120), 0, 0, 0, 0, None, None),
    ]


def test_an_end_before_the_beginning_took_nothing():
    assert Attempt(at(1), at(0), "save", "done").took_us == 0


@pytest.mark.parametrize(("failed", "good", "found"), [(1, 0, 0), (2, 0, 1), (2, 8, 1), (2, 9, 0), (3, 12, 1), (0, 5, 0)])
def test_two_errors_of_ours_and_one_attempt_in_five_are_an_incident(failed, good, found):
    attempts = [attempt(n, outcome="failed") for n in range(failed)] + [attempt(20 + n) for n in range(good)]
    assert len(errors(minutes(attempts, at(0), at(59)))) == found


def test_minutes_with_errors_that_follow_each_other_are_one_incident():
    attempts = [attempt(second, 700, outcome="failed") for second in (1, 2, 61, 62, 63, 200)]
    assert errors(minutes(attempts, at(0), at(239))) == [Span(at(0), at(120), "attempts", "errors", 5, 700)]


@pytest.mark.parametrize(
    ("values", "per_cent", "found"),
    [
        ([7], 50, 7),
        ([7], 95, 7),
        ([1, 2], 50, 1),
        ([3, 1, 2], 50, 2),
        (list(range(1, 101)), 95, 95),
        (list(range(1, 21)), 95, 19),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values, per_cent, found):
    assert percentile(values, per_cent) == found


def test_nothing_measured_has_no_percentile():
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 95)
