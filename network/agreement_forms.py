"""What the office types about an agreement, cleaned into values."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from documents.fields import SignedFileField
from network.fields import date_field


class SignAgreementForm(forms.Form):
    """The facts of a signature and the signed file."""

    number = forms.CharField(
        label=gettext_lazy("Numero di repertorio"),
        max_length=60,
        error_messages={"required": gettext_lazy("Scrivi il numero di repertorio.")},
    )
    signed_on = date_field(gettext_lazy("Data della firma"), gettext_lazy("Scrivi la data della firma."))
    starts_on = date_field(gettext_lazy("Decorre dal"), gettext_lazy("Scrivi da quando decorre."))
    ends_on = date_field(gettext_lazy("Scade il"), gettext_lazy("Scrivi quando scade."))
    file = SignedFileField(
        label=gettext_lazy("Convenzione firmata"),
        help_text=gettext_lazy("Un PDF o un P7M, fino a 20 MB."),
        error_messages={"required": gettext_lazy("Scegli il file della convenzione firmata.")},
    )
