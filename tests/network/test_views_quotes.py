import pytest
from django.urls import reverse

from network.actions import accept_quote, close_request, give_back_request, offer_quote, withdraw_quote
from network.models import Quote
from network.models.requests import Outcome
from tests.builders_request import NOW, desk, routed, service
from tests.clock import arriving
from tests.history import history
from tests.pages import text

pytestmark = pytest.mark.django_db
NOT_SAVED = "Quello che hai scritto adesso non è salvato"
OUTSIDE = "Qui non si paga niente: l'amministrazione non riceve denaro e non chiede i dati di una carta."


@pytest.fixture
def made():
    return desk()


def ask(client, by, name: str, pk, data: dict | None = None):
    client.force_login(by)
    with arriving(NOW):
        return client.get(reverse(name, args=[pk])) if data is None else client.post(reverse(name, args=[pk]), data)


def typed(**changes) -> dict:
    return {"amount_cents": "1.250,50", "text": "Dieci ore", "valid_until": "2022-05-17", **changes}


def offered(made, request=None) -> Quote:
    terms = {"amount_cents": 5, "text": "Ore", "valid_until": NOW.date()}
    return offer_quote(request or routed(made), **terms, by=made.answerer, at=NOW)


def test_a_body_offers_a_quote_and_notes_its_payment(client, made):
    request = routed(made)
    page = ask(client, made.answerer, "quote_new", request.pk)
    assert (OUTSIDE in text(page), 'value="2022-05-17"' in page.content.decode()) == (True, True)
    assert ask(client, made.answerer, "quote_new", request.pk, typed()).status_code == 302
    quote = Quote.objects.get()
    assert (quote.amount_cents, quote.text, quote.valid_until.isoformat()) == (1250_50, "Dieci ore", "2022-05-17")
    accept_quote(quote, at=NOW)
    assert OUTSIDE in text(ask(client, made.answerer, "quote", quote.pk))
    paid = {"pay": "1", "reference": "Fattura 12", "paid_on": "2022-05-03"}
    assert ask(client, made.answerer, "quote", quote.pk, paid).status_code == 302
    assert history(quote) == ["offer", "accept", "pay"]
    assert "Fattura 12, 3 maggio 2022" in text(ask(client, made.answerer, "quote", quote.pk))


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"amount_cents": ""}, 200, "Scrivi la risposta a «Importo in euro, tutto compreso»."),
        ({"amount_cents": "0"}, 200, "Il minimo è 0,01"),
        ({"amount_cents": "100000,01"}, 200, "Il massimo è 100.000,00"),
        ({"text": ""}, 200, "Scrivi la risposta a «Che cosa comprende»."),
        ({"valid_until": ""}, 200, "Scrivi fino a quando vale il preventivo."),
        ({"valid_until": "2022-05-02"}, 409, "Il giorno fino a cui vale il preventivo è passato"),
    ],
)
def test_a_wrong_quote_is_explained_and_what_was_typed_stays(client, made, changes, status, sentence):
    request = routed(made)
    page = ask(client, made.answerer, "quote_new", request.pk, typed(**{"text": "Da non perdere", **changes}))
    assert (page.status_code, sentence in text(page), Quote.objects.count()) == (status, True, 0)
    assert changes.get("text", "Da non perdere") in page.content.decode()


def test_a_quote_is_withdrawn_with_a_reason(client, made):
    quote = offered(made)
    page = ask(client, made.answerer, "quote", quote.pk, {"withdraw": "1", "reason": ""})
    assert "Scrivi il motivo: resta nella storia dell'atto." in text(page)
    page = ask(client, made.answerer, "quote", quote.pk, {"withdraw": "1", "reason": "Rosa Inventata non vuole"})
    assert (page.status_code, "Nel motivo non scrivere il nome" in text(page)) == (409, True)
    assert ('<details class="bando-details" open>' in page.content.decode(), NOT_SAVED in text(page)) == (True, False)
    assert ask(client, made.answerer, "quote", quote.pk, {"withdraw": "1", "reason": "Prezzo sbagliato."}).status_code == 302
    assert '<details class="bando-details">' not in ask(client, made.answerer, "quote", quote.pk).content.decode()
    late = ask(client, made.answerer, "quote", quote.pk, {"withdraw": "1", "reason": "Ore sbagliate."})
    assert (late.status_code, f"{NOT_SAVED} Te lo mostriamo qui, così puoi copiarlo. Motivo Ore sbagliate. " in text(late)) == (
        409,
        True,
    )
    assert history(quote) == ["offer", "withdraw"]


def test_only_the_body_of_the_request_quotes_and_an_orphan_quote_stays_with_who_made_it(client, made):
    request = routed(made)
    quote = offered(made, request)
    for by in (made.operator, made.office):
        assert ask(client, by, "quote_new", request.pk).status_code == 404
        assert ask(client, by, "quote", quote.pk).status_code == 200
        assert "Ritira il preventivo" not in text(ask(client, by, "quote", quote.pk))
    withdraw_quote(quote, reason="Errore.", by=made.answerer, at=NOW)
    give_back_request(request, reason="Non abbiamo posto.", by=made.answerer, at=NOW)
    assert ask(client, made.answerer, "quote", quote.pk).status_code == 200
    assert ask(client, made.answerer, "quote_new", request.pk).status_code == 404


def test_the_page_of_the_request_offers_a_quote_where_one_may_be_made(client, made):
    paid, free = routed(made), routed(made, service=service(made.answering, price="free"))
    link = "Fai un preventivo"

    def shown(by, request) -> bool:
        return link in text(ask(client, by, "request", request.pk))

    assert (shown(made.answerer, paid), shown(made.answerer, free), shown(made.operator, paid)) == (True, False, False)
    quote = offered(made, paid)
    assert shown(made.answerer, paid) is False
    withdraw_quote(quote, reason="Errore.", by=made.answerer, at=NOW)
    assert shown(made.answerer, paid) is True
    close_request(paid, Outcome.INFORMED, by=made.operator, at=NOW)
    assert shown(made.answerer, paid) is False
