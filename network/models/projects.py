"""The project that the table works on, version by version."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Submission
from network.models.tables import Table, TableSession
from workflow.append_only import AppendOnly


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> ProjectQuerySet:
        """The office, and the bodies of the table."""
        return self.filter(table__in=Table.objects.visible_to(user))

    def with_sources(self) -> ProjectQuerySet:
        """With its table and call, the proposals that flow into it and what they said. Two queries."""
        sources = ProjectSource.objects.select_related("application__organisation", "submission__call_version")
        return self.select_related("table__call__version").prefetch_related(models.Prefetch("sources", sources))


class Project(models.Model):
    """A project of the table: one for each proposal or, when the call foresees the merging of proposals, a unitary one for
    several (``sources``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    table = models.ForeignKey(Table, models.PROTECT, related_name="projects")
    title = models.CharField(_("titolo"), max_length=300)
    created_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.title


class ProjectSource(models.Model):
    """A proposal that flows into a project: each into one. ``submission`` is what was proposed, as it stood when the project
    began; the proposal that ``leads`` gives a unitary project its first answers."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="sources")
    application = models.OneToOneField(Application, models.PROTECT, related_name="project_source")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    leads = models.BooleanField(default=True)

    class Meta:
        ordering = ["-leads", "application__number"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.application_id}"


class ProjectVersion(AppendOnly):
    """A version of a project and of its budget: whole, so that each can be read by itself.

    ``answers`` has the shape of those of an application (``Submission.answers``: section, question, answer in canonical JSON;
    the budget as ``BudgetForm.values``). Version 0 is what was proposed. Where several proposals become one project it keeps
    them apart, ``{"@proposals": {number of the proposal: its answers}}`` (``network.unitary``), and version 1, written at once,
    has the answers of the proposal that leads and the sum of all budgets: from there question by question the table takes the
    answer of a proposal or writes another.

    ``touches`` are the codes of the criteria whose points what this version changed could move
    (``network.differences.touched``) and ``touches_reason`` why the change may stand all the same: after the selection a
    project can't be changed so far that another body would have been selected (D.M. 72/2021). ``sessions`` is where the table
    agreed on it, one at most."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.TextField(_("che cosa cambia"), blank=True)
    sessions = models.ManyToManyField(TableSession, through="AgreedVersion", related_name="versions")
    touches = models.JSONField(default=list)
    touches_reason = models.TextField(_("perché il cambiamento è possibile"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="versions_of_a_project_are_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"


class AgreedVersion(AppendOnly):
    """The table agreed on a version in a session. A row of its own, because a version never changes once it is written."""

    version = models.OneToOneField(ProjectVersion, models.PROTECT, related_name="agreed")
    session = models.ForeignKey(TableSession, models.PROTECT, related_name="agreed_versions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version__project", "version__number"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.session_id}"
