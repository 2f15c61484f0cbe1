import hashlib
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from bando.actions import load, publish
from bando.deadlines import rome
from bando.states import CallState
from tests.bando.small import SMALL
from tests.builders import AFTER, DEADLINE, PUBLISHED, WORKDAY, load_fixture_call, official, person
from tests.builders_amending import revoke

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
EVERY = (Path(__file__).parents[1] / "data" / "notices" / "every.yaml").read_text()


def small_call(slug: str = "prova", *, by=None, published: bool = True):
    call = load(SMALL.replace("id: prova", f"id: {slug}"), at=BEFORE)
    if published:
        publish(call, by=by or official(), at=BEFORE)
    return call


def get(client, url, at=WORKDAY, by=None):
    with time_machine.travel(at, tick=False):
        if by is not None:
            client.force_login(by)
        return client.get(url)


def text(response) -> str:
    """What a person reads, on one line."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode().replace("&#x27;", "'").replace("&quot;", '"'))
    return " ".join(words.split())


# Home


@pytest.mark.parametrize(
    ("at", "group"),
    [
        (BEFORE, "upcoming"),
        (rome(2021, 9, 1, 9), "open"),
        (DEADLINE, "open"),
        (AFTER, "evaluation"),
    ],
)
def test_home_puts_a_call_where_the_clock_says(client, at, group):
    small_call()
    response = get(client, reverse("home"), at)
    shown = {
        name: [card["title"] for card in response.context[name]] for name in ("open", "upcoming", "evaluation", "concluded")
    }
    assert shown == {"open": [], "upcoming": [], "evaluation": [], "concluded": []} | {group: ["Avviso di prova"]}


def test_home_says_how_much_time_is_left_and_how_many_places_there_are(client):
    small_call()
    shown = text(get(client, reverse("home"), DEADLINE - timedelta(days=5, hours=3)))
    assert "Aperto Avviso di prova Un avviso corto. Area uno: 20 posti Area due Mancano 5 giorni e 3 ore" in shown


def test_home_shows_what_closes_first_before_the_rest_and_what_ended_apart(client):
    by = official()
    load_fixture_call(by=by)
    sooner = SMALL.replace("id: prova", "id: presto").replace("deadline: 2021-10-18", "deadline: 2021-10-17")
    publish(load(sooner, at=BEFORE), by=by, at=BEFORE)
    revoked = small_call("revocato", by=by)
    revoke(revoked, by=by, at=PUBLISHED, reason="Errore nelle aree.")
    ranked = small_call("concluso", by=by)
    ranked.state = CallState.RANKED
    ranked.save()
    response = get(client, reverse("home"))
    urls = {name: [card["url"] for card in response.context[name]] for name in ("open", "evaluation", "concluded")}
    assert set(urls.pop("concluded")) == {"/avvisi/revocato/", "/avvisi/concluso/"}
    assert urls == {"open": ["/avvisi/presto/", "/avvisi/spazi-wemi-2021/"], "evaluation": []}


def test_home_without_calls_says_so_and_leads_elsewhere(client):
    response = get(client, reverse("home"))
    assert "Nessun avviso aperto, per ora" in text(response)
    assert f'href="{reverse("spaces")}"' in response.content.decode()


def test_a_draft_is_of_the_office_alone(client):
    call, office = small_call(published=False), official()
    url = reverse("call", args=[call.slug])
    for by, status in [(None, 404), (person(), 404), (office, 200)]:
        assert get(client, url, by=by).status_code == status
    assert "La vede solo l'ufficio." in text(get(client, url))
    assert get(client, reverse("home")).context["open"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_home_costs_one_query_however_many_calls(client, django_assert_num_queries, count):
    by = official()
    for number in range(count):
        small_call(f"prova-{number}", by=by)
    with django_assert_num_queries(1):
        get(client, reverse("home"))


# One call


def test_the_page_states_the_deadline_to_the_microsecond_and_that_the_grid_is_a_demonstration(client):
    call = load_fixture_call()
    shown = text(get(client, reverse("call", args=[call.slug])))
    assert "entro le 12:00:00 del 18 ottobre 2021: una domanda arrivata alle 12:00:00,000001 è in ritardo." in shown
    for grid in call.notice.grids:
        assert " ".join(grid.demonstration.split()) in shown
    assert call.notice.demonstration in shown
    assert "Pagina aggiornata il 16 settembre 2021" in shown


def test_the_grid_shows_points_thresholds_and_rules(client):
    shown = text(get(client, reverse("call", args=[small_call().slug])))
    assert "A parità di punti 1. sorteggio pubblico Griglia Criteri" in shown
    first = shown.index("Griglia Criteri e punti massimi Area uno")
    table = shown[first : shown.index("Condizioni di servizio", first)]
    assert table == (
        "Griglia Criteri e punti massimi Area uno Criterio Punti Soglia "
        "Proposta 80 40 A Ente 30 – B Idea 50 25 Costi 20 – A Piano 20 – Totale 100 60 "
        "Scala 1 buono · 0,6 discreto · 0 assente "
        "Come si calcola Ogni commissario dà a ogni criterio un coefficiente della scala. Il punteggio è la media dei "
        "coefficienti per i punti massimi del criterio. "
        "Arrotondamento La media dei coefficienti si arrotonda a 2 decimali: la metà va verso l'alto. "
        "Confronto La graduatoria confronta i totali esatti, anche oltre i decimali pubblicati. "
        "Soglia Con meno di 60 punti la proposta non entra in graduatoria. "
        "A parità di punti 1. più punti nel gruppo «Proposta» ; 2. più punti nel criterio «Idea» ; 3. sorteggio pubblico "
    ).replace(" ; ", "; ")


def doors(response) -> list[str]:
    return [entry["door"] for entry in response.context["areas"]]


def test_the_door_of_each_area_is_there_while_the_call_is_open(client):
    call, somebody = small_call(), person()
    url = reverse("call", args=[call.slug])
    apply = [reverse("application_new", args=[call.slug, area]) for area in ("uno", "due")]
    assert doors(get(client, url, DEADLINE)) == [f"{reverse('account_login')}?next={quote(door, safe='')}" for door in apply]
    assert doors(get(client, url, DEADLINE, by=somebody)) == apply
    assert doors(get(client, url, AFTER)) == doors(get(client, url, BEFORE)) == ["", ""]


def test_a_concluded_call_leads_to_its_rankings_and_a_revoked_one_says_why(client):
    by = official()
    call = small_call(by=by)
    url = reverse("call", args=[call.slug])
    assert [entry["ranking_url"] for entry in get(client, url, AFTER).context["areas"]] == ["", ""]
    revoke(call, by=by, at=WORKDAY, reason="Errore nelle aree.")
    assert "Avviso revocato Errore nelle aree." in text(get(client, url))
    call.state = CallState.RANKED
    call.save()
    assert [entry["ranking_url"] for entry in get(client, url, AFTER).context["areas"]] == [
        reverse("ranking", args=[call.slug, area]) for area in ("uno", "due")
    ]


def test_a_call_page_costs_three_queries_and_one_more_for_who_may_follow(client, django_assert_num_queries):
    url = reverse("call", args=[small_call().slug])
    with django_assert_num_queries(3):  # call with its commission, how many answers, the key that signs
        get(client, url)
    client.force_login(person())
    with django_assert_num_queries(3 + 2 + 1):  # session and user; whether they follow
        get(client, url)


# What goes with it


@pytest.mark.parametrize(("area", "status"), [("uno", 200), ("due", 200), ("tre", 404)])
def test_each_area_has_its_page_of_questions(client, area, status):
    call = small_call()
    assert get(client, reverse("call_questions", args=[call.slug, area])).status_code == status


def test_the_page_of_questions_has_all_that_the_form_asks_and_nothing_of_the_other_area(client):
    call = small_call()
    one, two = (text(get(client, reverse("call_questions", args=[call.slug, area]))) for area in ("uno", "due"))
    for section in call.notice.sections_for("uno"):
        for question in section.questions:
            assert question.label in one
    assert "Sono nel registro." in one
    assert "Statuto PDF, P7M, fino a 20 MB, 1 file" in one
    assert "Idea Testo, al massimo 2000 caratteri, spazi inclusi. Vale fino a 50 punti: «Idea»" in one
    assert "L'ente mette almeno il 20% del costo totale" in one
    assert [word in two for word in ("Municipio", "Sono nel registro.", "costo totale", "Statuto")] == [
        False,
        False,
        False,
        True,
    ]


def test_the_document_is_there_as_written_and_as_hashed(client):
    call = small_call()
    written, canonical = (get(client, reverse("call_document", args=[call.slug, ext])) for ext in ("yaml", "json"))
    assert written.content.decode() == SMALL
    assert hashlib.sha256(canonical.content).hexdigest() == call.version.sha256 == canonical["X-Content-SHA256"]
    assert hashlib.sha256(written.content).hexdigest() == written["X-Content-SHA256"]
    assert written["Content-Disposition"] == 'attachment; filename="prova-v1.yaml"'
    assert canonical["Content-Type"] == "application/json; charset=utf-8"
    assert get(client, "/avvisi/prova/documento.pdf").status_code == 404
    assert call.version.sha256 in get(client, reverse("call", args=[call.slug])).content.decode()


# Every type of criterion, of question and of rule


@pytest.fixture
def every(client):
    """The pages of a call that uses everything, for the office, because it is a draft: the call's, and its questions'."""
    call = load(EVERY, at=BEFORE)
    client.force_login(official())
    return text(get(client, reverse("call", args=[call.slug]))), text(
        get(client, reverse("call_questions", args=["tutto", "misura"]))
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Ogni commissario sceglie un coefficiente della scala.",
        "Ogni commissario sceglie un giudizio: ottimo : 20 punti Ogni ruolo è coperto. discreto : 8 punti",
        "Ogni commissario dà da 0 a 10 punti, a passi di 0,5.",
        "2 punti per ogni unità (certificati), fino a 10 punti. Per esempio, 3 danno 6 punti.",
        "Conta la quantità (anni): da 2 a 3 anni: 2 punti più di 3 anni: 5 punti in ogni altro caso: 0 punti",
        "Sì: 5 punti. No: 0 punti.",
        "elevata a 0,5. Per esempio, con metà della più alta: 7,07 punti.",
        "Progetto non finito Se la risposta è sì, si tolgono 10 punti. −10 –",
        "Riparametrazione Dopo le soglie, in ogni criterio la proposta migliore prende i punti massimi",
        "Ogni commissario dà da 0 a 10 punti, e i punti si sommano.",
        "Il Comune mette denaro e locali; gli enti mettono persone. Risorse in tutto: 650.000,00 €",
        "Nasce dalla co-programmazione: Deliberazione di Giunta n. 41, 20 novembre 2025",
        "Chi ha rapporti con un ente non valuta la sua proposta.",
        "Il procedimento si conclude con la determinazione che approva la graduatoria.",
        "Se un posto si libera entro 24 mesi dalla pubblicazione della graduatoria, subentra chi segue.",
        "Statuto Solo se a «In quale settore?» rispondi «Sociale» o «Sport».",
        "A lotti 3 posti Lotto sociale: 2 posti Lotto sport: 1 posto",
        "Finisce entro 45 giorni dalla scadenza. Il conto si ferma quando chiede di completare una domanda. Prima di escludere una "
        "domanda l'ufficio scrive i motivi all'ente, che ha 12 giorni per rispondere. Poi il conto dei giorni ricomincia da capo. "
        "La verifica è in seduta pubblica.",
        "per 10 giorni gli enti possono mandare osservazioni. L'ufficio risponde a tutte, e poi pubblica la graduatoria definitiva. "
        "Di ogni voto si pubblica il nome del commissario. La graduatoria provvisoria è sul sito.",
        "Ogni commissario confronta le proposte due a due.",
    ],
)
def test_the_page_of_a_call_tells_every_rule_in_words(every, sentence):
    assert sentence in every[0]


def test_the_scale_is_shown_only_where_it_is_used(every):
    mixed, summed = every[0].partition("Griglia a coppie")[0].split("Griglia a somma", 1)
    assert ("Scala 1 buono" in mixed, "Scala" in summed) == (True, False)


def test_the_page_of_questions_tells_every_type_of_question_and_its_condition(every):
    page = every[1]
    for sentence in (
        "Lavorate in rete? Sì o no. Vale fino a 5 punti: «Accordo firmato»",
        "Ho letto l'informativa. Una casella da spuntare",
        "Con chi lavorate? Solo se a «Lavorate in rete?» rispondi «Sì». Una tabella, al massimo 10 righe Per ogni riga: "
        "Ente : Testo, al massimo 120 caratteri, spazi inclusi Ore : Un numero (alla settimana) "
        "Costo (facoltativo): Un importo in euro Dal : Una data Ruolo : Scegli una risposta: «Capofila» o «Altro» "
        "Ha firmato : Sì o no",
        "Un vostro progetto non è finito? Sì o no. Può togliere 10 punti: «Progetto non finito»",
        "La lettera dei partner Solo se a «Lavorate in rete?» rispondi «Sì». PDF, P7M, fino a 5 MB, al massimo 3 file",
    ):
        assert sentence in page
    assert page.count("La lettera dei partner") == 1
