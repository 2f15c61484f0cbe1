"""The pages of the notice of rejection and of a term that stands still, as the office and the body use them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role
from applications.actions import request_completion
from applications.actions.pausing import pause_request
from applications.actions.rejecting import notify_rejection, observe_rejection, save_observations
from applications.models import Application, CompletionRequest, RejectionNotice
from applications.states import ApplicationState as S
from bando.deadlines import end_of_day, rome
from tests.applications.checks import LATER, NOT_MET, call_with, judge, taken
from tests.builders import person
from tests.clock import arriving
from tests.pages import office_at, text

pytestmark = pytest.mark.django_db
DUE = end_of_day(date(2021, 10, 30))
WHY = "L'ente non è iscritto."


@pytest.fixture
def judged():
    application, by = taken(call_with())
    judge(application, by, but={"in-time": NOT_MET})
    return application, by


@pytest.fixture
def noticed(judged):
    application, by = judged
    return notify_rejection(application, reasons=WHY, by=by, at=LATER), application


def mine(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(notice) -> str:
    return reverse("application_rejection", args=[notice.application_id, notice.number])


# The office


def test_the_office_starts_from_the_notes_and_sends_the_notice(client, judged):
    application, _by = judged
    office, where = office_at(client, LATER), reverse("desk_rejection", args=[application.pk])
    page = office.get(where)
    assert "Domanda arrivata in tempo: Manca una firma." in page.content.decode()
    assert "L'ente potrà rispondere entro: sabato 30 ottobre 2021, ore 23:59:59." in text(page)
    empty = office.post(where, {"reason": " "})
    assert (empty.status_code, "Scrivi il motivo" in text(empty)) == (409, True)
    assert office.post(where, {"reason": WHY}).status_code == 302
    assert RejectionNotice.objects.get().reasons == WHY
    waiting = office.post(where, {"reason": "Un secondo motivo."})
    assert (waiting.status_code, "Un secondo motivo." in waiting.content.decode()) == (409, True)


def test_the_office_takes_a_notice_back(client, noticed):
    _notice, application = noticed
    office, where = office_at(client, LATER), reverse("desk_rejection", args=[application.pk]) + "?ritira=1"
    assert WHY in text(office.get(where))
    assert office.post(where, {"reason": ""}).status_code == 409
    assert office.post(where, {"reason": "Abbiamo letto male."}).status_code == 302
    again = office.post(where, {"reason": "Un altro motivo."})
    assert (again.status_code, "Questo preavviso è già stato ritirato." in text(again)) == (409, True)
    assert "Un altro motivo." in again.content.decode()
    assert office.get(where.replace("=1", "=2")).status_code == 404


@pytest.mark.parametrize("answer", ["", "Il registro non li ha."])
def test_the_rejection_asks_why_the_observations_do_not_hold(client, noticed, answer):
    notice, application = noticed
    observe_rejection(notice, "Siamo iscritti.", version=0, by=application.created_by, at=LATER)
    office = office_at(client, DUE)
    judge(application, office.user, but={"rejection.1": NOT_MET})
    where = reverse("desk_application", args=[application.pk])
    page = office.get(where)
    assert ["Siamo iscritti." in text(page), "Perché le osservazioni dell'ente non sono accolte" in text(page)] == [True, True]
    done = office.post(where, {"not_admit": "1", "reason": WHY, "answer": answer})
    assert done.status_code == (302 if answer else 409)
    assert Application.objects.get().state == (S.NOT_ADMITTED if answer else S.CHECKING)
    if not answer:
        assert done.context["reason_form"].errors == {
            "answer": ["Scrivi perché le osservazioni dell'ente non sono accolte: senza, il rigetto non regge."]
        }
        assert WHY in text(done)


# The body


def test_the_body_writes_keeps_and_sends_its_observations(noticed):
    notice, application = noticed
    client = mine(application.created_by)
    with arriving(LATER):
        assert "Puoi scrivere le tue osservazioni entro" in text(client.get(reverse("application", args=[application.pk])))
        assert WHY in text(client.get(page_of(notice)))
        assert client.post(page_of(notice), {"text": "Siamo", "version": "0", "save": "1"}).status_code == 302
        assert "Siamo</textarea>" in client.get(page_of(notice)).content.decode()
        assert client.post(page_of(notice), {"text": "Siamo iscritti.", "version": "1", "send": "1"}).status_code == 302
        page = text(client.get(page_of(notice)))
    assert "Le tue osservazioni Arrivate mercoledì 20 ottobre 2021, ore 09:30:00" in page
    assert RejectionNotice.objects.get().observations == "Siamo iscritti."


def test_what_was_typed_survives_the_end_of_the_term(noticed):
    notice, application = noticed
    client = mine(application.created_by)
    with arriving(DUE + timedelta(microseconds=1)):
        late = client.post(page_of(notice), {"text": "Troppo tardi", "version": "0", "send": "1"})
    assert (late.status_code, "Troppo tardi</textarea>" in late.content.decode()) == (409, True)
    assert "Il termine per le osservazioni è scaduto" in text(late)


def test_two_people_see_each_others_words(noticed):
    notice, application = noticed
    colleague = person(name="Luca")
    Membership.objects.create(user=colleague, organisation=application.organisation, role=Role.LEGAL_REPRESENTATIVE)
    save_observations(notice, "Testo di Anna", version=0, by=application.created_by, at=LATER)
    client = mine(colleague)
    with arriving(LATER):
        both = client.post(page_of(notice), {"text": "Testo di Luca", "version": "0", "save": "1"})
        html = both.content.decode()
        assert (both.status_code, "Testo di Anna" in html, "Testo di Luca</textarea>" in html) == (409, True, True)
        assert 'name="version" value="1"' in html
        assert client.post(page_of(notice), {"text": "Testo di Luca", "version": "1", "save": "1"}).status_code == 302
    assert RejectionNotice.objects.get().typed == "Testo di Luca"


@pytest.mark.parametrize(("length", "kept"), [(10_000, True), (10_001, False)])
def test_observations_have_a_limit(noticed, length, kept):
    notice, application = noticed
    with arriving(LATER):
        mine(application.created_by).post(page_of(notice), {"text": "a" * length, "version": "0", "save": "1"})
    assert (RejectionNotice.objects.get().version == 1) is kept


def test_other_bodies_find_nothing(noticed):
    notice, _application = noticed
    with arriving(LATER):
        assert mine(person()).get(page_of(notice)).status_code == 404


# The term of a request


@pytest.fixture
def asked(judged):
    application, by = judged
    due = rome(2021, 10, 28, 12)
    request = request_completion(
        application, questions=["proposta.titolo"], files=[], due_at=due, reason="Il titolo manca.", by=by, at=LATER
    )
    request.application = application
    return request, by


def test_the_office_stops_the_term_and_lets_it_run_again(client, asked):
    request, _by = asked
    office, where = office_at(client, LATER), reverse("desk_pause", args=[request.application_id, 1])
    assert "Sospendi il termine" in text(office.get(where))
    assert office.post(where, {"pause": "1", "reason": ""}).status_code == 409
    assert office.post(where, {"pause": "1", "reason": "La PEC non va."}).status_code == 302
    twice = office.post(where, {"pause": "1", "reason": "Ancora ferma."})
    assert (twice.status_code, "Ancora ferma." in twice.content.decode()) == (409, True)
    assert "Termine sospeso" in text(office.get(reverse("desk_application", args=[request.application_id])))
    office.at = LATER + timedelta(hours=1)
    assert office.post(where, {"resume": "1", "reason": "La PEC va."}).status_code == 302
    assert CompletionRequest.objects.get().due_at == rome(2021, 10, 28, 12) + timedelta(hours=1)


def test_the_body_reads_that_the_term_stands_still(asked):
    request, by = asked
    pause_request(request, reason="La PEC non va.", by=by, at=LATER)
    client, application = mine(request.application.created_by), request.application
    with arriving(rome(2021, 12, 1)):
        hub = text(client.get(reverse("application", args=[application.pk])))
        page = client.get(reverse("application_completion", args=[application.pk, 1]))
        send = text(client.get(reverse("application_completion_send", args=[application.pk, 1])))
    assert ["niente è in ritardo" in hub, "La PEC non va." in hub] == [True, True]
    assert ["Il termine è sospeso: puoi già rispondere" in text(page), "data-countdown" in page.content.decode()] == [
        True,
        False,
    ]
    assert "Il termine è sospeso: niente è in ritardo." in send
