"""What stands on a sheet for one criterion, who changed what, and which moments of it the history keeps.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from applications.merging import Verdict, fingerprint, judge
from evaluation.methods import UNIT

APART = timedelta(minutes=1)
"""A person who goes on typing the same reason leaves one line in the history for so long."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mark in ten-thousandths, ``None`` while there is none, and its reason."""

    units: int | None = None
    reason: str = ""

    @classmethod
    def of(cls, value: Decimal | None, reason: str) -> Written:
        """What a person finds and writes, as it is kept: whole ten-thousandths, and a text whose lines end as ours do."""
        text = reason.replace("\r\n", "\n").replace("\r", "\n").strip()
        return cls(None if value is None else int(value * UNIT), text)

    @property
    def base(self) -> str:
        """The fingerprint by which a page says later what it was shown."""
        return fingerprint(self._typed)

    @property
    def _typed(self) -> dict[str, Any]:
        return {"units": self.units, "reason": self.reason}

    def against(self, mine: Written, bases: Sequence[str]) -> Verdict:
        """What becomes of ``mine``, typed on a page that was shown ``bases``, where this is what stands now."""
        return judge(self._typed, mine._typed, bases)


NOTHING = Written()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history: what was written, by whom and when."""

    written: Written
    by: Any
    at: datetime


def lines(
    before: Written, last: Line | None, now: Written, *, by: Any, at: datetime, saved_at: datetime | None, apart: bool = False
) -> list[Line]:
    """The lines to add when ``now`` takes the place of ``before``, after the ``last`` line of the criterion; ``saved_at`` is when
    the sheet was saved before.

    Every change of a mark has its line; the reason that somebody goes on typing has one a minute. A text that had none and
    stood for a minute gets it before it is replaced, at the latest moment at which it can have been written. ``apart`` adds a
    line for both, whatever came just before: nothing that was brought back hides what it replaced."""
    found = []
    marked = now.units != before.units
    if last is None:
        if before != NOTHING:  # from before there was a history
            found.append(Line(before, by, saved_at or at))
        return [*found, Line(now, by, at)]
    others = last.by != by
    if last.written != before and (apart or marked or others or at - last.at >= 2 * APART):
        found.append(Line(before, last.by, min(last.at + APART, at)))
    if apart or marked or others or at - last.at >= APART:
        found.append(Line(now, by, at))
    return found
