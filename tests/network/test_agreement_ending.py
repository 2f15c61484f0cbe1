"""What still stands open under an agreement when it ends."""

from datetime import timedelta

import pytest

from network.actions import approve_report, close_space, pay_agreement
from network.agreement_ending import left_open
from network.models import Quote, Request, RequestChannel, RequestKind
from network.states import QuoteState, RequestState
from tests import road as roads
from tests.builders_report import AFTER, AT_THE_END, sent, term_of

pytestmark = pytest.mark.django_db


def test_what_stands_open_is_told_and_nothing_of_it_is_told_once_it_is_done(django_assert_num_queries):
    road = roads.opened()
    act = {"by": road.office, "at": AFTER}
    term_of(road)
    request = Request.objects.create(
        number="R-1",
        kind=RequestKind.ORIENTATION,
        channel=RequestChannel.PHONE,
        space=road.space,
        need="Aiuto.",
        phone="02",
        received_at=AFTER,
    )
    body = road.application.organisation
    facts = {"number": 1, "amount_cents": 100, "text": "Due ore.", "valid_until": AFTER.date(), "offered_at": AFTER}
    quote = Quote.objects.create(request=request, organisation=body, **facts)
    with django_assert_num_queries(6):
        found = left_open(road.agreement, AFTER)
    assert (found.spaces, found.reports, found.to_read, found.requests, found.quotes) == ([road.space], 1, 0, 1, 1)
    assert (found.paid_cents, found.left_cents, found.is_nothing) == (0, 3_000_000, False)
    assert left_open(road.agreement, roads.OPENED).reports == 0
    report = sent(road)
    found = left_open(road.agreement, AFTER)
    assert (found.reports, found.to_read) == (1, 1)
    approve_report(report, seen=report.version, **act)
    close_space(road.space, reason="Scaduta.", **act)
    Quote.objects.filter(pk=quote.pk).update(state=QuoteState.DECLINED)
    Request.objects.update(state=RequestState.CLOSED)
    pay_agreement(road.agreement, amount_cents=3_000_000, paid_on=AFTER.date(), reference="Saldo", **act)
    assert left_open(road.agreement, AFTER).is_nothing


def test_a_spazio_that_closed_left_no_report_open_of_the_days_after(django_assert_num_queries):
    road = roads.opened()
    term_of(road)
    term_of(road, 2)
    close_space(road.space, reason="Trasloco.", by=road.office, at=AFTER - timedelta(days=2))
    with django_assert_num_queries(7):
        assert left_open(road.agreement, AT_THE_END).reports == 1
