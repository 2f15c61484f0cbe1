import pytest

from evaluation.models import Placement
from network.models import Project
from network.project_words import parts, place_words, scored, signed, standings_of
from network.scored import standing
from tests.builders_project import answers, plan, seated

pytestmark = pytest.mark.django_db


def project_of(**options) -> Project:
    return Project.objects.with_sources().get(pk=seated(**options).start().pk)


def test_equal_versions_fold_everything_away():
    proposal, budget = parts(project_of(), answers(1), answers(1))
    assert not proposal.is_changed
    assert not budget.is_changed
    assert proposal.same == (
        "Titolo",
        "Quali bisogni",
        "Quali azioni",
        "Chi ci lavora",
        "In quali lingue",
        "Quando apre",
        "Ci impegniamo a lavorare insieme",
    )
    assert budget.same == ("Piano economico",)


def test_a_text_shows_the_words_that_changed():
    proposal, _budget = parts(project_of(), answers(1), answers(1, bisogni="I bisogni di tutti."))
    (shown,) = proposal.shown
    assert (shown.change.label, shown.change.kind) == ("Quali bisogni", "changed")
    assert shown.pieces == [("same", "I bisogni"), ("removed", " 1."), ("added", " di tutti.")]
    assert "Quali bisogni" not in proposal.same


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        ("Due.", "", "removed", ("Due.", "")),
        ("", "Due.", "added", ("", "Due.")),
    ],
)
def test_a_text_that_came_or_went_is_said_whole(before, after, kind, said):
    proposal, _budget = parts(project_of(), answers(1, azioni=before), answers(1, azioni=after))
    (shown,) = proposal.shown
    assert (shown.change.kind, (shown.change.before, shown.change.after), shown.pieces) == (kind, said, [])


def test_choices_are_said_with_their_words():
    proposal, _budget = parts(project_of(), answers(1, lingue=["it", "en"]), answers(1, lingue=["it", "ar"]))
    (shown,) = proposal.shown
    assert shown.pieces == [("same", "Italiano "), ("removed", "Inglese "), ("added", "Arabo ")]


def test_a_table_is_said_row_by_row():
    now = [{"giorno": "Lunedì", "ore": "6"}, {"giorno": "Martedì", "ore": None}]
    proposal, _budget = parts(project_of(), answers(1), answers(1, giorni=now))
    (table,) = proposal.tables
    assert (table.label, [cell.head for cell in table.heads]) == ("Quando apre", ["Giorno", "Ore"])
    assert [(row.kind, [cell.pieces for cell in row.cells]) for row in table.rows] == [
        ("changed", [[("same", "Lunedì")], [("removed", "4"), ("added", "6")]]),
        ("added", [[("added", "Martedì")], [("same", "")]]),
    ]


def test_a_budget_is_said_line_by_line_with_its_totals_and_signs():
    before = answers(1) | {"piano": plan(persone=(10_00, 2_00), casa=(5_00, 5_00))}
    after = answers(1) | {"piano": plan(persone=(10_01, 1_00), casa=(5_00, 5_00))}
    _proposal, budget = parts(project_of(), before, after)
    (line,) = budget.budget.lines
    assert (line.kind, line.label) == ("changed", "Persone")
    assert [(amount.before, amount.after, amount.change) for amount in line.amounts] == [
        ("10,00\xa0€", "10,01\xa0€", "+0,01\xa0€"),
        ("2,00\xa0€", "1,00\xa0€", "-1,00\xa0€"),
        ("8,00\xa0€", "9,01\xa0€", "+1,01\xa0€"),
    ]
    assert [amount.after for amount in budget.budget.totals] == ["15,01\xa0€", "6,00\xa0€", "9,01\xa0€"]
    assert budget.budget.same == "1 riga è rimasta uguale."


@pytest.mark.parametrize(("cents", "said"), [(1, "+0,01\xa0€"), (-1, "-0,01\xa0€"), (0, "0,00\xa0€")])
def test_a_change_says_its_sign(cents, said):
    assert signed(cents) == said


def test_what_was_scored_is_said_with_points_place_and_distance():
    at_the_table = seated()
    project = Project.objects.with_sources().get(pk=at_the_table.start(1, 2).pk)
    second, third = (row.number for row in at_the_table.proposals[1:])
    found = scored(project, ["c1", "a1"])
    assert found.places == (
        f"Ente 2 ({second}): 2ª su 3, con 86,00 punti. Ha 6,00 punti in più della prima proposta senza posto.",
        f"Ente 3 ({third}): 3ª su 3, con 80,00 punti. Ha 6,00 punti in meno dell'ultima proposta scelta.",
    )
    assert [criterion.name for criterion in found.criteria] == ["A.1 Bisogni", "C.1 Squadra"]
    assert [(stake.body, stake.points, stake.most) for stake in found.criteria[0].stakes] == [
        ("Ente 2", "16,00", "20"),
        ("Ente 3", "16,00", "20"),
    ]


def test_the_places_of_a_project_cost_one_query(django_assert_num_queries):
    at_the_table = seated()
    project = Project.objects.with_sources().get(pk=at_the_table.start(0, 1, 2).pk)
    with django_assert_num_queries(1):
        assert [row.position for row in standings_of(project)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count": 1}, "1ª su 1, con 90,00 punti. Nessuna proposta è rimasta senza posto."),
        ({"count": 3}, "1ª su 3, con 90,00 punti. Ha 10,00 punti in più della prima proposta senza posto."),
    ],
)
def test_a_place_is_a_sentence(changes, said):
    at_the_table = seated(**changes)
    first = at_the_table.proposals[0]
    row = standing(Placement.objects.get(application=first).version.document, first.number)
    assert place_words(row) == f"Ente 1 ({first.number}): {said}"
