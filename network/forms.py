"""What the office types about an agreement and a Spazio, cleaned into values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.fields import DATES
from documents.fields import SignedFileField
from network.hours import DAYS, Unreadable, read_day, write_day
from network.models import Space

DAY_NAMES = {
    1: gettext_lazy("Lunedì"),
    2: gettext_lazy("Martedì"),
    3: gettext_lazy("Mercoledì"),
    4: gettext_lazy("Giovedì"),
    5: gettext_lazy("Venerdì"),
    6: gettext_lazy("Sabato"),
    7: gettext_lazy("Domenica"),
}

FUNCTIONS = {
    "listening": gettext_lazy("Ascolto"),
    "information": gettext_lazy("Informazione e orientamento ai servizi"),
    "grants": gettext_lazy("Aiuto con le domande di contributo"),
    "internet": gettext_lazy("Postazione internet con un operatore"),
    "digital": gettext_lazy("Pratiche digitali"),
    "jobs": gettext_lazy("Aiuto nella ricerca di lavoro"),
    "domestic_work": gettext_lazy("Incontro tra famiglie e lavoratori domestici"),
    "shared_services": gettext_lazy("Attivazione di servizi condivisi"),
    "community": gettext_lazy("Reti ed eventi di quartiere"),
}


def _date(label: Any, missing: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DATES,  # in every language: Django would read English 03/04 as the fourth of March
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": missing,
            "invalid": gettext_lazy("Scrivi la data con giorno, mese e anno, per esempio 31/12/2026."),
        },
    )


class SignAgreementForm(forms.Form):
    """The facts of a signature and the signed file."""

    number = forms.CharField(
        label=gettext_lazy("Numero di repertorio"),
        max_length=60,
        error_messages={"required": gettext_lazy("Scrivi il numero di repertorio.")},
    )
    signed_on = _date(gettext_lazy("Data della firma"), gettext_lazy("Scrivi la data della firma."))
    starts_on = _date(gettext_lazy("Decorre dal"), gettext_lazy("Scrivi da quando decorre."))
    ends_on = _date(gettext_lazy("Scade il"), gettext_lazy("Scrivi quando scade."))
    file = SignedFileField(
        label=gettext_lazy("Convenzione firmata"),
        help_text=gettext_lazy("Un PDF o un P7M, fino a 20 MB."),
        error_messages={"required": gettext_lazy("Scegli il file della convenzione firmata.")},
    )


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
    on = _date(gettext_lazy("Apre il"), gettext_lazy("Scrivi il giorno dell'apertura."))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi il motivo: resta nella storia dell'atto.")},
    )


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
