"""The sheet of every type as people meet it: at two widths, with the keyboard alone, and without a script."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from evaluation.actions import close_evaluation, compute_ranking
from evaluation.models import Sheet
from tests.builders import official
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    attached,
    call_of_every_type,
    call_of_rows_and_files,
    commission,
    find,
    marking,
    sheet_of,
    stating,
    with_rows,
)
from tests.evaluation.every_type import ALFA, BETA, CODES, FACTS, judged
from tests.journeys.conftest import too_wide
from tests.journeys.steps import sign_in
from tests.journeys.test_keyboard import tab_to


def looked_at(page: Page, axe_clean: Callable[[Page], None]) -> None:
    """At 360 and 1280 px axe finds nothing and nothing makes the page scroll sideways."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        axe_clean(page)
        assert too_wide(page) == []


def opened(page: Page, sheet: Sheet) -> None:
    sign_in(page, sheet.member.user)
    page.goto(reverse("sheet", args=[sheet.pk]))


def test_the_sheet_of_every_type_is_clean_filled_wrong_and_concluded(page_at, axe_clean, live_server) -> None:
    call = call_of_every_type()
    sheet = sheet_of(marking(commission(call))[0], stating(call, name="Coop Alfa", **ALFA))
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(1280)
        opened(page, sheet)
        looked_at(page, axe_clean)
        page.locator('[name="level-2"]').fill("10,5")
        page.get_by_role("button", name="Concludi la scheda").click()
        expect(page.locator(".bando-summary")).to_contain_text("Il massimo è 10. Hai scritto 10,5.")
        looked_at(page, axe_clean)
        find(sheet.member, sheet.application, judged("Coop Alfa", 0))
        page.goto(reverse("sheet", args=[sheet.pk]))
        looked_at(page, axe_clean)


def test_rows_and_files_stand_beside_their_criteria_at_every_width(page_at, axe_clean, live_server) -> None:
    call = call_of_rows_and_files()
    proposal = with_rows(call, name="Coop Alfa")
    attached(proposal, "patto-di-collaborazione-firmato-da-tutte-le-associazioni-del-quartiere.pdf", rule="azioni")
    sheet = sheet_of(marking(commission(call))[0], proposal)
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(1280)
        opened(page, sheet)
        expect(page.locator("#r-proposta-squadra table")).to_contain_text("Segue lo sportello.")
        looked_at(page, axe_clean)
        with page.expect_download() as downloaded:
            page.locator("#r-proposta-azioni a.bando-file").click()
    assert downloaded.value.suggested_filename.startswith("patto-di-collaborazione")


def test_the_sheet_is_filled_with_the_keyboard_alone_and_facts_stand_ready(page_at, live_server) -> None:
    call = call_of_every_type()
    sheet = sheet_of(marking(commission(call))[0], stating(call, name="Coop Alfa", **ALFA))
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(1280)
        opened(page, sheet)
        for code in ("q1", "q2", "q3"):
            index = CODES.index(code)
            tab_to(page, page.locator(f'[name="level-{index}"]').first)
            if code == "q3":
                page.keyboard.type("8,5")
            else:
                page.keyboard.press("Space")
                page.keyboard.press("ArrowDown")
            tab_to(page, page.locator(f'[name="reason-{index}"]'))
            page.keyboard.type(f"Visto {code}.")
        tab_to(page, page.locator(f'[name="level-{CODES.index("r1")}"]'))
        page.keyboard.press("Control+A")
        page.keyboard.type("2")
        tab_to(page, page.locator(f'[name="reason-{CODES.index("r1")}"]'))
        page.keyboard.type("Uno è scaduto.")
        tab_to(page, page.get_by_role("button", name="Concludi la scheda"))
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
    assert dict(sheet.marks.values_list("criterion", "units")) == {
        "q1": 8_000,
        "q2": 80_000,
        "q3": 85_000,
        **{code: int(Decimal(value) * 10_000) for code, value in FACTS["Coop Alfa"].items()},
        "r1": 20_000,
    }


def test_without_a_script_a_fact_is_confirmed_by_saving_its_criterion(page_at, live_server) -> None:
    call = call_of_every_type()
    sheet = sheet_of(marking(commission(call))[0], stating(call, name="Coop Alfa", **ALFA))
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(1280, javascript=False)
        opened(page, sheet)
        page.get_by_role("button", name="Salva la bozza e resta su Certificazioni").click()
        expect(page.locator("#c-3")).to_contain_text("Punti salvati: = 6 punti")
    assert list(sheet.marks.values_list("criterion", "units")) == [("r1", 30_000)]


def test_the_ranking_of_every_type_is_clean_with_its_numbers_open(page_at, axe_clean, live_server) -> None:
    call, office = call_of_every_type(rescaling="[criterion, total]"), official()
    proposals = [stating(call, name=name, **facts) for name, facts in (("Coop Alfa", ALFA), ("Coop Beta", BETA))]
    for place, member in enumerate(marking(commission(call, by=office))):
        for proposal in proposals:
            find(member, proposal, judged(proposal.organisation.name, place))
    close_evaluation(call, "area-1", by=office, at=RANKED_AT)
    compute_ranking(call, "area-1", by=office, at=RANKED_AT)
    with time_machine.travel(RANKED_AT, tick=True):
        page = page_at(1280)
        sign_in(page, office)
        address = reverse("desk_ranking", args=[call.slug, "area-1"])
        page.goto(address)
        looked_at(page, axe_clean)
        page.goto(f"{address}?passo=preview&domanda={proposals[1].number}")
        looked_at(page, axe_clean)
