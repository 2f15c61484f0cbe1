"""A citizen asks for a service with the keyboard alone; an operator writes a request for somebody who is there; both go their way:
taken in charge, moved, quoted, accepted, answered, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from network.models import Request, Space
from network.request_erasure import warn
from network.request_keys import key_of
from network.states import SpaceState
from tests.builders import official
from tests.builders_request import CITIZEN, NEED, NOW, desk
from tests.history import history
from tests.journeys.conftest import Look
from tests.journeys.steps import press, sign_in, type_in
from tests.journeys.test_keyboard import tab_to

DAY = timedelta(days=1)
Open = Callable[..., Page]
pytestmark = pytest.mark.usefixtures("live_server")


def type_at(page: Page, name: str, words: str) -> None:
    tab_to(page, page.locator(f'[name="{name}"]'))
    page.keyboard.type(words)


def press_at(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name, exact=True)


def test_a_request_goes_from_the_telephone_of_a_citizen_to_the_end(page_at: Open, look: Look, live_server, settings) -> None:
    settings.SITE_URL = live_server.url
    cache.clear()
    made = desk()
    other = Space.objects.create(slug="altro", name="Spazio Altro", municipio=9, state=SpaceState.OPEN)
    with time_machine.travel(NOW, tick=True) as clock:
        citizen = page_at(360)
        citizen.goto(reverse("request_new") + f"?servizio={made.service.slug}&spazio={made.space.slug}")
        look(citizen)
        citizen.goto(citizen.url)
        clock.shift(60)
        for name in ("name", "phone", "email", "need"):
            type_at(citizen, name, {**CITIZEN, "need": NEED}[name])
        press_at(citizen, button(citizen, "Invia la richiesta"))
        expect(citizen.locator("h1")).to_have_text("Richiesta R-2022-000001")
        look(citizen, "received")
        asked = Request.objects.get()

        operator = page_at(1280)
        sign_in(operator, made.operator)
        operator.goto(reverse("requests"))
        look(operator)
        operator.goto(reverse("request", args=[asked.pk]))
        press(operator, "Prendi in carico")
        look(operator, "taken")
        operator.locator("summary", has_text="Sposta").click()
        look(operator, "moving")
        type_in(operator, {"move-space": str(other.pk), "move-reason": "Abita vicino all'altro."})
        press(operator, "Sposta la richiesta")
        expect(operator.locator("main")).to_contain_text("Da oggi la richiesta la segue Spazio Altro.")
        operator.goto(reverse("request", args=[asked.pk]))
        expect(operator.locator("h1")).to_have_text("Non troviamo questa pagina")

        office = page_at(1280)
        sign_in(office, made.office)
        office.goto(reverse("request", args=[asked.pk]))
        press(office, "Prendi in carico")
        type_in(office, {"organisation": str(made.answering.pk)})
        press(office, "Passa la richiesta")
        expect(office.locator("main")).to_contain_text("La richiesta è passata a")
        look(office, "routed")

        body = page_at(360)
        sign_in(body, made.answerer)
        body.goto(reverse("quote_new", args=[asked.pk]))
        look(body)
        type_in(body, {"amount_cents": "150", "text": "Dieci ore", "valid_until": "2022-05-17"})
        press(body, "Invia il preventivo")
        type_in(body, {"kind": "answer", "text": "Veniamo lunedì alle nove."})
        press(body, "Scrivi")
        look(body, "answered")

        citizen.reload()
        look(citizen, "quoted")
        expect(citizen.locator("main")).to_contain_text("Da oggi la tua richiesta la segue Spazio Altro.")
        press_at(citizen, button(citizen, "Accetto il preventivo"))
        expect(citizen.locator("main")).to_contain_text("Hai accettato il preventivo.")
        look(citizen, "accepted")

        body.goto(reverse("quote", args=[asked.quotes.get().pk]))
        look(body, "accepted")
        office.reload()
        type_in(office, {"outcome": "started"})
        press(office, "Chiudi la richiesta")
        expect(office.locator("main")).to_contain_text("La richiesta è chiusa.")
        look(office, "closed")
        office.goto(reverse("desk_request_times"))
        look(office)
        citizen.reload()
        expect(citizen.locator("main")).to_contain_text("Il servizio è partito")
        look(citizen, "closed")
    assert history(asked) == ["receive", "take", "move", "take", "route", "answer", "close"]
    assert history(asked.quotes.get()) == ["offer", "accept"]


def test_who_is_at_a_spazio_asks_there_and_says_later_that_it_is_still_needed(page_at: Open, look: Look) -> None:
    cache.clear()
    made = desk()
    with time_machine.travel(NOW, tick=True) as clock:
        operator = page_at(1280)
        sign_in(operator, made.operator)
        operator.goto(reverse("request_enter"))
        look(operator)
        type_in(operator, {**CITIZEN, "need": NEED, "space": str(made.space.pk)})
        press(operator, "Salva la richiesta")
        expect(operator.locator("main")).to_contain_text("La richiesta R-2022-000001 è scritta.")
        asked = Request.objects.get()
        operator.goto(reverse("request_slip", args=[asked.pk]))
        look(operator)

        clock.shift(181 * DAY)
        warn(NOW + 181 * DAY)
        citizen = page_at(360)
        citizen.goto(reverse("request_follow", args=[asked.number, key_of(asked)]))
        look(citizen, "warned")
        press_at(citizen, button(citizen, "Mi serve ancora"))
        expect(citizen.locator("main")).to_contain_text("la tua richiesta resta aperta")
        press_at(citizen, button(citizen, "Ritira la richiesta"))
        expect(citizen.locator("main")).to_contain_text("La richiesta è ritirata.")
        look(citizen, "withdrawn")
        citizen.goto(reverse("privacy"))
        look(citizen)
        office = page_at(1280)
        sign_in(office, official())
        office.goto(reverse("request", args=[asked.pk]))
        look(office, "withdrawn")
    assert history(asked) == ["enter", "warn", "keep", "withdraw"]
