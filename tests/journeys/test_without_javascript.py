"""Without JavaScript and at 320 px: the applicant's part, and one sheet of marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application
from applications.progress import rules_of, sections
from evaluation.models import Sheet
from tests.builders import WORKDAY, body, load_fixture_call, person
from tests.journeys.conftest import TOO_WIDE
from tests.journeys.steps import answers_of, follow, pdf, press, sign_in, type_in
from tests.road import APPOINTED, MARKED, appointed


def fits(page: Page) -> None:
    """The page stands in its width: nobody scrolls in two directions."""
    page.wait_for_load_state()  # the whole of it, with its style
    assert (page.url, page.evaluate(TOO_WIDE)) == (page.url, [])


def test_a_proposal_is_written_and_sent_without_javascript(page_at: Callable[..., Page], live_server) -> None:
    anna = person(name="Anna Bianchi")
    body("Cooperativa Alfa", by=anna)
    call = load_fixture_call()
    with time_machine.travel(WORKDAY, tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, anna)
        for step in ("Guarda gli avvisi", call.title):
            follow(page, step)
            fits(page)
        follow(page, "Partecipa", "Area 1")
        fits(page)
        press(page, "Inizia la domanda")
        fits(page)
        application = Application.objects.with_call().get()
        follow(page, "L'ente e chi lo rappresenta")
        for section in sections(application):
            expect(page.locator("h1")).to_have_text(section.title)
            press(page, "Salva e continua")
            expect(page.locator(".bando-summary")).to_be_visible()
            fits(page)
            type_in(page, answers_of(application, section.code))
            press(page, "Salva e continua")
        for rule in rules_of(application):
            if rule.required:
                page.locator(f"#id_{rule.code}_file").set_input_files(pdf(rule.code))
                press(page, "Carica", rule.title)
                expect(page.locator("main")).to_contain_text(f"Abbiamo ricevuto «{rule.code}.pdf».")
        fits(page)
        follow(page, "Continua: controlla e invia")
        fits(page)
        press(page, "Invia la domanda")
        expect(page.locator("h1")).to_have_text("Domanda inviata")
        fits(page)
    application.refresh_from_db()
    expect(page.locator(".bando-number")).to_have_text(application.number)
    assert list(application.steps.values_list("act", flat=True)) == ["submit"]


def test_a_commissioner_declares_and_marks_without_javascript(page_at: Callable[..., Page], live_server) -> None:
    road = appointed()
    grid, member = road.call.notice.grid_for("area-1"), road.members[1]
    with time_machine.travel(APPOINTED + timedelta(days=1), tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, member)
        fits(page)
        follow(page.locator("main"), "Fai le dichiarazioni")
        fits(page)
        page.get_by_label("Non ho rapporti").check()
        press(page, "Dichiara")
        fits(page)
    with time_machine.travel(MARKED, tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, member)
        follow(page.locator("main"), "Continua:")
        type_in(page, {"level-0": str(grid.scale[1].coefficient), "reason-0": "Solo il primo, per ora."})
        press(page, "Salva la bozza", grid.criteria[0].title)
        expect(page.locator("main")).to_contain_text("Bozza salvata.")
        assert urlsplit(page.url).fragment == "c-0"
        fits(page)
        press(page, "Concludi la scheda")
        expect(page.locator(".bando-summary li")).to_have_count(2 * (len(grid.criteria) - 1))
        fits(page)
        for index, criterion in enumerate(grid.criteria):
            type_in(page, {f"level-{index}": str(grid.scale[1].coefficient), f"reason-{index}": f"Visto: {criterion.title}"})
        press(page, "Concludi la scheda")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
        fits(page)
    sheet = Sheet.objects.get()
    assert (urlsplit(page.url).path, sheet.state) == (reverse("sheets", args=[road.call.slug]), "final")
    marks = {(mark.criterion, mark.value, mark.reason) for mark in sheet.marks.all()}
    assert marks == {(c.code, Decimal("0.8"), f"Visto: {c.title}") for c in grid.criteria}
