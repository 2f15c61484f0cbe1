"""What a Spazio types about its term, as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections.fields import MoneyField
from network.models import Remark, Report
from network.reporting import Line

ROWS = 4
"""Empty rows for hours; saving brings as many again."""
_CLOCK = re.compile(r"^(\d{1,6})(?:[:.,](\d{1,2}))?$")
MOST = 100_000 * 60


class HoursField(forms.CharField):
    """Hours of work as whole minutes: ``120``, ``12:30``, ``12,5``."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace(" ", "")
        if not text:
            return None
        found = _CLOCK.match(text)
        if not found:
            raise ValidationError(_("Scrivi le ore così: 120, oppure 12:30."), code="unreadable")
        hours, rest = int(found[1]), found[2] or ""
        if ":" in text:
            minutes = int(rest)
            if len(rest) != 2 or minutes > 59:
                raise ValidationError(_("I minuti vanno da 00 a 59: scrivi per esempio 12:30."), code="minutes")
        else:
            minutes = int(rest.ljust(2, "0")) * 60
            if minutes % 100:
                raise ValidationError(_("Scrivi le ore e i minuti, per esempio 12:20."), code="fraction")
            minutes //= 100
        if hours * 60 + minutes > MOST:
            raise ValidationError(_("Sono più di 100.000 ore: controlla il numero."), code="too_many")
        return hours * 60 + minutes


def written(minutes: int | None) -> str:
    """Minutes as :class:`HoursField` reads them."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}" if minutes % 60 else str(minutes // 60)


class ReportForm(forms.Form):
    """The figures of a report. ``seen`` is the version that the page showed; work is ``role-N``, ``hours-N``, ``volunteer-N``;
    each item of the budget has ``spent-<code>``, ``own-<code>``, ``note-<code>``."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    visits = forms.IntegerField(
        label=gettext_lazy("Persone passate nello Spazio"),
        help_text=gettext_lazy("Conta ogni visita. Se non è passato nessuno scrivi 0."),
        min_value=0,
        max_value=10_000_000,
        required=False,
        error_messages={
            code: gettext_lazy("Scrivi un numero intero, per esempio 350.") for code in ("invalid", "min_value", "max_value")
        },
    )
    activities = forms.CharField(
        label=gettext_lazy("Che cosa è stato fatto"),
        help_text=gettext_lazy("In breve: iniziative, collaborazioni, difficoltà. Senza nomi di persone seguite."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, report: Report, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report, self.lines = report, lines
        for name in ("visits", "activities"):  # may be saved half written; to be sent they are asked for
            self.fields[name].blank_is_an_answer = True
        self.initial = {"seen": report.version, "visits": report.visits, "activities": report.activities} | self.initial
        self.size = len(report.hours) + ROWS
        if self.is_bound:
            self.size = max(self.size, sum(key.startswith("role-") for key in self.data))
        for n in range(self.size):
            self._add_work(n, report.hours[n] if n < len(report.hours) else {})
        told = {row["item"]: row for row in report.expenses}
        for line in lines:
            self._add_item(line, told.get(line.code, {}))

    def _add_work(self, n: int, row: Mapping[str, Any]) -> None:
        """The row is named by the ``fieldset`` around it, as the item of an expense is."""
        role = row.get("role", "")
        self.fields[f"role-{n}"] = forms.CharField(label=_("Ruolo"), max_length=100, required=False, initial=role)
        self.fields[f"hours-{n}"] = HoursField(label=_("Ore"), required=False, initial=written(row.get("minutes")))
        self.fields[f"volunteer-{n}"] = forms.BooleanField(
            label=_("Volontari"), required=False, initial=row.get("volunteer", False)
        )
        for part in ("role", "hours"):
            self.fields[f"{part}-{n}"].blank_is_an_answer = True

    def _add_item(self, line: Line, row: Mapping[str, Any]) -> None:
        cents = {"spent": row.get("spent_cents"), "own": row.get("own_cents")}
        labels = {"spent": _("Speso in euro"), "own": _("Di cui dell'ente")}
        for part, label in labels.items():
            initial = None if cents[part] is None else f"{cents[part] // 100},{cents[part] % 100:02d}"
            self.fields[f"{part}-{line.code}"] = MoneyField(label=label, least=0, required=False, initial=initial)
        note = row.get("note", "")
        self.fields[f"note-{line.code}"] = forms.CharField(label=_("Nota"), max_length=500, required=False, initial=note)
        for part in ("spent", "own", "note"):
            self.fields[f"{part}-{line.code}"].blank_is_an_answer = True

    @property
    def work_rows(self) -> list[dict[str, Any]]:
        return [{part: self[f"{part}-{n}"] for part in ("role", "hours", "volunteer")} for n in range(self.size)]

    @property
    def expense_rows(self) -> list[dict[str, Any]]:
        return [
            {"line": line, **{part: self[f"{part}-{line.code}"] for part in ("spent", "own", "note")}} for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        hours = []
        for n in range(self.size):
            role, minutes = " ".join(typed.get(f"role-{n}", "").split()), typed.get(f"hours-{n}")
            if role and minutes is None and f"hours-{n}" not in self.errors:
                self.add_error(f"hours-{n}", _("Scrivi quante ore, o svuota la riga."))
            elif minutes is not None and not role:
                self.add_error(f"role-{n}", _("Scrivi il ruolo, per esempio: operatore di sportello."))
            elif role:
                hours.append({"role": role, "minutes": minutes, "volunteer": typed.get(f"volunteer-{n}", False)})
        typed["hours"] = hours
        typed["expenses"] = [
            {
                "item": line.code,
                "spent_cents": typed.get(f"spent-{line.code}") or 0,
                "own_cents": typed.get(f"own-{line.code}") or 0,
                "note": typed.get(f"note-{line.code}", "").strip(),
            }
            for line in self.lines
            if any(typed.get(f"{part}-{line.code}") for part in ("spent", "own", "note"))
        ]
        return typed

    @property
    def figures(self) -> dict[str, Any]:
        """What is kept (``network.actions.reports.FIGURES``)."""
        return {name: self.cleaned_data[name] for name in ("visits", "hours", "expenses", "activities")}


class FinalForm(forms.Form):
    """What a final report says of its own; the figures are those of the quarters. ``seen`` is the version that the page
    showed."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    activities = forms.CharField(
        label=gettext_lazy("Che cosa è stato fatto, dall'inizio alla fine"),
        help_text=gettext_lazy("Il racconto di tutta la convenzione. Senza nomi di persone seguite."),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
    )
    assets = forms.CharField(
        label=gettext_lazy("Beni comprati e dove restano"),
        help_text=gettext_lazy("Arredi, computer, insegne: a chi restano. Se niente, scrivi «niente»."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    evaluation = forms.CharField(
        label=gettext_lazy("Che cosa ha funzionato e che cosa no"),
        help_text=gettext_lazy("Anche quello che serve a chi verrà dopo."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {name: getattr(report, name) for name in ("activities", "assets", "evaluation")}
        for name in told:
            self.fields[name].blank_is_an_answer = True
        self.initial = {"seen": report.version, **told} | self.initial

    @property
    def figures(self) -> dict[str, Any]:
        """What is kept (``network.actions.reports.AT_THE_END``)."""
        return {name: self.cleaned_data[name].strip() for name in ("activities", "assets", "evaluation")}


class AnswersForm(forms.Form):
    """An answer for each remark of the office that waits for one: ``answer-<pk>``."""

    use_required_attribute = False

    def __init__(self, *args: Any, remarks: Sequence[Remark], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for remark in remarks:
            self.fields[f"answer-{remark.pk}"] = forms.CharField(
                label=_("La tua risposta"),
                help_text=remark.text,
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                initial=remark.answer,
            )

    @property
    def answers(self) -> dict[int, str]:
        return {int(name.removeprefix("answer-")): text for name, text in self.cleaned_data.items()}


class RemarkForm(forms.Form):
    """What the office asks about a report. ``seen`` is the version that the page showed."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Che cosa deve correggere o spiegare l'ente"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi che cosa chiedi all'ente.")},
    )
