"""The units of a section: what one person writes at once, and what two people may not write over each other.

A unit is a question with all of its inputs (one, the three of an address, every cell of a table), a line of the budget or a
declaration. Its code is that of the question, of the line, of the declaration; the names of its inputs are the code, or the code
and two underscores before the rest. The form classes say nothing about it: whatever they ask falls into units by these names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.merging import Typed, fingerprint
from applications.sections.base import SectionForm
from applications.sections.build import names_of, typed_answers
from applications.sections.tables import TableField, is_blank, typed_rows

APART = "__"


@lru_cache(maxsize=512)
def units_of(form_class: type[SectionForm]) -> dict[str, tuple[str, ...]]:
    """The names of the fields of each unit, by code, in the order of the page."""
    questions = {name: question.code for question in form_class.section.questions for name in names_of(question)}
    found: dict[str, tuple[str, ...]] = {}
    for name in form_class.base_fields:
        unit = questions.get(name) or name.split(APART, 1)[0]
        found[unit] = (*found.get(unit, ()), name)
    return found


def unit_of(units: Collection[str], name: str) -> str:
    """The unit of an input; one that the form no longer asks for is a unit of its own."""
    if name in units:
        return name
    return max((unit for unit in units if name.startswith(f"{unit}{APART}")), key=len, default=name.split(APART, 1)[0])


def by_unit(form_class: type[SectionForm], typed: Typed) -> dict[str, dict[str, Any]]:
    """What is typed in a section, unit by unit."""
    units = units_of(form_class)
    return grouped(units, typed)


def grouped(units: Collection[str], typed: Typed) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, text in typed.items():
        found.setdefault(unit_of(units, name), {})[name] = text
    return found


def bases(form_class: type[SectionForm], typed: Typed) -> dict[str, str]:
    """The fingerprint of every unit of the form, as it stands in ``typed``: what a page carries along."""
    parts = by_unit(form_class, typed)
    return {unit: fingerprint(parts.get(unit, {})) for unit in units_of(form_class)}


def storable(form_class: type[SectionForm], sent: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a page sent of some units, as it is stored. ``sent`` is by unit, then by name of the input a text or a list of
    texts; a unit that the form does not have is left out. Raises ``TypeError`` for anything but texts."""
    units = units_of(form_class)
    data = QueryDict(mutable=True)
    for unit in sent:
        for name, text in sent[unit].items():
            texts = text if isinstance(text, list) else [text]
            if not all(isinstance(one, str) for one in texts):
                raise TypeError(f"{name} is no text")
            data.setlist(name, texts)
    parts = by_unit(form_class, typed_answers(form_class, data))
    return {unit: parts.get(unit, {}) for unit in units if unit in sent}


def label_of(form_class: type[SectionForm], unit: str) -> str:
    """How the page calls a unit."""
    for question in form_class.section.questions:
        if question.code == unit:
            return question.label
    items = getattr(getattr(form_class, "budget", None), "items", ())
    titles = {item.code: item.title for item in items}
    return titles.get(unit) or str(form_class.base_fields[units_of(form_class)[unit][0]].label)


def shown(form_class: type[SectionForm], unit: str, typed: Typed) -> str:
    """What is typed in a unit, to be read: the words of a choice instead of its code, a line for each input and row."""
    fields = [(name, form_class.base_fields[name]) for name in units_of(form_class)[unit]]
    texts = [(field, _shown(field, _typed(field, typed, name))) for name, field in fields]
    if len(texts) == 1:
        return texts[0][1]
    return "\n".join(f"{field.label}: {text}" for field, text in texts if text)


def _typed(field: forms.Field, source: Typed, name: str) -> Any:
    if isinstance(field, TableField):
        return [row for row in typed_rows(source, name, tuple(field.cells), field.most) if not is_blank(row)]
    return source.get(name)


def _shown(field: forms.Field, typed: Any) -> str:
    if isinstance(field, TableField):
        return "\n".join(_row(field, row) for row in typed)
    if isinstance(field, forms.BooleanField):
        return _("Sì") if typed else _("No")
    if isinstance(field, forms.ChoiceField):
        labels = {str(code): str(label) for code, label in field.choices}
        chosen = typed if isinstance(typed, list) else [typed] if typed else []
        return "; ".join(labels.get(code, code) for code in chosen)
    return typed or ""


def _row(field: TableField, row: Mapping[str, str]) -> str:
    return "; ".join(_shown(field.cells[code], text) for code, text in row.items() if text)


def long_texts(form_class: type[SectionForm]) -> Iterable[str]:
    """The names of the inputs that hold a long text."""
    return [name for name, field in form_class.base_fields.items() if isinstance(field.widget, forms.Textarea)]
