"""One Django form class for each section of the call document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.sections import group, tables
from applications.sections.base import SectionForm
from applications.sections.budget import BudgetForm, budget_fields
from applications.sections.conditions import chosen
from applications.sections.fields import (
    DayField,
    MoneyField,
    NumberField,
    PickField,
    PickSomeField,
    PostalCodeField,
    TextField,
    blank,
    one_line_ending,
)
from applications.sections.tables import Table, TableField
from bando.notice.document import (
    NO,
    YES,
    Area,
    Column,
    ColumnType,
    Notice,
    Question,
    QuestionType,
    Section,
    SectionKind,
    When,
)
from bando.notice.grid import Criterion
from bando.notice.visible import asked_among, holds
from bando.templatetags.bando_ui import first_control_id, in_italian, in_italian_lazy

ALL = forms.forms.NON_FIELD_ERRORS
FEW_COLUMNS = 3
"""A table with more takes the whole width of the page."""
ADDRESS_PARTS = ("street", "postal_code", "city")


@dataclass(frozen=True, slots=True)
class Condition:
    """On an answer of the same page: in words, for who has no JavaScript, and the ``name`` of the input with the ``values``
    that show the question, for who has it."""

    words: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What a page draws for one question: its fields (three for an address, none for a file), the criterion that it serves,
    its table or what is to be said of its file with the ``errors`` of that, its condition if the page can change it, and what
    the profile of the body knows of it (``applications.copying.Offer``)."""

    question: Question
    fields: list[BoundField]
    criterion: Criterion | None
    table: Table | None = None
    file: Mapping[str, Any] | None = None
    errors: tuple[str, ...] = ()
    condition: Condition | None = None
    profile: Any = None


@dataclass(frozen=True, slots=True)
class Block:
    """Questions in a row that serve the same criterion, or none."""

    criterion: Criterion | None
    groups: list[Group]


class QuestionsForm(SectionForm):
    criteria: Mapping[str, Criterion]
    conditional: bool

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.offers: Mapping[str, Mapping[str, Any]] = {}
        """What the page says of the files, by code of the question; files are not of the form, and come from the view."""
        self.profile: Mapping[str, Any] = {}
        """What the profile of the body can answer, by code of the question; it comes from the view too."""
        own = {question.code for question in self.section.questions}
        # What this page itself decides leaves no trace here: it was typed, and may have changed since.
        self.known = {code: value for code, value in self.known.items() if code not in own}
        self.here = self._may_be_asked(own) if self.conditional else own
        self.aside = [name for q in self.section.questions if q.code not in self.here for name in names_of(q)]
        for name in self.aside:
            self.fields.pop(name, None)

    @property
    def asked(self) -> frozenset[str]:
        """The codes of the questions that are asked, as the answers stand on the page."""
        if not self.conditional:
            return frozenset(self.here)
        own = {question.code: chosen(question, self.data) for question in self.section.questions}
        return asked_among(self.section.questions, self.known | own, self.known)

    def full_clean(self) -> None:
        super().full_clean()
        if not (self.conditional and self.is_bound):
            return
        asked = self.asked
        for question in self.section.questions:
            if question.code not in asked:
                for name in names_of(question):
                    self._errors.pop(name, None)
                    self.cleaned_data.pop(name, None)

    def groups(self) -> list[Group]:
        return [self._group(question) for question in self._questions()]

    def blocks(self) -> list[Block]:
        """The questions in order, those beside each other that serve one criterion together."""
        runs = groupby(self.groups(), key=lambda group: group.criterion)
        return [Block(criterion, list(groups)) for criterion, groups in runs]

    def put_aside(self) -> list[tuple[str, str]]:
        """What was typed in questions that another section's answers hide, by name of the input: the page carries it along
        unseen, because the questions may come back."""
        typed = self._typed_aside() if self.aside else {}
        return [(name, text) for name, found in typed.items() for text in (found if isinstance(found, list) else [found])]

    def faults(self) -> list[dict[str, str]]:
        return [fault for question in self._questions() for fault in self._faults(question)]

    def miss_files(self, held: Collection[str]) -> None:
        """Say which files are still to be uploaded: ``held`` are the codes of the questions that have one. They are no
        problem of what was typed, so they are not stored with it (``applications.progress`` looks at the files)."""
        if not self.is_bound:
            return
        for question in files_missing(self.section, self.asked, held):
            params = {"code": question.code, "title": question.label}
            self.add_error(None, forms.ValidationError(_("Carica: %(title)s."), code="required", params=params))

    def values(self) -> dict[str, Any]:
        asked = self.asked
        return {
            question.code: self._value(question)
            for question in self._questions()
            if question.code in asked and question.type is not QuestionType.FILE
            if all(name in self.cleaned_data for name in names_of(question))
        }

    def _questions(self) -> list[Question]:
        """Those that the page shows: asked already, or as soon as an answer of the same page changes."""
        return [q for q in self.section.questions if q.code in self.here and all(name in self.fields for name in names_of(q))]

    def _may_be_asked(self, own: Collection[str]) -> set[str]:
        """The codes that the answers of other sections leave to this page."""
        here: set[str] = set()
        for question in self.section.questions:
            on_this_page = question.when is not None and question.when.question in own
            if question.when.question in here if on_this_page else holds(question.when, self.known, self.known):
                here.add(question.code)
        return here

    def _group(self, question: Question) -> Group:
        fields = [self[name] for name in names_of(question)]
        table = tables.drawn(fields[0], question.columns) if question.type is QuestionType.TABLE else None
        earlier = next((q for q in self.section.questions if question.when and q.code == question.when.question), None)
        condition = _condition(earlier, question.when) if earlier and question.when else None
        file, told = self.offers.get(question.code), self._told_of_file(question) if not fields else ()
        offer = self.profile.get(question.code)
        return Group(question, fields, self.criteria.get(question.criterion), table, file, told, condition, offer)

    def _faults(self, question: Question) -> list[dict[str, str]]:
        if question.type is QuestionType.FILE:
            return [{"target": upload_id(question.code), "message": said} for said in self._told_of_file(question)]
        if question.type is QuestionType.TABLE:
            return tables.faults(self[question.code])
        bounds = (self[name] for name in names_of(question))
        return [{"target": first_control_id(bound), "message": said} for bound in bounds for said in bound.errors]

    def _told_of_file(self, question: Question) -> tuple[str, ...]:
        errors = self.errors.get(ALL, self.error_class()).as_data()
        return tuple(s for error in errors if error.params and error.params["code"] == question.code for s in error)

    def _typed_aside(self) -> dict[str, Any]:
        """No blank inputs: they would be carried for nothing."""
        typed = {}
        for name in self.aside:
            field = self.base_fields.get(name)
            if isinstance(field, TableField):
                typed |= field.typed(self.data, name)
            elif field is not None and self.data.get(name):
                typed[name] = self.data[name]
        return typed

    def _value(self, question: Question) -> Any:
        if question.type is QuestionType.ADDRESS:
            parts = {part: self.cleaned_data[f"{question.code}__{part}"] for part in ADDRESS_PARTS}
            return parts if any(parts.values()) else None
        return self.cleaned_data[question.code]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in self.section.questions:
            if question.type is QuestionType.ADDRESS and not question.required:
                self._address_is_whole(question)
        return cleaned

    def _address_is_whole(self, question: Question) -> None:
        """An optional address is either absent or complete."""
        names = names_of(question)
        if any(self.cleaned_data.get(name) for name in names):
            for name in names:
                if name in self.cleaned_data and not self.cleaned_data[name]:
                    self.add_error(name, forms.ValidationError(self.fields[name].error_messages["required"], code="required"))


class DeclarationsForm(SectionForm):
    def declarations(self) -> list[BoundField]:
        return list(self)

    def values(self) -> dict[str, Any]:
        return {name: True for name in self.fields if self.cleaned_data.get(name)}


def files_missing(section: Section, asked: Collection[str], held: Collection[str]) -> list[Question]:
    """The questions of a section that still want a file; ``asked`` and ``held`` are codes."""
    return [
        question
        for question in section.questions
        if question.type is QuestionType.FILE and question.required and question.code in asked and question.code not in held
    ]


def upload_id(code: str) -> str:
    """The id of the button that leads to where the file of a question is uploaded."""
    return f"{code}-upload"


def names_of(question: Question) -> list[str]:
    """The names of the fields of a question; a file has none, it comes by a request of its own."""
    if question.type is QuestionType.FILE:
        return []
    if question.type is QuestionType.ADDRESS:
        return [f"{question.code}__{part}" for part in ADDRESS_PARTS]
    return [question.code]


@lru_cache(maxsize=512)
def build_form(section: Section, notice: Notice, area: Area) -> type[SectionForm]:
    """The form class of one section for one area. Equal documents share their classes, so a page builds none."""
    attributes: dict[str, Any] = {"section": section}
    match section.kind:
        case SectionKind.DECLARATIONS:
            base: type[SectionForm] = DeclarationsForm
            attributes |= _declarations(notice, area)
        case SectionKind.BUDGET:
            base = BudgetForm
            budget = notice.budget_for(area.code)
            if budget is None:
                raise ValueError(f"{section.code}: the area {area.code} has no budget")
            criterion = _criteria(notice, area).get(section.criterion)
            attributes |= {"budget": budget, "criterion": criterion, **budget_fields(budget)}
        case SectionKind.GROUP:
            base = group.GroupSectionForm
            attributes |= group.fields(notice)
        case SectionKind.QUESTIONS:
            base = QuestionsForm
            attributes["criteria"] = _criteria(notice, area)
            attributes["is_wide"] = any(len(question.columns) > FEW_COLUMNS for question in section.questions)
            attributes["conditional"] = any(question.when for question in section.questions)
            for question in section.questions:
                attributes |= _fields(question, area)
    return type(base)("SectionForm", (base,), attributes)


def typed_answers(form_class: type[SectionForm], data: QueryDict) -> dict[str, Any]:
    """What was typed for the section's own fields and nothing else (no token, no buttons), ready to be stored.

    A text per field, a list of texts for several choices, a text per cell of the rows of a table that have some; line
    breaks as one character, and without the NUL that PostgreSQL cannot keep.
    """
    typed: dict[str, Any] = {}
    for name, field in form_class.base_fields.items():
        if isinstance(field, TableField):
            typed |= {cell: _storable(text) for cell, text in field.typed(data, name).items()}
        elif isinstance(field, forms.MultipleChoiceField):
            typed[name] = [_storable(text) for text in data.getlist(name)]
        else:
            typed[name] = _storable(data.get(name, ""))
    return typed


def read_values(
    section: Section, notice: Notice, area: Area, answers: Mapping[str, Any], known: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], SectionForm]:
    """The values of stored answers and the form that read them; validates once. ``known`` as in :class:`SectionForm`."""
    form = build_form(section, notice, area)(data=dict(answers), known=known)
    form.is_valid()
    return form.values(), form


def _storable(text: str) -> str:
    return one_line_ending(text).replace("\x00", "")


def _criteria(notice: Notice, area: Area) -> dict[str, Criterion]:
    return {criterion.code: criterion for criterion in notice.grid_for(area.code).criteria}


def _declarations(notice: Notice, area: Area) -> dict[str, forms.Field]:
    return {
        requirement.code: _from_call(
            forms.BooleanField(
                label=requirement.text,
                help_text=requirement.source,
                error_messages={
                    "required": format_lazy(gettext_lazy("Manca la dichiarazione «{title}»."), title=requirement.title)
                },
            )
        )
        for requirement in notice.requirements_for(area.code)
        if requirement.kind == "declaration"
    }


def _from_call(field: forms.Field) -> forms.Field:
    """Its label and its hint are in Italian on a page in any language."""
    field.from_call = True
    return field


def _fields(question: Question, area: Area) -> dict[str, forms.Field]:
    if question.type is QuestionType.ADDRESS:
        return _address(question)
    if question.type is QuestionType.FILE or (question.type is QuestionType.MUNICIPIO and not area.municipi):
        return {}
    common = {"label": question.label, "help_text": question.hint, "required": question.required}
    return {question.code: _from_call(_MAKERS[question.type](question, area, common))}


def _address(question: Question) -> dict[str, forms.Field]:
    street, postal_code, city = names_of(question)
    required = question.required
    whole = {"max_length": 300, "required": required}
    return {
        street: forms.CharField(
            label=gettext_lazy("Via e numero civico"),
            error_messages=blank(gettext_lazy("Scrivi via e numero civico di «{label}»."), question.label),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            **whole,
        ),
        postal_code: PostalCodeField(
            label=gettext_lazy("CAP"),
            error_messages=blank(gettext_lazy("Scrivi il CAP di «{label}»."), question.label),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            required=required,
        ),
        city: forms.CharField(
            label=gettext_lazy("Comune"),
            error_messages=blank(gettext_lazy("Scrivi il Comune di «{label}»."), question.label),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            **whole,
        ),
    }


def _text(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    long = question.type is QuestionType.LONG_TEXT
    counted = {"data-limit": question.limit}
    widget = forms.Textarea(attrs={"rows": 8, **counted}) if long else forms.TextInput(attrs=counted)
    return TextField(limit=question.limit, widget=widget, **common)


def _number(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    hint = " ".join(filter(None, (question.hint, f"({question.unit})" if question.unit else "")))
    return NumberField(
        decimals=question.decimals, least=question.min, most=question.max, unit=question.unit, **common | {"help_text": hint}
    )


def _money(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    bounds = [None if bound is None else int(bound * 100) for bound in (question.min, question.max)]
    return MoneyField(least=bounds[0], most=bounds[1], **common)


def _day(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    hint = question.hint or gettext_lazy("Per esempio 18/10/2021.")
    return DayField(least=question.min, most=question.max, **common | {"help_text": hint})


def _choice(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    return PickField(choices=_pairs(question), widget=forms.RadioSelect, **common)


def _choices(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    bounds = [None if bound is None else int(bound) for bound in (question.min, question.max)]
    return PickSomeField(choices=_pairs(question), least=bounds[0] or 0, most=bounds[1], **common)


def _yes_no(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    pairs = [("yes", gettext_lazy("Sì")), ("no", gettext_lazy("No"))]
    return PickField(choices=pairs, coerce=lambda text: text == "yes", widget=forms.RadioSelect, **common)


def _municipio(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    pairs: list[tuple[Any, Any]] = [("", gettext_lazy("Scegli"))]
    pairs += [(number, format_lazy(gettext_lazy("Municipio {number}"), number=number)) for number in area.municipi]
    return PickField(choices=pairs, coerce=int, **common)


def _declaration(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(error_messages=blank(gettext_lazy("Manca la dichiarazione «{label}»."), question.label), **common)


def _table(question: Question, area: Area, common: dict[str, Any]) -> forms.Field:
    least, most = int(question.min or 0), int(question.max)
    return TableField(cells={column.code: _cell(column, area) for column in question.columns}, least=least, most=most, **common)


def _cell(column: Column, area: Area) -> forms.Field:
    """The field of the question of the same type; a choice is a list that opens, because radio buttons do not fit a cell."""
    if column.type in _PICKED:
        pairs = [(YES, gettext_lazy("Sì")), (NO, gettext_lazy("No"))] if column.type is ColumnType.YES_NO else _pairs(column)
        coerce = (lambda text: text == YES) if column.type is ColumnType.YES_NO else str
        choices = [("", gettext_lazy("Scegli")), *pairs]
        field: forms.Field = PickField(label=column.label, required=column.required, choices=choices, coerce=coerce)
    else:
        alike = Question(
            column.code,
            column.label,
            QuestionType(column.type),
            required=column.required,
            limit=column.limit,
            decimals=column.decimals,
            unit=column.unit,
        )
        field = next(iter(_fields(alike, area).values()))
        field.widget.attrs.pop("data-limit", None)
    field.error_messages["required"] = gettext_lazy("Scrivi questo dato, o svuota la riga.")
    return field


_PICKED = {ColumnType.CHOICE, ColumnType.YES_NO}


def _condition(earlier: Question, when: When) -> Condition:
    """For the page that has both questions."""
    label = in_italian(earlier.label)
    if earlier.type is QuestionType.DECLARATION:
        return Condition(format_html(_("Rispondi solo se hai spuntato «{label}»."), label=label), earlier.code, ("on",))
    labels = {YES: _("Sì"), NO: _("No")} | {choice.code: in_italian(choice.label) for choice in earlier.choices}
    answers = format_html_join(_(" o "), "«{}»", ((labels[code],) for code in when.answers))
    words = format_html(_("Rispondi solo se a «{label}» hai scelto {answers}."), label=label, answers=answers)
    return Condition(words, earlier.code, when.answers)


def _pairs(asked: Question | Column) -> list[tuple[str, str]]:
    return [(choice.code, in_italian_lazy(choice.label)) for choice in asked.choices]


_MAKERS: dict[QuestionType, Callable[[Question, Area, dict[str, Any]], forms.Field]] = {
    QuestionType.SHORT_TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _money,
    QuestionType.DATE: _day,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.YES_NO: _yes_no,
    QuestionType.MUNICIPIO: _municipio,
    QuestionType.DECLARATION: _declaration,
    QuestionType.TABLE: _table,
}
