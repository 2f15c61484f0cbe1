from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bando.deadlines import rome
from network.waits import Act, Moments, Until, median, percentile, stays, summaries, summary, wait

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RECEIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "expected"), [(Until.TAKEN, HOUR), (Until.ROUTED, None), (Until.ANSWERED, 2 * DAY), (Until.CLOSED, None)]
)
def test_a_wait_runs_from_the_receipt_and_is_none_while_it_lasts(until, expected):
    assert wait(Moments(RECEIVED, taken=RECEIVED + HOUR, answered=RECEIVED + 2 * DAY), until) == expected


def test_the_hour_of_the_change_to_summer_time_is_not_waited():
    night = Moments(rome(2026, 3, 29, 1, 30), taken=rome(2026, 3, 29, 3, 30))
    assert wait(night, Until.TAKEN) == HOUR


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([5], 5 * HOUR),
        ([9, 1], 5 * HOUR),
        ([9, 1, 2], 2 * HOUR),
        ([1, 2, 4, 100], 3 * HOUR),
    ],
)
def test_the_median_is_the_middle_or_between_the_two_in_the_middle(hours, expected):
    assert median([hour * HOUR for hour in hours]) == expected


@pytest.mark.parametrize(
    ("count", "percent", "expected"),
    [(0, 90, None), (1, 90, 1), (9, 90, 9), (10, 90, 9), (11, 90, 10), (20, 90, 18), (10, 0, 1), (10, 100, 10)],
)
def test_a_percentile_is_a_wait_that_somebody_lived_through(count, percent, expected):
    assert percentile([n * HOUR for n in range(count, 0, -1)], percent) == (None if expected is None else expected * HOUR)


@pytest.mark.parametrize(
    ("goal", "within"),
    [(None, None), (HOUR - timedelta(microseconds=1), Fraction(0)), (HOUR, Fraction(1, 3)), (3 * HOUR, Fraction(1))],
)
def test_a_summary_leaves_out_what_lasts_and_counts_what_took_no_longer_than_the_goal(goal, within):
    found = summary([HOUR, None, 2 * HOUR, 3 * HOUR], goal)
    assert (found.count, found.median, found.slow, found.within) == (3, 2 * HOUR, 3 * HOUR, within)


def test_nothing_waited_for_has_no_share():
    assert summary([None], HOUR) == summary([])


def test_the_same_requests_are_summed_up_for_each_thing_waited_for():
    requests = [
        Moments(RECEIVED, taken=RECEIVED + HOUR, closed=RECEIVED + DAY),
        Moments(RECEIVED, taken=RECEIVED + 3 * HOUR),
    ]
    found = summaries(requests, {Until.TAKEN: HOUR})
    assert {until: (one.count, one.median, one.within) for until, one in found.items()} == {
        Until.TAKEN: (2, 2 * HOUR, Fraction(1, 2)),
        Until.ROUTED: (0, None, None),
        Until.ANSWERED: (0, None, None),
        Until.MOVED: (0, None, None),
        Until.CLOSED: (1, DAY, None),
    }


def test_each_spazio_answers_for_its_own_stay_and_the_closing_is_of_the_last():
    acts = [
        Act("take", RECEIVED + HOUR),
        Act("answer", RECEIVED + 2 * HOUR),
        Act("answer", RECEIVED + 3 * HOUR),
        Act("move", RECEIVED + DAY, "due"),
        Act("write", RECEIVED + DAY + HOUR),
        Act("move", RECEIVED + 2 * DAY),
        Act("close", RECEIVED + 3 * DAY),
        Act("reopen", RECEIVED + 4 * DAY),
        Act("take", RECEIVED + 5 * DAY),
        Act("route", RECEIVED + 6 * DAY),
        Act("lapse", RECEIVED + 9 * DAY),
    ]
    assert stays(RECEIVED, "uno", acts) == [
        ("uno", Moments(RECEIVED, taken=RECEIVED + HOUR, answered=RECEIVED + 2 * HOUR, moved=RECEIVED + DAY)),
        ("due", Moments(RECEIVED + DAY, moved=RECEIVED + 2 * DAY)),
        (
            None,
            Moments(RECEIVED + 2 * DAY, taken=RECEIVED + 5 * DAY, routed=RECEIVED + 6 * DAY, closed=RECEIVED + 9 * DAY),
        ),
    ]


@pytest.mark.parametrize(("last", "closed"), [("close", RECEIVED + DAY), ("lapse", RECEIVED + DAY), ("reopen", None)])
def test_a_request_that_stayed_has_one_stay_and_a_closing_that_was_taken_back_is_none(last, closed):
    acts = [Act("close", RECEIVED + HOUR), Act(last, RECEIVED + DAY)]
    assert stays(RECEIVED, None, acts) == [(None, Moments(RECEIVED, closed=closed))]
