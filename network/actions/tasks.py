"""The tasks of a Spazio: made when it is planned, then begun, done, dropped, done again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from bando.rules import is_official
from documents.models import Document
from network.models import Space, Task
from network.onboarding import DEFAULTS
from network.transitions import ADD_TASK, BEGIN_TASK, CHANGE_TASK, DROP_TASK, FINISH_TASK, REDO_TASK
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def lay_tasks(space: Space) -> None:
    """The tasks that every Spazio has, with their terms. Part of the act that plans it."""
    signed_on = space.partnership.since
    Task.objects.bulk_create(
        [
            Task(
                space=space,
                kind=default.kind,
                title=default.title,
                owner=default.owner,
                due_on=default.due_on(signed_on, space.expected_on),
                position=position,
            )
            for position, default in enumerate(DEFAULTS)
        ]
    )


def lay_usual_tasks(space: Space, *, by: User, at: datetime) -> None:
    """The same for a Spazio that has none yet. Raises :class:`Refused`."""
    with transaction.atomic():
        row = Space.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=space.pk)
        if against := is_official(Attempt(row, by, at)):
            raise Refused([against])
        if row.partnership is None:
            raise Refused([_("Prima serve la convenzione firmata con chi gestisce lo Spazio.")])
        if row.tasks.exists():
            raise Refused([_("Lo Spazio ha già i suoi compiti: aggiungi quello che manca.")])
        lay_tasks(row)


def move_terms(space: Space, was: date | None) -> int:
    """Count the terms of the tasks to settle anew from ``space.expected_on``, where they stand as they were counted from
    ``was``. Part of the act that changes the day; answers how many moved."""
    signed_on, moved = space.partnership.since, []
    counted = {(d.kind, d.title): d for d in DEFAULTS}
    for task in space.tasks.to_settle():
        default = counted.get((task.kind, task.title))
        if default and task.due_on == default.due_on(signed_on, was):
            due_on = default.due_on(signed_on, space.expected_on)
            if due_on != task.due_on:
                task.due_on = due_on
                moved.append(task)
    Task.objects.bulk_update(moved, ["due_on"])
    return len(moved)


def add_task(space: Space, *, kind: str, title: str, owner: str, due_on: date | None, by: User, at: datetime) -> Task:
    """Something more to do for this Spazio. Raises :class:`Refused`."""
    with transaction.atomic():
        last = space.tasks.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        task = Task.objects.create(space=space, kind=kind, title=title.strip(), owner=owner, due_on=due_on, position=position)
        facts = {"kind": kind, "title": task.title, "owner": owner, "due_on": due_on}
        perform(ADD_TASK, task, by=by, at=at, effect=lambda attempt: facts)
    return task


def change_task(task: Task, *, kind: str, title: str, owner: str, due_on: date | None, by: User, at: datetime) -> Step | None:
    """Write a task anew, give it another term or to somebody else; when nothing changes, there is no step. Who had taken it on
    leaves it when it is given to others. Raises :class:`Refused`."""
    with transaction.atomic():
        row = Task.objects.select_for_update().get(pk=task.pk)
        facts = {"kind": kind, "title": title.strip(), "owner": owner, "due_on": due_on}
        changes = {name: value for name, value in facts.items() if getattr(row, name) != value}
        if not changes:
            return None

        def write(attempt: Attempt) -> Mapping[str, Any]:
            was = {name: getattr(row, name) for name in changes}
            for name, value in changes.items():
                setattr(row, name, value)
            if "owner" in changes:
                row.person = None
            return {"was": was, "is": changes}

        return perform(CHANGE_TASK, row, by=by, at=at, effect=write, saves=[*changes, "person"])


def begin_task(task: Task, *, by: User, at: datetime) -> Step:
    """``by`` takes it on."""

    def take(attempt: Attempt) -> None:
        task.person = by

    return perform(BEGIN_TASK, task, by=by, at=at, effect=take, saves=["person"])


def finish_task(task: Task, *, by: User, at: datetime, note: str = "", document: Document | None = None) -> Step:
    """It is done: ``note`` says how, ``document`` shows it. A file of before stays while no other comes."""

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        task.note, task.person = note.strip(), task.person or by
        task.document = document or task.document
        return {"sha256": task.document.sha256} if task.document else {}

    return perform(FINISH_TASK, task, by=by, at=at, effect=keep, saves=["note", "person", "document"])


def drop_task(task: Task, *, reason: str, by: User, at: datetime) -> Step:
    return perform(DROP_TASK, task, by=by, at=at, reason=reason)


def redo_task(task: Task, *, reason: str, by: User, at: datetime) -> Step:
    """Take up again what was done or dropped; whoever begins it next has it."""

    def free(attempt: Attempt) -> None:
        task.person = None

    return perform(REDO_TASK, task, by=by, at=at, reason=reason, effect=free, saves=["person"])
