"""What follows the acts on a Spazio: an announced address that begins to hold, and the mails about tasks that fall due.

Owners are told three days before and on the day itself, from eight in the morning; who took a task on is told alone. A worker
that was stopped sends the one that is nearest, once for each term: a new term is told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.people import people_of
from bando.deadlines import ROME, day_in_rome
from network import actions
from network.actions.addresses import MOVE
from network.models import Owner, Partnership, Task
from workflow.chores import chore
from workflow.duties import duty, owe, owe_all
from workflow.mail import send

LEADS = (timedelta(0), timedelta(days=3))
MORNING = 8
ROUND, ONE = "network.task_reminders", "network.task_reminder"


@duty(MOVE)
def address_begins(subject: str, at: datetime) -> None:
    actions.arrive(subject, at=at)


@chore
def remind_of_tasks(at: datetime) -> None:
    """Owe the round of each task whose term is near. One query when there is none, no query at night."""
    now = at.astimezone(ROME)
    if now.hour < MORNING:
        return
    today = now.date()
    near = _unsettled().filter(due_on__gte=today, due_on__lte=today + max(LEADS))
    owed = [(ROUND, f"{pk}:{_lead(due_on, today)}:{due_on}") for pk, due_on in near.values_list("pk", "due_on")]
    if owed:
        owe_all(owed, at=at)


@duty(ROUND)
def owe_each(subject: str, at: datetime) -> None:
    """One mail for each person: one that no server takes is tried again alone."""
    task = _unsettled().filter(pk=subject.split(":")[0]).first()
    with transaction.atomic():
        for person in _people(task) if task else ():
            owe(ONE, f"{subject}:{person.pk}", at=at)


@duty(ONE)
def write(subject: str, at: datetime) -> None:
    """The mail, unless the task was settled meanwhile, has another term or belongs to others."""
    pk, _lead_days, due_on, person = subject.split(":")
    task = _unsettled().filter(pk=pk, due_on=due_on).first()
    user = next((user for user in _people(task) if str(user.pk) == person), None) if task else None
    if user is None:
        return
    with translation.override(user.language):
        route = "desk_task" if user.is_official else "task"
        context = {
            "task": task,
            "user": user,
            "left": _left((task.due_on - day_in_rome(at)).days),
            "url": f"{settings.SITE_URL}{reverse(route, args=[task.pk])}",
        }
        send("network/email/task_reminder", context, to=[user.email], identifier=f"task-{subject.replace(':', '-')}")


def _unsettled():
    return Task.objects.to_settle().awaited().select_related("space__partnership", "person")


def _people(task: Task) -> Iterable[User]:
    """Who took the task on, while they may do it; else everybody who may, but for the office, which may do any."""
    match task.owner:
        case Owner.OFFICE:
            may = User.objects.filter(is_official=True, is_active=True).order_by("pk")
        case Owner.PARTNER:
            may = people_of(*Organisation.objects.filter(partnerships__spaces=task.space_id))
        case _:
            may = people_of(*Organisation.objects.filter(partnerships__in=Partnership.objects.accompanying()))
    people = list(may)
    return [person for person in people if person == task.person] or people


def _lead(due_on: date, today: date) -> int:
    return min(lead for lead in LEADS if due_on - today <= lead).days


def _left(days: int) -> str:
    if days <= 0:
        return _("scade oggi")
    return _("scade domani") if days == 1 else _("scade tra %(n)s giorni") % {"n": days}
