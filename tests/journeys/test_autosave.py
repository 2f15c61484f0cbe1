"""Nothing typed is lost: without a network, without a session, with two people, with a tab closed too early."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership
from applications.models import Application
from tests.builders import PASSWORD, WORKDAY, draft_application, person
from tests.journeys.conftest import Look
from tests.journeys.steps import press, sign_in, sign_out

TITLE, NEED = "titolo", "contesto-e-bisogni"


@pytest.fixture
def application(db, live_server) -> Iterator[Application]:
    with time_machine.travel(WORKDAY, tick=True):
        yield draft_application(by=person("anna@esempio.it", "Anna Bianchi"))


def opened(page: Page, application: Application, step: str = "proposta", by: object = None) -> Page:
    sign_in(page, by or application.created_by)
    page.goto(reverse("application_section", args=[application.pk, step]))
    return page


def field(page: Page, name: str) -> object:
    return page.locator(f'main [name="{name}"]')


def kept(application: Application, step: str = "proposta") -> dict:
    return application.drafts.get(section=step).answers


def write(page: Page, name: str, text: str) -> None:
    """Word by word, where the text ends."""
    field(page, name).focus()
    page.keyboard.press("Control+End")
    for word in re.findall(r"\S*\s*", text):
        page.keyboard.insert_text(word)


def said(page: Page) -> object:
    return page.locator("[data-saving-status]")


def spoken(page: Page) -> object:
    return page.locator("#bando-status")


def waiting(page: Page) -> int:
    """How many texts the device keeps because nobody has acknowledged them."""
    return page.evaluate("() => Object.keys(localStorage).filter((name) => name.startsWith('bando:')).length")


def saved(page: Page) -> None:
    expect(said(page)).to_have_text(re.compile(r"Bozza salvata alle \d\d:\d\d\."))


def test_without_a_network_writing_goes_on_and_nothing_is_lost(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page = opened(page_at(1280), application)
    field(page, TITLE).fill("Casa aperta")
    saved(page)
    expect(spoken(page)).to_have_text(re.compile("Bozza salvata"))  # the first time it is said aloud
    page.context.set_offline(True)
    words = " ".join(f"parola{number}" for number in range(300))
    write(page, NEED, words[:200])
    expect(said(page)).to_contain_text("Sei senza rete. Continua a scrivere")
    expect(spoken(page)).to_contain_text("Sei senza rete")
    write(page, NEED, words[200:])
    expect(page.get_by_role("button", name="Riprova")).to_be_visible()
    look(page, "without a network")
    assert (kept(application).get(NEED, ""), waiting(page)) == ("", 1)
    page.context.set_offline(False)
    expect(said(page)).to_have_text(re.compile(r"La rete è tornata\. Abbiamo salvato tutto alle \d\d:\d\d\."))
    expect(spoken(page)).to_contain_text("La rete è tornata")
    assert (kept(application)[NEED], kept(application)[TITLE], waiting(page)) == (words, "Casa aperta", 0)


def test_a_session_that_ends_costs_no_text_and_no_place(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    page = opened(page_at(1280), application)
    field(page, NEED).fill("Prima")
    saved(page)
    page.context.clear_cookies(name="sessionid")
    field(page, NEED).fill("Prima e dopo")
    expect(said(page)).to_have_text("La sessione è finita. Il testo non è perso: accedi di nuovo e riprendi da qui.")
    field(page, NEED).press_sequentially(", e poi ancora")
    look(page, "signed out")
    expect(field(page, NEED)).to_have_value("Prima e dopo, e poi ancora")  # the page was never loaded again
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Accedi di nuovo").click()
    entrance = opening.value
    entrance.get_by_label("E-mail", exact=True).fill("anna@esempio.it")
    entrance.get_by_label("Password", exact=True).fill(PASSWORD)
    press(entrance, "Accedi")
    expect(field(entrance, NEED)).to_have_value("Prima e dopo, e poi ancora")
    expect(field(entrance, NEED)).to_be_focused()
    saved(entrance)
    assert kept(application)[NEED] == "Prima e dopo, e poi ancora"
    # The first tab goes on with the new session, as soon as somebody comes back to it.
    page.bring_to_front()
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    saved(page)
    field(page, NEED).press_sequentially(".")
    expect(page.locator(".bando-both")).to_have_count(0)
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('bando:'))")
    assert kept(application)[NEED] == "Prima e dopo, e poi ancora."


def test_two_people_are_both_kept_and_choose_where_they_wrote_the_same(
    page_at: Callable[..., Page], application: Application, look: Look
) -> None:
    marco = person("marco@esempio.it", "Marco Rossi")
    Membership.objects.create(user=marco, organisation=application.organisation)
    hers, his = opened(page_at(1280), application), opened(page_at(1280), application, by=marco)
    field(hers, TITLE).fill("Di Anna")
    saved(hers)
    field(his, NEED).fill("Di Marco")
    saved(his)
    expect(his.get_by_text("Anna Bianchi sta scrivendo in questa sezione.")).to_be_visible()
    assert (kept(application)[TITLE], kept(application)[NEED]) == ("Di Anna", "Di Marco")

    field(hers, NEED).fill("Anche di Anna")
    panel = hers.locator(".bando-both")
    expect(panel).to_contain_text(re.compile(r"Marco Rossi ha cambiato questo campo alle \d\d:\d\d\."))
    expect(panel.locator("[data-theirs]")).to_have_text("Di Marco")
    expect(panel.locator("[data-mine]")).to_have_text("Anche di Anna")
    look(hers, "two texts")
    assert kept(application)[NEED] == "Di Marco"
    press(panel, "Unisci i due testi")
    saved(hers)
    expect(field(hers, NEED)).to_be_focused()
    assert kept(application)[NEED] == "Anche di Anna\n\nDi Marco"

    field(his, NEED).fill("Di nuovo di Marco")
    press(his, "Salva e continua")  # the button stays on the page while there is something to choose
    press(his.locator(".bando-both"), "Tieni l'altra versione")
    expect(field(his, NEED)).to_have_value("Anche di Anna\n\nDi Marco")
    press(his, "Salva ed esci")
    expect(his).to_have_url(re.compile(f"{application.pk}/$"))
    assert (kept(application)[NEED], waiting(his)) == ("Anche di Anna\n\nDi Marco", 0)

    his.goto(reverse("application_history", args=[application.pk, "proposta"]))
    look(his)
    press(his, "Rimetti questo testo", "Quali bisogni avete visto?")
    expect(field(his, NEED)).to_have_value("Di Marco")
    expect(field(his, NEED)).to_be_focused()


def test_a_tab_closed_right_after_typing_loses_nothing(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(360), application)
    url = page.url
    field(page, TITLE).fill("Scritto in fretta")
    page.close(run_before_unload=True)
    again = page.context.new_page()
    again.goto(url)
    expect(field(again, TITLE)).to_have_value("Scritto in fretta")
    expect(again.locator(".bando-both")).to_have_count(0)
    expect(said(again)).not_to_have_text("Salvataggio in corso…")
    again.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('down')) }")  # not even the last request goes out
    field(again, NEED).fill("Un'altra volta")
    again.close()
    assert NEED not in kept(application)
    third = page.context.new_page()
    third.goto(url)
    expect(field(third, NEED)).to_have_value("Un'altra volta")
    saved(third)
    assert (kept(application)[TITLE], kept(application)[NEED], waiting(third)) == ("Scritto in fretta", "Un'altra volta", 0)


def test_who_signs_out_leaves_no_text_on_the_device(page_at: Callable[..., Page], application: Application) -> None:
    page = opened(page_at(1280), application)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('down')) }")
    field(page, NEED).fill("Riservato")
    expect(said(page)).to_contain_text("Non siamo riusciti a salvare. Il testo è ancora qui.")
    assert waiting(page) == 1
    sign_out(page)
    assert waiting(page) == 0


def test_a_text_is_counted_as_the_server_counts_it_and_never_cut(
    page_at: Callable[..., Page], application: Application
) -> None:
    page = opened(page_at(1280), application)
    limit = int(field(page, NEED).get_attribute("data-limit"))
    for pasted in ("uno\r\ndue\r\n", "👩‍👧 è già così", "à" * (limit + 1)):
        _pasted(page, application, pasted, limit)


def _pasted(page: Page, application: Application, text: str, limit: int) -> None:
    field(page, NEED).evaluate("(area, text) => { area.value = ''; area.focus(); }", text)
    page.keyboard.insert_text(text)
    pasted = text.replace("\r\n", "\n")
    counter = page.locator(f'[data-counter="id_{NEED}"]')
    left = limit - len(pasted)
    expect(counter).to_have_text(
        f"Puoi scrivere ancora {left} caratteri." if left >= 0 else "Il testo è troppo lungo: togli 1 carattere."
    )
    expect(field(page, NEED)).to_have_value(pasted)
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('bando:'))")
    assert kept(application)[NEED] == pasted


def test_a_session_that_is_about_to_end_lasts_on_when_its_person_writes(
    page_at: Callable[..., Page], application: Application
) -> None:
    page = opened(page_at(1280), application)
    soon = timezone.now() + timedelta(minutes=4)
    Session.objects.update(expire_date=soon)
    field(page, TITLE).fill("Casa")
    saved(page)
    page.wait_for_load_state("networkidle")
    assert Session.objects.get().expire_date > soon + timedelta(hours=1)
