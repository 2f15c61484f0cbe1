"""What an official types to publish the list of who was admitted: text into values, nothing decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.admissions import Why
from applications.models import Application
from applications.sections.fields import DayField
from bando.fields import LongText

LONGEST_NOTE = 1000


class AdmissionsForm(forms.Form):
    """The word to publish for each of ``rejected``, the note of the version, the act and the SHA-256 of the preview."""

    use_required_attribute = False
    note = LongText(
        label=_("Che cosa è cambiato"),
        required=False,
        limit=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": LONGEST_NOTE}),
        help_text=_("È pubblico: non scrivere nomi di persone né che cosa manca a un ente."),
    )
    act_number = forms.CharField(
        label=_("Numero dell'atto"),
        required=False,
        max_length=60,
        help_text=_("Come è scritto nell'atto, per esempio 1234/2026."),
    )
    act_date = DayField(label=_("Data dell'atto"), required=False, help_text=_("Per esempio 18/10/2026."))
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rejected: Iterable[Application], **kwargs: Any):
        super().__init__(*args, **kwargs)
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
