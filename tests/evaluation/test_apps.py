"""The main menu of who sits on a commission."""

import pytest
from django.urls import reverse

from evaluation.models import MemberRole
from tests import road as roads
from tests.builders import person

pytestmark = pytest.mark.django_db


def menu(client) -> list[str]:
    return [str(entry["label"]) for entry in client.get(reverse("home")).context["navigation"]]


def test_the_menu_follows_what_the_person_does(client):
    assert menu(client) == ["Avvisi", "Spazi WeMi", "Servizi"]
    road = roads.appointed()
    for user, more in ((road.applicant, ["Le mie domande"]), (road.office, ["Scrivania", "La rete"])):
        client.force_login(user)
        assert menu(client) == ["Avvisi", "Spazi WeMi", "Servizi", *more]
    client.force_login(road.members[0])
    assert menu(client) == ["Avvisi", "Spazi WeMi", "Servizi", "Le mie domande", "Valutazioni"]


def test_who_is_appointed_while_signed_in_finds_the_evaluations_from_their_page(client):
    road = roads.appointed()
    late = person()
    client.force_login(late)
    road.commission.members.create(user=late, role=MemberRole.MEMBER, order=9)
    assert "Valutazioni" not in menu(client)
    client.get(reverse("my_evaluations"))
    assert menu(client)[-1] == "Valutazioni"
