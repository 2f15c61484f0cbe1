from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.budget import judge, thawed
from bando.notice.document import Budget, BudgetItem, Question, QuestionType, Section, SectionKind, Volunteers
from bando.notice.grid import Comparison, Criterion, Grid
from network.differences import Change, applied, budgets, changes, filled, new_to_all, picked, rows, text_pieces, touched

Q = QuestionType


def grid_of(*criteria: Criterion) -> Grid:
    return Grid("g", "Griglia", (), (), criteria, (), Comparison.EXACT, None, ())


GRID = grid_of(*(Criterion(code, code, Decimal(10), "progetto") for code in ("a1", "b1", "c1")))
SECTIONS = (
    Section(
        "proposta",
        "La proposta",
        questions=(
            Question("titolo", "Titolo", Q.SHORT_TEXT),
            Question("bisogni", "Bisogni", Q.LONG_TEXT, criterion="a1"),
            Question("azioni", "Azioni", Q.LONG_TEXT, criterion="b1"),
            Question("lingue", "Lingue", Q.CHOICES, criterion="b1"),
        ),
    ),
    Section("piano", "Piano economico", SectionKind.BUDGET, criterion="c1"),
    Section("dichiarazioni", "Dichiarazioni", SectionKind.DECLARATIONS),
)
BUDGET = Budget("b", (BudgetItem("people", "Persone"), BudgetItem("rent", "Affitto")))
PROPOSED = {
    "proposta": {"titolo": "Casa", "bisogni": "Due.", "lingue": ["it", "en"]},
    "piano": {"items": {"people": {"total": 100, "own": 20, "grant": 80}}, "total": 100, "own": 20, "grant": 80},
    "dichiarazioni": {"d1": True},
}

texts = st.one_of(st.none(), st.text(max_size=5), st.lists(st.sampled_from(["it", "en", "fr"]), max_size=3, unique=True))
codes = st.sampled_from(["titolo", "bisogni", "azioni", "lingue", "tolta"])
given_answers = st.fixed_dictionaries(
    {},
    optional={
        "proposta": st.dictionaries(codes, texts, max_size=5),
        "piano": st.dictionaries(st.sampled_from(["total", "own", "grant"]), st.integers(0, 9), max_size=3),
        "dichiarazioni": st.dictionaries(st.just("d1"), st.just(True), max_size=1),
        "sparita": st.dictionaries(codes, texts, max_size=2),
    },
)


@given(given_answers, given_answers)
def test_the_changes_applied_to_the_first_version_give_the_second(before, after):
    assert applied(before, changes(SECTIONS, before, after)) == filled(after)


@given(given_answers)
def test_equal_versions_have_no_change(answers):
    assert changes(SECTIONS, answers, filled(answers)) == ()


@pytest.mark.parametrize(
    ("section", "new", "expected"),
    [
        ("proposta", {"titolo": "Casa"}, []),
        ("proposta", {"azioni": ""}, []),
        ("proposta", {"azioni": None, "extra": []}, []),
        ("proposta", {"azioni": "Tre."}, [Change("proposta", "azioni", None, "Tre.")]),
        ("proposta", {"bisogni": ""}, [Change("proposta", "bisogni", "Due.", None)]),
        ("proposta", {"lingue": ["en", "it"]}, [Change("proposta", "lingue", ["it", "en"], ["en", "it"])]),
        ("piano", {"total": 101}, [Change("piano", "", PROPOSED["piano"], PROPOSED["piano"] | {"total": 101})]),
        ("dichiarazioni", {"d1": None}, [Change("dichiarazioni", "d1", True, None)]),
    ],
)
def test_an_answer_that_differs_is_one_change(section, new, expected):
    after = PROPOSED | {section: PROPOSED[section] | new}
    assert list(changes(SECTIONS, PROPOSED, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "kind"), [(None, "a", "added"), ("a", None, "removed"), ("a", "b", "changed"), (True, None, "removed")]
)
def test_a_change_says_of_which_kind_it_is(before, after, kind):
    assert Change("proposta", "titolo", before, after).kind == kind


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([], ()),
        ([Change("proposta", "titolo", "a", "b")], ()),  # no criterion looks at it
        ([Change("proposta", "lingue", None, ["it"])], ("b1",)),
        ([Change("piano", "", {}, {"total": 1}), Change("proposta", "bisogni", "a", "b")], ("a1", "c1")),
        ([Change("proposta", "azioni", "a", "b"), Change("proposta", "lingue", None, ["it"])], ("b1",)),
        ([Change("sparita", "bisogni", "a", "b")], ()),  # of another section
    ],
)
def test_a_change_touches_the_criteria_that_its_questions_serve(made, expected):
    assert touched(GRID, SECTIONS, made) == expected


def test_a_criterion_of_another_grid_is_touched_by_nothing():
    other = grid_of(Criterion("z9", "Altro", Decimal(10), "progetto"))
    assert touched(other, SECTIONS, [Change("proposta", "bisogni", "a", "b")]) == ()


@pytest.mark.parametrize(
    ("change", "is_new"),
    [
        (Change("proposta", "titolo", "x", "Casa"), False),  # what the first proposed
        (Change("proposta", "titolo", "x", "Ponte"), False),  # what the second proposed
        (Change("proposta", "titolo", "Casa", "x"), True),
        (Change("proposta", "azioni", "x", None), False),  # none of them said anything
        (Change("proposta", "bisogni", "Due.", None), True),
        (Change("piano", "", {"total": 5}, PROPOSED["piano"]), False),
        (Change("piano", "", PROPOSED["piano"], {"total": 5}), True),
    ],
)
def test_what_one_of_the_proposals_said_is_not_new(change, is_new):
    other = {"proposta": {"titolo": "Ponte", "bisogni": "Altri."}, "piano": {"total": 1}}
    assert new_to_all([change], [PROPOSED, other]) == ([change] if is_new else [])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["it"], ["it"], ([], [])),
        (["it"], ["it", "en"], (["en"], [])),
        (["it", "en"], ["en"], ([], ["it"])),
        (None, ["it"], (["it"], [])),
        (["it"], None, ([], ["it"])),
    ],
)
def test_choices_are_added_and_removed(before, after, expected):
    assert picked(before, after) == expected


def test_the_rows_of_a_table_are_known_by_their_first_cell():
    anna, bruno, carla = ({"nome": name, "ore": "8"} for name in ("Anna", "Bruno", "Carla"))
    longer = anna | {"ore": "12"}
    assert rows(["nome", "ore"], [anna, bruno], [longer, carla, bruno]) == [(anna, longer), (None, carla)]
    assert rows(["nome", "ore"], [anna, bruno], None) == [(anna, None), (bruno, None)]


def test_a_text_that_was_not_there_is_added_whole():
    assert text_pieces(None, "Due bisogni.") == [("added", "Due bisogni.")]
    assert text_pieces("Due bisogni.", None) == [("removed", "Due bisogni.")]
    assert text_pieces("Due bisogni.", "Tre bisogni.") == [("removed", "Due"), ("added", "Tre"), ("same", " bisogni.")]


def test_a_budget_differs_line_by_line_with_signed_cents():
    old = judge(BUDGET, {"people": (100_00, 20_00), "rent": (50_00, 0)})
    new = judge(BUDGET, {"people": (90_01, 20_00), "rent": (50_00, 0)})
    found = budgets(old, new)
    (line,) = found.lines
    assert (line.kind, line.after.item.code) == ("changed", "people")
    assert [amount.change for amount in (line.total, line.own, line.grant)] == [-9_99, 0, -9_99]
    assert (found.total.before, found.total.after, found.total.change) == (150_00, 140_01, -9_99)
    assert (found.same, found.hours) == (1, ())


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ({"people": (1, 0)}, {}, ["removed"]),
        ({}, {"people": (1, 1)}, ["added"]),
        ({"people": (1, 0)}, {"rent": (1, 0)}, ["removed", "added"]),
        ({"people": (1, 0)}, {"people": (1, 0), "rent": (0, 0)}, []),
    ],
)
def test_an_item_without_amounts_is_no_line(old, new, kinds):
    assert [line.kind for line in budgets(judge(BUDGET, old), judge(BUDGET, new)).lines] == kinds


@given(*[st.dictionaries(st.sampled_from(["people", "rent"]), st.integers(0, 10**9), max_size=2)] * 2)
def test_the_changes_of_the_lines_add_up_to_the_change_of_the_whole(old, new):
    found = budgets(*(judge(BUDGET, {code: (cents, cents // 3) for code, cents in given.items()}) for given in (old, new)))
    for name in ("total", "own", "grant"):
        assert sum(getattr(line, name).change for line in found.lines) == getattr(found, name).change


def test_hours_of_volunteers_are_brought_whole_and_are_no_grant():
    budget = Budget("b", BUDGET.items, volunteers=Volunteers(20_00))
    row = {"activity": "Sabato", "hours": "10", "hourly": 15_00}
    old, new = (thawed(budget, {"items": {}, "volunteers": found}) for found in ([row], [row | {"hours": "8"}]))
    (change,) = budgets(old, new).hours
    assert (change.total.change, change.own.change, change.grant.change) == (-30_00, -30_00, 0)
    assert budgets(old, old).same == 1
