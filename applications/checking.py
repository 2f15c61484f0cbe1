"""The formal check of an application: what the call asks, what was found, the verdicts, and the act that ends it.

What the program finds is a proposal in words; the verdict is always a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.confirming import to_confirm_because_of
from applications.models import Application, CheckItem, Submission
from applications.points import BUDGET, CONFIRMED, IN_TIME, of_answer, of_files, of_requirement
from applications.reading import ReadSection, read_submission
from applications.states import ApplicationState
from applications.transitions import ADMIT, NOT_ADMIT, START_CHECK
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import AttachmentRule, Notice, RequirementKind
from bando.notice.visible import rules_asked, together
from bando.rules import is_official
from bando.templatetags.bando_ui import day, filesize_it, instant, instant_exact
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused

OUTCOME_MAIL = "applications.outcome_mail"


class Sign(StrEnum):
    """How a finding looks: it speaks for the requirement, against it, or leaves it to the office."""

    FOR = "for"
    AGAINST = "against"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Finding:
    sign: Sign
    words: str


@dataclass(frozen=True, slots=True)
class Point:
    """One row of the check. ``code`` is that of its :class:`CheckItem`."""

    code: str
    title: str
    text: str
    source: str
    findings: tuple[Finding, ...]


def points(application: Application) -> list[Point]:
    """The rows of the check, from what counts and the version of the call that it answered: time, whether it was confirmed
    after an amendment, requirements, attachments, budget, answers to requests of completion."""
    submission, area_code = application.current, application.area_code
    notice = submission.call_version.notice
    read = read_submission(notice, area_code, submission.answers, submission.manifest)
    found = [_time(application.sent_in_time, notice), *_confirmation(application), *_requirements(notice, area_code, read)]
    asked = rules_asked(notice, area_code, together(notice, area_code, submission.answers))
    found += [_attachment(rule, submission.manifest) for rule in asked]
    checks = [check for section in read for check in section.checks]
    if checks:
        findings = (Finding(Sign.FOR if check["passed"] else Sign.AGAINST, check["words"]) for check in checks)
        found.append(Point(BUDGET, _("Regole del piano economico"), "", "", tuple(findings)))
    return found + _answers(application)


def start_check(application: Application, *, by: User, at: datetime) -> Step:
    """Take the application in hand: from now on each point of the check waits for a verdict. Raises :class:`Refused`.

    The call is locked first: a check and a reopening of the terms exclude each other, and each would see the other too
    late."""

    def open_points(attempt: Attempt) -> Mapping[str, Any]:
        codes = [point.code for point in points(application)]
        CheckItem.objects.bulk_create([CheckItem(application=application, code=code) for code in codes])
        return {"submission": application.current.sha256, "points": codes}

    with transaction.atomic():
        Call.objects.select_for_update().only("pk").get(pk=application.call_id)
        return perform(START_CHECK, application, by=by, at=at, effect=open_points)


@dataclass(frozen=True, slots=True)
class Verdict:
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person left on a point: ``shown`` is what the page held when it was opened, ``chosen`` what came back."""

    shown: Verdict
    chosen: Verdict


def save_verdicts(application: Application, entries: Mapping[str, Entry], *, by: User, at: datetime) -> list[CheckItem]:
    """Keep the verdicts by code of the point, and answer the points that somebody else changed meanwhile.

    Those are left as they are: whoever was about to write over a colleague's verdict reads it first. A point that the
    person did not touch is never written. Raises :class:`Refused` when the check is not under way.
    """
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application.pk)
        if against := is_official(Attempt(locked, by, at)):
            raise Refused([against])
        if locked.state != ApplicationState.CHECKING:
            raise Refused([_("La verifica non è in corso: lo stato è «%(state)s».") % {"state": locked.get_state_display()}])
        changed, contested = [], []
        for item in locked.check_items.select_related("by"):
            entry, stored = entries.get(item.code), Verdict(item.verdict, item.note)
            if entry is None or entry.chosen in {entry.shown, stored}:
                continue
            if stored != entry.shown:
                contested.append(item)
                continue
            item.verdict, item.note, item.by, item.at = entry.chosen.verdict, entry.chosen.note, by, at
            changed.append(item)
        CheckItem.objects.bulk_update(changed, ["verdict", "note", "by", "at"])
    return contested


def admit(application: Application, *, by: User, at: datetime) -> Step:
    """The application goes on to the commission. Raises :class:`Refused`."""
    return perform(ADMIT, application, by=by, at=at, effect=_conclude)


def not_admit(application: Application, *, by: User, at: datetime, reason: str) -> Step:
    """The application stops here; ``reason`` goes to the body. Raises :class:`Refused`."""
    return perform(NOT_ADMIT, application, by=by, at=at, reason=reason, effect=_conclude)


def _conclude(attempt: Attempt) -> Mapping[str, Any]:
    """The verdicts enter the record as they stand at the act: the rows of the check may be read, no longer changed."""
    owe(OUTCOME_MAIL, attempt.row.pk, at=attempt.at)
    items = attempt.row.check_items.order_by("pk").select_related("by")
    return {
        "verdicts": [
            {"code": item.code, "verdict": item.verdict, "note": item.note, "by": item.by_id, "at": item.at} for item in items
        ]
    }


def _time(submission: Submission, notice: Notice) -> Point:
    deadline = notice.calendar.deadline
    if submission.arrived_at <= deadline:
        words = _("Arrivata %(arrived)s. La scadenza era %(deadline)s: in tempo.")
    else:
        words = _("Arrivata %(arrived)s. La scadenza era %(deadline)s: in ritardo.")
    sign = Sign.FOR if submission.arrived_at <= deadline else Sign.AGAINST
    moments = {"arrived": instant_exact(submission.arrived_at), "deadline": instant(deadline)}
    return Point(IN_TIME, _("Domanda arrivata in tempo"), "", "", (Finding(sign, words % moments),))


def _confirmation(application: Application) -> list[Point]:
    """One row when the rules changed after the last sending and it was never confirmed: what was sent stays received, and
    what the change means for it is for a person to judge."""
    causes = to_confirm_because_of(application)
    if not causes:
        return []
    words = _("Rettifica n. %(number)s, %(day)s: %(reason)s")
    findings = tuple(
        Finding(Sign.OFFICE, words % {"number": row.number, "day": day(row.at.astimezone(ROME)), "reason": row.reason})
        for row in causes
    )
    text = _(
        "La domanda risponde alla versione %(sent)s dell'avviso, in vigore c'è la %(now)s, e nessuno l'ha inviata di nuovo. "
        "Resta ricevuta: giudica se quello che è cambiato conta."
    ) % {"sent": application.current.call_version.number, "now": application.call.version.number}
    title = _("Non confermata dopo la rettifica n. %(number)s") % {"number": causes[-1].number}
    return [Point(CONFIRMED, title, text, "", findings)]


def _answers(application: Application) -> list[Point]:
    """One row for each request of completion that was answered: somebody must have read it before the check ends."""
    words = _("Risposta arrivata %(arrived)s. Il termine era %(due)s: in tempo.")
    return [
        Point(
            of_answer(request.number),
            _("Risposta alla richiesta di completamento n. %(number)s") % {"number": request.number},
            request.reason,
            "",
            (
                Finding(
                    Sign.FOR,
                    words % {"arrived": instant_exact(request.answer.arrived_at), "due": instant(request.due_at)},
                ),
            ),
        )
        for request in application.completion_requests.all()
        if hasattr(request, "answer")
    ]


def _requirements(notice: Notice, area_code: str, read: Iterable[ReadSection]) -> list[Point]:
    made = {declared.requirement.code: declared.made for section in read for declared in section.declarations}
    rows = []
    for requirement in notice.requirements_for(area_code):
        if requirement.kind is RequirementKind.CHECK:
            finding = Finding(Sign.OFFICE, _("Lo verifica l'ufficio."))
        elif made.get(requirement.code):
            finding = Finding(Sign.FOR, _("Dichiarato nella domanda."))
        else:
            finding = Finding(Sign.AGAINST, _("Non è dichiarato nella domanda."))
        rows.append(
            Point(of_requirement(requirement.code), requirement.title, requirement.text, requirement.source, (finding,))
        )
    return rows


def _attachment(rule: AttachmentRule, manifest: Iterable[Mapping[str, Any]]) -> Point:
    files = [file for file in manifest if file["rule"] == rule.code]
    findings = tuple(
        Finding(
            Sign.FOR,
            _("«%(name)s», %(size)s: aperto e controllato all'arrivo.")
            % {"name": file["name"], "size": filesize_it(file["size"])},
        )
        for file in files
    )
    if not files and rule.required:
        findings = (Finding(Sign.AGAINST, _("Manca: l'avviso lo chiede.")),)
    elif not files:
        findings = (Finding(Sign.OFFICE, _("Nessun file: è facoltativo.")),)
    return Point(of_files(rule.code), rule.title, rule.text, "", findings)
