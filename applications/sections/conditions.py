"""What the answers of a draft decide about its own form, and by what each section was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from applications.sections.budget import PARTNERS
from bando.notice.document import GROUP, Notice, Question, QuestionType, Section, SectionKind
from bando.notice.visible import asked_among, group_answer
from workflow.ledger import canonical, digest


@dataclass(frozen=True, slots=True)
class Outline:
    """The form of one area: its ``sections``; by section, the hash of its ``definitions`` (of all that the call says of it)
    and the codes of questions of ``earlier`` sections that its conditions read; ``deciding``, the questions that some
    condition reads, with their section; ``always``, the codes of all questions when none has a condition; ``inside``,
    those of the questions that ask for files; ``group``, the code of the group section when some condition reads how the
    body takes part, "" otherwise."""

    sections: tuple[Section, ...]
    definitions: Mapping[str, str]
    earlier: Mapping[str, tuple[str, ...]]
    deciding: tuple[tuple[Section, Question], ...]
    always: frozenset[str]
    inside: frozenset[str]
    group: str = ""

    @property
    def has_conditions(self) -> bool:
        return bool(self.deciding or self.group)


@lru_cache(maxsize=256)
def outline(notice: Notice, area_code: str) -> Outline:
    """Made once for each document and area: every page of an application asks for it."""
    sections = notice.sections_for(area_code)
    conditions = [rule.when for rule in notice.attachments_for(area_code) if rule.when]
    conditions += [question.when for section in sections for question in section.questions if question.when]
    read = {condition.question for condition in conditions}
    return Outline(
        sections,
        {section.code: _definition(section, notice, area_code) for section in sections},
        {section.code: _earlier(section) or _partners(section, notice, area_code) for section in sections},
        tuple((section, question) for section in sections for question in section.questions if question.code in read),
        frozenset() if read else frozenset(question.code for section in sections for question in section.questions),
        frozenset(q.code for section in sections for q in section.questions if q.type is QuestionType.FILE),
        next((s.code for s in sections if s.kind is SectionKind.GROUP), "") if GROUP in read else "",
    )


def known_answers(notice: Notice, area_code: str, typed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The answers that conditions read, by code of the question, from what was typed by section; under ``GROUP`` how the
    body takes part. A question that is not asked is not among them."""
    found = outline(notice, area_code)
    if not found.has_conditions:
        return {}
    values = {q.code: chosen(q, typed[section.code]) for section, q in found.deciding if section.code in typed}
    if answer := group_answer(typed.get(found.group, {})):
        values[GROUP] = str(answer)
    codes = asked_codes(notice, area_code, values)
    return {code: value for code, value in values.items() if code in codes or code == GROUP}


def asked_codes(notice: Notice, area_code: str, known: Mapping[str, Any]) -> frozenset[str]:
    """As ``bando.notice.visible.asked``, on the outline that is already made."""
    found = outline(notice, area_code)
    codes = found.always
    for section in found.sections if found.has_conditions else ():
        codes |= asked_among(section.questions, known, codes)
    return codes


def judged_by(section: Section, notice: Notice, area_code: str, known: Mapping[str, Any]) -> str:
    """SHA-256 of what the problems of a section depend on besides its own answers: how the call defines it, and the
    earlier answers that its conditions read."""
    found = outline(notice, area_code)
    definition, codes = found.definitions[section.code], found.earlier[section.code]
    if not codes:
        return definition
    return digest(canonical({"section": definition, "earlier": {code: known.get(code) for code in codes}}))


def reads_earlier(section: Section, notice: Notice, area_code: str) -> bool:
    """Do its conditions read answers of other sections?"""
    return bool(outline(notice, area_code).earlier[section.code])


def chosen(question: Question, typed: Mapping[str, Any]) -> Any:
    """The answer to a question that conditions may read, from what was typed in its section; None when there is none."""
    text = typed.get(question.code) or ""
    match question.type:
        case QuestionType.CHOICE:
            return text if any(choice.code == text for choice in question.choices) else None
        case QuestionType.CHOICES:
            picked = text if isinstance(text, list) else [text]
            return [choice.code for choice in question.choices if choice.code in picked]
        case QuestionType.YES_NO:
            return {"yes": True, "no": False}.get(text)
        case QuestionType.DECLARATION:
            return True if text else None
    return None


def _earlier(section: Section) -> tuple[str, ...]:
    own = {question.code for question in section.questions}
    return tuple(sorted({q.when.question for q in section.questions if q.when and q.when.question not in own}))


def _partners(section: Section, notice: Notice, area_code: str) -> tuple[str, ...]:
    """A budget by partner is judged by who takes part."""
    budget = notice.budget_for(area_code) if section.kind is SectionKind.BUDGET else None
    return (PARTNERS,) if budget is not None and budget.by_partner else ()


def _definition(section: Section, notice: Notice, area_code: str) -> str:
    """The representation of a frozen value says all of it; nobody reads this hash, it is only compared."""
    area = notice.area(area_code)
    parts: list[Any] = [section, area.municipi]
    match section.kind:
        case SectionKind.BUDGET:
            parts.append(notice.budget_for(area_code))
        case SectionKind.DECLARATIONS:
            parts.append(notice.requirements_for(area_code))
        case SectionKind.GROUP:
            parts.append(notice.participation)
    return digest(repr(parts))
