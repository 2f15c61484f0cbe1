"""A rehearsal that was asked for: what is rehearsed, how far it is, and what it found."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rehearsal.report import Report
from rehearsal.states import RehearsalState

SILENCE = timedelta(seconds=60)
"""After so long without a word the process is taken for dead: it writes about once a second while it lives."""


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    def visible_to(self, user: Any) -> RehearsalQuerySet:
        """The office's."""
        return self if user.is_authenticated and user.is_official else self.none()

    def silent(self, at: datetime) -> RehearsalQuerySet:
        """Those that say that they run and have not been heard of for too long."""
        return self.filter(state=RehearsalState.RUNNING, heard_at__lt=at - SILENCE)


class Rehearsal(models.Model):
    """``text`` is the whole document as it stood when it was asked for, and ``sha256`` its hash: a report that is read
    later is about that and nothing else. ``progress`` is what ``rehearsal.play`` says; ``heard_at`` when it last spoke."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(_("avviso"), max_length=80)
    title = models.CharField(_("titolo"), max_length=300)
    text = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    bodies = models.PositiveIntegerField(_("enti"))
    seed = models.PositiveIntegerField(default=1)
    state = models.CharField(_("stato"), max_length=20, choices=RehearsalState.choices, default=RehearsalState.WAITING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("chiesta il"))
    started_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    report = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = _("prova generale")
        verbose_name_plural = _("prove generali")
        ordering = ["-requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RehearsalState.RUNNING), name="one_rehearsal_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.bodies} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state not in {RehearsalState.WAITING, RehearsalState.RUNNING}

    @property
    def found(self) -> Report | None:
        return Report.from_json(self.report) if self.report else None
