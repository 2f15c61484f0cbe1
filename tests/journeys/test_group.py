"""A group, from the invitation to the sending, on a phone: two people in two browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application, Participant
from tests.applications.grouping import Group, change_member, invited
from tests.builders import WORKDAY, body, person
from tests.journeys.conftest import Look
from tests.journeys.steps import follow, press, sign_in


@pytest.fixture
def group(db, live_server) -> Iterator[Group]:
    with time_machine.travel(WORKDAY, tick=True):
        yield invited(members=0)


def test_a_body_is_brought_in_joins_certifies_and_the_lead_sends(
    page_at: Callable[..., Page], group: Group, look: Look
) -> None:
    pk, who = group.application.pk, person("socia@esempio.it", "Sonia Socia")
    lead, partner = page_at(360), page_at(360)
    sign_in(lead, group.lead)
    lead.goto(reverse("application_section", args=[pk, "gruppo"]))
    look(lead)
    press(lead, "Salva e vai agli enti del gruppo")
    look(lead)
    lead.get_by_text("Aggiungi un ente").click()
    press(lead, "Aggiungi e invita")
    look(lead, "wrong")
    lead.get_by_label("Nome dell'ente").fill("La Socia")
    lead.get_by_label("E-mail di chi lo rappresenta").fill("socia@esempio.it")
    lead.get_by_label("Quota del progetto").fill("40 %")
    lead.get_by_label("Che cosa fa nel progetto").fill("Accoglie le persone allo sportello.")
    press(lead, "Aggiungi e invita")
    look(lead, "invited")
    follow(lead, "Cambia", "La Socia")
    look(lead)

    sign_in(partner, who)
    partner.goto(reverse("my_applications"))
    look(partner, "invited")
    follow(partner, "Invito di")
    look(partner, "without a body")
    body("La Socia vera", by=who)
    partner.reload()
    look(partner, "with a body")
    partner.get_by_label("La Socia vera").check()
    press(partner, "Accetta l'invito")
    look(partner, "to certify")
    for box in partner.get_by_role("checkbox").all():
        box.check()
    press(partner, "Conferma la scheda")
    expect(partner.get_by_text("Scheda confermata")).to_be_visible()
    look(partner, "certified")
    follow(partner, "Leggi tutta la domanda")
    look(partner)

    change_member(Participant.objects.get(is_lead=False), share=40_00, tasks="Apre.", by=group.lead, at=WORKDAY)
    partner.goto(reverse("participant", args=[Participant.objects.get(is_lead=False).pk]))
    look(partner, "fallen")
    for box in partner.get_by_role("checkbox").all():
        box.check()
    press(partner, "Conferma la scheda")

    lead.goto(reverse("application_people", args=[pk]))
    look(lead)
    lead.goto(reverse("application_review", args=[pk]))
    look(lead)
    press(lead, "Invia la domanda")
    expect(lead.locator(".bando-number")).to_be_visible()
    assert Application.objects.get(pk=pk).state == "submitted"
    partner.goto(reverse("organisation", args=[Participant.objects.get(is_lead=False).organisation_id]))
    look(partner)
    follow(partner, "Cambia", "Sonia Socia")
    look(partner)
