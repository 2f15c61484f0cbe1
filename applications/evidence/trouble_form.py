"""What a person types who reports trouble: text into values, nothing decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bando.fields import LongText

LONGEST = 2000


class TroubleForm(forms.Form):
    """``device_clock`` is written by a script with what the device takes for the time; without scripts it stays empty."""

    use_required_attribute = False
    text = LongText(
        label=_("Che cosa non funziona?"),
        help_text=_("Scrivi che cosa stavi facendo e che cosa hai visto. Non serve copiare le tue risposte."),
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": LONGEST}),
        error_messages={"required": _("Scrivi che cosa non funziona, anche in poche parole.")},
    )
    device_clock = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput(attrs={"data-device-clock": ""}))
