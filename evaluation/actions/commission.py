"""The commission is appointed, and its members declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from bando.models import Call
from evaluation.actions.comparing import follow_declarations
from evaluation.models import Commission, Declaration, Member, Sheet
from evaluation.rules.collegial import marks_alone
from evaluation.rules.commission import (
    Decisions,
    Seats,
    areas_to_check,
    bodies_of,
    does_not_act_for_the_body,
    names_are_known,
    warnings_on,
)
from evaluation.states import SheetState
from evaluation.transitions import (
    APPOINT,
    RESTORE,
    VOID,
)
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def appoint_commission(
    call: Call,
    *,
    members: Seats,
    act_number: str,
    act_date: date | None,
    decisions: Decisions | None = None,
    by: User,
    at: datetime,
) -> Commission:
    """Appoint the commission of a call, after its deadline. ``members`` are people with a ``MemberRole``, in the order of
    the act. Each warning on them wants its written decision; both are kept with the act."""
    made: list[Commission] = []
    decided = decisions or {}
    warnings = warnings_on(call, members)

    def seat(attempt: Attempt) -> Mapping[str, Any]:
        commission = Commission.objects.create(
            call=call, act_number=act_number.strip(), act_date=act_date, appointed_at=at, appointed_by=by
        )
        Member.objects.bulk_create(
            [Member(commission=commission, user=user, role=role, order=order) for order, (user, role) in enumerate(members, 1)]
        )
        made.append(commission)
        return {
            "act": {"number": commission.act_number, "date": act_date},
            "members": [{"user": user.pk, "role": str(role)} for user, role in members],
            "warnings": weighed(warnings, decided),
        }

    data = {
        "members": members,
        "act_number": act_number,
        "act_date": act_date,
        "warnings": warnings,
        "decisions": decided,
    }
    perform(APPOINT, call, by=by, at=at, data=data, effect=seat)
    return made[0]


def weighed(warnings: Iterable[str], decisions: Decisions) -> list[dict[str, str]]:
    """What the record keeps of the warnings: each with why the person sits all the same."""
    return [{"warning": text, "decision": decisions[text].strip()} for text in warnings]


def declare(member: Member, application: Application, *, in_conflict: bool, note: str = "", at: datetime) -> Declaration:
    """A member says whether they have ties with the body of one admitted proposal. Without a conflict their sheet opens;
    with one, a sheet already opened becomes void. Saying the same again changes nothing."""
    if refused := declare_all(member, [(application, in_conflict, note)], at=at):
        raise Refused(refused[application.pk])
    return Declaration.objects.filter(member=member, application=application).latest("pk")


def declare_all(member: Member, said: Iterable[tuple[Application, bool, str]], *, at: datetime) -> dict[Any, list[str]]:
    """The same of many proposals at once: each with whether there is a conflict, and the note. Each stands by itself: those
    that can't be declared change nothing, and their reasons are answered by the pk of the application.

    The number of queries does not grow with them, but for sheets that become void or come back: each of those is an act."""
    given = {application.pk: (in_conflict, note.strip()) for application, in_conflict, note in said}
    with transaction.atomic():
        # The application is the lock between a declaration and the closing of the evaluation.
        rows = Application.objects.filter(pk__in=given).select_related("organisation", "call").order_by("pk")
        rows = rows.prefetch_related("participants__organisation")
        locked = {row.pk: row for row in rows.select_for_update(of=("self",))}
        unfinished, bodies = areas_to_check(locked.values()), bodies_of(member.user)
        last = {
            row.application_id: row for row in Declaration.objects.filter(member=member, application__in=given).order_by("pk")
        }
        sheets = {row.application_id: row for row in Sheet.objects.filter(member=member, application__in=given)}
        refused: dict[Any, list[str]] = {}
        made: list[Declaration] = []
        for pk, (in_conflict, note) in given.items():
            against = [names_are_known(locked[pk], unfinished)]
            if not in_conflict:
                against.append(does_not_act_for_the_body(locked[pk], bodies))
            reasons = [reason for reason in against if reason]
            before = last.get(pk)
            if not reasons and before is not None:
                if (before.in_conflict, before.note) == (in_conflict, note):
                    continue
                if before.in_conflict and not in_conflict and not note:
                    reasons = [_("Avevi dichiarato un conflitto. Scrivi nella nota perché non c'è più.")]
            if reasons:
                refused[pk] = reasons
            else:
                made.append(Declaration(member=member, application=locked[pk], in_conflict=in_conflict, note=note, at=at))
        Declaration.objects.bulk_create(made)
        Sheet.objects.bulk_create(
            [
                Sheet(member=member, application=row.application)
                for row in made
                if not row.in_conflict and row.application_id not in sheets and marks_alone(member, row.application.area_code)
            ]
        )
        for row in made:
            sheet = sheets.get(row.application_id)
            if sheet is not None and row.in_conflict == (sheet.state != SheetState.VOID):
                perform(VOID if row.in_conflict else RESTORE, sheet, by=member.user, at=at, reason=row.note)
        follow_declarations(member, made, at=at)
    return refused
