"""The request to complete an application (soccorso istruttorio, art. 6 c. 1 b L. 241/1990)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application


class CompletionRequest(models.Model):
    """The office asks for what is missing or wrong, and for nothing else: ``questions`` are the codes of the questions and
    ``files`` those of the attachment rules that are open again, until ``due_at`` included.

    What is typed meanwhile is kept in ``typed`` by section and name of the input, as a section's draft is; ``version`` grows
    with each save, and ``written`` says of each unit (``applications.sections.units``) who typed it last and when:
    ``{"titolo": {"by": pk, "at": ISO}}``. The answer is a ``Submission`` that ``completes`` the request: a whole application
    again, in which only what was open may differ from the one before. ``closed_at`` is set when the office takes the request
    back. While ``paused_at`` is set the term does not run and nothing is late; ``pause_reason`` says why, and ``due_at`` moves
    when it runs again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="completion_requests")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.TextField(blank=True)
    reason = models.TextField()
    questions = models.JSONField(default=list)
    files = models.JSONField(default=list)
    typed = models.JSONField(default=dict)
    written = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="completion_requests_are_counted"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("at")), name="a_completion_has_a_term"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.number}"
