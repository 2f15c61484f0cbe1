import re

import pytest
from django.urls import reverse

from network.actions import describe_space, fit_out, plan_further_space, say_staff_ready
from network.models import Space
from network.onboarding import SCHOOLING, STAFFING
from tests import road as roads
from tests.builders import person
from tests.builders_space import give_effect, school, settle
from tests.network.test_actions_spaces import methodist
from tests.pages import carried, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_morning")]


@pytest.fixture
def road():
    return roads.agreed()


@pytest.mark.parametrize("many", [2, 20])
def test_a_body_sees_all_its_spaces_at_the_same_cost(client, django_assert_num_queries, road, many):
    for number in range(many - 1):
        plan_further_space(road.space.partnership, name=f"Spazio {number}", reason="Atto.", by=road.office, at=roads.SIGNED)
    client.force_login(road.applicant)
    with django_assert_num_queries(4):
        page = text(client.get(reverse("my_spaces")))
    assert page.count("0 di 11") == many


def test_who_has_no_space_reads_when_one_appears(client, road):
    client.force_login(person())
    assert "Uno Spazio compare qui quando l'ufficio registra la convenzione" in text(client.get(reverse("my_spaces")))
    assert client.get(reverse("my_space", args=[road.space.pk])).status_code == 404


@pytest.mark.parametrize("many", [3, 30])
def test_the_page_of_a_space_asks_the_same_for_three_and_for_thirty_tasks(client, django_assert_num_queries, road, many):
    road.space.tasks.all().delete()
    for number in range(many):
        road.space.tasks.create(kind="place", title=f"Compito {number}.", owner="partner", person=road.applicant)
    client.force_login(road.applicant)
    with django_assert_num_queries(12):
        page = text(client.get(reverse("my_space", args=[road.space.pk])))
    assert page.count("Comincia : Compito") == many


def test_who_runs_a_space_writes_what_citizens_read_but_for_name_and_place(client, road):
    client.force_login(road.applicant)
    url, was = reverse("my_space", args=[road.space.pk]), road.space.name
    facts = {"save": "1", "name": "Altro", "phone": "02 1", "languages": ["it", "ar"], "transport": "M3", "hours_1": "9-13"}
    assert client.post(url, {**facts, **carried(client, url)}).status_code == 302
    stored = Space.objects.get()
    assert (stored.name, stored.phone, stored.languages, stored.transport) == (was, "02 1", ["it", "ar"], "M3")
    page = text(client.get(url))
    assert "Cambiato quello che leggono i cittadini" in page
    assert "Mezzi pubblici: da «niente» a «M3»" in page


def test_the_days_that_are_not_as_usual_are_written_in_words(client, road):
    client.force_login(road.applicant)
    url = reverse("my_space", args=[road.space.pk])
    typed = {"exceptions": "1", "first_0": "2022-08-08", "last_0": "2022-08-21", "why_0": "Vacanze", "holidays": ["2022-06-02"]}
    assert client.post(url, {**typed, **carried(client, url)}).status_code == 302
    assert Space.objects.get().exceptions == [
        {"first": "2022-06-02", "last": "2022-06-02", "hours": [], "why": "Festa della Repubblica"},
        {"first": "2022-08-08", "last": "2022-08-21", "hours": [], "why": "Vacanze"},
    ]
    page = text(client.post(url, {**typed, "last_0": "2022-08-01"}))
    assert "L'ultimo giorno viene prima del primo: correggi le date." in page


def test_two_people_at_the_days_of_one_spazio_read_what_each_wrote(client, road):
    client.force_login(road.applicant)
    url = reverse("my_space", args=[road.space.pk])
    mine = {"exceptions": "1", "first_0": "2022-08-08", "why_0": "Ferie", **carried(client, url)}
    theirs = [
        {"first": "2022-06-03", "last": "2022-06-03", "hours": [{"opens": "09:00", "closes": "12:00"}], "why": "Ponte"},
        {"first": "2022-12-24", "last": "2022-12-31", "hours": [], "why": ""},
    ]
    describe_space(road.space, by=road.office, at=roads.SIGNED, exceptions=theirs)
    page = client.post(url, mine)
    assert (page.status_code, Space.objects.get().exceptions) == (409, theirs)
    assert (
        "Quello che ha scritto l'altra persona: Giorni diversi dal solito 3 giugno 2022: 09:00-12:00 (Ponte) "
        "dal 24 dicembre 2022 al 31 dicembre 2022: chiuso"
    ) in text(page)
    assert 'name="why_0" value="Ferie"' in page.content.decode()
    carries = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', page.content.decode()))
    assert client.post(url, {**mine, **carries}).status_code == 302
    assert [row["why"] for row in Space.objects.get().exceptions] == ["Ferie"]


def test_who_accompanies_the_network_says_that_people_are_trained_and_writes_no_data(client, road):
    guide = methodist(road)
    give_effect(road.space.partnership.agreement, by=road.office, at=roads.SIGNED)
    fit_out(road.space, by=road.office, at=roads.OPENED)
    settle(road.space, by=road.office, at=roads.OPENED, kinds=tuple(STAFFING))
    say_staff_ready(road.space, by=road.office, at=roads.OPENED)
    client.force_login(guide)
    url = reverse("my_space", args=[road.space.pk])
    page = text(client.get(url))
    assert "Il personale è formato" not in page
    assert "Salva i dati" not in page
    refused = client.post(url, {"train": "1"})
    assert (refused.status_code, "Prima concludi, o togli con un motivo" in text(refused)) == (409, True)
    settle(road.space, by=guide, at=roads.OPENED, kinds=tuple(SCHOOLING))
    school(road.space, at=roads.OPENED)
    assert "Il personale è formato" in text(client.get(url))
    assert client.post(url, {"train": "1"}).status_code == 302
    assert Space.objects.get().state == "trained"


def test_a_body_says_of_nobody_that_they_are_trained(client, road):
    client.force_login(road.applicant)
    refused = client.post(reverse("my_space", args=[road.space.pk]), {"train": "1"})
    assert (refused.status_code, Space.objects.get().state) == (409, "planned")
