"""Questions that depend on answers, tables that grow and files inside the form: with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application
from tests.applications.asking import asking_call
from tests.builders import WORKDAY, complete_draft, draft_application
from tests.journeys.conftest import Look, too_wide
from tests.journeys.steps import follow, heard, listen, pdf, press, sign_in, typed


@pytest.fixture
def application(db, live_server) -> Iterator[Application]:
    with time_machine.travel(WORKDAY, tick=True):
        yield draft_application(asking_call(), "uno")


def opened(page: Page, application: Application, step: str) -> Page:
    sign_in(page, application.created_by)
    page.goto(reverse("application_section", args=[application.pk, step]))
    return page


def shown(page: Page, *names: str) -> list[bool]:
    return [page.locator(f'[name="{name}"]').first.is_visible() for name in names]


def row(page: Page, number: int) -> dict[str, str]:
    prefix = f"partner__{number}__"
    return {name.removeprefix(prefix): texts[0] for name, texts in typed(page).items() if name.startswith(prefix) and texts}


def test_questions_come_and_go_with_the_answers_and_keep_their_text(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page = opened(page_at(1280), application, "ente")
    chain = ("nome-rete", "giorni", "festivi")
    assert shown(page, *chain) == [False, False, False]
    assert page.get_by_text("Rispondi solo se").count() == 3
    assert not page.get_by_text("Rispondi solo se").first.is_visible()
    look(page, "nothing chosen")
    page.locator('[name="rete"][value="yes"]').check()
    page.locator('[name="nome-rete"]').fill("Alfa e Beta")
    page.locator('[name="impegno"]').check()
    page.locator('[name="giorni"][value="dom"]').check()
    assert shown(page, *chain) == [True, True, True]
    page.locator('[name="festivi"]').fill("A turno")
    look(page, "all chosen")
    # The last of the chain goes with the first, and comes back as it was.
    page.locator('[name="impegno"]').uncheck()
    assert shown(page, *chain) == [True, False, False]
    page.locator('[name="impegno"]').check()
    assert shown(page, *chain) == [True, True, True]
    assert page.locator('[name="festivi"]').input_value() == "A turno"


def test_a_table_grows_and_shrinks_by_keyboard(page_at: Callable[..., Page], application: Application, look: Look) -> None:
    page = opened(page_at(360), application, "ente")
    page.locator('[name="rete"][value="yes"]').check()
    press(page, "Salva ed esci")
    follow(page, "La rete")
    look(page, "one row")
    rows = page.locator("[data-row]:visible")
    assert rows.count() == 1
    add = page.get_by_role("button", name="Aggiungi riga")
    listen(page)
    page.locator("#id_partner__1__nome").fill("Alfa")
    for number in range(2, 7):
        add.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"#id_partner__{number}__nome")).to_be_focused()
    expect(add).to_be_hidden()
    assert heard(page, full := "Hai aggiunto tutte le righe possibili: sono 6.").count(full) == 1
    page.locator("#id_partner__2__nome").fill("Beta")
    page.locator("#id_partner__3__quota").fill("mille")
    drop = page.get_by_role("button", name="Togli riga 2")
    drop.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_partner__3__nome")).to_be_focused()
    expect(page.locator("#id_partner__2__nome")).to_be_hidden()
    press(page, "Salva e continua")
    summary = page.locator(".bando-summary")
    expect(summary).to_contain_text("Riga 3, Quota: Scrivi l'importo in euro, solo con i numeri. Per esempio 1250,50.")
    expect(summary).to_contain_text("Carica: Accordo di rete.")
    look(page, "wrong")
    assert rows.count() == 2
    assert [row(page, number) for number in (1, 2, 3)] == [{"nome": "Alfa"}, {}, {"quota": "mille"}]
    summary.get_by_role("link", name="Riga 3, Quota").click()
    expect(page.locator("#id_partner__3__quota")).to_be_focused()


def test_a_file_is_uploaded_from_its_question_and_nothing_typed_is_lost(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page = opened(page_at(1280), application, "ente")
    page.locator('[name="rete"][value="yes"]').check()
    press(page, "Salva ed esci")
    follow(page, "La rete")
    page.locator("#id_racconto").fill("Siamo in due")
    question = page.get_by_role("group", name="Accordo di rete")
    expect(question.get_by_role("button", name="Carica il file")).to_be_hidden()
    question.locator("input[type=file]").set_input_files(pdf("accordo"))
    expect(question.get_by_role("link", name="accordo.pdf")).to_be_visible()
    assert page.locator("#id_racconto").input_value() == "Siamo in due"
    look(page, "with a file")
    # Enter in a field saves the page as always: it does not go and upload.
    page.locator("#id_racconto").press("Enter")
    expect(page.locator(".bando-summary")).to_contain_text("«Enti della rete»: Compila almeno una riga.")


def test_without_javascript_the_question_leads_to_where_its_file_is_uploaded(
    page_at: Callable[..., Page], application: Application
) -> None:
    page = opened(page_at(360, javascript=False), application, "ente")
    page.locator('[name="rete"][value="yes"]').check()
    press(page, "Salva ed esci")
    follow(page, "La rete")
    page.locator("#id_racconto").fill("Siamo in due")
    press(page, "Carica il file")
    page.locator("#id_accordo_file").set_input_files(pdf("accordo"))
    press(page, "Carica", "Accordo di rete")
    expect(page.locator("main")).to_contain_text("Abbiamo ricevuto «accordo.pdf».")
    follow(page, "Torna a «La rete»")
    assert page.locator("#id_racconto").input_value() == "Siamo in due"
    expect(page.get_by_role("group", name="Accordo di rete")).to_contain_text("accordo.pdf")


def test_without_javascript_everything_is_in_sight_and_fits(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(320, javascript=False), application, "ente")
    assert shown(page, "nome-rete", "giorni", "festivi") == [True, True, True]
    lines = page.get_by_text("Rispondi solo se").all_text_contents()
    assert lines == [
        "Rispondi solo se a «Siete in rete?» hai scelto «Sì».",
        "Rispondi solo se hai spuntato «Ci impegniamo a restare aperti».",
        "Rispondi solo se a «In quali giorni?» hai scelto «Sabato» o «Domenica».",
    ]
    assert too_wide(page) == []
    page.locator('[name="rete"][value="yes"]').check()
    press(page, "Salva ed esci")
    follow(page, "La rete")
    assert too_wide(page) == []
    assert shown(page, "partner__2__nome", "partner__3__nome") == [True, False]
    page.get_by_text("Altre righe").first.click()
    page.locator("#id_partner__6__nome").fill("Zeta")
    press(page, "Salva e continua")
    expect(page.locator(".bando-summary")).to_contain_text("Riga 6, Quota: Scrivi questo dato, o svuota la riga.")
    assert page.locator("#id_partner__6__nome").input_value() == "Zeta"
    assert too_wide(page) == []


def test_what_was_answered_is_read_back_in_its_rows(page_at: Callable[..., Page], application: Application, look: Look) -> None:
    complete_draft(application)
    page = page_at(1280)
    sign_in(page, application.created_by)
    page.goto(reverse("application_review", args=[application.pk]))
    look(page, "a table")
    table = page.get_by_role("table", name="Enti della rete")
    assert table.get_by_role("columnheader").all_text_contents() == [
        "Nome",
        "Quota in euro",
        "Ore (ore)",
        "Dal",
        "Ruolo",
        "ETS",
    ]
    assert table.get_by_role("row").count() == 3
