"""What a Spazio tells of its quarter, and what the office says of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.agreements import ReportingTerm
from network.models.spaces import Space
from network.states import ReportState
from workflow.models import Step


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> ReportQuerySet:
        """The office, and the body that runs the Spazio."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        return self.filter(space__in=Space.objects.run_by(user))


class Report(models.Model):
    """The report of a Spazio for a term of its agreement.

    ``hours`` is a list of ``{"role": str, "minutes": int, "volunteer": bool}``; ``expenses`` of ``{"item": code of the budget,
    "spent_cents": int, "own_cents": int, "note": str}``, where ``own_cents`` is the part of it that the body brings.
    The final one tells what the quarters told, added up (``network.report_final``): of its own it has ``activities``, ``assets``
    and ``evaluation`` alone.

    ``requests`` are those that the system counted in the days of the term when the report was sent (by state and kind)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.PROTECT, related_name="reports")
    term = models.ForeignKey(ReportingTerm, models.PROTECT, related_name="reports")
    state = models.CharField(_("stato"), max_length=20, choices=ReportState.choices, default=ReportState.DRAFT)
    visits = models.PositiveIntegerField(_("persone passate"), null=True, blank=True)
    hours = models.JSONField(_("ore di lavoro"), default=list)
    expenses = models.JSONField(_("spese"), default=list)
    activities = models.TextField(_("che cosa è stato fatto"), blank=True)
    assets = models.TextField(_("beni comprati e dove restano"), blank=True)
    evaluation = models.TextField(_("che cosa ha funzionato e che cosa no"), blank=True)
    requests = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["term__due_on", "space__name"]
        constraints = [models.UniqueConstraint(fields=["space", "term"], name="one_report_per_space_and_term")]

    def __str__(self) -> str:
        return f"{self.space_id} {self.term_id}"


class ReportStep(Step):
    states = ReportState
    row = models.ForeignKey(Report, models.PROTECT, related_name="steps")


class Remark(models.Model):
    """What the office asks about a report, and what the body answers."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="remarks")
    text = models.TextField(_("osservazione"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("risposta"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.at}"
