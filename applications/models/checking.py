"""The formal check (verifica di ammissibilità)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class CheckItem(models.Model):
    """One row of the formal check: a requirement or an attachment rule of the call, and the official's verdict on it."""

    class Verdict(models.TextChoices):
        OPEN = "", _("Da verificare")
        MET = "met", _("Conforme")
        RESERVE = "reserve", _("Con riserva")
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
