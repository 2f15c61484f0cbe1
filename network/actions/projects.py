"""The project of a co-design table, version by version, one function per verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from network.models import AgreedVersion, Project, ProjectSource, ProjectVersion, Table, TableSession
from network.projects import answers_of, first_answers, proposed, weigh
from network.transitions import AGREE_ON_VERSION, START_PROJECT, WRITE_PROJECT
from network.unitary import apart
from workflow.ledger import canonical, digest
from workflow.perform import perform
from workflow.transition import Attempt, Refused


class NewerVersion(Refused):
    """Somebody wrote a version while this one was written. ``last`` is theirs; nothing of either is lost."""

    def __init__(self, last: ProjectVersion) -> None:
        who = {"who": last.by, "number": last.number}
        super().__init__([_("Mentre scrivevi, %(who)s ha scritto la versione %(number)s.") % who])
        self.last = last


def start_project(table: Table, applications: Sequence[Application], *, title: str, by: User, at: datetime) -> Project:
    """Begin a project from what was proposed, which is version 0. Several proposals become one, where the call foresees it:
    version 0 keeps them apart and version 1 starts from the first of them, which leads, with the sum of all budgets.
    ``applications`` have their current submission. Raises :class:`Refused`."""
    made: list[Project] = []

    def begin(attempt: Attempt) -> Mapping[str, Any]:
        project = Project.objects.create(table=attempt.row, title=title.strip(), created_at=at)
        for place, row in enumerate(applications):
            ProjectSource.objects.create(project=project, application=row, submission=row.current, leads=not place)
        project = Project.objects.with_sources().get(pk=project.pk)
        said = proposed(project)
        alone = len(said) == 1
        first = _keep(project, 0, next(iter(said.values())) if alone else apart(said), by=by, at=at)
        if not alone:
            with translation.override("it"):  # it is kept, and every body of the table reads it
                note = _("Le risposte della proposta %(number)s e la somma dei piani economici.") % {"number": next(iter(said))}
            _keep(project, 1, first_answers(project), by=by, at=at, note=note)
        made.append(project)
        return {"project": str(project.pk), "title": project.title, "proposals": list(said), "sha256": first.sha256}

    data = {"applications": list(applications), "title": title}
    perform(START_PROJECT, table, by=by, at=at, data=data, effect=begin)
    return made[0]


def write_version(
    project: Project,
    answers: Mapping[str, Any],
    *,
    based_on: int,
    note: str,
    by: User,
    at: datetime,
    touches_reason: str = "",
    session: TableSession | None = None,
) -> ProjectVersion:
    """Write a new version, whole, over the version ``based_on``. ``touches_reason`` says why it may change what was scored, or
    ask for a greater grant; with ``session`` the table agrees on it at once. Raises :class:`NewerVersion` when somebody wrote
    one meanwhile, :class:`Refused` for anything else, having changed nothing."""
    project = Project.objects.with_sources().get(pk=project.pk)
    base = project.versions.get(number=based_on)
    base.project = project
    weight = weigh(project, answers_of(base), answers)
    made: list[ProjectVersion] = []

    def nobody_wrote_meanwhile(table: Table) -> None:
        last = project.versions.select_related("by").last()
        if last.number != based_on:
            raise NewerVersion(last)

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        reason = touches_reason.strip() if weight.touches or weight.grows else ""
        why = {"touches": list(weight.touches), "touches_reason": reason}
        version = _keep(project, based_on + 1, answers, by=by, at=at, note=note.strip(), **why)
        made.append(version)
        return {
            "project": str(project.pk),
            "version": version.number,
            "sha256": version.sha256,
            "note": version.note,
            "touches": version.touches,
            "grant": weight.grant.after if weight.grant else None,
        }

    data = {"project": project, "weight": weight, "note": note}
    with transaction.atomic():
        act = {"reason": touches_reason, "data": data, "effect": keep, "look": nobody_wrote_meanwhile}
        perform(WRITE_PROJECT, project.table, by=by, at=at, **act)
        if session is not None:
            agree_on_version(made[0], session, by=by, at=at)
    return made[0]


def agree_on_version(version: ProjectVersion, session: TableSession, *, by: User, at: datetime) -> AgreedVersion:
    """Say that the table agreed on a version in a session that was held. Raises :class:`Refused`."""
    made: list[AgreedVersion] = []

    def agree(attempt: Attempt) -> Mapping[str, Any]:
        made.append(AgreedVersion.objects.create(version=version, session=session, by=by, at=at))
        return {
            "project": str(version.project_id),
            "version": version.number,
            "session": session.number,
            "sha256": version.sha256,
        }

    def hold_the_session(table: Table) -> None:
        # Whoever approves its minutes waits, or was before: their hash tells every version that they tell.
        TableSession.objects.select_for_update().get(pk=session.pk)

    data = {"version": version, "session": session}
    perform(AGREE_ON_VERSION, version.project.table, by=by, at=at, data=data, look=hold_the_session, effect=agree)
    return made[0]


def final_version(application: Application) -> ProjectVersion | None:
    """The version that the agreement of a proposal starts from: the last that the table agreed on in a session, whatever was written
    since, or, where it never agreed on any, the last that was written. None where no project was started. At most two queries."""
    versions = ProjectVersion.objects.filter(project__sources__application=application).order_by("-number")
    return versions.filter(agreed__isnull=False).first() or versions.first()


def _keep(project: Project, number: int, answers: Mapping[str, Any], *, by: User, at: datetime, **facts: Any) -> ProjectVersion:
    sha256 = digest(canonical(answers))
    return ProjectVersion.objects.create(project=project, number=number, answers=answers, sha256=sha256, by=by, at=at, **facts)
