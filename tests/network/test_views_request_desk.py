import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from network.actions import (
    answer_request,
    close_request,
    give_back_request,
    move_request,
    receive_request,
    take_request,
    write_message,
)
from network.models import Message, Request, Space
from network.models.requests import Outcome
from network.overview import of_the_office
from network.request_erasure import warn
from network.request_keys import address_of, new_token
from network.states import SpaceState
from tests.builders import person
from tests.builders_request import CITIZEN, NEED, NOW, desk, received, routed, taken
from tests.clock import arriving
from tests.history import history
from tests.pages import text

pytestmark = pytest.mark.django_db
NOT_SAVED = "Quello che hai scritto adesso non è salvato"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * DAY


@pytest.fixture
def made():
    return desk()


def get(client, by, name: str, *args, at=LATER, query: str = ""):
    client.force_login(by)
    with arriving(at):
        return client.get(reverse(name, args=args) + query)


def post(client, by, request: Request, data: dict, at=LATER):
    client.force_login(by)
    with arriving(at):
        return client.post(reverse("request", args=[request.pk]), data)


def entered(client, by, made, at=LATER, **changes):
    client.force_login(by)
    data = {**CITIZEN, "need": NEED, "municipio": "9", "space": made.space.pk, "service": "", "channel": "phone"}
    with arriving(at):
        return client.post(reverse("request_enter"), {**data, "token": new_token(at), **changes})


def test_a_request_walks_from_the_spazio_to_the_body_and_back_on_the_pages(client, made):
    request = received(made)
    assert post(client, made.operator, request, {"take": "1"}).status_code == 302
    assert post(client, made.operator, request, {"route": "1", "organisation": made.answering.pk}).status_code == 302
    for kind in ("note", "ask", "answer"):
        assert post(client, made.answerer, request, {"say": "1", "kind": kind, "text": f"Testo {kind}"}).status_code == 302
    back = post(client, made.answerer, request, {"give_back": "1", "give_back-reason": "Non abbiamo posto."})
    assert back["Location"] == reverse("requests")
    assert post(client, made.operator, request, {"close": "1", "outcome": "referred"}).status_code == 302
    assert post(client, made.office, request, {"reopen": "1", "reopen-reason": "Ha richiamato."}).status_code == 302
    assert history(request) == ["receive", "take", "route", "write", "write", "answer", "give_back", "close", "reopen"]
    assert list(Message.objects.values_list("text", "internal")) == [
        ("Testo note", True),
        ("Testo ask", False),
        ("Testo answer", False),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"say": "1", "kind": "answer", "text": ""}, "Scrivi la risposta a «Messaggio»."),
        ({"say": "1", "text": "Testo da non perdere"}, "Scegli a chi scrivi."),
        ({"route": "1"}, "Scegli l'ente."),
        ({"close": "1"}, "Scegli come è finita."),
    ],
)
def test_a_wrong_form_is_explained(client, made, data, sentence):
    request = taken(made)
    page = post(client, made.operator, request, data)
    assert (page.status_code, sentence in text(page), data.get("text", "") in page.content.decode()) == (200, True, True)
    assert history(request) == ["receive", "take"]


def test_an_act_that_came_too_late_is_refused_in_words(client, made):
    request = taken(made)
    page = post(client, made.operator, request, {"take": "1"})
    assert (page.status_code, "Adesso non si può fare: lo stato è «Presa in carico»." in text(page)) == (409, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"say": "1", "kind": "answer", "text": " Veniamo lunedì. "}, "Messaggio Veniamo lunedì."),
        ({"move": "1", "move-space": "", "move-reason": "Abita altrove."}, "Motivo Abita altrove."),
    ],
)
def test_what_was_written_about_a_request_that_a_colleague_closed_meanwhile_is_there_to_copy(client, made, data, said):
    request = taken(made)
    wrong = post(client, made.operator, request, {**data, "text": "x" * 4001, "move-reason": ""})
    assert (wrong.status_code, NOT_SAVED in text(wrong)) == (200, False)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    late = post(client, made.operator, request, data)
    assert (late.status_code, "Adesso non si può fare: lo stato è «Chiusa»." in text(late)) == (409, True)
    assert f"{NOT_SAVED} Te lo mostriamo qui, così puoi copiarlo. {said} " in text(late)
    assert history(request) == ["receive", "take", "close"]


@pytest.mark.parametrize(
    ("state", "post_data", "opened"),
    [
        ("received", {}, None),
        ("taken", {}, "Passa a un ente"),
        ("taken", {"move": "1"}, "Sposta"),
        ("routed", {}, None),
        ("answered", {}, "Chiudi"),
        ("closed", {}, None),
        ("closed", {"reopen": "1"}, "Riapri"),
    ],
)
def test_of_what_can_be_done_what_is_mostly_next_stands_open_or_what_was_wrong(client, made, state, post_data, opened):
    request = {"received": received, "routed": routed}.get(state, taken)(made)
    if state in ("answered", "closed"):
        answer_request(request, "Ecco.", by=made.operator, at=NOW)
    if state == "closed":
        close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    page = post(client, made.operator, request, post_data) if post_data else get(client, made.operator, "request", request.pk)
    folds = re.findall(r"<details class=\"bando-details\"( open)?><summary>([^<]+)", page.content.decode())
    assert (page.status_code, [name for is_open, name in folds if is_open]) == (200, [opened] if opened else [])
    assert {"received": ["Sposta"], "closed": ["Riapri"]}.get(state, ["Sposta", "Chiudi"]) == [name for _o, name in folds][-2:]


def test_the_body_reads_who_asks_only_while_the_request_is_in_its_hands(client, made):
    request = routed(made)
    write_message(request, "Chiamatemi al 333 0001112", by=None, at=NOW)
    secrets = [*CITIZEN.values(), NEED, "Chiamatemi"]

    def shown(by, name, *args):
        page = get(client, by, name, *args).content.decode()
        return [secret for secret in secrets if secret in page]

    assert shown(made.answerer, "request", request.pk) == secrets
    assert shown(made.answerer, "requests") == ["Rosa Inventata"]
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    assert shown(made.answerer, "request", request.pk) == []
    client.force_login(made.answerer)
    assert "Rosa Inventata" not in client.get(reverse("requests") + "?state=closed").content.decode()
    assert shown(made.operator, "request", request.pk) == secrets


def test_a_request_that_was_given_back_has_no_page_for_the_body(client, made):
    request = routed(made)
    give_back_request(request, reason="Non abbiamo posto.", by=made.answerer, at=NOW)
    assert get(client, made.answerer, "request", request.pk).status_code == 404
    assert get(client, person(), "request", request.pk).status_code == 404


def test_who_waits_longest_comes_first_and_waits_are_in_words(client, made):
    first, second = received(made, at=NOW), received(made, at=NOW + DAY)
    answered = taken(made, at=NOW + HOUR)
    answer_request(answered, "Ecco.", by=made.operator, at=NOW + DAY)
    page = text(get(client, made.operator, "requests"))
    assert sorted((first, second, answered), key=lambda row: page.index(row.number)) == [first, second, answered]
    assert [words in page for words in ("aspetta da 2 giorni", "aspetta da 1 giorno", "risposta dopo 23 ore")] == [True] * 3
    assert "aspetta da meno di un'ora" in text(get(client, made.operator, "requests", at=NOW + DAY))


def test_the_list_is_filtered_by_state_number_and_spazio(client, made):
    waits, closed = received(made), taken(made)
    elsewhere = received(made, space=None, municipio=None)
    close_request(closed, Outcome.INFORMED, by=made.operator, at=NOW)

    def found(query: str) -> list[str]:
        page = text(get(client, made.office, "requests", query=query))
        return [row.number for row in (waits, closed, elsewhere) if row.number in page]

    assert found("") == [waits.number, elsewhere.number]
    assert found("?state=closed") == [closed.number]
    assert found(f"?q={closed.number[-6:]}") == [closed.number]
    assert found(f"?space={made.space.pk}") == [waits.number]
    assert found("?state=niente&page=x") == [waits.number, elsewhere.number]


def test_an_operator_enters_a_request_and_prints_the_receipt_within_a_day(client, made):
    assert entered(client, made.operator, made).status_code == 302
    request = Request.objects.get()
    assert (request.channel, request.space, request.entered_by) == ("phone", made.space, made.operator)
    slip = ("request_slip", request.pk)
    assert address_of(request) in text(get(client, made.operator, *slip))
    assert get(client, made.operator, *slip, at=LATER + DAY).status_code == 200
    assert get(client, made.operator, *slip, at=LATER + DAY + timedelta(microseconds=1)).status_code == 404
    assert get(client, made.office, *slip).status_code == 404


def test_an_operator_enters_once_however_often_they_press(client, made):
    token = new_token(LATER)
    first, second = entered(client, made.operator, made, token=token), entered(client, made.operator, made, token=token)
    assert (first["Location"], Request.objects.count()) == (second["Location"], 1)


def test_an_operator_must_name_a_spazio_of_theirs_and_loses_nothing(client, made):
    page = entered(client, made.operator, made, space="", name="Rosa da tenere")
    assert ("Scegli lo Spazio che segue la richiesta." in text(page), "Rosa da tenere" in page.content.decode()) == (True, True)
    page = entered(client, made.operator, made, token="x", name="Rosa da tenere")
    assert "La pagina era aperta da troppo tempo." in text(page)
    assert entered(client, made.answerer, made).status_code == 404
    assert Request.objects.count() == 0


def test_the_office_lets_the_municipio_choose(client, made):
    assert entered(client, made.office, made, space="").status_code == 302
    assert Request.objects.get().space == made.space


def test_the_menu_leads_to_the_requests_whoever_works_on_them(client, made):
    link = f'href="{reverse("requests")}"'
    seen = {}
    for name, user in {"operator": made.operator, "body": made.answerer, "office": made.office, "stranger": person()}.items():
        client.force_login(user)
        seen[name] = link in client.get(reverse("home")).content.decode()
    # The office finds them on its page of the network, with what waits.
    assert seen == {"operator": True, "body": True, "office": False, "stranger": False}


def test_times_are_told_by_spazio_and_kind(client, made):
    for hours in (1, 2, 30):
        request = taken(made)
        answer_request(request, "Ecco.", by=made.operator, at=NOW + hours * HOUR)
    received(made, service=None)
    old = received(made, at=NOW - 40 * DAY)
    page = text(get(client, made.office, "desk_request_times", query="?days=30&goal=1"))
    assert "4 richieste arrivate in questo periodo." in page
    assert f"Metà delle persone ha una risposta in 2 ore: {made.space.name}" in page
    assert f"{made.space.name} 4 1 ora · 1 ora (3) – 2 ore · 1 giorno (3) – – 66%" in page
    assert "Un orientamento: capire che cosa serve 1 – – – – – –" in page
    assert "5 richieste" in text(get(client, made.office, "desk_request_times"))
    assert [secret for secret in (*CITIZEN.values(), NEED, old.number) if secret in page] == []


def test_of_several_spazi_the_slowest_is_named_first(client, made):
    quick = Space.objects.create(slug="svelto", name="Svelto", municipio=1, state=SpaceState.OPEN)
    for space, hours in [(quick, 1), (made.space, 50)]:
        request = receive(made, hours, space=space)
        take_request(request, by=made.office, at=NOW)
        answer_request(request, "Ecco.", by=made.office, at=NOW + hours * HOUR)
    page = get(client, made.office, "desk_request_times")
    assert f"Si aspetta di più qui: {made.space.name}. Metà delle persone ha una risposta in 2 giorni" in text(page)
    assert ('value="90" selected' in page.content.decode(), 'value="5" selected' in page.content.decode()) == (True, True)


def test_times_are_drawn_when_there_is_an_answer(client, made):
    assert "0 richieste" in text(get(client, made.office, "desk_request_times", query="?days=x"))
    received(made)
    assert b"<svg" not in get(client, made.office, "desk_request_times").content.split(b"<main")[1].split(b"</main>")[0]


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_asks_the_database_as_often_for_many(client, made, count, django_assert_num_queries):
    for n in range(count):
        receive(made, n)
    client.force_login(made.operator)
    with arriving(LATER), django_assert_num_queries(9):
        client.get(reverse("requests"))


@pytest.mark.parametrize("count", [3, 30])
def test_the_times_ask_the_database_as_often_for_many(client, made, count, django_assert_num_queries):
    for n in range(count):
        receive(made, n)
    client.force_login(made.office)
    with arriving(LATER), django_assert_num_queries(5):
        client.get(reverse("desk_request_times"))


@pytest.mark.parametrize("count", [3, 30])
def test_a_request_asks_the_database_as_often_for_many_messages(client, made, count, django_assert_num_queries):
    request = routed(made)
    for n in range(count):
        write_message(request, f"Messaggio {n}", by=(None, made.answerer, made.operator)[n % 3], at=NOW)
    client.force_login(made.operator)
    with arriving(LATER), django_assert_num_queries(33):
        client.get(reverse("request", args=[request.pk]))


def receive(made, n: int, **changes) -> Request:
    """From as many people as there are requests."""
    facts = {"service": made.service, "space": made.space, "municipio": 9, "need": NEED, "name": f"Persona {n}", **changes}
    return receive_request(pk=uuid.uuid4(), email=f"persona{n}@esempio.it", at=NOW, **facts)


def test_an_operator_moves_a_request_and_sees_it_no_more(client, made):
    request = routed(made)
    other = Space.objects.create(slug="altro", name="Altro", municipio=1, state=SpaceState.OPEN)
    page = post(client, made.operator, request, {"move": "1", "move-space": str(other.pk), "move-reason": ""})
    assert (page.status_code, "Scrivi il motivo: resta nella storia dell'atto." in text(page)) == (200, True)
    moved = {"move": "1", "move-space": str(other.pk), "move-reason": "Abita lì vicino."}
    assert post(client, made.operator, request, moved)["Location"] == reverse("requests")
    pages = [get(client, by, "request", request.pk).status_code for by in (made.operator, made.answerer, made.office)]
    assert (pages, history(request)[-1]) == ([404, 404, 200], "move")
    back = post(client, made.office, request, {"move": "1", "move-space": "", "move-reason": "La segue l'ufficio."})
    assert (back["Location"], Request.objects.get().space) == (reverse("request", args=[request.pk]), None)


def test_a_request_of_which_the_person_is_warned_says_when_it_is_closed(client, made):
    request = taken(made)
    late = NOW + 181 * DAY
    words = "Da molto tempo nessuno se ne occupa: il 15 novembre 2022 si chiude"
    assert words not in text(get(client, made.operator, "request", request.pk, at=late))
    warn(late)
    assert words in text(get(client, made.operator, "request", request.pk, at=late))
    told = {str(task["label"]): task["hint"] for group in of_the_office(late) for task in group["tasks"]}
    assert told["Richieste dei cittadini"] == "1 sta per chiudersi da sola"


def test_each_spazio_answers_for_the_time_in_which_it_had_the_request(client, made):
    other = Space.objects.create(slug="altro", name="Altro", municipio=1, state=SpaceState.OPEN)
    request = taken(made)
    move_request(request, other, reason="Abita lì vicino.", by=made.operator, at=NOW + 2 * DAY)
    answer = {"by": made.office, "at": NOW + 2 * DAY + 5 * HOUR}
    take_request(request, **answer)
    answer_request(request, "Ecco.", **answer)
    page = text(get(client, made.office, "desk_request_times", at=NOW + 3 * DAY))
    assert "Altro 1 5 ore · 5 ore (1) – 5 ore · 5 ore (1) – – 100%" in page
    assert f"{made.space.name} 1 1 ora · 1 ora (1) – – 2 giorni · 2 giorni (1) – –" in page
    assert "Un servizio 1 1 ora · 1 ora (1) – 2 giorni · 2 giorni (1) – – 100%" in page


def test_no_number_is_broken_at_its_hyphen(client, made):
    request = received(made)
    page = get(client, made.office, "request", request.pk).content.decode()
    assert f'Richiesta <span class="text-nowrap">{request.number}</span></h1>' in page
    assert f"<title>Richiesta {request.number}" in page
