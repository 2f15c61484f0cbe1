"""Two people at one form: neither loses what the other wrote.

A form shows *units*, each what one person writes at once (a price and its note), and carries the fingerprint of each as it was
shown (``applications.merging``). Where only one of the two changed a unit, that counts; where both did nothing is saved, and the
page comes back with both texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applications.merging import Typed, Verdict, fingerprint, judge
from workflow.transition import Refused

Units = Mapping[str, Typed]
"""What is written, by unit and name, in values of canonical JSON."""
BASE = "base-"


class BothWrote(Refused):
    """Two people changed one unit. ``verdicts`` say what would become of each."""

    def __init__(self, verdicts: Mapping[str, Verdict]):
        super().__init__([_("Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva.")])
        self.verdicts = verdicts


def bases_of(units: Units) -> dict[str, list[str]]:
    """What a page that shows ``units`` carries."""
    return {unit: [fingerprint(said)] for unit, said in units.items()}


def units_in(columns: Mapping[str, Any], names_of: Mapping[str, Sequence[str]]) -> Units:
    """The units of ``columns``, each with its names: rows as their keys, and lists without an order."""
    return {unit: {name: _plain(columns[name]) for name in names} for unit, names in names_of.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    return getattr(value, "pk", value)


def judged(stored: Units, mine: Units, bases: Mapping[str, Sequence[str]]) -> dict[str, Verdict]:
    """What becomes of each unit of ``mine``. Raises :class:`BothWrote`."""
    verdicts = {unit: judge(stored.get(unit, {}), typed, bases.get(unit, ())) for unit, typed in mine.items()}
    if Verdict.BOTH in verdicts.values():
        raise BothWrote(verdicts)
    return verdicts


class CarriesBases(forms.BaseForm):
    """A form that two may have open. It says in ``fields_of`` which fields each unit has."""

    fields_of: Mapping[str, Sequence[str]]

    def carry(self, units: Units) -> None:
        for unit, said in units.items():
            self.fields[f"{BASE}{unit}"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=fingerprint(said))

    @property
    def bases(self) -> dict[str, list[str]]:
        return {unit: [self.cleaned_data[f"{BASE}{unit}"]] for unit in self.fields_of}

    def offer(self, typed: forms.BaseForm, verdicts: Mapping[str, Verdict]) -> list[dict[str, Any]]:
        """Show what was typed in ``typed``, but where only the other person changed something. Answers what that person wrote
        where both did, as ``{"label", "lines"}``. The form is one of the row as it is stored now, and is not sent."""
        theirs = [
            {"label": self.name_of(unit), "lines": self.said_in(unit)}
            for unit in self.fields_of
            if verdicts.get(unit) is Verdict.BOTH
        ]
        for unit, names in self.fields_of.items():
            if verdicts.get(unit) is not Verdict.THEIRS:
                self.initial |= {name: typed.cleaned_data[name] for name in names if name in typed.cleaned_data}
        return theirs

    def unsaved(self, typed: forms.BaseForm) -> list[dict[str, Any]]:
        """What was typed in ``typed`` and isn't stored, as ``{"label", "lines"}``, for a page that has no fields any more. The form
        is one of the row as it is stored now, and is not sent; it shows what was typed afterwards."""
        stored = {unit: self.said_in(unit) for unit in self.fields_of}
        raw = {name: typed[name].data for name in typed.fields}  # maybe fewer rows than are stored
        names = [name for names in self.fields_of.values() for name in names]
        self.initial |= {name: typed.cleaned_data.get(name, raw.get(name)) for name in names}
        said = {unit: self.said_in(unit) for unit in self.fields_of}
        return [
            {"label": self.name_of(unit), "lines": said[unit]} for unit in said if said[unit] and said[unit] != stored[unit]
        ]

    def name_of(self, unit: str) -> Any:
        return self.fields[self.fields_of[unit][0]].label

    def said_in(self, unit: str) -> list[str]:
        """What the form shows in ``unit``, in words: a line for each field that isn't blank."""
        names = self.fields_of[unit]
        said = [(self.fields[name].label, words) for name in names if (words := self._words_of(name))]
        return [words if len(names) == 1 else f"{label}: {words}" for label, words in said]

    def stored(self, name: str) -> Any:
        # Not through the bound field, which remembers what it once answered.
        return self.get_initial_for_field(self.fields[name], name)

    def _words_of(self, name: str) -> str:
        field, value = self.fields[name], self.stored(name)
        if isinstance(field, forms.BooleanField):
            return _("Sì") if value else _("No")
        if (choices := getattr(field, "choices", None)) is None:
            return "" if value is None else str(value)
        chosen = field.prepare_value(value)
        keys = {str(one) for one in (chosen if isinstance(chosen, list | tuple) else [chosen])}
        return ", ".join(str(label) for key, label in choices if str(key) in keys and str(key))
