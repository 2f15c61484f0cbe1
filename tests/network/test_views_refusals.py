"""A page whose row moved on meanwhile says why nothing was saved and gives back what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from network import actions
from network.models import Service
from network.request_keys import key_of
from network.states import ServiceState
from tests import road as roads
from tests.builders_agreement import PREPARED, written
from tests.builders_report import AFTER, saved
from tests.builders_request import NOW, desk, taken
from tests.builders_table import HOUR, PLANNED, held, opened
from tests.clock import arriving

pytestmark = pytest.mark.django_db

WORDS = "Parole scritte a lungo"


def fields_of(form) -> dict:
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def test_a_citizen_whose_service_left_the_catalogue_keeps_what_was_written_and_asks_for_orientation(client):
    made = desk()
    url = f"{reverse('request_new')}?servizio={made.service.slug}"
    with arriving(NOW):
        token = client.get(url).context["form"]["token"].value()
    Service.objects.filter(pk=made.service.pk).update(state=ServiceState.WITHDRAWN)
    said = {"token": token, "name": "Rosa", "phone": "333 000111", "need": WORDS}
    with arriving(NOW + timedelta(minutes=5)):
        refused = client.post(url, said)
        assert (refused.status_code, client.get(url).status_code) == (409, 404)
        assert WORDS in refused.text
        assert "Questo servizio non è più nel catalogo." in refused.text
        assert f'action="{reverse("request_new")}"' in refused.text
    with arriving(NOW + timedelta(minutes=6)):
        again = client.post(reverse("request_new"), said | {"token": refused.context["form"]["token"].value()})
    assert again.status_code == 302


def test_a_message_to_a_request_that_was_closed_is_given_back_to_both(client):
    made = desk()
    row = taken(made)
    actions.close_request(row, "informed", by=made.operator, at=NOW + timedelta(hours=3))
    with arriving(NOW + timedelta(hours=4)):
        citizen = client.post(reverse("request_follow", args=[row.number, key_of(row)]), {"write": "1", "text": WORDS})
        client.force_login(made.operator)
        operator = client.post(reverse("request", args=[row.pk]), {"say": "1", "kind": "answer", "text": WORDS})
    assert [(page.status_code, page.text.count(WORDS)) for page in (citizen, operator)] == [(409, 1), (409, 1)]


def test_a_report_that_a_colleague_sent_gives_back_what_was_written(client):
    road = roads.opened()
    report = saved(road)
    actions.send_report(report, seen=1, by=road.applicant, at=AFTER)
    client.force_login(road.applicant)
    with arriving(AFTER):
        page = client.post(reverse("report", args=[road.space.pk, report.term_id]), {"seen": "1", "activities": WORDS})
    assert (page.status_code, page.text.count(WORDS)) == (409, 1)


def test_a_text_that_a_colleague_prepared_gives_back_only_what_was_changed(client):
    made = written()
    client.force_login(made.office)
    url = reverse("desk_agreement_text", args=[made.row.application_id])
    with arriving(PREPARED):
        typed = fields_of(client.get(url).context["form"]) | {"preamble": WORDS}
        actions.prepare_agreement(made.row, seen=made.row.version, by=made.office, at=PREPARED)
        page = client.post(url, typed)
    assert (page.status_code, [one["lines"] for one in page.context["unsaved"]]) == (409, [[WORDS]])


def test_minutes_that_a_colleague_approved_and_a_decision_after_the_closing_are_given_back(client):
    seats = opened()
    session = held(seats)
    where = (seats.call.slug, "area-1", session.number)
    client.force_login(seats.office)
    with arriving(PLANNED + HOUR * 2):
        typed = fields_of(client.get(reverse("desk_table_minutes", args=where)).context["writing"])
        actions.approve_table_minutes(session, seen=0, by=seats.office, at=PLANNED + HOUR * 2)
        minutes = client.post(reverse("desk_table_minutes", args=where), typed | {"text": WORDS, "save": "1"})
        decision = client.post(reverse("desk_table_session", args=where), {"decide": "1", "text": WORDS, "against": ""})
    assert [(page.status_code, page.text.count(WORDS)) for page in (minutes, decision)] == [(409, 1), (409, 1)]
