"""What was sent, frozen, and what followed from it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.completion import CompletionRequest
from bando.models import CallVersion
from documents.models import Document
from workflow.append_only import AppendOnly


class Submission(AppendOnly):
    """What was sent, frozen: answers, manifest of files, version of the call, two moments.

    ``arrived_at`` is when the request reached the administration and decides whether it is in time; ``committed_at`` is
    when it was written. ``content`` is the canonical JSON of all of it and ``sha256`` its hash, which the receipt shows.
    ``answers`` are values by section and question (``SectionForm.values``); ``manifest`` lists the files: ``attachment``
    (pk), ``rule``, ``name``, ``media_type``, ``size``, ``sha256``, ``received_at`` (ISO, UTC). ``reviewed`` is the
    fingerprint of what the person read before sending, by which the same sending is known again. ``completes`` is the
    request of the office that it answers, after the deadline; empty for what was sent in time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    sequence = models.PositiveIntegerField()
    call_version = models.ForeignKey(CallVersion, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    answers = models.JSONField()
    manifest = models.JSONField()
    content = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    reviewed = models.CharField(max_length=64)
    completes = models.OneToOneField(CompletionRequest, models.PROTECT, null=True, blank=True, related_name="answer")

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["application", "sequence"], name="submissions_are_counted")]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.sequence}"


class NumberGiven(AppendOnly):
    """The ordinal behind an application's number, drawn from the database's own counter: two submissions at once get two
    ordinals and neither waits for the other. Ordinals may skip one; none is given twice."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.pk} {self.application_id}"


class Receipt(AppendOnly):
    """The PDF receipt of a submission, made after it by the worker."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="receipt")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.submission_id)


class ProtocolEntry(AppendOnly):
    """The number that the administration's own register (protocollo, artt. 53-57 D.P.R. 445/2000) gave to a submission:
    asked for after the commit and asked again until it answers."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="protocol")
    number = models.CharField(_("numero di protocollo"), max_length=100)
    register = models.CharField(_("registro"), max_length=200)
    at = models.DateTimeField(_("protocollata il"))

    def __str__(self) -> str:
        return self.number
