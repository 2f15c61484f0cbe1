"""How far an application is: what is missing, and the tasks of its hub.

Everything is read from what was found when each section was saved (``SectionDraft.problems``), as long as it was judged by
what still holds (``SectionDraft.judged_by``): when the call was amended since, or an earlier answer shows or hides questions,
the section is judged anew in memory and nothing is written. ``drafts`` and ``attachments`` may be prefetched, so that a list
of applications costs no more queries than one.

A file that a question asks for belongs to the section of that question, where its text and its criterion are: it counts
there, and not among the attachments. The bodies of a group belong to the group section in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.groups.participants import BLANK, body_facts, group_mark, group_problems, group_section, present
from applications.models import Application, Attachment, SectionDraft
from applications.sections import read_values
from applications.sections.budget import PARTNERS
from applications.sections.build import files_missing
from applications.sections.conditions import asked_codes, judged_by, known_answers, outline, reads_earlier
from applications.states import ApplicationState
from bando.notice.difference import answered
from bando.notice.document import AttachmentRule, QuestionType, Section, SectionKind
from bando.notice.visible import holds
from workflow.ledger import canonical, digest

INFECTED = "infected"
"""The code of a problem that is a file which the antivirus has blocked."""

ATTACHMENTS = "attachments"
REVIEW = "review"


class Status(StrEnum):
    """The five words of the hub; the values are those that ``components/task_status.html`` reads."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    FIX = "fix"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps the application from being sent. ``url_name`` with the application's pk, and ``step`` unless
    it is "", leads to the page that mends it; ``sentences`` say what to do there."""

    code: str
    title: str
    url_name: str
    step: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the hub: a section of the form, the attachments, or the last page before sending."""

    code: str
    title: str
    status: Status
    url_name: str
    step: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section as far as it got. ``problems`` are those of its draft and the files that its questions still want; ``asked``
    says that there is something to answer, ``owed`` that it can't be left untouched."""

    section: Section
    draft: SectionDraft | None
    problems: tuple[dict[str, str], ...]
    asked: bool
    owed: bool


@dataclass(frozen=True, slots=True)
class _State:
    """An application looked at once. ``rules_apart`` are the attachments that no question asks for, ``held`` the codes of
    the rules that have a file, ``blocked`` those of which every file is infected."""

    parts: tuple[Part, ...]
    rules_apart: tuple[AttachmentRule, ...]
    held: Collection[str]
    blocked: Collection[str]

    @property
    def owed_apart(self) -> list[AttachmentRule]:
        return [rule for rule in self.rules_apart if rule.required and rule.code not in self.held]


def sections(application: Application) -> tuple[Section, ...]:
    """The sections of this application's form, in the order of the call."""
    return outline(application.call.notice, application.area_code).sections


def missing(application: Application) -> list[Gap]:
    """What stands between this draft and a complete application, in the order of the form. Two queries, or none when
    ``drafts`` and ``attachments`` are prefetched."""
    state = _look(application)
    gaps = []
    for part in state.parts:
        if part.draft is None and part.owed:
            sentences: tuple[str, ...] = (_("Questa sezione è ancora da compilare."),)
        elif part.problems:
            sentences = tuple(problem["sentence"] for problem in part.problems)
        else:
            continue
        gaps.append(Gap(part.section.code, part.section.title, "application_section", part.section.code, sentences))
    if owed := state.owed_apart:
        sentences = tuple(_to_upload(rule.title, rule.code, state.blocked)["sentence"] for rule in owed)
        gaps.append(Gap(ATTACHMENTS, _("Allegati"), "application_attachments", "", sentences))
    return gaps


def tasks(application: Application) -> list[Task]:
    """The hub's rows: the sections, then the attachments when the call asks for some, then sending. Queries as
    :func:`missing`."""
    state = _look(application)
    found = [_section_task(part) for part in state.parts]
    left = sum(
        task.status is not Status.DONE and (part.owed or bool(part.problems))
        for task, part in zip(found, state.parts, strict=True)
    )
    if state.rules_apart:
        found.append(_attachments_task(state))
        left += bool(state.owed_apart)
    found.append(_review_task(application, left))
    return found


def drafts_of(application: Application) -> dict[str, SectionDraft]:
    """The drafts by section, with the problems that they have today."""
    drafts = {draft.section: draft for draft in application.drafts.all()}
    notice, area = application.call.notice, application.area
    known = known_of(application, drafts)
    for section in sections(application):
        draft = drafts.get(section.code)
        if draft is not None and draft.judged_by != (today := judged_by(section, notice, area.code, known)):
            _values, form = read_values(section, notice, area, draft.answers, known)
            draft.problems, draft.judged_by = form.problems(), today
    return drafts


def judged(application: Application, section: Section, typed: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The problems of what is typed in a section, and what they depend on: what ``save_section`` stores with it. One query
    where the section's conditions read other sections."""
    notice, area = application.call.notice, application.area
    rest = application.drafts.all() if reads_earlier(section, notice, area.code) else ()
    known = known_of(application, {draft.section: draft for draft in rest})
    _values, form = read_values(section, notice, area, typed, known)
    return form.problems(), judged_by(section, notice, area.code, known)


def known_of(application: Application, drafts: Mapping[str, SectionDraft]) -> dict[str, Any]:
    """The answers of the draft that conditions read (``applications.sections.conditions``), and the bodies that take part
    where the budget is written by partner: one query more, or none when ``participants`` are prefetched."""
    notice, area_code = application.call.notice, application.area_code
    known = known_answers(notice, area_code, {code: draft.answers for code, draft in drafts.items()})
    budget = notice.budget_for(area_code)
    if budget is not None and budget.by_partner:
        known[PARTNERS] = partners_of(application)
    return known


def partners_of(application: Application) -> dict[str, dict[str, Any]]:
    """The bodies of an application as the budget knows them (``applications.sections.budget.PARTNERS``): a body that has
    joined is called as its profile says."""
    return {str(row.pk): {"name": str(row), "share": row.share} for row in present(application)}


def rules_of(application: Application, drafts: Mapping[str, SectionDraft] | None = None) -> list[AttachmentRule]:
    """The files that the application is asked for, inside the form and apart, as its answers stand."""
    notice, area_code = application.call.notice, application.area_code
    known = known_of(application, drafts_of(application) if drafts is None else drafts)
    asked = asked_codes(notice, area_code, known)
    return [rule for rule in notice.attachments_for(area_code) if holds(rule.when, known, asked)]


def files_of(application: Application, drafts: Mapping[str, SectionDraft] | None = None) -> list[Attachment]:
    """The files that belong to the application now, oldest first."""
    present = (file for file in application.attachments.all() if file.removed_at is None)
    return files_asked(application, drafts_of(application) if drafts is None else drafts, present)


def files_asked(application: Application, drafts: Mapping[str, SectionDraft], files: Iterable[Attachment]) -> list[Attachment]:
    """Those that its answers ask for. What was uploaded for a question or an attachment that they, or the call, no longer
    ask for is kept, and is no part of the application."""
    asked = {rule.code for rule in rules_of(application, drafts)}
    return [file for file in files if file.rule in asked]


def fingerprint(application: Application) -> str:
    """SHA-256 of what a submission would freeze now: what the call asks of its area, the body, version of each section,
    files. An amendment that changes nothing of what it answers (a new deadline) leaves it as it was.

    The page where a person reads everything carries it, and sending compares it: what is sent is what was read."""
    drafts = drafts_of(application)
    return fingerprint_of(application, drafts, files_of(application, drafts))


def fingerprint_of(application: Application, drafts: Mapping[str, SectionDraft], files: Iterable[Attachment]) -> str:
    """The same, from rows that the caller already holds."""
    return digest(
        canonical(
            {
                "asked": answered(application.call.notice, application.area_code),
                "body": body_facts(application.organisation),
                "sections": {code: draft.version for code, draft in drafts.items()},
                "files": sorted(str(attachment.pk) for attachment in files),
            }
            | _group_of(application)
        )
    )


def _group_of(application: Application) -> dict[str, Any]:
    """Nothing where the call wants single bodies: their fingerprints stay as they were."""
    asked = group_section(application.call.notice, application.area_code)
    return {"group": group_mark(application)} if asked else {}


def changed_since_sent(application: Application) -> bool:
    """Would sending now send something else than what counts? Because something was saved after the last sending, or because
    the call asks something else since (``applications.confirming.must_confirm`` tells which)."""
    if application.state != ApplicationState.SUBMITTED:
        return False
    return fingerprint(application) != application.current.reviewed


def _look(application: Application) -> _State:
    drafts = drafts_of(application)
    known = known_of(application, drafts)
    asked = asked_codes(application.call.notice, application.area_code, known)
    present = [file for file in application.attachments.all() if file.removed_at is None]
    held = {file.rule for file in present if not file.is_infected}
    blocked = {file.rule for file in present} - held
    parts = tuple(
        _part(application, section, drafts.get(section.code), asked, held, blocked) for section in sections(application)
    )
    inside = outline(application.call.notice, application.area_code).inside
    apart = (rule for rule in rules_of(application, drafts) if rule.code not in inside)
    return _State(parts, tuple(apart), held, blocked)


def _part(
    application: Application,
    section: Section,
    draft: SectionDraft | None,
    asked: Collection[str],
    held: Collection[str],
    blocked: Collection[str],
) -> Part:
    problems = [problem for found in draft.problems.values() for problem in found] if draft else []
    if section.kind is SectionKind.GROUP and draft:
        problems += group_problems(application, draft.answers)
    if section.kind is not SectionKind.QUESTIONS:
        return Part(section, draft, tuple(problems), asked=True, owed=True)
    problems += [_to_upload(question.label, question.code, blocked) for question in files_missing(section, asked, held)]
    here = [question for question in section.questions if question.code in asked]
    owed = any(question.required and question.type is not QuestionType.FILE for question in here)
    return Part(section, draft, tuple(problems), asked=bool(here), owed=owed)


def _to_upload(title: str, code: str, blocked: Collection[str]) -> dict[str, str]:
    """The problem of a file that is still to come, or to come again because the antivirus has blocked the one there."""
    if code not in blocked:
        return {"code": BLANK, "sentence": _("Carica: %(title)s.") % {"title": title}}
    sentence = _(
        "%(title)s: il file contiene un virus e lo abbiamo bloccato. Controlla il tuo dispositivo e carica un'altra copia."
    )
    return {"code": INFECTED, "sentence": sentence % {"title": title}}


def _section_task(part: Part) -> Task:
    hint = ""
    if not part.asked:
        status, hint = Status.DONE, _("Niente da compilare, per le risposte che hai dato.")
    elif part.draft is None:
        status, hint = _untouched(part)
    elif not part.problems:
        status = Status.DONE
    else:
        wrong = sum(problem["code"] != BLANK for problem in part.problems)
        status = Status.FIX if wrong else Status.DOING
        hint = (
            ngettext("C'è %(n)s risposta da correggere.", "Ci sono %(n)s risposte da correggere.", wrong) % {"n": wrong}
            if wrong
            else ngettext("Manca %(n)s risposta.", "Mancano %(n)s risposte.", len(part.problems)) % {"n": len(part.problems)}
        )
    if part.section.kind is SectionKind.GROUP and part.draft is not None:
        hint = " ".join(problem["sentence"] for problem in part.problems)
    return Task(part.section.code, part.section.title, status, "application_section", part.section.code, hint)


def _untouched(part: Part) -> tuple[Status, str]:
    """Of a section that was never saved: one that asks for files alone may be finished by uploading them."""
    if part.owed or part.problems:
        return Status.TODO, ""
    if any(question.required for question in part.section.questions):
        return Status.DONE, ""
    return Status.TODO, _("Facoltativa.")


def _attachments_task(state: _State) -> Task:
    owed, some = state.owed_apart, any(rule.code in state.held for rule in state.rules_apart)
    if owed:
        status = Status.DOING if some else Status.TODO
        if any(rule.code in state.blocked for rule in owed):
            status = Status.FIX
        names = ", ".join(rule.title for rule in owed)
        hint = ngettext("Manca: %(names)s.", "Mancano: %(names)s.", len(owed)) % {"names": names}
    else:
        required = any(rule.required for rule in state.rules_apart)
        status = Status.DONE if some or required else Status.TODO
        hint = "" if required else _("Facoltativi.")
    return Task(ATTACHMENTS, _("Allegati"), status, "application_attachments", "", hint)


def _review_task(application: Application, left: int) -> Task:
    hint = ""
    if application.state != ApplicationState.DRAFT and not changed_since_sent(application):
        status = Status.DONE
    elif left:
        status, hint = Status.LOCKED, ngettext("Manca %(n)s sezione.", "Mancano %(n)s sezioni.", left) % {"n": left}
    else:
        status = Status.TODO
    return Task(REVIEW, _("Controlla e invia"), status, "application_review", "", hint)
