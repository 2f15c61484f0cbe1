from datetime import timedelta

import pytest

from bando.deadlines import rome
from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    offer_quote,
    record_payment,
    reopen_request,
    withdraw_request,
    write_message,
)
from network.models import Message, Quote, Request
from network.models.requests import Outcome
from network.request_erasure import forget, months_before
from tests.builders_request import NOW, desk, received, routed, taken
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
LEAST = timedelta(microseconds=1)


@pytest.fixture
def made():
    return desk()


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        (rome(2023, 5, 3, 10), 12, rome(2022, 5, 3, 10)),
        (rome(2023, 5, 3, 10), 5, rome(2022, 12, 3, 10)),
        (rome(2023, 5, 3, 10), 4, rome(2023, 1, 3, 10)),
        (rome(2023, 3, 31, 10), 1, rome(2023, 2, 28, 10)),
        (rome(2024, 2, 29, 10), 12, rome(2023, 2, 28, 10)),
    ],
)
def test_months_are_counted_back_on_the_calendar(at, months, expected):
    assert months_before(at, months) == expected


@pytest.mark.parametrize(
    ("at", "months", "erased"),
    [
        (rome(2023, 5, 3, 10) - LEAST, 12, False),
        (rome(2023, 5, 3, 10), 12, True),
        (rome(2022, 6, 3, 10) - LEAST, 1, False),
        (rome(2022, 6, 3, 10), 1, True),
    ],
)
def test_a_closed_request_is_forgotten_after_the_months_of_the_setting(made, settings, at, months, erased):
    settings.REQUEST_MONTHS = months
    request = taken(made)
    close_request(request, Outcome.INFORMED, by=made.operator, at=NOW)
    forget(at)
    assert (Request.objects.get().erased_at is not None) == erased


@pytest.mark.parametrize(("after", "erased"), [(timedelta(days=30) - LEAST, False), (timedelta(days=30), True)])
def test_a_withdrawn_request_is_forgotten_after_thirty_days(made, after, erased):
    withdraw_request(received(made), at=NOW)
    forget(NOW + after)
    assert (Request.objects.get().erased_at is not None) == erased


def test_what_is_still_open_is_never_forgotten(made):
    received(made)
    answer_request(taken(made), "Ecco.", by=made.operator, at=NOW)
    forget(NOW + timedelta(days=5000))
    assert Request.objects.filter(erased_at=None).count() == 2


def test_nothing_of_the_person_stays_and_the_row_is_counted_on(made):
    request, other = routed(made), taken(made)
    write_message(request, "Chiamatemi.", by=None, at=NOW)
    write_message(other, "Di altri.", by=None, at=NOW)
    quote = offer_quote(request, amount_cents=5, text="Per Rosa", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    record_payment(quote, reference="Fattura di Rosa", paid_on=NOW.date(), by=made.answerer, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    late = NOW + timedelta(days=400)
    forget(late)
    kept = Request.objects.get(pk=request.pk)
    assert (kept.name, kept.phone, kept.email, kept.need, kept.erased_at) == ("", "", "", "", late)
    assert list(Message.objects.values_list("text", flat=True)) == ["Di altri."]
    assert list(Quote.objects.values_list("text", "payment_reference", "amount_cents")) == [("", "", 5)]
    assert (kept.state, kept.outcome, kept.closed_at, kept.number) == ("closed", "started", NOW, request.number)
    with pytest.raises(Refused) as refusal:
        reopen_request(kept, reason="Ha richiamato.", by=made.operator, at=late)
    assert refusal.value.reasons == ["I dati di questa richiesta sono cancellati: se serve ancora, se ne scrive una nuova."]


def test_forgetting_asks_once_while_there_is_nothing_to_forget(made, django_assert_num_queries):
    received(made)
    with django_assert_num_queries(1):
        forget(NOW)
