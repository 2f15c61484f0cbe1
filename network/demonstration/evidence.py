"""What the demonstration tells of the last hours of a deadline: measures and attempts, as the probe and the pages would have
kept them. Invented like the rest: four minutes in which the site answered late, one in which nobody measured, somebody who had
forgotten a file, and somebody who pressed «Invia» when it was over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from applications.models import Application, Event, EventKind, EventOutcome, ProbeReading

EVERY = timedelta(seconds=15)
"""How often the invented probe measures: one that runs does so more often, and fills the database for it."""
SLOW = (timedelta(minutes=-13), timedelta(minutes=-9))
"""From the deadline, when the site answered late."""
SILENT = (timedelta(minutes=-96), timedelta(minutes=-94, seconds=-30))
USUAL_US = {"door": 140_000, "database": 2_600, "storage": 9_000}


class Hours:
    """What happened around one deadline: told line by line, kept at the end."""

    def __init__(self, deadline: datetime):
        self.deadline = deadline
        self.events: list[Event] = []

    def sends(self, application: Application, *, at: datetime, by: User, reasons: Iterable[str] = ()) -> None:
        """Somebody pressed «Invia»: refused for ``reasons``, or done."""
        found = list(reasons)
        facts = {"reasons": found} if found else {"number": application.number, "sequence": 1}
        self._add(application, EventKind.SUBMIT_ARRIVED, EventOutcome.ARRIVED, at, by, {}, size=412, took_us=1_900)
        outcome = EventOutcome.REFUSED if found else EventOutcome.DONE
        self._add(application, EventKind.SUBMIT, outcome, at, by, facts, size=412, took_us=84_000)

    def writes(self, application: Application, *, until: datetime, by: User) -> None:
        """Somebody wrote for a while before ``until``, and brought a file."""
        for n in range(18):
            at = until - timedelta(seconds=40 + 47 * n, microseconds=7_919 * n)
            facts = {"section": "proposta", "version": 19 - n}
            self._add(application, EventKind.SAVE, EventOutcome.DONE, at, by, facts, size=900 + 31 * n, took_us=38_000)
        file = application.attachments.select_related("document").last().document
        facts = {"name": file.name, "bytes": file.size, "sha256": file.sha256}
        at = until - timedelta(seconds=21)
        self._add(application, EventKind.UPLOAD, EventOutcome.DONE, at, by, facts, size=file.size, took_us=210_000)

    def keep(self) -> None:
        Event.objects.bulk_create(sorted(self.events, key=lambda event: event.arrived_at))
        ProbeReading.objects.bulk_create(self._readings())

    def _add(
        self,
        application: Application,
        kind: EventKind,
        outcome: EventOutcome,
        at: datetime,
        by: User,
        facts: dict[str, Any],
        *,
        size: int,
        took_us: int,
    ) -> None:
        took = timedelta(microseconds=took_us * (40 if self._is_slow(at) else 1))
        self.events.append(
            Event(
                call_id=application.call_id,
                application=application,
                by=by,
                kind=kind,
                outcome=outcome,
                arrived_at=at,
                ended_at=at + took,
                size=size,
                facts=facts,
            )
        )

    def _readings(self) -> Iterator[ProbeReading]:
        """From two hours before the deadline to one after it; the figures are the same at each loading."""
        at, n = self.deadline - timedelta(hours=2), 0
        while at < self.deadline + timedelta(hours=1):
            if not SILENT[0] <= at - self.deadline < SILENT[1]:
                for place, (what, usual) in enumerate(USUAL_US.items()):
                    took_us = usual * (70 + 37 * (n + place) % 60) // 100
                    if what == "door" and self._is_slow(at):
                        took_us += 5_300_000 + 173_000 * (n % 11)
                    yield ProbeReading(what=what, at=at + timedelta(milliseconds=place), took_us=took_us, ok=True)
            at, n = at + EVERY, n + 1

    def _is_slow(self, at: datetime) -> bool:
        return SLOW[0] <= at - self.deadline < SLOW[1]
