"""A deadline with trouble: reported by a phone whose clock is wrong, and read at the desk, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application, Event, ProbeReading, TroubleReport
from tests.builders import DEADLINE, draft_application, official, person
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, press, sign_in

NOW = DEADLINE + timedelta(minutes=5)


@pytest.fixture
def application(db, live_server) -> Iterator[Application]:
    with time_machine.travel(NOW, tick=True):
        yield draft_application(by=person("anna@esempio.it", "Anna Bianchi"))


@pytest.mark.parametrize("javascript", [True, False])
def test_trouble_is_reported_with_and_without_scripts(
    page_at: Callable[..., Page], application: Application, look: Look, javascript: bool
) -> None:
    page = page_at(360, javascript=javascript)
    sign_in(page, application.created_by)
    page.goto(reverse("application", args=[application.pk]))
    follow(page, "Segnala un problema")
    if javascript:
        page.clock.set_fixed_time("2021-10-18T08:00:00Z")  # two hours behind the server
        page.reload()
    page.get_by_label("Che cosa non funziona?").fill("Premo Invia e non succede niente.")
    press(page, "Manda la segnalazione")
    report = TroubleReport.objects.get()
    expect(page.get_by_role("heading", name=report.number)).to_be_visible()
    assert report.page == "La tua domanda"
    assert report.device_clock == ("2021-10-18T08:00:00.000Z +02:00" if javascript else "")
    if javascript:
        look(page, "segnala-un-problema")


def test_the_office_reads_the_deadline_in_one_page(page_at: Callable[..., Page], application: Application, look: Look) -> None:
    facts = {"call": application.call, "application": application, "by": application.created_by}
    for second in range(-50, 20, 10):
        at = DEADLINE + timedelta(seconds=second)
        Event.objects.create(
            **facts, kind="submit", outcome="refused", arrived_at=at, ended_at=at, facts={"reasons": ["Tardi."]}
        )
        ProbeReading.objects.create(what="door", at=at, took_us=8_200_000, ok=True)
    page = page_at(1280)
    sign_in(page, official("ufficio@comune.esempio.it"))
    page.goto(reverse("desk_evidence", args=[application.call.slug]))
    expect(page.get_by_text("Il sito ha risposto in ritardo")).to_be_visible()
    look(page, "scadenza")
    follow(page, application.organisation.name)
    press(page, "Prepara il dossier firmato")
    expect(page.get_by_text("In preparazione: ricarica la pagina tra poco")).to_be_visible()
    look(page, "dossier")
