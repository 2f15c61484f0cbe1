"""The minutes of a session, from the draft to everybody."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.merging import fingerprint
from network.actions import save_table_minutes
from network.models import SignedMinutes
from tests.builders import small_pdf
from tests.builders_table import (
    approved,
    fresh,
    held,
    opened,
)
from tests.pages import text
from tests.pages_table import LATER, browser_of_the_office, desk
from workflow.duties import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return browser_of_the_office(client)


def test_of_two_who_write_the_minutes_the_second_reads_both_texts(office):
    seats = opened()
    session = held(seats)
    office.at = LATER
    url = desk("desk_table_minutes", 1)
    shown = {"base": fingerprint({"text": ""}), "version": "0"}
    save_table_minutes(session, "Il testo di un'altra.", [fingerprint({})], by=seats.office, at=LATER)
    page = office.post(url, {"save": "1", "text": "Il mio testo.", **shown})
    assert page.status_code == 409
    assert ("Il testo di un'altra." in text(page), "Il mio testo." in text(page)) == (True, True)
    form = page.context["writing"]
    again = {"approve": "1", "text": "Tutti e due.", "base": form["base"].value(), "version": form["version"].value()}
    assert office.post(url, again).status_code == 302
    assert (fresh(session).minutes.text, fresh(session).minutes.approved_at) == ("Tutti e due.", LATER)


def test_minutes_that_changed_since_they_were_read_are_not_approved(office):
    seats = opened()
    session = held(seats)
    save_table_minutes(session, "Un testo.", [fingerprint({})], by=seats.office, at=LATER)
    office.at = LATER
    typed = {"approve": "1", "text": "Un testo.", "base": fingerprint({"text": ""}), "version": "0"}
    refused = office.post(desk("desk_table_minutes", 1), typed)
    assert (refused.status_code, fresh(session).minutes.approved_at) == (409, None)
    assert "Nel frattempo qualcuno ha cambiato il verbale. Rileggilo e poi approvalo." in text(refused)


def test_another_file_than_the_minutes_is_told_to_who_brings_it(office):
    seats = opened()
    session = approved(seats)
    office.at = LATER
    typed = {"sign": "1", "party": "office", "file": SimpleUploadedFile("altro.pdf", small_pdf("Altro"))}
    office.post(desk("desk_table_minutes", 1), typed)
    assert "Comune di prova : ha caricato un file: lo stiamo leggendo" in text(office.get(desk("desk_table_minutes", 1)))
    while pay(LATER):
        pass
    assert "Comune di prova : ha caricato un altro file" in text(office.get(desk("desk_table_minutes", 1)))
    kept = SignedMinutes.objects.get()
    assert (kept.partner, kept.copy, kept.minutes) == (None, "other", session.minutes)
    response = office.get(desk("desk_table_minutes_signed", 1, kept.pk))
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"


def test_the_office_publishes_the_minutes_and_everybody_reads_no_person(office, client):
    seats = opened()
    approved(seats, decisions=[("Scrivere a anna@esempio.it.", "")])
    office.at = LATER
    url = desk("desk_table_minutes", 1)
    assert "Nel testo sembra esserci: un indirizzo e-mail." in text(office.get(url))
    typed = {"publish": "1", "agenda": "Il progetto", "text": "", "decision_1": "Scrivere a anna@esempio.it.", "against_1": ""}
    refused = office.post(url, typed)
    assert (refused.status_code, "Nel testo sembrano esserci dati personali." in text(refused)) == (409, True)
    assert office.post(url, {**typed, "decision_1": "Scrivere all'ufficio."}).status_code == 302
    client.logout()
    page = text(client.get(reverse("public_table_minutes", args=[seats.table.pk, 1])))
    assert ("Coop Prima" in page, "Scrivere all'ufficio." in page) == (True, True)
    assert [name for name in ("Carla", "Rita", "Sala 3", "anna@") if name in page] == []
