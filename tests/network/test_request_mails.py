from datetime import timedelta

import pytest
from django.core import mail

from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    decline_quote,
    give_back_request,
    move_request,
    offer_quote,
    reopen_request,
    withdraw_quote,
    withdraw_request,
    write_message,
)
from network.models import Message, Request, Space
from network.models.requests import Outcome
from network.request_erasure import warn
from network.request_keys import address_of
from tests.builders_request import CITIZEN, NEED, NOW, desk, received, routed, taken
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
SECRET = "Chiamatemi al 333 0001112"


@pytest.fixture
def made():
    found = desk()
    Duty.objects.all().delete()  # the mails of the road before
    return found


def sent() -> list[mail.EmailMessage]:
    return sent_by(NOW + timedelta(days=1))


def sent_by(at) -> list[mail.EmailMessage]:
    """The mails of what is owed at ``at``; the box is empty again."""
    while pay(at):
        pass
    assert list(Duty.objects.exclude(last_error="").values_list("name", "last_error")) == []
    found, mail.outbox = mail.outbox, []
    return found


def test_the_citizen_gets_number_and_secret_address_and_the_spazio_the_number_alone(made):
    request = received(made)
    citizen, operator = sent()
    assert (citizen.to, citizen.subject) == ([CITIZEN["email"]], "R-2022-000001: richiesta ricevuta")
    assert [word in citizen.body for word in ("Ciao Rosa Inventata,", address_of(request))] == [True, True]
    assert (operator.to, operator.subject) == ([made.operator.email], "R-2022-000001: una richiesta nuova")
    assert f"/rete/richieste/{request.pk}/" in operator.body


def test_a_request_that_no_spazio_follows_is_told_to_the_office_alone(made):
    request = received(made, space=None, municipio=None)
    write_message(request, SECRET, by=None, at=NOW)
    told = [one.to for one in sent() if one.to != [CITIZEN["email"]]]
    assert (request.space, told) == (None, [[made.office.email]] * 2)


def test_of_a_spazio_without_people_the_office_is_told(made):
    Space.objects.update(partnership=None)
    received(made)
    assert [one.to for one in sent() if one.to != [CITIZEN["email"]]] == [[made.office.email]]


def test_no_mail_to_who_works_on_it_tells_who_asks_or_what_and_none_gets_the_address(made):
    request = routed(made)
    write_message(request, SECRET, by=None, at=NOW)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    mails = [one for one in sent() if one.to != [CITIZEN["email"]]]
    assert sorted({one.to[0] for one in mails}) == sorted([made.operator.email, made.answerer.email])
    assert len(mails) == 4
    told = "".join(one.subject + one.body for one in mails)
    secrets = [*CITIZEN.values(), NEED, SECRET, "Rosa", address_of(request), "/servizi/richieste/"]
    assert [secret for secret in secrets if secret in told] == []


def test_every_answer_and_question_is_written_to_the_citizen_and_no_note(made):
    request = routed(made)
    sent()
    write_message(request, "In quali giorni?", by=made.answerer, at=NOW)
    write_message(request, "Nota riservata", by=made.answerer, at=NOW, internal=True)
    answer_request(request, "Veniamo lunedì.", by=made.answerer, at=NOW)
    close_request(request, Outcome.STARTED, by=made.operator, at=NOW)
    mails = sent()
    assert [one.to for one in mails] == [[CITIZEN["email"]]] * 3
    expected = ["In quali giorni?", "Veniamo lunedì.", "Il servizio è partito"]
    assert [words in one.body for words, one in zip(expected, mails, strict=True)] == [True] * 3
    assert [one.subject for one in mails][2] == "R-2022-000001: richiesta chiusa"


def test_what_changed_before_the_mail_left_is_not_told(made):
    request = routed(made)
    give_back_request(request, reason="Non abbiamo posto.", by=made.answerer, at=NOW)
    close_request(request, Outcome.INFORMED, by=made.operator, at=NOW)
    reopen_request(request, reason="Ha richiamato.", by=made.operator, at=NOW)
    assert [one.subject for one in sent()] == ["R-2022-000001: richiesta ricevuta", "R-2022-000001: una richiesta nuova"]


def test_an_erased_message_is_written_to_nobody(made):
    request = taken(made)
    sent()
    answer_request(request, "Ecco.", by=made.operator, at=NOW)
    Message.objects.all().delete()
    Request.objects.update(email="", erased_at=NOW)
    assert sent() == []


def test_a_quote_is_written_to_the_family_with_where_it_is_paid(made):
    request = routed(made)
    sent()
    quote = offer_quote(request, amount_cents=150_00, text="Dieci ore", valid_until=NOW.date(), by=made.answerer, at=NOW)
    (offered,) = sent()
    assert (offered.to, offered.subject) == ([CITIZEN["email"]], "R-2022-000001: un preventivo per te")
    outside = "Il pagamento avviene fuori da questo sito, direttamente all'ente. L'amministrazione non riceve denaro."
    assert [words in offered.body for words in ("150,00", "Dieci ore", "3 maggio 2022", outside)] == [True] * 4
    withdraw_quote(quote, reason="Prezzo sbagliato.", by=made.answerer, at=NOW)
    (withdrawn,) = sent()
    assert ("Prezzo sbagliato." in withdrawn.body, withdrawn.to) == (True, [CITIZEN["email"]])


@pytest.mark.parametrize(
    ("answer", "subject"),
    [(accept_quote, "R-2022-000001: preventivo accettato"), (decline_quote, "R-2022-000001: preventivo non accettato")],
)
def test_the_body_hears_what_the_family_answered(made, answer, subject):
    request = routed(made)
    quote = offer_quote(request, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    sent()
    answer(quote, at=NOW)
    assert [(one.to, one.subject) for one in sent()] == [([made.answerer.email], subject)]


def test_without_the_old_secret_a_mail_says_to_use_the_address_one_holds(made, settings):
    request = taken(made)
    sent()
    settings.SECRET_KEY = "un altro segreto"
    answer_request(request, "Ecco.", by=made.operator, at=NOW)
    (told,) = sent()
    assert ("/servizi/richieste/" in told.body, "usa l'indirizzo segreto che ti abbiamo mandato" in told.body) == (False, True)


def test_a_withdrawal_is_told_to_who_has_the_request_by_number_alone(made):
    first, second = received(made), routed(made)
    quote = offer_quote(second, amount_cents=1, text="Un'ora", valid_until=NOW.date(), by=made.answerer, at=NOW)
    accept_quote(quote, at=NOW)
    third = routed(made)
    sent()
    for request in (first, second, third):
        withdraw_request(request, at=NOW)
    mails = sent()
    assert [(one.to, one.subject) for one in mails] == [
        ([made.operator.email], "R-2022-000001: richiesta ritirata"),
        ([made.answerer.email], "R-2022-000002: preventivo annullato"),
        ([made.answerer.email], "R-2022-000003: richiesta ritirata"),
    ]
    told = "".join(one.subject + one.body for one in mails)
    assert [secret for secret in (*CITIZEN.values(), NEED, "Rosa", "/servizi/richieste/") if secret in told] == []


def test_a_moved_request_is_told_to_the_person_and_to_who_has_it_last(made):
    request = taken(made)
    other = Space.objects.create(slug="altro", name="Altro", municipio=1, state="open")
    sent()
    move_request(request, other, reason="Abita lì.", by=made.operator, at=NOW)
    move_request(request, None, reason="Anzi no.", by=made.office, at=NOW + timedelta(hours=1))
    mails = sent()
    assert [(one.to, one.subject) for one in mails] == [
        ([CITIZEN["email"]], "R-2022-000001: un messaggio per te"),
        ([CITIZEN["email"]], "R-2022-000001: un messaggio per te"),
        ([made.office.email], "R-2022-000001: una richiesta per voi"),
    ]
    assert "la segue Altro. Il motivo: Abita lì." in mails[0].body
    assert [secret for secret in (*CITIZEN.values(), NEED, "Rosa") if secret in mails[2].body] == []


@pytest.mark.parametrize("email", [CITIZEN["email"], ""])
def test_before_the_clock_closes_the_person_and_who_has_it_are_told(made, email):
    request = taken(made, email=email)
    sent()
    warn(NOW + timedelta(days=181))
    mails = sent_by(NOW + timedelta(days=182))
    staff = mails[-1]
    assert (staff.to, staff.subject) == ([made.operator.email], "R-2022-000001: sta per chiudersi")
    assert ("non ha lasciato una e-mail" in staff.body, "Rosa" in staff.body) == (not email, False)
    assert len(mails) == (2 if email else 1)
    if email:
        assert (mails[0].to, mails[0].subject) == ([email], "R-2022-000001: ti serve ancora?")
        assert ("Il 15 novembre 2022 la chiudiamo." in mails[0].body, address_of(request) in mails[0].body) == (True, True)


def test_who_acted_before_the_mail_left_is_not_warned(made):
    request = taken(made)
    sent()
    warn(NOW + timedelta(days=181))
    write_message(request, "Nota.", by=made.operator, at=NOW + timedelta(days=182), internal=True)
    assert sent_by(NOW + timedelta(days=183)) == []
