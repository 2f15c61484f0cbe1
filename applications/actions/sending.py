"""Sending an application, and taking it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.joining import TakesPartElsewhere, take_part, take_part_no_more
from applications.groups.participants import body_facts, chosen_form, group_content, group_section
from applications.models import (
    Application,
    Attachment,
    CompletionRequest,
    NumberGiven,
    Participant,
    SectionDraft,
    Submission,
)
from applications.numbers import application_number
from applications.progress import drafts_of, files_of, fingerprint_of, known_of, sections
from applications.protocol import DUTY as PROTOCOL
from applications.sections import read_values
from applications.states import ENDED_BEFORE_RECEIPT
from applications.transitions import SUBMIT, WITHDRAW
from bando.clock import now
from bando.models import CallVersion
from bando.notice.document import SectionKind
from workflow.duties import owe_all
from workflow.ledger import canonical, digest, plain
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


class ChangedSinceReview(Refused):
    """The application is no longer what the person read before sending it."""


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
        files = files_of(application, drafts)
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
        take_part(application)
        owe_what_follows(submission, at=at)
        return {"number": application.number, "sequence": submission.sequence, "sha256": submission.sha256}

    try:
        perform(
            SUBMIT,
            application,
            by=by,
            at=at,
            on_behalf_of=application.organisation.name,
            effect=freeze,
            look=_look,
            saves=["number", "current"],
        )
    except _Same as found:
        return found.submission
    except TakesPartElsewhere as elsewhere:
        raise Refused([elsewhere.sentence()]) from None
    except Refused:
        if same := _already_sent(application, reviewed):
            return same
        raise
    finally:
        application._prefetched_objects_cache = {}  # it was true under the lock, and may be true no more
    return sent[0]


def withdraw(application: Application, *, by: User, at: datetime, reason: str = "") -> Step:
    """Take the application back until the deadline; its bodies may take part in another. Raises :class:`Refused`."""

    def free(attempt: Attempt) -> None:
        take_part_no_more(application)

    return perform(WITHDRAW, application, by=by, at=at, reason=reason, on_behalf_of=application.organisation.name, effect=free)


class _Same(Exception):
    """This very sending was already done: leave the transaction without doing it twice."""

    def __init__(self, submission: Submission):
        super().__init__(str(submission))
        self.submission = submission


def _look(application: Application) -> None:
    """All that a sending reads, in four statements whatever the call asks."""
    application.refresh_from_db(from_queryset=Application.objects.with_call())
    models.prefetch_related_objects(
        [application],
        "drafts",
        models.Prefetch("attachments", Attachment.objects.present()),
        models.Prefetch("participants", Participant.objects.select_related("organisation", "certified_by")),
    )


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
            if section.kind is SectionKind.GROUP:
                answers[section.code] = group_content(application, chosen_form(notice, draft.answers))
    if application.number is None:
        ordinal = NumberGiven.objects.create(application=application).pk
        application.number = application_number(application.call.slug, at, ordinal)
    return write_submission(
        application,
        answers=answers,
        manifest=json.loads(canonical([attachment.manifest_entry for attachment in files])),
        version=version,
        reviewed=reviewed,
        by=by,
        at=at,
        committed_at=committed_at,
    )


def owe_what_follows(submission: Submission, *, at: datetime) -> None:
    """Inside the transaction that makes ``submission``. The number of the register comes before the receipt: a register that
    is there then answers in time for the paper."""
    owe_all([(name, submission.pk) for name in (PROTOCOL, "applications.receipt", "applications.receipt_mail")], at=at)


def write_submission(
    application: Application,
    *,
    answers: Mapping[str, Any],
    manifest: Sequence[Mapping[str, Any]],
    version: CallVersion,
    reviewed: str,
    by: User,
    at: datetime,
    committed_at: datetime,
    completes: CompletionRequest | None = None,
) -> Submission:
    """The next submission of an application that has its number, made of values and of a manifest in plain JSON; the caller
    holds the lock, judged them and makes it the current one."""
    sequence = application.current.sequence + 1 if application.current else 1
    group = group_section(version.notice, application.area_code)
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
            **({"group": answers[group.code]} if group and group.code in answers else {}),
            **({"completes": {"number": completes.number, "due_at": completes.due_at}} if completes else {}),
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
        manifest=manifest,
        content=content,
        sha256=digest(content),
        reviewed=reviewed,
        completes=completes,
    )
