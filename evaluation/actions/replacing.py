"""A member leaves the commission and another takes the seat; the evaluation of an area begins again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from evaluation.actions.commission import weighed
from evaluation.models import Comparison, Member, Ranking, Sheet
from evaluation.rules.commission import Decisions, warnings_on
from evaluation.states import ComparisonState, RankingState, SheetState
from evaluation.transitions import (
    REOPEN_BY_REPLACEMENT,
    REOPEN_EVALUATION,
    REPLACE_MEMBER,
    VOID_BY_REPLACEMENT,
    VOID_COMPARISON_BY_REPLACEMENT,
)
from workflow.models import Step
from workflow.perform import perform, perform_all
from workflow.transition import Attempt, Refused

STILL_MARKED = (S.ADMITTED, S.EVALUATED, S.RANKED)


def replace_member(
    leaving: Member,
    joining: User,
    *,
    reason: str,
    act_number: str,
    act_date: date | None,
    decisions: Decisions | None = None,
    by: User,
    at: datetime,
) -> Member:
    """``joining``, a substitute or somebody new, takes the seat of ``leaving`` with the same role, by an act with its reason.

    The sheets and the comparisons of who leaves become void wherever no final ranking rests on them, and a sheet of the whole
    commission opens again, because another commission answers for it. An area already closed is evaluated again. Raises
    :class:`Refused`, having changed nothing."""
    commission, call = leaving.commission, leaving.commission.call
    decided, warnings = decisions or {}, warnings_on(call, [(joining, leaving.role)])
    made: list[Member] = []

    def change(attempt: Attempt) -> Mapping[str, Any]:
        made.append(_seat(leaving, joining, at=at))
        return {
            "act": {"number": act_number.strip(), "date": act_date},
            "leaves": {"user": leaving.user_id, "name": leaving.user.name, "role": str(leaving.role)},
            "joins": {"user": joining.pk, "name": joining.name},
            "warnings": weighed(warnings, decided),
        }

    with transaction.atomic():
        # The same order as that of declaring and closing: the proposals, then what was written on them.
        list(_still_marked(call).select_for_update(of=("self",)).values_list("pk", flat=True))
        seat = commission.members.select_related("user").filter(user=joining).first()
        seated = [(member.user, member.role) for member in commission.members.seated().select_related("user")]
        data = {
            "leaving": leaving,
            "joining": joining,
            "seat": seat,
            "members": [(joining if user.pk == leaving.user_id else user, role) for user, role in seated],
            "act_number": act_number,
            "act_date": act_date,
            "warnings": warnings,
            "decisions": decided,
        }
        perform(REPLACE_MEMBER, call, by=by, at=at, reason=reason, data=data, effect=change)
        if leaving.role_marks:
            _begin_again(call, leaving, by=by, at=at, reason=reason)
    return made[0]


def reopen_evaluation(call: Call, area_code: str, *, by: User, at: datetime, reason: str) -> list[Step]:
    """Take all the proposals of an area back to be marked, with a reason, until its final ranking is published. Sheets stay as
    they are: each member reopens their own."""
    with transaction.atomic():
        rows = Application.objects.filter(call=call, area_code=area_code, state__in=(S.EVALUATED, S.RANKED))
        rows = rows.select_related("call").order_by("pk")
        final = {"is_final": area_code in _final_areas(call)}
        steps = perform_all(REOPEN_EVALUATION, rows, by=by, at=at, reason=reason, data=lambda row: final)
        if not steps:
            raise Refused([_("In quest'area non c'è una valutazione chiusa da riaprire.")])
        return steps


def _seat(leaving: Member, joining: User, *, at: datetime) -> Member:
    """A substitute who is called keeps the row that they had; anybody else gets one."""
    Member.objects.filter(pk=leaving.pk).update(left_at=at)
    commission, taken = leaving.commission, {"role": leaving.role, "replaces_id": leaving.pk}
    if Member.objects.filter(commission=commission, user=joining).update(**taken):
        return Member.objects.get(commission=commission, user=joining)
    last = commission.members.aggregate(last=Max("order"))["last"]
    return Member.objects.create(commission=commission, user=joining, order=last + 1, **taken)


def _begin_again(call: Call, leaving: Member, *, by: User, at: datetime, reason: str) -> None:
    again = _still_marked(call)
    areas = set(again.order_by().values_list("area_code", flat=True).distinct())
    sheets = Sheet.objects.filter(member=leaving, application__in=again.values("pk")).exclude(state=SheetState.VOID)
    perform_all(VOID_BY_REPLACEMENT, sheets.order_by("pk"), by=by, at=at, reason=reason)
    tables = Comparison.objects.filter(member=leaving, area_code__in=areas).exclude(state=ComparisonState.VOID)
    perform_all(VOID_COMPARISON_BY_REPLACEMENT, tables.order_by("pk"), by=by, at=at, reason=reason)
    together = Sheet.objects.filter(member=None, application__in=again.values("pk"), state=SheetState.FINAL).order_by("pk")
    perform_all(REOPEN_BY_REPLACEMENT, together, by=by, at=at, reason=reason)
    closed = again.filter(state__in=(S.EVALUATED, S.RANKED)).order_by().values_list("area_code", flat=True).distinct()
    for area_code in sorted(closed):
        reopen_evaluation(call, area_code, by=by, at=at, reason=reason)


def _still_marked(call: Call) -> QuerySet[Application]:
    """The proposals of the areas whose final ranking is not published."""
    rows = Application.objects.filter(call=call, state__in=STILL_MARKED).exclude(area_code__in=_final_areas(call))
    return rows.order_by("pk")


def _final_areas(call: Call) -> set[str]:
    return set(Ranking.objects.filter(call=call, state=RankingState.PUBLISHED).values_list("area_code", flat=True))
