"""What the office writes in a notice of accreditation, what a body declares, and what the office finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.amendment_forms import ClockField, moment_of
from applications.sections.fields import DayField
from bando.deadlines import ROME
from bando.fields import LongText
from bando.typed import whole_number
from network.catalogue_units import checked_units, declared_units, notice_columns, notice_units
from network.models import Accreditation, AccreditationNotice
from network.written_at_once import CarriesBases

EMPTY_ROWS = 3
MOST_REQUIREMENTS = 30
MET, UNMET = "met", "unmet"


class NoticeForm(CarriesBases, forms.Form):
    """A notice with its requirements, a row each; the last rows are empty, and saving brings as many again. ``rows`` asks for
    more of them."""

    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("Titolo"), max_length=300, error_messages={"required": gettext_lazy("Scrivi un titolo.")}
    )
    text = LongText(
        label=gettext_lazy("Che cosa dice l'avviso"),
        help_text=gettext_lazy("Chi può chiedere l'accreditamento, per quali servizi, come decide l'ufficio."),
        limit=10_000,
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": 10_000}),
        required=False,
    )
    valid_months = forms.IntegerField(
        label=gettext_lazy("Per quanti mesi vale l'accreditamento"),
        min_value=1,
        max_value=120,
        initial=36,
        error_messages={
            code: gettext_lazy("I mesi sono un numero da 1 a 120.")
            for code in ("required", "invalid", "min_value", "max_value")
        },
    )
    closes_day = DayField(
        label=gettext_lazy("Si chiude: giorno"),
        help_text=gettext_lazy("Per esempio 18/10/2026. Vuoto: resta sempre aperto."),
        required=False,
    )
    closes_time = ClockField(
        label=gettext_lazy("Si chiude: ora"), help_text=gettext_lazy("Ora italiana, per esempio 12:00."), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, notice: AccreditationNotice | None = None, rows: int = 0
    ) -> None:
        super().__init__(data, initial=_written(notice) if notice else None)
        known = notice.requirements if notice else []
        typed = [n for name in data or () if name.startswith("title_") and (n := whole_number(name[6:])) is not None]
        self.rows = min(max(typed, default=max(len(known) + EMPTY_ROWS, rows)), MOST_REQUIREMENTS)
        for row in range(1, self.rows + 1):
            now = known[row - 1] if row <= len(known) else {}
            self.fields[f"title_{row}"] = forms.CharField(
                label=_("Requisito %(n)s") % {"n": row}, max_length=300, required=False, initial=now.get("title", "")
            )
            self.fields[f"hint_{row}"] = forms.CharField(
                label=_("Requisito %(n)s: che cosa scrivere") % {"n": row},
                max_length=300,
                required=False,
                initial=now.get("hint", ""),
            )
            self.fields[f"file_{row}"] = forms.BooleanField(
                label=_("Requisito %(n)s: serve un file") % {"n": row}, required=False, initial=now.get("needs_file", False)
            )
            for part in ("title", "hint", "file"):
                self.fields[f"{part}_{row}"].blank_is_an_answer = True
        asked = [f"{part}_{row}" for row in range(1, self.rows + 1) for part in ("title", "hint", "file")]
        self.fields_of = {
            **{name: [name] for name in ("title", "text", "valid_months")},
            "closes_at": ["closes_day", "closes_time"],
            "requirements": asked,
        }
        if notice is not None:
            self.carry(notice_units(notice_columns(notice)))

    def name_of(self, unit: str) -> Any:
        return _("I requisiti") if unit == "requirements" else super().name_of(unit)

    def said_in(self, unit: str) -> list[str]:
        if unit == "closes_at":
            day, clock = (self.stored(name) for name in self.fields_of[unit])
            said = [f"{day:%d/%m/%Y}" if isinstance(day, date) else day, f"{clock:%H:%M}" if isinstance(clock, time) else clock]
            return [", ".join(filter(None, said))] if any(said) else []
        if unit != "requirements":
            return super().said_in(unit)
        rows = [[self.stored(f"{part}_{row}") for part in ("title", "hint", "file")] for row in range(1, self.rows + 1)]
        return [
            ". ".join(filter(None, [title.rstrip("."), hint.rstrip("."), file and _("Serve un file")])) + "."
            for title, hint, file in rows
            if title
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        values["closes_at"] = None
        if values.get("closes_day") and values.get("closes_time") is None and "closes_time" not in self.errors:
            self.add_error("closes_time", _("Scrivi l'ora della chiusura."))
        moment_of(self, values, day="closes_day", clock="closes_time", into="closes_at")
        for row in range(1, self.rows + 1):
            if (values.get(f"hint_{row}") or values.get(f"file_{row}")) and not values.get(f"title_{row}"):
                self.add_error(f"title_{row}", _("Scrivi il requisito, oppure svuota la riga."))
        return values

    @property
    def details(self) -> dict[str, Any]:
        values = self.cleaned_data
        rows = [row for row in range(1, self.rows + 1) if values.get(f"title_{row}")]
        return {
            **{name: values[name] for name in ("title", "text", "valid_months", "closes_at")},
            "requirements": [
                {"title": values[f"title_{row}"], "hint": values[f"hint_{row}"], "needs_file": values[f"file_{row}"]}
                for row in rows
            ],
        }

    @property
    def requirement_rows(self) -> list[dict[str, Any]]:
        return [
            {"n": row, "fields": [self[f"{part}_{row}"] for part in ("title", "hint", "file")]}
            for row in range(1, self.rows + 1)
        ]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in ("title", "text", "valid_months", "closes_day", "closes_time")]


def _written(notice: AccreditationNotice) -> dict[str, Any]:
    closes = notice.closes_at.astimezone(ROME) if notice.closes_at else None
    return {
        "title": notice.title,
        "text": notice.text,
        "valid_months": notice.valid_months,
        "closes_day": closes and closes.date(),
        "closes_time": closes and closes.time(),
    }


def _parts(requirement: Mapping[str, Any], *parts: str) -> list[str]:
    return [f"{part}_{requirement['code']}" for part in parts]


def _title_of(accreditation: Accreditation, code: str) -> str:
    return next(one["title"] for one in accreditation.notice.requirements if one["code"] == code)


class DeclarationForm(CarriesBases, forms.Form):
    """What a body declares, requirement by requirement, with a file where it chooses one. Nothing is required: it is saved at
    any moment, and what is missing is told before it is sent."""

    use_required_attribute = False

    def __init__(self, data: Any = None, files: Any = None, *, accreditation: Accreditation) -> None:
        super().__init__(data, files)
        self.accreditation = accreditation
        for one in accreditation.notice.requirements:
            answer = accreditation.answers.get(one["code"], {})
            self.fields[f"declared_{one['code']}"] = forms.BooleanField(
                label=_("Dichiaro che l'ente ha questo requisito"), required=False, initial=answer.get("declared", False)
            )
            self.fields[f"text_{one['code']}"] = LongText(
                label=_("Che cosa vuoi aggiungere"),
                help_text=one["hint"],
                limit=2000,
                widget=forms.Textarea(attrs={"rows": 3, "data-limit": 2000}),
                required=False,
                initial=answer.get("text", ""),
            )
            self.fields[f"file_{one['code']}"] = forms.FileField(
                label=_("Aggiungi un file"),
                help_text=_("PDF, P7M, JPG o PNG, fino a 10 MB."),
                widget=forms.FileInput(),
                required=False,
                allow_empty_file=True,  # an empty one is refused in our own words
            )
        self.fields_of = {one["code"]: _parts(one, "declared", "text") for one in accreditation.notice.requirements}
        self.carry(declared_units(accreditation, accreditation.answers))

    def name_of(self, unit: str) -> Any:
        return _title_of(self.accreditation, unit)

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        values = self.cleaned_data
        return {
            one["code"]: {"declared": values[f"declared_{one['code']}"], "text": values[f"text_{one['code']}"]}
            for one in self.accreditation.notice.requirements
        }

    @property
    def uploads(self) -> dict[str, Any]:
        """The files that were chosen, by the code of their requirement."""
        chosen = {one["code"]: self.cleaned_data[f"file_{one['code']}"] for one in self.accreditation.notice.requirements}
        return {code: upload for code, upload in chosen.items() if upload is not None}

    def of(self, code: str) -> dict[str, Any]:
        return {part: self[f"{part}_{code}"] for part in ("declared", "text", "file")}


class CheckForm(CarriesBases, forms.Form):
    """What the office finds, requirement by requirement; it may stop half-way."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, accreditation: Accreditation) -> None:
        super().__init__(data)
        self.accreditation = accreditation
        for one in accreditation.notice.requirements:
            found = accreditation.checks.get(one["code"])
            self.fields[f"met_{one['code']}"] = forms.ChoiceField(
                label=_("Esito"),
                choices=[(MET, _("Rispettato")), (UNMET, _("Non rispettato"))],
                widget=forms.RadioSelect,
                required=False,
                initial="" if found is None else MET if found["met"] else UNMET,
            )
            self.fields[f"met_{one['code']}"].blank_is_an_answer = True
            self.fields[f"note_{one['code']}"] = LongText(
                label=_("Nota"),
                limit=2000,
                widget=forms.Textarea(attrs={"rows": 2, "data-limit": 2000}),
                required=False,
                initial=(found or {}).get("note", ""),
            )
        self.fields_of = {one["code"]: _parts(one, "met", "note") for one in accreditation.notice.requirements}
        self.carry(checked_units(accreditation, accreditation.checks))

    def name_of(self, unit: str) -> Any:
        return _title_of(self.accreditation, unit)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for one in self.accreditation.notice.requirements:
            met, note = values.get(f"met_{one['code']}"), values.get(f"note_{one['code']}")
            if met == UNMET and not note:
                self.add_error(f"note_{one['code']}", _("Scrivi che cosa manca: l'ente lo legge."))
            if note and not met and f"met_{one['code']}" not in self.errors:
                self.add_error(f"met_{one['code']}", _("Scegli l'esito: senza, la nota non si salva."))
        return values

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        values = self.cleaned_data
        return {
            one["code"]: {"met": met == MET, "note": values[f"note_{one['code']}"]}
            for one in self.accreditation.notice.requirements
            if (met := values[f"met_{one['code']}"])
        }

    def of(self, code: str) -> dict[str, Any]:
        return {part: self[f"{part}_{code}"] for part in ("met", "note")}
