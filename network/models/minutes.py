"""The minutes of the sessions of a table, and the files of them that come back signed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from network.models.agreements import Copy
from network.models.tables import TablePartner, TableSession


class TableMinutes(models.Model):
    """The minutes (verbale) of a session: ``text`` is written around attendance and decisions until they are approved, then they
    are a file, ``document``, which those who were there sign. ``present`` and ``absent`` say, as the closing of the session found
    it, which parties were there (name and seat, None for the administration) and the names of those that were not: who leaves,
    joins again or takes another name changes nothing of what is signed.

    ``public`` is what is published of them, as it stands after the office has taken out what must not leave: ``{"agenda": ...,
    "text": ..., "decisions": [{"number": ..., "text": ..., "against": ...}]}``, None before."""

    session = models.OneToOneField(TableSession, models.PROTECT, related_name="minutes")
    present = models.JSONField(default=list)
    absent = models.JSONField(default=list)
    text = models.TextField(_("testo"), blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(_("approvato il"), null=True, blank=True)
    published_at = models.DateTimeField(_("pubblicato il"), null=True, blank=True)
    public = models.JSONField(null=True, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = _("verbali")

    def __str__(self) -> str:
        return str(self.session_id)


class SignedMinutes(models.Model):
    """The file of the minutes as it came back signed by one of those who were there (``partner`` None: the administration); of
    several for one party the last counts. ``copy`` is "" until a worker has compared it with the approved minutes."""

    minutes = models.ForeignKey(TableMinutes, models.PROTECT, related_name="signed")
    partner = models.ForeignKey(TablePartner, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    copy = models.CharField(max_length=20, choices=Copy.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.minutes_id} {self.document_id}"
