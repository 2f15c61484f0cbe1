"""The road of the network clicked in the browser: from the declarations of two selected bodies to a citizen who reads an answer.

Time is moved, and what nobody clicks here (a second session, the other tasks, an accreditation) is done by the acts behind the
pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from network.actions import (
    check_all,
    describe_space,
    draft_agreement,
    fit_out,
    open_table,
    plan_table_session,
    say_staff_ready,
    say_trained,
    sign_part,
    start_project,
)
from network.contents import missing
from network.models import Owner, Project, Request, Service, Space
from tests import builders_agreement as agreements
from tests.builders import body, person
from tests.builders_agreement import Agreed, pay_all, signed_file
from tests.builders_catalogue import offer
from tests.builders_network import Two, two_selected
from tests.builders_space import school, settle
from tests.history import history
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, press, sign_in, sign_out, type_in, unfold
from tests.journeys.test_road import at
from tests.road import ACTS, OPENED, SIGNED
from tests.test_network_road import ASKED, CHECKS, CONCLUDED, FIRST, HOUR, PUBLISHED, TABLE

Open = Callable[..., Page]
PRESENT = ("Anna Ufficio, direzione", "Carla Referente, presidente", "Dario Direttore, direttore")
"""Of the administration and of the two bodies, in the order of the page."""


def test_two_selected_bodies_open_a_spazio_that_answers_a_citizen(page_at: Open, look: Look, live_server, settings) -> None:
    settings.SITE_URL = live_server.url
    two = two_selected()
    with at(CHECKS):
        _the_checks(page_at(1280), look, two)
    with at(FIRST):
        _a_session(page_at(1280), look, two)
    with at(CONCLUDED):
        _the_end_of_the_table(page_at(360), look, two)
    with at(agreements.PREPARED):
        made = _the_text(page_at(1280), look, two)
    with at(agreements.UPLOADED):
        _the_signature_of_the_body(page_at(360), look, made)
    with at(SIGNED):
        _the_registration(page_at(1280), look, made)
    with at(PUBLISHED):
        _the_publication(page_at(1280), look, made)
    with at(OPENED):
        space = _the_opening(page_at(360), look, made)
    service = _a_service(two)
    with at(ASKED):
        citizen = page_at(360)
        request = _a_citizen_asks(citizen, look, service, space)
        _the_operator_answers(page_at(1280), look, two.road.applicant, request)
        _the_citizen_reads(citizen, look)

    assert history(Application.objects.get(pk=two.road.application.pk)) == ACTS
    assert history(made.fresh()) == ["change_parties", "edit", "prepare", "sign_part", "sign_part", "sign", "publish"]
    assert history(space) == ["fit_out", "staff", "train", "describe", "open"]
    assert history(request) == ["receive", "take", "answer"]


def _the_checks(page: Page, look: Look, two: Two) -> None:
    office, call = two.road.office, two.road.call
    plan = check_all(call, "area-1", due_on=(CHECKS + timedelta(days=30)).date(), by=office, at=CHECKS)
    sign_in(page, office)
    page.goto(reverse("desk_checks", args=[call.slug, "area-1"]))
    look(page)
    for box in page.locator('main input[name="check"]').all():
        box.check()
    press(page, "Conferma le selezionate")
    expect(page.get_by_role("button", name="Concludi i controlli")).to_be_visible()
    press(page, "Concludi i controlli")
    expect(page.get_by_role("button", name="Conferma le selezionate")).to_have_count(0)
    look(page, "closed")
    plan.refresh_from_db()
    assert history(plan) == ["check_all", "close"]


# --- the table --------------------------------------------------------------------------------------------------------


def _a_session(page: Page, look: Look, two: Two) -> None:
    """Who is there, what changes in the project, that the table agrees on it, and the minutes of all that."""
    office, call = two.road.office, two.road.call
    table = open_table(call, "area-1", by=office, at=TABLE)
    project = start_project(table, two.both, title="Due porte, un quartiere", by=office, at=TABLE + HOUR)
    plan_table_session(table, planned_at=FIRST, place="Sala 3", agenda="Il progetto", by=office, at=TABLE + HOUR)
    here = reverse("desk_table_session", args=[call.slug, "area-1", 1])
    sign_in(page, office)
    page.goto(reverse("desk_table", args=[call.slug, "area-1"]))
    look(page)
    follow(page.locator("main"), "Incontro n. 1")
    look(page, "planned")
    for field, somebody in zip(page.locator('main [name^="more_"]').all(), PRESENT, strict=True):
        field.fill(somebody)
    press(page, "Apri l'incontro")
    type_in(page, {"text": "Gli orari sono di entrambi gli enti."})
    press(page, "Salva la decisione")
    expect(page.locator("main")).to_contain_text("Gli orari sono di entrambi gli enti.")
    look(page, "open")
    _a_version(page, look, project)
    page.goto(here)
    press(page, "Chiudi l'incontro")
    expect(page.locator("main")).to_contain_text("Gli orari sono di entrambi.")
    look(page, "draft")
    press(page, "Salva e approva")
    expect(page.locator("main")).to_contain_text("non cambia più")
    pay_all(FIRST + HOUR)


def _a_version(page: Page, look: Look, project: Project) -> None:
    page.goto(reverse("desk_project", args=[project.pk]))
    look(page)
    follow(page.locator("#write + p + ul"), "La proposta")
    look(page)
    type_in(
        page, {"azioni-dello-spazio": "Ascolto la mattina, orientamento il pomeriggio.", "note": "Gli orari sono di entrambi."}
    )
    press(page, "Salva la versione nuova")
    expect(page.locator("main")).to_contain_text("Cambi qualcosa che la commissione ha valutato: scrivi perché")
    look(page, "refused")
    type_in(page, {"touches_reason": "Le due proposte restano le prime anche così."})
    press(page, "Salva la versione nuova")
    page.locator("summary").filter(has_text="Il tavolo l'ha approvata").filter(has_text="versione 2").click()
    page.locator("#session-2").select_option(index=1)
    press(page, "Scrivi l'approvazione", "versione 2")
    expect(page.locator("ol.bando-timeline")).to_contain_text("nell'incontro n. 1")
    look(page, "agreed")


def _the_end_of_the_table(page: Page, look: Look, two: Two) -> None:
    sign_in(page, two.road.office)
    page.goto(reverse("desk_table", args=[two.road.call.slug, "area-1"]))
    type_in(page, {"conclusion": "Un progetto, due porte."})
    press(page, "Concludi il tavolo")
    expect(page.locator("main")).to_contain_text("Come si è concluso")
    look(page, "concluded")


# --- the agreement ----------------------------------------------------------------------------------------------------


def _the_text(page: Page, look: Look, two: Two) -> Agreed:
    row = draft_agreement(two.road.fresh(), at=agreements.DRAFTED)
    made = Agreed(two.road, row)
    sign_in(page, two.road.office)
    page.goto(reverse("desk_agreement", args=[row.application_id]))
    look(page, "draft")
    page.goto(reverse("desk_agreement_parties", args=[row.application_id]))
    days = {"starts_on": "2022-05-01", "ends_on": "2024-04-30"}
    type_in(page, {f"signer-{made.administration.pk}": "Paola Sindaca", "amount": "30.000,00", **days})
    look(page)
    press(page, "Salva")
    expect(page.locator("main")).to_contain_text("Parti e importo sono salvati.")
    page.goto(reverse("desk_agreement_text", args=[row.application_id]))
    look(page)
    unfold(page.locator("section").filter(has=page.locator("#gaps")))
    type_in(page, {f"waived-{code}": "L'avviso non lo prevede." for code in missing(row.articles)})
    press(page, "Salva e prepara per la firma")
    expect(page.locator("main")).to_contain_text("Testo pronto per la firma")
    look(page, "ready")
    pay_all(agreements.PREPARED + HOUR)
    made.fresh()
    return made


def _the_signature_of_the_body(page: Page, look: Look, made: Agreed) -> None:
    by_the_office = signed_file(made, agreements.MAYOR)
    sign_part(made.row, [made.administration], by_the_office, by=made.office, at=agreements.UPLOADED)
    sign_in(page, made.road.applicant)
    page.goto(reverse("my_network"))
    look(page)
    follow(page.locator("main"), "Convenzione:")
    look(page, "to sign")
    page.goto(reverse("agreement_sign", args=[made.row.pk]))
    signed = signed_file(made, agreements.CARLA)
    file = {"name": "convenzione.pdf", "mimeType": "application/pdf", "buffer": signed.read()}
    page.locator("main input[type=file]").set_input_files(file)
    press(page, "Carica il file firmato")
    expect(page.locator("main")).to_contain_text("Lo stiamo leggendo")
    pay_all(agreements.UPLOADED + HOUR)
    page.reload()
    expect(page.locator("main")).to_contain_text("Firmata")
    look(page)


def _the_registration(page: Page, look: Look, made: Agreed) -> None:
    sign_in(page, made.office)
    page.goto(reverse("desk_agreement", args=[made.row.application_id]))
    type_in(page, {"number": "77/2022", "signed_on": "2022-04-11", "starts_on": "2022-05-01", "ends_on": "2024-04-30"})
    look(page, "signed by all")
    press(page, "Registra la convenzione firmata")
    expect(page.locator("main")).to_contain_text("Convenzione registrata: l'ente è partner della rete.")


def _the_publication(page: Page, look: Look, made: Agreed) -> None:
    sign_in(page, made.office)
    page.goto(reverse("desk_agreement_publication", args=[made.row.application_id]))
    facts = {**agreements.DISCLOSURE, "published_on": "2022-04-20", "publication": "https://esempio.it/trasparenza/77"}
    type_in(page, facts)
    look(page)
    press(page, "Registra la pubblicazione")
    expect(page.locator("main")).to_contain_text("Efficace")
    sign_out(page)
    page.goto(reverse("public_agreements"))
    expect(page.locator("main")).to_contain_text("Cooperativa Prima")
    look(page)


# --- the Spazio -------------------------------------------------------------------------------------------------------


def _the_opening(page: Page, look: Look, made: Agreed) -> Space:
    """The body finishes a task, the office opens the door; what lies between them has its own tests."""
    office, runner = made.office, made.road.applicant
    space = Space.objects.get(partnership__agreement=made.row)
    fit_out(space, by=office, at=OPENED)
    sign_in(page, runner)
    page.goto(reverse("my_space", args=[space.pk]))
    look(page)
    task = space.tasks.to_settle().filter(owner=Owner.PARTNER).order_by("position").first()
    follow(page.locator("main"), task.title)
    type_in(page, {"note": "Le chiavi sono in ufficio."})
    look(page)
    press(page, "Segna come fatto")
    expect(page.locator("main")).to_contain_text("Il compito è fatto.")
    settle(space, by=office, at=OPENED)
    say_staff_ready(space, by=office, at=OPENED)
    school(space, at=OPENED)
    say_trained(space, by=office, at=OPENED)
    hours = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
    describe_space(space, phone="02 0000 0001", hours=hours, by=runner, at=OPENED)
    sign_out(page)
    sign_in(page, office)
    page.goto(reverse("desk_space", args=[space.pk]))
    type_in(page, {"on": "2022-05-02"})
    press(page, "Apri lo Spazio ai cittadini")
    expect(page.locator("main")).to_contain_text("Lo Spazio è aperto")
    look(page, "open")
    space.refresh_from_db()
    return space


def _a_service(two: Two) -> Service:
    call_command("load_catalogue", verbosity=0)
    answerer = person(name="Livia Risponde")
    return offer(body("Cooperativa Che Risponde", by=answerer), by=answerer, office=two.road.office, at=OPENED).public


# --- the citizen ------------------------------------------------------------------------------------------------------


def _a_citizen_asks(page: Page, look: Look, service: Service, space: Space) -> Request:
    page.goto(reverse("services"))
    look(page)
    type_in(page, {"q": "badante"})
    press(page, "Cerca")
    look(page, "found")
    follow(page.locator("main"), service.title)
    look(page)
    follow(page, "Chiedi questo servizio")
    page.wait_for_timeout(3_000)  # who sends sooner is a robot
    person = {
        "name": "Rosa",
        "phone": "333 0001112",
        "need": "Cerco una badante per la mia mamma.",
        "municipio": str(space.municipio),
    }
    type_in(page, person)
    look(page)
    press(page, "Invia la richiesta")
    expect(page.locator("h1")).to_have_text(re.compile("^Richiesta "))
    look(page, "received")
    return Request.objects.get()


def _the_operator_answers(page: Page, look: Look, operator: User, request: Request) -> None:
    sign_in(page, operator)
    page.goto(reverse("requests"))
    look(page)
    follow(page.locator("main"), request.number)
    look(page, "received")
    press(page, "Prendi in carico")
    page.locator('main [name="kind"][value="answer"]').check()
    type_in(page, {"text": "Possiamo cominciare lunedì alle nove."})
    look(page, "taken")
    press(page.locator("main"), "Scrivi")
    expect(page.locator("main")).to_contain_text("La risposta è inviata.")


def _the_citizen_reads(page: Page, look: Look) -> None:
    page.reload()
    expect(page.locator("main")).to_contain_text("Possiamo cominciare lunedì alle nove.")
    look(page, "answered")
