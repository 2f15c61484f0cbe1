"""The project of a table, asked with the forms of the application: what a version says becomes what somebody would have typed.

Who takes part, what was declared and the files are of the application: the table does not write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.budget import Rule
from applications.progress import partners_of
from applications.sections.base import SectionForm
from applications.sections.budget import LINES, PARTNERS, VOLUNTEERS, amounts_of
from applications.sections.build import ADDRESS_PARTS, build_form
from applications.sections.conditions import asked_codes
from applications.sections.tables import cell_name
from bando.notice.document import NO, YES, Budget, Column, Question, QuestionType, Section, SectionKind
from bando.notice.visible import together
from network.models import Project, TableSession
from network.projects import area_of, notice_of, sections_of, sources_of

WRITTEN = {SectionKind.QUESTIONS, SectionKind.BUDGET}
KEPT = {QuestionType.FILE, QuestionType.DECLARATION}
"""What stays as the application has it."""

Values = Mapping[str, Any]


class StartForm(forms.Form):
    """``applications`` are the proposals of the table that have no project yet; several only where the call merges them."""

    title = forms.CharField(
        label=gettext_lazy("Titolo del progetto"),
        max_length=300,
        error_messages={"required": gettext_lazy("Scrivi il titolo del progetto.")},
    )

    def __init__(self, *args: Any, free: Any, merges: bool, **options: Any):
        super().__init__(*args, **options)
        choices = [(str(row.pk), f"{row.number} · {row.organisation}") for row in free]
        missing = {"required": gettext_lazy("Scegli almeno una proposta.")}
        if merges:
            self.fields["applications"] = forms.MultipleChoiceField(
                label=gettext_lazy("Proposte che diventano questo progetto"),
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                error_messages=missing,
            )
            self.fields["lead"] = forms.ChoiceField(
                label=gettext_lazy("Da quale proposta si parte"),
                help_text=gettext_lazy("Conta solo se ne unisci più di una."),
                choices=[("", gettext_lazy("Scegli")), *choices],
                required=False,
            )
        else:
            self.fields["applications"] = forms.ChoiceField(
                label=gettext_lazy("Proposta"), choices=choices, widget=forms.RadioSelect, error_messages=missing
            )

    @property
    def chosen(self) -> list[str]:
        """The keys of the proposals, the one that leads first."""
        found = self.cleaned_data["applications"]
        keys = [found] if isinstance(found, str) else list(found)
        lead = self.cleaned_data.get("lead")
        return sorted(keys, key=lambda key: key != lead)


class VersionForm(forms.Form):
    """What goes with a new version: ``based_on`` is the number of the version that the page was shown."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(
        label=gettext_lazy("Che cosa cambia"),
        help_text=gettext_lazy("Una o due frasi: le legge chi apre la versione."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Scrivi che cosa cambia: chi legge la versione parte da lì.")},
    )
    touches_reason = forms.CharField(
        label=gettext_lazy("Perché il cambiamento è possibile"),
        help_text=gettext_lazy("Serve se cambi qualcosa che la commissione ha valutato, o se il contributo cresce."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class AgreeForm(forms.Form):
    session = forms.ModelChoiceField(
        TableSession.objects.none(),
        label=gettext_lazy("Incontro in cui il tavolo l'ha approvata"),
        empty_label=gettext_lazy("Scegli"),
        error_messages={
            "required": gettext_lazy("Scegli l'incontro."),
            "invalid_choice": gettext_lazy("Questo incontro non c'è: scegline un altro."),
        },
    )

    def __init__(self, *args: Any, sessions: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["session"].queryset = sessions
        self.fields["session"].label_from_instance = session_name


def session_name(session: TableSession) -> str:
    return _("Incontro n. %(n)s") % {"n": session.number}


def written_sections(project: Project) -> list[Section]:
    """The sections that the table writes, without the questions that it does not."""
    found = []
    for section in sections_of(project):
        if section.kind in WRITTEN:
            questions = tuple(question for question in section.questions if question.type not in KEPT)
            if questions or section.kind is SectionKind.BUDGET:
                found.append(replace(section, questions=questions))
    return found


def form_class(project: Project, section: Section) -> type[SectionForm]:
    return build_form(section, notice_of(project), area_of(project))


def known_of(project: Project, answers: Values) -> dict[str, Any]:
    """The answers that conditions read, and the bodies of all the proposals where the budget is written by partner."""
    notice, area_code = notice_of(project), project.table.area_code
    known = together(notice, area_code, answers)
    codes = asked_codes(notice, area_code, known)
    questions = {question.code for section in sections_of(project) for question in section.questions}
    known = {code: value for code, value in known.items() if code in codes or code not in questions}
    budget = notice.budget_for(area_code)
    if budget is not None and budget.by_partner:
        known[PARTNERS] = _partners(project)
    return known


def _partners(project: Project) -> dict[str, dict[str, Any]]:
    """A share is a part of one group: of several it says nothing."""
    sources = sources_of(project)
    found: dict[str, dict[str, Any]] = {}
    for source in sources:
        for key, facts in partners_of(source.application).items():
            found[key] = facts if len(sources) == 1 else facts | {"share": None}
    return found


def is_unreadable(form: SectionForm) -> bool:
    """Is there something that is no answer, beside the rules of the call on the budget? Those the act itself judges."""
    rules = {str(rule) for rule in Rule}
    return any(error.code not in rules for errors in form.errors.as_data().values() for error in errors)


def kept_values(project: Project, section: Section, before: Values) -> dict[str, Any]:
    """The answers of a section that its form does not ask, as they were."""
    whole = next(found for found in sections_of(project) if found.code == section.code)
    kept = {question.code for question in whole.questions if question.type in KEPT}
    return {code: answer for code, answer in before.items() if code in kept}


# What would have been typed


def typed(section: Section, budget: Budget | None, values: Values) -> dict[str, Any]:
    """What somebody would type to give these ``values`` (``SectionForm.values`` in canonical JSON), by name of the input."""
    if section.kind is SectionKind.BUDGET and budget is not None:
        return typed_budget(values)
    found: dict[str, Any] = {}
    for question in section.questions:
        if values.get(question.code) is not None:
            found |= typed_answer(question, values[question.code])
    return found


def typed_answer(question: Question, value: Any) -> dict[str, Any]:
    match question.type:
        case QuestionType.ADDRESS:
            return {f"{question.code}__{part}": value.get(part, "") for part in ADDRESS_PARTS}
        case QuestionType.TABLE:
            return {
                cell_name(question.code, number, column.code): _text(column, row.get(column.code))
                for number, row in enumerate(value, 1)
                for column in question.columns
            }
        case QuestionType.CHOICES:
            return {question.code: list(value)}
    return {question.code: _text(question, value)}


def typed_budget(values: Values) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for code, amounts in values.get("items", {}).items():
        cost, own = amounts["total"], amounts["own"]
        found |= dict(zip(amounts_of(code), (_euro(cost), _euro(own)) if cost or own else ("", ""), strict=True))
    for number, line in enumerate(values.get("lines", ()), 1):
        cells = {name: str(line.get(name) or "") for name in ("item", "partner", "year", "action", "text")}
        cells |= {"total": _euro(line["total"]), "own": _euro(line["own"])}
        found |= {cell_name(LINES, number, name): text for name, text in cells.items()}
    for number, row in enumerate(values.get("volunteers", ()), 1):
        cells = {"activity": row["activity"], "partner": row.get("partner", "")}
        cells |= {"hours": _number(row["hours"]), "hourly": _euro(row["hourly"])}
        found |= {cell_name(VOLUNTEERS, number, name): text for name, text in cells.items()}
    return found


def _text(asked: Question | Column, value: Any) -> str:
    if value is None:
        return ""
    match QuestionType(asked.type):
        case QuestionType.NUMBER:
            return _number(value)
        case QuestionType.MONEY:
            return _euro(value)
        case QuestionType.DATE:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        case QuestionType.YES_NO:
            return YES if value else NO
        case QuestionType.MUNICIPIO:
            return str(value)
    return value


def _number(value: Any) -> str:
    return format(Decimal(value), "f").replace(".", ",")


def _euro(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
