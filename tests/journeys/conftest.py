"""What the journeys share: a look at each page that they pass."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

WIDTHS = (360, 1280)
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth <= width) return found;
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.right > width + 1) found.push(`${element.tagName}.${element.className} ends at ${Math.round(box.right)}`);
  }
  return found.length ? found.slice(0, 8) : ["something invisible"];
}"""

Look = Callable[..., None]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways: the first elements that end right of it, once its style is there."""
    page.wait_for_load_state()
    return page.evaluate(TOO_WIDE)


@pytest.fixture
def look(axe_clean: Callable[[Page], None]) -> Look:
    """``look(page)``: at 360 and at 1280 px axe finds nothing, nothing makes the page scroll sideways, the page has one h1.

    A page looks the same the second time: it is looked at once by route and ``state``, and again when it shows errors.
    """
    seen = set()

    def look(page: Page, state: str = "") -> None:
        page.wait_for_load_state()  # the whole of it, with its style
        here = (_route(page), state, page.locator(".bando-summary").count())
        if here in seen:
            return
        seen.add(here)
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            axe_clean(page)
            assert (page.url, width, too_wide(page)) == (page.url, width, [])
        page.set_viewport_size(before)
        assert (page.url, page.locator("h1").count()) == (page.url, 1)

    return look


def _route(page: Page) -> str:
    try:
        return resolve(urlsplit(page.url).path).url_name
    except Resolver404:
        return "404"
