"""The demonstration, as somebody finds it who has just arrived: one click to be anybody, then a clear next step.

The main pages are kept as pictures in build/screenshots/, for people to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.urls import resolve, reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.demo import DEMO_ACCOUNTS
from applications.models import Application, Participant
from applications.states import ApplicationState as S
from evaluation.models import Sheet
from network.demonstration import BY_LOT, CONCLUDED, EVALUATION, OPEN, load_demonstration, make_papers
from network.models import DeclarationCheck, Request, Service, Space
from tests.journeys.conftest import WIDTHS, Look
from tests.journeys.steps import press

PICTURES = Path(django_settings.BASE_DIR) / "build" / "screenshots"

PROMISES = {
    "giulia.ferri": ("my_applications", "application_section"),  # aprila, completa una sezione
    "davide.sala": ("my_applications", "application_section"),  # scrive la domanda con lei
    "sara.fontana": ("my_applications", "checks"),  # regolarizza una dichiarazione
    "omar.haddad": ("my_applications", "home"),  # comincia una domanda dall'avviso aperto
    "lucia.conti": ("my_applications", "application_completion"),  # rispondi all'ufficio
    "irene.galli": ("my_applications", "agreement"),  # la convenzione; poi, in «La rete», l'accompagnamento
    "paolo.greco": ("my_evaluations", "declarations"),  # dichiara se ha conflitti
    "elena.riva": ("my_evaluations", "sheet"),  # aprine una
    "stefano.marino": ("my_evaluations", "sheets"),  # riaprine una
    "marta.villa": ("my_evaluations", "sheets"),  # segue la commissione
    "anna.bruni": ("desk", "desk_applications"),  # verifica le due domande che restano
}
"""For each card: where one lands, and where the first thing to click leads."""


@pytest.fixture
def demonstration(transactional_db, settings, live_server) -> None:
    settings.DEMO = True
    load_demonstration(timezone.now(), lambda line: None)
    make_papers(lambda line: None)


def test_each_card_opens_on_what_it_promises_and_the_pages_of_each_role_read_well(
    demonstration: None, page_at: Callable[..., Page], look: Look
) -> None:
    assert {account.email.partition("@")[0] for account in DEMO_ACCOUNTS} == set(PROMISES)
    found = {}
    for account in DEMO_ACCOUNTS:
        page, name = page_at(1280), account.email.partition("@")[0]
        page.goto(reverse("account_login"))
        press(page, account.name)
        expect(page.locator(".bando-tools-name")).to_have_text(account.name)
        landed = _route(page)
        look(page, name)
        _first_call(page).click()
        found[name] = (landed, _route(page))
        look(page, name)
        for path, title in _pages_of(name):
            page.goto(path)
            look(page, path)
            if title:
                _keep_picture(page, title)
    assert found == PROMISES


def test_the_public_pages_of_the_demonstration_read_well(demonstration: None, page_at: Callable[..., Page], look: Look) -> None:
    page = page_at(1280)
    for path, title in _public_pages():
        page.goto(path)
        look(page, path)
        if title:
            _keep_picture(page, title)
    page.goto("/")
    press(page, "English")
    look(page, "English")


def _first_call(page: Page):
    """The first thing that the page asks to do: its first button-like link or task, below the heading."""
    return page.locator("main").locator("a.btn, .bando-tasks a").first


def _route(page: Page) -> str:
    page.wait_for_load_state()
    return resolve(urlsplit(page.url).path).url_name


def _keep_picture(page: Page, title: str) -> None:
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=PICTURES / f"{title}-{width}.png", full_page=True)
    page.set_viewport_size(before)


def _public_pages() -> list[tuple[str, str]]:
    """Paths, with a title where the page is one of the main ones."""
    space = Space.objects.public().first()
    ranking = reverse("ranking", args=[CONCLUDED, "area-1"])
    number = Application.objects.get(call__slug=CONCLUDED, state=S.AGREED, area_code="area-1").number
    return [
        (reverse("home"), "01-avvisi"),
        (reverse("call", args=[OPEN]), "02-avviso"),
        (reverse("call", args=[EVALUATION]), ""),
        (reverse("call", args=[CONCLUDED]), ""),
        (reverse("call_questions", args=[OPEN, "area-1"]), ""),
        (reverse("account_login"), "03-accedi"),
        (reverse("account_signup"), ""),
        (reverse("account_reset_password"), ""),
        (ranking, "10-graduatoria"),
        (f"{ranking}?domanda={number}", ""),
        (reverse("ranking", args=[CONCLUDED, "area-2"]), ""),
        (reverse("call", args=[BY_LOT]), ""),
        (reverse("ranking", args=[BY_LOT, "area-1"]), "15-versioni"),
        (reverse("ranking_version", args=[BY_LOT, "area-1", 1]), ""),
        (reverse("ranking", args=[BY_LOT, "area-2"]), "16-coppie"),
        (reverse("draw", args=[BY_LOT, "area-1"]), "17-sorteggio"),
        (reverse("ranking_check"), ""),
        (reverse("admissions", args=[EVALUATION, "area-1"]), "18-ammesse"),
        (reverse("public_minutes", args=[CONCLUDED, 1]), ""),
        (reverse("spaces"), "11-spazi"),
        (reverse("space", args=[space.slug]), "12-spazio"),
        (reverse("services"), "22-servizi"),
        (reverse("services") + "?q=badante", ""),
        (reverse("service", args=[Service.objects.get(title="Badante di condominio").slug]), ""),
        (reverse("accredited"), ""),
        (reverse("public_agreements"), ""),
        (reverse("privacy"), ""),
        (reverse("accessibility"), ""),
        (reverse("legal_notes"), ""),
        (reverse("verify"), ""),
        (reverse("demo_mail"), ""),
        ("/non-esiste/", ""),
    ]


def _pages_of(name: str) -> list[tuple[str, str]]:
    """The main pages of a person, beside where the card leads."""
    mine = Application.objects.filter(organisation__memberships__user__email__startswith=f"{name}@")
    match name:
        case "giulia.ferri":
            draft = mine.get(call__slug=OPEN)
            section = reverse("application_section", args=[draft.pk, "proposta"])
            return [
                (reverse("application", args=[draft.pk]), "04-domanda"),
                (f"{section}?controlla", "05-sezione"),
                (reverse("application_history", args=[draft.pk, "proposta"]), ""),
                (reverse("application_section", args=[draft.pk, "chi-partecipa"]), ""),
                (reverse("application_group", args=[draft.pk]), ""),
                (reverse("application_people", args=[draft.pk]), ""),
                (reverse("application_trouble", args=[draft.pk]), ""),
                (reverse("application_section", args=[draft.pk, "piano-economico"]), ""),
                (reverse("application_attachments", args=[draft.pk]), ""),
                (reverse("application_review", args=[draft.pk]), "06-riepilogo"),
                (reverse("organisations"), ""),
                (reverse("organisation", args=[draft.organisation_id]), ""),
                (reverse("profile"), ""),
                (reverse("my_network"), "23-rete"),
                (reverse("requests"), "24-richieste"),
                (reverse("request", args=[Request.objects.get(quotes__state="offered").pk]), ""),
                (reverse("my_spaces"), ""),
                (reverse("my_reports"), ""),
            ]
        case "sara.fontana":
            invited = Participant.objects.get(application__call__slug=OPEN, is_lead=False, application__state=S.DRAFT)
            return [
                (reverse("participant", args=[invited.pk]), ""),
                (reverse("check", args=[DeclarationCheck.objects.get(state="irregular").pk]), "25-controllo"),
            ]
        case "lucia.conti":
            concluded, sent = mine.get(call__slug=CONCLUDED), mine.get(call__slug=OPEN)
            asked = mine.get(call__slug=EVALUATION, area_code="area-2")
            return [
                (reverse("application", args=[concluded.pk]), ""),
                (reverse("agreement", args=[concluded.agreement.pk]), "26-convenzione"),
                (reverse("accreditations"), ""),
                (reverse("application_receipt", args=[sent.pk]), "13-ricevuta"),
                (reverse("application", args=[asked.pk]), ""),
                (reverse("application_completion", args=[asked.pk, 1]), ""),
                (reverse("application_withdraw", args=[sent.pk]), ""),
            ]
        case "irene.galli":
            planned = Space.objects.get(support_plan__isnull=False)
            return [
                (reverse("my_network"), ""),
                (reverse("support"), ""),
                (reverse("support_space", args=[planned.pk]), ""),
                (reverse("service_links"), ""),
            ]
        case "elena.riva":
            sheet = Sheet.objects.filter(member__user__email__startswith=f"{name}@", state="open", marks__isnull=False).first()
            return [(reverse("sheet", args=[sheet.pk]), "09-scheda")]
        case "stefano.marino":
            sheet = Sheet.objects.filter(member__user__email__startswith=f"{name}@", state="final").first()
            return [
                (reverse("sheet", args=[sheet.pk]), ""),
                (reverse("declarations", args=[EVALUATION]), ""),
                (reverse("composition", args=[EVALUATION, "area-1"]), "19-composizione"),
                (reverse("comparison", args=[BY_LOT, "area-2", "integrazione"]), ""),
            ]
        case "marta.villa":
            return [
                (reverse("commission_sessions", args=[EVALUATION]), "20-sedute"),
                (reverse("commission_minutes", args=[EVALUATION, 1]), "21-verbale"),
            ]
        case "anna.bruni":
            sent = Application.objects.filter(call__slug=EVALUATION, state=S.SUBMITTED).first()
            agreed = Application.objects.get(call__slug=CONCLUDED, state=S.AGREED, area_code="area-1")
            space = Space.objects.public().first()
            late = Application.objects.get(call__slug=EVALUATION, state=S.DRAFT)
            answered = Application.objects.get(completion_requests__answer__isnull=False)
            return [
                (reverse("desk_evidence", args=[EVALUATION]), "14-scadenza"),
                (reverse("desk_application_dossier", args=[late.pk]), ""),
                (reverse("desk_application", args=[answered.pk]), ""),
                (reverse("desk"), "07-scrivania"),
                (reverse("desk_call", args=[OPEN]), ""),
                (reverse("desk_call", args=[EVALUATION]), ""),
                (reverse("desk_applications", args=[OPEN]), ""),
                (reverse("desk_application", args=[sent.pk]), "08-verifica"),
                (reverse("desk_commission", args=[EVALUATION]), ""),
                (reverse("desk_evaluation", args=[EVALUATION]), ""),
                (reverse("desk_ranking", args=[CONCLUDED, "area-1"]), ""),
                (reverse("desk_sessions", args=[EVALUATION]), ""),
                (reverse("desk_observations", args=[BY_LOT, "area-1"]), ""),
                (reverse("desk_draw", args=[BY_LOT, "area-1"]), ""),
                (reverse("desk_places", args=[BY_LOT, "area-1"]), ""),
                (reverse("desk_robustness", args=[BY_LOT, "area-1"]), ""),
                (reverse("desk_plots", args=[BY_LOT]), ""),
                (reverse("desk_agreement", args=[agreed.pk]), ""),
                (reverse("desk_network"), "27-rete-ufficio"),
                (reverse("desk_checks", args=[CONCLUDED, "area-1"]), ""),
                (reverse("desk_table", args=[CONCLUDED, "area-1"]), "28-tavolo"),
                (reverse("desk_agreements"), ""),
                (reverse("desk_reports"), ""),
                (reverse("desk_spaces"), ""),
                (reverse("desk_space", args=[space.pk]), ""),
            ]
    return []
