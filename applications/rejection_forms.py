"""What a body types about a notice of rejection: text into values, nothing decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rejection import LONGEST_OBSERVATIONS
from bando.fields import LongText


class ObservationsForm(forms.Form):
    """The observations, and the ``version`` of them that the page was shown."""

    use_required_attribute = False
    text = LongText(
        label=_("Le tue osservazioni"),
        required=False,
        limit=LONGEST_OBSERVATIONS,
        widget=forms.Textarea(attrs={"rows": 12, "data-limit": LONGEST_OBSERVATIONS}),
        help_text=_("Rispondi a ogni motivo. Se serve un documento, di' quale: l'ufficio te lo può chiedere."),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
