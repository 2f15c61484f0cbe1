"""A table as the bodies that sit at it read it, and what each of its pages asks of the database."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.states import ApplicationState as A
from network.actions import approve_table_minutes, leave_table
from tests import signing
from tests.builders import person
from tests.builders_table import (
    PLANNED,
    approved,
    held,
    opened,
    pdf_of,
    seat_of,
    user_of,
)
from tests.pages import text
from tests.pages_table import LATER, at, browser_of_the_office, desk
from workflow.duties import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return browser_of_the_office(client)


def test_a_partner_signs_the_minutes_and_the_office_reads_who_did(office):
    seats = opened()
    session = approved(seats)
    who = signing.person(signing.authority("Autorità di prova"))
    partner = at(office, LATER, user_of(seats.first.organisation))
    page = partner("get", reverse("table_session", args=[seats.table.pk, 1]))
    assert "Firmato da 0 di 3." in text(page)
    url = reverse("table_minutes_sign", args=[seats.table.pk, 1])
    assert "Firma per: Coop Prima" in text(partner("get", url))
    party = seat_of(seats, seats.first).pk
    bad = partner("post", url, {"party": party, "file": SimpleUploadedFile("a.txt", b"ciao")})
    assert "non si apre come PDF o P7M" in text(bad)
    signed = SimpleUploadedFile("verbale.pdf", signing.pades(pdf_of(session), who, at=LATER))
    done = partner("post", url, {"party": party, "file": signed})
    assert done.url == reverse("table_session", args=[seats.table.pk, 1])
    while pay(LATER):
        pass
    page = text(partner("get", done.url))
    assert ("Firmato da 1 di 3." in page, "È il verbale approvato, senza cambiamenti." in page) == (True, True)
    other = at(office, LATER, user_of(seats.second.organisation))
    page = text(other("get", done.url))
    assert ("Coop Prima : ha firmato" in page, "RSSMRA80A01F205X" in page) == (True, False)
    desk_page = at(office, LATER, seats.office)("get", desk("desk_table_minutes", 1))
    assert "Firmato da Mario Rossi (codice fiscale RSSMRA80A01F205X)" in text(desk_page)


def test_who_was_not_at_the_session_has_nothing_to_sign(office):
    seats = opened()
    approved(seats)
    ask = at(office, LATER, user_of(seats.partner))
    assert ask("get", reverse("table_minutes_sign", args=[seats.table.pk, 1])).status_code == 404
    page = text(ask("get", reverse("table_session", args=[seats.table.pk, 1])))
    assert ("Carica il verbale firmato dal tuo ente" in page, "Si apre la mattina." in page) == (False, True)


def test_partners_read_the_minutes_once_they_are_approved(office):
    seats = opened()
    session = held(seats)
    ask = at(office, LATER, user_of(seats.partner))
    url = reverse("table_session", args=[seats.table.pk, 1])
    page = text(ask("get", url))
    assert ("L'ufficio sta scrivendo il verbale." in page, "Si apre la mattina." in page) == (True, False)
    approve_table_minutes(session, seen=0, by=seats.office, at=LATER)
    assert "Si apre la mattina." in text(ask("get", url))


def test_a_body_finds_its_tables_and_no_others(office):
    seats = opened()
    page = text(at(office, LATER, user_of(seats.partner))("get", reverse("tables")))
    assert "Area uno" in page
    assert "Nessun tavolo" in text(at(office, LATER, person())("get", reverse("tables")))
    assert at(office, LATER, person())("get", reverse("table", args=[seats.table.pk])).status_code == 404
    leave_table(seat_of(seats, seats.partner), reason="Ha rinunciato.", by=seats.office, at=LATER)
    assert at(office, LATER, user_of(seats.partner))("get", reverse("table", args=[seats.table.pk])).status_code == 404


@pytest.mark.parametrize(("state", "leads"), [(A.SELECTED, True), (A.WAITING, False)])
def test_a_selected_body_finds_the_way_to_its_tables_among_its_applications(office, state, leads):
    seats = opened()
    seats.second.state = state
    seats.second.save()
    page = at(office, LATER, user_of(seats.second.organisation))("get", reverse("my_applications"))
    assert ("Vai ai tavoli di co-progettazione" in text(page)) is leads


def grown(seats):
    """More of everything that a page tells."""
    for days in (14, 28):
        approved(seats, when=PLANNED + timedelta(days=days), decisions=[("Una.", ""), ("Due.", "No.")])


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("desk_table", 15),
        ("desk_table_session", 9),
        ("desk_table_minutes", 9),
        ("tables", 3),
        ("table", 6),
        ("table_session", 10),
        ("table_minutes_sign", 6),
        ("public_table", 5),
    ],
)
@pytest.mark.parametrize("more", [False, True])
def test_the_queries_of_a_page_do_not_grow(office, django_assert_num_queries, name, queries, more):
    seats = opened("eligible")
    approved(seats)
    if more:
        grown(seats)
    numbers = [1] if name.endswith(("session", "minutes", "sign")) else []
    is_desk = name.startswith("desk")
    url = desk(name, *numbers) if is_desk else reverse(name, args=[] if name == "tables" else [seats.table.pk, *numbers])
    ask = at(office, LATER, seats.office if is_desk else user_of(seats.first.organisation))
    ask("get", url)
    with django_assert_num_queries(queries):
        assert ask("get", url).status_code == 200
