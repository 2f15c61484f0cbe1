"""What still stands open under an agreement when it ends: an act that ends it takes nothing of this away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bando.deadlines import day_in_rome
from network.models import Agreement, Quote, Report, Request, Space
from network.report_terms import owed
from network.rules.agreements import paid_cents
from network.rules.requests import OVER
from network.states import QuoteState, ReportState, SpaceState


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """``spaces`` are those that are not closed; ``reports`` that they owe and that are not approved, ``to_read`` of all sent;
    ``requests`` that a Spazio follows and ``quotes`` that wait for an answer; money in cents."""

    spaces: list[Space]
    reports: int
    to_read: int
    requests: int
    quotes: int
    paid_cents: int
    left_cents: int

    @property
    def is_nothing(self) -> bool:
        return not (self.spaces or self.reports or self.requests or self.quotes or self.left_cents)


def left_open(agreement: Agreement, at: datetime) -> LeftOpen:
    """Six queries, and one more where a Spazio has closed."""
    spaces = list(Space.objects.filter(partnership__agreement=agreement).select_related("partnership"))
    due = owed(spaces, day_in_rome(at))
    reports = list(Report.objects.filter(space__in=spaces).values_list("space", "term", "state"))
    approved = {(space, term) for space, term, state in reports if state == ReportState.APPROVED}
    requests = Request.objects.filter(space__in=spaces).exclude(state__in=OVER)
    paid = paid_cents(agreement)
    return LeftOpen(
        spaces=[space for space in spaces if space.state != SpaceState.CLOSED],
        reports=len(due - approved),
        to_read=sum(state == ReportState.SENT for _space, _term, state in reports),
        requests=requests.count(),
        quotes=Quote.objects.filter(request__in=requests, state=QuoteState.OFFERED).count(),
        paid_cents=paid,
        left_cents=max(agreement.amount_cents - paid, 0),
    )
