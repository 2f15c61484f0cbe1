from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bando.deadlines import rome
from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    decline_quote,
    give_back_request,
    offer_quote,
    record_payment,
    route_request,
    withdraw_quote,
)
from network.models import Quote, Request
from network.models.catalogue import Price
from network.models.requests import Outcome
from network.states import QuoteState, RequestState
from network.transitions import ACCEPT_QUOTE
from tests.builders import person
from tests.builders_request import NOW, desk, routed, service, taken
from tests.history import history
from workflow.models import Duty, LedgerEntry
from workflow.perform import perform
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def made():
    return desk()


def offered(made, request=None, **changes) -> Quote:
    facts = {"amount_cents": 12_000_00, "text": "Dieci ore", "valid_until": TODAY, "by": made.answerer, "at": NOW}
    return offer_quote(request or routed(made), **{**facts, **changes})


def refused(act) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reasons


def test_a_quote_is_accepted_by_the_family_and_paid_elsewhere(made):
    Duty.objects.all().delete()
    request = routed(made)
    quote = offered(made, request)
    accept_quote(quote, at=NOW)
    record_payment(quote, reference="Fattura 12", paid_on=TODAY, by=made.answerer, at=NOW)
    record_payment(quote, reference="Fattura 13", paid_on=TODAY, by=made.answerer, at=NOW)
    kept = Quote.objects.get()
    assert (history(kept), kept.state) == (["offer", "accept", "pay", "pay"], QuoteState.ACCEPTED)
    assert (kept.number, kept.amount_cents, kept.payment_reference, kept.paid_on) == (1, 12_000_00, "Fattura 13", TODAY)
    owed = Duty.objects.filter(name__startswith="network.quote").order_by("pk").values_list("name", flat=True)
    assert list(owed) == ["network.quote_offered", "network.quote_answered"]


@pytest.mark.parametrize(
    ("email", "mails"), [("rosa@esempio.it", ["network.quote_offered", "network.quote_withdrawn"]), ("", [])]
)
def test_a_quote_and_its_withdrawal_are_written_to_who_left_an_address(made, email, mails):
    quote = offered(made, routed(made, email=email))
    withdraw_quote(quote, reason="Prezzo sbagliato.", by=made.answerer, at=NOW)
    owed = Duty.objects.filter(name__startswith="network.quote").order_by("pk").values_list("name", flat=True)
    assert list(owed) == mails


@pytest.mark.parametrize("answer", [accept_quote, decline_quote])
def test_the_moment_of_the_answer_is_kept(made, answer):
    quote = offered(made)
    answer(quote, at=NOW + timedelta(minutes=5))
    assert Quote.objects.get().answered_at == NOW + timedelta(minutes=5)


def test_the_ledger_of_a_quote_tells_the_amount_and_not_what_it_is_for(made):
    quote = offered(made, text="Assistenza notturna")
    accept_quote(quote, at=NOW)
    record_payment(quote, reference="Fattura a Rosa", paid_on=TODAY, by=made.answerer, at=NOW)
    assert [step.facts for step in quote.steps.all()] == [
        {"number": 1, "amount_cents": 12_000_00, "valid_until": "2022-05-03"},
        {"number": 1, "amount_cents": 12_000_00, "valid_until": "2022-05-03"},
        {"paid_on": "2022-05-03"},
    ]
    told = "".join(LedgerEntry.objects.values_list("content", flat=True))
    assert [word for word in ("notturna", "Fattura") if word in told] == []


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        (rome(2022, 5, 3, 23, 59), []),
        (
            rome(2022, 5, 4),
            ["Il preventivo valeva fino al 3 maggio 2022 e non si può più accettare. Chiedi all'ente di farne un altro."],
        ),
    ],
)
def test_a_quote_is_accepted_until_midnight_of_its_last_day(made, at, reasons):
    quote = offered(made)
    if reasons:
        assert refused(lambda: accept_quote(quote, at=at)) == reasons
        assert Quote.objects.get().state == QuoteState.OFFERED
    else:
        accept_quote(quote, at=at)
        assert Quote.objects.get().state == QuoteState.ACCEPTED


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"amount_cents": 0}, ["Scrivi un importo più grande di zero."]),
        (
            {"valid_until": TODAY - timedelta(days=1)},
            ["Il giorno fino a cui vale il preventivo è passato: scrivine uno da oggi in poi."],
        ),
        ({"amount_cents": 1, "valid_until": TODAY}, []),
    ],
)
def test_what_a_quote_must_say(made, changes, reasons):
    request = routed(made)
    if reasons:
        assert refused(lambda: offered(made, request, **changes)) == reasons
    else:
        offered(made, request, **changes)
    assert Quote.objects.count() == (0 if reasons else 1)


def test_only_the_body_offers_and_only_while_the_request_is_in_its_hands(made):
    request = routed(made)
    assert refused(lambda: offered(made, request, by=made.operator)) == ["Lo può fare solo chi lavora per l'ente."]
    assert refused(lambda: offered(made, request, by=person())) == ["Lo può fare solo chi lavora per l'ente."]
    answer_request(request, "Sì.", by=made.answerer, at=NOW)
    close_request(request, Outcome.INFORMED, by=made.operator, at=NOW)
    assert refused(lambda: offered(made, request)) == [
        "La richiesta non è presso questo ente: un preventivo si fa solo finché lo è."
    ]
    assert refused(lambda: offered(made, taken(made))) == [
        "La richiesta non è presso un ente: un preventivo lo fa l'ente che risponde."
    ]


@pytest.mark.parametrize(("price", "offers"), [(Price.FREE, False), (Price.PAID, True), (Price.MIXED, True)])
def test_a_free_service_needs_no_quote(made, price, offers):
    request = routed(made, service=service(made.answering, price=price))
    if offers:
        offered(made, request)
    else:
        assert refused(lambda: offered(made, request)) == ["Il servizio è gratuito: non serve un preventivo."]
    assert Quote.objects.count() == int(offers)


def test_an_orientation_may_carry_a_quote(made):
    assert offered(made, routed(made, service=None)).number == 1


def test_one_quote_at_a_time_and_the_next_is_numbered_on(made):
    request = routed(made)
    first = offered(made, request)
    assert refused(lambda: offered(made, request)) == [
        "C'è già un preventivo in attesa o accettato: ritiralo prima di farne un altro."
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.create(
            request=request,
            organisation=made.answering,
            number=2,
            amount_cents=1,
            text="x",
            valid_until=TODAY,
            offered_at=NOW,
        )
    decline_quote(first, at=NOW)
    second = offered(made, request)
    accept_quote(second, at=NOW)
    assert refused(lambda: offered(made, request)) == [
        "C'è già un preventivo in attesa o accettato: ritiralo prima di farne un altro."
    ]
    withdraw_quote(second, reason="Non abbiamo più posto.", by=made.answerer, at=NOW)
    assert offered(made, request).number == 3


def test_a_quote_is_withdrawn_with_a_reason_until_it_is_paid(made):
    quote = offered(made)
    assert refused(lambda: withdraw_quote(quote, reason="", by=made.answerer, at=NOW)) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    accept_quote(quote, at=NOW)
    record_payment(quote, reference="Ricevuta 1", paid_on=TODAY, by=made.answerer, at=NOW)
    assert refused(lambda: withdraw_quote(quote, reason="Errore.", by=made.answerer, at=NOW)) == [
        "Il pagamento è già annotato: un preventivo pagato non si ritira."
    ]


@pytest.mark.parametrize(("paid_on", "fits"), [(TODAY, True), (TODAY + timedelta(days=1), False), (date(2022, 1, 1), True)])
def test_a_payment_is_noted_once_it_arrived(made, paid_on, fits):
    quote = offered(made)
    assert refused(lambda: record_payment(quote, reference="1", paid_on=TODAY, by=made.answerer, at=NOW)) == [
        "Adesso non si può fare: lo stato è «Da accettare»."
    ]
    accept_quote(quote, at=NOW)
    if fits:
        record_payment(quote, reference="1", paid_on=paid_on, by=made.answerer, at=NOW)
    else:
        assert refused(lambda: record_payment(quote, reference="1", paid_on=paid_on, by=made.answerer, at=NOW)) == [
            "Il giorno del pagamento è nel futuro: annotalo quando è arrivato."
        ]
    assert Quote.objects.get().paid_on == (paid_on if fits else None)


def test_nobody_signed_in_accepts_in_the_place_of_the_family(made):
    quote = offered(made)
    for by in (made.answerer, made.operator, made.office):
        assert refused(lambda by=by: perform(ACCEPT_QUOTE, quote, by=by, at=NOW)) == [
            "Lo può fare solo la persona che ha chiesto, dal suo indirizzo segreto."
        ]


BOUND = [
    "C'è un preventivo in attesa o accettato: finché c'è, la richiesta resta all'ente. Per spostarla, l'ente prima lo ritira."
]


def test_a_request_with_a_quote_leaves_the_body_only_after_it(made):
    request = routed(made)
    another = service(made.space.partnership.organisation).organisation
    quote = offered(made, request)
    for accepted in (False, True):
        if accepted:
            accept_quote(quote, at=NOW)
        assert refused(lambda: give_back_request(request, reason="No.", by=made.answerer, at=NOW)) == BOUND
        assert refused(lambda: route_request(request, another, by=made.operator, at=NOW)) == BOUND
    record_payment(quote, reference="1", paid_on=TODAY, by=made.answerer, at=NOW)
    give_back_request(request, reason="Finito.", by=made.answerer, at=NOW)
    assert Request.objects.get().state == RequestState.TAKEN


def test_a_request_is_closed_once_its_quote_has_an_answer(made):
    request = routed(made)
    quote = offered(made, request)
    assert refused(lambda: close_request(request, Outcome.STARTED, by=made.operator, at=NOW)) == [
        "C'è un preventivo che aspetta una risposta: prima di chiudere, l'ente lo ritira o la persona risponde."
    ]
    accept_quote(quote, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    assert Request.objects.get().state == RequestState.CLOSED
