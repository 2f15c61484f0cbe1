"""Who leaves a ranking, and what becomes of the place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application


class Departure(models.Model):
    """A proposal that fell out after its admission: excluded, renounced, or forfeited.

    ``counts``: whether its marks still count where proposals are measured against each other (formulas, pairs, rescaling);
    ``counts_reason`` says why they do or don't. ``frees_place``: it had been selected, so that its place (of ``lot``, where the
    area has lots) is free; ``given_at`` is when the office gave that place to the next ones, by an act of its own."""

    class Outcome(models.TextChoices):
        EXCLUDED = "excluded", _("Esclusa")
        RENOUNCED = "renounced", _("Ha rinunciato")
        FORFEITED = "forfeited", _("Decaduta")

    application = models.OneToOneField(Application, models.PROTECT, related_name="departure")
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome.choices)
    reason = models.TextField(_("motivo"))
    act_number = models.CharField(_("numero dell'atto"), max_length=60, blank=True)
    act_date = models.DateField(_("data dell'atto"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    scored = models.BooleanField()
    counts = models.BooleanField(default=True)
    counts_reason = models.TextField(blank=True)
    frees_place = models.BooleanField(default=False)
    lot = models.CharField(_("lotto"), max_length=60, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    given_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_at=None) | Q(frees_place=True) & ~Q(given_reason=""),
                name="a_place_is_given_again_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"
