"""What an applicant does, one function per verb. ``at`` is always the moment at which the request arrived."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation, User
from applications.models import Application, Attachment, NumberGiven, SectionDraft, Submission
from applications.numbers import application_number
from applications.progress import body_facts, drafts_of, files_asked, fingerprint_of, known_of, sections
from applications.rules import against_starting, against_writing
from applications.sections import read_values
from applications.states import ENDED_BEFORE_RECEIPT
from applications.transitions import SUBMIT, WITHDRAW
from bando.clock import now
from bando.models import Call
from bando.notice.document import AttachmentRule
from documents.uploads import check, store
from workflow.duties import owe
from workflow.ledger import canonical, digest, plain
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


class ChangedMeanwhile(Exception):
    """Somebody else saved the section since the page was shown. ``draft`` is what is stored now; nothing was changed."""

    def __init__(self, draft: SectionDraft):
        super().__init__(str(draft))
        self.draft = draft


class ChangedSinceReview(Refused):
    """The application is no longer what the person read before sending it."""


def start_application(call: Call, area_code: str, organisation: Organisation, *, by: User, at: datetime) -> Application:
    """A draft for one body and one area. Raises :class:`Refused`."""
    application = Application(call=call, area_code=area_code, organisation=organisation, created_by=by, created_at=at)
    if against := against_starting(application, by=by, at=at):
        raise Refused([against])
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError:  # two people of the body pressed at once: the constraint let one through
        raise Refused([against_starting(application, by=by, at=at) or _("La domanda c'è già: la trovi tra le tue.")]) from None
    return application


def save_section(
    application: Application,
    section: str,
    *,
    answers: Mapping[str, Any],
    problems: Mapping[str, Any],
    base_version: int,
    by: User,
    at: datetime,
    judged_by: str = "",
) -> SectionDraft:
    """Keep what was typed in one section, right or wrong. ``base_version`` is the version that the page was shown (0 when
    there was none): if another one is stored, raises :class:`ChangedMeanwhile`; raises :class:`Refused` when the
    application is no longer written. Saving what is already stored changes nothing. ``judged_by`` says what the problems
    depend on (``applications.progress.judged``): "" has them found again by the first who reads.
    """
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    try:
        with transaction.atomic():
            draft = application.drafts.select_for_update(of=("self",)).filter(section=section).first()
            if draft is None:
                return application.drafts.create(
                    section=section, answers=answers, problems=problems, judged_by=judged_by, saved_by=by, saved_at=at
                )
            if draft.answers == answers:
                _judge_again(draft, problems, judged_by)
                return draft
            if draft.version != base_version:
                raise ChangedMeanwhile(draft)
            draft.answers, draft.problems, draft.judged_by = answers, problems, judged_by
            draft.saved_by, draft.saved_at = by, at
            draft.version += 1
            draft.save(update_fields=["answers", "problems", "judged_by", "saved_by", "saved_at", "version"])
            return draft
    except IntegrityError:  # two first saves at once: the other one is there now, and may be the same pressed twice
        draft = application.drafts.get(section=section)
        if draft.answers == answers:
            return draft
        raise ChangedMeanwhile(draft) from None


def _judge_again(draft: SectionDraft, problems: Mapping[str, Any], judged_by: str) -> None:
    """The same answers under other rules: nobody wrote anything, so the version stays."""
    if (draft.problems, draft.judged_by) != (problems, judged_by):
        draft.problems, draft.judged_by = problems, judged_by
        draft.save(update_fields=["problems", "judged_by"])


def attach(application: Application, rule_code: str, upload: UploadedFile, *, by: User, at: datetime) -> Attachment:
    """Add one file. Raises :class:`Refused`, ``documents.uploads.Unacceptable`` when the file itself can't be taken, and
    ``KeyError`` for a rule that the call does not have."""
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    rule = attachment_rule(application, rule_code)
    _refuse_one_too_many(application, rule)
    media_type = check(upload, formats=rule.formats, max_bytes=rule.max_bytes)
    document = store(upload, media_type=media_type, by=by, at=at)
    with transaction.atomic():
        _lock(application)
        _refuse_one_too_many(application, rule)
        return application.attachments.create(rule=rule.code, document=document)


def remove_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a file out of the draft; its row and its content stay. Raises :class:`Refused`."""
    if against := against_writing(attachment.application, by=by, at=at):
        raise Refused([against])
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at, removed_by=by)


def restore_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Put back a file that was taken out. Raises :class:`Refused`."""
    application = attachment.application
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    with transaction.atomic():
        _lock(application)
        if Attachment.objects.filter(pk=attachment.pk, removed_at=None).exists():
            return
        _refuse_one_too_many(application, attachment_rule(application, attachment.rule))
        Attachment.objects.filter(pk=attachment.pk).update(removed_at=None, removed_by=None)


def submit(
    application: Application, *, reviewed: str, by: User, at: datetime, clock: Callable[[], datetime] = now
) -> Submission:
    """Send the application as it was read: ``reviewed`` is the fingerprint that the review page showed.

    Sending again what was already sent answers the same submission, whoever asks and however late: a double click, a
    retry or a lost answer gives one number. Raises :class:`ChangedSinceReview` when something was saved since the review,
    and :class:`Refused` for everything that stands against it; then nothing has changed.
    """
    sent: list[Submission] = []

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        if same := _already_sent(application, reviewed):
            raise _Same(same)
        drafts = drafts_of(application)
        files = files_asked(application, drafts, application.attachments.present())
        if fingerprint_of(application, drafts, files) != reviewed:
            raise ChangedSinceReview(
                [
                    _(
                        "La domanda, o quello che l'avviso chiede, è cambiata dopo che l'hai riletta: qui sotto trovi com'è "
                        "adesso. Rileggila e inviala di nuovo."
                    )
                ]
            )
        # The one place that reads the clock again: `at` is when the request arrived and decides; this is when it was
        # written, after waiting for the lock. Both stand in the receipt.
        submission = _frozen(application, drafts, files, reviewed=reviewed, by=by, at=at, committed_at=clock())
        sent.append(submission)
        application.current = submission
        application.save(update_fields=["number", "current"])
        owe("applications.receipt", submission.pk, at=at)
        owe("applications.receipt_mail", submission.pk, at=at)
        return {"number": application.number, "sequence": submission.sequence, "sha256": submission.sha256}

    try:
        perform(SUBMIT, application, by=by, at=at, on_behalf_of=application.organisation.name, effect=freeze)
    except _Same as found:
        return found.submission
    except Refused:
        if same := _already_sent(application, reviewed):
            return same
        raise
    return sent[0]


def withdraw(application: Application, *, by: User, at: datetime, reason: str = "") -> Step:
    """Take the application back until the deadline; the body may start another. Raises :class:`Refused`."""
    return perform(WITHDRAW, application, by=by, at=at, reason=reason, on_behalf_of=application.organisation.name)


def attachment_rule(application: Application, code: str) -> AttachmentRule:
    """The rule of the call with this code. Raises ``KeyError``."""
    for rule in application.call.notice.attachments_for(application.area_code):
        if rule.code == code:
            return rule
    raise KeyError(code)


class _Same(Exception):
    """This very sending was already done: leave the transaction without doing it twice."""

    def __init__(self, submission: Submission):
        super().__init__(str(submission))
        self.submission = submission


def _already_sent(application: Application, reviewed: str) -> Submission | None:
    current = application.current
    if current and current.reviewed == reviewed and application.state not in ENDED_BEFORE_RECEIPT:
        return current
    return None


def _frozen(
    application: Application,
    drafts: Mapping[str, SectionDraft],
    files: Sequence[Attachment],
    *,
    reviewed: str,
    by: User,
    at: datetime,
    committed_at: datetime,
) -> Submission:
    """The submission of what stands in the draft now, validated once more section by section."""
    notice, area, version = application.call.notice, application.area, application.call.version
    answers, known = {}, known_of(application, drafts)
    for section in sections(application):
        if draft := drafts.get(section.code):
            values, form = read_values(section, notice, area, draft.answers, known)
            if form.errors:
                raise Refused(
                    [_("La sezione «%(title)s» è da correggere: aprila e salvala di nuovo.") % {"title": section.title}]
                )
            answers[section.code] = plain(values)
    if application.number is None:
        ordinal = NumberGiven.objects.create(application=application).pk
        application.number = application_number(application.call.slug, at, ordinal)
    manifest = [_in_manifest(attachment) for attachment in files]
    sequence = application.current.sequence + 1 if application.current else 1
    content = canonical(
        {
            "format": "bando/submission/1",
            "number": application.number,
            "sequence": sequence,
            "call": {"id": application.call.slug, "version": version.number, "sha256": version.sha256},
            "area": application.area_code,
            "body": body_facts(application.organisation),
            "by": {"name": by.name, "email": by.email},
            "arrived_at": at,
            "committed_at": committed_at,
            "answers": answers,
            "files": manifest,
        }
    )
    return Submission.objects.create(
        application=application,
        sequence=sequence,
        call_version=version,
        by=by,
        arrived_at=at,
        committed_at=committed_at,
        answers=answers,
        manifest=json.loads(canonical(manifest)),
        content=content,
        sha256=digest(content),
        reviewed=reviewed,
    )


def _in_manifest(attachment: Attachment) -> dict[str, Any]:
    document = attachment.document
    return {
        "attachment": attachment.pk,
        "rule": attachment.rule,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "received_at": document.received_at,
    }


def _refuse_one_too_many(application: Application, rule: AttachmentRule) -> None:
    if application.attachments.filter(rule=rule.code, removed_at=None).count() >= rule.max_files:
        raise Refused(
            [
                ngettext(
                    "Per «%(title)s» c'è posto per %(n)s file solo: elimina quello che c'è e carica l'altro.",
                    "Per «%(title)s» puoi caricare al massimo %(n)s file: eliminane uno e carica l'altro.",
                    rule.max_files,
                )
                % {"title": rule.title, "n": rule.max_files}
            ]
        )


def _lock(application: Application) -> None:
    """Two files at once count one after the other."""
    Application.objects.select_for_update().only("pk").get(pk=application.pk)
