"""The clock of a rehearsal: what ``settings.CLOCK`` names in its process, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("the moment of a rehearsal", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


@contextmanager
def arriving(at: datetime) -> Iterator[None]:
    """Every request made inside reaches the server at ``at``, to the microsecond."""
    before = _moment.set(at)
    try:
        yield
    finally:
        _moment.reset(before)
