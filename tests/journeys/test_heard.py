"""What a screen reader says of the parts that matter: names, descriptions, states, and what is told without being asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from applications.models import Application
from tests.applications.planning import planning_call
from tests.builders import WORKDAY, draft_application, person
from tests.journeys.steps import heard, listen, pdf, press, sign_in

DESCRIPTION = """element => (element.getAttribute("aria-describedby") || "").split(" ").filter(Boolean)
  .map(id => document.getElementById(id).textContent.trim().replace(/\\s+/g, " "))"""


@pytest.fixture
def application(db, live_server) -> Iterator[Application]:
    with time_machine.travel(WORKDAY, tick=True):
        yield draft_application(planning_call(), "uno", by=person("anna@esempio.it", "Anna Bianchi"))


def opened(page: Page, application: Application, name: str, *arguments: str) -> Page:
    sign_in(page, application.created_by)
    page.goto(reverse(name, args=[application.pk, *arguments]))
    listen(page)
    return page


def read(part: Locator) -> list[str]:
    """Line by line, without the addresses of links."""
    return [line.strip() for line in part.aria_snapshot().splitlines() if "/url:" not in line]


def test_the_list_of_tasks_says_of_each_where_it_stands(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(1280), application, "application")
    tasks = page.locator(".bando-tasks a")
    assert [(link.inner_text(), *link.evaluate(DESCRIPTION)) for link in tasks.all()] == [
        ("Ente", "Da iniziare"),
        ("Luogo", "Da iniziare"),
        ("Costi", "Da iniziare"),
        ("Dichiarazioni", "Da iniziare"),
        ("Allegati", "Da iniziare"),
        ("Controlla e invia", "Non ancora disponibile"),
    ]
    assert read(page.locator(".bando-tasks").last) == [
        "- list:",
        "- listitem:",
        '- link "Controlla e invia":',
        "- text: Mancano 5 sezioni. Non ancora disponibile",
    ]
    expect(page.get_by_role("progressbar", name="0 sezioni su 5 completate")).to_be_visible()


def test_what_is_wrong_is_told_together_and_again_at_its_field(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(1280), application, "application_section", "ente")
    press(page, "Salva e continua")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert read(summary) == [
        '- alert "Ci sono 3 cose da correggere":',
        '- heading "Ci sono 3 cose da correggere" [level=2]',
        "- list:",
        "- listitem:",
        '- link "Scrivi la risposta a «Nome».":',
        "- listitem:",
        '- link "Scegli la risposta a «Forma».":',
        "- listitem:",
        '- link "Scrivi la risposta a «Anni».":',
    ]
    name = page.get_by_role("textbox", name="Nome", exact=True)
    expect(name).to_have_attribute("aria-invalid", "true")
    assert name.evaluate(DESCRIPTION) == ["Errore: Scrivi la risposta a «Nome».", "Puoi scrivere ancora 80 caratteri."]
    group = page.get_by_role("group", name="Forma", exact=True)
    expect(group.get_by_role("radio")).to_have_count(2)
    assert group.evaluate(DESCRIPTION) == ["Errore: Scegli la risposta a «Forma»."]
    assert page.title().startswith("Errore: Ente – ")


def test_a_file_says_when_it_begins_and_when_it_is_in(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(1280), application, "application_attachments")
    page.get_by_role("region", name="Statuto").get_by_label(re.compile("Scegli il file")).set_input_files(pdf("statuto"))
    end = "Il file statuto.pdf è arrivato ed è nella domanda."
    assert heard(page, end) == ["Inizia il caricamento di statuto.pdf.", end]
    expect(page.get_by_role("button", name="Elimina statuto.pdf", exact=True)).to_be_visible()


def test_a_budget_names_every_cell_and_tells_its_sums_once(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(1280), application, "application_section", "costi")
    row = page.get_by_role("row", name=re.compile("^Riga 1 ")).first
    for cell, choice in {"voce": "Personale", "anno": "2022", "azione": "Apertura"}.items():
        row.get_by_role("combobox", name=re.compile(f"riga 1: {cell}$", re.IGNORECASE)).select_option(choice)
    for cell, amount in {"costo totale": "1000", "a carico dell'ente": "400"}.items():
        row.get_by_role("textbox", name=f"Personale, riga 1: {cell} in euro", exact=True).fill(amount)
    sums = heard(page, "Costo totale 1.000,00 €, contributo richiesto 600,00 €.")
    assert [one for one in sums if one.startswith("Costo totale")] == sums[-1:]
    assert [control.get_attribute("aria-label") for control in row.locator("select, input").all()] == [
        *(f"Personale, riga 1: {cell}" for cell in ("voce", "anno", "azione", "descrizione")),
        *(f"Personale, riga 1: {cell} in euro" for cell in ("costo totale", "a carico dell'ente")),
    ]
