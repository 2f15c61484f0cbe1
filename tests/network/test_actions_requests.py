import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import translation

from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    give_back_request,
    keep_request,
    move_request,
    offer_quote,
    record_payment,
    reopen_request,
    requests,
    route_request,
    take_request,
    withdraw_request,
    write_message,
)
from network.actions.requests import proposed_space
from network.models import Message, Quote, Request, Space
from network.models.requests import Outcome, RequestChannel
from network.request_erasure import close, forget, warn
from network.request_keys import key_of, opens
from network.states import QuoteState, RequestState, ServiceState, SpaceState
from network.transitions import WITHDRAW_REQUEST
from tests.builders import body, official, person
from tests.builders_request import CITIZEN, NEED, NOW, category, desk, received, routed, service, taken
from tests.history import history
from tests.together import together
from workflow.models import Duty, LedgerEntry
from workflow.perform import perform
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def made():
    return desk()


def refused(act) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reasons


def owed() -> list[str]:
    return list(Duty.objects.filter(done_at=None, name__startswith="network.").order_by("pk").values_list("name", flat=True))


def test_a_request_lives_from_the_receipt_to_the_answer_and_its_moments_are_kept(made):
    request = received(made)
    take_request(request, by=made.operator, at=NOW + HOUR)
    route_request(request, made.answering, by=made.operator, at=NOW + 2 * HOUR)
    write_message(request, "In quali giorni?", by=made.answerer, at=NOW + 3 * HOUR)
    write_message(request, " Lunedì.\n", by=None, at=NOW + 4 * HOUR)
    write_message(request, "Da richiamare.", by=made.answerer, at=NOW + 4 * HOUR, internal=True)
    answer_request(request, "Veniamo lunedì.", by=made.answerer, at=NOW + 5 * HOUR)
    answer_request(request, "Alle nove.", by=made.answerer, at=NOW + 6 * HOUR)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW + 7 * HOUR)
    kept = Request.objects.get()
    assert history(kept) == ["receive", "take", "route", "write", "write", "write", "answer", "answer", "close"]
    moments = (kept.received_at, kept.taken_at, kept.routed_at, kept.answered_at, kept.closed_at)
    assert moments == tuple(NOW + n * HOUR for n in (0, 1, 2, 5, 7))
    assert (kept.number, kept.state, kept.outcome) == ("R-2022-000001", RequestState.CLOSED, Outcome.STARTED)
    said = list(kept.messages.values_list("text", flat=True))
    assert said == ["In quali giorni?", "Lunedì.", "Da richiamare.", "Veniamo lunedì.", "Alle nove."]


def test_mails_are_owed_to_whom_each_act_concerns(made):
    Duty.objects.all().delete()
    request = routed(made)
    assert owed() == ["network.request_received", "network.request_arrived", "network.request_routed"]
    Duty.objects.all().delete()
    write_message(request, "Nota.", by=made.answerer, at=NOW, internal=True)
    assert owed() == []
    write_message(request, "Grazie.", by=None, at=NOW)
    answer_request(request, "Veniamo.", by=made.answerer, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    assert owed() == ["network.request_written", "network.request_message", "network.request_closed"]


def test_who_leaves_a_telephone_alone_is_owed_no_mail(made):
    Duty.objects.all().delete()
    request = taken(made, email="")
    answer_request(request, "Veniamo.", by=made.operator, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    assert owed() == ["network.request_arrived"]


def test_what_an_operator_writes_is_told_to_the_person_and_to_no_operator(made):
    Duty.objects.all().delete()
    received(made, by=made.operator, channel=RequestChannel.AT_SPACE)
    assert owed() == ["network.request_received"]


@pytest.mark.parametrize("email", [CITIZEN["email"], ""])
def test_who_has_it_hears_that_it_is_needed_and_the_person_that_the_clock_closed(made, email):
    request, late = taken(made, email=email), NOW + timedelta(days=200)
    warn(late)
    Duty.objects.all().delete()
    keep_request(request, at=late + HOUR)
    assert (owed(), again(request).messages.get().text) == (["network.request_written"], "Mi serve ancora.")
    warn(late + timedelta(days=200))
    Duty.objects.all().delete()
    close(late + timedelta(days=215))
    assert (history(request)[-1], owed()) == ("lapse", ["network.request_closed"] if email else [])


def test_what_is_asked_is_a_service_or_an_orientation(made):
    assert [received(made, service=service).kind for service in (made.service, None)] == ["service", "orientation"]


def test_who_lets_the_municipio_choose_is_followed_by_its_spazio(made):
    assert [received(made, space=None, municipio=municipio).space for municipio in (9, None)] == [made.space, None]


def test_no_step_and_no_entry_of_the_ledger_tells_who_asked_or_what(made):
    request = routed(made)
    write_message(request, "Chiamatemi al 333 0001112", by=None, at=NOW)
    give_back_request(request, reason="Non abbiamo posto.", by=made.answerer, at=NOW)
    close_request(request, Outcome.UNREACHABLE, by=made.operator, at=NOW)
    told = [str(step.facts) + step.reason + step.on_behalf_of for step in request.steps.all()]
    told += LedgerEntry.objects.values_list("content", flat=True)
    secrets = [*CITIZEN.values(), NEED, "3330001112", "Rosa", "badante per", "Chiamatemi", key_of(request)]
    assert [secret for secret in secrets if any(secret in text for text in told)] == []


def test_the_key_opens_its_request_alone_and_is_not_stored(made):
    one, other = received(made), received(made)
    key = key_of(one)
    assert (len(key), opens(one, key), opens(other, key), opens(one, key[:-1]), opens(one, "")) == (
        32,
        True,
        False,
        False,
        False,
    )
    assert key not in str(Request.objects.filter(pk=one.pk).values())


def test_the_same_page_sent_twice_is_answered_with_the_same_request(made):
    pk = uuid.uuid4()
    first, second = received(made, pk=pk), received(made, pk=pk, at=NOW + HOUR)
    assert (first.number, first.received_at, Request.objects.count()) == (second.number, second.received_at, 1)
    assert history(second) == ["receive"]


def test_something_else_from_the_same_page_is_refused(made):
    pk = uuid.uuid4()
    received(made, pk=pk)
    assert refused(lambda: received(made, pk=pk, need="Altro.")) == [
        "Da questa pagina hai già inviato una richiesta. Se te ne serve un'altra, invia di nuovo."
    ]


def test_numbers_are_counted_by_the_year_of_rome(made):
    last_hour = NOW.replace(year=2022, month=12, day=31, hour=23)
    numbers = [received(made, at=at).number for at in (NOW, last_hour, last_hour + HOUR)]
    assert numbers == ["R-2022-000001", "R-2022-000002", "R-2023-000001"]


@pytest.mark.parametrize(("taken_often", "number"), [(0, "R-2022-000002"), (4, "R-2022-000002"), (5, None)])
def test_a_number_that_goes_to_somebody_else_is_looked_for_again_five_times(made, monkeypatch, taken_often, number):
    first = received(made)
    numbers = iter([first.number] * taken_often + ["R-2022-000002"])
    monkeypatch.setattr(requests, "next_number", lambda at: next(numbers))
    if number is None:
        with pytest.raises(IntegrityError):
            received(made)
    else:
        assert received(made).number == number
    assert Request.objects.count() == (1 if number is None else 2)


def test_a_request_that_nobody_could_answer_is_refused(made):
    assert refused(lambda: received(made, phone="", email="")) == [
        "Lascia un telefono o una e-mail: senza, nessuno può risponderti."
    ]


def test_a_service_that_left_the_catalogue_is_refused(made):
    made.service.state = ServiceState.WITHDRAWN
    made.service.save()
    assert refused(lambda: received(made)) == [
        "Questo servizio non è più nel catalogo. Cercane un altro, o chiedi un orientamento."
    ]
    assert Request.objects.count() == 0


def test_a_spazio_that_is_not_open_is_refused(made):
    Space.objects.update(state=SpaceState.SUSPENDED)
    made.space.refresh_from_db()
    assert refused(lambda: received(made)) == [
        "Questo Spazio adesso non è aperto. Scegline un altro, o lascia scegliere a noi."
    ]


@pytest.mark.parametrize(
    ("before", "channel", "refuses"),
    [
        (timedelta(hours=24) - timedelta(microseconds=1), RequestChannel.ONLINE, True),
        (timedelta(hours=24), RequestChannel.ONLINE, False),
    ],
)
def test_five_requests_in_a_day_from_one_address_are_enough(made, before, channel, refuses):
    for n in range(5):
        received(made, at=NOW - before, phone="" if n % 2 else CITIZEN["phone"])
    if refuses:
        assert refused(lambda: received(made)) == [
            "Oggi con questi recapiti sono già arrivate 5 richieste. Riprova domani, o telefona a uno Spazio."
        ]
        received(made, phone="02 999", email="altra@esempio.it")
        received(made, by=made.operator, channel=RequestChannel.PHONE)
    else:
        received(made)
    assert Request.objects.count() == (7 if refuses else 6)


def test_an_operator_enters_a_request_for_their_spazio_and_for_no_other(made):
    request = received(made, by=made.operator, channel=RequestChannel.AT_SPACE)
    assert (history(request), request.entered_by, request.steps.get().by) == (["enter"], made.operator, made.operator)
    assert refused(lambda: received(made, by=made.answerer)) == ["Lo può fare solo l'ufficio o chi gestisce lo Spazio."]
    assert received(made, by=made.office, space=None, municipio=None).space is None


@pytest.mark.parametrize(
    ("municipio", "expected"), [(1, "Uno"), (2, "Uno"), (4, "Cinque bis"), (5, "Cinque bis"), (8, "Nove"), (None, None)]
)
def test_the_spazio_of_the_municipio_or_the_nearest_follows(made, municipio, expected):
    Space.objects.all().update(name="Nove")
    for name, number in [("Uno", 1), ("Cinque", 5), ("Cinque bis", 5)]:
        Space.objects.create(slug=name.replace(" ", "-").lower(), name=name, municipio=number, state=SpaceState.OPEN)
    Space.objects.create(slug="otto", name="Otto", municipio=8, state=SpaceState.SUSPENDED)
    received(made, space=Space.objects.get(name="Cinque"))
    found = proposed_space(municipio)
    assert (found.name if found else None) == expected


def test_of_two_spazi_that_follows_which_has_fewest_under_way(made):
    busy = Space.objects.create(slug="z", name="ZZ", municipio=9, state=SpaceState.OPEN)
    received(made, space=busy)
    for _twice in range(2):
        close_request(taken(made), Outcome.INFORMED, by=made.operator, at=NOW + 2 * HOUR)
    assert proposed_space(9) == made.space
    for _twice in range(2):
        received(made)
    assert proposed_space(9) == busy


def test_only_who_follows_a_request_takes_routes_and_closes_it(made):
    request = taken(made)
    stranger = person()
    for by in (stranger, made.answerer, None):
        assert refused(lambda by=by: route_request(request, made.answering, by=by, at=NOW)) == [
            "Lo può fare solo l'ufficio o chi gestisce lo Spazio."
        ]
    close_request(request, Outcome.INFORMED, by=official(), at=NOW)
    assert request.state == RequestState.CLOSED


@pytest.mark.parametrize(
    ("state", "answers"),
    [
        (RequestState.ROUTED, True),
        (RequestState.ANSWERED, True),
        (RequestState.TAKEN, False),
        (RequestState.CLOSED, False),
    ],
)
def test_the_body_answers_only_while_the_request_is_in_its_hands(made, state, answers):
    request = routed(made)
    Request.objects.update(state=state)
    if answers:
        answer_request(request, "Veniamo.", by=made.answerer, at=NOW)
        assert Request.objects.get().answered_at == NOW
    else:
        assert refused(lambda: answer_request(request, "Veniamo.", by=made.answerer, at=NOW)) == [
            "Lo può fare solo chi segue la richiesta: lo Spazio, l'ufficio o l'ente a cui è passata."
        ]


def test_a_request_goes_to_a_body_of_its_category_and_an_orientation_to_any(made):
    other = service(body("Doposcuola"), category=category("scuola", "Scuola")).organisation
    same = service(body("Altra cooperativa")).organisation
    idle = body("Senza servizi")
    request, orientation = taken(made), taken(made, service=None)
    sentence = "Questo ente non offre servizi di questo tipo. Scegline uno dall'elenco."
    assert refused(lambda: route_request(request, other, by=made.operator, at=NOW)) == [sentence]
    assert refused(lambda: route_request(orientation, idle, by=made.operator, at=NOW)) == [sentence]
    route_request(request, same, by=made.operator, at=NOW)
    route_request(orientation, other, by=made.operator, at=NOW)
    assert refused(lambda: route_request(request, same, by=made.operator, at=NOW)) == ["La richiesta è già presso questo ente."]
    route_request(request, made.answering, by=made.operator, at=NOW + HOUR)
    assert (request.organisation, request.routed_at) == (made.answering, NOW)


def test_a_body_gives_a_request_back_with_a_reason_and_sees_it_no_more(made):
    request = routed(made)
    assert refused(lambda: give_back_request(request, reason=" ", by=made.answerer, at=NOW)) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    assert Request.objects.visible_to(made.answerer).count() == 1
    give_back_request(request, reason="Non abbiamo posto.", by=made.answerer, at=NOW)
    assert (Request.objects.get().state, Request.objects.visible_to(made.answerer).count()) == (RequestState.TAKEN, 0)


@pytest.mark.parametrize(
    "reason",
    [
        "Rosa Inventata non risponde",
        "rosa inventata.",
        "scrive da ROSA.INVENTATA@esempio.it",
        "al 3330001112",
        "+39 333/0001112",
    ],
)
def test_a_reason_names_nobody(made, reason):
    request = routed(made)
    assert refused(lambda: give_back_request(request, reason=reason, by=made.answerer, at=NOW)) == [
        "Nel motivo non scrivere il nome né i recapiti della persona: il motivo resta nella storia per sempre."
    ]
    give_back_request(request, reason="La lista dei posti è piena: 333 domande.", by=made.answerer, at=NOW)


def test_a_closed_request_is_reopened_with_a_reason_and_looked_for_anew(made):
    request = routed(made)
    close_request(request, Outcome.UNREACHABLE, by=made.operator, at=NOW)
    reopen_request(request, reason="Ha richiamato.", by=made.operator, at=NOW + HOUR)
    kept = Request.objects.get()
    assert (kept.state, kept.outcome, kept.closed_at, kept.organisation) == (RequestState.TAKEN, "", None, None)


def test_a_withdrawn_request_is_over_and_declines_the_quote_that_waits(made):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    withdraw_request(request, at=NOW + HOUR)
    quote.refresh_from_db()
    assert (Request.objects.get().state, quote.state) == (RequestState.WITHDRAWN, QuoteState.DECLINED)
    assert (Request.objects.get().closed_at, quote.answered_at) == (NOW + HOUR, NOW + HOUR)
    assert refused(lambda: write_message(request, "Ancora", by=None, at=NOW)) == [
        "Adesso non si può fare: lo stato è «Ritirata»."
    ]


def test_nobody_signed_in_acts_in_the_place_of_the_citizen(made):
    request = received(made)
    for by in (made.office, made.operator):
        assert refused(lambda by=by: perform(WITHDRAW_REQUEST, request, by=by, at=NOW)) == [
            "Lo può fare solo la persona che ha chiesto, dal suo indirizzo segreto."
        ]


def test_an_empty_message_is_refused_and_a_citizen_writes_no_internal_note(made):
    request = taken(made)
    assert refused(lambda: answer_request(request, "  \n", by=made.operator, at=NOW)) == ["Scrivi il messaggio."]
    with pytest.raises(ValueError, match="a citizen writes to whoever follows"):
        write_message(request, "x", by=None, at=NOW, internal=True)
    assert Message.objects.count() == 0


def another_space(**changes) -> Space:
    return Space.objects.create(**{"slug": "altro", "name": "Altro", "municipio": 1, "state": SpaceState.OPEN, **changes})


def test_a_request_goes_to_another_spazio_with_a_reason_and_the_person_is_told(made):
    request, other = routed(made), another_space()
    Duty.objects.all().delete()
    with translation.override("en"):  # an operator who reads English pages tells an Italian
        move_request(request, other, reason="Abita lì vicino.", by=made.operator, at=NOW + 3 * HOUR)
    kept = Request.objects.get()
    assert (kept.space, kept.organisation, kept.state) == (other, None, RequestState.RECEIVED)
    assert (kept.taken_at, kept.routed_at, kept.received_at) == (NOW + HOUR, NOW + 2 * HOUR, NOW)
    assert kept.messages.get().text == "Da oggi la tua richiesta la segue Altro. Il motivo: Abita lì vicino."
    assert request.steps.latest("pk").facts == {"from": str(made.space.pk), "to": str(other.pk)}
    assert owed() == ["network.request_message", "network.request_moved"]
    take_request(request, by=made.office, at=NOW + 4 * HOUR)
    assert Request.objects.get().taken_at == NOW + HOUR


def test_who_gave_a_request_away_sees_it_no_more(made):
    request = routed(made)
    seen = lambda: [Request.objects.visible_to(by).count() for by in (made.operator, made.answerer, made.office)]  # noqa: E731
    assert seen() == [1, 1, 1]
    move_request(request, None, reason="Serve l'ufficio.", by=made.operator, at=NOW)
    assert seen() == [0, 0, 1]
    assert request.messages.get().text == "Da oggi la tua richiesta la segue l'ufficio del Comune. Il motivo: Serve l'ufficio."


def test_the_office_gives_what_no_spazio_follows_to_one(made):
    request = received(made, space=None, municipio=None)
    assert refused(lambda: move_request(request, made.space, reason="x", by=made.operator, at=NOW)) == [
        "Lo può fare solo l'ufficio o chi gestisce lo Spazio."
    ]
    move_request(request, made.space, reason="È il più vicino.", by=made.office, at=NOW)
    assert Request.objects.visible_to(made.operator).get() == request


@pytest.mark.parametrize(
    ("to", "reason", "sentence"),
    [
        ("same", "Perché sì.", "La richiesta è già qui. Scegli chi altro la segue da oggi."),
        (
            "closed",
            "Perché sì.",
            "Questo Spazio adesso non è aperto. Scegline un altro, o lascia la richiesta all'ufficio.",
        ),
        ("other", " ", "Scrivi il motivo: resta nella storia dell'atto."),
        (
            "other",
            "La signora Rosa Inventata lo chiede",
            "Nel motivo non scrivere il nome né i recapiti della persona: il motivo resta nella storia per sempre.",
        ),
    ],
)
def test_what_moves_no_request(made, to, reason, sentence):
    request = taken(made)
    spaces = {"same": made.space, "other": another_space(), "closed": another_space(slug="c", state=SpaceState.SUSPENDED)}
    assert refused(lambda: move_request(request, spaces[to], reason=reason, by=made.operator, at=NOW)) == [sentence]
    move_request(request, spaces["other"], reason="Abita lì.", by=made.operator, at=NOW)


def test_a_request_whose_quote_binds_a_body_stays(made):
    request = routed(made)
    offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    assert refused(lambda: move_request(request, None, reason="No.", by=made.operator, at=NOW)) == [
        "C'è un preventivo in attesa o accettato: finché c'è, la richiesta resta all'ente. Per spostarla, l'ente prima lo ritira."
    ]


@pytest.mark.parametrize(("paid", "state"), [(False, QuoteState.CALLED_OFF), (True, QuoteState.ACCEPTED)])
def test_a_withdrawal_calls_off_the_quote_that_was_accepted_and_tells_the_body(made, paid, state):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    if paid:
        record_payment(quote, reference="1", paid_on=NOW.date(), by=made.answerer, at=NOW)
    Duty.objects.all().delete()
    withdraw_request(request, at=NOW)
    quote.refresh_from_db()
    assert (quote.state, Request.objects.get().state) == (state, RequestState.WITHDRAWN)
    assert owed() == ["network.request_withdrawn"] + ([] if paid else ["network.quote_called_off"])
    assert quote.steps.latest("pk").by == (made.answerer if paid else None)


@pytest.mark.parametrize(("days", "fits"), [(-1, True), (0, True), (1, False)])
def test_of_a_quote_called_off_only_what_was_paid_by_then_is_noted(made, days, fits):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    withdraw_request(request, at=NOW)
    paid_on, late = NOW.date() + timedelta(days=days), NOW + timedelta(days=3)
    pay = lambda: record_payment(quote, reference="1", paid_on=paid_on, by=made.answerer, at=late)  # noqa: E731
    if fits:
        pay()
        assert (quote.paid_on, quote.state) == (paid_on, QuoteState.CALLED_OFF)
    else:
        assert refused(pay) == [
            "La persona ha ritirato la richiesta il 3 maggio 2022: si annota solo un pagamento fatto entro quel giorno. "
            "Se per ore già svolte è dovuto altro, accordatevi con lei fuori da questo sito."
        ]


def again(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


@pytest.mark.django_db(transaction=True)
def test_of_a_move_and_a_taking_in_charge_at_once_the_move_stands(made):
    request, other = received(made), another_space()
    together(
        lambda: move_request(again(request), other, reason="Abita lì.", by=made.operator, at=NOW),
        lambda: take_request(again(request), by=made.operator, at=NOW),
    )
    assert (again(request).space, again(request).state) == (other, RequestState.RECEIVED)
    assert history(request) in (["receive", "take", "move"], ["receive", "move"])


@pytest.mark.django_db(transaction=True)
def test_of_a_withdrawal_and_an_acceptance_at_once_no_quote_stays_accepted(made):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    together(
        lambda: withdraw_request(again(request), at=NOW),
        lambda: accept_quote(Quote.objects.get(), at=NOW),
    )
    assert again(request).state == RequestState.WITHDRAWN
    assert history(quote) in (["offer", "accept", "call_off"], ["offer", "decline"])


@pytest.mark.django_db(transaction=True)
def test_of_a_withdrawal_and_a_payment_at_once_both_are_kept(made):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    together(
        lambda: withdraw_request(again(request), at=NOW),
        lambda: record_payment(Quote.objects.get(), reference="1", paid_on=NOW.date(), by=made.answerer, at=NOW),
    )
    assert (again(request).state, Quote.objects.get().paid_on) == (RequestState.WITHDRAWN, NOW.date())
    assert history(quote) in (["offer", "accept", "pay"], ["offer", "accept", "call_off", "pay"])


@pytest.mark.django_db(transaction=True)
def test_what_is_reopened_at_once_with_the_erasure_is_erased_or_open_and_never_both(made):
    request = taken(made)
    close_request(request, Outcome.INFORMED, by=made.operator, at=NOW)
    late = NOW + timedelta(days=400)
    together(
        lambda: forget(late),
        lambda: forget(late),
        lambda: reopen_request(again(request), reason="Ha richiamato.", by=made.operator, at=late),
    )
    kept = again(request)
    assert (kept.state, kept.erased_at, kept.name) in [
        (RequestState.CLOSED, late, ""),
        (RequestState.TAKEN, None, CITIZEN["name"]),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_workers_warn_and_close_once(made):
    request = taken(made)
    warned = NOW + timedelta(days=200)
    together(lambda: warn(warned), lambda: warn(warned))
    together(lambda: close(warned + timedelta(days=15)), lambda: close(warned + timedelta(days=15)))
    assert history(request) == ["receive", "take", "warn", "lapse"]
