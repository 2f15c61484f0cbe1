"""An application, its draft, its files, and what was sent."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from applications.states import ApplicationState
from bando.models import Call, CallVersion
from bando.notice.document import Area
from documents.models import Document
from workflow.append_only import AppendOnly
from workflow.models import Step


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """The applications of the bodies that ``user`` acts for. Nothing else: the office has ``at_the_desk``."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__memberships__user=user)

    def at_the_desk(self, user: Any, *, at: Any) -> ApplicationQuerySet:
        """What the office may open: what was received, once the deadline has passed. Before it officials see counts and
        never contents."""
        if not (user.is_authenticated and user.is_official):
            return self.none()
        return self.received().filter(call__closes_at__lt=at)

    def received(self) -> ApplicationQuerySet:
        """What was sent and not withdrawn."""
        return self.exclude(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])

    def with_call(self) -> ApplicationQuerySet:
        return self.select_related("call__version", "organisation", "current")


class Application(models.Model):
    """The application (domanda) of one body for one area of a call.

    ``number`` is given at the first submission and never changes; ``current`` is the submission that counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    area_code = models.CharField(_("area"), max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications")
    state = models.CharField(_("stato"), max_length=20, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    number = models.CharField(_("numero"), max_length=40, unique=True, null=True, blank=True)
    current = models.OneToOneField("Submission", models.PROTECT, null=True, blank=True, related_name="current_of")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("iniziata il"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("domanda")
        verbose_name_plural = _("domande")
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["call", "area_code", "state"]), models.Index(fields=["call", "number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "area_code", "organisation"],
                condition=~Q(state=ApplicationState.WITHDRAWN),
                name="one_live_application_per_body_and_area",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                | Q(number__isnull=False, current__isnull=False),
                name="what_was_sent_has_a_number_and_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)

    @property
    def area(self) -> Area:
        return self.call.notice.area(self.area_code)


class SectionDraft(models.Model):
    """The answers of one section as they were last saved, complete or not.

    ``answers`` is what was typed, by name of the input, storable whatever it is; ``problems`` is what was found when it
    was saved (``applications.sections.build.SectionForm.problems``: by name of the input, the code and the sentence of
    each), so that completeness is judged once per save and not on every page; ``version`` grows by one with each save
    that changes something, so that two people do not overwrite each other unknowingly. ``judged_by`` is the hash of what
    the problems depend on besides the answers (``applications.progress``): when the call has changed since, or an earlier
    answer shows or hides questions here, they are found anew."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="drafts")
    section = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    problems = models.JSONField(default=dict)
    judged_by = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section"], name="one_draft_per_section")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section} {self.version}"

    @property
    def is_complete(self) -> bool:
        return not self.problems


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def present(self) -> AttachmentQuerySet:
        return self.filter(removed_at=None).select_related("document")


class Attachment(models.Model):
    """A file that answers one of the call's attachment rules. Removing it keeps the row and the file: what was sent with
    an earlier submission must stay readable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    rule = models.CharField(max_length=60)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["document__received_at"]

    def __str__(self) -> str:
        return f"{self.rule} {self.document_id}"


class Submission(AppendOnly):
    """What was sent, frozen: answers, manifest of files, version of the call, two moments.

    ``arrived_at`` is when the request reached the administration and decides whether it is in time; ``committed_at`` is
    when it was written. ``content`` is the canonical JSON of all of it and ``sha256`` its hash, which the receipt shows.
    ``answers`` are values by section and question (``SectionForm.values``); ``manifest`` lists the files: ``attachment``
    (pk), ``rule``, ``name``, ``media_type``, ``size``, ``sha256``, ``received_at`` (ISO, UTC). ``reviewed`` is the
    fingerprint of what the person read before sending, by which the same sending is known again."""

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


class CheckItem(models.Model):
    """One row of the formal check: a requirement or an attachment rule of the call, and the official's verdict on it."""

    class Verdict(models.TextChoices):
        OPEN = "", _("Da verificare")
        MET = "met", _("Conforme")
        NOT_MET = "not_met", _("Non conforme")
        NOT_RELEVANT = "not_relevant", _("Non pertinente")

    application = models.ForeignKey(Application, models.PROTECT, related_name="check_items")
    code = models.CharField(max_length=80)
    verdict = models.CharField(_("esito"), max_length=20, choices=Verdict.choices, blank=True)
    note = models.TextField(_("nota"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "code"], name="one_verdict_per_requirement")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.code} {self.verdict}"


class ApplicationStep(Step):
    states = ApplicationState
    row = models.ForeignKey(Application, models.PROTECT, related_name="steps")
