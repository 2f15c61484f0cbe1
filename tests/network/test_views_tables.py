"""The pages of a table: of the office, of its partners, of everybody."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.merging import fingerprint
from applications.states import ApplicationState as A
from network.actions import approve_table_minutes, conclude_table, leave_table, publish_table_minutes, save_table_minutes
from network.models import SignedMinutes, Table, TableSession
from network.states import TableSessionState, TableState
from tests import signing
from tests.builders import official, person, small_pdf
from tests.builders_table import (
    HOUR,
    OPENED,
    PLANNED,
    approved,
    fresh,
    held,
    opened,
    pdf_of,
    planned,
    ranked,
    seat_of,
    user_of,
)
from tests.clock import arriving
from tests.pages import text
from workflow.duties import pay

pytestmark = pytest.mark.django_db

LATER = PLANNED + timedelta(days=3)


@pytest.fixture
def office(client):
    """The browser of an official; ``office.at`` is when its requests arrive."""

    def arrives(method):
        def ask(*args, **kwargs):
            with arriving(client.at):
                return method(*args, **kwargs)

        return ask

    client.force_login(official(name="Anna Bianchi"))
    client.at, client.get, client.post = OPENED, arrives(client.get), arrives(client.post)
    return client


def desk(name, *more):
    return reverse(name, args=["tavolo", "area-1", *more])


def at(office, moment, user):
    """The same browser, once somebody else has signed in."""
    office.force_login(user)
    office.at = moment
    return lambda method, url, data=None: getattr(office, method)(url, data or {})


# Opening the table


def test_the_office_confirms_who_sits_and_opens_the_table(office):
    seats = ranked("eligible")
    page = text(office.get(desk("desk_table")))
    assert "L'avviso dice che al tavolo siedono tutti gli enti idonei." in page
    assert f"Coop Prima, Associazione Compagna ({seats.first.number}, Selezionata)" in page
    typed = {f"sits_{row.pk}": "on" for row in (seats.first, seats.second, seats.waiting)}
    refused = office.post(desk("desk_table"), typed)
    assert (refused.status_code, Table.objects.count()) == (409, 0)
    assert f"Scrivi perché non siedono al tavolo: {seats.below.number}." in text(refused)
    done = office.post(desk("desk_table"), {**typed, f"why_{seats.below.pk}": "Sotto la soglia."})
    assert done.url == desk("desk_table")
    page = text(office.get(desk("desk_table")))
    assert ("Coop Attesa" in page, "Coop Bassa" in page.split("Storia")[0].split("Fai sedere")[0]) == (True, False)


def test_before_the_final_ranking_the_page_says_what_is_missing(office):
    seats = ranked()
    seats.call.rankings.all().delete()
    page = text(office.get(desk("desk_table")))
    assert "Il tavolo si apre dopo la graduatoria definitiva: pubblicala prima." in page
    assert "Apri il tavolo" not in page


# The table


def test_the_office_calls_a_session_and_what_is_wrong_is_typed_again(office):
    opened()
    typed = {"plan": "1", "day": "11/01/2022", "time": "14:30", "place": "Sala 3", "agenda": "Il progetto"}
    wrong = office.post(desk("desk_table"), {**typed, "place": ""})
    assert "Scrivi dove si tiene l'incontro." in text(wrong)
    past = office.post(desk("desk_table"), {**typed, "day": "11/01/2021"})
    assert (past.status_code, "Sala 3" in past.content.decode()) == (409, True)
    assert "Il giorno e l'ora dell'incontro sono già passati: scegline altri." in past.content.decode().replace("&#x27;", "'")
    assert office.post(desk("desk_table"), typed).status_code == 302
    assert (TableSession.objects.get().planned_at, TableSession.objects.get().number) == (PLANNED, 1)


def test_who_left_the_call_and_still_sits_is_shown_and_leaves(office):
    seats = opened()
    seats.second.state = A.RENOUNCED
    seats.second.save()
    page = text(office.get(desk("desk_table")))
    assert (
        f"Coop Seconda siede ancora al tavolo, ma la domanda {seats.second.number} non è più in corso: ha rinunciato." in page
    )
    partner = seat_of(seats, seats.second)
    typed = {"leave": "1", "leave-partner": partner.pk, "leave-reason": "Ha rinunciato."}
    assert "Scegli l'ente che lascia il tavolo." in text(office.post(desk("desk_table"), {**typed, "leave-partner": ""}))
    assert office.post(desk("desk_table"), typed).status_code == 302
    page = text(office.get(desk("desk_table")))
    assert ("siede ancora al tavolo" in page, "Ha rinunciato." in page) == (False, True)


def test_who_takes_a_free_place_is_seated(office):
    seats = opened()
    assert "Fai sedere qualcuno" not in text(office.get(desk("desk_table")))
    seats.waiting.state = A.SELECTED
    seats.waiting.save()
    typed = {"join": "1", "join-application": seats.waiting.pk, "join-reason": "Scorrimento."}
    assert office.post(desk("desk_table"), typed).status_code == 302
    assert seat_of(seats, seats.waiting).leads


def test_the_office_concludes_a_table_and_reads_whether_everybody_agreed(office):
    seats = opened()
    approved(seats)
    office.at = LATER
    page = text(office.get(desk("desk_table")))
    assert (
        "Nell'incontro n. 1 nessuno è stato contrario: l'esito può diventare un accordo, come dice l'articolo 11 della legge"
        " 241/1990." in page
    )
    assert office.post(desk("desk_table"), {"conclude": "1", "conclusion": "Un progetto unico."}).status_code == 302
    page = text(office.get(desk("desk_table")))
    assert ("Un progetto unico." in page, "Convoca un incontro" in page, "Riapri il tavolo" in page) == (True, False, True)
    assert office.post(desk("desk_table"), {"reopen": "1", "reason": "Altri bisogni."}).status_code == 302
    assert Table.objects.get().state == TableState.OPEN


def test_a_dissent_in_the_last_session_is_no_agreement_of_all(office):
    seats = opened()
    held(seats, decisions=[("Si apre la mattina.", ""), ("Un budget solo.", "Coop Seconda: costa troppo.")])
    office.at = LATER
    page = text(office.get(desk("desk_table")))
    assert "Decisione n. 2: Coop Seconda: costa troppo." in page
    assert ("può diventare un accordo" in page, "Il verbale dell'incontro n. 1 non è approvato" in page) == (False, True)
    refused = office.post(desk("desk_table"), {"conclude": "1", "conclusion": "Un progetto unico."})
    assert (refused.status_code, "Un progetto unico." in refused.content.decode()) == (409, True)


# A session


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


# The minutes


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


# What everybody reads


def test_everybody_reads_who_sits_when_the_table_met_and_how_it_ended(client):
    seats = opened()
    approved(seats)
    second = approved(seats, when=PLANNED + timedelta(days=14))
    publish_table_minutes(second, agenda="Il budget", text="", decisions={}, weighed=False, by=seats.office, at=LATER)
    leave_table(seat_of(seats, seats.partner), reason="Motivi suoi.", by=seats.office, at=second.closed_at)
    conclude_table(seats.table, conclusion="Un progetto unico.", by=seats.office, at=second.closed_at + HOUR)
    minutes = text(client.get(reverse("public_table_minutes", args=[seats.table.pk, 2])))
    assert "Decisione n. 1. Il testo non è pubblicato. Nessuno è contrario." in minutes
    page = client.get(reverse("public_table", args=[seats.table.pk]))
    told = text(page)
    assert ("Coop Prima" in told, "Associazione Compagna" in told, "Motivi suoi." in told) == (True, False, False)
    assert ("Un progetto unico." in told, "Incontro n. 1, 11 gennaio 2022 . Il verbale non è ancora pubblicato." in told) == (
        True,
        True,
    )
    assert reverse("public_table_minutes", args=[seats.table.pk, 2]) in page.content.decode()
    assert client.get(reverse("public_table_minutes", args=[seats.table.pk, 1])).status_code == 404


@pytest.mark.parametrize(("year", "status"), [(2026, 200), (2027, 410)])
def test_what_is_public_of_a_table_ends_after_its_term(client, year, status):
    seats = opened()
    with arriving(OPENED.replace(year=year, month=1 if year == 2027 else 12)):
        assert client.get(reverse("public_table", args=[seats.table.pk])).status_code == status


# Whom a table concerns


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
        ("desk_table_session", 10),
        ("desk_table_minutes", 11),
        ("tables", 3),
        ("table", 6),
        ("table_session", 13),
        ("table_minutes_sign", 7),
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
