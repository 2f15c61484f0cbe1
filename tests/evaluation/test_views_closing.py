"""The office's page of the evaluation: how far everybody is on every road, and an evaluation opened again."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.states import ApplicationState
from evaluation.actions import declare
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    call_in_pairs,
    call_marked_together,
    commission,
    compare,
    find,
    mark_all,
    mark_together,
    marking,
    published,
    same,
    small_call,
)
from tests.pages import office_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return office_at(client, RANKED_AT)


def url(call):
    return reverse("desk_evaluation", args=[call.slug])


def test_comparisons_are_counted_for_who_compares(office):
    call = call_in_pairs()
    proposals, members = [admitted(call) for _ in range(3)], marking(commission(call))
    for member in members[:2]:
        for proposal in proposals:
            find(member, proposal, {"a1": "0.8", "b1": "0.8"})
    compare(members[0], proposals, [3, 3, 3])
    for proposal in proposals:
        declare(members[2], proposal, in_conflict=proposal == proposals[0], note="Ne sono socia.", at=MARKED_AT)
    shown = text(office.get(url(call)))
    assert "Confronti conclusi" in shown
    assert "Commissaria 0 Presidente 0 0 3 su 3 3/3 1 su 1" in shown
    assert "Commissaria 1 Commissario 0 0 3 su 3 3/3 0 su 1" in shown
    assert "Commissaria 2 Commissario 0 1 0 su 2 0/2 –" in shown
    assert f"Deve ancora concludere i suoi confronti: {members[1].user}." in shown


def test_sheets_of_the_whole_commission_are_counted_once(office):
    call = call_marked_together()
    made = commission(call)
    mark_together(made, admitted(call), ["buono"] * 3)
    shown = text(office.get(url(call)))
    assert "Schede della commissione concluse: 1 su 1" in shown
    assert "Schede concluse" not in shown
    assert "Chiudi la valutazione" in shown


@pytest.fixture
def closed(office):
    call = small_call()
    mark_all(commission(call), {admitted(call): same(["buono"] * 3)})
    assert office.post(url(call), {"area": "area-1"}).status_code == 302
    return call


def test_a_closed_evaluation_is_opened_again_with_a_reason(office, closed):
    response = office.post(url(closed), {"area": "area-1", "reopen": "1", "area-1-reason": " "})
    assert "Scrivi perché la valutazione si riapre." in text(response)
    assert Application.objects.get().state == ApplicationState.EVALUATED
    response = office.post(url(closed), {"area": "area-1", "reopen": "1", "area-1-reason": "Un criterio è stato letto male."})
    assert response.status_code == 302
    application = Application.objects.get()
    assert application.state == ApplicationState.ADMITTED
    assert application.steps.last().reason == "Un criterio è stato letto male."


def test_after_the_final_ranking_the_evaluation_is_not_opened_again(office):
    call = small_call()
    mark_all(commission(call), {admitted(call): same(["buono"] * 3)})
    published(call)
    assert "Riapri la valutazione" not in text(office.get(url(call)))
    response = office.post(url(call), {"area": "area-1", "reopen": "1", "area-1-reason": "Tardi."})
    assert response.status_code == 409
    assert Application.objects.get().state != ApplicationState.ADMITTED
