"""Where somebody finds what the network asks of them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from network.actions import close_space, draft_agreement, remark_on_report
from network.models import Space
from network.overview import of_the_office, takes_part
from network.states import SpaceState
from tests import road as roads
from tests.builders import person
from tests.builders_network import two_selected
from tests.builders_report import AFTER, AT_THE_END, sent, term_of
from tests.builders_support import CALLED, accompanied, training
from tests.pages import text

pytestmark = pytest.mark.django_db


def entries(client, user, moment=AFTER) -> dict[str, tuple[bool, str]]:
    with time_machine.travel(moment, tick=False):
        client.force_login(user)
        groups = client.get(reverse("my_network")).context["groups"]
    return {str(task["label"]): (task["waits"], str(task["hint"])) for group in groups for task in group["tasks"]}


def menu(client) -> list[str]:
    return [str(entry["label"]) for entry in client.get(reverse("home")).context["navigation"]]


def test_who_takes_part_in_nothing_reads_what_will_be_here(client):
    client.force_login(person(name="Ugo Estraneo"))
    assert "quando un tuo ente è selezionato o accreditato" in text(client.get(reverse("my_network")))
    assert "La rete" not in menu(client)


def test_a_partner_finds_its_agreement_its_spazi_and_what_is_due(client):
    road = roads.opened()
    term_of(road)
    assert takes_part(road.applicant)
    found = entries(client, road.applicant)
    call = road.call.notice.title
    assert found[f"Convenzione: {call}"] == (False, road.agreement.__class__.objects.get().get_state_display())
    assert found["Rendiconti"] == (True, "1 rendiconto da inviare")
    with time_machine.travel(AFTER, tick=False):
        assert "La rete" in menu(client)


def test_a_report_is_not_due_before_its_term_is_over_nor_from_a_spazio_that_has_not_opened(client):
    road = roads.opened()
    term_of(road)
    assert entries(client, road.applicant, roads.OPENED)["Rendiconti"] == (False, "")
    Space.objects.filter(pk=road.space.pk).update(state=SpaceState.PLANNED, opened_on=None)
    assert entries(client, road.applicant)["Rendiconti"] == (False, "")


def test_a_report_is_due_of_the_term_in_which_a_spazio_closed_and_of_none_after_it(client):
    road = roads.opened()
    term_of(road)
    term_of(road, 2)
    assert entries(client, road.applicant, AT_THE_END)["Rendiconti"] == (True, "2 rendiconti da inviare")
    close_space(road.space, reason="Trasloco.", by=road.office, at=AFTER - timedelta(days=2))
    assert entries(client, road.applicant, AT_THE_END)["Rendiconti"] == (True, "1 rendiconto da inviare")


def test_the_first_page_counts_the_reports_that_their_list_asks_for(client):
    road = roads.opened()
    report = sent(road)
    remark_on_report(report, text="Quante volontarie?", seen=1, by=road.office, at=AFTER)
    Space.objects.filter(pk=road.space.pk).update(opened_on=date(2022, 8, 1))  # a day that was corrected since
    assert entries(client, road.applicant)["Rendiconti"] == (True, "1 rendiconto da inviare")
    with time_machine.travel(AFTER, tick=False):
        asked = client.get(reverse("my_reports")).context["now_due"]
    assert [row["report"] for row in asked] == [report]


def test_who_accompanies_the_network_finds_its_meetings(client):
    network = accompanied()
    training(network)
    assert entries(client, network.method, CALLED)["Accompagnamento della rete"] == (False, "1 incontro in programma")


def test_the_office_finds_everything_from_one_page(client):
    road = roads.opened()
    client.force_login(road.office)
    assert client.get(reverse("my_network")).status_code == 302
    labels = [str(task["label"]) for group in of_the_office(AFTER) for task in group["tasks"]]
    page = text(client.get(reverse("desk_network")))
    assert len(labels) == 11 and [label for label in labels if label not in page] == []


def test_a_selected_proposal_without_agreement_waits_for_the_office(client):
    two = two_selected()

    def hint() -> str:
        return next(task["hint"] for group in of_the_office(AFTER) for task in group["tasks"] if "da scrivere" in task["label"])

    client.force_login(two.road.office)
    assert hint() == "2 proposte selezionate senza convenzione"
    draft_agreement(two.both[0], at=roads.SIGNED)
    assert hint() == "1 proposta selezionata senza convenzione"
    assert f"Prepara la convenzione {two.second.number}" in text(client.get(reverse("desk_agreements")))
    draft_agreement(two.both[1], at=roads.SIGNED)
    assert hint() == ""
    assert "Prepara la convenzione" not in text(client.get(reverse("desk_agreements")))


@pytest.mark.parametrize("spaces", [1, 5])
def test_the_page_asks_as_much_for_one_spazio_as_for_five(client, spaces, django_assert_num_queries):
    road = roads.opened()
    for n in range(spaces - 1):
        Space.objects.create(slug=f"s-{n}", name=f"S {n}", partnership=road.space.partnership, state=SpaceState.OPEN)
    term_of(road)
    with time_machine.travel(AFTER, tick=False):
        client.force_login(road.applicant)
        with django_assert_num_queries(19):
            client.get(reverse("my_network"))
