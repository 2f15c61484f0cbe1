"""The published clarifications of a call, as pages read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bando.folding import holds
from bando.models import Call, Clarification
from bando.notice.document import Notice


@dataclass(frozen=True, slots=True)
class Group:
    """The clarifications of one section of the form, in the order of their numbers; ``code`` "" for the whole call."""

    code: str
    title: str
    rows: list[Clarification]


def published(call: Call) -> QuerySet[Clarification]:
    """All of them, each with the one that it replaces and the one that replaced it. One query."""
    return call.clarifications.select_related("replaces", "replaced_by").order_by("number")


def clarifications_of(call: Call, section: str) -> list[Clarification]:
    """Those of one section of the form that nothing replaced: what an applicant reads beside its questions. One query."""
    return list(call.clarifications.filter(section=section, replaced_by=None).order_by("number"))


def found(rows: Iterable[Clarification], words: str) -> list[Clarification]:
    """Those that hold every one of ``words``, whatever the case and the accents, or that have the number written there."""
    number = words.strip().removeprefix("#")
    return [row for row in rows if holds(words, row.question, row.answer) or number == str(row.number)]


def grouped(notice: Notice, rows: Iterable[Clarification]) -> list[Group]:
    """By section, the call as a whole first and then in the order of the form; a section that an amendment has taken away
    comes last. Sections without clarifications are left out."""
    by_section: dict[str, list[Clarification]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    titles = {"": _("L'avviso in generale")} | {section.code: section.title for section in notice.sections}
    gone = [code for code in by_section if code not in titles]
    titles |= dict.fromkeys(gone, _("Una sezione che non c'è più"))
    return [Group(code, title, by_section[code]) for code, title in titles.items() if code in by_section]


def section_title(notice: Notice, code: str) -> str:
    """The title of a section, "" for the call as a whole or for a section that is no longer there."""
    return next((section.title for section in notice.sections if section.code == code), "")
