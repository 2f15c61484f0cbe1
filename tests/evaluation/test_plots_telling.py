"""The drawings in words."""

import pytest
from django.utils.translation import override

from evaluation.plots.funnel import Stage
from evaluation.plots.telling import agree_told, funnel_told, heat_told, storm_told, tile_told
from evaluation.presentation import TableView
from tests.builders_evaluation import admitted, commission, computed, mark_all, same, small_call

DAY = 86400


@pytest.fixture
def ranked(db):
    """Alfa 90 for all of them, Beta 58 for the first and 50 for the others."""
    call = small_call(places=1)
    alfa, beta = admitted(call, name="Alfa"), admitted(call, name="Beta")
    lower = ["sufficiente", "sufficiente", "sufficiente"]
    marks = {alfa: same(["buono", "buono", "ottimo"]), beta: [["sufficiente", "buono", "sufficiente"], lower, lower]}
    mark_all(commission(call), marks)
    return computed(call).document, beta.number


def test_the_softest_and_the_hardest_are_named_with_what_is_between_them(ranked):
    told = agree_told(TableView(ranked[0]))
    assert told.title == "In media Presidente dà 4,50 punti più di Commissario 1"
    assert told.rows[0] == ["Presidente", "2", "+3,00", "0,00", "+6,00"]


def test_without_a_hidden_proposal_its_marks_say_nothing(ranked):
    document, beta = ranked
    told = agree_told(TableView(document), {beta})
    assert (told.title, told.rows[0][1]) == ("In media tutti i componenti danno gli stessi punti", "1")
    assert [row[0] for row in heat_told(TableView(document), {beta}).rows] == ["1. Alfa"]


def test_marks_that_are_nobodys_are_of_no_member(ranked):
    document = ranked[0] | {"marks_order": "sorted", "commissioners": []}
    assert agree_told(TableView(document)) is None


def test_the_criterion_that_tells_proposals_apart_is_the_title(ranked):
    told = heat_told(TableView(ranked[0]))
    assert told.title == "Le proposte si distinguono di più su «C.1 Squadra»"
    assert told.head == ["Ente", "A.1 Bisogni", "B.1 Azioni", "C.1 Squadra"]
    assert told.rows[0] == ["1. Alfa", "16,00 (80%)", "24,00 (80%)", "50,00 (100%)"]
    with override("en"):
        assert '«<span lang="it">C.1 Squadra</span>»' in heat_told(TableView(ranked[0])).title.replace("‘", "«").replace(
            "’", "»"
        )


def test_of_nothing_there_is_no_drawing(ranked):
    assert heat_told(TableView(ranked[0] | {"rows": []})) is None


@pytest.mark.parametrize(
    ("stages", "title"),
    [
        ({"begun": 5, "sent": 4}, "1 domanda iniziata non è stata inviata"),
        ({"begun": 5, "sent": 3, "admitted": 0}, "3 domande inviate non sono state ammesse"),
        ({"begun": 5, "sent": 5, "admitted": 5, "ranked": 3, "selected": 2}, "2 proposte ammesse non sono in graduatoria"),
        ({"begun": 5, "sent": 5, "admitted": 5, "ranked": 5, "selected": 4}, "1 proposta in graduatoria è senza posto"),
        ({"begun": 5, "sent": 5}, "Nessuna domanda si è persa per strada"),
        ({"begun": 0, "sent": 0}, "Ancora nessuna domanda"),
    ],
)
def test_the_title_of_the_funnel_is_where_most_are_lost(stages, title):
    assert funnel_told([Stage(code, count) for code, count in stages.items()]).title == title


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        ([], 100, "Ancora nessuna domanda inviata"),
        ([], 0, "Nessuna domanda inviata"),
        ([5 * DAY], 2 * DAY, "1 domanda inviata finora"),
        ([5 * DAY, 60, 0], 0, "Nelle ultime 24 ore: 2 domande su 3"),
    ],
)
def test_the_title_of_the_storm_is_how_much_came_at_the_end(before, now, title):
    assert storm_told(before, now=now).title == title


def test_what_is_still_to_come_is_said_in_the_table():
    rows = storm_told([5 * DAY], now=2 * DAY).rows
    assert rows[1:3] == [["3 giorni", "1"], ["24 ore", "deve ancora venire"]]


@pytest.mark.parametrize(
    ("proposed", "chosen", "title"),
    [
        ({1: 1}, None, "Senza proposte: Municipi 2 e 3"),
        ({1: 1, 2: 1}, {1: 1}, "Senza proposte: Municipio 3"),
        ({1: 1, 2: 1, 3: 1}, {1: 1}, "Senza proposte selezionate: Municipi 2 e 3"),
        ({1: 1, 2: 1, 3: 1}, None, "Ogni Municipio ha almeno una proposta"),
        ({1: 1, 2: 1, 3: 1}, {1: 1, 2: 1, 3: 1}, "Ogni Municipio ha almeno una proposta selezionata"),
    ],
)
def test_the_title_of_the_tiles_is_who_has_none(proposed, chosen, title):
    assert tile_told(proposed, chosen, [1, 2, 3]).title == title


def test_before_the_ranking_the_tiles_say_nothing_of_who_is_chosen():
    assert tile_told({1: 2}, None, [1]).rows == [["1", "2"]]
    assert tile_told({1: 2}, {}, [1]).rows == [["1", "2", "0"]]
