"""The final report of a Spazio: what its quarters told, added up, so that nobody types a figure twice and no euro counts twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from bando.templatetags.bando_ui import day
from network.models import Agreement, Report, ReportingTerm
from network.report_figures import TOLD, lines_of
from network.report_terms import closings, is_due
from network.reporting import Missing, Work, added_up, missing, missing_at_the_end, read_expenses, read_work
from network.states import ReportState


@dataclass(frozen=True, slots=True)
class Summary:
    """``requests`` as ``network.report_figures.requests_counted`` counts them; ``spent`` and ``own`` are cents by item."""

    quarters: int
    visits: int
    work: list[Work]
    requests: dict[str, int]
    spent: dict[str, int]
    own: dict[str, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """Of a whole agreement, all its Spazi: what was told less what the bodies brought is what the administration bears
    (``borne_cents``), and what it has paid so far."""

    borne_cents: int
    paid_cents: int

    @property
    def left_cents(self) -> int:
        """Still to pay; below zero: paid beyond what was told."""
        return self.borne_cents - self.paid_cents

    @property
    def beyond_cents(self) -> int:
        return -self.left_cents


def is_final(report: Report) -> bool:
    return report.term.kind == ReportingTerm.Kind.FINAL


def summary_of(report: Report) -> Summary:
    """What this Spazio has told of the quarters of the agreement, in the order of the terms. One query."""
    rows = list(_quarters(report).filter(state__in=TOLD).order_by("term__number"))
    requests: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for row in rows:
        requests.update(row.requests)
        for expense in read_expenses(row.expenses):
            spent[expense.item] += expense.spent_cents
            own[expense.item] += expense.own_cents
    work = added_up(line for row in rows for line in read_work(row.hours))
    return Summary(len(rows), sum(row.visits or 0 for row in rows), work, dict(requests), dict(spent), dict(own))


def untold(report: Report) -> list[str]:
    """The quarters that this Spazio owes and hasn't sent, and those that it writes again, by their days, in words."""
    states = dict(_quarters(report).values_list("term", "state"))
    told = {term for term, state in states.items() if state in (ReportState.SENT, ReportState.APPROVED)}
    terms = ReportingTerm.objects.filter(agreement=report.term.agreement_id, kind=ReportingTerm.Kind.QUARTERLY)
    closed = closings([report.space])
    return [
        f"{day(term.first_day)} – {day(term.last_day)}"
        for term in terms
        if term.pk not in told and (states.get(term.pk) == ReportState.REMARKED or is_due(report.space, term, closed))
    ]


def gaps_of(report: Report) -> list[tuple[Missing, str]]:
    """What a report lacks before it can be sent, of either kind."""
    if is_final(report):
        return missing_at_the_end(untold(report), report.activities, report.assets, report.evaluation)
    return missing(report.visits, read_work(report.hours), report.activities, lines_of(report))


def balance_of(agreement: Agreement) -> Balance:
    told = Report.objects.filter(term__agreement=agreement, state__in=TOLD).values_list("expenses", flat=True)
    borne = sum(expense.spent_cents - expense.own_cents for stored in told for expense in read_expenses(stored))
    return Balance(borne, agreement.payments.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


def _quarters(report: Report) -> QuerySet[Report]:
    return Report.objects.filter(
        space=report.space_id, term__agreement=report.term.agreement_id, term__kind=ReportingTerm.Kind.QUARTERLY
    )
