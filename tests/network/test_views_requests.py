import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from bando import clock
from network.actions import accept_quote, answer_request, offer_quote, record_payment, write_message
from network.models import Message, Quote, Request
from network.request_erasure import warn
from network.request_keys import key_of, new_token
from network.states import QuoteState, RequestState
from tests.builders_request import CITIZEN, NEED, NOW, desk, received, routed, taken
from tests.clock import arriving
from tests.history import history
from tests.pages import text

pytestmark = pytest.mark.django_db
PAGE = NOW - timedelta(minutes=1)


@pytest.fixture
def made():
    cache.clear()
    return desk()


def typed(**changes) -> dict:
    return {**CITIZEN, "need": NEED, "municipio": "9", "space": "", "website": "", "token": new_token(PAGE), **changes}


def send(client, query: str = "", at=NOW, **changes):
    with arriving(at):
        return client.post(reverse("request_new") + query, typed(**changes))


def follow(client, request: Request, data: dict | None = None, at=NOW, key: str = ""):
    url = reverse("request_follow", args=[request.number, key or key_of(request)])
    with arriving(at):
        return client.get(url) if data is None else client.post(url, data)


def test_a_citizen_asks_without_an_account_and_lands_on_the_secret_page(client, made):
    response = send(client, f"?servizio={made.service.slug}")
    request = Request.objects.get()
    assert response["Location"] == reverse("request_follow", args=[request.number, key_of(request)])
    assert (request.service, request.space, request.kind, request.channel) == (made.service, made.space, "service", "online")
    assert (request.name, request.phone, request.email) == tuple(CITIZEN.values())
    page = text(follow(client, request))
    assert [word in page for word in ("R-2022-000001", "Ricevuta", NEED, made.space.name)] == [True] * 4


def test_without_a_service_it_is_an_orientation_and_an_unknown_service_has_no_page(client, made):
    send(client)
    assert (Request.objects.get().kind, Request.objects.get().service) == ("orientation", None)
    assert client.get(reverse("request_new") + "?servizio=non-ce").status_code == 404


def test_the_spazio_of_the_address_is_proposed_with_its_municipio(client, made):
    page = client.get(reverse("request_new") + f"?spazio={made.space.slug}").content.decode()
    assert f'<option value="{made.space.pk}" selected>' in page
    assert '<option value="9" selected>' in page


def test_a_double_click_asks_once(client, made):
    token = new_token(PAGE)
    first, second = send(client, token=token), send(client, token=token)
    assert (first["Location"], Request.objects.count()) == (second["Location"], 1)


def test_something_else_from_a_page_that_was_sent_is_shown_again_with_a_new_token(client, made):
    token = new_token(PAGE)
    send(client, token=token)
    again = send(client, token=token, need="Altro bisogno")
    assert (again.status_code, "Altro bisogno" in again.content.decode(), token in again.content.decode()) == (409, True, False)
    renewed = re.search(r'name="token" value="([^"]+)"', again.content.decode()).group(1)
    send(client, token=renewed, need="Altro bisogno", at=NOW + timedelta(minutes=1))
    assert Request.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Scrivi un nome con cui chiamarti."),
        ({"phone": "", "email": ""}, "Lascia un telefono o una e-mail: senza, nessuno può risponderti."),
        ({"phone": "trecento"}, "Scrivi il numero con le cifre, per esempio 333 1234567."),
        ({"phone": "12345"}, "Scrivi il numero con le cifre, per esempio 333 1234567."),
        ({"email": "rosa"}, "Scrivi un indirizzo e-mail, per esempio nome@esempio.it."),
        ({"need": " "}, "Scrivi la risposta a «Di che cosa hai bisogno?»."),
        ({"website": "http://x"}, "Il campo nascosto deve restare vuoto: cancella quello che contiene e invia di nuovo."),
        ({"token": "x"}, "La pagina era aperta da troppo tempo. Quello che hai scritto è qui: controlla e invia di nuovo."),
    ],
)
def test_what_is_missing_is_explained_and_nothing_typed_is_lost(client, made, changes, sentence):
    page = send(client, **{"need": "Un bisogno da non perdere", **changes})
    assert (page.status_code, Request.objects.count()) == (200, 0)
    assert sentence in text(page)
    kept = [
        value for name, value in typed(**{"need": "Un bisogno da non perdere", **changes}).items() if name not in ("token",)
    ]
    assert [value for value in kept if value.strip() and value not in page.content.decode()] == []


@pytest.mark.parametrize(
    ("age", "sent"),
    [
        (timedelta(seconds=2), False),
        (timedelta(seconds=3), True),
        (timedelta(days=1), True),
        (timedelta(days=1, seconds=1), False),
    ],
)
def test_a_page_is_sent_after_three_seconds_and_within_a_day(client, made, age, sent):
    send(client, token=new_token(NOW - age))
    assert Request.objects.count() == int(sent)


def test_nobody_names_the_page_of_another_request(client, made):
    theirs = received(made)
    page = send(client, token=f"{theirs.pk}:1")
    assert (page.status_code, key_of(theirs) in page.content.decode(), Request.objects.count()) == (200, False, 1)


def test_one_connection_asks_thirty_times_a_day(client, made):
    for n in range(30):
        assert send(client, email=f"persona{n}@esempio.it", phone="").status_code == 302
    page = send(client, email="altra@esempio.it", phone="")
    assert (page.status_code, Request.objects.count()) == (429, 30)
    assert "Da questa connessione oggi sono arrivate troppe richieste." in text(page)


@pytest.mark.parametrize("wrong", ["number", "key", "other"])
def test_a_wrong_number_and_a_wrong_key_have_no_page(client, made, wrong):
    request, other = received(made), received(made)
    number = "R-2022-999999" if wrong == "number" else request.number
    key = {"number": key_of(request), "key": "x" * 32, "other": key_of(other)}[wrong]
    for name in ("request_follow", "request_receipt"):
        assert client.get(reverse(name, args=[number, key])).status_code == 404


def test_the_secret_page_is_kept_by_nobody(client, made):
    request = received(made)
    for name in ("request_follow", "request_receipt"):
        response = client.get(reverse(name, args=[request.number, key_of(request)]))
        assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
            "private, no-store",
            "noindex, nofollow",
            "strict-origin",
        )
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


def test_the_citizen_reads_what_is_for_them_and_no_operator_by_name(client, made):
    request = routed(made)
    write_message(request, "In quali giorni?", by=made.operator, at=NOW)
    write_message(request, "Nota riservata", by=made.answerer, at=NOW, internal=True)
    answer_request(request, "Veniamo lunedì.", by=made.answerer, at=NOW)
    write_message(request, "Dall'ufficio.", by=made.office, at=NOW)
    page = text(follow(client, request))
    assert [word in page for word in ("In quali giorni?", "Veniamo lunedì.", "Dall'ufficio.", "Nota riservata")] == [
        True,
        True,
        True,
        False,
    ]
    names = [made.operator.name, made.answerer.name, made.office.name, made.operator.email, made.answerer.email]
    assert [name for name in names if name in page] == []
    assert f"{made.space.name} martedì 3 maggio 2022, ore 10:00" in page
    assert f"{made.answering.name} martedì 3 maggio 2022, ore 10:00" in page


def test_the_citizen_writes_and_withdraws(client, made):
    request = received(made)
    assert follow(client, request, {"write": "1", "text": ""}).status_code == 200
    assert follow(client, request, {"write": "1", "text": "Meglio di mattina."}).status_code == 302
    assert (Message.objects.get().text, Message.objects.get().by) == ("Meglio di mattina.", None)
    assert follow(client, request, {"withdraw": "1"}).status_code == 302
    assert Request.objects.get().state == RequestState.WITHDRAWN
    again = follow(client, request, {"withdraw": "1"})
    assert (again.status_code, "Adesso non si può fare: lo stato è «Ritirata»." in text(again)) == (409, True)
    late = text(follow(client, request, {"write": "1", "text": "Anche di sera."}))
    assert "Quello che hai scritto adesso non è salvato Te lo mostriamo qui, così puoi copiarlo. " in late
    assert ("Anche di sera." in late, "Ritira la richiesta" in late, Message.objects.count()) == (True, False, 1)


@pytest.mark.parametrize(("answer", "state"), [("accept", QuoteState.ACCEPTED), ("decline", QuoteState.DECLINED)])
def test_the_family_answers_a_quote_and_reads_where_it_is_paid(client, made, answer, state):
    request = routed(made)
    quote = offer_quote(request, amount_cents=150_00, text="Dieci ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    outside = "Qui non si paga niente: l'amministrazione non riceve denaro"
    page = text(follow(client, request))
    assert [word in page for word in ("150,00", "Dieci ore", "3 maggio 2022", outside)] == [True] * 4
    assert follow(client, request, {answer: str(quote.pk)}).status_code == 302
    assert Quote.objects.get().state == state
    assert outside in text(follow(client, request))


def test_a_late_acceptance_is_explained_and_can_still_be_declined(client, made):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    late = NOW + timedelta(days=1)
    page = follow(client, request, {"accept": str(quote.pk)}, at=late)
    sentence = "Il preventivo valeva fino al 3 maggio 2022 e non si può più accettare. Chiedi all'ente di farne un altro."
    assert (page.status_code, sentence in text(page), "Accetto il preventivo" in text(page)) == (409, True, False)
    assert follow(client, request, {"decline": str(quote.pk)}, at=late).status_code == 302


@pytest.mark.parametrize("pk", ["x", "00000000-0000-0000-0000-000000000000", "theirs"])
def test_the_quote_of_another_request_can_not_be_answered(client, made, pk):
    request, other = routed(made), routed(made)
    theirs = offer_quote(other, amount_cents=1, text="Ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    assert follow(client, request, {"accept": str(theirs.pk) if pk == "theirs" else pk}).status_code == 404
    assert Quote.objects.get().state == QuoteState.OFFERED


def test_no_public_page_tells_a_contact(client, made):
    request = taken(made)
    write_message(request, "Chiamatemi al 333 0001112", by=None, at=clock.now())
    pages = [reverse("home"), reverse("spaces"), reverse("space", args=[made.space.slug]), reverse("request_new")]
    pages.append(reverse("request_new") + f"?servizio={made.service.slug}&spazio={made.space.slug}")
    secrets = [*CITIZEN.values(), NEED, request.number, key_of(request)]
    with arriving(NOW):
        shown = [client.get(page).content.decode() for page in pages]
    assert [(page, s) for page, body in zip(pages, shown, strict=True) for s in secrets if s in body] == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_secret_page_asks_the_database_as_often_for_many_messages(client, made, count, django_assert_num_queries):
    request = routed(made)
    for n in range(count):
        write_message(request, f"Messaggio {n}", by=(None, made.answerer, made.operator)[n % 3], at=NOW)
    with django_assert_num_queries(5):
        follow(client, request)


def test_who_is_warned_presses_one_button_and_the_request_stays_open(client, made):
    request = taken(made)
    assert "Mi serve ancora" not in text(follow(client, request))
    late = NOW + timedelta(days=181)
    warn(late)
    page = text(follow(client, request, at=late))
    day = "Il 15 novembre 2022 chiudiamo la richiesta."
    assert (day in page, "Mi serve ancora" in page) == (True, True)
    assert follow(client, request, {"keep": "1"}, at=late + timedelta(days=1)).status_code == 302
    assert history(request)[-1] == "keep"
    assert "Il 15 novembre" not in text(follow(client, request, at=late + timedelta(days=1)))
    assert follow(client, request, {"keep": "1"}, at=late + timedelta(days=2)).status_code == 409


@pytest.mark.parametrize(
    ("paid", "before", "after"),
    [
        (False, "Hai accettato un preventivo: se ritiri la richiesta è annullato", "il preventivo è annullato e l'ente lo sa."),
        (True, "Hai già pagato un preventivo: resta com'è.", "L'ente ha annotato il pagamento: 1"),
    ],
)
def test_who_withdraws_after_accepting_reads_what_becomes_of_the_quote(client, made, paid, before, after):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    assert before not in text(follow(client, request))
    accept_quote(quote, at=NOW)
    if paid:
        record_payment(quote, reference="1", paid_on=NOW.date(), by=made.answerer, at=NOW)
    assert before in text(follow(client, request))
    assert follow(client, request, {"withdraw": "1"}).status_code == 302
    page = text(follow(client, request))
    assert (after in page, before in page) == (True, False)
