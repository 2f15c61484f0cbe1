"""Keeping what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from applications.models import Application, SectionDraft
from applications.rules import against_writing
from workflow.transition import Refused


class ChangedMeanwhile(Exception):
    """Somebody else saved the section since the page was shown. ``draft`` is what is stored now; nothing was changed."""

    def __init__(self, draft: SectionDraft):
        super().__init__(str(draft))
        self.draft = draft


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
