"""A member marks a proposal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from applications.merging import Verdict
from bando.notice.grid import CriterionType, Grid
from evaluation.asked import asked_grid, seats_for
from evaluation.models import UNIT, Mark, MarkEdit, Sheet
from evaluation.remembering import NOTHING, Line, Written, lines
from evaluation.rules.marking import mark_problem
from evaluation.transitions import (
    FINISH,
    REOPEN,
    SAVE,
)
from workflow.ledger import canonical, digest
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused

_NAME_OF_A_MARK = {
    CriterionType.COEFFICIENT: "coefficient",
    CriterionType.LEVELS: "points",
    CriterionType.POINTS: "points",
}


Given = Mapping[str, tuple[Decimal | None, str]]
"""Criterion code to (what was found or ``None``, written reason): a coefficient of the scale, points, a quantity, 1 or 0 for
yes or no, as the type of the criterion says."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page knew when it sent its marks: ``bases`` by criterion, the fingerprints (``Written.base``) of what it was shown
    and of what it sent without an answer; where it doesn't say, a sheet on which nothing was marked. ``said`` are the facts
    that the proposal states, which stand in the fields before anybody marked them; ``confirmed`` the criteria whose fact is
    confirmed as it stands."""

    bases: Mapping[str, Sequence[str]]
    said: Mapping[str, int]
    confirmed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """What stands for a criterion that was changed since the page was shown: by whom and when, if the history knows."""

    theirs: Written
    by: User | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands on the sheet after a save, by criterion, and the criteria that were not saved because two texts of them
    wait for a choice."""

    marks: dict[str, Written]
    clashes: dict[str, Clash]


def save_marks(sheet: Sheet, marks: Given, *, by: User, at: datetime, shown: Shown | None = None) -> Saved:
    """Keep what a member has marked so far, complete or not; criteria that are not given stay as they are. With what the page
    was ``shown``, a criterion that was changed elsewhere meanwhile is not written over: it is among the clashes.

    Raises :class:`Refused` for a criterion that the sheet does not ask and for what can't be found on one, having kept
    nothing."""
    with transaction.atomic():
        grid = _locked(sheet, by=by, at=at)
        _check(sheet, grid, marks)
        given = {code: Written.of(value, reason) for code, (value, reason) in marks.items()}
        return _write(sheet, given, by=by, at=at, shown=shown)


def take_back(sheet: Sheet, moment: MarkEdit, *, by: User, at: datetime) -> Saved:
    """Bring the sheet back to what stood after ``moment``, as a save like any other: the history keeps what it replaces.
    Criteria that the sheet does not ask any more stay as they are; so do those marked before there was a history."""
    with transaction.atomic():
        grid = _locked(sheet, by=by, at=at)
        began = set(sheet.edits.values_list("criterion", flat=True))
        last = last_lines(sheet, [criterion.code for criterion in grid.criteria], until=moment.pk)
        then = {c.code: last[c.code].written if c.code in last else NOTHING for c in grid.criteria if c.code in began}
        return _write(sheet, then, by=by, at=at, apart=True)


def last_lines(sheet: Sheet, criteria: Collection[str], *, until: int | None = None) -> dict[str, Line]:
    """The last line of the history of each criterion, or the last one up to the line ``until``; ``by`` is the person."""
    rows = sheet.edits.filter(criterion__in=criteria)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    latest = rows.order_by().values("criterion").annotate(latest=Max("pk")).values("latest")
    found = MarkEdit.objects.filter(pk__in=latest).select_related("by")
    return {edit.criterion: Line(Written(edit.units, edit.reason), edit.by, edit.at) for edit in found}


def finish_sheet(sheet: Sheet, *, by: User, at: datetime) -> Step:
    """The sheet is concluded: every criterion has its mark and its reason, which the record keeps."""
    application = sheet.application
    types = {c.code: c.type for c in asked_grid(application.call, application.area_code).criteria}

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        written = sheet.marks.filter(criterion__in=types).order_by("criterion")
        marks = {
            code: {_NAME_OF_A_MARK.get(types[code], "quantity"): units * UNIT, "reason": reason}
            for code, units, reason in written.values_list("criterion", "units", "reason")
        }
        return {"marks": marks, "sha256": digest(canonical(marks))}

    return perform(FINISH, sheet, by=by, at=at, effect=keep)


def reopen_sheet(sheet: Sheet, *, by: User, at: datetime, reason: str) -> Step:
    """Take a concluded sheet back, with a reason, until the evaluation of the area is closed."""
    return perform(REOPEN, sheet, by=by, at=at, reason=reason)


def _locked(sheet: Sheet, *, by: User, at: datetime) -> Grid:
    """The grid that the sheet asks, with its row locked and the rules of a save asked."""
    sheet.refresh_from_db(fields=["state", "saved_at"], from_queryset=Sheet.objects.select_for_update())
    if against := reasons_against(SAVE, sheet, by=by, at=at):
        raise Refused(against)
    return asked_grid(sheet.application.call, sheet.application.area_code)


def _check(sheet: Sheet, grid: Grid, marks: Given) -> None:
    criteria = {criterion.code: criterion for criterion in grid.criteria}
    wrong = [_("La griglia non ha il criterio «%(code)s».") % {"code": code} for code in marks if code not in criteria]
    seats = seats_for(sheet, grid)
    wrong += [
        problem
        for code, (value, _reason) in marks.items()
        if code in criteria and (problem := mark_problem(grid, criteria[code], value, seats))
    ]
    if wrong:
        raise Refused(list(dict.fromkeys(wrong)))


def _write(
    sheet: Sheet, given: Mapping[str, Written], *, by: User, at: datetime, shown: Shown | None = None, apart: bool = False
) -> Saved:
    stored = {mark.criterion: Written(mark.units, mark.reason) for mark in sheet.marks.all()}
    changes, clashing = _changes(stored, given, shown)
    last = last_lines(sheet, [*changes, *clashing]) if changes or clashing else {}
    if changes:
        Mark.objects.bulk_create(
            [Mark(sheet=sheet, criterion=code, units=new.units, reason=new.reason) for code, new in changes.items()],
            update_conflicts=True,
            unique_fields=["sheet", "criterion"],
            update_fields=["units", "reason"],
        )
        MarkEdit.objects.bulk_create(
            [
                MarkEdit(
                    sheet=sheet, criterion=code, units=line.written.units, reason=line.written.reason, by=line.by, at=line.at
                )
                for code, new in changes.items()
                for line in lines(
                    stored.get(code, NOTHING), last.get(code), new, by=by, at=at, saved_at=sheet.saved_at, apart=apart
                )
            ]
        )
        sheet.saved_at = at
        sheet.save(update_fields=["saved_at"])
    clashes = {
        code: Clash(stored.get(code, NOTHING), *((last[code].by, last[code].at) if code in last else (None, None)))
        for code in clashing
    }
    return Saved(stored | changes, clashes)


def _changes(
    stored: Mapping[str, Written], given: Mapping[str, Written], shown: Shown | None
) -> tuple[dict[str, Written], list[str]]:
    """What is to be written, and the criteria of which two texts wait for a choice."""
    changes, clashing = {}, []
    for code, new in given.items():
        before = stored.get(code, NOTHING)
        if shown is None:
            verdict = Verdict.MINE
        else:
            stands = before if before.units is not None else Written(shown.said.get(code), before.reason)
            verdict = stands.against(new, shown.bases.get(code, (Written(shown.said.get(code)).base,)))
            if code in shown.confirmed and verdict is not Verdict.BOTH and before.units is None:
                verdict = Verdict.MINE
        if verdict is Verdict.BOTH:
            clashing.append(code)
        elif verdict is Verdict.MINE and new != before:
            changes[code] = new
    return changes, clashing
