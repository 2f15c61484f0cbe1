"""From what was measured to what can be said: when the service failed or was slow, and when nobody measured it.

PURE: standard library only. Moments are aware datetimes, times taken are integers of microseconds, and every span names
what it was found from, so that whoever reads it can count again. Nothing here says whose fault it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

SLOW_US = 5_000_000
"""A person who waits five seconds for a page thinks that it is broken and presses again."""

LONG_US = 10_000_000
"""A single measure this long is an incident alone: the probe waits for its answer and could not take a second one."""

IN_A_ROW = 2
"""One lost packet is no incident; two measures in a row, seconds apart, are."""

GAP = timedelta(seconds=30)
"""The probe measures every few seconds. Half a minute without a measure is told: silence proves nothing, in either sense."""

FAILED_AT_LEAST, FAILED_PER_CENT = 2, 20
"""Among the attempts of one minute: one error of ours may be one person's request; two, and one in five, are a trouble."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure of the probe. ``what``: door, database, storage."""

    at: datetime
    what: str
    took_us: int
    ok: bool
    detail: str = ""

    @property
    def is_bad(self) -> bool:
        return not self.ok or self.took_us > SLOW_US

    @property
    def ended_at(self) -> datetime:
        return self.at + timedelta(microseconds=self.took_us)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One event of an applicant (``applications.models.Event``); ``kind`` and ``outcome`` are its codes."""

    at: datetime
    ended_at: datetime
    kind: str
    outcome: str

    @property
    def took_us(self) -> int:
        """Never below zero: a front proxy's clock may run a little ahead."""
        return max((self.ended_at - self.at) // timedelta(microseconds=1), 0)


@dataclass(frozen=True, slots=True)
class Span:
    """``what``: door, database, storage, attempts or probe. ``why``: failed, slow, errors, or silent for a gap. ``count`` is
    how many measures or attempts it was found from, ``worst_us`` the longest of them."""

    begins: datetime
    ends: datetime
    what: str
    why: str
    count: int = 0
    worst_us: int = 0


@dataclass(frozen=True, slots=True)
class Minute:
    """The attempts that arrived in the minute that begins ``at``; those still without an end are none. ``median_us`` and
    ``slowest_us`` (95 in 100 took less or the same) are ``None`` without attempts."""

    at: datetime
    attempts: int
    sendings: int
    refused: int
    failed: int
    median_us: int | None
    slowest_us: int | None


def failures(readings: Iterable[Reading]) -> list[Span]:
    """The spans in which one thing measured did not answer or was slow, in order of time."""
    found = []
    ordered = sorted(readings, key=lambda reading: (reading.what, reading.at))
    for what, of_one in groupby(ordered, key=lambda reading: reading.what):
        for is_bad, run in groupby(of_one, key=lambda reading: reading.is_bad):
            bad = list(run)
            if is_bad and (len(bad) >= IN_A_ROW or bad[0].took_us >= LONG_US):
                why = "slow" if all(reading.ok for reading in bad) else "failed"
                worst = max(reading.took_us for reading in bad)
                found.append(Span(bad[0].at, bad[-1].ended_at, what, why, len(bad), worst))
    return sorted(found, key=lambda span: (span.begins, span.what))


def gaps(readings: Iterable[Reading], begins: datetime, ends: datetime) -> list[Span]:
    """The stretches of the window in which the probe measured nothing."""
    found, last = [], begins
    for reading in sorted(readings, key=lambda reading: reading.at):
        if reading.at > ends:
            break
        if reading.at - last > GAP:
            found.append(Span(last, reading.at, "probe", "silent"))
        last = max(last, reading.ended_at)
    if ends - last > GAP:
        found.append(Span(last, ends, "probe", "silent"))
    return found


def minutes(attempts: Iterable[Attempt], begins: datetime, ends: datetime) -> list[Minute]:
    """Every minute from that of ``begins`` up to that of ``ends``, the empty ones too."""
    by_minute: dict[datetime, list[Attempt]] = {}
    for attempt in attempts:
        by_minute.setdefault(_minute(attempt.at), []).append(attempt)
    found, at = [], _minute(begins)
    while at <= ends:
        found.append(_counted(at, by_minute.get(at, [])))
        at += MINUTE
    return found


def errors(counted: Sequence[Minute]) -> list[Span]:
    """The stretches of minutes in which too many attempts met an error of ours."""
    found = []
    for is_bad, run in groupby(counted, key=_has_errors):
        bad = list(run)
        if is_bad:
            worst = max(minute.slowest_us or 0 for minute in bad)
            count = sum(minute.failed for minute in bad)
            found.append(Span(bad[0].at, bad[-1].at + MINUTE, "attempts", "errors", count, worst))
    return found


def percentile(values: Sequence[int], per_cent: int) -> int:
    """The nearest rank: the smallest value that ``per_cent`` of 100 do not pass. Always one that was measured. ValueError
    without values."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(-(-per_cent * len(values) // 100), 1) - 1]


def _has_errors(minute: Minute) -> bool:
    return minute.failed >= FAILED_AT_LEAST and minute.failed * 100 >= minute.attempts * FAILED_PER_CENT


def _counted(at: datetime, attempts: Sequence[Attempt]) -> Minute:
    ended = [attempt for attempt in attempts if attempt.outcome != "arrived"]
    took = [attempt.took_us for attempt in ended]
    return Minute(
        at=at,
        attempts=len(ended),
        sendings=sum(attempt.kind == "submit" for attempt in ended),
        refused=sum(attempt.outcome == "refused" for attempt in ended),
        failed=sum(attempt.outcome == "failed" for attempt in ended),
        median_us=percentile(took, 50) if took else None,
        slowest_us=percentile(took, 95) if took else None,
    )


def _minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)
