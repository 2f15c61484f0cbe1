"""The files of an application."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models

from applications.models.application import Application
from applications.models.completion import CompletionRequest
from documents.models import Document, Verdict
from documents.scanning import verdict_of


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def present(self) -> AttachmentQuerySet:
        return self.filter(removed_at=None).select_related("document")


class AttachmentManager(models.Manager.from_queryset(AttachmentQuerySet)):
    """Each file comes with its document, with what its signatures say and with the antivirus's last verdict, in one query:
    the pages say them of every file, and an infected one answers no rule."""

    def get_queryset(self) -> AttachmentQuerySet:
        return super().get_queryset().select_related("document__signature_reading").annotate(verdict=verdict_of("document"))


class Attachment(models.Model):
    """A file that answers one of the call's attachment rules. Removing it keeps the row and the file: what was sent with
    an earlier submission must stay readable. ``completion`` is the request of the office that the file answers; what was
    uploaded before the deadline answers none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    rule = models.CharField(max_length=60)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    completion = models.ForeignKey(CompletionRequest, models.PROTECT, null=True, blank=True, related_name="attachments")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    verdict = ""
    """The antivirus's last verdict as the query brought it; "" when nobody has read the file yet."""

    objects = AttachmentManager()

    class Meta:
        ordering = ["document__received_at"]

    def __str__(self) -> str:
        return f"{self.rule} {self.document_id}"

    @property
    def is_infected(self) -> bool:
        return self.verdict == Verdict.INFECTED

    @property
    def manifest_entry(self) -> dict[str, Any]:
        """What a submission says of this file (``Submission.manifest``), in types of canonical JSON."""
        document = self.document
        return {
            "attachment": self.pk,
            "rule": self.rule,
            "name": document.name,
            "media_type": document.media_type,
            "size": document.size,
            "sha256": document.sha256,
            "received_at": document.received_at,
        }
