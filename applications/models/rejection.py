"""The notice that comes before a rejection (preavviso di rigetto, art. 10-bis L. 241/1990)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class RejectionNotice(models.Model):
    """The office tells why it is about to reject an application, and until ``due_at`` included the body may write its
    ``observations``, once. What is being written meanwhile is ``typed``; ``version`` grows with each save. ``answer`` says why the
    observations were not accepted: the rejection that follows owes it. ``closed_at`` is set when the office takes the notice
    back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="rejection_notices")
    number = models.PositiveIntegerField()
    reasons = models.TextField(_("motivi"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    typed = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    observations = models.TextField(_("osservazioni"), blank=True)
    observed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    observed_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("perché le osservazioni non sono accolte"), blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="rejection_notices_are_counted"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("at")), name="a_rejection_notice_has_a_term"),
            models.CheckConstraint(
                condition=Q(observations="", observed_at=None) | ~Q(observations="") & Q(observed_at__isnull=False),
                name="observations_have_their_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number}"
