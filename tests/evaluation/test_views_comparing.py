"""The page of the comparisons: what it asks, what it keeps, and what it tells who does not take part."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import declare
from evaluation.models import Comparison, Preference
from evaluation.states import SheetState
from tests.builders import person
from tests.builders_evaluation import MARKED_AT, admitted, call_in_pairs, commission, compare, marking
from tests.clock import arriving
from tests.pages import text

pytestmark = pytest.mark.django_db
NOW = MARKED_AT + timedelta(hours=1)


@pytest.fixture
def call():
    return call_in_pairs()


@pytest.fixture
def proposals(call):
    return [admitted(call, name=f"Ente {title}", title=title) for title in ("Casa aperta", "Piazza", "Rete")]


@pytest.fixture
def member(call, proposals):
    found = marking(commission(call, secretary=True))[0]
    for proposal in proposals:
        declare(found, proposal, in_conflict=False, at=MARKED_AT)
    return found


@pytest.fixture
def url(call):
    return reverse("comparison", args=[call.slug, "area-1", "c1"])


@pytest.fixture
def page(client, member, url):
    client.force_login(member.user)

    def visit(data=None, **query):
        with arriving(NOW):
            return client.get(url, query) if data is None else client.post(url, data)

    return visit


def pair(one, two, who, degree="", note=""):
    key = f"{one.number}-{two.number}"
    return {f"who-{key}": who, f"degree-{key}": degree, f"note-{key}": note}


def test_every_pair_is_asked_once_in_words(page, proposals):
    shown = text(page())
    assert "0 di 3 coppie" in shown
    assert shown.count("quale è migliore?") == 3
    assert "La prima: Casa aperta Pari La seconda: Piazza" in shown
    assert "2 – minima 3 – piccola 4 – media 5 – grande 6 – massima" in shown


def test_halves_have_words_where_the_call_has_them(client):
    call = call_in_pairs(slug="mezzi", halves=True)
    member = marking(commission(call))[0]
    for proposal in [admitted(call) for _ in range(3)]:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    client.force_login(member.user)
    with arriving(NOW):
        shown = text(client.get(reverse("comparison", args=[call.slug, "area-1", "c1"])))
    assert "2 – minima 2,5 – tra minima e piccola 3 – piccola" in shown


def test_what_is_there_is_kept_and_a_degree_that_lacks_is_asked_for(page, proposals):
    first, second, third = proposals
    response = page(pair(first, second, "first", "30000", "Più concreta.") | pair(first, third, "second"))
    assert response.status_code == 200
    assert "Casa aperta / Rete: scegli di quanto è migliore «Rete»." in text(response)
    kept = Preference.objects.get()
    assert (kept.first, kept.second, kept.prefers, kept.units, kept.note) == (first, second, "first", 30_000, "Più concreta.")
    assert "1 di 3 coppie" in text(page())


def test_a_degree_without_a_choice_is_asked_for(page, proposals):
    response = page(pair(*proposals[:2], "", "20000"))
    assert "Casa aperta / Piazza: scegli quale è migliore, o «Pari»." in text(response)
    assert not Preference.objects.exists()


def test_a_window_left_open_does_not_write_over_another(page, member, proposals):
    compare(member, proposals, [3, 3, 3], finish=False)
    shown = {"initial-" + name: "" for name in pair(*proposals[:2], "")}
    page(shown | pair(*proposals[:2], ""))
    assert [kept.units for kept in Preference.objects.all()] == [30_000] * 3


def test_concluding_wants_every_pair_then_the_table_is_read_only(page, member, proposals, call):
    first, second, third = proposals
    response = page(pair(first, second, "neither") | {"finish": "1"})
    assert (response.status_code, "Mancano 2 coppie su 3." in text(response)) == (409, True)
    response = page(pair(first, third, "first", "40000") | pair(second, third, "second", "20000") | {"finish": "1"})
    assert (response.status_code, response.url) == (302, reverse("sheets", args=[call.slug]))
    shown = text(page())
    assert "I confronti sono conclusi: puoi leggerli." in shown
    assert "Casa aperta / Rete Casa aperta 4 – media –" in shown
    assert "Casa aperta / Piazza Pari – –" in shown
    assert "Casa aperta Ente Casa aperta 5 Rete Ente Rete 2 Piazza Ente Piazza 1" in shown


def test_reopening_wants_a_reason(page, member, proposals):
    compare(member, proposals, [3, 3, 3])
    assert "Scrivi perché riapri la scheda." in text(page({"reopen": "1", "reason": " "}))
    assert page({"reopen": "1", "reason": "Ho invertito una coppia."}).status_code == 302
    assert Comparison.objects.get().state == SheetState.OPEN


def test_who_is_in_conflict_is_told_why_and_finds_no_proposal(page, member, proposals):
    declare(member, proposals[1], in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    for response in (page(), page({"save": "1"})):
        shown = text(response)
        assert "Hai dichiarato un conflitto con un ente di quest'area: non fai i confronti" in shown
        assert not [word for word in ("Casa aperta", "Piazza", "Rete", "coppie", "3") if f" {word} " in shown]


@pytest.mark.parametrize("who", ["secretary", "stranger"])
def test_it_is_for_who_marks(client, url, member, who):
    seats = {seat.role: seat.user for seat in member.commission.members.all()}
    client.force_login(seats["secretary"] if who == "secretary" else person())
    with arriving(NOW):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(("area", "criterion"), [("area-1", "a1"), ("area-1", "zz"), ("area-9", "c1")])
def test_only_a_criterion_that_is_compared_has_a_page(client, call, member, area, criterion):
    client.force_login(member.user)
    with arriving(NOW):
        assert client.get(reverse("comparison", args=[call.slug, area, criterion])).status_code == 404


def test_a_proposal_that_falls_out_leaves_the_page_and_the_count(page, member, proposals, call):
    fourth = admitted(call, title="Orto")
    declare(member, fourth, in_conflict=False, at=MARKED_AT)
    compare(member, [*proposals, fourth], [3] * 6, finish=False)
    Application.objects.filter(pk=fourth.pk).update(state=ApplicationState.EXCLUDED)
    shown = text(page())
    assert ("3 di 3 coppie" in shown, "Orto" in shown) == (True, False)


def test_the_list_of_sheets_leads_to_it(client, call, member, url):
    client.force_login(member.user)
    with arriving(NOW):
        shown = client.get(reverse("sheets", args=[call.slug]))
    assert (f'href="{url}"' in shown.content.decode(), "C.1 Squadra : Da fare" in text(shown)) == (True, True)


@pytest.mark.parametrize("count", [3, 6])
def test_the_page_costs_the_same_queries_whatever_the_proposals(client, count, django_assert_num_queries):
    call = call_in_pairs(slug=f"molte-{count}")
    member = marking(commission(call))[0]
    for proposal in [admitted(call) for _ in range(count)]:
        declare(member, proposal, in_conflict=False, at=MARKED_AT)
    client.force_login(member.user)
    with arriving(NOW), django_assert_num_queries(11):
        client.get(reverse("comparison", args=[call.slug, "area-1", "c1"]))
