"""The filters of the directory."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class SearchForm(forms.Form):
    """The filters of the directory; whatever is written, the page answers."""

    q = forms.CharField(label=gettext_lazy("Cerca per nome, via o ente"), required=False, max_length=100)
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"),
        choices=[("", gettext_lazy("Tutti")), *((n, n) for n in range(1, 10))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    now = forms.BooleanField(label=gettext_lazy("Aperti adesso"), required=False)
    step_free = forms.BooleanField(label=gettext_lazy("Ingresso senza gradini"), required=False)
