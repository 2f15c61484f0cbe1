"""An earlier application is looked at, part of it is taken, and the data of the body fill a question, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.progress import drafts_of
from tests.applications.asking import asking_call
from tests.applications.test_copying import COSTI, ENTE, LUOGO, PROFILED, another_call, write
from tests.builders import PASSWORD, WORKDAY, body, draft_application, person
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [360, 1280])
def test_what_was_written_once_is_not_written_twice(page_at: Callable[..., Page], axe_clean, live_server, width: int) -> None:
    carla = person(name="Carla Neri")
    alfa = body("Coop Alfa", by=carla)
    with time_machine.travel(WORKDAY, tick=True):
        earlier = draft_application(asking_call(), "uno", by=carla, organisation=alfa)
        for section, typed in (("ente", ENTE), ("luogo", LUOGO), ("costi", COSTI)):
            write(earlier, section, typed)
        application = draft_application(another_call(*PROFILED), "uno", by=carla, organisation=alfa)
        write(application, "luogo", {"idea": "Già scritta."})
        page = page_at(width)
        sign_in(page, carla, PASSWORD)
        page.goto(reverse("application", args=[application.pk]))
        page.get_by_role("link", name="Copia da una domanda precedente").click()
        axe_clean(page)
        page.get_by_role("link", name="Guarda che cosa si può copiare").click()
        expect(page.get_by_label("Idea", exact=True)).not_to_be_checked()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe_clean(page)
        page.get_by_label("Forma", exact=True).uncheck()
        page.get_by_role("button", name="Copia quello che è segnato").click()
        expect(page.locator("h1")).to_have_text("La tua domanda")
        kept = {code: draft.answers for code, draft in drafts_of(application).items()}
        assert (kept["luogo"]["idea"], kept["ente"]["nome"], "forma" in kept["ente"]) == ("Già scritta.", "Alfa", False)
        page.goto(reverse("application_section", args=[application.pk, "ente"]))
        page.get_by_role("button", name="Usa i dati dell'ente: Coop Alfa").click()
        expect(page.get_by_text("Qui c'è già una risposta. Vuoi sostituirla?")).to_be_visible()
        axe_clean(page)
        page.get_by_role("button", name="Sostituisci con i dati dell'ente").click()
        expect(page.get_by_label("Nome", exact=True)).to_have_value("Coop Alfa")
