"""Telling who has a draft that it is not sent yet: seven days before the deadline, three days, one day, three hours. And who has
not answered a request to complete what was sent: one day and three hours before its term.

Nobody is reminded of what was sent. A worker that was stopped when a moment passed sends one reminder, the nearest to the
deadline, and not those that are late; an extension starts again with the new deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application, CompletionRequest
from applications.progress import missing
from applications.states import ApplicationState
from bando.models import Call
from bando.states import CallState
from workflow.chores import chore
from workflow.duties import duty, owe
from workflow.mail import send

LEADS = (timedelta(days=7), timedelta(days=3), timedelta(hours=24), timedelta(hours=3))
LEADS_TO_ANSWER = (timedelta(hours=24), timedelta(hours=3))
ANSWERS, ANSWER = "applications.completion_reminders", "applications.completion_reminder"
ROUND, ONE = "applications.reminders", "applications.reminder"


@chore
def remind(at: datetime) -> None:
    """Owe the round of reminders whose moment has come, once for each call, deadline and moment. One query when no deadline
    is near."""
    near = Call.objects.filter(state=CallState.PUBLISHED, closes_at__gt=at, closes_at__lte=at + max(LEADS))
    for call in near.only("pk", "closes_at"):
        lead = min(lead for lead in LEADS if call.closes_at - at <= lead)
        owe(ROUND, f"{call.pk}:{_hours(lead)}:{call.closes_at.timestamp():.0f}", at=at)


@chore
def remind_to_answer(at: datetime) -> None:
    """The same for the requests to complete that wait for an answer. One query when no term is near."""
    for request in _waiting().filter(due_at__gt=at, due_at__lte=at + max(LEADS_TO_ANSWER)).only("pk", "due_at"):
        lead = min(lead for lead in LEADS_TO_ANSWER if request.due_at - at <= lead)
        owe(ANSWERS, f"{request.pk}:{_hours(lead)}", at=at)


def _waiting() -> models.QuerySet[CompletionRequest]:
    return CompletionRequest.objects.filter(
        answer=None,
        closed_at=None,
        paused_at=None,
        application__state=ApplicationState.CHECKING,
        application__call__state=CallState.PUBLISHED,
    )


@duty(ANSWERS)
def owe_each_answer(subject: str, at: datetime) -> None:
    request, hours = subject.split(":")
    people = _waiting().filter(pk=request).values_list("application__organisation__memberships__user", flat=True)
    with transaction.atomic():
        for person in people:
            owe(ANSWER, f"{request}:{hours}:{person}", at=at)


@duty(ANSWER)
def write_to_answer(subject: str, at: datetime) -> None:
    """The mail, unless the answer was sent meanwhile, the request was taken back, its term passed or the person left."""
    pk, hours, person = subject.split(":")
    asked = _waiting().filter(pk=pk, due_at__gte=at, application__organisation__memberships__user=person).first()
    if asked is None:
        return
    application = Application.objects.with_call().get(pk=asked.application_id)
    user = User.objects.get(pk=person)
    with translation.override(user.language):
        context = {
            "application": application,
            "area": application.area,
            "asked": asked,
            "user": user,
            "left": _left(int(hours)),
            "url": f"{settings.SITE_URL}{reverse('application_completion', args=[application.pk, asked.number])}",
        }
        identifier = f"completion-reminder-{subject.replace(':', '-')}"
        send("applications/email/completion_reminder", context, to=[user.email], identifier=identifier)


@duty(ROUND)
def owe_each(subject: str, at: datetime) -> None:
    """One mail for each person and draft: one that no server takes is tried again alone."""
    call, hours, closes = subject.split(":")
    drafts = Application.objects.filter(call=call, state=ApplicationState.DRAFT)
    with transaction.atomic():
        for pk, person in drafts.values_list("pk", "organisation__memberships__user"):
            owe(ONE, f"{pk}:{hours}:{person}:{closes}", at=at)


@duty(ONE)
def write(subject: str, at: datetime) -> None:
    """The mail, unless the draft was sent meanwhile, the person left the body or the deadline is not this one any more."""
    pk, hours, person, closes = subject.split(":")
    application = (
        Application.objects.with_call()
        .prefetch_related("drafts", "attachments")
        .filter(pk=pk, state=ApplicationState.DRAFT, organisation__memberships__user=person)
        .first()
    )
    call = application.call if application else None
    if call is None or not call.is_open(at) or f"{call.closes_at.timestamp():.0f}" != closes:
        return
    user = User.objects.get(pk=person)
    with translation.override(user.language):
        context = {
            "application": application,
            "area": application.area,
            "user": user,
            "left": _left(int(hours)),
            "gaps": missing(application),
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send("applications/email/reminder", context, to=[user.email], identifier=f"reminder-{subject.replace(':', '-')}")


def _hours(lead: timedelta) -> int:
    return int(lead / timedelta(hours=1))


def _left(hours: int) -> str:
    """What is left, as a person says it: "Mancano 7 giorni", "Manca 1 giorno", "Mancano 3 ore"."""
    days = hours // 24
    if days:
        return ngettext("Manca %(n)s giorno", "Mancano %(n)s giorni", days) % {"n": days}
    return ngettext("Manca %(n)s ora", "Mancano %(n)s ore", hours) % {"n": hours}
