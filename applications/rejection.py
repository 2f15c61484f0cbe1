"""The notice before a rejection (art. 10-bis L. 241/1990), as it stands at a moment."""

from __future__ import annotations

from datetime import datetime

from applications.models import Application, RejectionNotice

LONGEST_OBSERVATIONS = 10_000


def is_open(notice: RejectionNotice, at: datetime) -> bool:
    """The body may still write its observations: ``due_at`` itself is in time."""
    return notice.closed_at is None and notice.observed_at is None and at <= notice.due_at


def waiting_for_observations(application: Application, at: datetime) -> RejectionNotice | None:
    """The notice that the body may still answer at ``at``. No query when ``rejection_notices`` were fetched."""
    return next((notice for notice in application.rejection_notices.all() if is_open(notice, at)), None)


def standing_notice(application: Application) -> RejectionNotice | None:
    """The last notice that was not taken back: the one on which a rejection stands."""
    return next((notice for notice in reversed(application.rejection_notices.all()) if notice.closed_at is None), None)
