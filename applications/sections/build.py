"""One Django form class for each section of the call document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.budget import Outcome, judge
from applications.sections.budget_words import told
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
from bando.notice.document import Area, Budget, Notice, Question, QuestionType, Section, SectionKind
from bando.notice.grid import Criterion
from bando.templatetags.bando_ui import euro, in_italian_lazy

ADDRESS_PARTS = ("street", "postal_code", "city")


@dataclass(frozen=True, slots=True)
class Group:
    """What a page draws for one question: its fields (three for an address), and the criterion that it serves."""

    question: Question
    fields: list[BoundField]
    criterion: Criterion | None


@dataclass(frozen=True, slots=True)
class Block:
    """Questions in a row that serve the same criterion, or none."""

    criterion: Criterion | None
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the budget table: ``grant`` is in cents, ``None`` while the line can't be computed."""

    title: str
    hint: str
    total: BoundField
    own: BoundField
    grant: int | None


class SectionForm(forms.Form):
    """Base of every section. ``section`` is the page; what was typed is right or wrong, and is kept either way."""

    use_required_attribute = False
    section: Section

    def problems(self) -> dict[str, list[dict[str, str]]]:
        """What is wrong, by field: ``{"titolo": [{"code": "required", "sentence": "Scrivi …"}]}``; empty when all is right.

        ``__all__`` holds what concerns the section as a whole.
        """
        return {
            name: [{"code": error.code or "", "sentence": str(sentence)} for error in errors.as_data() for sentence in error]
            for name, errors in self.errors.items()
        }

    def forgive_blanks(self) -> None:
        """Leave out the problems that are only answers not given yet: whoever comes back to a half-written page is not
        told that it is half-written."""
        for name in list(self.errors):
            kept = [error for error in self.errors[name].as_data() if error.code != "required"]
            if kept:
                self._errors[name] = self.error_class(kept, renderer=self.renderer)
            else:
                del self._errors[name]

    def silence(self) -> None:
        """Leave out every problem: first the person chooses which text to keep."""
        self.errors.clear()

    def values(self) -> dict[str, Any]:
        """The answers by question code, in types of canonical JSON. What could not be read is left out."""
        raise NotImplementedError


class QuestionsForm(SectionForm):
    criteria: Mapping[str, Criterion]

    def groups(self) -> list[Group]:
        return [
            Group(question, [self[name] for name in names_of(question)], self.criteria.get(question.criterion))
            for question in self.section.questions
            if names_of(question)[0] in self.fields
        ]

    def blocks(self) -> list[Block]:
        """The questions in order, those beside each other that serve one criterion together."""
        runs = groupby(self.groups(), key=lambda group: group.criterion)
        return [Block(criterion, list(groups)) for criterion, groups in runs]

    def values(self) -> dict[str, Any]:
        return {
            group.question.code: self._value(group.question)
            for group in self.groups()
            if all(field.name in self.cleaned_data for field in group.fields)
        }

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


class BudgetForm(SectionForm):
    budget: Budget
    criterion: Criterion | None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for item in self.budget.items:
            total, own = (cleaned.get(name) for name in amounts_of(item.code))
            if own and own > (total or 0) and not self.errors.get(f"{item.code}__total"):
                sentence = _(
                    "%(item)s: a carico dell'ente hai scritto %(own)s, più del costo della voce, che è %(total)s. "
                    "Correggi uno dei due importi."
                ) % {"item": item.title, "own": euro(own), "total": euro(total or 0)}
                self.add_error(f"{item.code}__own", forms.ValidationError(sentence, code="own_over_total"))
        if not self.errors:
            for check in self._judged(cleaned).checks:
                if not check.passed:
                    code = "required" if check.rule == "some_cost" else str(check.rule)
                    self.add_error(None, forms.ValidationError(told(check), code=code))
        return cleaned

    @property
    def outcome(self) -> Outcome:
        """The budget as far as it can be read: lines that are wrong count as zero until they are mended."""
        return self._judged(self.cleaned_data if self.is_bound and self.errors is not None else {})

    def checks(self) -> list[dict[str, Any]]:
        """The rules of the call, respected or not, in words; nothing until some cost is written."""
        outcome = self.outcome
        if not outcome.total:
            return []
        return [{"passed": check.passed, "words": told(check)} for check in outcome.checks if check.rule != "some_cost"]

    def rows(self) -> list[Row]:
        lines = {line.item.code: line for line in self.outcome.lines}
        return [
            Row(
                item.title,
                item.hint,
                *(self[name] for name in amounts_of(item.code)),
                None if any(self.errors.get(name) for name in amounts_of(item.code)) else lines[item.code].grant,
            )
            for item in self.budget.items
        ]

    def values(self) -> dict[str, Any]:
        outcome = self.outcome
        return {
            "items": {line.item.code: {"total": line.total, "own": line.own, "grant": line.grant} for line in outcome.lines},
            "total": outcome.total,
            "own": outcome.own,
            "grant": outcome.grant,
        }

    def _judged(self, cleaned: Mapping[str, Any]) -> Outcome:
        amounts = {}
        for item in self.budget.items:
            total, own = (cleaned.get(name) or 0 for name in amounts_of(item.code))
            amounts[item.code] = (total, own) if own <= total else (0, 0)
        return judge(self.budget, amounts)


def names_of(question: Question) -> list[str]:
    """The names of the inputs of a question."""
    if question.type is QuestionType.ADDRESS:
        return [f"{question.code}__{part}" for part in ADDRESS_PARTS]
    return [question.code]


def amounts_of(item_code: str) -> tuple[str, str]:
    """The names of the two inputs of a budget item."""
    return f"{item_code}__total", f"{item_code}__own"


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
            attributes |= {"budget": budget, "criterion": criterion, **_amounts(budget)}
        case SectionKind.QUESTIONS:
            base = QuestionsForm
            attributes["criteria"] = _criteria(notice, area)
            for question in section.questions:
                attributes |= _fields(question, area)
    return type(base)("SectionForm", (base,), attributes)


def typed_answers(form_class: type[SectionForm], data: QueryDict) -> dict[str, Any]:
    """What was typed for the section's own fields and nothing else (no token, no buttons), ready to be stored.

    A text per field, a list of texts for several choices; line breaks as one character, and without the NUL that
    PostgreSQL cannot keep.
    """
    typed: dict[str, Any] = {}
    for name, field in form_class.base_fields.items():
        if isinstance(field, forms.MultipleChoiceField):
            typed[name] = [_storable(text) for text in data.getlist(name)]
        else:
            typed[name] = _storable(data.get(name, ""))
    return typed


def read_values(section: Section, notice: Notice, area: Area, answers: Mapping[str, Any]) -> tuple[dict[str, Any], SectionForm]:
    """The values of stored answers and the form that read them; validates once."""
    form = build_form(section, notice, area)(data=dict(answers))
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


def _amounts(budget: Budget) -> dict[str, forms.Field]:
    found = {}
    for item in budget.items:
        for name, label, column in zip(
            amounts_of(item.code),
            (gettext_lazy("{item}: costo totale in euro"), gettext_lazy("{item}: a carico dell'ente in euro")),
            ("cost", "own"),
            strict=True,
        ):
            spoken = format_lazy(label, item=item.title)
            widget = forms.TextInput(attrs={"inputmode": "decimal", "aria-label": spoken, "data-column": column})
            found[name] = MoneyField(label=spoken, required=False, widget=widget)
    return found


def _from_call(field: forms.Field) -> forms.Field:
    """Its label and its hint are in Italian on a page in any language."""
    field.from_call = True
    return field


def _fields(question: Question, area: Area) -> dict[str, forms.Field]:
    if question.type is QuestionType.ADDRESS:
        return _address(question)
    if question.type is QuestionType.MUNICIPIO and not area.municipi:
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


def _pairs(question: Question) -> list[tuple[str, str]]:
    return [(choice.code, in_italian_lazy(choice.label)) for choice in question.choices]


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
}
