"""The evaluation clicked in the browser, from the appointment to a correction: what the office, the commission, a body and a
stranger do, each part of the road by itself. Time is moved, and the acts before a part are made by the builders."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from bando.models import Call
from evaluation.actions import commit_draw, compute_ranking, make_draw, publish_provisional, publish_ranking
from evaluation.models import Draw, MemberRole, Ranking, Sheet
from tests.builders import official, person
from tests.builders_evaluation import (
    APPOINTED_AT,
    MARKED_AT,
    RANKED_AT,
    admitted,
    commission,
    computed,
    mark,
    mark_all,
    marking,
    same,
    small_call,
)
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, press, sign_in, type_in, work
from tests.journeys.test_marking import SAVED
from workflow.models import Duty

OBSERVED = "publication: {observations_days: 10}\nreplacement: {mode: until_agreement}"
SOURCE = "Lotto, ruota di Milano, i cinque numeri nell'ordine di uscita"
VALUE_AT, VALUE = RANKED_AT + timedelta(days=3), "12 45 7 88 31"
PROVISIONAL_AT = VALUE_AT + timedelta(days=1)
WRITTEN_AT = PROVISIONAL_AT + timedelta(days=2)
FINAL_AT = PROVISIONAL_AT + timedelta(days=12)
RENOUNCED_AT = FINAL_AT + timedelta(days=5)
PROGRAM = Path(settings.BASE_DIR) / "bin" / "verify_ranking"

Open = Callable[..., Page]


@dataclass
class Road:
    """A call with a first proposal, two that are tied across the last of its two places, and one below the threshold."""

    office: User
    call: Call
    proposals: Mapping[str, Application]

    @property
    def ranking(self) -> Ranking:
        return Ranking.objects.select_related("call__version").get(call=self.call)

    @property
    def outcomes(self) -> dict[str, str]:
        """By name, as the working copy of the ranking says."""
        names = {application.number: name for name, application in self.proposals.items()}
        return {names[row["application"]]: row["outcome"] for row in self.ranking.document["rows"]}

    def url(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.call.slug, "area-1", *more])


def at(moment: datetime) -> AbstractContextManager:
    """From ``moment`` on, on the clock of the server, which runs in this process."""
    return time_machine.travel(moment, tick=True)


def begun(*names: str) -> Road:
    office = official(name="Anna Ufficio")
    call = small_call(by=office, more=OBSERVED)
    return Road(office, call, {name: admitted(call, name=f"Coop {name}", title=f"Progetto {name}") for name in names})


@pytest.fixture
def road(db, live_server) -> Road:
    return begun("Alfa", "Beta", "Gamma", "Delta")


def tied(road: Road) -> Road:
    """Marked and computed; the chain of the call doesn't separate the second from the third."""
    levels = {"Alfa": "ottimo", "Beta": "buono", "Gamma": "buono", "Delta": "scarso"}
    made = commission(road.call, by=road.office)
    mark_all(made, {road.proposals[name]: same([level] * 3) for name, level in levels.items()})
    computed(road.call, by=road.office)
    return road


def drawn(road: Road) -> Road:
    draw = commit_draw(tied(road).ranking, source=SOURCE, value_at=VALUE_AT, by=road.office, at=RANKED_AT)
    make_draw(draw, value=VALUE, by=road.office, at=VALUE_AT)
    compute_ranking(road.call, "area-1", by=road.office, at=VALUE_AT)
    return road


def provisional(road: Road) -> Road:
    act = {"act_number": "200/2021", "act_date": date(2021, 12, 5)}
    publish_provisional(drawn(road).ranking, **act, by=road.office, at=PROVISIONAL_AT)
    Duty.objects.update(done_at=PROVISIONAL_AT)  # letters and papers of this version: they take seconds, and no test reads them
    return road


def final(road: Road) -> Road:
    publish_ranking(provisional(road).ranking, act_number="210/2021", act_date=date(2021, 12, 16), by=road.office, at=FINAL_AT)
    return road


def test_a_commission_is_appointed_with_a_decision_on_a_warning_and_a_substitute_takes_a_seat(
    page_at: Open, road: Road, look: Look
) -> None:
    names = ("Paola Presidente", "Rita Responsabile", "Ugo Membro", "Sara Segretaria", "Silvia Supplente")
    people = {name: person(name=name) for name in names}
    seats = dict(zip((0, 1, 2, 5, 6), people.values(), strict=True))  # the rows as their roles are proposed
    with at(APPOINTED_AT):
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(reverse("desk_commission", args=[road.call.slug]))
        type_in(page, {"act_number": "120/2021", "act_date": "20/10/2021"})
        type_in(page, {f"email_{row}": user.email for row, user in seats.items()})
        press(page, "Nomina la commissione")
        warning = page.get_by_label("Perché la nomini lo stesso (avvertenza 1)")
        expect(page.locator("main")).to_contain_text("Rita Responsabile è responsabile del procedimento.")
        look(page, "a warning")
        warning.fill("È la sola esperta di bisogni dell'abitare.")
        press(page, "Nomina la commissione")
        expect(page.locator("main")).to_contain_text("La commissione è nominata.")
        expect(page.locator("main")).to_contain_text("È la sola esperta di bisogni dell'abitare.")
        expect(page.locator("main")).to_contain_text("non leggono niente finché non sono chiamati: Silvia Supplente.")
        look(page, "appointed")
        follow(page, "Sostituisci", "Ugo Membro")
        look(page)
        page.get_by_label("Silvia Supplente").check()
        type_in(page, {"reason": "Ha rinunciato.", "act_number": "125/2021", "act_date": "25/10/2021"})
        press(page, "Sostituisci", "Ugo Membro")
        expect(page.locator("main")).to_contain_text("Silvia Supplente prende il posto di Ugo Membro")
        look(page, "replaced")
    assert [(member.user.name, member.role) for member in marking(road.call.commission)] == [
        ("Paola Presidente", MemberRole.CHAIR),
        ("Rita Responsabile", MemberRole.MEMBER),
        ("Silvia Supplente", MemberRole.MEMBER),
    ]


def test_a_member_declares_and_marks_the_chair_closes_and_the_office_reads_how_firm_the_ranking_is(
    page_at: Open, look: Look, live_server
) -> None:
    road = begun("Alfa", "Beta")
    made = commission(road.call, by=road.office)
    chair, member, third = marking(made)
    one, other = road.proposals["Alfa"], road.proposals["Beta"]
    for somebody in (chair, third):
        mark(somebody, one, ["ottimo"] * 3)
        mark(somebody, other, ["buono"] * 3)
    with at(MARKED_AT):
        page = page_at(1280)
        sign_in(page, member.user)
        follow(page.locator("main"), "Fai le dichiarazioni")
        for question in page.locator("fieldset").all():
            question.get_by_label("Non ho rapporti").check()
        press(page, "Dichiara")
        for application, level in ((one, "Buono"), (other, "Ottimo")):
            follow(page.locator("main"), "Continua", application.organisation.name)
            for index in range(3):
                page.locator(f"#c-{index}").get_by_label(level).check()
                page.locator(f'[name="reason-{index}"]').fill("Risponde ai bisogni del quartiere.")
            expect(page.locator("[data-saving-status]")).to_have_text(SAVED)
            press(page, "Concludi la scheda")
            expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
            page.goto(reverse("sheets", args=[road.call.slug]))
        look(page, "concluded")
    assert set(Sheet.objects.filter(member=member).values_list("state", flat=True)) == {"final"}
    with at(RANKED_AT):
        page = page_at(360)
        sign_in(page, chair.user)
        follow(page.locator("main"), "Le tue schede")
        follow(page, "Composizione dei punteggi")
        look(page, "open")
        page.go_back()
        press(page, "Chiudi la valutazione")
        expect(page.locator("main")).to_contain_text("La valutazione dell'area è chiusa.")
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(reverse("desk_call", args=[road.call.slug]))
        follow(page, "Graduatoria", "Area uno")
        press(page, "Calcola la graduatoria")
        expect(page.locator("main")).to_contain_text("La graduatoria è calcolata.")
        work()
        follow(page, "Quanto è solida la graduatoria")
        expect(page.locator("main")).to_contain_text("Senza un componente")
        look(page)
        page.goto(road.url("desk_ranking"))
        follow(page, "Grafici")
        look(page)
    assert [(row["position"], row["total"]["published"]) for row in road.ranking.document["rows"]] == [
        (1, "93.33"),
        (2, "86.67"),
    ]


def test_a_public_session_is_announced_held_minuted_and_read_by_everybody(page_at: Open, road: Road, look: Look) -> None:
    made = commission(road.call, by=road.office, secretary=True)
    chair, member, _third = marking(made)
    planned = MARKED_AT + timedelta(days=1)
    session = reverse("commission_session", args=[road.call.slug, 1])
    with at(MARKED_AT):
        page = page_at(1280)
        sign_in(page, chair.user)
        page.goto(reverse("commission_sessions", args=[road.call.slug]))
        page.get_by_label("Pubblica: la annunciamo").check()
        type_in(page, {"area": "area-1", "day": "4/11/2021", "time": "15:00", "place": "Via Larga 12, sala 3"})
        type_in(page, {"agenda": "Apertura delle domande."})
        look(page, "to plan")
        press(page, "Convoca la seduta")
        expect(page.locator("main")).to_contain_text("La seduta n. 1 è convocata.")
        page.goto(session)
        expect(page.locator("main")).to_contain_text("La seduta è pubblica: si apre all'ora annunciata, non prima.")
        look(page, "planned")
        stranger = page_at(360)
        stranger.goto(reverse("call", args=[road.call.slug]))
        expect(stranger.locator("main")).to_contain_text("Via Larga 12, sala 3")
        look(stranger, "a session announced")
    with at(planned):
        page = page_at(1280)
        sign_in(page, chair.user)
        page.goto(session)
        for there in page.get_by_role("checkbox").all():
            there.check()
        press(page, "Apri la seduta")
        expect(page.locator("main")).to_contain_text("La seduta è aperta.")
        look(page, "open")
        mark(member, road.proposals["Alfa"], ["ottimo"] * 3)
        press(page, "Chiudi la seduta")
        expect(page.locator("main")).to_contain_text("Ecco la bozza del verbale")
        look(page, "draft")
        type_in(page, {"text": "La presidente legge l'avviso."})
        press(page, "Salva e approva")
        expect(page.locator("main")).to_contain_text("non cambia più")
        work()
        page.reload()
        look(page, "approved")
        file = page.request.get(page.get_by_role("link", name="Scarica il verbale (PDF)").get_attribute("href"))
        assert file.body()[:5] == b"%PDF-"
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(reverse("desk_minutes", args=[road.call.slug, 1]))
        look(page, "to publish")
        press(page, "Pubblica il verbale")
        expect(page.locator("main")).to_contain_text("Il verbale è pubblicato.")
        stranger.reload()
        follow(stranger, "Verbale della seduta n. 1")
        expect(stranger.locator("main")).to_contain_text("La presidente legge l'avviso.")
        look(stranger)


def test_a_tie_across_the_last_place_is_drawn_in_public_and_the_ranking_published_as_provisional(
    page_at: Open, road: Road, look: Look
) -> None:
    tied(road)
    assert road.outcomes == {"Alfa": "selected", "Beta": "tie_pending", "Gamma": "tie_pending", "Delta": "below_threshold"}
    with at(RANKED_AT):
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(road.url("desk_ranking"))
        look(page, "tied")
        follow(page, "Vai al sorteggio")
        look(page, "to commit")
        type_in(page, {"commit-source": SOURCE, "commit-value_day": "4/12/2021", "commit-value_time": "9:00"})
        press(page, "Pubblica l'elenco")
        expect(page.locator("main")).to_contain_text("L'elenco è impegnato e pubblico.")
        expect(page.locator("main")).to_contain_text("Il valore non è ancora pubblico")
        look(page, "committed")
        stranger = page_at(360)
        stranger.goto(road.url("draw"))
        expect(stranger.locator("main")).to_contain_text(Draw.objects.get().sha256)
        look(stranger, "committed")
    with at(VALUE_AT):
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(road.url("desk_draw"))
        type_in(page, {"draw-value": VALUE, "draw-again": "12 45 7 88 13"})
        press(page, "Fai il sorteggio")
        expect(page.locator(".bando-summary")).to_contain_text("I due valori sono diversi.")
        look(page, "to draw")
        type_in(page, {"draw-again": VALUE})
        press(page, "Fai il sorteggio")
        expect(page.locator("main")).to_contain_text("Il sorteggio è fatto.")
        look(page, "drawn")
        follow(page, "Vai alla graduatoria")
        press(page, "Calcola di nuovo")
        expect(page.locator("main")).to_contain_text("La graduatoria è calcolata.")
        assert sorted(road.outcomes.values()) == ["below_threshold", "selected", "selected", "waiting"]
        look(page, "drawn")
        follow(page, "Guarda l'anteprima")
        look(page, "preview")
        follow(page, "Vai alla conferma")
        look(page, "confirm")
        type_in(page, {"act_number": "200/2021", "act_date": "4/12/2021"})
        press(page, "Pubblica la graduatoria provvisoria")
        expect(page.locator("main")).to_contain_text(
            "È pubblicata la graduatoria provvisoria, versione n. 1, con atto n. 200/2021"
        )
        look(page, "provisional")
        stranger = page_at(360)
        stranger.goto(road.url("ranking"))
        expect(stranger.locator("h1")).to_have_text("Graduatoria provvisoria: Area uno")
        look(stranger, "provisional")
    assert set(Application.objects.filter(call=road.call).values_list("state", flat=True)) == {"ranked"}


def test_a_body_observes_the_office_answers_and_the_final_ranking_reaches_the_body(
    page_at: Open, road: Road, look: Look, smtp_server
) -> None:
    provisional(road)
    body = road.proposals["Delta"]
    with at(WRITTEN_AT):
        page = page_at(360)
        sign_in(page, body.created_by)
        page.goto(reverse("application", args=[body.pk]))
        look(page, "ranked")
        follow(page, "Leggi l'esito")
        look(page, "provisional")
        follow(page, "Osservazioni sulla graduatoria")
        look(page, "to write")
        type_in(page, {"text": "La squadra è di cinque persone, non di tre."})
        press(page, "Invia l'osservazione")
        expect(page.locator("main")).to_contain_text("L'osservazione è arrivata.")
        look(page, "written")
    with at(FINAL_AT):
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(f"{road.url('desk_ranking')}?passo=confirm")
        type_in(page, {"act_number": "210/2021", "act_date": "16/12/2021"})
        press(page, "Pubblica la graduatoria")
        expect(page.locator("main")).to_contain_text("C'è 1 osservazione senza risposta.")
        page.goto(road.url("desk_ranking"))
        look(page, "an observation waits")
        follow(page, "1 osservazione senza risposta")
        look(page, "to answer")
        page.get_by_label("Non accolta").check()
        page.get_by_label("Risposta, con i motivi").fill("La proposta inviata ne nomina tre.")
        press(page, "Rispondi")
        expect(page.locator("main")).to_contain_text("La risposta è arrivata all'ente.")
        look(page, "answered")
        page.goto(f"{road.url('desk_ranking')}?passo=confirm")
        type_in(page, {"act_number": "210/2021", "act_date": "16/12/2021"})
        press(page, "Pubblica la graduatoria")
        expect(page.locator("main")).to_contain_text("È pubblicata la graduatoria definitiva, versione n. 2")
        look(page, "final")
        smtp_server.messages.clear()
        work()
        work()  # the publication owes the letters, then each letter is written
        told = [letter["Subject"] for letter in smtp_server.messages if body.created_by.email in letter["To"]]
        assert told == [
            f"Osservazione ricevuta: domanda {body.number}",
            f"Risposta alla tua osservazione: domanda {body.number}",
            f"Graduatoria pubblicata: l'esito della domanda {body.number}",
        ]
        page = page_at(360)
        sign_in(page, body.created_by)
        page.goto(reverse("result_letter", args=[body.pk]))
        expect(page.locator("main")).to_contain_text("Sotto la soglia")
        look(page, "final")
        letter = page.request.get(page.get_by_role("link", name="Lettera con punteggi e motivi").get_attribute("href"))
        assert (letter.headers["content-type"], letter.body()[:5]) == ("application/pdf", b"%PDF-")
        follow(page, "Osservazioni sulla graduatoria")
        expect(page.locator("main")).to_contain_text("La proposta inviata ne nomina tre.")
        look(page, "answered")


def test_a_stranger_computes_the_published_ranking_again_and_repeats_the_draw(
    page_at: Open, road: Road, look: Look, tmp_path: Path
) -> None:
    final(road)
    with at(FINAL_AT):
        page = page_at(360)
        page.goto("/")
        follow(page, road.call.title)
        follow(page, "Leggi la graduatoria", "Area uno")
        look(page)
        follow(page, "Rifai i conti in questa pagina")
        results = page.locator("[data-results]")
        expect(results.locator(".alert-success")).to_contain_text("I conti tornano")
        expect(results).to_contain_text("È quella che abbiamo pubblicato.")
        look(page)
        page.goto(road.url("ranking"))
        content = page.request.get(page.get_by_role("link", name="JSON").get_attribute("href")).body()
        follow(page, "Leggi il sorteggio pubblico")
        look(page)
        listed = page.request.get(page.get_by_role("link", name="Scarica l'elenco (JSON)").get_attribute("href")).body()
        shown = page.locator("tbody th").all_inner_texts()
    file, changed, commitment = (tmp_path / name for name in ("graduatoria.json", "cambiata.json", "elenco.json"))
    file.write_bytes(content)
    commitment.write_bytes(listed)
    document = json.loads(content)
    document["rows"][0]["marks"]["a1"][0] = "0.8"
    changed.write_text(json.dumps(document))
    assert (_verified(file, "--draw", commitment), _verified(changed)) == (0, 1)

    hashed = sha256(listed).hexdigest()
    numbers = sorted(road.proposals[name].number for name in ("Beta", "Gamma"))
    assert json.loads(listed)["groups"] == [numbers]
    by_hand = sorted(numbers, key=lambda number: sha256(f"{hashed}\n{VALUE}\n{number}".encode()).hexdigest())
    [drawn_once] = document["draws"]
    assert (shown, drawn_once["order"], drawn_once["sha256"]) == (by_hand, by_hand, hashed)


def _verified(file: Path, *more: object) -> int:
    """How the program of one file ends, with nothing of ours in its way."""
    command = [sys.executable, "-I", "-S", str(PROGRAM), str(file), *map(str, more)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_selected_body_renounces_its_place_is_given_again_and_the_old_version_stays(
    page_at: Open, road: Road, look: Look
) -> None:
    outcomes = final(road).outcomes
    leaves, follows = sorted(("Beta", "Gamma"), key=lambda name: outcomes[name] != "selected")
    body = road.proposals[leaves]
    with at(RENOUNCED_AT):
        page = page_at(360)
        sign_in(page, body.created_by)
        page.goto(reverse("application", args=[body.pk]))
        look(page, "selected")
        follow(page, "Rinuncia alla proposta")
        press(page.locator("main"), "Rinuncia")
        expect(page.locator(".bando-summary")).to_contain_text("Per rinunciare segna questa casella.")
        look(page)
        type_in(page, {"reason": "Non abbiamo più la sede.", "sure": "on"})
        press(page.locator("main"), "Rinuncia")
        expect(page.locator("main")).to_contain_text("La rinuncia è registrata.")
        look(page, "renounced")
        page = page_at(1280)
        sign_in(page, road.office)
        page.goto(road.url("desk_ranking"))
        follow(page, "Posti")
        look(page, "a place is free")
        page.get_by_label("Motivo").fill("L'avviso prevede lo scorrimento.")
        press(page, "Riassegna il posto a chi segue")
        expect(page.locator("main")).to_contain_text("Il posto è riassegnato.")
        look(page, "given again")
        follow(page, "Vai alla graduatoria")
        type_in(page, {"reason": "Una rinuncia."})
        press(page, "Calcola di nuovo")
        expect(page.locator("main")).to_contain_text("Che cosa cambia rispetto alla versione pubblicata")
        look(page, "to correct")
        page.goto(f"{road.url('desk_ranking')}?passo=confirm")
        note = f"Coop {leaves} ha rinunciato: il posto va a Coop {follows}."
        type_in(page, {"act_number": "220/2021", "act_date": "21/12/2021", "note": note})
        look(page, "to confirm the correction")
        press(page, "Pubblica la correzione")
        expect(page.locator("main")).to_contain_text("È pubblicata la graduatoria definitiva, versione n. 3")
        look(page, "corrected")
        stranger = page_at(360)
        stranger.goto(road.url("ranking"))
        expect(stranger.locator("main")).to_contain_text(note)
        look(stranger, "corrected")
        follow(stranger, "Versione n. 2, definitiva")
        expect(stranger.locator("main")).to_contain_text("Questa versione è stata sostituita")
        expect(stranger.locator("main")).to_contain_text(f"Perché: {note}")
        look(stranger, "of the past")
        stranger.goto(road.url("ranking_robustness"))
        look(stranger, "public")
    assert road.outcomes[follows] == "selected"
    assert Application.objects.get(pk=road.proposals[follows].pk).state == "selected"
