"""The pages of the observations: the body's, and the office's."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from bando.deadlines import rome
from evaluation.actions import publish_provisional, write_observation
from evaluation.models import Observation
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, same, small_call
from tests.clock import arriving

pytestmark = pytest.mark.django_db

END = rome(2021, 12, 11, 23, 59, 59) + timedelta(microseconds=999_999)


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def provisional():
    call = small_call(more="publication: {observations_days: 10}")
    proposals = [admitted(call, name=f"Ente {letter}") for letter in "AB"]
    mark_all(commission(call), {proposal: same(["buono"] * 3) for proposal in proposals})
    ranking = publish_provisional(computed(call), act_number="1", act_date=RANKED_AT.date(), by=official(), at=RANKED_AT)
    return call, proposals, ranking


def mine(application):
    return reverse("application_observation", args=[application.pk])


def test_a_body_writes_and_reads_what_it_wrote_and_no_other_body_does(provisional, client):
    _call, (one, other), _ranking = provisional
    client.force_login(one.created_by)
    with arriving(END):
        assert "Puoi scrivere fino a sabato 11 dicembre 2021, ore 23:59:59" in text(client.get(mine(one)))
        assert client.post(mine(one), {"text": "La somma non torna."}).headers["Location"] == mine(one)
        assert "La somma non torna." in text(client.get(mine(one)))
        assert client.get(mine(other)).status_code == 404
        client.force_login(other.created_by)
        assert "La somma non torna." not in text(client.get(mine(other)))
        assert client.post(mine(one), {"text": "Di un altro."}).status_code == 404
    assert Observation.objects.count() == 1


def test_what_was_typed_is_not_lost_when_it_comes_late(provisional, client):
    _call, (one, _other), _ranking = provisional
    client.force_login(one.created_by)
    with arriving(END + timedelta(microseconds=1)):
        assert "Invia l'osservazione" not in text(client.get(mine(one)))
        response = client.post(mine(one), {"text": "La somma non torna."})
    assert (response.status_code, Observation.objects.count()) == (409, 0)
    page = text(response)
    assert "Il termine per le osservazioni è finito sabato 11 dicembre 2021, ore 23:59:59." in page
    assert "La somma non torna.</textarea>" in page


def test_who_does_not_represent_the_body_reads_and_is_told_who_writes(provisional, client):
    _call, (one, _other), _ranking = provisional
    collaborator = person()
    one.organisation.memberships.create(user=collaborator, role="collaborator")
    client.force_login(collaborator)
    with arriving(RANKED_AT):
        page = text(client.get(mine(one)))
    assert "Le osservazioni le scrive chi rappresenta l'ente." in page
    assert "Invia l'osservazione" not in page


@pytest.mark.parametrize(
    ("at", "told"), [(END, True), (END + timedelta(microseconds=1), False)], ids=["last instant", "a microsecond late"]
)
def test_the_application_tells_the_term_as_long_as_it_runs(provisional, client, at, told):
    _call, (one, _other), _ranking = provisional
    client.force_login(one.created_by)
    with arriving(at):
        page = text(client.get(reverse("application", args=[one.pk])))
    assert ("può scrivere un'osservazione fino a sabato 11 dicembre 2021, ore 23:59:59" in page, mine(one) in page) == (
        told,
        told,
    )
    assert "Leggi l'esito" in page


def test_there_is_no_such_page_before_the_publication(client):
    call = small_call(more="publication: {observations_days: 10}")
    proposal = admitted(call)
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    computed(call)
    client.force_login(proposal.created_by)
    assert client.get(mine(proposal)).status_code == 404


def test_the_office_answers_each_with_its_outcome_and_keeps_what_it_typed(provisional, client):
    call, (one, other), ranking = provisional
    first = write_observation(one, ranking.latest, text="La prima.", by=one.created_by, at=RANKED_AT)
    write_observation(other, ranking.latest, text="La seconda.", by=other.created_by, at=RANKED_AT)
    address = reverse("desk_observations", args=[call.slug, "area-1"])
    client.force_login(official())
    page = text(client.get(address))
    assert [sentence in page for sentence in ("La prima.", "La seconda.", "Ente A", "Ente B")] == [True] * 4
    key = f"{first.pk}-"
    page = text(client.post(address, {"observation": first.pk, f"{key}answer": "La somma è giusta."}))
    assert "Scegli l'esito." in page
    assert "La somma è giusta.</textarea>" in page
    assert "(facoltativo)" not in page
    data = {"observation": first.pk, f"{key}outcome": "rejected", f"{key}answer": "La somma è giusta."}
    assert client.post(address, data).headers["Location"] == address
    again = client.post(address, data)
    assert (again.status_code, "Questa osservazione ha già una risposta." in text(again)) == (409, True)
    page = text(client.get(address))
    assert page.index("La seconda.") < page.index("La prima.")
    assert "Non accolta" in page
    client.force_login(one.created_by)
    assert "La somma è giusta." in text(client.get(mine(one)))
    assert client.get(address).status_code == 404
