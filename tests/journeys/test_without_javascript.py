"""Without JavaScript and at 320 px: the applicant's part, and one sheet of marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Membership, Role
from applications.actions import request_completion
from applications.checking import start_check
from applications.models import Application
from applications.progress import drafts_of, known_of, rules_of, sections
from bando.notice.document import SectionKind
from evaluation.models import Sheet
from tests.applications.grouping import ATS, GROUPS, group_call
from tests.applications.planning import RULES
from tests.builders import WORKDAY, body, load_fixture_call, official, person, right_answers
from tests.journeys.conftest import too_wide
from tests.journeys.steps import answers_of, follow, pdf, press, sign_in, type_in, typed
from tests.road import APPOINTED, CHECKED, MARKED, appointed

TEXT = "Idea"


def fits(page: Page) -> None:
    """The page stands in its width: nobody scrolls in two directions."""
    page.wait_for_load_state()  # the whole of it, with its style
    assert (page.url, too_wide(page)) == (page.url, [])


def test_a_proposal_is_written_and_sent_without_javascript(page_at: Callable[..., Page], live_server) -> None:
    anna = person(name="Anna Bianchi")
    body("Cooperativa Alfa", by=anna)
    call = load_fixture_call()
    with time_machine.travel(WORKDAY, tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, anna)
        for step in ("Guarda gli avvisi", call.title):
            follow(page, step)
            fits(page)
        follow(page, "Partecipa", "Area 1")
        fits(page)
        press(page, "Inizia la domanda")
        fits(page)
        application = Application.objects.with_call().get()
        follow(page, "L'ente e chi lo rappresenta")
        for section in sections(application):
            expect(page.locator("h1")).to_have_text(section.title)
            press(page, "Salva e continua")
            expect(page.locator(".bando-summary")).to_be_visible()
            fits(page)
            type_in(page, answers_of(application, section.code))
            press(page, "Salva e continua")
        for rule in rules_of(application):
            if rule.required:
                page.locator(f"#id_{rule.code}_file").set_input_files(pdf(rule.code))
                press(page, "Carica", rule.title)
                expect(page.locator("main")).to_contain_text(f"Abbiamo ricevuto «{rule.code}.pdf».")
        fits(page)
        follow(page, "Continua: controlla e invia")
        fits(page)
        press(page, "Invia la domanda")
        expect(page.locator("h1")).to_have_text("Domanda inviata")
        fits(page)
    application.refresh_from_db()
    expect(page.locator(".bando-number")).to_have_text(application.number)
    assert list(application.steps.values_list("act", flat=True)) == ["submit"]


def test_a_group_is_written_joined_sent_and_completed_without_javascript(page_at: Callable[..., Page], live_server) -> None:
    anna, marco, sonia = (person(f"{name.lower()}@esempio.it", f"{name} Bianchi") for name in ("Anna", "Marco", "Sonia"))
    alfa, beta = body("Cooperativa Alfa", by=anna), body("Rete Beta", by=sonia)
    Membership.objects.create(user=marco, organisation=alfa, role=Role.COLLABORATOR)
    call = group_call(GROUPS.replace("    items:\n", RULES, 1))
    with time_machine.travel(WORKDAY, tick=True):
        page, other, partner = (page_at(320, javascript=False) for _browser in range(3))
        for browser, who in ((page, anna), (other, marco), (partner, sonia)):
            sign_in(browser, who)
        page.goto(reverse("application_new", args=[call.slug, "uno"]))
        press(page, "Inizia la domanda")
        application = Application.objects.with_call().get()

        def at(browser: Page, name: str, *arguments: object) -> None:
            browser.goto(reverse(name, args=[application.pk, *arguments]))

        # Who takes part
        at(page, "application_section", "gruppo")
        type_in(page, ATS)
        press(page, "Salva e vai agli enti del gruppo")
        fits(page)
        page.get_by_text("Aggiungi un ente").click()
        invited = {"Nome dell'ente": "Beta", "E-mail di chi lo rappresenta": sonia.email, "Quota del progetto": "40 %"}
        for label, words in (invited | {"Che cosa fa nel progetto": "Accoglie."}).items():
            page.get_by_label(label).fill(words)
        press(page, "Aggiungi e invita")
        fits(page)
        follow(page, "Cambia", alfa.name)
        page.get_by_label("Quota del progetto").fill("60 %")
        page.get_by_label("Che cosa fa nel progetto").fill("Coordina.")
        press(page, "Salva")
        fits(page)
        partner.goto(reverse("my_applications"))
        fits(partner)
        follow(partner, "Invito di")
        partner.get_by_label(beta.name).check()
        press(partner, "Accetta l'invito")
        fits(partner)

        # What each writes; the budget in more rows than the page has
        for section in sections(application):
            if section.kind is SectionKind.GROUP:
                continue
            at(page, "application_section", section.code)
            known = known_of(application, drafts_of(application))
            answers = right_answers(section, call.notice, application.area, known)
            type_in(page, {name: text for name, text in answers.items() if text != ""})
            if section.kind is SectionKind.BUDGET:
                lines = page.locator('[name^="lines__"][name$="__item"]')
                before = lines.count()
                press(page, "Salva e aggiungi righe")
                expect(lines).not_to_have_count(before)
                assert typed(page)["lines__1__item"] == [answers["lines__1__item"]]
                fits(page)
            press(page, "Salva e continua")
            expect(page.locator(".bando-summary")).to_have_count(0)
        for rule in rules_of(application):
            if rule.required:
                at(page, "application_attachments")
                page.locator(f"#id_{rule.code}_file").set_input_files(pdf(rule.code))
                press(page, "Carica", rule.title)

        # Two people in one text, and what stood before
        for browser in (page, other):
            at(browser, "application_section", "luogo")
        other.get_by_label(TEXT).fill("Come la vede Marco.")
        press(other, "Salva ed esci")
        page.get_by_label(TEXT).fill("Come la vede Anna.")
        press(page, "Salva e continua")
        conflict = page.get_by_role("alert")
        expect(conflict).to_contain_text("Come la vede Marco.")
        expect(conflict).to_contain_text("Come la vede Anna.")
        fits(page)
        press(page, "Salva la mia versione")
        at(page, "application_history", "luogo")
        expect(page.locator(".bando-version").first).to_have_text("Come la vede Anna.")
        fits(page)
        page.get_by_role("listitem").or_(page.locator("form")).filter(has_text="Rimetti questo testo").first.get_by_role(
            "button"
        ).click()

        # The partner certifies, the lead sends
        partner.reload()
        for box in partner.get_by_role("checkbox").all():
            box.check()
        press(partner, "Conferma la scheda")
        expect(partner.get_by_text("Scheda confermata")).to_be_visible()
        at(page, "application_review")
        fits(page)
        press(page, "Invia la domanda")
        expect(page.locator("h1")).to_have_text("Domanda inviata")
        fits(page)
    application.refresh_from_db()
    answers = application.current.answers["luogo"]
    assert "Come la vede Marco." in answers.values(), answers
    start_check(application, by=official(), at=CHECKED)
    asked = request_completion(
        application,
        questions=["ente.nome"],
        files=[],
        due_at=CHECKED + timedelta(days=10),
        reason="Scrivi il nome per intero.",
        by=official(),
        at=CHECKED,
    )
    with time_machine.travel(CHECKED + timedelta(hours=1), tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, anna)
        at(page, "application_completion", asked.number)
        fits(page)
        type_in(page, {"nome": "Cooperativa sociale Alfa"})
        press(page, "Salva e rileggi")
        fits(page)
        press(page, "Invia la risposta")
        fits(page)
    application.refresh_from_db()
    assert application.current.answers == application.sent_in_time.answers | {
        "ente": application.sent_in_time.answers["ente"] | {"nome": "Cooperativa sociale Alfa"}
    }
    assert list(application.steps.values_list("act", flat=True)) == ["submit", "start_check", "request_completion", "complete"]


def test_a_commissioner_declares_and_marks_without_javascript(page_at: Callable[..., Page], live_server) -> None:
    road = appointed()
    grid, member = road.call.notice.grid_for("area-1"), road.members[1]
    with time_machine.travel(APPOINTED + timedelta(days=1), tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, member)
        fits(page)
        follow(page.locator("main"), "Fai le dichiarazioni")
        fits(page)
        page.get_by_label("Non ho rapporti").check()
        press(page, "Dichiara")
        fits(page)
    with time_machine.travel(MARKED, tick=True):
        page = page_at(320, javascript=False)
        sign_in(page, member)
        follow(page.locator("main"), "Continua:")
        type_in(page, {"level-0": str(grid.scale[1].coefficient), "reason-0": "Solo il primo, per ora."})
        press(page, "Salva la bozza", grid.criteria[0].title)
        expect(page.locator("main")).to_contain_text("Bozza salvata.")
        assert urlsplit(page.url).fragment == "c-0"
        fits(page)
        press(page, "Concludi la scheda")
        expect(page.locator(".bando-summary li")).to_have_count(2 * (len(grid.criteria) - 1))
        fits(page)
        for index, criterion in enumerate(grid.criteria):
            type_in(page, {f"level-{index}": str(grid.scale[1].coefficient), f"reason-{index}": f"Visto: {criterion.title}"})
        press(page, "Concludi la scheda")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
        fits(page)
    sheet = Sheet.objects.get()
    assert (urlsplit(page.url).path, sheet.state) == (reverse("sheets", args=[road.call.slug]), "final")
    marks = {(mark.criterion, mark.value, mark.reason) for mark in sheet.marks.all()}
    assert marks == {(c.code, Decimal("0.8"), f"Visto: {c.title}") for c in grid.criteria}
