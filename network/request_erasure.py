"""Forgetting who asked: some months after a request was closed, and thirty days after it was withdrawn. What nobody closes is
closed by the clock first, after a warning: else it would be kept for ever."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bando.deadlines import ROME, day_in_rome
from network.actions.requests import erase_requests, lapse_request, warn_of_closing
from network.models import Quote, Request
from network.request_silence import NOTICE, term_of
from network.states import QuoteState, RequestState
from network.transitions.requests import UNDER_WAY
from workflow.chores import chore
from workflow.transition import Refused

AFTER_WITHDRAWAL = timedelta(days=30)
AT_ONCE = 500
"""Requests of one minute: the rest waits for the next."""


@chore
def forget(at: datetime) -> None:
    """One query while there is nothing to forget."""
    due = list(to_forget(at).values_list("pk", flat=True)[:AT_ONCE])
    if due:
        erase_requests(to_forget(at).filter(pk__in=due), at=at)  # one that is reopened meanwhile is due no more


@chore
def warn(at: datetime) -> None:
    """One query while nothing is silent. Another worker, or a person, may come first: the act asks again."""
    for request in to_warn(at)[:AT_ONCE]:
        with suppress(Refused):
            warn_of_closing(request, at=at)


@chore
def close(at: datetime) -> None:
    """One query while nothing lapses."""
    for request in to_close(at)[:AT_ONCE]:
        with suppress(Refused):
            lapse_request(request, at=at)


def to_warn(at: datetime) -> QuerySet[Request]:
    """In which nobody has acted for the term of the setting, and which are not warned of; the moment itself counts."""
    silent = Q()
    for state in UNDER_WAY:
        silent |= Q(state=state, touched_at__lte=at - term_of(state))
    not_warned = Q(warned_at=None) | Q(warned_at__lt=F("touched_at"))
    return _without_open_quote(at).with_silence().filter(silent, not_warned).order_by("touched_at")


def to_close(at: datetime) -> QuerySet[Request]:
    """``NOTICE`` after the warning, if nobody has acted since; the moment itself counts."""
    return _without_open_quote(at).warned().filter(warned_at__lte=at - NOTICE).order_by("warned_at")


def _without_open_quote(at: datetime) -> QuerySet[Request]:
    """Requests under way whose person can't accept a quote any more."""
    open_quote = Quote.objects.filter(request=OuterRef("pk"), state=QuoteState.OFFERED, valid_until__gte=day_in_rome(at))
    return Request.objects.filter(~Exists(open_quote), state__in=UNDER_WAY)


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
