"""A member compares the proposals of an area two by two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.notice.grid import CriterionType
from bando.notice.kinds import plain_decimal
from evaluation.comparing import Preferred
from evaluation.models import UNIT, Comparison, Declaration, Member, Preference
from evaluation.pairwise import PARITY
from evaluation.rules.comparing import against_comparing, criterion_of, degree_problem, standing, to_compare
from evaluation.states import ComparisonState
from evaluation.transitions import (
    FINISH_COMPARISON,
    REOPEN_COMPARISON,
    RESTORE_COMPARISON,
    SAVE_COMPARISON,
    VOID_COMPARISON,
)
from workflow.ledger import canonical, digest
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused


def save_comparison(row: Comparison, cells: Iterable[Preferred], *, by: User, at: datetime) -> Comparison:
    """Keep the cells that are given, complete table or not; the others stay as they are. ``row`` may be one that was never
    saved. Raises :class:`Refused` for a cell that can't be, having kept nothing."""
    with transaction.atomic():
        numbers = _locked(row)
        row = _kept(row)
        if row.state == ComparisonState.VOID and not against_comparing(row.member, to_compare(row.call, row.area_code)):
            # The proposal of the conflict is no longer among those to compare.
            perform(RESTORE_COMPARISON, row, by=by, at=at, reason=_nobody_is_in_conflict())
        if against := reasons_against(SAVE_COMPARISON, row, by=by, at=at):
            raise Refused(against)
        rules = criterion_of(row).pairwise
        found, wrong = [], []
        for cell in cells:
            if not {cell.first, cell.second} <= numbers.keys() or numbers[cell.first] >= numbers[cell.second]:
                wrong.append(_("Una coppia non c'è più: una delle due proposte non è più ammessa. Ricarica la pagina."))
            elif problem := degree_problem(rules, cell.prefers, cell.units):
                wrong.append(problem)
            else:
                parity = cell.prefers == Preference.Prefers.NEITHER
                found.append(
                    Preference(
                        comparison=row,
                        first_id=cell.first,
                        second_id=cell.second,
                        prefers=cell.prefers,
                        units=PARITY if parity else cell.units,
                        note=cell.note.strip(),
                    )
                )
        if wrong:
            raise Refused(list(dict.fromkeys(wrong)))
        Preference.objects.bulk_create(
            found,
            update_conflicts=True,
            unique_fields=["comparison", "first", "second"],
            update_fields=["prefers", "units", "note"],
        )
        if found:
            row.saved_at = at
            row.save(update_fields=["saved_at"])
        return row


def finish_comparison(row: Comparison, *, by: User, at: datetime) -> Step:
    """The table is concluded: every pair is there, and the record keeps them as they will be published."""

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        cells = standing(row).order_by("first__number", "second__number")
        pairs = []
        for first, second, prefers, units in cells.values_list("first__number", "second__number", "prefers", "units"):
            better = [second, first] if prefers == Preference.Prefers.SECOND else [first, second]
            pairs.append([*better, plain_decimal(units * UNIT)])
        return {"area": row.area_code, "criterion": row.criterion, "pairs": pairs, "sha256": digest(canonical(pairs))}

    with transaction.atomic():
        _locked(row)
        return perform(FINISH_COMPARISON, row, by=by, at=at, effect=keep)


def reopen_comparison(row: Comparison, *, by: User, at: datetime, reason: str) -> Step:
    """Take a concluded table back, with a reason, until the evaluation of the area is closed."""
    return perform(REOPEN_COMPARISON, row, by=by, at=at, reason=reason)


def follow_declarations(member: Member, declared: Iterable[Declaration], *, at: datetime) -> None:
    """What the new declarations of ``member`` do to their tables, inside that transaction: with a conflict those of the area
    become void; once there is none any more they can be taken up again. Asks nothing where nobody compares."""
    notice = member.commission.call.notice
    notes: dict[str, str] = {}
    for row in declared:
        area = row.application.area_code
        if any(criterion.type is CriterionType.PAIRWISE for criterion in notice.grid_for(area).criteria):
            notes[area] = row.note or notes.get(area, "")
    if not notes:
        return
    for table in Comparison.objects.filter(member=member, area_code__in=notes).order_by("pk"):
        table.member = member
        free = not against_comparing(member, to_compare(table.call, table.area_code))
        if free == (table.state == ComparisonState.VOID):
            note = notes[table.area_code]
            if free:
                perform(RESTORE_COMPARISON, table, by=member.user, at=at, reason=note or _nobody_is_in_conflict())
            else:
                perform(VOID_COMPARISON, table, by=member.user, at=at, reason=note)


def _nobody_is_in_conflict() -> str:
    return _("Nell'area non c'è più un ente in conflitto.")


def _locked(row: Comparison) -> dict[Any, str]:
    """The proposals to compare, pk to number, locked before the table: so whoever declares or closes is waited for."""
    proposals = to_compare(row.call, row.area_code).order_by("pk").select_for_update(of=("self",))
    return dict(proposals.values_list("pk", "number"))


def _kept(row: Comparison) -> Comparison:
    """The stored table, made now if this is its first save. Two first saves at once wait for each other at the proposals."""
    stored = Comparison.objects.select_related("member__commission__call", "member__user")
    where = {"member": row.member, "area_code": row.area_code, "criterion": row.criterion}
    found = stored.filter(**where).select_for_update(of=("self",)).first()
    return found or Comparison.objects.create(**where)
