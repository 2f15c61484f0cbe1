"""The office holds a session of a table."""

import pytest
from django.urls import reverse

from network.models import TableSession
from network.states import TableSessionState
from tests.builders_table import (
    PLANNED,
    held,
    opened,
    planned,
    seat_of,
    user_of,
)
from tests.pages import text
from tests.pages_table import LATER, at, browser_of_the_office, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return browser_of_the_office(client)


def test_the_office_holds_a_session_from_the_presences_to_the_draft(office):
    seats = opened()
    planned(seats)
    url, first = desk("desk_table_session", 1), seat_of(seats, seats.first).pk
    assert "L'incontro si apre all'ora annunciata, non prima." in text(office.get(url))
    office.at = PLANNED
    here = {"open": "1", "more_office": "Rita Responsabile, responsabile", f"more_{first}": "Carla Presidente\nIvo Educatore"}
    nobody = office.post(url, {"open": "1", f"more_{first}": "Carla Presidente"})
    assert (nobody.status_code, "Carla Presidente" in nobody.content.decode()) == (409, True)
    assert "Manca l'amministrazione: scrivi chi la rappresenta." in text(nobody)
    assert office.post(url, here).url == url
    assert office.post(url, {"decide": "1", "text": "Si apre la mattina.", "against": "", "number": ""}).url == url
    assert "Correggi la decisione n. 1" in text(office.get(url, {"decisione": "1"}))
    anew = {"decide": "1", "text": "Si apre il sabato.", "against": "Coop Seconda: no.", "number": "1"}
    assert office.post(url, anew).url == url
    assert "Si apre il sabato. Non è d'accordo: Coop Seconda: no." in text(office.get(url))
    twice = office.post(url, anew | {"number": ""})
    assert (twice.status_code, "È già scritto nella decisione n. 1: se vuoi, correggi quella." in text(twice)) == (409, True)
    assert office.post(url, anew | {"text": "Per sbaglio.", "number": ""}).url == url
    assert ["Togli la decisione n. 2" in text(office.get(url, asked)) for asked in ({}, {"decisione": "2"})] == [False, True]
    assert office.post(url, {"drop": "2"}).url == url
    assert "Per sbaglio." not in text(office.get(url))
    assert [office.post(url, {"drop": asked}).status_code for asked in ("2", "²", "")] == [409, 409, 409]
    assert office.post(url, {"close": "1"}).url == desk("desk_table_minutes", 1)
    page = text(office.get(desk("desk_table_minutes", 1)))
    assert ("Carla Presidente; Ivo Educatore" in page, "Si apre il sabato." in page) == (True, True)


def test_names_that_were_typed_before_are_offered_again(office):
    seats = opened()
    held(seats)
    planned(seats, when=LATER)
    office.at = LATER
    url, first = desk("desk_table_session", 2), seat_of(seats, seats.first).pk
    page = text(office.get(url))
    assert ("Carla Presidente, presidente" in page, "Rita Responsabile, responsabile del procedimento" in page) == (True, True)
    here = {"open": "1", "known_office": ["0"], f"known_{first}": ["1"], f"more_{first}": "Carla Presidente, presidente"}
    assert office.post(url, here).url == url
    there = TableSession.objects.get(number=2).presences.values_list("name", "role")
    assert list(there) == [
        ("Rita Responsabile", "responsabile del procedimento"),
        ("Ivo Educatore", ""),
        ("Carla Presidente", "presidente"),
    ]


def test_a_session_is_called_off_on_its_page(office):
    seats = opened()
    planned(seats)
    url = desk("desk_table_session", 1)
    assert "Scrivi perché annulli l'incontro." in text(office.post(url, {"cancel": "1", "reason": ""}))
    assert office.post(url, {"cancel": "1", "reason": "La sala non è libera."}).status_code == 302
    assert TableSession.objects.get().state == TableSessionState.CANCELLED
    page = at(office, LATER, user_of(seats.partner))("get", reverse("table_session", args=[seats.table.pk, 1]))
    assert "Annullato . Motivo: La sala non è libera." in text(page)
