"""Proposals compared two by two."""

from fractions import Fraction as F

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bando.notice.grid import Pairwise, PairwiseVariant, Rounding, RoundingMode, RoundingPoint
from evaluation.pairwise import GREATEST, PARITY, Pair, by_pairs, fault, points
from evaluation.rounding import Roundings, published
from evaluation.scoring import MarksError, MissingMarks, PairsError, Scorer
from tests.evaluation.grids import CASES, any_table, criterion, scores, ten_thousandths, typed_grid

HALF_UP, TRUNCATE = RoundingMode.HALF_UP, RoundingMode.TRUNCATE


def table(*cells):
    """Cells (better, other, degree): "A", "B", "2"."""
    return [Pair(better, other, int(F(degree) * 10_000)) for better, other, degree in cells]


def compared(tables, variant="sum", applications="ABC", rounding=(), maximum="20"):
    """The scores of proposals called by a letter."""
    one = criterion("c", "pairwise", maximum, pairwise=(variant, True, 2))
    return by_pairs(one, tables, applications, Roundings(rounding))


# What was published


def column_sums():
    return [table(*cells) for cells in CASES["column_sums"]["tables"]]


def test_the_published_sums_of_each_commissioner_come_from_their_tables():
    case = CASES["column_sums"]
    found = [points(one, case["given"]) for one in column_sums()]
    assert {name: [given[name] for given in found] for name in case["given"]} == {
        name: [F(text) for text in texts] for name, texts in case["given"].items()
    }
    assert [fault(Pairwise(PairwiseVariant.SUM), one, case["given"]) for one in column_sums()] == [None] * 3


def test_the_published_coefficients_are_the_sums_by_the_greatest():
    case = CASES["column_sums"]
    found = compared(column_sums(), applications=case["sums"])
    assert {name: score.found for name, score in found.items()} == {name: F(text) for name, text in case["sums"].items()}
    assert {name: str(published(score.counted, 4)) for name, score in found.items()} == case["coefficients"]


def test_the_same_tables_by_the_mean_of_each_member():
    found = compared(column_sums(), "mean", CASES["column_sums"]["sums"])
    # Of the greatest of each commissioner, 10, 9 and 12.
    assert found["A"].found == (1 + F(8, 9) + F(5, 12)) / 3 == F(83, 108)
    assert found["C"].found == (F(2, 5) + 1 + 1) / 3 == F(4, 5)
    assert (found["A"].counted, found["C"].counted) == (F(83, 108) / F(4, 5), 1)


def test_the_two_variants_can_choose_another_winner():
    # A has one great preference of one member; B is the first of two members by little.
    tables = [
        table(("A", "B", "6"), ("A", "C", "6"), ("B", "C", "2")),
        table(("B", "A", "2"), ("A", "C", "1"), ("B", "C", "2")),
        table(("B", "A", "2"), ("C", "A", "1"), ("B", "C", "2")),
    ]
    best = {v: max("ABC", key=lambda name, v=v: compared(tables, v)[name].counted) for v in PairwiseVariant}
    assert best == {PairwiseVariant.SUM: "A", PairwiseVariant.MEAN: "B"}


# A table


def test_parity_gives_a_point_to_both_and_a_preference_its_degree_to_the_better():
    cells = table(("A", "B", "1"), ("C", "A", "2.5"), ("C", "B", "6"))
    assert points(cells, "ABC") == {"A": 1, "B": 1, "C": F("8.5")}


def test_who_is_never_preferred_has_nothing():
    found = compared([table(("A", "B", "2"), ("A", "C", "2"), ("B", "C", "2"))])
    assert [(score.found, score.counted, score.points) for score in found.values()] == [(4, 1, 20), (2, F(1, 2), 10), (0, 0, 0)]


def test_who_has_no_table_weighs_nothing():
    one = table(("A", "B", "2"), ("A", "C", "4"), ("B", "C", "2"))
    for variant in PairwiseVariant:
        alone, beside = compared([one], variant), compared([None, one, None], variant)
        figures = [[(score.found, score.points) for score in found.values()] for found in (alone, beside)]
        assert figures[0] == figures[1]
        assert [score.given for score in beside.values()] == [(None, 6, None), (None, 2, None), (None, 0, None)]


@pytest.mark.parametrize("variant", PairwiseVariant)
@pytest.mark.parametrize("applications, counted", [("", []), ("A", [0])])
def test_nobody_to_be_compared_with_has_nothing(variant, applications, counted):
    assert [score.counted for score in compared([[]], variant, applications).values()] == counted


WHOLE, HALVES = Pairwise(PairwiseVariant.SUM), Pairwise(PairwiseVariant.SUM, halves=True)


@pytest.mark.parametrize(
    "rules, cells, problem",
    [
        (WHOLE, [("B", "A", "6"), ("A", "C", "1"), ("B", "C", "2")], None),
        (HALVES, [("B", "A", "5.5"), ("A", "C", "1"), ("B", "C", "2")], None),
        (WHOLE, [("B", "A", "5.5"), ("A", "C", "1"), ("B", "C", "2")], "11/2 between A and B is not a degree"),
        (HALVES, [("B", "A", "5.25"), ("A", "C", "1"), ("B", "C", "2")], "21/4 between A and B is not a degree"),
        (HALVES, [("B", "A", "1.5"), ("A", "C", "1"), ("B", "C", "2")], "3/2 between A and B is not a degree"),
        (HALVES, [("B", "A", "6.5"), ("A", "C", "1"), ("B", "C", "2")], "13/2 between A and B is not a degree"),
        (WHOLE, [("B", "A", "0"), ("A", "C", "1"), ("B", "C", "2")], "0 between A and B is not a degree"),
        (WHOLE, [("B", "A", "7"), ("A", "C", "1"), ("B", "C", "2")], "7 between A and B is not a degree"),
        (WHOLE, [("A", "C", "1"), ("B", "C", "2")], "A and B are not compared"),
        (WHOLE, [("A", "B", "1"), ("B", "A", "1"), ("A", "C", "1"), ("B", "C", "2")], "A and B are compared twice"),
        (WHOLE, [("A", "A", "2"), ("A", "B", "1"), ("A", "C", "1"), ("B", "C", "2")], "A is compared with itself"),
        (WHOLE, [("A", "D", "2"), ("A", "B", "1"), ("A", "C", "1"), ("B", "C", "2")], "D is not among the proposals"),
    ],
)
def test_a_table_compares_each_two_once_by_a_degree_of_the_call(rules, cells, problem):
    assert fault(rules, table(*cells), "ABC") == problem


@pytest.mark.parametrize(
    "rounding, counted, expected",
    [
        ([], F(2, 3), F(20, 3)),
        ([Rounding(RoundingPoint.MEAN, 2, HALF_UP)], F("0.67"), F("6.7")),
        ([Rounding(RoundingPoint.MEAN, 2, TRUNCATE)], F("0.66"), F("6.6")),
        ([Rounding(RoundingPoint.PRODUCT, 1, HALF_UP)], F(2, 3), F("6.7")),
        # What a member gives are degrees, and there is nothing in them to round.
        ([Rounding(RoundingPoint.COEFFICIENT, 0, TRUNCATE)], F(2, 3), F(20, 3)),
    ],
)
def test_the_coefficient_and_the_points_are_rounded_where_the_call_says(rounding, counted, expected):
    found = compared([table(("A", "B", "6"), ("C", "A", "2"), ("B", "C", "4"))], rounding=rounding, maximum="10")
    assert (found["A"].counted, found["B"].counted, found["B"].points) == (1, counted, expected)


@given(st.data(), st.sampled_from(PairwiseVariant))
def test_the_best_has_one_and_nobody_more_whatever_is_preferred(data, variant):
    rules = Pairwise(variant, halves=True)
    tables = data.draw(st.lists(any_table(rules, "ABCD"), min_size=1, max_size=3))
    found = compared(tables, variant, "ABCD")
    assert max(score.counted for score in found.values()) == 1
    assert all(0 <= score.counted <= 1 and score.points == score.counted * 20 for score in found.values())
    assert [fault(rules, one, "ABCD") for one in tables] == [None] * len(tables)


@given(st.data(), st.sampled_from(PairwiseVariant))
def test_a_greater_preference_never_lowers_the_one_preferred_beside_the_other(data, variant):
    one = data.draw(any_table(Pairwise(variant), "ABC"))
    index = data.draw(st.integers(0, 2))
    cell = one[index]
    assume(cell.units not in (PARITY, GREATEST))
    more = [*one[:index], cell._replace(units=cell.units + 10_000), *one[index + 1 :]]
    others = data.draw(st.lists(any_table(Pairwise(variant), "ABC"), max_size=2))
    before, after = compared([one, *others], variant), compared([more, *others], variant)

    def ratio(found):
        better, other = (found[name].found for name in cell[:2])
        return better / (better + other)

    if variant is PairwiseVariant.SUM:
        assert ratio(after) > ratio(before) or before[cell.other].found == 0
    assert after[cell.preferred].counted >= before[cell.preferred].counted


# In the grid of a call


def grid(fewest=3, **options):
    return typed_grid(
        criterion("c", "pairwise", "20", pairwise=("sum", False, fewest)), criterion("p", "points", "10"), **options
    )


ABC = {name: {"p": [points]} for name, points in (("A", "1"), ("B", "2"), ("C", "3"))}
TABLE = table(("A", "B", "2"), ("A", "C", "2"), ("B", "C", "2"))


def test_points_of_pairs_are_added_to_the_others():
    found = scores(grid(), ABC, pairs={"c": [TABLE]})
    assert {name: score.total for name, score in found.items()} == {"A": 21, "B": 12, "C": 3}


def test_the_scorer_says_that_it_compares_and_that_sums_are_enough():
    scorer = Scorer(grid(), pairs={"c": [TABLE]})
    assert (scorer.compares, scorer.needs_each_mark) == (True, False)
    found = {name: scorer.found_in_sums(name, {"p": (10_000, 1)}, members=1) for name in "ABC"}
    assert [score.total for score in scorer.compare(found).values()] == [21, 11, 1]


@pytest.mark.parametrize("proposals", [("A",), ("A", "B")])
def test_too_few_to_be_compared_are_marked_by_coefficients(proposals):
    marks = {name: ABC[name] | {"c": [text]} for name, text in zip(proposals, ("0.8", "0.4"), strict=False)}
    assert [score.criteria[0].points for score in scores(grid(), marks).values()] == [16, 8][: len(proposals)]


@pytest.mark.parametrize("fewest, proposals", [(2, "AB"), (3, "ABC")])
def test_as_many_as_the_call_asks_for_are_compared(fewest, proposals):
    cells = [pair for pair in TABLE if {pair.preferred, pair.other} <= set(proposals)]
    found = scores(grid(fewest), {name: ABC[name] for name in proposals}, pairs={"c": [cells]})
    assert found["A"].criteria[0].points == 20


@pytest.mark.parametrize(
    "proposals, pairs, problem",
    [
        ("ABC", {}, "3 proposals are compared in pairs, and there are no tables"),
        ("AB", {"c": [TABLE]}, "2 proposals are too few to be compared in pairs"),
        ("ABC", {"c": [None]}, "nobody has a table"),
        ("ABC", {"c": []}, "0 tables, but 1 members"),
        ("ABC", {"c": [TABLE, TABLE]}, "2 tables, but 1 members"),
        ("ABC", {"c": [TABLE[:2]]}, "table 1: B and C are not compared"),
    ],
)
def test_tables_that_give_no_score_are_named(proposals, pairs, problem):
    marks = {name: ABC[name] | ({} if pairs else {"c": ["0.8"]}) for name in proposals}
    with pytest.raises(PairsError) as refusal:
        scores(grid(), marks, pairs=pairs)
    assert (refusal.value.application, refusal.value.criterion, refusal.value.problem) == ("", "c", problem)
    assert str(refusal.value) == f"criterion c: {problem}"


def test_what_is_compared_has_no_marks_and_what_is_not_needs_them():
    marks = ten_thousandths({"p": ["1"], "c": ["0.8"]})
    with pytest.raises(MarksError, match=r"^application A, criterion c: it is compared in pairs, and has no marks$"):
        Scorer(grid(), pairs={"c": [TABLE]}).found("A", marks, members=1)
    with pytest.raises(MissingMarks, match=r"^application A, criterion c: 0 marks of 1$"):
        Scorer(grid()).found("A", ten_thousandths({"p": ["1"]}), members=1)


def test_a_coefficient_of_too_few_is_checked_as_every_coefficient():
    with pytest.raises(MarksError, match=r"^application A, criterion c: a coefficient is not between 0 and 1$"):
        Scorer(grid()).found("A", ten_thousandths({"p": ["1"], "c": ["1.2"]}), members=1)


def test_tables_on_what_is_not_compared_are_refused():
    with pytest.raises(ValueError, match=r"^tables of pairs on what is not compared in pairs: p$"):
        Scorer(grid(), pairs={"p": [TABLE]})


def test_a_threshold_and_a_rescaling_take_the_points_of_pairs_as_any_others():
    found = scores(grid(threshold="10", rescaling=["total"]), ABC, pairs={"c": [TABLE]})
    assert {name: (score.raw, score.total) for name, score in found.items()} == {
        "A": (21, 30),
        "B": (12, F(120, 7)),
        "C": (3, 3),
    }
