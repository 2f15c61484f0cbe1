"""The act that orders something, as the office types it: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.fields import DayField


class ActForm(forms.Form):
    """The number and the date of an act."""

    use_required_attribute = False
    act_number = forms.CharField(
        label=gettext_lazy("Numero dell'atto"),
        max_length=60,
        help_text=gettext_lazy("Come è scritto nell'atto, per esempio 1234/2026."),
        error_messages={"required": gettext_lazy("Scrivi il numero dell'atto.")},
    )
    act_date = DayField(label=gettext_lazy("Data dell'atto"), help_text=gettext_lazy("Per esempio 18/10/2026."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act_date"].error_messages["required"] = _("Scrivi la data dell'atto.")
