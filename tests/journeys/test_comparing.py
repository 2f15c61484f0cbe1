"""Marking otherwise than with sheets of one's own: pairs compared on a phone with the keyboard, and one sheet of the whole
commission."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application
from bando.models import Call
from evaluation.actions import declare
from evaluation.models import Comparison, Ranking, Sheet
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_pairs,
    call_marked_together,
    commission,
    compare,
    find,
    marking,
    published,
)
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, press, sign_in
from tests.journeys.test_keyboard import tab_to

NAMES = ("Alfa", "Beta", "Gamma")

Open = Callable[..., Page]


def proposed(call: Call) -> list[Application]:
    return [admitted(call, name=f"Coop {name}", title=f"Progetto {name}") for name in NAMES]


def preferred(page: Page, pair: int, degree: str) -> None:
    """The first of a pair, by so much, with the keyboard alone."""
    tab_to(page, page.locator(f"#pair-{pair}").get_by_role("radio").first)
    page.keyboard.press("Space")
    tab_to(page, page.locator(f"#pair-{pair}").get_by_role("combobox"))
    page.keyboard.type(degree)


def finish(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def test_pairs_are_compared_on_a_phone_with_the_keyboard_left_half_way_concluded_and_published(
    page_at: Open, look: Look, live_server
) -> None:
    call = call_in_pairs()
    proposals = proposed(call)
    first, *others = marking(commission(call))
    for member in (first, *others):
        for proposal in proposals:
            find(member, proposal, {"a1": "0.8", "b1": "0.8"})
    for member in others:
        compare(member, proposals, [3, 4, 2])
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(360)
        sign_in(page, first.user)
        follow(page.locator("main"), "Le tue schede")
        follow(page, "C.1 Squadra")
        look(page, "untouched")
        preferred(page, 1, "2")
        finish(page, "Salva i confronti")
        expect(page.locator("main")).to_contain_text("Confronti salvati.")
        context = page.context
        page.close()
        page = context.new_page()
        page.goto(reverse("sheets", args=[call.slug]))
        expect(page.locator("main")).to_contain_text("C.1 Squadra: In corso")
        follow(page, "C.1 Squadra")
        expect(page.locator("main")).to_contain_text("1 di 3 coppie")
        expect(page.locator("#pair-1").get_by_role("radio").first).to_be_checked()
        preferred(page, 2, "6")
        finish(page, "Concludi i confronti")
        expect(page.locator("main")).to_contain_text("Manca 1 coppia su 3.")
        look(page, "a pair is missing")
        preferred(page, 3, "3")
        finish(page, "Concludi i confronti")
        expect(page.locator("main")).to_contain_text("I confronti sono conclusi.")
        expect(page.locator("main")).to_contain_text("C.1 Squadra: Conclusi")
        follow(page, "C.1 Squadra")
        look(page, "concluded")
    table = Comparison.objects.get(member=first)
    assert [(cell.prefers, cell.units) for cell in table.preferences.order_by("first__number", "second__number")] == [
        ("first", 20_000),
        ("first", 60_000),
        ("first", 30_000),
    ]
    published(call)
    with time_machine.travel(RANKED_AT, tick=True):
        page = page_at(360)
        page.goto(reverse("ranking", args=[call.slug, "area-1"]))
        look(page, "from pairs")
        follow(page, "Rifai i conti in questa pagina")
        expect(page.locator("[data-results] .alert-success")).to_contain_text("I conti tornano")
    document = Ranking.objects.get(call=call).document
    assert [(row["body"], row["outcome"]) for row in document["rows"]] == [
        ("Coop Alfa", "selected"),
        ("Coop Beta", "selected"),
        ("Coop Gamma", "below_threshold"),
    ]
    assert document["pairs"]["c1"][0] == _told(proposals, ("2", "6", "3"))


def _told(proposals: Sequence[Application], degrees: Sequence[str]) -> list[list[str]]:
    one, two, three = (proposal.number for proposal in proposals)
    return [[*pair, degree] for pair, degree in zip(((one, two), (one, three), (two, three)), degrees, strict=True)]


def test_the_chair_writes_the_sheet_of_all_and_a_member_in_conflict_finds_nothing_of_it(
    page_at: Open, look: Look, live_server
) -> None:
    call = call_marked_together()
    proposals, seats = proposed(call), marking(commission(call))
    (chair, member, _third), hidden = seats, proposals[-1]
    for proposal in proposals:
        for seat in seats:
            declare(seat, proposal, in_conflict=(seat, proposal) == (member, hidden), note="Ne sono socia.", at=MARKED_AT)
    with time_machine.travel(MARKED_AT, tick=True):
        page = page_at(1280)
        sign_in(page, chair.user)
        page.goto(reverse("sheets", args=[call.slug]))
        follow(page, "Schede della commissione")
        look(page, "to write")
        press(page, "Scrivi la scheda", hidden.organisation.name)
        for index in range(3):
            page.locator(f"#c-{index}").get_by_label("Buono").check()
            page.locator(f'[name="reason-{index}"]').fill("Lo diciamo insieme.")
        look(page, "of all")
        press(page, "Concludi la scheda")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
        page.goto(reverse("collegial", args=[call.slug]))
        expect(page.locator("main")).to_contain_text("1 scheda conclusa su 3")
        look(page, "one written")
        page = page_at(360)
        sign_in(page, member.user)
        page.goto(reverse("collegial", args=[call.slug]))
        expect(page.locator("main")).to_contain_text("0 schede concluse su 2")
        expect(page.locator("main")).not_to_contain_text(hidden.organisation.name)
        expect(page.locator("main")).not_to_contain_text(hidden.number)
        look(page, "in conflict")
        sheet = Sheet.objects.get(application=hidden)
        assert page.request.get(reverse("sheet", args=[sheet.pk])).status == 404
    assert (sheet.member, sheet.state, sheet.marks.count()) == (None, "final", 3)
