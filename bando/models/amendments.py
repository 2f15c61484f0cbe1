"""The published acts that change a call."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bando.models.call import Call, CallVersion
from documents.models import Document
from workflow.append_only import AppendOnly


class AmendmentKind(models.TextChoices):
    """A rectification changes the document; an extension moves a deadline that has not passed; a reopening gives a new
    one after it has; a revocation ends the call."""

    RECTIFICATION = "rectification", _("Rettifica")
    EXTENSION = "extension", _("Proroga")
    REOPENING = "reopening", _("Riapertura dei termini")
    REVOCATION = "revocation", _("Revoca")


class Amendment(AppendOnly):
    """One change of a published call, numbered from 1, with the act that ordered it. ``before`` and ``after`` are the
    versions of the rules; a revocation leaves them as they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="amendments")
    number = models.PositiveIntegerField(_("numero"))
    kind = models.CharField(_("tipo"), max_length=20, choices=AmendmentKind.choices)
    act_number = models.CharField(_("numero dell'atto"), max_length=60)
    act_date = models.DateField(_("data dell'atto"))
    act_file = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("motivo"))
    before = models.ForeignKey(CallVersion, models.PROTECT, related_name="+")
    after = models.ForeignKey(CallVersion, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("pubblicata il"))

    class Meta:
        verbose_name = _("modifica dell'avviso")
        verbose_name_plural = _("modifiche dell'avviso")
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="amendments_are_counted")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.number} {self.kind}"
