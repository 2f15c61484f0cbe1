"""What is typed about a Spazio, by the office and by who runs it, cleaned into values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.act_form import ActForm
from applications.merging import Verdict
from bando.templatetags.bando_ui import day as in_words
from network.addresses import Unreadable as NoPoint
from network.addresses import read_point, write_point
from network.directory_words import language_name
from network.fields import date_field
from network.holidays import coming_holidays
from network.hours import DAYS, Unreadable, read_day, write_day
from network.languages import SPOKEN
from network.models import Space
from network.rules.spaces import OF_THE_OFFICE
from network.space_units import space_columns, space_units
from network.words import DAY_NAMES, FUNCTIONS
from network.written_at_once import CarriesBases

MUNICIPI = [("", gettext_lazy("Scegli")), *((n, n) for n in range(1, 10))]
_MUNICIPIO = {code: gettext_lazy("Il Municipio è un numero da 1 a 9.") for code in ("invalid", "min_value", "max_value")}
STEP_FREE = {True: "yes", False: "no", None: ""}
MOST_ROWS = 200
"""Rows of days that one page may send."""


class PointField(forms.CharField):
    """Latitude and longitude as they are pasted from a map: two degrees, or None."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Latitudine e longitudine"),
            help_text=gettext_lazy("Copiale da una mappa, per esempio: 45.4642, 9.1900."),
            max_length=60,
            required=False,
        )

    def clean(self, value: Any) -> Any:
        try:
            return read_point(super().clean(value))
        except NoPoint:
            raise forms.ValidationError(_("Scrivi due numeri separati da una virgola, per esempio 45.4642, 9.1900.")) from None


class SpaceForm(CarriesBases, forms.ModelForm):
    """What citizens read about a Spazio. The hours of a day are written as ``9-13, 14:30-18``. Who runs it (``is_office``
    False) doesn't find the fields that the office alone writes."""

    functions = forms.MultipleChoiceField(
        label=gettext_lazy("Che cosa si trova qui"),
        choices=FUNCTIONS.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Lingue che si parlano"), widget=forms.CheckboxSelectMultiple, required=False
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
        fields = [
            "name",
            "address",
            "municipio",
            "phone",
            "email",
            "transport",
            "step_free",
            "access_notes",
            "functions",
            "languages",
        ]
        widgets = {"access_notes": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "address": gettext_lazy("Via e numero civico, per esempio: via Capuana 3."),
            "municipio": gettext_lazy("Un numero da 1 a 9."),
            "transport": gettext_lazy("Per esempio: metro M3 Affori Centro, autobus 70."),
        }
        error_messages = {
            "name": {"required": gettext_lazy("Scrivi il nome dello Spazio.")},
            "email": {"invalid": gettext_lazy("Scrivi l'indirizzo intero, per esempio nome@esempio.it.")},
            "municipio": _MUNICIPIO,
        }

    def __init__(self, *args: Any, is_office: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["step_free"] = STEP_FREE[self.instance.step_free]
        self.fields["languages"].choices = [(code, language_name(code)) for code in SPOKEN]
        for name in ("functions", "languages", "step_free"):
            self.fields[name].blank_is_an_answer = True
        if is_office:
            self.fields["point"] = PointField()
            self.initial["point"] = write_point(self.instance.latitude, self.instance.longitude)
        else:
            for name in OF_THE_OFFICE & self.fields.keys():
                del self.fields[name]
        self.plain_names = [name for name in self.fields if name != "point"]
        if is_office:
            self.plain_names.insert(self.plain_names.index("municipio") + 1, "point")
        for day in DAYS:
            field = self.fields[f"hours_{day}"] = forms.CharField(
                label=DAY_NAMES[day],
                required=False,
                max_length=60,
                initial=write_day(self.instance.hours, day),
            )
            field.blank_is_an_answer = True
        self.fields_of = {**{name: [name] for name in self.plain_names}, "hours": [f"hours_{day}" for day in DAYS]}
        units = space_units(space_columns(self.instance))
        self.carry({unit: units[unit] for unit in self.fields_of})

    def offer(self, typed: forms.BaseForm, verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
        theirs = super().offer(typed, verdicts)
        if self.initial["step_free"] in STEP_FREE:
            self.initial["step_free"] = STEP_FREE[self.initial["step_free"]]
        if isinstance(point := self.initial.get("point"), tuple):
            self.initial["point"] = write_point(*point)
        return theirs

    def name_of(self, unit: str) -> Any:
        return _("Orari") if unit == "hours" else super().name_of(unit)

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
        columns = {name: self.cleaned_data[name] for name in (*self.plain_names, "hours") if name != "point"}
        if "point" in self.fields:
            columns["latitude"], columns["longitude"] = self.cleaned_data["point"] or (None, None)
        return columns

    @property
    def day_fields(self) -> list[Any]:
        return [self[f"hours_{day}"] for day in DAYS]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.plain_names]


class ExceptionsForm(CarriesBases, forms.Form):
    """The days that are not as usual: those written so far, room for more, and the holidays of a year ahead to tick.

    A row without its first day says nothing; without hours, the door stays shut. Where two people wrote, ``stored`` is what the
    other one did and ``exceptions`` what was typed."""

    ROOM = 3
    fields_of: ClassVar = {"exceptions": ["exceptions"]}

    def __init__(
        self,
        *args: Any,
        exceptions: list[dict[str, Any]],
        today: date,
        stored: list[dict[str, Any]] | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, auto_id="days_%s", **kwargs)
        self.stored_days = exceptions if stored is None else stored
        self.carry(space_units({"exceptions": self.stored_days}))
        # What was sent may have more rows than there are by now.
        sent = sum(name.startswith("first_") for name in self.data)
        self.rows = range(max(len(exceptions) + self.ROOM, min(sent, MOST_ROWS)))
        for number in self.rows:
            known = exceptions[number] if number < len(exceptions) else None
            self._add_row(number, known)
        covered = [(row["first"], row["last"]) for row in exceptions]
        free = [
            (day, name)
            for day, name in coming_holidays(today)
            if not any(first <= day.isoformat() <= last for first, last in covered)
        ]
        self.holidays = {day.isoformat(): name for day, name in free}
        self.fields["holidays"] = forms.MultipleChoiceField(
            label=gettext_lazy("Chiuso anche in questi giorni di festa"),
            choices=[(day.isoformat(), f"{name}, {in_words(day)}") for day, name in free],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["holidays"].blank_is_an_answer = True

    def _add_row(self, number: int, known: dict[str, Any] | None) -> None:
        first = date_field(gettext_lazy("Dal giorno"), gettext_lazy("Scrivi il primo giorno."))
        last = date_field(gettext_lazy("Al giorno"), gettext_lazy("Scrivi l'ultimo giorno."))
        last.help_text = gettext_lazy("Vuoto: un giorno solo.")
        hours = forms.CharField(
            label=gettext_lazy("Orari"), max_length=60, help_text=gettext_lazy("Per esempio 9-13. Vuoto: chiuso.")
        )
        why = forms.CharField(label=gettext_lazy("Perché"), max_length=200)
        for name, field in (("first", first), ("last", last), ("open", hours), ("why", why)):
            field.required, field.blank_is_an_answer = False, True
            self.fields[f"{name}_{number}"] = field
        if known:
            self.initial |= {
                f"first_{number}": date.fromisoformat(known["first"]),
                f"last_{number}": date.fromisoformat(known["last"]),
                f"open_{number}": ", ".join(f"{span['opens']}-{span['closes']}" for span in known["hours"]),
                f"why_{number}": known["why"],
            }

    def clean(self) -> dict[str, Any]:
        values, found = super().clean() or self.cleaned_data, []
        for number in self.rows:
            row = self._row(number, values)
            if row is None:
                continue
            if any(row["first"] <= other["last"] and other["first"] <= row["last"] for other in found):
                self.add_error(f"first_{number}", _("Questi giorni sono già scritti in un'altra riga."))
            found.append(row)
        for day in values.get("holidays", ()):
            if not any(row["first"] <= day <= row["last"] for row in found):
                found.append({"first": day, "last": day, "hours": [], "why": self.holidays[day]})
        values["exceptions"] = sorted(found, key=lambda row: row["first"])
        return values

    def _row(self, number: int, values: dict[str, Any]) -> dict[str, Any] | None:
        first, last = values.get(f"first_{number}"), values.get(f"last_{number}")
        hours, why = values.get(f"open_{number}", ""), values.get(f"why_{number}", "")
        if first is None:
            if (last or hours or why) and f"first_{number}" not in self.errors:
                self.add_error(f"first_{number}", _("Scrivi il primo giorno, oppure svuota tutta la riga."))
            return None
        if last is not None and last < first:
            self.add_error(f"last_{number}", _("L'ultimo giorno viene prima del primo: correggi le date."))
            return None
        try:
            spans = read_day(1, hours)
        except Unreadable as problem:
            self.add_error(
                f"open_{number}", _("Non capiamo «%(part)s». Scrivi gli orari così: 9-13, 14:30-18.") % {"part": problem}
            )
            return None
        return {
            "first": first.isoformat(),
            "last": (last or first).isoformat(),
            "hours": [{"opens": span["opens"], "closes": span["closes"]} for span in spans],
            "why": why,
        }

    @property
    def stored_in_words(self) -> dict[str, Any]:
        """What the other person wrote, where both did, as ``_theirs.html`` shows it."""
        return {"label": _("Giorni diversi dal solito"), "lines": [_in_words(row) for row in self.stored_days]}

    @property
    def holidays_field(self) -> Any:
        return self["holidays"]

    @property
    def row_fields(self) -> list[list[Any]]:
        return [[self[f"{name}_{number}"] for name in ("first", "last", "open", "why")] for number in self.rows]


def _in_words(row: dict[str, Any]) -> str:
    first, last = (in_words(date.fromisoformat(row[name])) for name in ("first", "last"))
    days = first if first == last else _("dal %(first)s al %(last)s") % {"first": first, "last": last}
    open_hours = ", ".join(f"{span['opens']}-{span['closes']}" for span in row["hours"]) or _("chiuso")
    return f"{days}: {open_hours}" + (f" ({row['why']})" if row["why"] else "")


class OpenSpaceForm(forms.Form):
    on = date_field(gettext_lazy("Apre il"), gettext_lazy("Scrivi il giorno dell'apertura."))


class ExpectForm(forms.Form):
    expected_on = date_field(gettext_lazy("Apertura prevista il"), gettext_lazy("Scrivi quando dovrebbe aprire."))


class ShutForm(forms.Form):
    """Why a door is shut: citizens read it."""

    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Lo leggono i cittadini nella pagina dello Spazio."),
        error_messages={"required": gettext_lazy("Scrivi il motivo: lo leggono i cittadini.")},
    )


class SuspendForm(ShutForm):
    reopens_on = date_field(gettext_lazy("Riapre il"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopens_on"].required = False
        self.fields["reopens_on"].help_text = _("Se lo sai già.")


class MoveForm(forms.Form):
    """Where a Spazio will be, and since when."""

    address = forms.CharField(
        label=gettext_lazy("Nuovo indirizzo"),
        max_length=300,
        help_text=gettext_lazy("Via e numero civico, per esempio: via Capuana 3."),
        error_messages={"required": gettext_lazy("Scrivi il nuovo indirizzo.")},
    )
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"),
        choices=MUNICIPI,
        coerce=int,
        error_messages={"required": gettext_lazy("Scegli il Municipio.")},
    )
    point = PointField()
    first_day = date_field(gettext_lazy("Vale dal"), gettext_lazy("Scrivi da quando vale."))


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nome"), max_length=200, error_messages={"required": gettext_lazy("Scrivi il nome dello Spazio.")}
    )
    slug = forms.SlugField(
        label=gettext_lazy("Ultima parte dell'indirizzo della pagina"),
        max_length=80,
        help_text=gettext_lazy("Lettere senza accenti, numeri e trattini. L'indirizzo di prima continua a portare qui."),
        error_messages={
            "required": gettext_lazy("Scrivi l'ultima parte dell'indirizzo."),
            "invalid": gettext_lazy("Usa solo lettere senza accenti, numeri e trattini."),
        },
    )


class FurtherForm(forms.Form):
    """Another Spazio of the same body."""

    name = forms.CharField(
        label=gettext_lazy("Nome dello Spazio"),
        max_length=200,
        error_messages={"required": gettext_lazy("Scrivi il nome dello Spazio.")},
    )
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("Municipio"), choices=MUNICIPI, coerce=int, empty_value=None, required=False
    )
    expected_on = date_field(gettext_lazy("Apertura prevista il"), "")
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Per esempio l'atto che lo prevede. Resta nella storia."),
        error_messages={"required": gettext_lazy("Scrivi il motivo: resta nella storia dell'atto.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected_on"].required = False


class EmptyForm(ActForm):
    """Places that stay empty, by an act."""

    count = forms.IntegerField(
        label=gettext_lazy("Quanti posti"),
        min_value=1,
        error_messages={
            "required": gettext_lazy("Scrivi quanti posti restano vuoti."),
            "invalid": gettext_lazy("Scrivi un numero intero, per esempio 2."),
            "min_value": gettext_lazy("Scrivi un numero da 1 in su."),
        },
    )
    municipio = forms.TypedChoiceField(
        label=gettext_lazy("In quale Municipio"),
        choices=[("", gettext_lazy("Ovunque")), *MUNICIPI[1:]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi perché restano vuoti.")},
    )
    field_order = ("count", "municipio", "reason", "act_number", "act_date")


class FillForm(ActForm):
    """The act that opens again the places of an earlier one."""

    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi perché i posti tornano liberi.")},
    )
    field_order = ("reason", "act_number", "act_date")
