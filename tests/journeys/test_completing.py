"""A request to complete an application, in a real Chromium: the office asks, the body answers on a phone, the office reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications import checking
from applications.actions import request_completion
from applications.models import Application, CheckItem, CompletionRequest
from bando.deadlines import rome
from tests.builders import official, submitted_application
from tests.clock import arriving
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, pdf, press, sign_in, work

pytestmark = pytest.mark.django_db(transaction=True)
CHECKED, ANSWERED, DUE = rome(2021, 10, 19, 9), rome(2021, 10, 25, 18, 3, 7), rome(2021, 10, 29, 12)
SAVED = re.compile(r"^Bozza salvata alle \d\d:\d\d\.$")


@pytest.fixture
def application(db) -> Application:
    made = submitted_application()
    checking.start_check(made, by=official(), at=CHECKED)
    return Application.objects.with_call().get(pk=made.pk)


@pytest.fixture
def moment() -> Iterator[Callable]:
    """``moment(at)``: from now on requests arrive then."""
    entered = []

    def moment(at) -> None:
        while entered:
            entered.pop().__exit__(None, None, None)
        entered.append(arriving(at))
        entered[0].__enter__()

    yield moment
    while entered:
        entered.pop().__exit__(None, None, None)


def first_file(application: Application) -> str:
    return application.current.manifest[0]["rule"]


def asked(application: Application, *, files: bool = True) -> CompletionRequest:
    return request_completion(
        application,
        questions=["proposta.titolo", "proposta.in-breve"],
        files=[first_file(application)] if files else [],
        due_at=DUE,
        reason="Il titolo non si capisce.",
        by=official(),
        at=CHECKED,
    )


def test_the_office_asks_and_the_body_answers_on_a_phone(
    page_at: Callable[..., Page], application: Application, look: Look, moment: Callable
) -> None:
    moment(CHECKED)
    code = first_file(application)
    item = application.check_items.get(code=f"attachment.{code}")
    CheckItem.objects.filter(pk=item.pk).update(verdict=CheckItem.Verdict.NOT_MET, note="Manca la firma a pagina 2.")
    desk = page_at(1280)
    sign_in(desk, official())
    desk.goto(reverse("desk_application", args=[application.pk]))
    look(desk, "no request")
    follow(desk, "Chiedi di completare la domanda")
    expect(desk.locator(f'[name="files"][value="{code}"]')).to_be_checked()
    expect(desk.locator('[name="reason"]')).to_have_value(re.compile("Manca la firma a pagina 2\\."))
    look(desk, "proposed")
    desk.locator('[name="questions"][value="proposta.titolo"]').check()
    desk.locator('[name="due_day"]').fill("29/10/2021")
    desk.locator('[name="due_time"]').fill("12:00")
    press(desk, "Manda la richiesta")
    expect(desk.get_by_text("In attesa di risposta").first).to_be_visible()
    look(desk, "waiting")

    moment(ANSWERED)
    phone = page_at(360)
    sign_in(phone, application.created_by)
    phone.mouse.move(0, 0)  # a button under it would be changing its colour
    phone.goto(reverse("application", args=[application.pk]))
    look(phone, "asked")
    follow(phone, "Rispondi")
    look(phone, "before")
    phone.locator('[name="titolo"]').fill("Una casa per tutto il quartiere")
    phone.locator('[name="titolo"]').blur()
    expect(phone.locator("[data-saving-status]")).to_have_text(SAVED)
    phone.locator(f'[data-upload="{code}"] input[type="file"]').set_input_files(pdf("firmato"))
    expect(phone.get_by_role("link", name="firmato.pdf")).to_be_visible()
    expect(phone.locator('[name="titolo"]')).to_have_value("Una casa per tutto il quartiere")
    look(phone, "answered")
    press(phone.locator(".bando-actions"), "Salva e rileggi")
    expect(phone.get_by_role("heading", name="Rileggi e invia la risposta")).to_be_visible()
    changes = phone.locator("section", has=phone.locator("#changes-title"))
    expect(changes).to_contain_text("Una casa per tutto il quartiere")
    expect(changes).to_contain_text("firmato.pdf (SHA-256")
    look(phone)
    press(phone, "Invia la risposta")
    expect(phone.get_by_role("heading", name="Risposta inviata", exact=True)).to_be_visible()
    expect(phone.get_by_text("Completa la domanda: risponde alla richiesta n. 1 dell'ufficio.")).to_be_visible()
    work()
    phone.reload()
    look(phone, "receipt of an answer")
    phone.goto(reverse("application", args=[application.pk]))
    look(phone, "complete")

    desk.goto(reverse("desk"))
    follow(desk, "1 risposta da leggere")
    expect(desk.get_by_role("cell", name="In verifica Risposta da leggere")).to_be_visible()
    look(desk)
    follow(desk, application.number)
    point = desk.locator("section.bando-panel", has=desk.get_by_role("heading", name=re.compile("Risposta alla richiesta")))
    expect(point).to_contain_text("Una casa per tutto il quartiere")
    look(desk, "answered")


def test_what_two_people_answer_at_once_is_merged_and_what_both_changed_is_asked(
    page_at: Callable[..., Page], application: Application, look: Look, moment: Callable
) -> None:
    moment(ANSWERED)
    asked(application, files=False)
    pages = [page_at(360), page_at(1280)]
    for page in pages:
        sign_in(page, application.created_by)
        page.goto(reverse("application_completion", args=[application.pk, 1]))
    one, other = pages
    one.locator('[name="titolo"]').fill("La mia")
    one.locator('[name="titolo"]').blur()
    expect(one.locator("[data-saving-status]")).to_have_text(SAVED)
    other.locator('[name="in-breve"]').fill("In breve")
    other.locator('[name="in-breve"]').blur()
    expect(other.locator("[data-saving-status]")).to_have_text(SAVED)
    request = CompletionRequest.objects.get()
    assert request.typed["proposta"] == {"titolo": "La mia", "in-breve": "In breve"}
    other.locator('[name="titolo"]').fill("La tua")
    other.locator('[name="titolo"]').blur()
    expect(other.get_by_role("button", name="Tieni la tua versione")).to_be_visible()
    look(other, "both")
    press(other, "Tieni la tua versione")
    expect(other.locator("[data-saving-status]")).to_have_text(SAVED)
    request.refresh_from_db()
    assert request.typed["proposta"]["titolo"] == "La tua"


def test_an_answer_late_by_a_microsecond_is_refused_in_words(
    page_at: Callable[..., Page], application: Application, look: Look, moment: Callable
) -> None:
    moment(DUE)
    asked(application, files=False)
    page = page_at(360)
    sign_in(page, application.created_by)
    page.goto(reverse("application_completion", args=[application.pk, 1]))
    page.locator('[name="titolo"]').fill("Appena in tempo")
    page.locator('[name="titolo"]').blur()
    expect(page.locator("[data-saving-status]")).to_have_text(SAVED)
    press(page.locator(".bando-actions"), "Salva e rileggi")
    moment(DUE + timedelta(microseconds=1))
    press(page, "Invia la risposta")
    said = "Il termine per rispondere è scaduto: venerdì 29 ottobre 2021, ore 12:00:00. Vale la domanda com'era."
    expect(page.get_by_text(said).first).to_be_visible()
    look(page, "late")
    page.goto(reverse("application", args=[application.pk]))
    look(page, "expired")
    application.refresh_from_db()
    assert application.submissions.count() == 1


def test_without_javascript_a_file_never_costs_what_was_typed(
    page_at: Callable[..., Page], application: Application, moment: Callable
) -> None:
    moment(ANSWERED)
    request, code = asked(application), first_file(application)
    page = page_at(360, javascript=False)
    sign_in(page, application.created_by)
    page.goto(reverse("application_completion", args=[application.pk, 1]))
    page.locator('[name="titolo"]').fill("Scritto senza JavaScript")
    page.locator(f'[name="file-{code}"]').set_input_files(pdf("nuovo"))
    press(page, "Carica", "")
    expect(page.get_by_role("link", name="nuovo.pdf")).to_be_visible()
    expect(page.locator('[name="titolo"]')).to_have_value("Scritto senza JavaScript")
    press(page, "Elimina", "nuovo.pdf")
    expect(page.get_by_role("link", name="nuovo.pdf")).to_have_count(0)
    request.refresh_from_db()
    assert request.typed["proposta"]["titolo"] == "Scritto senza JavaScript"
