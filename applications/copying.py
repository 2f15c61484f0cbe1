"""What an application may take from an earlier one of the same body, and from the body's profile.

Nothing here writes. A *unit* (``applications.sections.units``) is taken whole: the answer to a question, a line of the budget,
the volunteers' hours. Two questions are the same by code and type, or else by label and type. Never taken: declarations, which
are made anew each time, and what the other bodies of a group wrote or certified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from applications.merging import filled, fingerprint
from applications.models import Application, Attachment, SectionDraft
from applications.progress import rules_of, sections
from applications.sections import build_form
from applications.sections.base import SectionForm
from applications.sections.budget import LINES, VOLUNTEERS
from applications.sections.build import names_of
from applications.sections.tables import TableField, cell_name
from applications.sections.units import by_unit, label_of, shown
from bando.notice.document import AttachmentRule, Budget, ProfileFact, Question, QuestionType, Section, SectionKind
from workflow.ledger import canonical, digest

NEVER = {QuestionType.DECLARATION, QuestionType.FILE}
"""A declaration is made anew; a file is copied as a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A unit that can be taken: what would be ``typed`` by name of the input, that and what is ``here`` now as people read
    them, the fingerprint of what is here, and ``notes``, what to look at after."""

    section: str
    unit: str
    label: str
    typed: dict[str, Any]
    said: str
    here: str
    base: str
    notes: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.section}:{self.unit}"

    @property
    def is_ticked(self) -> bool:
        """What is already filled here stays, unless somebody says otherwise."""
        return not self.here


@dataclass(frozen=True, slots=True)
class File:
    """A file that answers the same rule in both calls."""

    rule: AttachmentRule
    attachment: Attachment

    @property
    def key(self) -> str:
        return f"file:{self.attachment.pk}"


@dataclass(frozen=True, slots=True)
class Part:
    section: Section
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``target`` can take from ``source``."""

    source: Application
    target: Application
    parts: tuple[Part, ...]
    files: tuple[File, ...]

    @property
    def answers(self) -> list[Answer]:
        return [answer for part in self.parts for answer in part.answers]

    @property
    def fingerprint(self) -> str:
        """Of all that the page shows: who presses takes what they read, or is shown it again."""
        units = [[answer.key, answer.typed, answer.base] for answer in self.answers]
        return digest(canonical([str(self.source.pk), units, [file.key for file in self.files]]))


def sources(target: Application, user: User) -> list[Application]:
    """The other applications of the same body in which something was written, whatever became of them, the newest first."""
    written = SectionDraft.objects.filter(application=OuterRef("pk"))
    mine = Application.objects.visible_to(user).with_call().filter(Exists(written), organisation=target.organisation_id)
    return list(mine.exclude(pk=target.pk).order_by("-created_at"))


def plan(source: Application, target: Application) -> Plan:
    """Four queries: the drafts and the files of both."""
    here = {draft.section: draft.answers for draft in target.drafts.all()}
    there = _Source(source)
    parts = []
    for section in sections(target):
        answers = tuple(_answers(section, target, there, here.get(section.code, {})))
        if answers:
            parts.append(Part(section, answers))
    return Plan(source, target, tuple(parts), tuple(_files(source, target)))


class _Source:
    """What was written in the earlier application, by question and by budget."""

    def __init__(self, application: Application) -> None:
        typed = {draft.section: draft.answers for draft in application.drafts.all()}
        notice, area = application.call.notice, application.area
        self.budget = notice.budget_for(area.code)
        self.of_budget: dict[str, dict[str, Any]] = {}
        self.of_group: dict[str, dict[str, Any]] = {}
        self.by_code: dict[tuple[str, QuestionType], tuple[Question, dict[str, Any]]] = {}
        self.by_label: dict[tuple[str, QuestionType], tuple[Question, dict[str, Any]]] = {}
        for section in sections(application):
            units = by_unit(build_form(section, notice, area), typed.get(section.code, {}))
            if section.kind is SectionKind.BUDGET:
                self.of_budget = units
            elif section.kind is SectionKind.GROUP:
                self.of_group = units
            for question in section.questions:
                known = question, units.get(question.code, {})
                self.by_code[question.code, question.type] = known
                self.by_label.setdefault((question.label, question.type), known)

    def of(self, question: Question) -> tuple[Question, dict[str, Any]] | None:
        return self.by_code.get((question.code, question.type)) or self.by_label.get((question.label, question.type))


def _answers(section: Section, target: Application, there: _Source, here: Mapping[str, Any]) -> Iterator[Answer]:
    form_class = build_form(section, target.call.notice, target.area)
    stands = by_unit(form_class, here)
    for unit, typed, notes in _offered(section, form_class, target, there):
        known = stands.get(unit, {})
        if filled(typed) and filled(typed) != filled(known):
            said, now = (shown(form_class, unit, texts) for texts in (typed, known))
            label = label_of(form_class, unit)
            yield Answer(section.code, unit, label, filled(typed), said, now, fingerprint(known), tuple(notes))


def _offered(
    section: Section, form_class: type[SectionForm], target: Application, there: _Source
) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    match section.kind:
        case SectionKind.BUDGET:
            yield from _costs(form_class, target.call.notice.budget_for(target.area_code), there)
        case SectionKind.GROUP:
            for unit in ("form", "constituted"):
                yield unit, {unit: _admitted(form_class.base_fields[unit], there.of_group.get(unit, {}).get(unit))}, []
        case SectionKind.QUESTIONS:
            for question in section.questions:
                if question.type not in NEVER and (found := there.of(question)):
                    yield question.code, *_fitted(form_class, question, *found)


def _costs(
    form_class: type[SectionForm], budget: Budget | None, there: _Source
) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """Lines, by item where the items are the same; of a split budget all or none, where it is split in the same way. Which body
    pays is of one group alone, so a budget by partner is not taken."""
    if budget is None or there.budget is None or budget.by_partner or there.budget.by_partner:
        return
    before = {item.code: item.title for item in there.budget.items}
    split = [(each.is_split, each.years, each.actions) for each in (budget, there.budget)]
    if budget.is_split:
        if split[0] == split[1] and before == {item.code: item.title for item in budget.items}:
            yield LINES, there.of_budget.get(LINES, {}), []
    elif not there.budget.is_split:
        for item in budget.items:
            if before.get(item.code) == item.title:
                yield item.code, there.of_budget.get(item.code, {}), []
    if budget.volunteers and there.budget.volunteers:
        yield VOLUNTEERS, there.of_budget.get(VOLUNTEERS, {}), []


def _fitted(
    form_class: type[SectionForm], question: Question, before: Question, typed: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """An earlier answer under the names of this question, without what this question does not know, and what to look at."""
    renamed = {f"{question.code}{name.removeprefix(before.code)}": text for name, text in typed.items()}
    if question.type is QuestionType.TABLE:
        return _rows(form_class.base_fields[question.code], question, before, renamed)
    found, notes = {}, []
    for name in names_of(question):
        text = renamed.get(name) or ""
        field = form_class.base_fields[name]
        kept = _admitted(field, text)
        if filled({name: text}) != filled({name: kept}):
            notes.append(_("Qualche risposta qui non è tra quelle possibili e non si copia."))
        found[name] = kept
    if question.limit and (over := len(found.get(question.code, "")) - question.limit) > 0:
        words = ngettext(
            "Supera il limite di %(n)s carattere: accorcialo.", "Supera il limite di %(n)s caratteri: accorcialo.", over
        )
        notes.append(words % {"n": over})
    return found, notes


def _rows(
    field: TableField, question: Question, before: Question, typed: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The cells of the columns that both tables have, row by row, as many rows as there is room for."""
    columns = {(column.code, column.type) for column in question.columns} & {(c.code, c.type) for c in before.columns}
    found = {}
    for row in range(1, field.most + 1):
        for code, _type in columns:
            name = cell_name(question.code, row, code)
            if kept := _admitted(field.cells[code], typed.get(name)):
                found[name] = kept
    lost = any(name not in found for name in filled(typed))
    return found, [_("Qualche cella qui non c'è o ha altre risposte possibili, e non si copia.")] if lost else []


def _admitted(field: forms.Field, text: Any) -> Any:
    """What of a text, or of a list of texts, the field could take: of choices only those that it offers."""
    if not isinstance(field, forms.ChoiceField):
        return text or ""
    known = {str(code) for code, _label in field.choices}
    if isinstance(text, list):
        return [one for one in text if one in known]
    return text if text in known else ""


def _files(source: Application, target: Application) -> Iterator[File]:
    """Those that answer a rule of the same code, formats and limits, that are not here yet and have room; never one in which
    the antivirus found something."""
    before = {rule.code: rule for rule in source.call.notice.attachments_for(source.area_code)}
    rules = {rule.code: rule for rule in rules_of(target)}
    here = [file for file in target.attachments.present() if file.completion_id is None]
    for file in source.attachments.present():
        rule, old = rules.get(file.rule), before.get(file.rule)
        if rule is None or old is None or file.completion_id is not None or file.is_infected:
            continue
        alike = (old.formats, old.max_bytes, old.signed) == (rule.formats, rule.max_bytes, rule.signed)
        standing = [one for one in here if one.rule == rule.code]
        if alike and len(standing) < rule.max_files and file.document.sha256 not in {one.document.sha256 for one in standing}:
            yield File(rule, file)


TAKE, REPLACE = "profile:", "replace:"
"""What the buttons beside a question say, before its code: write what the profile knows where nothing is written, or in the place
of what is written and was shown."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the profile knows of a question: ``said`` to be read. ``here`` is what would be replaced, once the person has asked;
    until then "". ``then`` is the value of the button."""

    said: str
    here: str
    then: str


def offers(section: Section, body: Organisation, typed: Mapping[str, Any], *, asked: str = "") -> dict[str, Offer]:
    """The questions that the profile of ``body`` answers in another way than what is ``typed`` in the section now; ``asked`` is
    the code of the one where the person wants to replace what is there."""
    found = {}
    for question in section.questions:
        known = from_profile(question, body)
        here = _of_unit(question, typed)
        if known and filled(known) != here:
            said, now = (", ".join(filled(texts).values()) for texts in (known, here))
            replaces = bool(here) and question.code == asked
            found[question.code] = Offer(said, now if replaces else "", f"{REPLACE if replaces else TAKE}{question.code}")
    return found


def taken(
    section: Section, application: Application, typed: Mapping[str, Any], then: str
) -> tuple[dict[str, Any], Question | None, bool]:
    """What is typed in the section after the button ``then`` was pressed, the question that it is about (None: the button says
    something else), and whether something was written. What is there is replaced only by :data:`REPLACE`."""
    for question in section.questions:
        if question.profile and then in (TAKE + question.code, REPLACE + question.code):
            known = from_profile(question, application.organisation)  # a query, which few saves need
            writes = bool(known) and (then.startswith(REPLACE) or not _of_unit(question, typed))
            return {**typed, **(known if writes else {})}, question, writes
    return dict(typed), None, False


def _of_unit(question: Question, typed: Mapping[str, Any]) -> dict[str, Any]:
    return filled({name: typed.get(name) for name in names_of(question)})


def from_profile(question: Question, body: Organisation) -> dict[str, str]:
    """What the profile of the body answers, by name of the input; empty where it knows nothing."""
    match question.profile:
        case None:
            return {}
        case ProfileFact.ADDRESS:
            parts = (body.street, body.postal_code, body.city)
            return dict(zip(names_of(question), parts, strict=True))
    text = getattr(body, str(question.profile))
    return {question.code: text} if text else {}
