"""What follows the checks of declarations, and what they follow: the mails about an irregularity, and the end of the checks of a
proposal that leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation

from accounts.people import addresses_of
from evaluation.models import Departure
from network.actions.checks import IRREGULARITY_MAIL, drop_checks
from network.models import CheckReply, DeclarationCheck
from network.states import CheckPlanState, DeclarationCheckState
from workflow.chores import chore
from workflow.duties import duty, owe
from workflow.mail import send

REMINDER = "network.check_reminder"
LEAD = timedelta(days=2)
"""How long before its term a body that has not answered is reminded."""


@receiver(post_save, sender=Departure, dispatch_uid="checks of who leaves")
def let_the_checks_go(sender: Any, instance: Departure, created: bool, **kwargs: Any) -> None:
    """In the transaction of the act by which the proposal leaves: the evaluation knows nothing of the network."""
    if created:
        drop_checks(instance)


@duty(IRREGULARITY_MAIL)
def tell_the_irregularity(subject: str, at: datetime) -> None:
    """``pk`` of the check and the moment at which the body was asked: one that has a newer term is told by its own mail."""
    pk, _colon, told_at = subject.partition(":")
    check = _asked().filter(pk=pk, told_at=datetime.fromisoformat(told_at)).first()
    if check is not None:
        _write("network/checks/email/irregular", check, identifier=f"check-{pk}-{check.told_at.timestamp():.0f}")


@chore
def remind_of_irregularities(at: datetime) -> None:
    """Owe the reminders whose moment has come, once for each term. One query when no term is near."""
    near = _unanswered().filter(due_at__gt=at, due_at__lte=at + LEAD)
    for pk, due_at in near.values_list("pk", "due_at"):
        owe(REMINDER, f"{pk}:{due_at.timestamp():.0f}", at=at)


@duty(REMINDER)
def remind(subject: str, at: datetime) -> None:
    """The mail, unless the body answered meanwhile, the term passed or is not this one any more."""
    pk, _colon, due = subject.partition(":")
    check = _unanswered().filter(pk=pk, due_at__gte=at).first()
    if check is not None and f"{check.due_at.timestamp():.0f}" == due:
        _write("network/checks/email/reminder", check, identifier=f"check-reminder-{pk}-{due}")


def _asked() -> QuerySet[DeclarationCheck]:
    rows = DeclarationCheck.objects.filter(state=DeclarationCheckState.IRREGULAR, plan__state=CheckPlanState.OPEN)
    return rows.select_related("application__call__version", "organisation")


def _unanswered() -> QuerySet[DeclarationCheck]:
    return _asked().exclude(Exists(CheckReply.objects.filter(of=OuterRef("pk"), at__gte=OuterRef("told_at"))))


def _write(template: str, check: DeclarationCheck, *, identifier: str) -> None:
    """To the people of the body and to its PEC address, which gets the acts of the office."""
    asked = check.steps.filter(act="find_irregular").last()
    with translation.override("it"):
        context = {
            "check": check,
            "application": check.application,
            "reason": asked.reason if asked else "",
            "url": f"{settings.SITE_URL}{reverse('check', args=[check.pk])}",
        }
        send(template, context, to=addresses_of(check.organisation), identifier=identifier)
