"""What several forms of the network ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

from applications.sections.fields import CHECK_THE_YEAR, DATES, FIRST_DAY, LAST_DAY


def date_field(label: Any, missing: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DATES,  # in every language: Django would read English 03/04 as the fourth of March
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, CHECK_THE_YEAR), MaxValueValidator(LAST_DAY, CHECK_THE_YEAR)],
        error_messages={
            "required": missing,
            "invalid": gettext_lazy("Scrivi la data con giorno, mese e anno, per esempio 31/12/2026."),
        },
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi il motivo: resta nella storia dell'atto.")},
    )
