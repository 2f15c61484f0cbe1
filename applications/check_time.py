"""The clock of the formal check for applications as they are stored, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.check_clock import Clock, Stop, check_clock
from applications.models import Application, CompletionRequest, RejectionNotice
from applications.states import ApplicationState
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import ClockRule
from bando.templatetags.bando_ui import day

OUTCOMES = ("admit", "admit_with_reserve", "not_admit")
TO_CHECK = (ApplicationState.SUBMITTED, ApplicationState.CHECKING)


def clock_of(application: Application, at: datetime) -> Clock | None:
    """How the term of the check stands at ``at``; None where the call gives none, and once the check has ended. No query when
    ``completion_requests__answer`` and ``rejection_notices`` were fetched."""
    call = application.call
    if call.notice.formal_check.days is None or application.state not in TO_CHECK:
        return None
    stops = _stops(call, application.completion_requests.all(), application.rejection_notices.all(), at)
    return check_clock(call.closes_at, call.notice.formal_check.days, stops, at)


def clocks(call: Call, at: datetime) -> dict[Any, Clock]:
    """The same by pk for every application of a call that is still to be checked, the latest first. Three queries, none where
    the call gives no term."""
    days = call.notice.formal_check.days
    if days is None:
        return {}
    waiting = Application.objects.filter(call=call, state__in=TO_CHECK)
    requests: dict[Any, list[CompletionRequest]] = {pk: [] for pk in waiting.order_by("number").values_list("pk", flat=True)}
    notices: dict[Any, list[RejectionNotice]] = {pk: [] for pk in requests}
    for request in CompletionRequest.objects.filter(application__in=waiting).select_related("answer"):
        requests[request.application_id].append(request)
    for notice in RejectionNotice.objects.filter(application__in=waiting):
        notices[notice.application_id].append(notice)
    found = {pk: check_clock(call.closes_at, days, _stops(call, requests[pk], notices[pk], at), at) for pk in requests}
    return dict(sorted(found.items(), key=lambda item: item[1].left))


def in_words(clock: Clock) -> str:
    """One sentence for the office: how many days are left, or that they have passed."""
    if clock.is_late:
        late = ngettext("In ritardo di %(n)s giorno.", "In ritardo di %(n)s giorni.", -clock.left) % {"n": -clock.left}
        if clock.paused_since is None:
            return late
        return f"{late} {_('Adesso il tempo è fermo.')}"
    if clock.paused_since is not None:
        words = ngettext(
            "Il tempo è fermo dal %(day)s: resta %(n)s giorno.",
            "Il tempo è fermo dal %(day)s: restano %(n)s giorni.",
            clock.left,
        )
        return words % {"n": clock.left, "day": day(clock.paused_since.astimezone(ROME))}
    if clock.left == 0:
        return _("La verifica finisce entro oggi.")
    words = ngettext(
        "Resta %(n)s giorno: la verifica finisce entro il %(day)s.",
        "Restano %(n)s giorni: la verifica finisce entro il %(day)s.",
        clock.left,
    )
    return words % {"n": clock.left, "day": day(clock.due)}


def _stops(
    call: Call, requests: Iterable[CompletionRequest], notices: Iterable[RejectionNotice], at: datetime
) -> Iterable[Stop]:
    for request in requests:
        answer = getattr(request, "answer", None)
        ended = answer.arrived_at if answer else request.closed_at
        if ended is None and request.paused_at is None and at > request.due_at:
            ended = request.due_at
        yield Stop(request.at, ended)
    for notice in notices:
        ended = notice.observed_at
        if ended is None and (notice.closed_at or at > notice.due_at):
            ended = min(notice.closed_at or notice.due_at, notice.due_at)
        yield Stop(notice.at, ended, restarts=call.notice.formal_check.clock is ClockRule.INTERRUPTS)
