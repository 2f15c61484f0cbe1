"""Work that follows an act: owed in the act's own transaction, done after it, tried again until it succeeds.

A receipt, a letter or a mail never makes an act fail. What is owed is a row (``workflow.models.Duty``) written in the same
transaction as the act, so either both exist or neither; ``pay`` runs it outside any transaction. A worker that dies leaves
the row owed and another takes it when the lease ends: a duty may run twice and must be idempotent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from workflow.models import Duty

LONGEST_SUBJECT = Duty._meta.get_field("subject").max_length
LEASE = timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=1)

log = logging.getLogger(__name__)
_registry: dict[str, Callable[[str, datetime], None]] = {}


def duty(name: str) -> Callable[[Callable[[str, datetime], None]], Callable[[str, datetime], None]]:
    """Register ``function(subject, at)`` as the way to pay the duty ``name``."""

    def register(function: Callable[[str, datetime], None]) -> Callable[[str, datetime], None]:
        if name in _registry:
            raise ValueError(f"two functions pay {name}")
        _registry[name] = function
        return function

    return register


def owe(name: str, subject: object, *, at: datetime) -> None:
    """Owe ``name`` for ``subject`` from ``at`` on. Owing the same again changes nothing."""
    owe_all([(name, subject)], at=at)


def owe_all(owed: Iterable[tuple[str, object]], *, at: datetime) -> None:
    """Owe many, each a name and a subject, in one statement; those that are due together are paid in this order."""
    rows = [Duty(name=name, subject=str(subject), due_at=at) for name, subject in owed]
    for row in rows:
        if row.name not in _registry:
            raise ValueError(f"nobody pays {row.name}")
        if len(row.subject) > LONGEST_SUBJECT:  # SQLite would keep it
            raise ValueError(f"the subject of {row.name} is too long: {row.subject}")
    Duty.objects.bulk_create(rows, ignore_conflicts=True)


def due(at: datetime) -> QuerySet[Duty]:
    """What is due at ``at`` and in nobody's hands, oldest first."""
    return Duty.objects.filter(done_at=None, due_at__lte=at).order_by("due_at", "pk")


def pay(at: datetime, *, limit: int = 100) -> int:
    """Try what is due at ``at``, oldest first, and answer how many duties were paid.

    The lease of each runs from ``at``: whoever has slow duties and other workers beside tries one at a time.
    """
    paid = 0
    for owed in list(due(at)[:limit]):
        # The lease is also the lock: whoever moves due_at first has the duty.
        taken = Duty.objects.filter(pk=owed.pk, done_at=None, due_at=owed.due_at).update(
            due_at=at + LEASE, attempts=F("attempts") + 1
        )
        if not taken:
            continue
        try:
            _registry[owed.name](owed.subject, at)
        except Exception as error:  # whatever it was, the duty stays owed and says why
            wait = min(FIRST_WAIT * 2 ** min(owed.attempts, 12), LONGEST_WAIT)
            Duty.objects.filter(pk=owed.pk).update(due_at=at + wait, last_error=f"{type(error).__name__}: {error}"[:2000])
            log.exception("duty %s for %s failed, tried again from %s", owed.name, owed.subject, at + wait)
        else:
            Duty.objects.filter(pk=owed.pk).update(done_at=at, last_error="")
            paid += 1
    return paid
