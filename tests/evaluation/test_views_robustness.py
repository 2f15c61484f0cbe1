"""How firm a ranking is, on its pages: before the act for who may read it, for everybody after."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership, Organisation
from applications.models import Application
from evaluation.actions import compute_ranking, declare, publish_ranking, reopen_evaluation
from evaluation.models import MemberRole, Robustness
from tests.builders import official, person
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    commission,
    computed,
    mark,
    mark_all,
    marking,
    published,
    same,
    small_call,
)
from workflow.duties import pay

pytestmark = pytest.mark.django_db

WHERE = ("prova", "area-1")


def everything_paid():
    while pay(RANKED_AT):
        pass


@pytest.fixture
def near():
    """One place and two proposals four thirds of a point apart: one level of one member is enough to turn them."""
    call = small_call(places=1)
    given = {
        admitted(call, name="Aurora"): [["ottimo", "buono", "buono"], *same(["buono", "buono", "buono"], 2)],
        admitted(call, name="Brezza"): same(["buono", "buono", "buono"]),
    }
    made = commission(call)
    mark_all(made, given)
    return made


def test_before_the_act_the_office_reads_what_would_change(client, near):
    computed(near.call)
    client.force_login(official())
    waiting = client.get(reverse("desk_robustness", args=WHERE)).content.decode()
    assert "Stiamo facendo i conti" in waiting
    everything_paid()
    shown = client.get(reverse("desk_robustness", args=WHERE)).content.decode()
    assert "Chi ha un posto dipende anche da: 1 componente, 18 singoli punteggi." in shown
    assert "Senza Presidente" in shown
    names = Application.objects.order_by("number").values_list("organisation__name", "number")
    assert f"Cambierebbero posizione: {', '.join(f'{name} ({number})' for name, number in names)}." in shown
    assert "invece di «" not in client.get(reverse("ranking", args=WHERE)).content.decode()


def test_nobody_else_reads_it_before_the_act(client, near):
    computed(near.call)
    everything_paid()
    assert client.get(reverse("ranking_robustness", args=WHERE)).status_code == 404
    client.force_login(person())
    assert client.get(reverse("commission_robustness", args=WHERE)).status_code == 404


def test_a_member_in_conflict_with_one_proposal_reads_nothing_of_the_area(client):
    call = small_call(places=1)
    made = commission(call)
    free, conflicted = admitted(call, name="Aurora"), admitted(call, name="Brezza")
    first, second, third = marking(made)
    for member in (first, second, third):
        mark(member, free, ["buono", "buono", "buono"])
    declare(third, conflicted, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    for member in (first, second):
        mark(member, conflicted, ["buono", "buono", "buono"])
    computed(call)
    seen = {}
    for member in (first, third):
        client.force_login(member.user)
        seen[member.order] = client.get(reverse("commission_robustness", args=WHERE)).status_code
    assert seen == {1: 200, 3: 404}


@pytest.mark.parametrize("name", ["desk_ranking", "desk_robustness", "desk_draw"])
def test_an_official_who_sits_on_the_commission_in_conflict_abstains_until_it_is_public(client, name):
    call = small_call(places=1)
    made = commission(call)
    free, conflicted = admitted(call, name="Aurora"), admitted(call, name="Brezza")
    first, second, third = marking(made)
    for member in (first, second, third):
        member.user.is_official = True
        member.user.save()
        mark(member, free, ["buono", "buono", "buono"])
    declare(third, conflicted, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    for member in (first, second):
        mark(member, conflicted, ["ottimo", "buono", "buono"])

    def seen() -> list[int]:
        found = []
        for member in (first, third):
            client.force_login(member.user)
            found.append(client.get(reverse(name, args=WHERE)).status_code)
        return found

    ranking = computed(call)
    before = seen()
    publish_ranking(ranking, act_number="200/2021", act_date=date(2021, 12, 1), by=official(), at=RANKED_AT)
    public = seen()
    compute_ranking(call, "area-1", by=official(), at=RANKED_AT + timedelta(days=1), reason="Un voto copiato male.")
    assert (before, public, seen()) == ([200, 404], [200, 200], [200, 404])


def test_while_an_area_is_evaluated_again_no_member_reads_what_the_others_gave(client, near):
    computed(near.call)
    first, *_others = marking(near)
    client.force_login(first.user)
    url = reverse("commission_robustness", args=WHERE)
    closed = client.get(url).status_code
    reopen_evaluation(near.call, "area-1", by=official(), at=RANKED_AT, reason="Un errore nei punteggi.")
    assert (closed, client.get(url).status_code) == (200, 404)


def test_a_secretary_of_a_body_that_takes_part_reads_no_totals(client):
    call = small_call(places=1)
    made = commission(call, secretary=True)
    mark_all(made, {admitted(call, name="Aurora"): same(["buono", "buono", "buono"])})
    computed(call)
    secretary = made.members.get(role=MemberRole.SECRETARY)
    client.force_login(secretary.user)
    url = reverse("commission_robustness", args=WHERE)
    free = client.get(url).status_code
    Membership.objects.create(user=secretary.user, organisation=Organisation.objects.get(name="Aurora"))
    assert (free, client.get(url).status_code) == (200, 404)


def test_after_the_act_everybody_reads_it_and_its_numbers_as_a_file(client, near):
    published(near.call)
    everything_paid()
    page = client.get(reverse("ranking_robustness", args=WHERE)).content.decode()
    assert "Il margine di ogni posto" in page
    report = json.loads(client.get(reverse("ranking_robustness_json", args=WHERE)).content)
    version = near.call.rankings.get().latest
    assert (report["schema"], report["ranking"]) == ("bando/robustness/1", version.sha256)
    assert [margin["border"] for margin in report["margins"]] == [{"exact": "4/3", "published": "1.33"}] * 2


def test_the_report_is_made_once_for_each_document(near):
    computed(near.call)
    everything_paid()
    everything_paid()
    assert Robustness.objects.count() == 1


def test_a_firm_ranking_is_said_to_be_one(client):
    call = small_call(places=1)
    given = {
        admitted(call, name="Aurora"): same(["ottimo", "ottimo", "ottimo"]),
        admitted(call, name="Brezza"): same(["sufficiente", "buono", "buono"]),
    }
    mark_all(commission(call), given)
    published(call)
    everything_paid()
    page = client.get(reverse("ranking_robustness", args=WHERE)).content.decode()
    assert "Nessun componente, nessun peso e nessun singolo punteggio decide da solo chi ha un posto." in page
    assert "Nessuno cambia chi ha un posto." in page


def test_the_page_asks_the_database_as_little_as_this(client, near, django_assert_num_queries):
    published(near.call)
    everything_paid()
    with django_assert_num_queries(2):
        client.get(reverse("ranking_robustness", args=WHERE))
