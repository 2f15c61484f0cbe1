"""Forgetting who asked: some months after a request was closed, and thirty days after it was withdrawn."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from bando.deadlines import ROME
from network.actions.requests import erase_requests
from network.models import Request
from network.states import RequestState
from workflow.chores import chore

AFTER_WITHDRAWAL = timedelta(days=30)
AT_ONCE = 500
"""Requests of one minute: the rest waits for the next."""


@chore
def forget(at: datetime) -> None:
    """One query while there is nothing to forget."""
    due = list(to_forget(at).values_list("pk", flat=True)[:AT_ONCE])
    if due:
        erase_requests(Request.objects.filter(pk__in=due), at=at)


def to_forget(at: datetime) -> QuerySet[Request]:
    """``BANDO_REQUEST_MONTHS`` after the closing, thirty days after the withdrawal; the moment itself counts."""
    closed = Q(state=RequestState.CLOSED, closed_at__lte=months_before(at, settings.REQUEST_MONTHS))
    withdrawn = Q(state=RequestState.WITHDRAWN, closed_at__lte=at - AFTER_WITHDRAWAL)
    return Request.objects.filter(closed | withdrawn, erased_at=None)


def months_before(at: datetime, months: int) -> datetime:
    """The same hour in Rome on the same day, ``months`` earlier; the last day of a month that has no such day."""
    local = at.astimezone(ROME)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
