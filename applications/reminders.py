"""Telling who has a draft that it is not sent yet: seven days before the deadline, three days, one day, three hours.

Nobody is reminded of what was sent. A worker that was stopped when a moment passed sends one reminder, the nearest to the
deadline, and not those that are late; an extension starts again with the new deadline.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application
from applications.progress import missing
from applications.states import ApplicationState
from bando.models import Call
from bando.states import CallState
from workflow.chores import chore
from workflow.duties import duty, owe
from workflow.mail import send

LEADS = (timedelta(days=7), timedelta(days=3), timedelta(hours=24), timedelta(hours=3))
ROUND, ONE = "applications.reminders", "applications.reminder"


@chore
def remind(at: datetime) -> None:
    """Owe the round of reminders whose moment has come, once for each call, deadline and moment. One query when no deadline
    is near."""
    near = Call.objects.filter(state=CallState.PUBLISHED, closes_at__gt=at, closes_at__lte=at + max(LEADS))
    for call in near.only("pk", "closes_at"):
        lead = min(lead for lead in LEADS if call.closes_at - at <= lead)
        owe(ROUND, f"{call.pk}:{_hours(lead)}:{call.closes_at.timestamp():.0f}", at=at)


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
