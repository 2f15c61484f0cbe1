"""The pages of the places: who leaves, whose place is given again, and a body that gives up."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from applications.models import Application
from applications.states import ApplicationState as S
from evaluation.models import Departure
from evaluation.rules.places import measures_proposals_together
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, call_of_every_type, commission, mark_all, published, same, small_call
from tests.clock import arriving
from workflow.duties import pay

pytestmark = pytest.mark.django_db

LATER = RANKED_AT + timedelta(days=10)
ACT = {"act_number": "230/2021", "act_date": "11/12/2021"}


@pytest.fixture
def office():
    return official()


@pytest.fixture
def placed():
    call = small_call(places=1, more="replacement: {mode: until_agreement}")
    given = {
        admitted(call, name="Prima"): same(["ottimo", "ottimo", "ottimo"]),
        admitted(call, name="Seconda"): same(["buono", "buono", "buono"]),
    }
    mark_all(commission(call), given)
    published(call)
    return [Application.objects.get(pk=row.pk) for row in given]


def page(client, application=None, **data):
    url = reverse("desk_places", args=["prova", "area-1"])
    url += f"?domanda={application.number}" if application else ""
    with arriving(LATER):
        return client.post(url, data) if data else client.get(url)


def test_an_address_with_a_nul_chooses_no_proposal(client, placed, office):
    client.force_login(office)
    shown = client.get(reverse("desk_places", args=["prova", "area-1"]), {"domanda": "\x00"})
    assert (shown.status_code, shown.context["chosen"]) == (200, None)


def test_the_office_takes_a_proposal_out_and_gives_its_place_again(client, placed, office):
    first, _second = placed
    client.force_login(office)
    assert 'name="leave"' in page(client, first).content.decode()
    left = page(client, first, leave="1", outcome="forfeited", reason="Non ha firmato.", **ACT)
    assert left.status_code == 302
    shown = page(client).content.decode()
    assert ("Il suo posto è libero." in shown, 'name="give"' in shown) == (True, True)
    departure = Departure.objects.get()
    assert page(client, give="1", departure=departure.pk, reason="Scorrimento.").status_code == 302
    departure.refresh_from_db()
    assert (departure.given_reason, departure.given_by) == ("Scorrimento.", office)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "Sì.", **ACT}, "Scegli che cosa succede."),
        ({"outcome": "excluded", "reason": "", **ACT}, "Scrivi il motivo: lo legge l&#x27;ente."),
        ({"outcome": "excluded", "reason": "Sì."}, "Scrivi il numero dell&#x27;atto."),
        (
            {"outcome": "excluded", "reason": "Sì.", "act_number": "1", "act_date": "11/12/2999"},
            "La data dell&#x27;atto è nel futuro.",
        ),
    ],
    ids=["nothing chosen", "no reason", "no act", "an act of the future"],
)
def test_what_is_missing_is_said_and_nobody_leaves(client, placed, office, typed, words):
    client.force_login(office)
    answer = page(client, placed[0], leave="1", **typed)
    assert (words in answer.content.decode(), Departure.objects.count()) == (True, 0)


def test_a_renunciation_by_pec_needs_no_act(client, placed, office):
    client.force_login(office)
    assert page(client, placed[0], leave="1", outcome="renounced", reason="PEC prot. 123.").status_code == 302
    assert Departure.objects.get().outcome == "renounced"


@pytest.mark.parametrize(("rescaling", "asked"), [("[]", True), ("[criterion]", True)])
def test_where_proposals_are_measured_together_it_is_asked_what_becomes_of_the_others(rescaling, asked):
    call = call_of_every_type(rescaling=rescaling)
    assert measures_proposals_together(call.notice.grid_for("area-1")) is asked
    assert measures_proposals_together(small_call().notice.grid_for("area-1")) is False


@pytest.mark.parametrize(
    ("role", "status", "state"),
    [(Role.LEGAL_REPRESENTATIVE, 302, S.RENOUNCED), (Role.COLLABORATOR, 409, S.SELECTED)],
)
def test_who_represents_the_body_gives_up_from_its_own_page(client, placed, role, status, state):
    somebody = person()
    placed[0].organisation.memberships.create(user=somebody, role=role)
    client.force_login(somebody)
    with arriving(LATER):
        answer = client.post(reverse("application_renounce", args=[placed[0].pk]), {"sure": "on", "reason": "Troppo lavoro."})
    placed[0].refresh_from_db()
    assert (answer.status_code, placed[0].state) == (status, state)


def test_one_press_without_the_box_is_no_renunciation(client, placed):
    client.force_login(placed[0].created_by)
    with arriving(LATER):
        answer = client.post(reverse("application_renounce", args=[placed[0].pk]), {"reason": "Troppo lavoro."})
    assert "Per rinunciare segna questa casella." in answer.content.decode()
    assert "Troppo lavoro." in answer.content.decode()
    assert Departure.objects.count() == 0


def test_another_body_does_not_see_the_page(client, placed):
    client.force_login(placed[1].created_by)
    assert client.get(reverse("application_renounce", args=[placed[0].pk])).status_code == 404


def test_the_body_is_told_that_it_is_out(client, placed, office, mailoutbox):
    client.force_login(office)
    page(client, placed[1], leave="1", outcome="excluded", reason="Manca lo statuto.", **ACT)
    while pay(LATER):
        pass
    told = [mail for mail in mailoutbox if mail.subject.endswith("esclusa")]
    assert [(mail.subject, "Manca lo statuto." in mail.body) for mail in told] == [
        (f"Domanda {placed[1].number}: esclusa", True)
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_database_as_little_as_this(client, office, django_assert_num_queries, rows):
    call = small_call(slug=f"righe-{rows}", places=9)
    for number in range(rows):
        application = admitted(call, name=f"Ente {number}")
        Departure.objects.create(
            application=admitted(call, name=f"Uscita {number}"),
            outcome="excluded",
            reason="Sì.",
            by=office,
            at=LATER,
            scored=False,
        )
    client.force_login(office)
    with arriving(LATER), django_assert_num_queries(7):
        client.get(reverse("desk_places", args=[call.slug, application.area_code]))
