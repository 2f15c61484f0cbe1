"""How big a rehearsal should be."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LEAST, USUAL, MOST = 2, 20, 500

_BOUNDS = _("Scrivi un numero da 2 a 500.")


class RequestForm(forms.Form):
    use_required_attribute = False
    bodies = forms.IntegerField(
        label=_("Quanti enti inventati partecipano?"),
        help_text=_("Da 2 a 500. Con 20 bastano uno o due minuti; con 60 si provano tutti i casi strani almeno una volta."),
        min_value=LEAST,
        max_value=MOST,
        initial=USUAL,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _BOUNDS, "invalid": _BOUNDS, "min_value": _BOUNDS, "max_value": _BOUNDS},
    )
