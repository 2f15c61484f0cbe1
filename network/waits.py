"""How long citizens wait: from the receipt of a request until it was taken in charge, routed, answered, closed.

Of a request that went from one Spazio to another the person's wait is one, and each Spazio answers for its own: from the moment
at which it got the request, for what was done while it had it (:func:`stays`).

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
    MOVED = "moved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one request, or of its stay at one Spazio; ``None`` for what has not happened, or never will. ``moved`` is when the stay
    ended because somebody else got the request."""

    received: datetime
    taken: datetime | None = None
    routed: datetime | None = None
    answered: datetime | None = None
    closed: datetime | None = None
    moved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What was done with a request: ``name`` is that of the row of its table; ``space``, of a "move", who has it from then on."""

    name: str
    at: datetime
    space: str | None = None


FIRST_OF = {"take": "taken", "route": "routed", "answer": "answered"}
"""Of these the first in a stay is what was waited for."""


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


def stays(received: datetime, space: str | None, acts: Iterable[Act]) -> list[tuple[str | None, Moments]]:
    """Who had a request, in order, each with the moments of its stay. ``space`` is who got it at ``received``, ``acts`` all that
    was done since, in order; ``None`` for a Spazio is the office. A closing that was taken back is none."""
    found, here, since, moments = [], space, received, {}
    for act in acts:
        if act.name == "move":
            found.append((here, Moments(since, **moments, moved=act.at)))
            here, since, moments = act.space, act.at, {}
        elif act.name in FIRST_OF:
            moments.setdefault(FIRST_OF[act.name], act.at)
        elif act.name in {"close", "lapse"}:
            moments["closed"] = act.at
        elif act.name == "reopen":
            moments.pop("closed", None)
    return [*found, (here, Moments(since, **moments))]


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
