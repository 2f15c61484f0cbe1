"""Answers as people read them: the review page, the receipt, the desk and the commission show the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.budget import Outcome, Rule, judge
from applications.models import Application
from applications.progress import drafts_of, sections
from applications.sections import read_values
from applications.sections.budget_words import told
from applications.sections.build import names_of
from applications.sections.fields import italian
from bando.notice.document import Area, Notice, Question, QuestionType, Requirement, Section, SectionKind
from bando.templatetags.bando_ui import euro
from workflow.ledger import plain


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer in words; ``text`` is "" when nothing was answered. ``typed`` says that the answer could
    not be read and stands as it was typed."""

    question: Question
    text: str
    typed: bool = False

    @property
    def is_long(self) -> bool:
        return self.question.type is QuestionType.LONG_TEXT


@dataclass(frozen=True, slots=True)
class Declared:
    requirement: Requirement
    made: bool


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One section as a page shows it. According to its kind, ``answers``, ``budget`` or ``declarations`` is filled;
    ``checks`` are the call's rules about the budget in words."""

    section: Section
    answers: tuple[Answer, ...] = ()
    declarations: tuple[Declared, ...] = ()
    budget: Outcome | None = None
    checks: tuple[dict[str, Any], ...] = ()


def read_submission(notice: Notice, area_code: str, answers: Mapping[str, Any]) -> list[ReadSection]:
    """What was sent (``Submission.answers``), section by section, in the order of the call that it answered."""
    area = notice.area(area_code)
    return [_read(section, notice, area, answers.get(section.code, {}), {}) for section in notice.sections_for(area_code)]


def read_draft(application: Application) -> list[ReadSection]:
    """What stands in the draft now; an answer that can't be read is shown as it was typed."""
    notice, area, drafts = application.call.notice, application.area, drafts_of(application)
    return [
        read_typed(section, notice, area, drafts[section.code].answers if section.code in drafts else {})
        for section in sections(application)
    ]


def read_typed(section: Section, notice: Notice, area: Area, typed: Mapping[str, Any]) -> ReadSection:
    """One section from what was typed in it (``SectionDraft.answers``)."""
    values = plain(read_values(section, notice, area, typed)[0]) if typed else {}
    return _read(section, notice, area, values, typed)


def _read(section: Section, notice: Notice, area: Area, values: Mapping[str, Any], typed: Mapping[str, Any]) -> ReadSection:
    match section.kind:
        case SectionKind.BUDGET:
            budget = notice.budget_for(area.code)
            items = values.get("items", {})
            outcome = judge(budget, {code: (line["total"], line["own"]) for code, line in items.items()})
            told_of = outcome.checks if outcome.total else ()
            checks = ({"passed": check.passed, "words": told(check)} for check in told_of if check.rule is not Rule.SOME_COST)
            return ReadSection(section, budget=outcome, checks=tuple(checks))
        case SectionKind.DECLARATIONS:
            asked = (r for r in notice.requirements_for(area.code) if r.kind == "declaration")
            return ReadSection(section, declarations=tuple(Declared(r, values.get(r.code) is True) for r in asked))
    return ReadSection(section, answers=tuple(_answer(question, values, typed) for question in section.questions))


def _answer(question: Question, values: Mapping[str, Any], typed: Mapping[str, Any]) -> Answer:
    if question.code in values:
        return Answer(question, words(question, values[question.code]))
    left = [typed.get(name, "") for name in names_of(question)]
    texts = [text for text in left if isinstance(text, str) and text]
    return Answer(question, ", ".join(texts), typed=bool(texts))


def words(question: Question, value: Any) -> str:
    """A stored value in words; "" for no answer."""
    if value is None or value == "" or value == []:
        return ""
    match question.type:
        case QuestionType.NUMBER:
            return f"{italian(Decimal(value))} {question.unit}".strip()
        case QuestionType.MONEY:
            return euro(value)
        case QuestionType.DATE:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        case QuestionType.CHOICE:
            return _label(question, value)
        case QuestionType.CHOICES:
            return "; ".join(_label(question, code) for code in value)
        case QuestionType.YES_NO:
            return _("Sì") if value else _("No")
        case QuestionType.MUNICIPIO:
            return _("Municipio %(number)s") % {"number": value}
        case QuestionType.ADDRESS:
            place = " ".join(filter(None, (value["postal_code"], value["city"])))
            return ", ".join(filter(None, (value["street"], place)))
    return value


def _label(question: Question, code: str) -> str:
    return next((choice.label for choice in question.choices if choice.code == code), code)
