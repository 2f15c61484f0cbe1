"""A citizen looks for a Spazio: with the eye, with the keyboard alone, and as a screen reader is told the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from bando.deadlines import rome
from network.example_spaces import load_example_spaces
from network.models import Space
from tests.journeys.conftest import Look
from tests.journeys.steps import press, type_in
from tests.journeys.test_keyboard import focused, tab_to

MONDAY = rome(2022, 5, 2, 10)
POINTS = {"wemi-capuana": ("45.5137", "9.1377"), "wemi-rizzoli": ("45.4983", "9.2520"), "wemi-savona": ("45.4541", "9.1619")}
pytestmark = pytest.mark.usefixtures("live_server")


def twenty() -> None:
    """The examples, three of them with a point and open this morning."""
    load_example_spaces()
    for slug, (latitude, longitude) in POINTS.items():
        Space.objects.filter(slug=slug).update(
            latitude=Decimal(latitude),
            longitude=Decimal(longitude),
            step_free=True,
            functions=["listening"],
            languages=["it"],
            phone="02 0000 0001",
            hours=[{"day": 1, "opens": "09:00", "closes": "13:00"}],
            exceptions=[{"first": "2022-05-09", "last": "2022-05-10", "hours": [], "why": "Trasloco"}],
        )


def results(page: Page) -> list[str]:
    return page.locator(".bando-places h3 a").all_text_contents()


def test_the_pages_of_the_directory_are_accessible(page_at: Callable[..., Page], look: Look) -> None:
    twenty()
    Space.objects.filter(slug="wemi-ornato").update(state="closed")
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(1280)
        page.goto(reverse("spaces"))
        expect(page.locator("#results")).to_have_text("19 Spazi")
        look(page)
        type_in(page, {"near": "Quarto Oggiaro", "now": "on"})
        press(page, "Cerca")
        assert results(page) == ["Spazio WeMi Capuana", "Spazio WeMi Savona", "Spazio WeMi Rizzoli"]
        look(page, "near")
        page.goto(f"{reverse('spaces')}?near=Atlantide&municipio=1&now=on")
        expect(page.locator("main")).to_contain_text("Nessuno Spazio con questi filtri")
        look(page, "empty")
        page.get_by_role("link", name=re.compile("Togli: Municipio 1")).click()
        expect(page.locator("#results")).to_have_text("3 Spazi")
        for slug in ("wemi-capuana", "wemi-loreto", "wemi-ornato"):
            page.goto(reverse("space", args=[slug]))
            look(page, slug)
        page.goto(reverse("spaces_data"))
        look(page)


def test_the_list_works_without_javascript(page_at: Callable[..., Page]) -> None:
    twenty()
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(360, javascript=False)
        page.goto(reverse("spaces"))
        expect(page.get_by_role("button", name="Usa la mia posizione")).to_be_hidden()
        type_in(page, {"near": "corso Buenos Aires 10", "step_free": "on"})
        press(page, "Cerca")
        assert results(page)[0] == "Spazio WeMi Rizzoli"
        page.locator(".bando-map").get_by_role("link", name=re.compile("^Municipio 8")).click()
        assert results(page) == ["Spazio WeMi Capuana"]
        assert "near=corso+Buenos+Aires+10" in page.url


def test_a_spazio_is_reached_through_the_map_with_the_keyboard(page_at: Callable[..., Page]) -> None:
    twenty()
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(1280)
        page.goto(reverse("spaces"))
        tab_to(page, page.locator('[name="near"]'))
        page.keyboard.type("Famagosta")
        tab_to(page, page.locator('[name="now"]'))
        page.keyboard.press("Space")
        tab_to(page, page.locator("main").get_by_role("button", name="Cerca"))
        page.keyboard.press("Enter")
        expect(page.locator("#results")).to_have_text("3 Spazi")

        tab_to(page, page.get_by_role("link", name="Salta la mappa"))
        tab_to(page, page.get_by_role("link", name=re.compile("^Municipio 1,")), limit=1)
        mark = page.locator(".bando-map").get_by_role("link", name=re.compile("^Spazio WeMi Savona"))
        tab_to(page, mark)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Spazio WeMi Savona")


def test_the_map_can_be_skipped(page_at: Callable[..., Page]) -> None:
    twenty()
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(360)
        page.goto(reverse("spaces"))
        page.get_by_role("link", name="Salta la mappa").focus()
        expect(focused(page)).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(focused(page)).to_have_id("after-map")


def test_a_screen_reader_is_told_the_map_as_two_lists(page_at: Callable[..., Page]) -> None:
    twenty()
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(1280)
        page.goto(reverse("spaces"))
        told = lists(page)
    municipi = told["Municipi"]
    assert [name.split(",")[0] for name in municipi] == [f"Municipio {n}" for n in range(1, 10)]
    assert municipi[7] == "Municipio 8, 2 Spazi"
    assert told["Spazi sulla mappa"] == [
        "Spazio WeMi Capuana, Municipio 8, aperto ora, chiude alle 13:00",
        "Spazio WeMi Rizzoli, Municipio 3, aperto ora, chiude alle 13:00",
        "Spazio WeMi Savona, Municipio 6, aperto ora, chiude alle 13:00",
    ]


def test_the_position_stays_coarse_and_is_sent_by_the_search_alone(page_at: Callable[..., Page]) -> None:
    twenty()
    with time_machine.travel(MONDAY, tick=True):
        page = page_at(360, geolocation={"latitude": 45.4983456, "longitude": 9.2520789}, permissions=["geolocation"])
        page.goto(reverse("spaces"))
        asked = []
        page.on("request", lambda request: "/static/" in request.url or asked.append(request.url))  # the icon comes late
        page.locator('[name="near"]').fill("Duomo")
        press(page, "Usa la mia posizione")
        expect(page.locator("[data-near] [role=status]")).to_contain_text("arrotondata a circa 100 metri")
        values = [page.locator(f'[name="{name}"]').input_value() for name in ("lat", "lon", "near")]
        assert (values, asked) == (["45.498", "9.252", ""], [])
        press(page, "Cerca")
        expect(page.locator("main")).to_contain_text("Prima i più vicini alla tua posizione")
        assert results(page)[0] == "Spazio WeMi Rizzoli"


def lists(page: Page) -> dict[str, list[str]]:
    """The named lists of the accessibility tree of Chromium inside the map, with the names of the links in their items."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def role(node: dict[str, Any]) -> str:
        return node["role"]["value"]

    def name(node: dict[str, Any]) -> str:
        return node.get("name", {}).get("value", "")

    def children(node: dict[str, Any]) -> list[dict[str, Any]]:
        """Those that a screen reader knows: what is ignored passes its own on."""
        found = []
        for child in (by_id[key] for key in node.get("childIds", []) if key in by_id):
            found += children(child) if child["ignored"] else [child]
        return found

    group = next(
        node for node in nodes if not node["ignored"] and role(node) == "group" and name(node) == "Gli Spazi sulla mappa"
    )
    told = {}
    for one in children(group):
        assert role(one) == "list"
        items = children(one)
        assert {role(item) for item in items} == {"listitem"}
        links = [child for item in items for child in children(item)]
        assert {role(link) for link in links} == {"link"}
        told[name(one)] = [name(link) for link in links]
    return told
