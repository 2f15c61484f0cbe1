"""Asking an application to be completed, and answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.attaching import attachment_rule
from applications.actions.sending import ChangedSinceReview, owe_what_follows, write_submission
from applications.completion import completed, fingerprint_of_completion, problems, reopened_files
from applications.completion_rules import against_completing
from applications.models import Application, Attachment, CheckItem, CompletionRequest, Submission
from applications.transitions import COMPLETE, REQUEST_COMPLETION, TAKE_BACK_REQUEST
from bando.clock import now
from documents.uploads import check, store
from workflow.duties import owe
from workflow.perform import perform
from workflow.transition import Attempt, Refused

REQUEST_MAIL = "applications.completion_mail"


class AnsweredMeanwhile(Exception):
    """Somebody else saved the answer since the page was shown. ``request`` is what is stored now; nothing was changed."""

    def __init__(self, request: CompletionRequest):
        super().__init__(str(request))
        self.request = request


def request_completion(
    application: Application,
    *,
    questions: Sequence[str],
    files: Sequence[str],
    due_at: datetime,
    reason: str,
    by: User,
    at: datetime,
) -> CompletionRequest:
    """Ask the body for what is missing or wrong; only ``questions`` and ``files`` (codes of ``applications.completion``) are
    open again, until ``due_at``. Raises :class:`Refused`."""
    made: list[CompletionRequest] = []

    def ask(attempt: Attempt) -> Mapping[str, Any]:
        request = CompletionRequest.objects.create(
            application=application,
            number=application.completion_requests.count() + 1,
            by=by,
            at=at,
            due_at=due_at,
            reason=reason,
            questions=list(questions),
            files=list(files),
        )
        made.append(request)
        owe(REQUEST_MAIL, request.pk, at=at)
        return {"number": request.number, "due_at": due_at, "questions": list(questions), "files": list(files)}

    asked = {"questions": questions, "files": files, "due_at": due_at}
    perform(REQUEST_COMPLETION, application, by=by, at=at, reason=reason, data=asked, effect=ask)
    return made[0]


def take_back_request(request: CompletionRequest, *, reason: str, by: User, at: datetime) -> None:
    """The office no longer needs the answer; what was typed stays readable. Raises :class:`Refused`."""

    def close(attempt: Attempt) -> Mapping[str, Any]:
        request.closed_by, request.closed_at = by, at
        request.save(update_fields=["closed_by", "closed_at"])
        owe(REQUEST_MAIL, f"{request.pk}:taken_back", at=at)
        return {"number": request.number}

    with transaction.atomic():
        _lock(request)
        perform(TAKE_BACK_REQUEST, request.application, by=by, at=at, reason=reason, data={"request": request}, effect=close)


def save_completion(
    request: CompletionRequest, *, typed: Mapping[str, Mapping[str, Any]], base_version: int, by: User, at: datetime
) -> CompletionRequest:
    """Keep what was typed in the answer, right or wrong, by section and input. Raises :class:`Refused` and
    :class:`AnsweredMeanwhile`; saving what is already stored changes nothing."""
    with transaction.atomic():
        _lock(request)
        if against := against_completing(request, by=by, at=at):
            raise Refused([against])
        if request.version and request.typed == typed:
            return request
        if request.version != base_version:
            raise AnsweredMeanwhile(request)
        request.typed, request.version = dict(typed), request.version + 1
        request.saved_by, request.saved_at = by, at
        request.save(update_fields=["typed", "version", "saved_by", "saved_at"])
    return request


def attach_to_completion(
    request: CompletionRequest, rule_code: str, upload: UploadedFile, *, by: User, at: datetime
) -> Attachment:
    """Add a file that was asked again. Raises :class:`Refused`, ``documents.uploads.Unacceptable`` and ``KeyError`` for a
    file that this request does not ask for."""
    if rule_code not in request.files:
        raise KeyError(rule_code)
    if against := against_completing(request, by=by, at=at):
        raise Refused([against])
    rule = attachment_rule(request.application, rule_code)
    _refuse_one_too_many(request, rule_code, rule.max_files)
    document = store(upload, media_type=check(upload, formats=rule.formats, max_bytes=rule.max_bytes), by=by, at=at)
    with transaction.atomic():
        _lock(request)
        _refuse_one_too_many(request, rule_code, rule.max_files)
        return request.application.attachments.create(rule=rule_code, document=document, completion=request)


def remove_from_completion(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a file out of the answer; its row and its content stay. Raises :class:`Refused`."""
    if against := against_completing(attachment.completion, by=by, at=at):
        raise Refused([against])
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at, removed_by=by)


def complete(
    request: CompletionRequest, *, reviewed: str, by: User, at: datetime, clock: Callable[[], datetime] = now
) -> Submission:
    """Send the answer as it was read: ``reviewed`` is the fingerprint that the page showed. The former submission stays
    valid until this one is written. Sending again what was already sent answers the same submission. Raises
    :class:`ChangedSinceReview`, and :class:`Refused` for everything that stands against it."""
    application = request.application

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        if fingerprint_of_completion(request) != reviewed:
            raise ChangedSinceReview([_("La risposta è cambiata dopo che l'hai riletta: rileggila e inviala di nuovo.")])
        if found := problems(request):
            raise Refused(found)
        before = application.current
        answers, manifest = completed(request)
        if (answers, manifest) == (before.answers, before.manifest):
            raise Refused([_("Non hai cambiato niente: correggi o aggiungi quello che l'ufficio ha chiesto.")])
        submission = write_submission(
            application,
            answers=answers,
            manifest=manifest,
            version=before.call_version,
            reviewed=reviewed,
            by=by,
            at=at,
            committed_at=clock(),
            completes=request,
        )
        application.current = submission
        application.save(update_fields=["current"])
        _judge_again(request, before)
        owe_what_follows(submission, at=at)
        return {"number": request.number, "sequence": submission.sequence, "sha256": submission.sha256}

    with transaction.atomic():
        _lock(request)
        if (answer := getattr(request, "answer", None)) and answer.reviewed == reviewed:
            return answer
        perform(
            COMPLETE,
            application,
            by=by,
            at=at,
            on_behalf_of=application.organisation.name,
            data={"request": request},
            effect=freeze,
        )
    return application.current


def _judge_again(request: CompletionRequest, before: Submission) -> None:
    """A verdict on what changed is open again: the official judged something else. The note stays, to be read."""
    touched = [f"attachment.{item.rule.code}" for item in reopened_files(request)]
    request.application.check_items.filter(code__in=touched).update(verdict=CheckItem.Verdict.OPEN)


def _refuse_one_too_many(request: CompletionRequest, code: str, most: int) -> None:
    if request.attachments.filter(rule=code, removed_at=None).count() >= most:
        raise Refused([_("Hai già caricato tutti i file possibili: per cambiarne uno, prima eliminalo.")])


def _lock(request: CompletionRequest) -> None:
    """The application first, as every act does, then the request as it is stored now."""
    Application.objects.select_for_update().only("pk").get(pk=request.application_id)
    request.refresh_from_db(from_queryset=CompletionRequest.objects.select_for_update())
