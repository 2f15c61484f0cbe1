"""Officials write a call in the browser: a real grid with mouse and keyboard, two people at once, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from bando.drafting import begin, storable
from bando.models import DraftOrigin, NoticeDraft
from bando.notice.parse import parse
from bando.notice_yaml import load_notice
from tests.bando.test_editor_grids import GRIDS, REST, typed
from tests.builders import WORKDAY, load_fixture_call, official
from tests.journeys.conftest import Look, too_wide
from tests.journeys.steps import follow, press, sign_in
from tests.journeys.test_keyboard import tab_to

PORTICI = GRIDS["portici-itia-2018"]


def drafted(by: Any, data: Any = REST) -> NoticeDraft:
    return begin(data, origin=DraftOrigin.FILE, by=by, at=WORKDAY)


def part_url(draft: NoticeDraft, part: str) -> str:
    return reverse("desk_draft_part", args=[draft.pk, part])


def field(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


def do(page: Page, value: str) -> None:
    """Press the button of the form that says this to the server."""
    page.locator(f'button[name="do"][value="{value}"]:not(.visually-hidden)').click()


def choose(page: Page, name: str, value: str) -> None:
    field(page, name).and_(page.locator(f'[value="{value}"]')).check()


def test_a_real_grid_is_written_in_the_browser_and_exported_equal(
    page_at: Callable[..., Page], look: Look, live_server
) -> None:
    anna = official(name="Anna Bianchi")
    with time_machine.travel(WORKDAY, tick=True):
        draft = drafted(anna)
        page = page_at(1280)
        sign_in(page, anna)
        page.goto(reverse("desk"))
        follow(page, "Scrivi un avviso")
        look(page)
        follow(page, "Prova di una griglia")
        look(page)
        follow(page, "Griglie")
        look(page, "empty")
        do(page, "grids:add")
        look(page, "new")
        field(page, "title").fill(PORTICI["title"])
        field(page, "max_points").fill("30")
        page.get_by_label("Nessun criterio ha un coefficiente").check()
        page.get_by_label("L'avviso non arrotonda mai").check()
        do(page, "blocks:add")
        field(page, "blocks-0-title").fill(PORTICI["blocks"][0]["title"])
        field(page, "blocks-0-max_points").fill("20")
        sums = page.locator("[data-sum]").first
        expect(sums).to_have_text("I gruppi sommano: 20 punti su 30. Ne mancano 10.")  # while one types, nothing saved yet
        field(page, "blocks-0-max_points").fill("30")
        expect(sums).to_have_text("I gruppi sommano: 30 punti su 30. Torna.")
        choose(page, "comparison", "exact")
        choose(page, "threshold-is", "no")
        do(page, "save")
        look(page, "with faults")
        do(page, "criteria:add")
        for index, criterion in enumerate(PORTICI["criteria"]):
            write_criterion(page, criterion)
            look(page, criterion["type"])
            do(page, "another" if index + 1 < len(PORTICI["criteria"]) else "next")
        for index, step in enumerate(PORTICI["tie_chain"]):
            do(page, "tie_chain:add")
            field(page, f"tie_chain-{index}-kind").select_option(step["kind"])
            which = field(page, f"tie_chain-{index}-code")
            if "code" in step:
                which.select_option(step["code"])
            else:
                expect(which).to_be_hidden()  # a draw compares nothing
        do(page, "save")
        look(page, "whole")

        page.goto(part_url(draft, "aree/0"))
        field(page, "grid").select_option(label=PORTICI["title"])
        press(page, "Salva e resta qui")
        look(page)
        page.goto(part_url(draft, "domanda/0/0"))
        field(page, "criterion").select_option(PORTICI["criteria"][0]["code"])
        press(page, "Salva e resta qui")
        look(page)
        page.goto(reverse("desk_draft", args=[draft.pk]))
        look(page, "done")
        for name in (
            "desk_draft_history",
            "desk_draft_preview",
            "desk_draft_preview_call",
            "desk_draft_preview_clarifications",
        ):
            page.goto(reverse(name, args=[draft.pk]))
            look(page)
        for route, rest in (
            ("desk_draft_state", [2]),
            ("desk_draft_preview_questions", ["area"]),
            ("desk_draft_preview_hub", ["area"]),
            ("desk_draft_preview_section", ["area", "proposta"]),
            ("desk_draft_preview_attachments", ["area"]),
            ("desk_draft_preview_review", ["area"]),
            ("desk_draft_preview_sheets", []),
            ("desk_draft_preview_sheet", ["area"]),
        ):
            page.goto(reverse(route, args=[draft.pk, *rest]))
            look(page)
        exported = page.request.get(reverse("desk_draft_export", args=[draft.pk])).text()
    wanted = parse(storable({"schema": 1, **REST, "grids": [PORTICI], "areas": [REST["areas"][0] | {"grid": PORTICI["code"]}]}))
    found = load_notice(exported).grids[0]
    assert (found.blocks[0].code, found.code) == ("elementi-di-valutazione", "partenariato-per-itia")  # made from the titles
    for what in ("scale", "max_points", "rounding", "threshold", "composition", "tie_chain", "comparison"):
        assert (what, getattr(found, what)) == (what, getattr(wanted.grids[0], what))
    told = ("code", "letter", "title", "max_points", "type", "levels", "per_unit", "unit")
    assert [[getattr(c, key) for key in told] for c in found.criteria] == [
        [getattr(c, key) for key in told] for c in wanted.grids[0].criteria
    ]


def write_criterion(page: Page, criterion: dict[str, Any]) -> None:
    """With the keyboard alone: the fields that a type of criterion wants are there as soon as it is chosen."""
    tab_to(page, field(page, "letter"), limit=120)
    page.keyboard.type(criterion["letter"])
    tab_to(page, field(page, "title"))
    page.keyboard.type(criterion["title"])
    field(page, "block").select_option(index=1)
    tab_to(page, field(page, "max_points"))
    page.keyboard.type(typed(criterion["max_points"]))
    rows, unit = page.locator("#at-levels"), page.locator("#at-unit")
    field(page, "type").select_option(criterion["type"])
    expect(rows if criterion["type"] == "levels" else unit).to_be_visible()
    expect(unit if criterion["type"] == "levels" else rows).to_be_hidden()
    for index, level in enumerate(criterion.get("levels", [])):
        tab_to(page, page.locator('button[value="levels:add"]'), limit=120)
        page.keyboard.press("Enter")
        page.wait_for_url("**#at-levels-*")
        expect(page.locator(f"#at-levels-{index}")).to_be_in_viewport()
        tab_to(page, field(page, f"levels-{index}-label"), limit=2)  # one goes on where the new line is
        page.keyboard.type(level["label"])
        tab_to(page, field(page, f"levels-{index}-points"))
        page.keyboard.type(typed(level["points"]))
    if criterion["type"] == "count":
        tab_to(page, field(page, "per_unit"))
        page.keyboard.type(typed(criterion["per_unit"]))
        tab_to(page, field(page, "unit"))
        page.keyboard.type(criterion["unit"])


def test_two_officials_write_the_same_field_and_choose(page_at: Callable[..., Page], look: Look, live_server) -> None:
    anna, luca = official(name="Anna Bianchi"), official(name="Luca Verdi")
    with time_machine.travel(WORKDAY, tick=True):
        draft = drafted(anna)
        hers, his = page_at(1280), page_at(1280)
        for page, who in ((hers, anna), (his, luca)):
            sign_in(page, who)
            page.goto(part_url(draft, "aree/0"))
        field(hers, "title").fill("Titolo di Anna")
        field(hers, "places").fill("4")
        field(his, "title").fill("Titolo di Luca")
        his.keyboard.press("Control+s")
        expect(his.locator("main")).to_contain_text("Salvato.")
        press(hers, "Salva e resta qui")
        expect(hers.locator("#conflict-title")).to_contain_text("Luca Verdi ha cambiato gli stessi punti")
        look(hers, "conflict")
        expect(field(hers, "title")).to_have_value("Titolo di Anna")
        press(hers, "Tieni la mia")
        expect(hers.locator("main")).to_contain_text("Salvato.")
    draft.refresh_from_db()
    assert (draft.data["areas"][0]["title"], draft.data["areas"][0]["places"]) == ("Titolo di Anna", 4)


def test_leaving_with_something_unsaved_asks_first(page_at: Callable[..., Page], live_server) -> None:
    anna = official()
    with time_machine.travel(WORKDAY, tick=True):
        draft, page = drafted(anna), page_at(1280)
        sign_in(page, anna)
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(part_url(draft, "aree/0"))
        page.goto(part_url(draft, "calendario"))  # nothing typed: nothing asked
        field(page, "calendar-curing_days").click()
        page.keyboard.type("5")
        page.goto(part_url(draft, "aree/0"))
    assert asked == ["beforeunload"]


def test_a_mouse_duplicates_moves_removes_and_puts_back_what_has_a_page_of_its_own(
    page_at: Callable[..., Page], live_server
) -> None:
    anna = official()
    with time_machine.travel(WORKDAY, tick=True):
        draft, page = drafted(anna), page_at(1280)
        sign_in(page, anna)
        page.goto(part_url(draft, "domanda/0"))
        titles = page.locator("ol.editor-list a")
        do(page, "questions-0:copy")
        expect(page.get_by_role("heading", level=1)).to_have_text("Che cosa volete fare? (copia)")
        follow(page, "Indietro")
        do(page, "questions-1:up")
        expect(titles).to_have_text(["Che cosa volete fare? (copia)", "Che cosa volete fare?"])
        do(page, "questions-1:remove")
        expect(titles).to_have_text(["Che cosa volete fare? (copia)"])
        press(page, "Annulla: rimettilo")
        expect(titles).to_have_text(["Che cosa volete fare? (copia)", "Che cosa volete fare?"])


def test_a_question_is_written_without_javascript_at_320_px(page_at: Callable[..., Page], live_server) -> None:
    anna = official()
    load_fixture_call()
    with time_machine.travel(WORKDAY, tick=True):
        draft, page = drafted(anna), page_at(320, javascript=False)
        sign_in(page, anna)
        page.goto(part_url(draft, "domanda/0"))
        do(page, "questions:add")
        field(page, "label").fill("Come partecipi?")
        field(page, "type").select_option("choice")
        expect(page.locator("#at-choices")).to_be_hidden()
        press(page, "Aggiorna la pagina")
        for index, words in enumerate(("Da solo", "In un gruppo")):
            do(page, "choices:add")
            field(page, f"choices-{index}-label").fill(words)
        do(page, "choices-1:up")
        page.wait_for_load_state()  # the whole of it, with its style
        assert too_wide(page) == []
        press(page, "Salva e continua")
        for part in ("avviso", "calendario", "aree/0", "requisiti", "convenzione", "fonti"):
            page.goto(part_url(draft, part))
            page.wait_for_load_state()
            assert (part, too_wide(page)) == (part, [])
    draft.refresh_from_db()
    assert draft.data["sections"][0]["questions"][1] == {
        "label": "Come partecipi?",
        "type": "choice",
        "code": "come-partecipi",
        "choices": [{"code": "in-un-gruppo", "label": "In un gruppo"}, {"code": "da-solo", "label": "Da solo"}],
    }
