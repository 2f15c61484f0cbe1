"""Pressing «Invia» when the network, the session or the clock do not help: one number, or a reason, and never a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from applications.models import Application, Event
from tests.builders import AFTER, DEADLINE, WORKDAY, complete_draft, draft_application
from tests.journeys.conftest import Look
from tests.journeys.steps import press, sign_in

RECEIPT = re.compile("/ricevuta/$")
UNSURE = "Non sappiamo ancora se l’invio è riuscito."


@pytest.fixture
def travelling(db, live_server) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(WORKDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def application(travelling) -> Application:
    return complete_draft(draft_application())


def reading(page: Page, application: Application) -> Page:
    sign_in(page, application.created_by)
    page.goto(reverse("application_review", args=[application.pk]))
    return page


def sendings(application: Application) -> list[str]:
    application.refresh_from_db()
    return [submission.application.number for submission in application.submissions.all()]


def test_an_answer_that_is_lost_twice_gives_one_number_and_its_receipt(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page, tries = reading(page_at(360), application), []

    def lose(route: Route) -> None:
        tries.append(route.request.method)
        if len(tries) == 1:
            route.abort()  # the request never left
        elif len(tries) == 2:
            route.fetch(max_redirects=0)  # it arrived, and the answer is lost
            look(page, "nobody knows")
            route.abort()
        else:
            route.continue_()

    page.route("**/invia/", lose)
    press(page, "Invia la domanda")
    expect(page.locator("[data-said]")).to_contain_text(UNSURE)
    expect(page).to_have_url(RECEIPT, timeout=30_000)
    [number] = sendings(application)
    expect(page.locator("main")).to_contain_text(number)
    assert tries == ["POST"] * 3
    assert list(Event.objects.filter(kind="submit").values_list("outcome", flat=True)) == ["done", "done"]


def test_two_clicks_at_once_send_once(page_at: Callable[..., Page], application: Application) -> None:
    page = reading(page_at(1280), application)
    page.get_by_role("button", name="Invia la domanda").dblclick()
    expect(page).to_have_url(RECEIPT)
    assert len(sendings(application)) == 1


def test_a_session_that_ended_says_so_and_sends_nothing(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page = reading(page_at(360), application)
    page.context.clear_cookies(name="sessionid")
    press(page, "Invia la domanda")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("La sessione è finita e la domanda non è ancora inviata.")
    look(page, "signed out")
    assert sendings(application) == []
    said.get_by_role("link", name="Accedi di nuovo").click()
    expect(page.get_by_label("E-mail", exact=True)).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill(application.created_by.email)
    page.get_by_label("Password", exact=True).fill("una frase lunga per le prove")
    press(page, "Accedi")
    press(page, "Invia la domanda")
    expect(page).to_have_url(RECEIPT)
    assert len(sendings(application)) == 1


def test_a_late_press_reads_the_reason_and_the_draft_says_that_it_was_not_sent(
    page_at: Callable[..., Page], application: Application, travelling: time_machine.Traveller, look: Look
) -> None:
    travelling.move_to(DEADLINE - timedelta(minutes=1))
    page = reading(page_at(1280), application)
    travelling.move_to(AFTER)
    press(page, "Invia la domanda")
    said = page.locator("[data-said]")
    expect(said).to_contain_text("La domanda non è inviata.")
    expect(said).to_contain_text("Il termine è scaduto: la domanda non si può più inviare.")
    look(page, "too late")
    said.get_by_role("link", name="Rileggi la domanda").click()
    expect(page.get_by_role("heading", name="Domanda non inviata")).to_be_visible()
    assert sendings(application) == []
    event = Event.objects.get(kind="submit")
    assert (event.outcome, event.arrived_at > DEADLINE) == ("refused", True)
