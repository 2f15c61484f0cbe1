"""From rows to values: what the project of an agreement foresaw, what its Spazi have told so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q

from applications.confirming import rules_answered
from bando.deadlines import in_rome
from bando.notice.document import SectionKind
from network.models import Agreement, Report, ReportingTerm, Request, Space
from network.reporting import Expense, Foreseen, Line, against_budget, read_expenses
from network.states import ReportState

TOLD = [ReportState.SENT, ReportState.REMARKED, ReportState.APPROVED]
"""What counts as said: a draft is still the body's own."""


def foreseen(agreement: Agreement) -> tuple[Foreseen, ...]:
    """The items of the final budget of an agreement, in the order of the call: of the version of the project that it carries
    out or, without a table, of the proposal. Lines of one item (by partner, by year) are added up."""
    application = agreement.application
    notice = rules_answered(application)
    budget = notice.budget_for(application.area_code)
    if budget is None:
        return ()
    answers = agreement.project.answers if agreement.project_id else application.current.answers
    sections = [s.code for s in notice.sections_for(application.area_code) if s.kind is SectionKind.BUDGET]
    sums: Counter[tuple[str, str]] = Counter()
    for code in sections:
        for item, line in _lines(answers.get(code, {})):
            sums[item, "total"] += line["total"]
            sums[item, "own"] += line["own"]
    return tuple(Foreseen(i.code, i.title, sums[i.code, "total"], sums[i.code, "own"]) for i in budget.items)


def _lines(values: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The lines of a budget as it was kept (``BudgetForm.values``), each with its item."""
    return [*values.get("items", {}).items(), *((line["item"], line) for line in values.get("lines", ()))]


def lines_of(report: Report) -> tuple[Line, ...]:
    """Each item of the budget with what was spent on it, before this report and in it. All the Spazi of an agreement spend the
    same budget: what the others have told of terms until this one is before."""
    return against_budget(foreseen(report.term.agreement), spent_before(report), read_expenses(report.expenses))


def spent_before(report: Report) -> list[Expense]:
    others = Report.objects.filter(Q(term__agreement=report.term.agreement_id) & Q(state__in=TOLD)).exclude(pk=report.pk)
    earlier = others.filter(Q(term__number__lte=report.term.number)).values_list("expenses", flat=True)
    return [expense for stored in earlier for expense in read_expenses(stored)]


def span(term: ReportingTerm) -> tuple[datetime, datetime]:
    """The moments that a term goes from (included) and to (excluded), by the clocks of Rome."""
    midnight = time(0)
    return (
        in_rome(datetime.combine(term.first_day, midnight)),
        in_rome(datetime.combine(term.last_day + timedelta(days=1), midnight)),
    )


def requests_counted(space: Space, term: ReportingTerm) -> dict[str, int]:
    """The requests that a Spazio received in the days of a term: how many in all, of each kind, how many have an answer."""
    first, end = span(term)
    rows = Request.objects.filter(space=space, received_at__gte=first, received_at__lt=end)
    kinds = Counter(rows.values_list("kind", flat=True))
    return {"received": sum(kinds.values()), **kinds, "answered": rows.exclude(answered_at=None).count()}
