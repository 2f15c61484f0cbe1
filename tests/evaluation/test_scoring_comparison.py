"""What a proposal gets beside the others: formulas and rescaling."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.grid import Rounding, RoundingMode, RoundingPoint
from evaluation.methods import CriterionScore, Yardstick
from evaluation.ranking import rank
from evaluation.rounding import published
from evaluation.scoring import Scorer, factor
from tests.evaluation.grids import BUSY, CASES, any_calls, criterion, how_many, scores, sums, typed_grid

HALF_UP = RoundingMode.HALF_UP


def by_formula(formula, quantities, maximum="20", rounding=()):
    """The points of each quantity, in order."""
    grid = typed_grid(criterion("f", "formula", maximum, formula=formula, unit="euro"), rounding=rounding)
    found = scores(grid, {f"D-{n}": {"f": [text]} for n, text in enumerate(quantities)})
    return [score.criteria[0].points for score in found.values()]


HIGHER, LOWER = ("linear", "higher", None, None), ("linear", "lower", None, None)
SQUARE, BILINEAR = ("power", "higher", "2", None), ("bilinear", "higher", None, "0.8")


@pytest.mark.parametrize(
    "formula, quantities, expected",
    [
        (HIGHER, ["10", "5", "0"], ["20", "10", "0"]),
        (HIGHER, ["3", "1"], ["20", "20/3"]),
        (HIGHER, ["7", "7"], ["20", "20"]),
        (HIGHER, ["7"], ["20"]),
        (HIGHER, ["0", "0"], ["0", "0"]),
        (HIGHER, ["0"], ["0"]),
        (LOWER, ["10", "5", "20"], ["10", "20", "5"]),
        (LOWER, ["0", "5"], ["20", "0"]),
        (LOWER, ["0", "0"], ["20", "20"]),
        (LOWER, ["5"], ["20"]),
        (SQUARE, ["10", "5", "0"], ["20", "5", "0"]),
        # The mean of 10, 6, 5 and 3 is 6: up to it 16 x R / 6, beyond it 16 + 4 x (R - 6) / 4.
        (BILINEAR, ["10", "6", "5", "3"], ["20", "16", "40/3", "8"]),
        (BILINEAR, ["10", "8", "3", "3"], ["20", "18", "8", "8"]),
        # Everybody stands at the mean: the knee, and no division by zero.
        (BILINEAR, ["7", "7", "7"], ["16", "16", "16"]),
        (BILINEAR, ["7"], ["16"]),
        (BILINEAR, ["0", "0"], ["0", "0"]),
        # Three thirds, whose mean in floats falls just short of them.
        (BILINEAR, ["0.3333", "0.3333", "0.3333"], ["16", "16", "16"]),
    ],
)
def test_each_formula_at_its_edges(formula, quantities, expected):
    assert by_formula(formula, quantities) == [F(text) for text in expected]


def test_a_formula_keeps_the_quantity_that_was_found_and_what_it_was_measured_by():
    grid = typed_grid(criterion("f", "formula", "20", formula=HIGHER, unit="euro"))
    found = scores(grid, {"X": {"f": ["10"]}, "Y": {"f": ["2.5"]}})
    against = Yardstick(best=F(10), mean=F("6.25"))
    assert [score.criteria[0] for score in found.values()] == [
        CriterionScore("f", F(10), F(1), F(20), yardstick=against),
        CriterionScore("f", F("2.5"), F("0.25"), F(5), yardstick=against),
    ]


def test_a_power_that_is_not_whole_needs_a_rounding_and_takes_it():
    formula = ("power", "lower", "0.5", None)
    with pytest.raises(ValueError, match=r"^a power whose exponent is not whole must be rounded at product$"):
        by_formula(formula, ["1", "2"])
    rule = [Rounding(RoundingPoint.PRODUCT, 3, HALF_UP)]
    assert by_formula(formula, ["1", "2"], rounding=rule) == [20, F("14.142")]


def test_no_proposal_has_a_score_by_itself_where_they_are_compared():
    scorer = Scorer(typed_grid(criterion("f", "formula", "20", formula=HIGHER, unit="euro")))
    assert scorer.compares
    for score in (scorer.from_marks, scorer.from_sums):
        with pytest.raises(ValueError, match=r"^this grid compares proposals: none has a score by itself$"):
            score("D", {"f": [10_000]}, members=1)
    assert scorer.compare({}) == {}


def test_a_formula_compares_with_proposals_below_the_threshold_too():
    grid = typed_grid(
        criterion("q", "points", "80", threshold="40"), criterion("f", "formula", "20", formula=HIGHER, unit="euro")
    )
    found = scores(grid, {"A": {"q": ["60"], "f": ["100"]}, "B": {"q": ["10"], "f": ["200"]}})
    assert (found["A"].criteria[1].points, [m.code for m in found["B"].below]) == (10, ["q"])


# Rescaling


def two_blocks(rescaling, rounding=(), threshold=None):
    return typed_grid(
        criterion("a", "points", "40"),
        criterion("b", "points", "20"),
        criterion("c", "points", "40", block="Q"),
        blocks=dict.fromkeys("PQ"),
        rescaling=rescaling,
        rounding=rounding,
        threshold=threshold,
    )


PAIR = {"X": {"a": ["20"], "b": ["20"], "c": ["10"]}, "Y": {"a": ["10"], "b": ["10"], "c": ["30"]}}


@pytest.mark.parametrize(
    "rescaling, x, y",
    [
        ([], "50", "50"),
        # The best of each criterion: 20 of 40, 20 of 20, 30 of 40.
        (["criterion"], "220/3", "70"),
        # The best of each block: 40 of 60, 30 of 40.
        (["block"], "220/3", "70"),
        (["total"], "100", "100"),
        (["criterion", "total"], "100", "1050/11"),
        (["criterion", "block", "total"], "100", "1050/11"),
    ],
)
def test_each_level_of_rescaling(rescaling, x, y):
    found = scores(two_blocks(rescaling), PAIR)
    assert (found["X"].total, found["Y"].total) == (F(x), F(y))
    assert [s.published_total for s in found.values()] == [published(F(x), 2), published(F(y), 2)]
    assert [(s.raw, [b.raw for b in s.blocks]) for s in found.values()] == [(50, [40, 10]), (50, [20, 30])]


@pytest.mark.parametrize(
    "rescaling, criteria, blocks",
    [
        ([], ["20", "20", "10"], ["40", "10"]),
        (["criterion"], ["40", "20", "40/3"], ["60", "40/3"]),
        (["block"], ["20", "20", "10"], ["60", "40/3"]),
        (["total"], ["20", "20", "10"], ["40", "10"]),
        (["criterion", "block", "total"], ["40", "20", "40/3"], ["60", "40/3"]),
    ],
)
def test_a_rescaling_changes_its_own_level_and_those_that_are_added_from_it(rescaling, criteria, blocks):
    found = scores(two_blocks(rescaling), PAIR)["X"]
    assert [c.points for c in found.criteria] == [F(text) for text in criteria]
    assert [b.points for b in found.blocks] == [F(text) for text in blocks]
    assert [[part.raw for part in parts] for parts in (found.criteria, found.blocks)] == [[20, 20, 10], [40, 10]]


def test_first_level_rescaling_can_change_who_wins():
    proposals = {"X": {"a": ["20"], "b": ["20"], "c": ["11"]}, "Y": {"a": ["4"], "b": ["10"], "c": ["38"]}}
    winners = [
        rank(grid, scores(grid, proposals), places=1).rows[0].application for grid in map(two_blocks, ([], ["criterion"]))
    ]
    assert winners == ["Y", "X"]


def test_thresholds_are_judged_before_the_rescaling_and_who_misses_them_is_not_rescaled():
    case = CASES["threshold_before_rescaling"]
    grid = typed_grid(criterion("t", "points", case["maximum"]), threshold=case["threshold"], rescaling=["total"])
    found = scores(grid, {name: {"t": [text]} for name, text in case["raw"].items()})
    assert {name for name, score in found.items() if not score.below} == {"P"}
    # Alone above the threshold, P has nobody to be compared with (Cons. Stato 8728/2022).
    assert {name: score.total for name, score in found.items()} == {name: F(text) for name, text in case["raw"].items()}
    free = typed_grid(criterion("t", "points", case["maximum"]), rescaling=["total"])
    found = scores(free, {name: {"t": [text]} for name, text in case["raw"].items()})
    assert {name: score.total for name, score in found.items()} == {n: F(t) for n, t in case["wrongly_rescaled"].items()}


@pytest.mark.parametrize("threshold, x, y, z", [("40", "100", "90", "20"), ("20", "100", "90", "40")])
def test_the_best_is_looked_for_among_those_above_the_threshold(threshold, x, y, z):
    grid = typed_grid(criterion("t", "points", "100"), threshold=threshold, rescaling=["total"])
    found = scores(grid, {"X": {"t": ["50"]}, "Y": {"t": ["45"]}, "Z": {"t": ["20"]}})
    assert [score.total for score in found.values()] == [F(x), F(y), F(z)]


def test_a_proposal_alone_is_not_rescaled():
    found = scores(two_blocks(["criterion", "block", "total"]), {"X": PAIR["X"]})["X"]
    assert (found.total, found.before) == (50, None)


def test_a_proposal_alone_is_rescaled_where_the_call_says_so():
    # Cons. Stato 749/2016.
    grid = replace(two_blocks(["total"]), rescales_alone=True)
    found = scores(grid, {"X": PAIR["X"]})["X"]
    assert (found.total, found.before) == (100, 50)


@pytest.mark.parametrize("alone, total", [(False, 50), (True, 80)])
def test_one_alone_above_the_threshold_is_alone_whoever_is_below_it(alone, total):
    case = CASES["threshold_before_rescaling"]
    grid = typed_grid(criterion("t", "points", case["maximum"]), threshold=case["threshold"], rescaling=["total"])
    found = scores(replace(grid, rescales_alone=alone), {name: {"t": [text]} for name, text in case["raw"].items()})
    assert {name: score.total for name, score in found.items()} == {"P": total, "Q": 45, "R": 40}


def test_nobody_above_the_threshold_is_rescaled():
    grid = replace(two_blocks(["total"], threshold="60"), rescales_alone=True)
    found = scores(grid, {"X": PAIR["X"]})["X"]
    assert (found.total, found.before) == (50, None)


def test_a_penalty_and_a_criterion_on_which_nobody_has_points_are_not_rescaled():
    grid = typed_grid(
        criterion("a", "points", "10"),
        criterion("b", "points", "10"),
        criterion("malus", "penalty", "0", penalty="3"),
        rescaling=["criterion", "total"],
    )
    found = scores(grid, {"X": {"a": ["5"], "b": ["0"], "malus": ["1"]}, "Y": {"a": ["4"], "b": ["0"], "malus": ["0"]}})
    assert [[c.points for c in s.criteria] for s in found.values()] == [[10, 0, -3], [8, 0, 0]]
    # 7 and 8 of 20: the best is taken to 20.
    assert [s.total for s in found.values()] == [F("17.5"), 20]


def test_where_every_total_is_below_zero_nothing_is_rescaled():
    grid = typed_grid(criterion("a", "points", "10"), criterion("m", "penalty", "0", penalty="3"), rescaling=["total"])
    found = scores(grid, {"X": {"a": ["1"], "m": ["1"]}, "Y": {"a": ["0"], "m": ["1"]}})
    assert [s.total for s in found.values()] == [-2, -3]


def test_what_the_call_rounds_is_rounded_raw_and_rescaled():
    rounding = [Rounding(RoundingPoint.PRODUCT, 1, HALF_UP), Rounding(RoundingPoint.TOTAL, 0, HALF_UP)]
    grid = typed_grid(criterion("a", "points", "10"), rounding=rounding, rescaling=["criterion"])
    found = scores(grid, {"X": {"a": ["7.06"]}, "Y": {"a": ["5.04"]}})
    # Raw 7.1 and 5.0, not 7.06 and 5.04; rescaled 10 and 50 / 7.1 = 7.04.
    assert [(s.criteria[0].raw, s.criteria[0].points, s.raw, s.total) for s in found.values()] == [
        (F("7.1"), 10, 7, 10),
        (5, 7, 5, 7),
    ]


def test_a_total_that_the_call_rounds_is_rounded_again_when_it_is_rescaled():
    grid = typed_grid(criterion("a", "points", "10"), rounding=[Rounding(RoundingPoint.TOTAL, 1, HALF_UP)], rescaling=["total"])
    found = scores(grid, {"X": {"a": ["6"]}, "Y": {"a": ["4"]}})
    assert [(s.raw, s.total, str(s.published_total)) for s in found.values()] == [(6, 10, "10.00"), (4, F("6.7"), "6.70")]


@pytest.mark.parametrize("rescaling", [[], ["criterion"], ["total"]])
def test_what_is_weighed_again_starts_from_raw_points_and_keeps_the_thresholds_it_missed(rescaling):
    proposals = PAIR | {"Z": {"a": ["9"], "b": ["9"], "c": ["9"]}}
    found = scores(two_blocks(["criterion"], threshold="30"), proposals)
    assert {name: bool(score.below) for name, score in found.items()} == {"X": False, "Y": False, "Z": True}
    again = Scorer(two_blocks(rescaling, threshold="99")).weighed(found)
    assert again == scores(two_blocks(rescaling, threshold="30"), proposals)


@pytest.mark.parametrize(
    "maximum, points, times",
    [
        ("10", ["4", "5"], "2"),
        ("1", ["0.5", "0.25"], "2"),
        ("1", ["2"], "0.5"),
        ("10", ["0.5"], "20"),
        ("10", ["1"], "10"),
        ("10", ["0", "-3"], "1"),
        ("10", ["-3"], "1"),
        ("0", ["-3"], "1"),
        # More than the maximum, where there is none to reach: nothing is taken away either.
        ("0", ["4"], "1"),
    ],
)
def test_the_best_is_taken_to_the_maximum(maximum, points, times):
    assert factor(Decimal(maximum), [F(text) for text in points]) == F(times)


# Any grid, any marks


def rounded_by_hand(value, point, grid):
    rule = {r.at.value: r for r in grid.rounding}.get(point)
    if rule is None:
        return value
    sign, moved = (-1 if value < 0 else 1), abs(value) * 10**rule.digits
    whole, rest = moved.numerator // moved.denominator, moved - moved.numerator // moved.denominator
    up = {"half_up": rest >= F(1, 2), "half_even": rest > F(1, 2) or (rest == F(1, 2) and whole % 2), "truncate": False}
    return sign * F(whole + bool(up[rule.mode.value]), 10**rule.digits)


def root_by_hand(weight, ratio, exponent, rule):
    """By trying every unit, for small exponents."""
    a, b = exponent.as_integer_ratio()
    target = (weight * 10**rule.digits) ** b * ratio**a
    low, high = 0, int(weight * 10**rule.digits) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**b <= target else (low, middle)
    half = (F(2 * low + 1, 2)) ** b
    up = {"half_up": half <= target, "half_even": half < target or (half == target and low % 2), "truncate": False}
    return F(low + bool(up[rule.mode.value]), 10**rule.digits)


def points_by_hand(grid, one, marks, everybody, seats):
    """Raw points of one proposal on one criterion; ``everybody`` are the quantities of all proposals on it."""
    kind, most = one.type.value, F(one.max_points)
    if kind in ("coefficient", "levels", "points", "pairwise"):
        given_marks = [rounded_by_hand(F(mark, 10_000), "coefficient", grid) for mark in marks]
        found = sum(given_marks) / len(given_marks) * (seats if grid.composition == "sum" else 1)
        found = rounded_by_hand(found, "mean", grid)
        return rounded_by_hand(found * most if kind in ("coefficient", "pairwise") else found, "product", grid)
    quantity = F(marks[0], 10_000)
    if kind == "count":
        points = min(quantity * F(one.per_unit), most)
    elif kind == "bands":
        points = next((F(b.points) for b in one.bands if b.holds(Decimal(marks[0]) / 10_000)), F(0))
    elif kind == "yes_no":
        points = most if quantity else F(0)
    elif kind == "penalty":
        points = -F(one.penalty) if quantity else F(0)
    else:
        formula, best = one.formula, (max if one.formula.best == "higher" else min)(everybody)
        if best == 0:
            ratio = F(int(formula.best == "lower" and quantity == 0))
        else:
            ratio = quantity / best if formula.best == "higher" else best / quantity
        if formula.kind == "bilinear" and best:
            mean, knee = sum(everybody) / len(everybody), F(formula.knee)
            ratio = knee * quantity / mean if quantity <= mean else knee + (1 - knee) * (quantity - mean) / (best - mean)
        if formula.kind == "power":
            exponent = F(formula.exponent)
            if exponent.denominator > 1:
                return root_by_hand(most, ratio, exponent, next(r for r in grid.rounding if r.at == "product"))
            ratio **= int(exponent)
        points = most * ratio
    return rounded_by_hand(points, "product", grid)


def pairs_by_hand(grid, one, tables, name, everybody):
    """Raw points of one proposal on a criterion compared in pairs: each cell is asked what it gives."""

    def gives(table, to):
        return sum(F(degree, 10_000) for better, worse, degree in table if to == better or (to == worse and degree == 10_000))

    tables = [table for table in tables if table is not None]
    if one.pairwise.variant == "sum":
        figures = {n: sum(gives(table, n) for table in tables) for n in everybody}
    else:
        best = [max(gives(table, n) for n in everybody) for table in tables]
        figures = {n: sum(gives(t, n) / b for t, b in zip(tables, best, strict=True)) / len(tables) for n in everybody}
    coefficient = rounded_by_hand(F(figures[name]) / max(figures.values()), "mean", grid)
    return rounded_by_hand(coefficient * F(one.max_points), "product", grid)


def by_hand(grid, marks, pairs, seats):
    """{application: (points, block points, total, thresholds missed)}, step by step and without any sharing."""
    marked = [c for c in grid.criteria if c.code not in pairs]
    everybody = {c.code: [F(given_marks[c.code][0], 10_000) for given_marks in marks.values()] for c in marked}
    table = {
        name: [
            pairs_by_hand(grid, c, pairs[c.code], name, marks)
            if c.code in pairs
            else points_by_hand(grid, c, given_marks[c.code], everybody[c.code], seats)
            for c in grid.criteria
        ]
        for name, given_marks in marks.items()
    }

    def blocks_of(points):
        return [sum((p for p, c in zip(points, grid.criteria, strict=True) if c.block == b.code), F(0)) for b in grid.blocks]

    def total_of(blocks):
        return rounded_by_hand(sum(blocks, F(0)), "total", grid)

    found = {}
    for name, points in table.items():
        blocks = blocks_of(points)
        missed = [c.code for c, p in zip(grid.criteria, points, strict=True) if c.threshold is not None and p < c.threshold]
        missed += [b.code for b, p in zip(grid.blocks, blocks, strict=True) if b.threshold is not None and p < b.threshold]
        missed += [""] if grid.threshold is not None and total_of(blocks) < grid.threshold else []
        found[name] = [points, blocks, total_of(blocks), missed]
    part = [name for name in found if not found[name][3]]
    if len(part) < 2 and not (part and grid.rescales_alone):
        return found

    def times(maximum, best):
        return F(maximum) / best if best > 0 and maximum > 0 else F(1)

    for step in grid.rescaling:
        if step == "criterion":
            by = [times(c.max_points, max(found[n][0][i] for n in part)) for i, c in enumerate(grid.criteria)]
            for name in part:
                points = [rounded_by_hand(p * f, "product", grid) for p, f in zip(found[name][0], by, strict=True)]
                found[name][:3] = [points, blocks_of(points), total_of(blocks_of(points))]
        elif step == "block":
            by = [times(b.max_points, max(found[n][1][i] for n in part)) for i, b in enumerate(grid.blocks)]
            for name in part:
                blocks = [p * f for p, f in zip(found[name][1], by, strict=True)]
                found[name][1:3] = [blocks, total_of(blocks)]
        else:
            by = times(grid.max_points, max(found[n][2] for n in part))
            for name in part:
                found[name][2] = rounded_by_hand(found[name][2] * by, "total", grid)
    return found


def scored(grid, marks, pairs, seats=3):
    scorer = Scorer(grid, seats=seats, pairs=pairs)
    return scorer.compare({name: scorer.found(name, m, members=how_many(m)) for name, m in marks.items()})


@BUSY
@given(any_calls(max_proposals=6))
def test_any_grid_of_any_types_as_by_hand(call):
    grid, marks, pairs = call
    found = {
        name: [[c.points for c in s.criteria], [b.points for b in s.blocks], s.total, [m.code for m in s.below]]
        for name, s in scored(grid, marks, pairs).items()
    }
    assert found == by_hand(grid, marks, pairs, 3)


@BUSY
@given(any_calls(max_proposals=6))
def test_sums_are_enough_wherever_the_grid_says_so(call):
    grid, marks, pairs = call
    scorer = Scorer(grid, seats=3, pairs=pairs)
    if scorer.needs_each_mark:
        with pytest.raises(ValueError, match=r"^this grid rounds what each member gives, or has facts: sums are not enough$"):
            scorer.found_in_sums("D", {}, members=1)
    else:
        added = {name: scorer.found_in_sums(name, sums(given), members=how_many(given)) for name, given in marks.items()}
        assert scorer.compare(added) == scored(grid, marks, pairs)


@BUSY
@given(any_calls(max_proposals=6), st.randoms(use_true_random=False))
def test_the_order_of_the_proposals_changes_nothing(call, random):
    grid, marks, pairs = call
    shuffled = list(marks.items())
    random.shuffle(shuffled)
    cells = {code: [None if t is None else random.sample(t, len(t)) for t in tables] for code, tables in pairs.items()}
    assert scored(grid, dict(shuffled), cells) == scored(grid, marks, pairs)


@BUSY
@given(any_calls(max_proposals=6))
def test_rescaling_lets_nobody_in_or_out_and_takes_the_best_to_the_maximum(call):
    grid, marks, pairs = call
    found = scored(grid, marks, pairs)
    part = [s for s in found.values() if not s.below]
    assert [s.before for s in found.values() if s.below] == [None] * (len(found) - len(part))
    several = len(part) > 1 or (part and grid.rescales_alone)
    if "total" in grid.rescaling and several and not grid.rounding and max(s.raw for s in part) > 0:
        best = max(s.total for s in part)
        assert best == grid.max_points or best <= 0
