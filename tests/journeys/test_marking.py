"""A commissioner fills a sheet with the keyboard alone, loses the network and the page, and loses nothing (acceptance T11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from bando.notice.grid import Grid
from evaluation.actions import declare
from evaluation.models import Sheet
from tests.builders_evaluation import MARKED_AT, admitted, commission, mark, marking, sheet_of, small_call
from tests.journeys.conftest import Look
from tests.journeys.steps import sign_in
from tests.journeys.test_keyboard import tab_to
from tests.road import APPOINTED, MARKED, appointed

SAVED = re.compile(r"Bozza salvata alle \d\d:\d\d\.")


@pytest.fixture
def eight(db, live_server) -> Iterator[Sheet]:
    """The sheet of a member on a proposal of the real call, which has eight criteria or more."""
    road = appointed()
    member = road.commission.members.all()[1]
    with time_machine.travel(MARKED, tick=True):
        declare(member, road.application, in_conflict=False, at=APPOINTED + timedelta(days=1))
        yield Sheet.objects.with_call().get()


def grid_of(sheet: Sheet) -> Grid:
    return sheet.application.call.notice.grid_for(sheet.application.area_code)


def opened(page: Page, sheet: Sheet) -> Page:
    sign_in(page, sheet.member.user)
    page.goto(reverse("sheet", args=[sheet.pk]))
    return page


def said(page: Page) -> object:
    return page.locator("[data-saving-status]")


def waiting(page: Page) -> int:
    """How many criteria the device keeps because nobody has acknowledged them."""
    return page.evaluate("() => Object.keys(localStorage).filter((name) => name.startsWith('bando:')).length")


def stored(sheet: Sheet) -> dict[str, tuple[int | None, str]]:
    return {mark.criterion: (mark.units, mark.reason) for mark in sheet.marks.all()}


def give(page: Page, reason: str) -> None:
    """From the criterion one has come to: the second level, then why."""
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type(reason)


def test_eight_criteria_with_the_keyboard_alone_and_the_lid_closed_in_the_middle(
    page_at: Callable[..., Page], eight: Sheet, look: Look
) -> None:
    criteria = grid_of(eight).criteria
    page = opened(page_at(1280), eight)
    look(page, "untouched")
    for criterion in criteria[:3]:
        page.keyboard.press("Alt+ArrowDown")
        give(page, f"Visto: {criterion.letter}")
    expect(said(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    page.keyboard.press("Alt+ArrowDown")
    give(page, f"Visto: {criteria[3].letter}")
    expect(said(page)).to_contain_text("Sei senza rete. Continua a scrivere")
    expect(page.locator("#bando-status")).to_contain_text("Sei senza rete")
    look(page, "without a network")
    assert (criteria[3].code in stored(eight), waiting(page)) == (False, 1)
    context = page.context
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(reverse("sheet", args=[eight.pk]))
    expect(page.locator('[name="reason-3"]')).to_have_value(f"Visto: {criteria[3].letter}")
    expect(said(page)).to_have_text(SAVED)
    assert (stored(eight)[criteria[3].code], waiting(page)) == ((8000, f"Visto: {criteria[3].letter}"), 0)
    page.goto(f"{reverse('sheet', args=[eight.pk])}#c-3")
    for criterion in criteria[4:]:
        page.keyboard.press("Alt+ArrowDown")
        give(page, f"Visto: {criterion.letter}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
    eight.refresh_from_db()
    assert eight.state == "final"
    assert {(m.criterion, m.value, m.reason) for m in eight.marks.all()} == {
        (c.code, Decimal("0.8"), f"Visto: {c.letter}") for c in criteria
    }


@pytest.fixture
def sheet(db, live_server) -> Iterator[Sheet]:
    with time_machine.travel(MARKED_AT, tick=True):
        call = small_call()
        yield sheet_of(marking(commission(call))[0], admitted(call, name="Coop Alfa", title="Casa aperta"))


def test_the_total_and_the_signs_follow_what_is_saved_and_nothing_is_sent_while_nothing_changes(
    page_at: Callable[..., Page], sheet: Sheet
) -> None:
    page = opened(page_at(1280), sheet)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator('[name="reason-0"]').focus()
    page.keyboard.press("Tab")
    page.wait_for_timeout(2500)
    assert sent == []
    page.locator("#c-0").get_by_label("Buono").check()
    expect(page.locator("[data-total]")).to_have_text("16 su 100")
    expect(page.locator("#c-0 [data-points]")).to_have_text("= 16 punti")
    expect(page.locator('[data-pill="a1"] [data-done]').first).to_be_hidden()
    page.locator('[name="reason-0"]').fill("Chiaro.")
    expect(page.locator('[data-pill="a1"] [data-done]').first).to_be_visible()
    expect(page.locator("[data-progress]")).to_have_text("Criteri fatti: 1 su 3.")
    assert stored(sheet) == {"a1": (8000, "Chiaro.")}


def test_two_tabs_of_one_person_never_write_over_each_other(page_at: Callable[..., Page], sheet: Sheet, look: Look) -> None:
    one = opened(page_at(1280), sheet)
    other = one.context.new_page()
    other.goto(reverse("sheet", args=[sheet.pk]))
    one.locator('[name="reason-0"]').fill("Dalla prima.")
    expect(said(one)).to_have_text(SAVED)
    other.locator('[name="reason-0"]').fill("Dalla seconda.")
    other.locator('[name="reason-1"]').fill("Azioni chiare.")
    both = other.locator(".bando-both")
    expect(both).to_contain_text("Dalla prima.")
    expect(both).to_contain_text("Dalla seconda.")
    look(other, "two texts")
    assert stored(sheet) == {"a1": (None, "Dalla prima."), "b1": (None, "Azioni chiare.")}
    both.get_by_role("button", name="Tieni la tua versione").click()
    expect(said(other)).to_have_text(SAVED)
    assert stored(sheet)["a1"] == (None, "Dalla seconda.")
    assert [edit.reason for edit in sheet.edits.filter(criterion="a1")] == ["Dalla prima."]


def test_a_session_that_ends_costs_no_mark(page_at: Callable[..., Page], sheet: Sheet) -> None:
    page = opened(page_at(1280), sheet)
    page.context.clear_cookies(name="sessionid")
    page.locator("#c-0").get_by_label("Ottimo").check()
    expect(said(page)).to_have_text("La sessione è finita. Il testo non è perso: accedi di nuovo e riprendi da qui.")
    assert (stored(sheet), waiting(page)) == ({}, 1)
    again = page.context.new_page()
    sign_in(again, sheet.member.user)
    page.bring_to_front()
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(said(page)).to_have_text(SAVED)
    assert stored(sheet) == {"a1": (10_000, "")}


def test_choosing_a_criterion_brings_the_proposal_to_its_answer_and_small_screens_change_pane(
    page_at: Callable[..., Page], sheet: Sheet, look: Look
) -> None:
    page = opened(page_at(1280), sheet)
    page.locator("#c-2").get_by_role("radio").first.focus()
    expect(page.locator("#r-proposta-squadra")).to_have_class(re.compile("is-pointed"))
    expect(page.locator("#r-proposta-squadra")).to_be_in_viewport()
    expect(page.locator("#c-2")).to_have_class(re.compile("is-current"))
    expect(page.locator('[data-pill="c1"]')).to_have_attribute("aria-current", "true")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("#proposta")).to_be_hidden()
    page.locator("#c-1 [data-place]").click()
    expect(page.locator("#r-proposta-azioni")).to_be_in_viewport()
    expect(page.locator("#punteggio")).to_be_hidden()
    page.get_by_role("link", name="B.1 Azioni").click()
    expect(page.locator("#c-1")).to_be_in_viewport()
    page.reload()
    expect(page.locator("#c-1")).to_be_in_viewport()
    look(page, "small")


def test_the_choices_of_the_page_are_remembered_and_the_keys_can_be_put_out(page_at: Callable[..., Page], sheet: Sheet) -> None:
    page = opened(page_at(1280), sheet)
    page.get_by_text("Vista e tasti").click()
    page.get_by_label("40%").check()
    page.get_by_label("Mostra un criterio alla volta").check()
    page.get_by_label("Usa i tasti qui sotto").uncheck()
    page.reload()
    expect(page.locator("[data-desk]")).to_have_class(re.compile("is-40"))
    expect(page.locator(".bando-criterion:visible")).to_have_count(1)
    page.locator("#c-0").get_by_role("radio").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#c-0")).to_be_visible()
    page.get_by_text("Vista e tasti").click()
    page.get_by_label("Usa i tasti qui sotto").check()
    page.locator("#c-0").get_by_role("radio").first.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#c-1")).to_be_visible()
    expect(page.locator("#c-0")).to_be_hidden()


def test_the_history_and_the_review_are_clean_and_bring_a_sheet_back(
    page_at: Callable[..., Page], sheet: Sheet, look: Look
) -> None:
    call = sheet.application.call
    mark(sheet.member, sheet.application, ["buono"] * 3, finish=False)
    mark(sheet.member, admitted(call, name="Coop Beta", title="Piazza viva"), ["ottimo"] * 3, finish=False)
    page = opened(page_at(1280), sheet)
    page.locator("#c-0").get_by_label("Scarso").check()
    expect(said(page)).to_have_text(SAVED)
    page.get_by_role("link", name="Storia della scheda").click()
    look(page)
    page.get_by_role("button", name="Rimetti com'era").last.click()
    expect(page.locator("main")).to_contain_text("La scheda è tornata com'era.")
    assert stored(sheet)["a1"] == (8000, "Motivo di a1")
    page.goto(reverse("sheets", args=[call.slug]))
    look(page)
    page.get_by_role("link", name="Rivedi per criterio").click()
    look(page)
    page.get_by_role("link", name="Cambia qui il punteggio di Coop Beta").click()
    look(page, "changing")
    tab_to(page, page.locator('[name="reason-0"]'))
    page.keyboard.press("Control+A")
    page.keyboard.type("Riletto accanto agli altri.")
    page.get_by_role("button", name="Salva il punteggio").click()
    expect(page.locator("main")).to_contain_text("Punteggio salvato.")
    expect(page.locator("main")).to_contain_text("Riletto accanto agli altri.")
