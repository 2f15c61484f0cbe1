"""The notice before a rejection: the office tells its reasons, the body observes, the office may take the notice back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from applications import points
from applications.models import Application, CheckItem, RejectionNotice
from applications.rejection_rules import against_observing
from applications.transitions import NOTIFY_REJECTION, OBSERVE_REJECTION, TAKE_BACK_REJECTION
from bando.deadlines import term
from workflow.duties import owe
from workflow.perform import perform
from workflow.transition import Attempt, Refused

REJECTION_MAIL = "applications.rejection_mail"


class WrittenMeanwhile(Exception):
    """Somebody else saved the observations since the page was shown: ``notice`` holds their words."""

    def __init__(self, notice: RejectionNotice):
        super().__init__(str(notice))
        self.notice = notice


def notify_rejection(application: Application, *, reasons: str, by: User, at: datetime) -> RejectionNotice:
    """Tell the body why its application is about to be rejected. It has the days of the call, until the end of the last one in
    Rome, to write its observations. Raises :class:`Refused`."""
    made: list[RejectionNotice] = []

    def notify(attempt: Attempt) -> Mapping[str, Any]:
        notice = RejectionNotice.objects.create(
            application=application,
            number=application.rejection_notices.count() + 1,
            reasons=reasons,
            by=by,
            at=at,
            due_at=term(at, application.call.notice.formal_check.rejection_days),
        )
        made.append(notice)
        owe(REJECTION_MAIL, notice.pk, at=at)
        return {"number": notice.number, "due_at": notice.due_at}

    perform(NOTIFY_REJECTION, application, by=by, at=at, reason=reasons, effect=notify)
    return made[0]


def save_observations(notice: RejectionNotice, text: str, *, version: int, by: User, at: datetime) -> None:
    """Keep what was typed so far; nothing is sent. ``version`` is the one that the page was shown. Raises :class:`Refused`, and
    :class:`WrittenMeanwhile` when somebody else saved since: their words stay."""
    with transaction.atomic():
        _lock(notice)
        if against := against_observing(notice, by=by, at=at):
            raise Refused([against])
        if text == notice.typed:
            return
        if version != notice.version:
            raise WrittenMeanwhile(notice)
        notice.typed, notice.version, notice.saved_by, notice.saved_at = text, notice.version + 1, by, at
        notice.save(update_fields=["typed", "version", "saved_by", "saved_at"])


def observe_rejection(notice: RejectionNotice, text: str, *, version: int, by: User, at: datetime) -> None:
    """Send the observations, once, within the term. The check waits for somebody who has read them. Sending again the same
    words changes nothing. Raises as :func:`save_observations`."""

    def observe(attempt: Attempt) -> Mapping[str, Any]:
        if version != notice.version and text != notice.typed:
            raise WrittenMeanwhile(notice)
        notice.typed = notice.observations = text
        notice.observed_by, notice.observed_at = by, at
        notice.save(update_fields=["typed", "observations", "observed_by", "observed_at"])
        CheckItem.objects.create(application=notice.application, code=points.of_observations(notice.number))
        owe(REJECTION_MAIL, f"{notice.pk}:observed", at=at)
        return {"number": notice.number, "text": text}

    with transaction.atomic():
        _lock(notice)
        if notice.observed_at is not None and notice.observations == text:
            return
        perform(
            OBSERVE_REJECTION,
            notice.application,
            by=by,
            at=at,
            on_behalf_of=notice.application.organisation.name,
            data={"notice": notice, "text": text},
            effect=observe,
        )


def take_back_rejection(notice: RejectionNotice, *, reason: str, by: User, at: datetime) -> None:
    """The reasons do not hold: no rejection stands on this notice any more. Raises :class:`Refused`."""

    def close(attempt: Attempt) -> Mapping[str, Any]:
        notice.closed_by, notice.closed_at = by, at
        notice.save(update_fields=["closed_by", "closed_at"])
        owe(REJECTION_MAIL, f"{notice.pk}:taken_back", at=at)
        return {"number": notice.number}

    with transaction.atomic():
        _lock(notice)
        perform(TAKE_BACK_REJECTION, notice.application, by=by, at=at, reason=reason, data={"notice": notice}, effect=close)


def _lock(notice: RejectionNotice) -> None:
    """The application first, as every act does, then the notice as it is stored now."""
    Application.objects.lock(notice.application_id)
    notice.refresh_from_db(from_queryset=RejectionNotice.objects.select_for_update())
