"""What an official types to publish the list of who was admitted: text into values, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.act_form import ActForm
from applications.admissions import Why
from applications.models import Application
from bando.fields import LongText

LONGEST_NOTE = 1000


class AdmissionsForm(ActForm):
    """The word to publish for each of ``rejected``, the note of the version, the act and the SHA-256 of the preview."""

    field_order = ("note", "act_number", "act_date", "seen")
    note = LongText(
        label=_("Che cosa è cambiato"),
        required=False,
        limit=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": LONGEST_NOTE}),
        help_text=_("È pubblico: non scrivere nomi di persone né che cosa manca a un ente."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rejected: Iterable[Application], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("act_number", "act_date"):
            self.fields[name].required = False  # the act itself says whether it is owed
        self.rejected = list(rejected)
        for application in self.rejected:
            self.fields[self._name(application)] = forms.ChoiceField(
                label=f"{application.number}, {application.organisation.name}",
                choices=[("", _("Scegli il motivo da pubblicare")), *Why.choices],
                required=False,
            )

    @staticmethod
    def _name(application: Application) -> str:
        return f"why-{application.number}"

    @property
    def whys(self) -> list[Any]:
        return [self[self._name(application)] for application in self.rejected]

    @property
    def reasons(self) -> dict[str, str]:
        """The chosen words by number of the application."""
        return {str(one.number): self.cleaned_data.get(self._name(one), "") for one in self.rejected}
