"""Answers as people read them: the review page, the receipt, the desk and the commission show the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.budget import Outcome, Rule, thawed
from applications.groups.participants import form_of, is_certified, present, words_of_form
from applications.groups.shares import percent
from applications.models import Application, Attachment, Participant
from applications.progress import drafts_of, files_of, known_of, sections
from applications.sections import read_values
from applications.sections.budget import PARTNERS
from applications.sections.budget_words import BudgetTable, tables_of, told
from applications.sections.build import names_of
from applications.sections.conditions import asked_codes, outline
from applications.sections.fields import italian
from applications.sections.tables import is_blank, is_number, spoken, typed_rows
from bando.notice.document import (
    Area,
    Column,
    GroupAnswer,
    Notice,
    Question,
    QuestionType,
    Requirement,
    Section,
    SectionKind,
)
from bando.notice.visible import together
from bando.templatetags.bando_ui import euro, filesize_it, instant
from workflow.ledger import plain


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that answers a question: the pk of its attachment, its name, its size in bytes."""

    attachment: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell of a table, with the head of its column."""

    head: str
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer in words; ``text`` is "" when nothing was answered. ``typed`` says that the answer could
    not be read and stands as it was typed. ``rows`` are those of a table, cell by cell, and ``files`` those of a file:
    ``text`` says them too, for who has room for words only."""

    question: Question
    text: str
    typed: bool = False
    rows: tuple[tuple[ReadCell, ...], ...] = ()
    files: tuple[HeldFile, ...] = ()

    @property
    def is_long(self) -> bool:
        return self.question.type is QuestionType.LONG_TEXT


@dataclass(frozen=True, slots=True)
class Declared:
    requirement: Requirement
    made: bool


@dataclass(frozen=True, slots=True)
class ReadMember:
    """A body of a group: ``share`` and ``certified`` (by whom and when) in words, "" while they are not there."""

    name: str
    tax_code: str
    is_lead: bool
    share: str
    tasks: str
    certified: str


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One section as a page shows it. According to its kind, ``answers``, ``budget``, ``declarations`` or ``group`` and
    ``members`` are filled: ``group`` are the words of how the body takes part. ``tables`` are the budget to be read, ``checks``
    the call's rules about it in words."""

    section: Section
    answers: tuple[Answer, ...] = ()
    declarations: tuple[Declared, ...] = ()
    budget: Outcome | None = None
    checks: tuple[dict[str, Any], ...] = ()
    tables: tuple[BudgetTable, ...] = ()
    group: str = ""
    members: tuple[ReadMember, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing was asked here, for the answers that were given elsewhere."""
        return self.section.kind is SectionKind.QUESTIONS and not self.answers

    @property
    def is_group(self) -> bool:
        return self.section.kind is SectionKind.GROUP


Files = Mapping[str, tuple[HeldFile, ...]]
"""The files by code of the question."""


def read_submission(
    notice: Notice, area_code: str, answers: Mapping[str, Any], manifest: Iterable[Mapping[str, Any]] = ()
) -> list[ReadSection]:
    """What was sent (``Submission.answers`` and its ``manifest``), section by section, in the order of the call that it
    answered. Questions that its answers left out are not listed, nor a section of which none was asked."""
    area = notice.area(area_code)
    asked = asked_codes(notice, area_code, together(notice, area_code, answers))
    files = _by_rule((item["rule"], HeldFile(item["attachment"], item["name"], item["size"])) for item in manifest)
    read = (
        _read(section, notice, area, answers.get(section.code, {}), {}, asked, files)
        for section in outline(notice, area_code).sections
    )
    return [item for item in read if not item.is_empty]


def read_draft(application: Application) -> list[ReadSection]:
    """What stands in the draft now; an answer that can't be read is shown as it was typed."""
    notice, area, drafts = application.call.notice, application.area, drafts_of(application)
    known, files = known_of(application, drafts), held_files(files_of(application, drafts))
    read = (
        read_typed(section, notice, area, drafts[section.code].answers if section.code in drafts else {}, known, files)
        for section in sections(application)
    )
    return [with_members(item, application) for item in read if not item.is_empty]


def with_members(item: ReadSection, application: Application) -> ReadSection:
    """A section of a draft with the bodies that take part now, if it is the group section."""
    if not item.is_group:
        return item
    how = form_of(application)
    found = present(application)
    if how["form"] == GroupAnswer.SINGLE:
        found = [member for member in found if not member.is_lead]
    return replace(item, members=tuple(_of_a_row(member, application, how) for member in found))


def read_typed(
    section: Section,
    notice: Notice,
    area: Area,
    typed: Mapping[str, Any],
    known: Mapping[str, Any] | None = None,
    files: Files | None = None,
) -> ReadSection:
    """One section from what was typed in it (``SectionDraft.answers``); ``known`` as in ``read_values``."""
    values, form = read_values(section, notice, area, typed, known)
    asked = form.asked if section.kind is SectionKind.QUESTIONS else frozenset()
    return _read(section, notice, area, plain(values) if typed else {}, typed, asked, files or {}, known)


def held_files(attachments: Iterable[Attachment]) -> Files:
    """Files as the page of a section reads them; their documents are asked for."""
    return _by_rule((file.rule, HeldFile(str(file.pk), file.document.name, file.document.size)) for file in attachments)


def _by_rule(files: Iterable[tuple[str, HeldFile]]) -> Files:
    found: dict[str, tuple[HeldFile, ...]] = {}
    for rule, file in files:
        found[rule] = (*found.get(rule, ()), file)
    return found


def _read(
    section: Section,
    notice: Notice,
    area: Area,
    values: Mapping[str, Any],
    typed: Mapping[str, Any],
    asked: Collection[str],
    files: Files,
    known: Mapping[str, Any] | None = None,
) -> ReadSection:
    match section.kind:
        case SectionKind.BUDGET:
            return _read_budget(section, notice, area, values, known or {})
        case SectionKind.GROUP:
            members = values.get("members", ()) if values.get("form") != GroupAnswer.SINGLE else ()
            return ReadSection(section, group=words_of_form(values), members=tuple(_of_what_was_sent(one) for one in members))
        case SectionKind.DECLARATIONS:
            asked = (r for r in notice.requirements_for(area.code) if r.kind == "declaration")
            return ReadSection(section, declarations=tuple(Declared(r, values.get(r.code) is True) for r in asked))
    here = (question for question in section.questions if question.code in asked)
    return ReadSection(section, answers=tuple(_answer(question, values, typed, files) for question in here))


def _read_budget(
    section: Section, notice: Notice, area: Area, values: Mapping[str, Any], known: Mapping[str, Any]
) -> ReadSection:
    budget = notice.budget_for(area.code)
    outcome = thawed(budget, values)
    told_of = outcome.checks if outcome.total else ()
    checks = ({"passed": check.passed, "words": told(check)} for check in told_of if check.rule is not Rule.SOME_COST)
    partners = known.get(PARTNERS, {})
    shares = {key: facts["share"] for key, facts in partners.items()} if len(partners) > 1 else {}
    return ReadSection(section, budget=outcome, checks=tuple(checks), tables=tables_of(budget, outcome, shares))


def _of_what_was_sent(member: Mapping[str, Any]) -> ReadMember:
    body, at = member["body"], member["certified_at"]
    certified = _certified(member["certified_by"], datetime.fromisoformat(at)) if at else ""
    return ReadMember(body["name"], body["tax_code"], member["lead"], percent(member["share"]), member["tasks"], certified)


def _of_a_row(member: Participant, application: Application, how: Mapping[str, Any]) -> ReadMember:
    stands = not member.is_lead and is_certified(member, application, how)
    return ReadMember(
        str(member),
        member.organisation.tax_code if member.organisation else "",
        member.is_lead,
        percent(member.share) if member.share else "",
        member.tasks,
        _certified(str(member.certified_by), member.certified_at) if stands else "",
    )


def _certified(name: str, at: datetime) -> str:
    return _("Confermato da %(name)s, %(moment)s") % {"name": name, "moment": instant(at)}


def _answer(question: Question, values: Mapping[str, Any], typed: Mapping[str, Any], files: Files) -> Answer:
    if question.type is QuestionType.FILE:
        held = files.get(question.code, ())
        return Answer(question, "; ".join(f"{file.name} ({filesize_it(file.size)})" for file in held), files=held)
    if question.type is QuestionType.TABLE:
        return _table(question, values, typed)
    if question.code in values:
        return Answer(question, words(question, values[question.code]))
    left = [typed.get(name, "") for name in names_of(question)]
    texts = [text for text in left if isinstance(text, str) and text]
    return Answer(question, ", ".join(texts), typed=bool(texts))


def _table(question: Question, values: Mapping[str, Any], typed: Mapping[str, Any]) -> Answer:
    if question.code in values:
        found = values[question.code]
        texts = [[words(replace(column, unit=""), row.get(column.code)) for column in question.columns] for row in found]
    else:
        columns = [column.code for column in question.columns]
        found = [row for row in typed_rows(typed, question.code, columns, int(question.max)) if not is_blank(row)]
        texts = [[row[column] for column in columns] for row in found]
    rows = tuple(
        tuple(ReadCell(spoken(column), text, is_number(column)) for column, text in zip(question.columns, row, strict=True))
        for row in texts
    )
    lines = ("; ".join(f"{cell.head}: {cell.text}" for cell in row if cell.text) for row in rows)
    return Answer(question, "\n".join(lines), typed=bool(rows) and question.code not in values, rows=rows)


def words(question: Question | Column, value: Any) -> str:
    """A stored value in words; "" for no answer. A column says its cells as the question of the same type."""
    if value is None or value == "" or value == []:
        return ""
    match QuestionType(question.type):
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
        case QuestionType.DECLARATION:
            return _("Dichiarato") if value else ""
        case QuestionType.MUNICIPIO:
            return _("Municipio %(number)s") % {"number": value}
        case QuestionType.ADDRESS:
            place = " ".join(filter(None, (value["postal_code"], value["city"])))
            return ", ".join(filter(None, (value["street"], place)))
    return value


def _label(question: Question | Column, code: str) -> str:
    return next((choice.label for choice in question.choices if choice.code == code), code)
