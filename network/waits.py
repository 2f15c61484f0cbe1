"""How long citizens wait: from the receipt of a request until it was taken in charge, routed, answered, closed.

PURE: standard library only, and no clock. Moments are aware datetimes, waits exact ``timedelta``, shares exact ``Fraction``.
Time is counted as it passes, nights and holidays included: who waits lives through them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction


class Until(StrEnum):
    """What was waited for."""

    TAKEN = "taken"
    ROUTED = "routed"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one request; ``None`` for what has not happened, or never will."""

    received: datetime
    taken: datetime | None = None
    routed: datetime | None = None
    answered: datetime | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Of ``count`` waits. ``median`` and ``slow`` (the 90th percentile: nine in ten waited no longer) are ``None`` without any;
    ``within`` is the share that took no longer than the goal, ``None`` without waits or goal."""

    count: int
    median: timedelta | None
    slow: timedelta | None
    within: Fraction | None


def wait(moments: Moments, until: Until) -> timedelta | None:
    """From the receipt; ``None`` while it lasts. Counted in UTC, so that a change of the clock neither adds nor takes an hour."""
    end = getattr(moments, until.value)
    return None if end is None else end.astimezone(UTC) - moments.received.astimezone(UTC)


def median(waits: Sequence[timedelta]) -> timedelta | None:
    """The middle one, or the mean of the two in the middle (to the microsecond below)."""
    if not waits:
        return None
    ordered, half = sorted(waits), len(waits) // 2
    return ordered[half] if len(waits) % 2 else (ordered[half - 1] + ordered[half]) // 2


def percentile(waits: Sequence[timedelta], percent: int) -> timedelta | None:
    """The shortest wait that ``percent`` in a hundred did not exceed (nearest rank): always one that somebody lived through."""
    if not waits:
        return None
    rank = -(-percent * len(waits) // 100)
    return sorted(waits)[max(rank, 1) - 1]


def summary(waits: Iterable[timedelta | None], goal: timedelta | None = None) -> Summary:
    """Of the waits that ended; those that last are left out."""
    ended = [one for one in waits if one is not None]
    within = Fraction(sum(one <= goal for one in ended), len(ended)) if ended and goal is not None else None
    return Summary(len(ended), median(ended), percentile(ended, 90), within)


def summaries(requests: Sequence[Moments], goals: dict[Until, timedelta] | None = None) -> dict[Until, Summary]:
    """For each thing that is waited for, of the same requests."""
    return {until: summary([wait(one, until) for one in requests], (goals or {}).get(until)) for until in Until}
