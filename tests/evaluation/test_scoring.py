import math
import re
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.grid import Rescaling, Rounding, RoundingMode, RoundingPoint
from evaluation.methods import CriterionScore
from evaluation.rounding import published, rounded
from evaluation.scoring import BlockScore, MarksError, Missed, MissingMarks, Scorer, ThresholdOn
from tests.evaluation import grids
from tests.evaluation.grids import (
    CASES,
    MEAN_TO_TWO,
    gorgonzola,
    make_grid,
    random_calls,
    sums,
    ten_thousandths,
    typed_grid,
)
from tests.evaluation.grids import criterion as criterion_of

HALF_UP, HALF_EVEN, TRUNCATE = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.TRUNCATE
COEFFICIENT, MEAN, PRODUCT, TOTAL = RoundingPoint


def score(grid, marks, members=3):
    return Scorer(grid).from_marks("D-01", ten_thousandths(marks), members=members)


# Published and published-like numbers


def test_every_case_of_the_data_is_reproduced_by_a_test():
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert set(re.findall(r'CASES\["(\w+)"\]', sources + Path(grids.__file__).read_text())) == set(CASES)


def test_gorgonzola_rounds_the_mean_before_the_weight():
    case = CASES["round_mean_before_weight"]
    grid = make_grid({"1": {"1.E": case["maximum"]}}, rounding=[MEAN_TO_TWO])
    assert score(grid, {"1.E": case["marks"]}).criteria == (
        CriterionScore(code="1.E", found=F(23, 30), counted=F(77, 100), points=F(case["rounded"])),
    )
    exact = make_grid({"1": {"1.E": case["maximum"]}})
    assert str(score(exact, {"1.E": case["marks"]}).published_total) == case["unrounded"]


@pytest.mark.parametrize("name, unrounded", CASES["rounding_flips_ranking"]["unrounded"].items())
def test_gorgonzola_without_rounding(name, unrounded):
    total = score(gorgonzola(rounding=()), CASES["rounding_flips_ranking"][name]).total
    assert str(published(total, 4)) == unrounded


@pytest.mark.parametrize("name, total", CASES["rounding_flips_ranking"]["means_rounded"].items())
def test_gorgonzola_with_rounded_means(name, total):
    result = score(gorgonzola(), CASES["rounding_flips_ranking"][name])
    assert (result.total, str(result.published_total), result.below) == (F(total), total, ())


def test_angri_sum_of_the_points_of_three_commissioners():
    # A sum of marks out of ten is a mean of coefficients on a maximum of thirty.
    case = CASES["angri_2020"]
    coefficients = [str(Decimal(points) / 10) for points in case["per_commissioner"]]
    assert score(make_grid({"1": {"whole": "30"}}), {"whole": coefficients}).total == F(case["total"])


@pytest.mark.parametrize("mode, expected", [(HALF_UP, "half_up"), (TRUNCATE, "truncated")])
def test_truncation_is_not_rounding(mode, expected):
    case = CASES["truncate_or_half_up"]
    grid = make_grid({"1": {"A": case["maximum"]}}, rounding=[Rounding(PRODUCT, 2, mode)])
    marks = [case["coefficient"], *["0"] * (case["members"] - 1)]
    assert score(grid, {"A": marks}).total == F(case[expected])


def test_equal_scores_all_count():
    # TuttoGare, SUM(DISTINCT punteggio): two criteria with the same points counted once.
    case = CASES["sum_distinct"]
    grid = make_grid({"1": dict.fromkeys("ABC", "10")})
    marks = {code: [str(Decimal(points) / 10)] for code, points in zip("ABC", case["scores"], strict=True)}
    result = score(grid, marks, members=1)
    assert str(result.published_total) == case["total"]
    assert sum({criterion.points for criterion in result.criteria}) == F(case["distinct"])


@pytest.mark.parametrize("value, wanted", CASES["floats"]["rounded"])
def test_a_half_goes_up_where_floats_lose_it(value, wanted):
    assert str(published(F(value), 2)) == wanted


def test_tenths_add_up():
    one, two, three = CASES["floats"]["added"]
    grid = make_grid({"1": {"A": "1", "B": "1"}})
    assert score(grid, {"A": [one], "B": [two]}, members=1).total == F(three)


def test_four_point_eight_of_six_is_eight_tenths():
    # Casa Jannacci, criterion B.2.
    points, maximum, coefficient = CASES["floats"]["divided"]
    grid = make_grid({"1": {"B.2": maximum}})
    assert score(grid, {"B.2": [coefficient]}, members=1).total == F(points)


# Rounding


@pytest.mark.parametrize(
    "value, digits, half_up, half_even, truncated",
    [
        ("2.675", 2, "2.68", "2.68", "2.67"),
        ("2.665", 2, "2.67", "2.66", "2.66"),
        ("0.125", 2, "0.13", "0.12", "0.12"),
        ("0.12500000000000000000000000000001", 2, "0.13", "0.13", "0.12"),
        ("0.12499999999999999999999999999999", 2, "0.12", "0.12", "0.12"),
        ("0.5", 0, "1", "0", "0"),
        ("1.5", 0, "2", "2", "1"),
        ("2/3", 4, "0.6667", "0.6667", "0.6666"),
        ("7", 2, "7", "7", "7"),
        ("0", 2, "0", "0", "0"),
        ("-0.125", 2, "-0.13", "-0.12", "-0.12"),
        ("-2.679", 2, "-2.68", "-2.68", "-2.67"),
    ],
)
def test_each_mode_of_rounding(value, digits, half_up, half_even, truncated):
    assert [rounded(F(value), digits, mode) for mode in (HALF_UP, HALF_EVEN, TRUNCATE)] == [
        F(half_up),
        F(half_even),
        F(truncated),
    ]


def test_rounding_to_tens_is_refused():
    with pytest.raises(ValueError, match=r"^-1 decimals: rounding to tens is not a rule of any call$"):
        rounded(F(86), -1, HALF_UP)


@pytest.mark.parametrize(
    "value, digits, text", [("86.5", 2, "86.50"), ("0", 2, "0.00"), ("12345.67891", 4, "12345.6789"), ("2/3", 0, "1")]
)
def test_a_published_figure_has_all_its_digits_in_any_decimal_context(value, digits, text):
    with localcontext() as context:
        context.prec = 2
        assert format(published(F(value), digits), "f") == text


@pytest.mark.parametrize(
    "rules, mean, coefficient, points, total, shown",
    [
        ([], "5347/7500", "5347/7500", "5347/750", "5347/750", "7.13"),
        ([Rounding(COEFFICIENT, 1, HALF_UP)], "11/15", "11/15", "22/3", "22/3", "7.33"),
        ([Rounding(COEFFICIENT, 1, TRUNCATE)], "2/3", "2/3", "20/3", "20/3", "6.67"),
        ([Rounding(MEAN, 2, HALF_UP)], "5347/7500", "0.71", "7.1", "7.1", "7.10"),
        ([Rounding(PRODUCT, 1, HALF_UP)], "5347/7500", "5347/7500", "7.1", "7.1", "7.10"),
        ([Rounding(TOTAL, 0, HALF_UP)], "5347/7500", "5347/7500", "5347/750", "7", "7.00"),
        ([Rounding(TOTAL, 3, TRUNCATE)], "5347/7500", "5347/7500", "5347/750", "7.129", "7.12"),
        (
            [Rounding(TOTAL, 0, HALF_UP), Rounding(MEAN, 1, TRUNCATE), Rounding(COEFFICIENT, 1, HALF_UP)],
            "11/15",
            "0.7",
            "7",
            "7",
            "7.00",
        ),
    ],
)
def test_each_point_of_rounding(rules, mean, coefficient, points, total, shown):
    # The marks add up to 2.1388: rounded one by one to a tenth they are 0.8, 0.7 and 0.7, cut 0.7, 0.7 and 0.6.
    grid = make_grid({"1": {"A": "10"}}, rounding=rules)
    result = score(grid, {"A": ["0.75", "0.7388", "0.65"]})
    assert (result.criteria[0].found, result.criteria[0].counted, result.criteria[0].points) == (
        F(mean),
        F(coefficient),
        F(points),
    )
    assert (result.total, str(result.published_total)) == (F(total), shown)


def test_two_rules_at_one_point_are_refused():
    with pytest.raises(ValueError, match=r"^two rounding rules at the same point: mean$"):
        Scorer(make_grid({"1": {"A": "10"}}, rounding=[MEAN_TO_TWO, Rounding(MEAN, 3, HALF_UP)]))


# Sums, or each coefficient


TENTHS = {"pieno": "1", "mezzo": "0.5", "nullo": "0"}
HUNDREDTHS = {"pieno": "1", "tre quarti": "0.75", "nullo": "0"}


@pytest.mark.parametrize(
    "levels, rules, needed",
    [
        (HUNDREDTHS, [], False),
        (HUNDREDTHS, [Rounding(COEFFICIENT, 1, HALF_UP)], True),
        (HUNDREDTHS, [Rounding(COEFFICIENT, 2, HALF_UP)], False),
        (TENTHS, [Rounding(COEFFICIENT, 1, TRUNCATE)], False),
        (TENTHS, [Rounding(COEFFICIENT, 0, TRUNCATE)], True),
        (HUNDREDTHS, [Rounding(MEAN, 1, HALF_UP), Rounding(TOTAL, 0, HALF_UP)], False),
    ],
)
def test_the_grid_says_whether_each_coefficient_is_needed(levels, rules, needed):
    assert Scorer(make_grid({"1": {"A": "10"}}, levels=levels, rounding=rules)).needs_each_mark is needed


def test_sums_are_refused_where_each_coefficient_is_needed():
    grid = make_grid({"1": {"A": "10"}}, levels=HUNDREDTHS, rounding=[Rounding(COEFFICIENT, 1, HALF_UP)])
    with pytest.raises(ValueError, match=r"^this grid rounds what each member gives, or has facts: sums are not enough$"):
        Scorer(grid).from_sums("D-01", {"A": (15_000, 2)}, members=2)
    # The sum says 1.5, the rounded coefficients 0.8 and 0.8.
    assert score(grid, {"A": ["0.75", "0.75"]}, members=2).total == 8


# Marks that cannot give a score


def test_a_missing_mark_is_an_error_and_a_zero_is_a_mark():
    scorer = Scorer(make_grid({"1": {"A": "10", "B": "10"}}))
    with pytest.raises(MissingMarks) as refusal:
        scorer.from_sums("D-07", {"A": (16_000, 2), "B": (8_000, 1)}, members=2)
    error = refusal.value
    assert (error.application, error.criterion, error.expected, error.found) == ("D-07", "B", 2, 1)
    assert str(error) == "application D-07, criterion B: 1 marks of 2"
    assert scorer.from_sums("D-07", {"A": (16_000, 2), "B": (8_000, 2)}, members=2).total == 12


@pytest.mark.parametrize(
    "marks, members, problem",
    [
        ({"A": (8_000, 1)}, 1, "application D-07, criterion B: 0 marks of 1"),
        ({"A": (0, 0), "B": (0, 0)}, 0, "application D-07, criterion A: 0 marks of 0"),
        ({"A": (8_000, 2), "B": (8_000, 1)}, 1, "application D-07, criterion A: 2 marks, but 1 members"),
        (
            {"A": (8_000, 1), "B": (8_000, 1), "Z": (0, 1), "Y": (0, 1)},
            1,
            "application D-07, criterion Y: the grid has no such criterion",
        ),
        ({"A": (10_001, 1), "B": (0, 1)}, 1, "application D-07, criterion A: a coefficient is not between 0 and 1"),
        ({"A": (0, 1), "B": (-1, 1)}, 1, "application D-07, criterion B: a coefficient is not between 0 and 1"),
    ],
)
def test_impossible_sums_name_the_application_and_the_criterion(marks, members, problem):
    with pytest.raises(MarksError) as refusal:
        Scorer(make_grid({"1": {"A": "10", "B": "10"}})).from_sums("D-07", marks, members=members)
    assert str(refusal.value) == problem


def test_what_is_known_of_three_marks_says_nothing_of_two():
    scorer = Scorer(make_grid({"1": {"A": "10"}}))
    assert scorer.from_sums("D-01", {"A": (24_000, 3)}, members=3).total == 8
    with pytest.raises(MarksError) as refusal:
        scorer.from_sums("D-02", {"A": (24_000, 3)}, members=2)
    assert str(refusal.value) == "application D-02, criterion A: 3 marks, but 2 members"


def test_coefficients_are_checked_one_by_one():
    # Their sum would be possible.
    with pytest.raises(MarksError, match=r"^application D-07, criterion A: a coefficient is not between 0 and 1$"):
        Scorer(make_grid({"1": {"A": "10"}})).from_marks("D-07", {"A": [12_000, 1_000]}, members=2)


def test_a_mark_that_its_rounding_takes_beyond_the_maximum_was_possible():
    grid = typed_grid(criterion_of("a", "points", "9.6"), rounding=[Rounding(COEFFICIENT, 0, HALF_UP)])
    assert score(grid, {"a": ["9.6"]}, members=1).total == 10


def test_a_grid_that_does_not_add_up_is_refused():
    grid = make_grid({"1": {"A": "10"}, "2": {"B": "10"}})
    with pytest.raises(ValueError, match=r"^two criteria of the grid have the same code$"):
        Scorer(make_grid({"1": {"A": "10"}, "2": {"A": "10"}}))
    with pytest.raises(ValueError, match=r"^every criterion of the grid must belong to exactly one block$"):
        Scorer(replace(grid, blocks=grid.blocks[:1]))


def test_equal_findings_are_computed_once_and_shared():
    scorer = Scorer(typed_grid(criterion_of("a", "points", "10"), criterion_of("si", "yes_no", "5")))
    one, two = (
        scorer.from_marks(name, ten_thousandths({"a": marks, "si": ["1", "1"]}), members=2)
        for name, marks in {"D-01": ["4", "6"], "D-02": ["7", "3"]}.items()
    )
    assert [a is b for a, b in zip(one.criteria, two.criteria, strict=True)] == [True, True]


# Blocks and thresholds


def test_blocks_add_the_points_of_their_criteria():
    grid = make_grid({"1": {"1.A": "3", "1.B": "15"}, "2": {"2.A": "10"}})
    result = score(grid, {"1.A": ["1"], "1.B": ["0.8"], "2.A": ["0.33"]}, members=1)
    assert result.blocks == (BlockScore("1", F(15)), BlockScore("2", F("3.3")))
    assert result.total == F("18.3")


@pytest.mark.parametrize(
    "a, d, rest, missed",
    [
        ("0.5", "0.4", "0.42", []),
        ("0.4999", "0.4", "0.43", [(ThresholdOn.CRITERION, "a", F("4.999"), Decimal(5))]),
        ("0.5", "0.3999", "0.43", [(ThresholdOn.CRITERION, "d", F("3.999"), Decimal(4))]),
        ("0.51", "0.4", "0.4199", [(ThresholdOn.BLOCK, "altro", F("20.995"), Decimal(21))]),
        (
            "0.5",
            "0.4",
            "0.4199",
            [(ThresholdOn.BLOCK, "altro", F("20.995"), Decimal(21)), (ThresholdOn.TOTAL, "", F("29.995"), Decimal(30))],
        ),
        (
            "0.1",
            "0.2",
            "0.1",
            [
                (ThresholdOn.CRITERION, "a", F(1), Decimal(5)),
                (ThresholdOn.CRITERION, "d", F(2), Decimal(4)),
                (ThresholdOn.BLOCK, "altro", F(5), Decimal(21)),
                (ThresholdOn.TOTAL, "", F(8), Decimal(30)),
            ],
        ),
    ],
)
def test_thresholds_are_joined_by_and(a, d, rest, missed):
    # As in GU 23A04924: at least 30 in all, and 5 on criterion a, and 4 on criterion d; the block is added here.
    grid = make_grid(
        {"merito": {"a": "10", "d": "10"}, "altro": {"e": "50"}},
        threshold="30",
        thresholds={"a": "5", "d": "4", "altro": "21"},
    )
    result = score(grid, {"a": [a], "d": [d], "e": [rest]}, members=1)
    assert result.below == tuple(Missed(*each) for each in missed)


def test_a_figure_that_only_looks_like_the_threshold_does_not_reach_it():
    grid = make_grid({"1": {"A": "100"}}, threshold="60")
    result = score(grid, {"A": ["0.5999", "0.6", "0.6"]})
    assert (result.total, str(result.published_total)) == (F("59.99") + F("1/150"), "60.00")
    assert result.below == (Missed(ThresholdOn.TOTAL, "", F("59.99") + F("1/150"), Decimal(60)),)


def test_a_total_that_the_call_rounds_is_judged_rounded():
    grid = make_grid({"1": {"A": "100"}}, threshold="60", rounding=[Rounding(TOTAL, 2, HALF_UP)])
    assert score(grid, {"A": ["0.5999", "0.6", "0.6"]}).below == ()


# Any grid, any marks


def simple_round(value, rule):
    """As one does by hand: move the point, look at what is left, move it back."""
    moved = value * 10**rule.digits
    match rule.mode.value:
        case "half_up":
            return F(math.floor(moved + F(1, 2)), 10**rule.digits)
        case "half_even":
            return F(round(moved), 10**rule.digits)
        case "truncate":
            return F(math.trunc(moved), 10**rule.digits)


def by_hand(grid, marks):
    """(means, coefficients, points, block points, total, published total, thresholds missed), without any sharing."""
    rule = {r.at.value: r for r in grid.rounding}

    def at(point, value):
        return simple_round(value, rule[point]) if point in rule else value

    means, coefficients, points = [], [], []
    for criterion in grid.criteria:
        given_marks = [at("coefficient", F(mark) / 10_000) for mark in marks[criterion.code]]
        means.append(sum(given_marks) / len(given_marks))
        coefficients.append(at("mean", means[-1]))
        points.append(at("product", coefficients[-1] * F(str(criterion.max_points))))
    blocks = [sum(p for p, c in zip(points, grid.criteria, strict=True) if c.block == b.code) for b in grid.blocks]
    total = at("total", sum(points))
    shown = simple_round(total, Rounding(TOTAL, grid.published_digits, rule["total"].mode if "total" in rule else HALF_UP))
    missed = [c.code for c, p in zip(grid.criteria, points, strict=True) if c.threshold is not None and p < F(c.threshold)]
    missed += [b.code for b, p in zip(grid.blocks, blocks, strict=True) if b.threshold is not None and p < F(b.threshold)]
    missed += [""] if grid.threshold is not None and total < F(grid.threshold) else []
    return means, coefficients, points, blocks, total, shown, missed


def as_by_hand(result):
    return (
        [c.found for c in result.criteria],
        [c.counted for c in result.criteria],
        [c.points for c in result.criteria],
        [b.points for b in result.blocks],
        result.total,
        F(result.published_total),
        [m.code for m in result.below],
    )


@given(random_calls())
def test_any_grid_and_marks_as_by_hand(call):
    grid, marks = call
    scorer = Scorer(grid)
    for application, given_marks in marks.items():
        members = len(given_marks[grid.criteria[0].code])
        expected = by_hand(grid, given_marks)
        assert as_by_hand(scorer.from_marks(application, given_marks, members=members)) == expected
        if not scorer.needs_each_mark:
            assert as_by_hand(scorer.from_sums(application, sums(given_marks), members=members)) == expected


@given(random_calls(max_proposals=1), st.data())
def test_a_better_mark_never_lowers_a_score(call, data):
    grid, marks = call
    scorer = Scorer(grid)
    for given_marks in marks.values():
        code = data.draw(st.sampled_from(sorted(given_marks)))
        better = given_marks | {code: [data.draw(st.integers(given_marks[code][0], 10_000)), *given_marks[code][1:]]}
        members = len(better[code])
        before, after = (scorer.from_marks("D", m, members=members) for m in (given_marks, better))
        assert after.total >= before.total
        assert {m.code for m in after.below} <= {m.code for m in before.below}


@pytest.mark.parametrize("level", list(Rescaling))
def test_a_grid_that_rescales_says_that_it_compares(level):
    grid = make_grid({"1": {"A": "60"}, "2": {"B": "40"}}, levels={"pieno": "1"}, chain=[("draw", "")])
    assert (Scorer(grid).compares, Scorer(replace(grid, rescaling=(level,))).compares) == (False, True)
