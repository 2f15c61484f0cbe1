"""Asking an application to be completed, and answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications import points
from applications.actions.saving import PRESENT, Bases, ByUnit, Conflict
from applications.actions.sending import ChangedSinceReview, owe_what_follows, write_submission
from applications.completion import Reply, by_section, fingerprint_of_completion, kept_by_unit, reply, with_what_depends
from applications.completion_rules import against_completing
from applications.findings import points as check_points
from applications.merging import Verdict, fingerprint, merge
from applications.models import Application, CheckItem, CompletionRequest, Submission
from applications.transitions import COMPLETE, REQUEST_COMPLETION, TAKE_BACK_REQUEST
from bando.clock import now
from bando.notice.document import SectionKind
from workflow.duties import owe
from workflow.perform import perform
from workflow.transition import Attempt, Refused

REQUEST_MAIL = "applications.completion_mail"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What became of what was sent. ``bases`` are the fingerprints of the units that are stored as the page has them, ``others``
    the people who saved the same answer a moment ago."""

    request: CompletionRequest
    bases: dict[str, str]
    conflicts: list[Conflict]
    others: list[User]


class AnsweredMeanwhile(Exception):
    """Somebody else changed the same units since the page was shown. The others are saved: ``saved`` says how all stands."""

    def __init__(self, saved: SavedAnswer):
        super().__init__(str(saved.request))
        self.saved = saved


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
    asked = {"questions": questions, "files": files, "due_at": due_at}

    def ask(attempt: Attempt) -> Mapping[str, Any]:
        opened, wanted = with_what_depends(application, questions, files)
        request = CompletionRequest.objects.create(
            application=application,
            number=application.completion_requests.count() + 1,
            by=by,
            at=at,
            due_at=due_at,
            reason=reason,
            questions=opened,
            files=wanted,
        )
        made.append(request)
        owe(REQUEST_MAIL, request.pk, at=at)
        return {"number": request.number, "due_at": due_at, "questions": opened, "files": wanted}

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
        lock_request(request)
        perform(TAKE_BACK_REQUEST, request.application, by=by, at=at, reason=reason, data={"request": request}, effect=close)


def save_completion(
    request: CompletionRequest, *, typed: ByUnit, bases: Bases, by: User, at: datetime, base_version: int | None = None
) -> SavedAnswer:
    """Keep what was typed in some units of the answer, right or wrong, merged as a section's draft is
    (``applications.merging``): a unit that another person changed too stays as it is stored, and is among the conflicts. Of a
    unit without a base ``base_version`` decides: what stands there is what the page was shown if nobody saved since. Raises
    :class:`Refused`; saving what is already stored changes nothing."""
    with transaction.atomic():
        lock_request(request)
        if against := against_completing(request, by=by, at=at):
            raise Refused([against])
        stored = kept_by_unit(request)
        known = dict(bases)
        if request.version == base_version:
            known = {unit: known.get(unit) or [fingerprint(stored.get(unit, {}))] for unit in typed}
        done = merge(stored, typed, known)
        before = request.written
        if done.changes:
            changed = [unit for unit, verdict in done.verdicts.items() if verdict is Verdict.MINE]
            request.written = before | {unit: {"by": by.pk, "at": at.isoformat()} for unit in changed}
            request.typed, request.version = by_section(request, done.answers), request.version + 1
            request.saved_by, request.saved_at = by, at
            request.save(update_fields=["typed", "written", "version", "saved_by", "saved_at"])
    people = {person.pk: person for person in User.objects.filter(pk__in={row["by"] for row in before.values()} - {by.pk})}
    conflicts = [_conflict(request, unit, stored.get(unit, {}), people, by) for unit in done.conflicts]
    near = {row["by"] for row in before.values() if at - datetime.fromisoformat(row["at"]) < PRESENT}
    return SavedAnswer(
        request,
        {unit: fingerprint(typed[unit]) for unit in done.kept},
        conflicts,
        [person for pk, person in people.items() if pk in near],
    )


def _conflict(request: CompletionRequest, unit: str, theirs: dict[str, Any], people: Mapping[Any, User], by: User) -> Conflict:
    """Who wrote a unit is known since its first save; before it, the text is what was sent."""
    row = request.written.get(unit)
    if row is None:
        return Conflict(unit, dict(theirs), request.saved_by or by, request.saved_at or request.at)
    return Conflict(unit, dict(theirs), people.get(row["by"], by), datetime.fromisoformat(row["at"]))


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
        found = reply(request)
        if found.problems:
            raise Refused(found.problems)
        before = application.current
        if found.changes_nothing:
            raise Refused([_("Non hai cambiato niente: correggi o aggiungi quello che l'ufficio ha chiesto.")])
        submission = write_submission(
            application,
            answers=found.answers,
            manifest=found.manifest,
            version=before.call_version,
            reviewed=reviewed,
            by=by,
            at=at,
            committed_at=clock(),
            completes=request,
        )
        application.current = submission
        application.save(update_fields=["current"])
        _judge_again(request, found)
        owe_what_follows(submission, at=at)
        return {"number": request.number, "sequence": submission.sequence, "sha256": submission.sha256}

    with transaction.atomic():
        lock_request(request)
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


def _judge_again(request: CompletionRequest, found: Reply) -> None:
    """A verdict on what changed, or was asked again, is open again: the official judged something else. The notes stay, to be
    read. What the new answers ask has a point of its own from now on, and so has the answer itself: nobody ends a check
    without having read it."""
    application, codes = request.application, {change.point for change in found.changes if change.point}
    codes |= {points.of_files(item.rule.code) for item in found.files}
    if any(part.section.kind is SectionKind.BUDGET for part in found.parts):
        codes.add(points.BUDGET)
    items = application.check_items
    items.filter(code__in=codes).update(verdict=CheckItem.Verdict.OPEN)
    if any(part.section.kind is SectionKind.DECLARATIONS for part in found.parts):
        requirements = items.filter(code__startswith=points.of_requirement(""), verdict=CheckItem.Verdict.NOT_MET)
        requirements.update(verdict=CheckItem.Verdict.OPEN)
    there = set(items.values_list("code", flat=True))
    CheckItem.objects.bulk_create(
        [CheckItem(application=application, code=point.code) for point in check_points(application) if point.code not in there]
    )


def lock_request(request: CompletionRequest) -> None:
    """The application first, as every act does, then the request as it is stored now."""
    Application.objects.lock(request.application_id)
    request.refresh_from_db(from_queryset=CompletionRequest.objects.select_for_update())
