"""Every component at once, in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from bando.gallery import samples

STATIC = Path(settings.BASE_DIR) / "static"
ADDRESS = "http://gallery.test/"
POLICY = "default-src 'none'; " + "; ".join(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect"))


@pytest.fixture(scope="module")
def gallery() -> str:
    with translation.override("it"):
        context = {"administration": settings.ADMINISTRATION, "demonstration": True, "has_errors": True, **samples()}
        return render_to_string("components/gallery.html", context)


def opened(chromium: Browser, html: str, width: int, complaints: list[str], *, javascript: bool = True) -> Page:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.startswith("static/"):
            route.fulfill(path=STATIC / path.removeprefix("static/"))
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})

    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="it-IT")
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.route("**/*", answer)
    page.goto(ADDRESS)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_gallery_is_accessible_fits_the_screen_and_obeys_the_policy(
    chromium: Browser, gallery: str, axe_clean: Callable[[Page], None], width: int
):
    complaints: list[str] = []
    page = opened(chromium, gallery, width, complaints)
    assert (page.evaluate("document.documentElement.scrollWidth"), complaints) == (width, [])
    assert page.title() == "Errore: Componenti – Bando"
    axe_clean(page)
    page.context.close()


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_every_stop_of_the_tab_key_is_seen(chromium: Browser, gallery: str, width: int):
    # The library's stepper keeps links that are clipped to one pixel: axe does not find those.
    page = opened(chromium, gallery, width, [], javascript=False)
    unseen, stops = [], 0
    for _press in range(300):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const focused = document.activeElement
            if (focused === document.body) return null
            const shown = focused.matches('.form-check input') ? focused.nextElementSibling : focused
            const box = shown.getBoundingClientRect()
            const ringed = getComputedStyle(shown).boxShadow.includes('rgb(0, 0, 0)')
            return [focused.outerHTML.slice(0, 100), ringed && box.width > 20 && box.height > 20 && box.right <= innerWidth + 1] }"""
        )
        if stop is None:
            break
        stops += 1
        if not stop[1]:
            unseen.append(stop[0])
    page.context.close()
    assert unseen == []
    assert stops > 80


def test_what_a_finger_touches_is_44_pixels_high(chromium: Browser, gallery: str):
    page = opened(chromium, gallery, 360, [])
    found = page.evaluate(
        """() => [...document.querySelectorAll(
            '.btn, button, summary, .form-control, .form-select, .form-check label, .bando-nav a, .bando-pages a, footer a')]
        .filter((element) => element.checkVisibility())
        .map((element) => [element.getBoundingClientRect().height, element.outerHTML.slice(0, 100)])"""
    )
    page.context.close()
    assert [(height, html) for height, html in found if height < 44] == []
    assert len(found) > 60
