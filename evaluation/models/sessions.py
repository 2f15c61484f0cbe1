"""The sessions of the commission, public and reserved, and their minutes."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from evaluation.models.commission import Commission, Member
from evaluation.states import SessionState
from workflow.models import Step


class SessionKind(models.TextChoices):
    PUBLIC = "public", _("Pubblica")
    RESERVED = "reserved", _("Riservata")


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> SessionQuerySet:
        """The office, and who sits on the commission."""
        if not user.is_authenticated:
            return self.none()
        if user.is_official:
            return self
        return self.filter(commission__in=Commission.objects.visible_to(user))


class Session(models.Model):
    """A session (seduta) of the commission. ``area_code`` is empty when it concerns the whole call. A public one is announced
    on the page of the call with its place and time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commission = models.ForeignKey(Commission, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("tipo"), max_length=20, choices=SessionKind.choices)
    area_code = models.CharField(_("area"), max_length=40, blank=True)
    state = models.CharField(_("stato"), max_length=20, choices=SessionState.choices, default=SessionState.PLANNED)
    planned_at = models.DateTimeField(_("giorno e ora"))
    place = models.CharField(_("luogo"), max_length=300)
    agenda = models.TextField(_("ordine del giorno"))
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["commission", "number"], name="sessions_are_counted"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False, closed_at__gte=models.F("opened_at")),
                name="a_session_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commission_id} {self.number}"


class SessionStep(Step):
    states = SessionState
    row = models.ForeignKey(Session, models.PROTECT, related_name="steps")


class Attendance(models.Model):
    """Whether a member was at a session; ``note`` says who leaves the room, and for which proposal."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances")
    present = models.BooleanField(_("presente"))
    note = models.CharField(_("nota"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="one_attendance_per_member_and_session")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.member_id} {self.present}"


class Minutes(models.Model):
    """The minutes (verbale) of a session. ``facts`` are what the record says happened in it, gathered when it was closed
    (``evaluation.minutes``); ``text`` is what the secretary writes around them until the minutes are approved, and ``parts``
    what is said of one proposal alone, by its pk: who is in conflict with it does not read that part. Then they are a file.

    ``public`` is what is published of them: ``text`` and ``parts`` as they stand after the office has taken out what must not
    leave, and whether the ``reasons`` of the marks are there; ``None`` before. ``signed`` is the file that came back with the
    signatures of who presides and who wrote."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="minutes")
    facts = models.JSONField(default=list)
    text = models.TextField(_("testo"), blank=True)
    parts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(_("approvato il"), null=True, blank=True)
    published_at = models.DateTimeField(_("pubblicato il"), null=True, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    signed = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    public = models.JSONField(null=True, blank=True)
    public_document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = _("verbali")

    def __str__(self) -> str:
        return str(self.session_id)
