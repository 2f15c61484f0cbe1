"""What the office types for a draw: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.amendment_forms import ClockField, moment_of
from applications.sections.fields import DayField
from evaluation.draw import normalised


class CommitForm(forms.Form):
    """Which public value decides, and from when it can be known, on the clocks of Rome: ``value_at``."""

    use_required_attribute = False
    source = forms.CharField(
        label=gettext_lazy("Quale valore pubblico decide"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Chi lo pubblica, dove si legge e come si scrive. Per esempio: Lotto, ruota di Milano, i cinque numeri nell'ordine "
            "di uscita separati da uno spazio, dalla prima estrazione dopo il momento qui sotto."
        ),
        error_messages={"required": gettext_lazy("Scrivi quale valore pubblico decide il sorteggio.")},
    )
    value_day = DayField(label=gettext_lazy("Sarà pubblico da: giorno"), help_text=gettext_lazy("Per esempio 18/10/2026."))
    value_time = ClockField(
        label=gettext_lazy("Sarà pubblico da: ora"),
        help_text=gettext_lazy("Ora italiana, per esempio 20:00."),
        error_messages={"required": gettext_lazy("Scrivi l'ora da cui il valore è pubblico.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value_day"].error_messages["required"] = _("Scrivi il giorno da cui il valore è pubblico.")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        moment_of(self, typed, day="value_day", clock="value_time", into="value_at")
        return typed


class ValueForm(forms.Form):
    """The value as the source published it, typed twice: a slip would give another order."""

    use_required_attribute = False
    value = forms.CharField(
        label=gettext_lazy("Valore pubblicato"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Come lo ha pubblicato la fonte, nell'ordine scritto nell'elenco."),
        error_messages={"required": gettext_lazy("Scrivi il valore come lo ha pubblicato la fonte.")},
    )
    again = forms.CharField(
        label=gettext_lazy("Scrivilo di nuovo"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Scrivi il valore una seconda volta: serve a scoprire uno sbaglio.")},
    )

    def clean_again(self) -> str:
        again = self.cleaned_data["again"]
        if "value" in self.cleaned_data and normalised(again) != normalised(self.cleaned_data["value"]):
            raise forms.ValidationError(_("I due valori sono diversi. Rileggi la fonte e scrivili uguali."))
        return again


class WhyForm(forms.Form):
    """A reason that everybody will read."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Lo leggono tutti nella pagina del sorteggio."),
        error_messages={"required": gettext_lazy("Scrivi il motivo: lo leggono tutti.")},
    )


class CorrectForm(ValueForm, WhyForm):
    """A value that was copied wrongly, with the reason."""

    field_order = ("value", "again", "reason")
