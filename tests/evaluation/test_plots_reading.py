"""What the drawings are of, and who may not know of it."""

from datetime import timedelta

import pytest

from applications.models import Application
from applications.states import ApplicationState as S
from bando.actions import publish
from bando.models import Call
from evaluation.plots.reading import desk_plots, hidden_from, public_plots
from evaluation.presentation import TableView
from tests.builders import load, official
from tests.builders_evaluation import (
    DEADLINE,
    GRID,
    NOTICE,
    PUBLISHED_AT,
    RANKED_AT,
    admitted,
    commission,
    computed,
    mark_all,
    marking,
    same,
)

pytestmark = pytest.mark.django_db

WELL, BADLY = ["buono", "buono", "buono"], ["scarso", "scarso", "scarso"]


@pytest.fixture
def call():
    """The small call, whose first area asks for one of the Municipi 1, 2 and 3."""
    text = NOTICE.replace("grid: griglia-1, places", "grid: griglia-1, municipi: [1, 2, 3], places").replace(
        "      - {code: titolo,", "      - {code: dove, label: Dove, type: municipio, areas: [area-1]}\n      - {code: titolo,"
    )
    call = load(text.replace("SLUG", "prova").replace("PLACES", "1").replace("GRID", GRID), at=PUBLISHED_AT)
    publish(call, by=official(), at=PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


def standing(call, name, municipio):
    return admitted(call, name=name, answers={"proposta": {"titolo": name, "dove": municipio}})


def drawn(call, *, user=None, at=RANKED_AT, area="area-1"):
    return {told.code: told for told in desk_plots(call, call.notice.area(area), user=user or official(), at=at)}


def ranked(call, *, alfa=None):
    first, second, third = standing(call, "Alfa", 1), standing(call, "Beta", 1), standing(call, "Gamma", 2)
    mark_all(commission(call), {first: alfa or same(WELL), second: same(["buono", "buono", "sufficiente"]), third: same(BADLY)})
    return computed(call), [first, second, third]


def test_until_the_deadline_there_are_counts_alone(call):
    standing(call, "Alfa", 1)
    assert list(drawn(call, at=DEADLINE)) == ["funnel", "storm"]
    found = drawn(call, at=DEADLINE + timedelta(microseconds=1))
    assert list(found) == ["funnel", "storm", "tile"]
    assert [row[:2] for row in found["funnel"].rows] == [["Iniziate", "1"], ["Inviate", "1"], ["Ammesse", "1"]]


def test_who_is_admitted_is_known_when_all_are_checked(call):
    standing(call, "Alfa", 1)
    Application.objects.filter(pk=admitted(call, name="Beta").pk).update(state=S.CHECKING)
    assert [row[0] for row in drawn(call)["funnel"].rows] == ["Iniziate", "Inviate"]


def test_a_ranking_brings_every_drawing(call):
    ranked(call)
    found = drawn(call)
    assert list(found) == ["agree", "heat", "funnel", "storm", "tile"]
    assert [row[1] for row in found["funnel"].rows] == ["3", "3", "3", "2", "1"]
    assert found["tile"].rows == [["1", "2", "1"], ["2", "1", "0"], ["3", "0", "0"]]
    assert found["storm"].rows[1] == ["3 giorni", "3"]


def test_an_area_that_asks_no_municipio_has_no_tiles(call):
    admitted(call, "area-2")
    assert "tile" not in drawn(call, area="area-2")


def test_what_fell_out_was_admitted_and_is_in_no_ranking(call):
    _ranking, (first, *_others) = ranked(call)
    Application.objects.filter(pk=first.pk).update(state=S.RENOUNCED)
    assert [row[:2] for row in drawn(call)["funnel"].rows][2] == ["Ammesse", "3"]


def test_what_was_withdrawn_was_begun_and_never_sent(call):
    gone = standing(call, "Alfa", 1)
    Application.objects.filter(pk=gone.pk).update(state=S.WITHDRAWN)
    found = drawn(call)
    assert [row[1] for row in found["funnel"].rows] == ["1", "0", "0"]
    assert (found["storm"].title, found["tile"].rows[0]) == ("Nessuna domanda inviata", ["1", "0"])


def test_who_is_in_conflict_sees_nothing_of_a_proposal_not_even_in_a_count(call):
    _ranking, (first, *_others) = ranked(call, alfa=[None, WELL, WELL])
    seat = marking(call.commission)[0]
    assert hidden_from(official(), call, "area-1") == {}
    assert hidden_from(seat.user, call, "area-1") == {first.pk: first.number}
    seat.user.is_official = True
    found = drawn(call, user=seat.user)
    assert [row[0] for row in found["heat"].rows] == ["2. Beta", "Gamma"]
    assert [row[1] for row in found["agree"].rows] == ["2", "2", "2"]
    assert [row[1] for row in found["funnel"].rows] == ["2", "2", "2", "1", "0"]
    assert found["storm"].rows[-1][1] == "2"
    assert found["tile"].rows[0] == ["1", "1", "0"]


def test_everybody_sees_no_draft_and_no_member(call, django_assert_num_queries):
    ranking, _applications = ranked(call)
    table, area = TableView(ranking.document), call.notice.area("area-1")
    with django_assert_num_queries(2):
        found = {told.code: told for told in public_plots(call, area, table)}
    assert list(found) == ["heat", "funnel", "tile"]
    assert [row[0] for row in found["funnel"].rows] == ["Inviate", "Ammesse", "Sopra la soglia", "Selezionate"]


@pytest.mark.parametrize("more", [0, 3])
def test_more_proposals_cost_no_more_queries(call, django_assert_num_queries, more):
    for number in range(more):
        standing(call, f"Ente {number}", 3)
    standing(call, "Alfa", 1)
    user, area = official(), call.notice.area("area-1")
    with django_assert_num_queries(5):
        desk_plots(call, area, user=user, at=RANKED_AT)
