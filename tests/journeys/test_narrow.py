"""Every page of an applicant on the narrowest screen, and at four times the size: one scrolls one way, hits what one aims at,
and sees where the keyboard is (WCAG 2.2: 1.4.10, 2.4.7, 2.4.11, 2.5.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from applications.actions import request_completion, save_section
from applications.checking import start_check
from applications.models import Application
from applications.progress import sections
from tests.applications.grouping import GROUPS, bring, group_call, invited
from tests.applications.planning import RULES
from tests.builders import WORKDAY, load_fixture_call, official, submitted_application
from tests.journeys.conftest import too_wide
from tests.journeys.steps import sign_in
from tests.road import CHECKED

LEAST = 24
TROUBLES = """least => {
  const found = [];
  const told = element => `${element.tagName.toLowerCase()} «${(element.textContent || element.name).trim().slice(0, 40)}»`;
  for (const element of document.querySelectorAll("main *")) {
    const style = getComputedStyle(element);
    if (["auto", "scroll"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
      const named = element.getAttribute("role") === "region" && element.tabIndex === 0 && element.getAttribute("aria-labelledby");
      if (!named && element.tagName !== "TEXTAREA") found.push(`${told(element)} scrolls by itself`);
    }
    if (!element.matches("a[href], button, input, select, textarea, summary") || !element.checkVisibility()) continue;
    const alone = element.parentElement.textContent.trim() === element.textContent.trim();
    const sentence = element.tagName === "A" && style.display === "inline" && !alone;
    let boxes = [element, ...(element.labels || [])].map(one => one.getBoundingClientRect());
    if (sentence || boxes[0].width <= 1) continue; // in a line of text, or drawn by its label
    if (!boxes.some(box => box.width >= least && box.height >= least))
      found.push(`${told(element)} is ${boxes.map(box => `${Math.round(box.width)} x ${Math.round(box.height)}`).join(", ")}`);
  }
  return found;
}"""
STOP = """() => {
  const here = document.activeElement;
  if (here === document.body || !here.closest("main")) return null;
  const ringed = [here, ...(here.labels || [])].some(element => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  const box = here.getClientRects()[0] || here.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const seen = box.width > 4 && box.height > 4 && right - left > 4 && bottom - top > 4;
  const above = seen && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const parts = [here, ...(here.labels || [])];
  const free = Boolean(above) && (above.contains(here) || parts.some(part => part.contains(above)));
  const what = `${here.tagName.toLowerCase()} «${(here.name || here.textContent).trim().slice(0, 40)}»`;
  return {what, ringed, seen, free};
}"""


@pytest.fixture
def pages(db, live_server) -> tuple[User, dict[datetime, list[str]]]:
    """The person, and every page of an applicant that they may open, by the moment at which they do."""
    with time_machine.travel(WORKDAY, tick=True):
        group = invited(group_call(GROUPS.replace("    items:\n", RULES, 1)))
        lead, draft = group.lead, group.application
        member = bring(group, share=20_00, who=lead)
        write_over(draft, "luogo", "Un testo più lungo di quello di prima.", by=lead)
    sent = submitted_application(load_fixture_call(), by=lead)
    start_check(sent, by=official(), at=CHECKED)
    asked = {"questions": ["proposta.titolo"], "files": ["curriculum"], "due_at": CHECKED + timedelta(days=10)}
    request_completion(sent, **asked, reason="Manca la firma.", by=official(), at=CHECKED)
    steps = [("application_section", [draft.pk, section.code]) for section in sections(draft)]
    writing = [
        *(("my_applications", []), ("application", [draft.pk]), *steps, ("application_group", [draft.pk])),
        *(("application_member", [draft.pk, group.members[0].pk]), ("participant", [member.pk])),
        *(("application_history", [draft.pk, "luogo"]), ("application_attachments", [draft.pk])),
        *(("application_review", [draft.pk]), ("application_people", [draft.pk]), ("application_trouble", [draft.pk])),
        ("application_copy", [draft.pk]),
    ]
    completing = [
        *(("application", [sent.pk]), ("application_receipt", [sent.pk]), ("application_completion", [sent.pk, 1])),
        *(("application_completion_send", [sent.pk, 1]), ("verify", [])),
    ]
    later = {WORKDAY + timedelta(hours=1): writing, CHECKED + timedelta(hours=1): completing}
    return lead, {at: [reverse(name, args=arguments) for name, arguments in routes] for at, routes in later.items()}


def write_over(application: Application, section: str, words: str, *, by: User) -> None:
    """Write other words in each text of a section that stands, so that there is something before."""
    row = application.drafts.get(section=section)
    answers = {name: words if str(text).startswith("Risposta a") else text for name, text in row.answers.items()}
    at, known = WORKDAY + timedelta(minutes=9), {"problems": row.problems, "judged_by": row.judged_by}
    save_section(application, section, answers=answers, base_version=row.version, **known, by=by, at=at)


@pytest.mark.parametrize(("height", "scale"), [(640, 1), (256, 4)], ids=["320 px", "400 %"])
def test_every_page_is_read_used_and_walked_through_on_the_narrowest_screen(
    page_at: Callable[..., Page], pages, height: int, scale: int
) -> None:
    lead, later = pages
    found: list[str] = []
    for at, addresses in later.items():
        with time_machine.travel(at, tick=True):
            page = page_at(320, height=height, device_scale_factor=scale)
            sign_in(page, lead)
            for address in addresses:
                assert page.goto(address).status == 200, address
                found += [f"{address}: {one}" for one in troubles(page)]
    assert found == []


def troubles(page: Page) -> Iterator[str]:
    yield from too_wide(page)
    yield from page.evaluate(TROUBLES, LEAST)
    page.evaluate("document.querySelector('main').focus()")
    for _stop in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:  # out of the main part
            return
        if not (stop["ringed"] and stop["seen"] and stop["free"]):
            yield str(stop)
    yield "the keyboard does not come out of the main part"
