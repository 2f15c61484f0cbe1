"""What people do in the pages, said once for every journey."""

from __future__ import annotations

import re
from typing import Any

from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from applications.models import Application
from applications.progress import sections
from tests.builders import PASSWORD, right_answers, small_pdf

TAX_CODE, WRONG_TAX_CODE = "97600000158", "97600000159"
LISTEN = """() => {
  const told = new Map(), heard = [];
  const regions = "[role=status], [role=alert], output, [aria-live=polite], [aria-live=assertive]";
  const listen = () => {
    for (const region of document.querySelectorAll(regions)) {
      if (region.getAttribute("aria-live") === "off") continue;
      const words = region.textContent.trim().replace(/\\s+/g, " ");
      if (words && told.has(region) && told.get(region) !== words) heard.push(words);
      told.set(region, words);
    }
  };
  listen();
  new MutationObserver(listen).observe(document.body, {childList: true, characterData: true, subtree: true});
  window.heard = heard;
}"""


def press(page: Page | Locator, *words: str) -> None:
    """Press the button whose name starts with the first words and has the others after them."""
    page.get_by_role("button", name=_name(words)).first.click()


def follow(page: Page | Locator, *words: str) -> None:
    """Follow the link whose name starts with the first words and has the others after them."""
    page.get_by_role("link", name=_name(words)).first.click()


def unfold(page: Page | Locator, words: str = "") -> None:
    """Open what is folded under a title with these words; without them, all that is folded there."""
    folded = page.locator("main details:not([open]) > summary" if isinstance(page, Page) else "details:not([open]) > summary")
    while folded.filter(has_text=words).count():
        folded.filter(has_text=words).first.click()


def _name(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("^" + ".*".join(map(re.escape, words)))


def sign_in(page: Page, user: User | str, password: str = PASSWORD) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail", exact=True).fill(str(getattr(user, "email", user)))
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Accedi")
    expect(page).not_to_have_url(re.compile("accedi"))


def sign_out(page: Page) -> None:
    """From the menu under one's name, or, in the pages of a form, from the page that asks."""
    page.goto(reverse("account_logout"))
    page.locator("main").get_by_role("button", name="Esci").click()
    expect(page.get_by_role("link", name="Accedi").first).to_be_visible()


def work() -> None:
    """The background worker passes once: receipts, letters, published files."""
    call_command("work", once=True)


def type_in(page: Page, answers: dict[str, Any]) -> None:
    """Give each answer to the field of its name, as its kind wants."""
    for name, value in answers.items():
        fields = page.locator(f'main [name="{name}"]')
        match fields.first.evaluate("field => field.type"):
            case "checkbox" | "radio":
                wanted = value if isinstance(value, list) else [value]
                for one in wanted:
                    field = fields.and_(page.locator(f'[value="{one}"]')) if fields.count() > 1 else fields
                    field.check()
            case "select-one":
                fields.select_option(value)
            case _:
                fields.fill(value)


def typed(page: Page) -> dict[str, list[str]]:
    """What stands in the fields of the page, by name."""
    return page.evaluate(
        """() => {
          const found = {};
          for (const field of document.querySelectorAll("main form [name]")) {
            if (field.type === "hidden" || field.type === "submit" || field.type === "file") continue;
            const chosen = !["checkbox", "radio"].includes(field.type) || field.checked;
            (found[field.name] ||= []).push(...(chosen && field.value ? [field.value] : []));
          }
          return found;
        }"""
    )


def answers_of(application: Application, code: str) -> dict[str, Any]:
    section = next(section for section in sections(application) if section.code == code)
    answers = right_answers(section, application.call.notice, application.area)
    return {name: text for name, text in answers.items() if text != ""}


def pdf(name: str) -> dict[str, Any]:
    """A file as a browser sends it."""
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": small_pdf(name)}


def listen(page: Page) -> None:
    """From now on, keep what the page tells of itself."""
    page.evaluate(LISTEN)


def heard(page: Page, last: str) -> list[str]:
    """What was told of itself, up to a sentence that is waited for."""
    page.wait_for_function("last => window.heard.includes(last)", arg=last)
    return page.evaluate("window.heard")
