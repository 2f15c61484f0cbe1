"""From rows to values: what the project of an agreement foresaw, what its Spazi have told so far."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q

from applications.confirming import rules_answered
from bando.deadlines import in_rome
from network.agreement_budget import budget_of
from network.models import Agreement, Report, ReportingTerm, Request, Space
from network.models.requests import RequestStep
from network.reporting import Expense, Foreseen, Line, against_budget, read_expenses
from network.request_stays import stays_of
from network.states import ReportState
from network.waits import Moments

TOLD = [ReportState.SENT, ReportState.REMARKED, ReportState.APPROVED]
"""What counts as said: a draft is still the body's own."""


def foreseen(agreement: Agreement) -> tuple[Foreseen, ...]:
    """The items of the final budget of an agreement, in the order of the call: of the version of the project that it carries
    out or, without a table, of the proposal. Lines of one item (by partner, by year) are added up."""
    outcome = budget_of(agreement)
    if outcome is None:
        return ()
    application = agreement.application
    budget = rules_answered(application).budget_for(application.area_code)
    return tuple(Foreseen(item.code, item.title, *outcome.of(item)) for item in budget.items)


def lines_of(report: Report) -> tuple[Line, ...]:
    """Each item of the budget with what was spent on it, before this report and in it. All the Spazi of an agreement spend the
    same budget, and all the agreements of a project: what the others have told of terms until this one is before."""
    return against_budget(foreseen(report.term.agreement), spent_before(report), read_expenses(report.expenses))


def spent_before(report: Report) -> list[Expense]:
    """What was told before, under the same agreement or under another that carries out the same project."""
    agreement, term = report.term.agreement, report.term
    earlier = Q(term__agreement=agreement.pk, term__number__lte=term.number)
    if agreement.project:
        shared = Q(term__agreement__project__project=agreement.project.project_id) & ~Q(term__agreement=agreement.pk)
        earlier |= shared & Q(term__last_day__lte=term.last_day)
    told = Report.objects.filter(earlier, state__in=TOLD).exclude(pk=report.pk).values_list("expenses", flat=True)
    return [expense for stored in told for expense in read_expenses(stored)]


def span(term: ReportingTerm) -> tuple[datetime, datetime]:
    """The moments that a term goes from (included) and to (excluded), by the clocks of Rome."""
    midnight = time(0)
    return (
        in_rome(datetime.combine(term.first_day, midnight)),
        in_rome(datetime.combine(term.last_day + timedelta(days=1), midnight)),
    )


def requests_counted(space: Space, term: ReportingTerm) -> dict[str, int]:
    """The requests that first came to a Spazio in the days of a term, from a person or from who had them before: how many in all
    (``received``), of each kind, how many it answered, how many another Spazio had before (``moved``).

    As waits are measured: a request that went on to another Spazio stays in the report of who had it first and is in that of who
    has it now, from the day it came there. Counted by who has it now and by the day of its receipt, it could fall into a term whose
    report was sent long ago, and be told by nobody."""
    first, end = span(term)
    stayed = Request.objects.filter(space=space, received_at__gte=first, received_at__lt=end).exclude(steps__act="move")
    kinds = Counter(stayed.values_list("kind", flat=True))
    answered, moved = stayed.exclude(answered_at=None).count(), 0
    came = _came_by_a_move(space, end)
    for pk, kind in Request.objects.filter(pk__in=came).values_list("pk", "kind"):
        here = [place for place, (who, _stay) in enumerate(came[pk]) if who == str(space.pk)]
        if here and first <= came[pk][here[0]][1].received < end:
            kinds[kind] += 1
            answered += any(came[pk][place][1].answered for place in here)
            moved += any(who for who, _stay in came[pk][: here[0]])
    return {"received": sum(kinds.values()), **kinds, "answered": answered, "moved": moved}


def _came_by_a_move(space: Space, end: datetime) -> dict[Any, list[tuple[str | None, Moments]]]:
    """Of the requests that went to a Spazio or away from it, who had them when; those received before ``end``."""
    moves = RequestStep.objects.filter(Q(facts__to=str(space.pk)) | Q(facts__from=str(space.pk)), act="move")
    return stays_of(RequestStep.objects.filter(row__in=moves.values("row"), row__received_at__lt=end))
