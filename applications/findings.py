"""What a formal check asks and what the program found about each point: a proposal in words, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from applications.confirming import to_confirm_because_of
from applications.groups.shares import WHOLE, percent
from applications.models import Application, Attachment, Submission
from applications.points import (
    BUDGET,
    CONFIRMED,
    GROUP,
    IN_TIME,
    of_answer,
    of_files,
    of_observations,
    of_requirement,
)
from applications.reading import ReadSection, read_submission
from bando.deadlines import ROME
from bando.notice.document import AttachmentRule, GroupAnswer, Notice, RequirementKind
from bando.notice.visible import rules_asked, together
from bando.templatetags.bando_ui import day, filesize_it, instant, instant_exact
from documents.signatures import in_words, lacks_signature, reading_of, waits_for_reading


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

    @property
    def speaks_for(self) -> bool:
        """Everything that was found speaks for the point, and something was: what a person may accept together with others."""
        return bool(self.findings) and all(finding.sign is Sign.FOR for finding in self.findings)


def points(application: Application, files: Mapping[str, Attachment] | None = None) -> list[Point]:
    """The rows of the check, from what counts and the version of the call that it answered: time, whether it was confirmed
    after an amendment, requirements, attachments, group, budget, answers to requests of completion, observations on a notice of
    rejection. ``files`` are those of the manifest by pk, where they were fetched (:func:`files_of`)."""
    submission, area_code = application.current, application.area_code
    notice = submission.call_version.notice
    read = read_submission(notice, area_code, submission.answers, submission.manifest)
    found = [_time(application.sent_in_time, notice), *_confirmation(application), *_requirements(notice, area_code, read)]
    asked = rules_asked(notice, area_code, together(notice, area_code, submission.answers))
    held = files_of(application) if files is None else files
    found += [_attachment(rule, submission.manifest, held) for rule in asked]
    found += [_group(section, submission.answers.get(section.section.code, {})) for section in read if section.is_group]
    checks = [check for section in read for check in section.checks]
    if checks:
        findings = (Finding(Sign.FOR if check["passed"] else Sign.AGAINST, check["words"]) for check in checks)
        found.append(Point(BUDGET, _("Regole del piano economico"), "", "", tuple(findings)))
    return found + _answers(application) + _observations(application)


def files_of(application: Application) -> dict[str, Attachment]:
    """The files of what counts, by pk as the manifest has it. One query."""
    named = [file["attachment"] for file in application.current.manifest]
    return {str(file.pk): file for file in application.attachments.filter(pk__in=named)}


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


def _observations(application: Application) -> list[Point]:
    """One row for each notice of rejection that was observed: nobody is rejected before somebody has read it."""
    title = _("Osservazioni sul preavviso di rigetto n. %(number)s")
    words = _("Arrivate %(arrived)s. Il termine era %(due)s: in tempo. «Conforme» le accoglie, «Non conforme» no.")
    return [
        Point(
            of_observations(notice.number),
            title % {"number": notice.number},
            notice.observations,
            "",
            (
                Finding(
                    Sign.OFFICE,
                    words % {"arrived": instant_exact(notice.observed_at), "due": instant(notice.due_at)},
                ),
            ),
        )
        for notice in application.rejection_notices.all()
        if notice.observed_at is not None
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


def _attachment(rule: AttachmentRule, manifest: Iterable[Mapping[str, Any]], held: Mapping[str, Attachment]) -> Point:
    files = [file for file in manifest if file["rule"] == rule.code]
    findings: list[Finding] = []
    for file in files:
        row = held.get(file["attachment"])
        if row is not None and row.is_infected:
            findings.append(Finding(Sign.AGAINST, _("«%(name)s» contiene un virus: è bloccato.") % {"name": file["name"]}))
            continue
        words = _("«%(name)s», %(size)s: aperto e controllato all'arrivo.")
        findings.append(Finding(Sign.FOR, words % {"name": file["name"], "size": filesize_it(file["size"])}))
        if rule.signed and row is not None:
            findings.append(_signature(row))
    if not files and rule.required:
        findings = [Finding(Sign.AGAINST, _("Manca: l'avviso lo chiede."))]
    elif not files:
        findings = [Finding(Sign.OFFICE, _("Nessun file: è facoltativo."))]
    return Point(of_files(rule.code), rule.title, rule.text, "", tuple(findings))


def _signature(file: Attachment) -> Finding:
    """The reading of a signature that the call wants. It speaks for the file when nothing in it is doubtful; nobody has checked
    whether a certificate was revoked, and the words say so."""
    document, reading = file.document, reading_of(file.document)
    if lacks_signature(document):
        return Finding(Sign.AGAINST, _("Nel file «%(name)s» non troviamo la firma digitale.") % {"name": document.name})
    if waits_for_reading(document) or reading is None:
        return Finding(Sign.OFFICE, _("Stiamo leggendo le firme del file «%(name)s».") % {"name": document.name})
    clear = not reading.fault and all(
        found["intact"] and found["later"] != "changed" and found["in_force"] and found["known"] for found in reading.signatures
    )
    return Finding(Sign.FOR if clear else Sign.OFFICE, " ".join(in_words(reading)))


def _group(read: ReadSection, answers: Mapping[str, Any]) -> Point:
    """Who takes part together: how, with which shares, and who has confirmed. The lead confirms by sending."""
    members = answers.get("members", ()) if answers.get("form") != GroupAnswer.SINGLE else ()
    findings = [Finding(Sign.FOR, read.group)] if read.group else []
    if members:
        whole = sum(member["share"] or 0 for member in members)
        words = _("Le quote insieme fanno il %(sum)s.") % {"sum": percent(whole)}
        findings.append(Finding(Sign.FOR if whole == WHOLE else Sign.AGAINST, words))
    for member, told in zip(members, read.members, strict=True) if members else ():
        if member["lead"]:
            continue
        words = told.certified or _("Non ha confermato.")
        findings.append(Finding(Sign.FOR if told.certified else Sign.AGAINST, f"{told.name} ({told.share}): {words}"))
    return Point(GROUP, read.section.title, "", "", tuple(findings))
