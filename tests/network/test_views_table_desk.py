"""The office opens, runs and concludes a table."""

from datetime import timedelta

import pytest

from applications.states import ApplicationState as A
from network.models import Table, TableSession
from network.states import TableState
from tests.builders_table import (
    PLANNED,
    approved,
    held,
    opened,
    planned,
    ranked,
    seat_of,
)
from tests.pages import text
from tests.pages_table import LATER, browser_of_the_office, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return browser_of_the_office(client)


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


def test_a_session_to_come_hides_no_agreement_and_one_without_decisions_is_none(office):
    seats = opened()
    held(seats)
    planned(seats, when=LATER)
    office.at = LATER
    assert "Nell'incontro n. 1 nessuno è stato contrario" in text(office.get(desk("desk_table")))
    held(seats, decisions=[], when=LATER + timedelta(days=1))
    assert "nessuno è stato contrario" not in text(office.get(desk("desk_table")))
