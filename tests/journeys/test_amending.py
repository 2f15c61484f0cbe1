"""An official extends a call and rectifies it in a browser; a body reads what changed and confirms; everybody can read it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.amending import draft_in_hand
from applications.models import Application
from bando.models import Call
from tests.builders import WORKDAY, body, draft_application, load_fixture_call, official, person, submitted_application
from tests.builders_amending import rectification
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, pdf, press, sign_in, sign_out, type_in, work

SLUG = "spazi-wemi-2021"


def more(data) -> None:
    """A number and a long text of the first area."""
    data["areas"][0]["places"] += 1
    data["areas"][0]["description"] = data["areas"][0]["description"].replace("20 ", "21 ") + " Apre anche il sabato."


@pytest.mark.django_db(transaction=True)
def test_a_call_is_extended_and_rectified_and_a_body_confirms(page_at: Callable[..., Page], look: Look) -> None:
    office, carla = official(name="Anna Ufficio"), person(name="Carla Referente")
    call = load_fixture_call(by=office)
    sent = submitted_application(call, by=carla, organisation=body("Casa Aperta", by=carla))
    draft = draft_application(call, by=carla, organisation=body("Tavola Lunga", by=carla))
    with time_machine.travel(WORKDAY, tick=True):
        page = page_at(1280)
        sign_in(page, office)
        page.goto(reverse("desk_call", args=[SLUG]))
        look(page)
        follow(page, "Proroga, rettifica, riapri o revoca")
        look(page, "none")
        follow(page, "Proroga la scadenza")
        look(page)
        press(page, "Rileggi prima di pubblicare")
        look(page, "errors")
        type_in(
            page,
            {
                "deadline_day": "25/10/2021",
                "deadline_time": "12:00",
                "act_number": "210/2021",
                "act_date": "11/10/2021",
                "reason": "Lo chiedono in molti.",
            },
        )
        page.locator("input[type=file]").set_input_files(pdf("proroga"))
        press(page, "Rileggi prima di pubblicare")
        look(page, "preview")
        press(page, "Torna a correggere")
        look(page, "kept")
        press(page, "Rileggi prima di pubblicare")
        press(page, "Pubblica la proroga")
        look(page, "one")
        assert [row.act_file.name for row in call.amendments.all()] == ["proroga.pdf"]

        follow(page, "Rettifica l'avviso")
        look(page, "begin")
        press(page, "Comincia la rettifica")
        page.wait_for_url("**/ufficio/bozze/**")
        assert draft_in_hand(call) is not None
        rectification(Call.objects.get(), more, by=office, at=WORKDAY)
        page.goto(reverse("desk_amend", args=[SLUG, "rectification"]))
        look(page, "rectification")
        type_in(page, {"act_number": "230/2021", "act_date": "11/10/2021", "reason": "Un Municipio ne ha chiesto uno in più."})
        press(page, "Rileggi prima di pubblicare")
        expect(page.get_by_text("1 domanda inviata: 1 da confermare")).to_be_visible()
        look(page, "rectification preview")
        press(page, "Pubblica la rettifica")
        expect(page.get_by_text("1 domanda ancora da confermare")).to_be_visible()
        look(page, "two")
        work()
        sign_out(page)

        page.goto(reverse("call", args=[SLUG]))
        look(page, "amended")
        follow(page, "Che cosa cambia, prima e dopo", ": Rettifica n. 2")
        look(page)

        sign_in(page, carla)
        page.goto(reverse("application", args=[draft.pk]))
        look(page, "draft")
        page.goto(reverse("application", args=[sent.pk]))
        expect(page.get_by_role("heading", name="Conferma la domanda")).to_be_visible()
        look(page, "to confirm")
        page.goto(reverse("application_review", args=[sent.pk]))
        look(page, "to confirm")
        press(page, "Conferma e invia di nuovo")
        expect(page.get_by_role("heading", name="Domanda inviata di nuovo")).to_be_visible()
    assert Application.objects.get(pk=sent.pk).current.call_version.number == 3
