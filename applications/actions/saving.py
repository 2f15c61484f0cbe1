"""Keeping what is typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from applications.actions.joining import look_at_certificates
from applications.merging import Merge, filled, fingerprint, merge
from applications.models import Application, SectionDraft, SectionEdit
from applications.rules import against_writing
from applications.sections.units import grouped, unit_of
from workflow.transition import Refused

TOGETHER = timedelta(minutes=5)
"""Saves of one person that follow each other are told as one for so long."""
PRESENT = timedelta(minutes=1)
"""Who saved so short a time ago is still writing."""

ByUnit = Mapping[str, Mapping[str, Any]]
"""What is typed, by unit and then by name of the input."""
Bases = Mapping[str, Sequence[str]]
"""The fingerprints of what a page was shown, and has sent, of each unit."""
Judge = Callable[[dict[str, Any]], tuple[Mapping[str, Any], str]]
"""From the answers of a section to their problems and to what these depend on (``SectionDraft.judged_by``)."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another text of a unit, typed by ``by`` at ``at`` while the page held an older one. ``theirs`` is by name of the input."""

    unit: str
    theirs: dict[str, Any]
    by: User
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of what was sent. ``bases`` are the fingerprints of the units that are stored as the page has them, and
    ``others`` the people who saved in the section a moment ago."""

    draft: SectionDraft
    bases: dict[str, str]
    conflicts: list[Conflict]
    others: list[User]


class ChangedMeanwhile(Exception):
    """Somebody else changed the same units since the page was shown. The others are saved: ``saved`` says how all stands."""

    def __init__(self, saved: Saved):
        super().__init__(str(saved.draft))
        self.saved = saved

    @property
    def draft(self) -> SectionDraft:
        return self.saved.draft


def save_units(
    application: Application,
    section: str,
    *,
    units: Collection[str],
    typed: ByUnit,
    bases: Bases,
    judge: Judge,
    by: User,
    at: datetime,
    apart: bool = False,
) -> Saved:
    """Keep what was typed in some of the ``units`` of a section, right or wrong. A unit that another person changed too, by
    ``applications.merging.judge``, stays as it is stored and is among the conflicts. Raises :class:`Refused` when the
    application is no longer written. ``apart`` gives the save a line of its own in the history, whatever came just before."""
    return _save(application, section, units, lambda _draft: (typed, bases), judge, by=by, at=at, apart=apart)


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
    units: Collection[str] = (),
    bases: Bases | None = None,
) -> SectionDraft:
    """Keep a whole section as its page sends it, unit by unit as :func:`save_units` does. Of a unit without a base
    ``base_version`` decides: the version of the section that the page was shown, 0 when there was none. ``judged_by`` says
    what the problems depend on (``applications.progress.judged``); with "", and when what is stored is not what was typed,
    they are found again by the first who reads. Saving what is already stored changes nothing. Raises
    :class:`ChangedMeanwhile` when some unit could not be saved, and :class:`Refused`."""
    known = bases or {}

    def sent(draft: SectionDraft | None) -> tuple[ByUnit, Bases]:
        stored = grouped(units, draft.answers) if draft else {}
        nobody_else = draft is None or draft.version == base_version
        # What the page does not have was emptied there; but what is stored since, and it never had, is not its own to empty.
        blank = known if bases is not None and not nobody_else else [*known, *stored]
        mine = {unit: {} for unit in blank} | grouped(units, answers)
        found = {unit: known.get(unit) or ([fingerprint(stored.get(unit, {}))] if nobody_else else []) for unit in mine}
        return mine, found

    def judge(kept: dict[str, Any]) -> tuple[Mapping[str, Any], str]:
        return (problems, judged_by) if filled(kept) == filled(answers) else ({}, "")

    saved = _save(application, section, units, sent, judge, by=by, at=at)
    if saved.conflicts:
        raise ChangedMeanwhile(saved)
    return saved.draft


def _save(application: Application, section: str, *how: Any, by: User, at: datetime, apart: bool = False) -> Saved:
    if against := against_writing(application, by=by, at=at):
        raise Refused([against])
    try:
        return _write(application, section, *how, by, at, apart=apart)
    except IntegrityError:  # two first saves at once: the row of the other is there now, and is merged with
        return _write(application, section, *how, by, at, apart=apart)


@transaction.atomic
def _write(
    application: Application,
    section: str,
    units: Collection[str],
    sent: Callable[[SectionDraft | None], tuple[ByUnit, Bases]],
    judge: Judge,
    by: User,
    at: datetime,
    *,
    apart: bool,
) -> Saved:
    draft = application.drafts.select_for_update().filter(section=section).first()
    mine, bases = sent(draft)
    stored = grouped(units, draft.answers) if draft else {}
    done = merge(stored, mine, bases)
    recent: list[SectionEdit] = []
    if draft is None:
        problems, judged_by = judge(done.answers)
        facts = {"answers": done.answers, "problems": problems, "judged_by": judged_by, "saved_by": by, "saved_at": at}
        draft = application.drafts.create(section=section, **facts)
        _remember(draft, done, None, by, at)
    else:
        edits = draft.edits.filter(at__gt=at - TOGETHER).select_related("by").order_by("-version")
        recent = list(edits.only("version", "begun_at", "at", "changes", "draft_id", "by__name", "by__email"))
        if done.changes:
            draft.answers, (draft.problems, draft.judged_by) = done.answers, judge(done.answers)
            draft.saved_by, draft.saved_at = by, at
            draft.version += 1
            draft.save(update_fields=["answers", "problems", "judged_by", "saved_by", "saved_at", "version"])
            look_at_certificates(application, section, at=at)
            _remember(draft, done, None if apart else _shared(recent, by, at), by, at)
        elif not done.conflicts:
            _judge_again(draft, *judge(draft.answers))
    return Saved(
        draft,
        {unit: fingerprint(mine[unit]) for unit in done.kept},
        _conflicts(draft, units, stored, done) if done.conflicts else [],
        list({edit.by_id: edit.by for edit in recent if edit.by_id != by.pk and at - edit.at < PRESENT}.values()),
    )


def _shared(recent: list[SectionEdit], by: User, at: datetime) -> SectionEdit | None:
    """The line of the history that this save goes on with: the last one, if it is of the same person and began a while ago."""
    return recent[0] if recent and recent[0].by_id == by.pk and at - recent[0].begun_at < TOGETHER else None


def _remember(draft: SectionDraft, done: Merge, last: SectionEdit | None, by: User, at: datetime) -> None:
    """The line of this save in the history, or the line that it shares."""
    if last is None:
        draft.edits.create(version=draft.version, by=by, begun_at=at, at=at, changes=done.changes)
        return
    last.version, last.at, last.changes = draft.version, at, last.changes | done.changes
    last.save(update_fields=["version", "at", "changes"])


def _judge_again(draft: SectionDraft, problems: Mapping[str, Any], judged_by: str) -> None:
    """The same answers under other rules: nobody wrote anything, so the version stays."""
    if (draft.problems, draft.judged_by) != (problems, judged_by):
        draft.problems, draft.judged_by = problems, judged_by
        draft.save(update_fields=["problems", "judged_by"])


def _conflicts(draft: SectionDraft, units: Collection[str], stored: ByUnit, done: Merge) -> list[Conflict]:
    """Each with who wrote the text that is stored. What is not in the history was there before it began."""
    found = {}
    for edit in draft.edits.select_related("by").order_by("-version"):
        for name in edit.changes:
            found.setdefault(unit_of(units, name), (edit.by, edit.at))
    before = draft.saved_by, draft.saved_at
    return [Conflict(unit, dict(stored.get(unit, {})), *found.get(unit, before)) for unit in done.conflicts]
