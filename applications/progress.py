"""How far an application is: what is missing, and the tasks of its hub.

Everything is read from what was found when each section was saved (``SectionDraft.problems``): nothing is validated again
here. ``drafts`` and ``attachments`` may be prefetched, so that a list of applications costs no more queries than one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from applications.models import Application, Attachment, SectionDraft
from applications.states import ApplicationState
from bando.notice.document import Section, SectionKind
from workflow.ledger import canonical, digest

BLANK = "required"
"""The code of a problem that is only an answer not given yet."""

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


def is_owed(section: Section) -> bool:
    """Must this section be opened at all? One with optional questions only may stay untouched."""
    return section.kind is not SectionKind.QUESTIONS or any(question.required for question in section.questions)


def sections(application: Application) -> tuple[Section, ...]:
    """The sections that this application fills, in the order of the call."""
    return application.call.notice.sections_for(application.area_code)


def missing(application: Application) -> list[Gap]:
    """What stands between this draft and a complete application, in the order of the form. Two queries, or none when
    ``drafts`` and ``attachments`` are prefetched."""
    drafts = drafts_of(application)
    gaps = []
    for section in sections(application):
        draft = drafts.get(section.code)
        if draft is None and is_owed(section):
            sentences: tuple[str, ...] = (_("Questa sezione è ancora da compilare."),)
        elif draft is not None and draft.problems:
            sentences = tuple(problem["sentence"] for found in draft.problems.values() for problem in found)
        else:
            continue
        gaps.append(Gap(section.code, section.title, "application_section", section.code, sentences))
    if owed := attachments_owed(application):
        sentences = tuple(_("Carica: %(title)s.") % {"title": title} for title in owed)
        gaps.append(Gap(ATTACHMENTS, _("Allegati"), "application_attachments", "", sentences))
    return gaps


def tasks(application: Application) -> list[Task]:
    """The hub's rows: the sections, then the attachments when the call asks for some, then sending."""
    drafts = drafts_of(application)
    found = [_section_task(section, drafts.get(section.code)) for section in sections(application)]
    if task := _attachments_task(application):
        found.append(task)
    left = sum(task.status is not Status.DONE for task in found if _counts(task, application))
    found.append(_review_task(application, left))
    return found


def drafts_of(application: Application) -> dict[str, SectionDraft]:
    return {draft.section: draft for draft in application.drafts.all()}


def files_of(application: Application) -> list[Attachment]:
    """The files that the application holds now, oldest first."""
    return [attachment for attachment in application.attachments.all() if attachment.removed_at is None]


def attachments_owed(application: Application) -> list[str]:
    """The titles of the required attachments that have no file yet."""
    here = Counter(attachment.rule for attachment in files_of(application))
    rules = application.call.notice.attachments_for(application.area_code)
    return [rule.title for rule in rules if rule.required and not here[rule.code]]


def fingerprint(application: Application) -> str:
    """SHA-256 of what a submission would freeze now: version of the call, the body, version of each section, files.

    The page where a person reads everything carries it, and sending compares it: what is sent is what was read."""
    return fingerprint_of(application, drafts_of(application), files_of(application))


def fingerprint_of(application: Application, drafts: Mapping[str, SectionDraft], files: Iterable[Attachment]) -> str:
    """The same, from rows that the caller already holds."""
    return digest(
        canonical(
            {
                "call": application.call.version.sha256,
                "body": body_facts(application.organisation),
                "sections": {code: draft.version for code, draft in drafts.items()},
                "files": sorted(str(attachment.pk) for attachment in files),
            }
        )
    )


def body_facts(body: Organisation) -> dict[str, str]:
    """What a submission says of the body that sends it."""
    return {
        "name": body.name,
        "legal_form": body.legal_form,
        "tax_code": body.tax_code,
        "vat_number": body.vat_number,
        "address": body.address,
        "pec": body.pec,
    }


def changed_since_sent(application: Application) -> bool:
    """Was something saved after the last sending? It does not count until it is sent."""
    if application.state != ApplicationState.SUBMITTED:
        return False
    return fingerprint(application) != application.current.reviewed


def _section_task(section: Section, draft: SectionDraft | None) -> Task:
    hint = ""
    if draft is None:
        status = Status.TODO
        hint = "" if is_owed(section) else _("Facoltativa.")
    elif not draft.problems:
        status = Status.DONE
    else:
        problems = [problem for found in draft.problems.values() for problem in found]
        wrong = sum(problem["code"] != BLANK for problem in problems)
        status = Status.FIX if wrong else Status.DOING
        hint = (
            ngettext("C'è %(n)s risposta da correggere.", "Ci sono %(n)s risposte da correggere.", wrong) % {"n": wrong}
            if wrong
            else ngettext("Manca %(n)s risposta.", "Mancano %(n)s risposte.", len(problems)) % {"n": len(problems)}
        )
    return Task(section.code, section.title, status, "application_section", section.code, hint)


def _attachments_task(application: Application) -> Task | None:
    rules = application.call.notice.attachments_for(application.area_code)
    if not rules:
        return None
    owed, files = attachments_owed(application), files_of(application)
    if owed:
        status = Status.DOING if files else Status.TODO
        hint = ngettext("Manca: %(names)s.", "Mancano: %(names)s.", len(owed)) % {"names": ", ".join(owed)}
    else:
        required = any(rule.required for rule in rules)
        status = Status.DONE if files or required else Status.TODO
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


def _counts(task: Task, application: Application) -> bool:
    """Does this task keep from sending while it is not done? Optional ones do not, unless something in them is wrong."""
    if task.status in {Status.DOING, Status.FIX}:
        return True
    if task.code == ATTACHMENTS:
        return any(rule.required for rule in application.call.notice.attachments_for(application.area_code))
    return any(section.code == task.code and is_owed(section) for section in sections(application))
