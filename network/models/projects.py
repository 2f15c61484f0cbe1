"""The project that the table works on, version by version."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from network.models.tables import Table, TableSession
from workflow.append_only import AppendOnly


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any) -> ProjectQuerySet:
        """The office, and the bodies of the table."""
        return self.filter(table__in=Table.objects.visible_to(user))


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
    """A proposal that flows into a project: each into one."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="sources")
    application = models.OneToOneField(Application, models.PROTECT, related_name="project_source")

    class Meta:
        ordering = ["application__number"]

    def __str__(self) -> str:
        return f"{self.project_id} {self.application_id}"


class ProjectVersion(AppendOnly):
    """A version of a project and of its budget. ``answers`` has the shape of those of an application (section, question,
    answer; the lines of the budget among them); version 0 is what was proposed. ``session`` is where the table agreed on it.

    ``touches`` are the codes of the criteria whose points what changed could move (``network.differences``) and
    ``touches_reason`` why the change may stand all the same: after the selection a project can't be changed so far that
    another body would have been selected (D.M. 72/2021)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.TextField(_("che cosa cambia"), blank=True)
    session = models.ForeignKey(TableSession, models.PROTECT, null=True, blank=True, related_name="versions")
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
