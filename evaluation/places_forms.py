"""What is typed when a proposal leaves, or its place is given again: text into values, nothing decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.act_form import ActForm
from evaluation.models import Departure

COUNTS = [
    ("yes", gettext_lazy("No: i suoi punteggi continuano a contare nel confronto con le altre")),
    ("no", gettext_lazy("Sì: i punti delle altre si ricalcolano come se non ci fosse mai stata")),
]


class LeaveForm(ActForm):
    """Who leaves, how and why. A renunciation has no act of the office. ``asks_counts``: whether taking the proposal out would
    change the points of the others."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Che cosa succede"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli che cosa succede.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Lo legge l'ente. Non si pubblica: nella graduatoria esce il numero dell'atto. "
            "Per una rinuncia scrivi da dove risulta, per esempio la PEC e il protocollo."
        ),
        error_messages={"required": gettext_lazy("Scrivi il motivo: lo legge l'ente.")},
    )
    counts = forms.ChoiceField(
        label=gettext_lazy("I punti delle altre proposte si ricalcolano?"),
        widget=forms.RadioSelect,
        choices=COUNTS,
        required=False,
    )
    counts_reason = forms.CharField(
        label=gettext_lazy("Perché"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("outcome", "reason", "counts", "counts_reason", "act_number", "act_date")

    def __init__(self, *args: Any, selected: bool, asks_counts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (Departure.Outcome.EXCLUDED, _("Esclusa con un atto dell'ufficio")),
            (Departure.Outcome.RENOUNCED, _("L'ente ha rinunciato: l'ufficio lo registra")),
        ]
        if selected:
            kinds.insert(1, (Departure.Outcome.FORFEITED, _("Decaduta con un atto dell'ufficio")))
        self.fields["outcome"].choices = kinds
        for name in ("act_number", "act_date"):
            self.fields[name].required = False
        if not asks_counts:
            del self.fields["counts"], self.fields["counts_reason"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("outcome") == Departure.Outcome.RENOUNCED:
            return typed
        if not typed.get("act_number") and "act_number" not in self.errors:
            self.add_error("act_number", _("Scrivi il numero dell'atto."))
        if not typed.get("act_date") and "act_date" not in self.errors:
            self.add_error("act_date", _("Scrivi la data dell'atto."))
        if "counts" in self.fields and not typed.get("counts"):
            self.add_error("counts", _("Scegli se i punti delle altre proposte si ricalcolano."))
        return typed


class GiveForm(forms.Form):
    """Why the place goes to the next."""

    use_required_attribute = False
    departure = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi il motivo: sta nell'atto.")},
    )


class RenounceForm(forms.Form):
    """A body gives up its proposal."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Perché rinunciate"),
        help_text=gettext_lazy("Lo legge l'ufficio. Non si pubblica."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("Rinunciamo alla proposta. Sappiamo che non si torna indietro."),
        error_messages={"required": gettext_lazy("Per rinunciare segna questa casella. Se non sei sicuro, torna indietro.")},
    )
