"""One criterion across one's own proposals."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from evaluation.actions import declare, save_marks
from tests.builders_evaluation import MARKED_AT, admitted, commission, mark, marking, sheet_of, small_call
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return commission(small_call(), secretary=True)


@pytest.fixture
def member(made):
    return marking(made)[0]


def review(member, code="a1", area="area-1"):
    return reverse("criterion_review", args=[member.commission.call.slug, area, code])


def in_order(page):
    return re.findall(r'class="h4">([^<]+)</h2>', unescape(page.content.decode()))


def test_the_best_comes_first_and_what_has_no_mark_last(member, client):
    call = member.commission.call
    sheet_of(member, admitted(call, name="Coop Alfa"))
    for name, level in (("Coop Beta", "scarso"), ("Coop Gamma", "ottimo")):
        mark(member, admitted(call, name=name), [level, "buono", "buono"], finish=name == "Coop Beta")
    client.force_login(member.user)
    page = client.get(review(member))
    assert in_order(page) == ["Coop Gamma", "Coop Beta", "Coop Alfa"]
    links = re.findall(r'<span class="visually-hidden"> (?:il punteggio )?di ([^<]+)</span>', unescape(page.content.decode()))
    assert links == ["Coop Gamma", "Coop Gamma", "Coop Beta", "Coop Alfa", "Coop Alfa"]
    table = unescape(page.content.decode()).split("<tbody>")[1]
    cells = [re.sub(r"<[^>]+>", " ", line).split() for line in table.split("</tr>")[:3]]
    assert [" ".join(line) for line in cells] == [
        "Coop Gamma 20 24 40 84 su 100",
        "Coop Beta 4 24 40 68 su 100",
        "Coop Alfa – – – –",
    ]


def test_proposals_in_conflict_and_marks_of_others_are_in_none_of_it(made, member, client):
    kept, lost = admitted(made.call, name="Coop Alfa"), admitted(made.call, name="Coop Beta")
    for proposal in (kept, lost):
        mark(member, proposal, ["buono"] * 3)
    mark(marking(made)[1], kept, ["ottimo"] * 3)
    declare(member, lost, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    client.force_login(member.user)
    page = client.get(review(member))
    assert (in_order(page), "Ottimo" in text(page), "80 su 100" in text(page)) == (["Coop Alfa"], False, True)


def test_a_mark_is_changed_right_there_and_two_windows_do_not_write_over_each_other(member, client):
    row = mark(member, admitted(member.commission.call, name="Coop Alfa"), ["buono"] * 3, finish=False)
    client.force_login(member.user)
    address = f"{review(member)}?scheda={row.pk}"
    base = re.search(r'name="base" value="([^"]+)"', client.get(address).content.decode())[1]
    response = client.post(address, {"level-0": "0.5", "reason-0": "Accanto agli altri.", "base": base})
    assert response.headers["Location"] == f"{review(member)}#s-{row.pk}"
    assert (row.marks.get(criterion="a1").units, row.marks.get(criterion="a1").reason) == (5000, "Accanto agli altri.")
    late = client.post(address, {"level-0": "1", "reason-0": "Da ieri.", "base": base})
    assert (late.status_code, "Adesso c'è scritto: Sufficiente (0,5) Accanto agli altri." in text(late)) == (409, True)
    assert row.marks.get(criterion="a1").units == 5000
    assert row.edits.filter(criterion="a1").count() == 2


def test_a_concluded_sheet_is_not_changed_from_here(member, client):
    row = mark(member, admitted(member.commission.call), ["buono"] * 3)
    client.force_login(member.user)
    address = f"{review(member)}?scheda={row.pk}"
    assert 'name="level-0"' not in client.get(address).content.decode()
    assert client.post(address, {"level-0": "0.5", "reason-0": "Provo."}).status_code == 404
    assert row.marks.get(criterion="a1").units == 8000


@pytest.mark.parametrize(("area", "code"), [("area-9", "a1"), ("area-1", "z9")])
def test_there_is_no_page_for_what_the_call_does_not_have(member, client, area, code):
    client.force_login(member.user)
    assert client.get(review(member, code, area)).status_code == 404


@pytest.mark.parametrize("proposals", [1, 3])
def test_the_review_costs_the_same_queries_whatever_the_proposals(member, client, proposals, django_assert_num_queries):
    for _ in range(proposals):
        row = sheet_of(member, admitted(member.commission.call))
        save_marks(row, {"a1": (Decimal("0.8"), "Chiaro.")}, by=member.user, at=MARKED_AT)
    client.force_login(member.user)
    with django_assert_num_queries(5):
        client.get(review(member))
