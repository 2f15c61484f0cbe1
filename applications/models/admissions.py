"""The lists of who was admitted, as they were published."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bando.models import Call
from workflow.append_only import AppendOnly


class AdmissionList(AppendOnly):
    """The outcome of the formal check for one area, with the act that approves it. A later version replaces it and never
    removes it: ``note`` says why there is a new one. ``content`` is canonical JSON (``applications.admissions``), ``sha256`` its
    hash."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="admission_lists")
    area_code = models.CharField(_("area"), max_length=40)
    number = models.PositiveIntegerField()
    content = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    act_number = models.CharField(_("numero dell'atto"), max_length=60)
    act_date = models.DateField(_("data dell'atto"))
    published_at = models.DateTimeField(_("pubblicato il"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(_("perché è cambiato"), blank=True)

    class Meta:
        ordering = ["call", "area_code", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "area_code", "number"], name="admission_lists_are_counted")]

    def __str__(self) -> str:
        return f"{self.call_id} {self.area_code} {self.number}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """``content`` read."""
        return json.loads(self.content)
