from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bando.actions import load
from bando.deadlines import rome
from bando.drafting import begin
from bando.models import DraftOrigin
from bando.notice_yaml import read
from rehearsal.models import Rehearsal
from rehearsal.report import AreaResult, Asked, Finding, Letter, Paper, Report, Timing
from rehearsal.states import RehearsalState as S
from tests.bando.small import SMALL
from tests.builders import official
from tests.clock import arriving

pytestmark = pytest.mark.django_db
NOW = rome(2021, 8, 1, 9)


@pytest.fixture
def office():
    return official(name="Anna Ufficio")


@pytest.fixture
def client(office):
    client = Client()
    client.force_login(office)
    return client


def ask(client, query, bodies="20"):
    with arriving(NOW):
        return client.post(reverse("desk_rehearsals") + query, {"bodies": bodies})


def page(client, row, query="", at=NOW):
    with arriving(at):
        return client.get(reverse("desk_rehearsal", args=[row.pk]) + query)


def test_a_call_is_rehearsed_with_its_own_text(client):
    call = load(SMALL, at=NOW)
    answer = ask(client, f"?call={call.slug}", "30")
    row = Rehearsal.objects.get()
    assert (row.slug, row.text, row.bodies, row.requested_at) == ("prova", SMALL, 30, NOW)
    assert answer.headers["Location"] == reverse("desk_rehearsal", args=[row.pk])


def test_a_document_that_is_being_written_is_rehearsed_as_it_is(client, office):
    draft = begin(read(SMALL).data, origin=DraftOrigin.FILE, text=SMALL, by=office, at=NOW)
    assert ask(client, f"?draft={draft.pk}").status_code == 302
    assert Rehearsal.objects.get().text == SMALL


def test_a_document_with_faults_is_not_rehearsed_and_shows_them(client, office):
    draft = begin({"schema": 1, "title": "Solo un titolo"}, origin=DraftOrigin.TEMPLATE, by=office, at=NOW)
    answer = ask(client, f"?draft={draft.pk}")
    assert answer.status_code == 409
    assert "Il documento ha degli errori: correggili e prova di nuovo." in answer.content.decode()
    assert "manca: scrivi" in answer.content.decode()
    assert not Rehearsal.objects.exists()


@pytest.mark.parametrize("bodies", ["", "1", "501", "venti"])
def test_a_number_out_of_bounds_is_told_in_one_sentence(client, bodies):
    call = load(SMALL, at=NOW)
    assert "Scrivi un numero da 2 a 500." in ask(client, f"?call={call.slug}", bodies).content.decode()
    assert not Rehearsal.objects.exists()


@pytest.mark.parametrize("query", ["", "?call=altro", "?draft=altro", "?draft=0f1d9c3e-8a3b-4b0e-9d57-1c2d3e4f5a6b"])
def test_what_does_not_exist_is_not_rehearsed(client, query):
    assert ask(client, query).status_code == 404


@pytest.fixture
def row(client):
    ask(client, f"?call={load(SMALL, at=NOW).slug}")
    return Rehearsal.objects.get()


def test_while_it_runs_the_page_asks_again_by_itself_unless_it_was_stopped(client, row):
    progress = {"phase": "sheets", "done": 3, "total": 12, "thousandths": 420, "seconds_left": 75}
    Rehearsal.objects.update(state=S.RUNNING, heard_at=NOW, progress=progress)
    answer = page(client, row)
    assert answer.headers["Refresh"] == "3"
    text = " ".join(answer.content.decode().split())
    assert '<progress class="bando-progress" max="100" value="42"' in text
    assert "<strong>Schede dei commissari</strong>: 3 di 12." in text
    assert "Mancano circa 1 min 15 s." in text
    assert "Refresh" not in page(client, row, "?fermo").headers


def test_one_that_died_says_so_and_offers_to_try_again(client, row):
    Rehearsal.objects.update(state=S.RUNNING, heard_at=NOW)
    answer = page(client, row, at=NOW + timedelta(minutes=2))
    assert "Refresh" not in answer.headers
    assert "La prova si è interrotta prima della fine." in answer.content.decode()
    with arriving(NOW + timedelta(minutes=2)):
        client.post(reverse("desk_rehearsal", args=[row.pk]), {"again": "1"})
    assert Rehearsal.objects.count() == 2


def test_it_is_called_off_by_its_button(client, row):
    with arriving(NOW):
        client.post(reverse("desk_rehearsal", args=[row.pk]), {"cancel": "1"})
    row.refresh_from_db()
    assert row.state == S.CANCELLED
    assert "La prova è stata annullata." in page(client, row).content.decode()


REPORT = Report(
    "prova",
    "Avviso di prova",
    "h",
    20,
    1,
    seconds=75,
    counts={"submissions": 18},
    personas={"late": 1, "ordinary": 19},
    findings=[
        Finding("broken", "crashed", {"page": "sheet", "error": "KeyError: <x>", "who": "Ente <1>", "persona": "strange"}),
        Finding("look", "tie_at_the_last_place", {"area": "Uno", "position": "2", "numbers": "P-1, P-2"}, 2),
    ],
    phases={"applicants": 61_500_000},
    timings=[Timing("sheets", "GET sheet", 40, 4_000_000, 90_000, 200_000)],
    questions=[Asked("uno", "Ente", "nome", "Nome", 20, 19, 1)],
    areas=[AreaResult("uno", "Area uno", received=10, admitted=9, outcomes={"selected": 4}, best="90.50", worst="60.00")],
    letters=[Letter("receipt", "a@b.invalid", "Ricevuta <1>", "Gentile <ente>", ["ricevuta.pdf"], 18)],
    papers=[Paper("receipt", 18, 1_800_000, 120_000)],
)


def test_the_report_says_what_broke_and_what_to_do(client, row):
    Rehearsal.objects.update(state=S.DONE, report=REPORT.to_json())
    answer = page(client, row)
    text = " ".join(answer.content.decode().split())
    assert "Refresh" not in answer.headers
    for said in (
        "C&#x27;è 1 guasto da riparare prima di pubblicare.",
        "La pagina «scheda di valutazione» si è rotta: KeyError: &lt;x&gt;",
        "Ente &lt;1&gt; (scrive in alfabeti e accenti di ogni tipo)",
        "In «Uno», al posto 2, una parità non si risolve e cade sull&#x27;ultimo posto: P-1, P-2.",
        "(2 volte)",
        "Chi ha superato la soglia ha da 60,00 a 90,50 punti.",
        "Gentile &lt;ente&gt;",
        "Aprire: scheda di valutazione",
        "1 min 1 s",
    ):
        assert said in text, said


def test_the_list_says_of_each_what_it_found(client, row, django_assert_num_queries):
    Rehearsal.objects.update(state=S.DONE, report=REPORT.to_json())
    with arriving(NOW), django_assert_num_queries(3):
        text = client.get(reverse("desk_rehearsals")).content.decode()
    assert "C&#x27;è 1 guasto da riparare prima di pubblicare." in text


def test_the_page_of_a_report_costs_four_queries(client, row, django_assert_num_queries):
    Rehearsal.objects.update(state=S.DONE, report=REPORT.to_json())
    with django_assert_num_queries(4):
        page(client, row)
