"""Every type of criterion of real grids: what is found, and the points that it gives."""

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.grid import Rounding, RoundingMode, RoundingPoint
from evaluation.methods import each_maximum
from evaluation.ranking import Outcome, rank
from evaluation.scoring import MarksError, Missed, MissingMarks, Scorer, ThresholdOn
from tests.evaluation.grids import CASES, any_grids, any_mark, criterion, scores, ten_thousandths, typed_grid

HALF_UP, TRUNCATE = RoundingMode.HALF_UP, RoundingMode.TRUNCATE
COEFFICIENT, MEAN, PRODUCT, TOTAL = RoundingPoint


def points(one, quantity, **options):
    """Of the only criterion of a grid, for what one member found."""
    return scores(typed_grid(one, **options), {"D": {one.code: [quantity]}})["D"].criteria[0].points


# Real calls


def portici():
    case = CASES["portici_grid"]
    return typed_grid(
        criterion("1", "levels", case["maximum"], levels=case["levels"]),
        criterion("2", "count", case["maximum"], per_unit=case["per_certificate"], unit="certificati"),
        criterion("3", "levels", case["maximum"], levels={"assente": "0", **case["levels"]}),
    )


def test_portici_in_the_order_that_its_points_give():
    case = CASES["portici_2018"]
    proposals = {
        name: {code: [text] * 3 for code, text in zip("123", found, strict=True)}
        for name, found in CASES["portici_grid"]["found"].items()
    }
    found = scores(portici(), proposals, members=3)
    assert [[name, str(score.total)] for name, score in found.items()] == case["as_published"]
    ranked = rank(portici(), found, places=5).rows
    assert [(row.position, str(row.score.total)) for row in ranked] == [
        (1, "22"), (1, "22"), (3, "20"), (4, "17"), (5, "12"), (6, "10"), (6, "10"), (8, "4"),
    ]  # fmt: skip
    assert {row.application for row in ranked if row.outcome == Outcome.WAITING} == {"AIS Seguimi", "Benessere", "Lega Coop"}


def test_angri_adds_the_points_of_three_commissioners():
    case = CASES["angri_2020"]
    grid = typed_grid(criterion("tutto", "points", "30", step="0.5"), composition="sum")
    assert scores(grid, {"Noi e Voi": {"tutto": case["per_commissioner"]}}, members=3)["Noi e Voi"].total == F(case["total"])


def test_who_may_not_mark_leaves_a_sum_of_three_and_not_of_two():
    grid = typed_grid(criterion("tutto", "points", "30"), composition="sum")
    found = Scorer(grid, seats=3).from_marks("D", ten_thousandths({"tutto": ["8", "9"]}), members=2)
    assert found.total == F("25.5")


def parma(kind="power"):
    case = CASES["parma_2022"]
    exponent = case["exponent"] if kind == "power" else None
    return typed_grid(
        criterion("tecnica", "points", "80"),
        criterion("ribasso", "formula", case["maximum"], formula=(kind, "higher", exponent, None), unit="per cento"),
        rounding=[Rounding(PRODUCT, 2, HALF_UP)],
    )


@pytest.mark.parametrize("kind", ["power", "linear"])
def test_parma_by_its_formula_and_by_the_one_that_it_did_not_choose(kind):
    case = CASES["parma_2022"]
    marks = {n: {"tecnica": [p["technical"]], "ribasso": [p["discount"]]} for n, p in case["proposals"].items()}
    found = scores(parma(kind), marks)
    expected = case["proposals"]["CSS"] if kind == "power" else case["linear"]
    assert (str(found["Accento"].published_total), found["Accento"].criteria[1].points) == ("78.00", 20)
    assert (str(found["CSS"].published_total), found["CSS"].criteria[1].points) == (expected["total"], F(expected["economic"]))


def venezia():
    bands, before = [], None
    for most, points in CASES["venezia_bands"]["bands"]:
        ends = ({} if before is None else {"more_than": before}) | ({} if most is None else {"at_most": most})
        bands.append((ends, points))
        before = most
    return criterion("11", "bands", "1", bands=bands, unit="persone")


@pytest.mark.parametrize(
    "staff, expected",
    [
        ("0", "0"), ("1", "0.1"), ("15", "0.1"), ("15.0001", "0.2"), ("16", "0.2"), ("30", "0.2"), ("31", "0.3"),
        ("105", "0.7"), ("106", "0.8"), ("130", "0.8"), ("131", "0.9"), ("145", "0.9"), ("146", "1"), ("9999", "1"),
    ],
)  # fmt: skip
def test_venezia_has_bands_that_are_not_equally_wide(staff, expected):
    assert points(venezia(), staff) == F(expected)


@pytest.mark.parametrize("rating, expected", list(enumerate(CASES["legality_rating"]["points"].values())))
def test_a_legality_rating_is_a_table(rating, expected):
    bands = [
        ({"at_least": str(n), "at_most": str(n)}, text) for n, text in enumerate(CASES["legality_rating"]["points"].values())
    ]
    assert points(criterion("rating", "bands", "3", bands=bands, unit="stelle"), str(rating)) == F(expected)


def multi_threshold():
    case = CASES["multi_threshold"]
    return typed_grid(
        criterion("a", "points", "10", threshold=case["thresholds"]["a"]),
        criterion("d", "points", "10", threshold=case["thresholds"]["d"]),
        criterion("e", "points", "50"),
        criterion("malus", "penalty", "0", penalty=case["penalty"]),
        threshold=case["threshold"],
    )


@pytest.mark.parametrize(
    "a, d, e, left_unfinished, total, missed",
    [
        ("5", "4", "21", "0", "30", []),
        ("5", "4", "21", "1", "20", [""]),
        ("5", "4", "31", "1", "30", []),
        ("4.9999", "4", "31", "0", "39.9999", ["a"]),
        ("5", "3.9999", "31", "0", "39.9999", ["d"]),
        ("4", "3", "2", "1", "-1", ["a", "d", ""]),
    ],
)
def test_thresholds_and_a_penalty_of_ten_points(a, d, e, left_unfinished, total, missed):
    marks = {"a": [a], "d": [d], "e": [e], "malus": [left_unfinished]}
    found = scores(multi_threshold(), {"D": marks})["D"]
    assert (found.total, [m.code for m in found.below]) == (F(total), missed)


def test_a_total_below_zero_is_published_and_misses_the_threshold_with_its_sign():
    marks = {"a": ["5"], "d": ["4"], "e": ["0"], "malus": ["1"]}
    grid = multi_threshold()
    found = scores(grid, {"D": marks | {"a": ["0"], "d": ["0"]}})["D"]
    assert str(found.published_total) == "-10.00"
    assert found.below[-1] == Missed(ThresholdOn.TOTAL, "", F(-10), Decimal(30))


# Boundaries


@pytest.mark.parametrize("found, expected", [("0", "0"), ("4", "8"), ("5", "10"), ("6", "10"), ("2.5", "5"), ("1000000", "10")])
def test_a_count_gives_points_up_to_the_maximum(found, expected):
    assert points(criterion("c", "count", "10", per_unit="2", unit="certificati"), found) == F(expected)


@pytest.mark.parametrize("found, expected", [("1", "0"), ("2", "3"), ("3", "3"), ("3.5", "0"), ("4", "0"), ("4.0001", "5")])
def test_outside_every_band_there_are_no_points(found, expected):
    bands = [({"at_least": "2", "at_most": "3"}, "3"), ({"more_than": "4"}, "5")]
    assert points(criterion("c", "bands", "5", bands=bands, unit="anni"), found) == F(expected)


@pytest.mark.parametrize(
    "kind, found, expected", [("yes_no", "1", "3"), ("yes_no", "0", "0"), ("penalty", "1", "-2"), ("penalty", "0", "0")]
)
def test_a_yes_gives_the_maximum_or_takes_the_penalty_away(kind, found, expected):
    one = criterion("c", kind, "3" if kind == "yes_no" else "0", penalty="2" if kind == "penalty" else None)
    assert points(one, found) == F(expected)


@pytest.mark.parametrize(
    "rule, coefficient, mean, product, expected",
    [
        (None, None, None, None, "8/3"),
        (COEFFICIENT, "2.5", "2.5", "3.0", "8/3"),
        (MEAN, "2.5", "2.5", "3.0", "2.7"),
        (PRODUCT, "2.5", "2.5", "3.0", "2.7"),
    ],
)
def test_points_are_rounded_where_the_call_says(rule, coefficient, mean, product, expected):
    grid = typed_grid(criterion("c", "points", "10"), rounding=[Rounding(rule, 1, HALF_UP)] if rule else [])
    marks = {"c": [text or "2.5" if i < 2 else product or "3" for i, text in enumerate((coefficient, mean, product))]}
    assert scores(grid, {"D": marks}, members=3)["D"].total == F(expected)


def test_the_points_of_each_member_are_rounded_before_their_mean():
    grid = typed_grid(criterion("c", "points", "10"), rounding=[Rounding(COEFFICIENT, 0, TRUNCATE)])
    assert scores(grid, {"D": {"c": ["2.9", "2.9", "3"]}}, members=3)["D"].total == F("7/3")


# Marks that can't be


@pytest.mark.parametrize(
    "one, marks, problem",
    [
        (criterion("c", "levels", "10", levels={"no": "0", "sì": "10"}), ["5"], "5 are not the points of a level"),
        (criterion("c", "points", "10"), ["10.0001"], "points are not between 0 and 10"),
        (criterion("c", "points", "10"), ["-0.0001"], "points are not between 0 and 10"),
        (criterion("c", "points", "10", step="0.5"), ["8.4"], "42/5 points are not whole steps of 0.5"),
        (criterion("c", "count", "10", per_unit="2", unit="corsi"), ["-1"], "a quantity is less than 0"),
        (criterion("c", "yes_no", "3"), ["0.5"], "neither yes nor no"),
        (criterion("c", "penalty", "0", penalty="3"), ["2"], "neither yes nor no"),
        (criterion("c", "count", "10", per_unit="2", unit="corsi"), ["3", "2", "3"], "the members found 2 and 3, and a fact is one"),
    ],
)  # fmt: skip
def test_a_mark_that_cannot_be_is_named(one, marks, problem):
    with pytest.raises(MarksError) as refusal:
        scores(typed_grid(one), {"D-07": {"c": marks}}, members=len(marks))
    assert (refusal.value.application, refusal.value.criterion, refusal.value.problem) == ("D-07", "c", problem)


@pytest.mark.parametrize(
    "marks, problem", [(["3"], "1 marks of 2"), ([], "0 marks of 2"), (["3", "3", "3"], "3 marks, but 2 members")]
)
def test_a_fact_is_found_by_every_member(marks, problem):
    scorer = Scorer(typed_grid(criterion("c", "count", "10", per_unit="2", unit="corsi")))
    with pytest.raises(MarksError) as refusal:
        scorer.from_marks("D-07", ten_thousandths({"c": marks}), members=2)
    assert str(refusal.value) == f"application D-07, criterion c: {problem}"
    assert scorer.from_marks("D-07", ten_thousandths({"c": ["3", "3"]}), members=2).total == 6


def test_a_fact_is_not_found_by_nobody():
    with pytest.raises(MissingMarks) as refusal:
        Scorer(typed_grid(criterion("c", "yes_no", "3"))).from_marks("D-07", {"c": []}, members=0)
    assert (refusal.value.expected, refusal.value.found) == (0, 0)


@pytest.mark.parametrize("given, problem", [("10", None), ("10.0001", "points are not between 0 and 10")])
def test_under_a_sum_each_member_gives_a_part_of_the_maximum(given, problem):
    grid = typed_grid(criterion("c", "points", "30"), composition="sum")
    assert each_maximum(grid, grid.criteria[0], 3) == 10
    if problem:
        with pytest.raises(MarksError, match=rf"^application D, criterion c: {problem}$"):
            scores(grid, {"D": {"c": [given, "0", "0"]}}, members=3)
    else:
        assert scores(grid, {"D": {"c": [given, "0", "0"]}}, members=3)["D"].total == 10


def test_a_sum_needs_to_know_how_many_members_there_are():
    with pytest.raises(ValueError, match=r"^a grid that adds the judgments of the members needs to know how many they are$"):
        Scorer(typed_grid(criterion("c", "points", "30"), composition="sum"))


@pytest.mark.parametrize(
    "one, rounding, needed",
    [
        (criterion("c", "points", "10"), [], False),
        (criterion("c", "points", "10"), [Rounding(COEFFICIENT, 3, HALF_UP)], True),
        (criterion("c", "points", "10"), [Rounding(COEFFICIENT, 4, HALF_UP)], False),
        (criterion("c", "points", "10", step="0.5"), [Rounding(COEFFICIENT, 1, HALF_UP)], False),
        (criterion("c", "levels", "10", levels={"no": "0", "quasi": "7.25", "sì": "10"}), [Rounding(COEFFICIENT, 1, HALF_UP)], True),
        (criterion("c", "levels", "10", levels={"no": "0", "sì": "10"}), [Rounding(COEFFICIENT, 1, HALF_UP)], False),
        (criterion("c", "yes_no", "10"), [], True),
    ],
)  # fmt: skip
def test_the_grid_says_whether_each_mark_is_needed(one, rounding, needed):
    assert Scorer(typed_grid(one, rounding=rounding)).needs_each_mark is needed


def test_sums_of_points_are_enough_and_are_checked():
    scorer = Scorer(typed_grid(criterion("c", "points", "10")))
    assert scorer.from_sums("D", {"c": (165_000, 2)}, members=2).total == F("8.25")
    with pytest.raises(MarksError, match=r"^application D, criterion c: points are not between 0 and 10$"):
        scorer.from_sums("D", {"c": (200_001, 2)}, members=2)


# Any grid


@given(any_grids(), st.data())
def test_more_never_takes_points_away_on_what_is_not_compared(grid, data):
    for one in grid.criteria:
        if one.type in ("formula", "pairwise", "penalty", "bands"):
            continue
        alone = typed_grid(one, blocks={one.block: None}, rounding=grid.rounding, composition=grid.composition)
        mark = any_mark(one, each_maximum(alone, one, 3))
        low, high = sorted((data.draw(mark), data.draw(mark)))
        scorer = Scorer(alone, seats=3)
        before, after = (scorer.from_marks("D", {one.code: [m] * 3}, members=3) for m in (low, high))
        assert after.total >= before.total
