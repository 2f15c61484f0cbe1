from datetime import date, timedelta

import pytest
from django.core import mail

from network.actions import add_guarantee, prepare_agreement, reopen_agreement
from network.agreement_duties import make_agreement_pdf, watch_guarantees
from network.models import Agreement
from tests import road as roads
from tests.builders_agreement import PREPARED, pay_all, written
from workflow.models import Duty

pytestmark = pytest.mark.django_db


def test_the_paper_of_a_text_that_was_opened_again_is_not_kept():
    made = written()
    prepare_agreement(made.row, seen=made.row.version, by=made.office, at=PREPARED)
    first = Duty.objects.get(name="network.agreement_pdf")
    reopen_agreement(made.fresh(), reason="Refuso.", by=made.office, at=PREPARED + timedelta(hours=1))
    prepare_agreement(made.fresh(), seen=made.row.version, by=made.office, at=PREPARED + timedelta(hours=2))
    make_agreement_pdf(first.subject, PREPARED + timedelta(hours=3))
    assert made.fresh().text is None
    make_agreement_pdf(Duty.objects.filter(name="network.agreement_pdf").last().subject, PREPARED + timedelta(hours=3))
    kept = made.fresh().text
    assert kept.name == f"convenzione-{made.road.application.number}.pdf"


@pytest.mark.parametrize(
    ("until", "renewed", "told"),
    [
        (date(2022, 5, 11), None, 1),
        (date(2022, 5, 12), None, 0),
        (date(2022, 4, 10), None, 0),
        (date(2022, 5, 11), date(2024, 4, 30), 0),
    ],
    ids=["in a month", "in more than a month", "over already", "renewed"],
)
def test_the_office_is_told_once_that_a_guarantee_ends(until, renewed, told):
    road = roads.agreed()
    act = {"by": road.office, "at": roads.SIGNED}
    facts = {"kind": "liability", "issuer": "Assicura", "number": "12", "amount_cents": 300_000_000}
    for day in filter(None, (until, renewed)):
        add_guarantee(Agreement.objects.get(), **facts, valid_until=day, **act)
    mail.outbox.clear()
    for _minute in range(2):
        watch_guarantees(roads.SIGNED)
        pay_all(roads.SIGNED)
    assert [message.subject for message in mail.outbox] == [
        f"Una garanzia sta per scadere: convenzione della domanda {road.application.number}"
    ] * told
