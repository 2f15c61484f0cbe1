"""With the keyboard alone: a section and a sheet of marks are filled, corrected and saved, and one always sees where one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import time_machine
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from applications.models import SectionDraft
from evaluation.actions import declare
from evaluation.models import Sheet
from tests.builders import WORKDAY, draft_application, person
from tests.journeys.steps import sign_in
from tests.road import APPOINTED, MARKED, appointed

FOCUS = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const ringed = [here, ...(here.labels || [])].some(element => {  // the ring of a radio button goes round its label
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  const inside = box.width > 4 && box.height > 4 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name: here.name || here.textContent.trim().slice(0, 40), seen: here === document.body || (ringed && inside)};
}"""


def tab_to(page: Page, target: Locator, *, limit: int = 80) -> None:
    """Press Tab until ``target`` has the focus; at every stop on the way the focus is to be seen."""
    wanted = target.element_handle()
    for _stop in range(limit):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        assert here["seen"], f"the focus is lost on «{here['name']}»"
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            return
    raise AssertionError(f"{limit} stops do not lead to {target}")


def focused(page: Page) -> Locator:
    return page.locator("*:focus")


def test_a_section_is_filled_and_corrected_with_the_keyboard(page_at: Callable[..., Page], live_server) -> None:
    anna = person(name="Anna Bianchi")
    application = draft_application(by=anna)
    with time_machine.travel(WORKDAY, tick=True):
        page = page_at(1280)
        sign_in(page, anna)
        page.goto(reverse("application_section", args=[application.pk, "gruppo-di-lavoro"]))
        page.keyboard.press("Tab")
        expect(focused(page)).to_have_text("Vai al contenuto")
        page.keyboard.press("Enter")
        expect(focused(page)).to_have_id("main")
        save = page.get_by_role("button", name="Salva e continua")
        tab_to(page, save)
        page.keyboard.press("Enter")

        summary = page.locator(".bando-summary")
        expect(summary).to_be_focused()
        expect(summary.locator("h2")).to_have_text("Ci sono 3 cose da correggere")
        tab_to(page, summary.get_by_role("link").first, limit=1)
        page.keyboard.press("Enter")
        expect(page.locator('[name="persone"]')).to_be_focused()
        page.keyboard.type("Una coordinatrice, 20 ore alla settimana.")
        tab_to(page, page.locator('[name="numero-di-persone"]'))
        page.keyboard.type("4")
        tab_to(page, page.locator('[name="coordinamento"]').first)
        page.keyboard.press("Space")
        tab_to(page, page.get_by_role("button", name="Salva e continua"))
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Monitoraggio e impatto")
    draft = SectionDraft.objects.get()
    assert (draft.section, draft.problems) == ("gruppo-di-lavoro", {})
    assert draft.answers == {
        "persone": "Una coordinatrice, 20 ore alla settimana.",
        "numero-di-persone": "4",
        "coordinamento": "yes",
        "volontari": "",
    }


def test_a_sheet_of_marks_is_filled_with_the_keyboard(page_at: Callable[..., Page], live_server) -> None:
    road = appointed()
    member = road.commission.members.all()[1]
    grid = road.call.notice.grid_for("area-1")
    declare(member, road.application, in_conflict=False, at=APPOINTED + timedelta(days=1))
    sheet = Sheet.objects.get()
    with time_machine.travel(MARKED, tick=True):
        page = page_at(1280)
        sign_in(page, member.user)
        page.goto(reverse("sheet", args=[sheet.pk]))
        for index, criterion in enumerate(grid.criteria):
            tab_to(page, page.locator(f'[name="level-{index}"]').first)
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")  # from the first level to the second
            tab_to(page, page.locator(f'[name="reason-{index}"]'))
            page.keyboard.type(f"Visto: {criterion.letter}")
        tab_to(page, page.get_by_role("button", name="Concludi la scheda"))
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
    sheet.refresh_from_db()
    assert sheet.state == "final"
    marks = {(mark.criterion, mark.value, mark.reason) for mark in sheet.marks.all()}
    assert marks == {(c.code, Decimal("0.8"), f"Visto: {c.letter}") for c in grid.criteria}
