"""A budget of lines and hours of volunteers, written on a phone and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.groups.participants import present
from applications.models import Application
from bando.notice.document import SectionKind
from tests.applications.planning import HOURS, RENT, STAFF, join, lines, planning_call
from tests.builders import WORKDAY, draft_application
from tests.journeys.conftest import Look, too_wide
from tests.journeys.steps import press, sign_in, type_in

NUMBERS = """() => [...document.querySelectorAll('[data-budget-total], [data-sum], [data-budget-rules] li')]
  .map((shown) => shown.textContent.trim().replace(/\\s+/g, ' '))"""


@pytest.fixture
def application(db, live_server) -> Iterator[Application]:
    with time_machine.travel(WORKDAY, tick=True):
        yield draft_application(planning_call(), "uno")


def opened(page: Page, application: Application) -> Page:
    sign_in(page, application.created_by)
    step = next(s.code for s in application.call.notice.sections_for("uno") if s.kind is SectionKind.BUDGET)
    page.goto(reverse("application_section", args=[application.pk, step]))
    return page


def plan(application: Application) -> dict[str, str]:
    """Two lines of two bodies and some hours; the call knows two items only."""
    lead, other = (str(row.pk) for row in present(application))
    rows = lines(
        STAFF | {"partner": lead}, RENT | {"item": "indiretti", "partner": other, "total": "€ 1 000,50", "own": "200,1"}
    )
    return rows | lines(HOURS | {"partner": other}, name="volunteers")


def test_a_budget_of_lines_is_written_on_a_phone_and_the_server_finds_the_same_numbers(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    join(application, "Beta ODV", share=4000)
    page = opened(page_at(360), application)
    look(page, "blank")
    add = page.get_by_role("button", name="Aggiungi riga").first
    add.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#id_lines__2__item")).to_be_focused()
    type_in(page, plan(application))
    page.get_by_text("Totali per voce e per le altre divisioni del piano").click()
    live = page.evaluate(NUMBERS)
    look(page, "filled")
    page.set_viewport_size({"width": 320, "height": 800})
    assert too_wide(page) == []
    section = page.url
    press(page, "Salva ed esci")
    expect(page).not_to_have_url(section)
    page.goto(section)
    assert page.evaluate(NUMBERS) == live
    assert "Chiedi 23.300,40 €: il massimo è 50.000,00 €." in " ".join(live)
    expect(page.get_by_label("Personale, riga 1: costo totale in euro")).to_have_value("30.000,00")


def test_without_a_script_more_rows_come_by_saving(page_at: Callable[..., Page], application: Application, look: Look) -> None:
    join(application, "Beta ODV")
    page = opened(page_at(360, javascript=False), application)
    written = plan(application)
    type_in(page, written)
    press(page, "Salva e aggiungi righe", "voci")
    assert page.url.endswith("#id_lines__3__item")
    kept = {name: page.locator(f'[name="{name}"]').input_value() for name in written}
    assert kept == written
    assert page.locator("[data-line]:visible").count() == 5
