"""When a request that nobody touches any more is closed by the clock, so that it can be erased as all others.

Somebody may still need it: a warning goes before, and whoever acts on the request or on a quote of it begins the term anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from network.states import RequestState

NOTICE = timedelta(days=15)
"""From the warning to the closing: two weeks away from home, and a day to read the mail."""


def term_of(state: str) -> timedelta:
    """Without an act of a person, until the warning: shorter where the person has an answer and may just be content."""
    return timedelta(days=settings.REQUEST_ANSWERED_DAYS if state == RequestState.ANSWERED else settings.REQUEST_SILENT_DAYS)


def close_at(warned_at: datetime) -> datetime:
    return warned_at + NOTICE
