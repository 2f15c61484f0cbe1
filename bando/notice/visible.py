"""Which questions and which files a form asks for, given the answers so far.

PURE: standard library only. A condition (``When``) speaks of a question that comes before, in the same section or in an
earlier one; a question that is not asked has no answer, so a condition on it is false. ``values`` are answers by code of
the question as they stand in a submission, all sections together (:func:`together`): the code of a choice, a list of codes,
True or False. Values of questions that are not asked are not looked at. Under ``GROUP`` stands how the body takes part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bando.notice.document import (
    GROUP,
    NO,
    YES,
    AttachmentRule,
    GroupAnswer,
    Notice,
    Question,
    SectionKind,
    When,
)


def asked(notice: Notice, area_code: str, values: Mapping[str, Any]) -> frozenset[str]:
    """The codes of the questions that this area's form asks."""
    found: frozenset[str] = frozenset()
    for section in notice.sections_for(area_code):
        found |= asked_among(section.questions, values, found)
    return found


def asked_among(questions: Collection[Question], values: Mapping[str, Any], before: Collection[str]) -> frozenset[str]:
    """The same for questions in the order of their section; ``before`` are the codes asked in the earlier sections."""
    found = set(before)
    for question in questions:
        if holds(question.when, values, found):
            found.add(question.code)
    return frozenset(question.code for question in questions if question.code in found)


def rules_asked(notice: Notice, area_code: str, values: Mapping[str, Any]) -> tuple[AttachmentRule, ...]:
    """The files that this area's form asks for, inside it and apart (:meth:`Notice.attachments_for`)."""
    codes = asked(notice, area_code, values)
    return tuple(rule for rule in notice.attachments_for(area_code) if holds(rule.when, values, codes))


def holds(when: When | None, values: Mapping[str, Any], codes: Collection[str]) -> bool:
    """Is the condition true, where ``codes`` are the questions asked so far?"""
    if when is None:
        return True
    if when.question == GROUP:
        return values.get(GROUP) in when.answers
    return when.question in codes and any(answer in when.answers for answer in _answers(values.get(when.question)))


def together(notice: Notice, area_code: str, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The values of a submission (by section, then by question) by question alone: codes are distinct in the document."""
    sections = [section for section in notice.sections_for(area_code) if section.code in answers]
    values = {question.code: answers[section.code].get(question.code) for section in sections for question in section.questions}
    for section in sections:
        if section.kind is SectionKind.GROUP and (answer := group_answer(answers[section.code])):
            values[GROUP] = answer
    return values


def group_answer(values: Mapping[str, Any]) -> GroupAnswer | None:
    """How the body takes part, from the answers of a group section, typed or sent: ``form`` is a form of group or
    ``single``, ``constituted`` whether the group exists already. None while they do not say it."""
    form, constituted = values.get("form"), values.get("constituted")
    if form == GroupAnswer.SINGLE:
        return GroupAnswer.SINGLE
    if not form or constituted not in (True, False, YES, NO):
        return None
    return GroupAnswer.FORMED if constituted in (True, YES) else GroupAnswer.TO_BE_FORMED


def _answers(value: Any) -> tuple[str, ...]:
    """The answers that a value gives, as a condition names them."""
    match value:
        case bool():
            return (YES if value else NO,)
        case str():
            return (value,)
        case list() | tuple():
            return tuple(value)
    return ()
