"""A member marks a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.notice.grid import CriterionType
from evaluation.models import UNIT, Mark, Sheet
from evaluation.progress import seats_of
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


def save_marks(sheet: Sheet, marks: Given, *, by: User, at: datetime) -> None:
    """Keep what a member has marked so far, complete or not; criteria that are not given stay as they are.

    Raises :class:`Refused` for a criterion that the grid does not have and for what can't be found on one, having kept
    nothing."""
    with transaction.atomic():
        sheet.refresh_from_db(from_queryset=Sheet.objects.with_call().select_for_update(of=("self",)))
        if against := reasons_against(SAVE, sheet, by=by, at=at):
            raise Refused(against)
        application = sheet.application
        grid = application.call.notice.grid_for(application.area_code)
        criteria = {criterion.code: criterion for criterion in grid.criteria}
        wrong = [_("La griglia non ha il criterio «%(code)s».") % {"code": code} for code in marks if code not in criteria]
        seats = seats_of(sheet.member.commission, grid)
        wrong += [
            problem
            for code, (value, _reason) in marks.items()
            if code in criteria and (problem := mark_problem(grid, criteria[code], value, seats))
        ]
        if wrong:
            raise Refused(list(dict.fromkeys(wrong)))
        Mark.objects.bulk_create(
            [
                Mark(
                    sheet=sheet,
                    criterion=code,
                    units=None if value is None else int(value / UNIT),
                    reason=reason.strip(),
                )
                for code, (value, reason) in marks.items()
            ],
            update_conflicts=True,
            unique_fields=["sheet", "criterion"],
            update_fields=["units", "reason"],
        )
        sheet.saved_at = at
        sheet.save(update_fields=["saved_at"])


def finish_sheet(sheet: Sheet, *, by: User, at: datetime) -> Step:
    """The sheet is concluded: every criterion has its mark and its reason, which the record keeps."""
    application = sheet.application
    types = {c.code: c.type for c in application.call.notice.grid_for(application.area_code).criteria}

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        marks = {
            code: {_NAME_OF_A_MARK.get(types[code], "quantity"): units * UNIT, "reason": reason}
            for code, units, reason in sheet.marks.order_by("criterion").values_list("criterion", "units", "reason")
        }
        return {"marks": marks, "sha256": digest(canonical(marks))}

    return perform(FINISH, sheet, by=by, at=at, effect=keep)


def reopen_sheet(sheet: Sheet, *, by: User, at: datetime, reason: str) -> Step:
    """Take a concluded sheet back, with a reason, until the evaluation of the area is closed."""
    return perform(REOPEN, sheet, by=by, at=at, reason=reason)
