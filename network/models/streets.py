"""The streets of the city, if the administration has loaded its register."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Street(models.Model):
    """``key`` are the words by which it is found (:func:`network.near.words`); ``stretches`` a list of ``[from, to, latitude,
    longitude]``: whole numbers or null, degrees as text."""

    name = models.CharField(_("nome"), max_length=150, unique=True)
    key = models.CharField(_("parole che la trovano"), max_length=150)
    stretches: models.JSONField[Any, Any] = models.JSONField(_("tratti"))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
