"""What the office types about a Spazio, cleaned into values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.fields import date_field
from network.hours import DAYS, Unreadable, read_day, write_day
from network.models import Space
from network.words import DAY_NAMES, FUNCTIONS


class SpaceForm(forms.ModelForm):
    """What citizens read about a Spazio. The hours of a day are written as ``9-13, 14:30-18``."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Che cosa si trova qui"),
        choices=FUNCTIONS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    step_free = forms.TypedChoiceField(
        label=gettext_lazy("Ingresso senza gradini"),
        choices=[("yes", gettext_lazy("Sì")), ("no", gettext_lazy("No")), ("", gettext_lazy("Non lo so ancora"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Space
        fields = ["name", "address", "municipio", "phone", "email", "functions", "step_free", "access_notes"]
        widgets = {"access_notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "address": gettext_lazy("Via e numero civico, per esempio: via Capuana 3."),
            "municipio": gettext_lazy("Un numero da 1 a 9."),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Scrivi il nome dello Spazio.")},
            "email": {"invalid": gettext_lazy("Scrivi l'indirizzo intero, per esempio nome@esempio.it.")},
            "municipio": {
                code: gettext_lazy("Il Municipio è un numero da 1 a 9.") for code in ("invalid", "min_value", "max_value")
            },
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["step_free"] = {True: "yes", False: "no", None: ""}[self.instance.step_free]
        for name in ("functions", "step_free"):
            self.fields[name].blank_is_an_answer = True
        for day in DAYS:
            field = self.fields[f"hours_{day}"] = forms.CharField(
                label=DAY_NAMES[day],
                required=False,
                max_length=60,
                initial=write_day(self.instance.hours, day),
            )
            field.blank_is_an_answer = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        hours = []
        for day in DAYS:
            try:
                hours += read_day(day, values.get(f"hours_{day}", ""))
            except Unreadable as problem:
                self.add_error(
                    f"hours_{day}", _("Non capiamo «%(part)s». Scrivi gli orari così: 9-13, 14:30-18.") % {"part": problem}
                )
        values["hours"] = hours
        return values

    @property
    def details(self) -> dict[str, Any]:
        """The columns of the Spazio as they were typed."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "hours")}

    @property
    def day_fields(self) -> list[Any]:
        return [self[f"hours_{day}"] for day in DAYS]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.Meta.fields]


class OpenSpaceForm(forms.Form):
    on = date_field(gettext_lazy("Apre il"), gettext_lazy("Scrivi il giorno dell'apertura."))
