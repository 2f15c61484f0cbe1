from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.notice.grid import Comparison, RoundingMode
from evaluation.methods import CriterionScore
from evaluation.pairwise import Pair
from evaluation.ranking import (
    Decision,
    Explanation,
    Link,
    LinkKind,
    LotPlaces,
    Out,
    Outcome,
    RankedLot,
    Tie,
    rank,
)
from evaluation.rounding import rounded
from evaluation.scoring import BlockScore, Missed, Score, Scorer, ThresholdOn
from tests.evaluation.grids import (
    BUSY,
    CASES,
    any_calls,
    gorgonzola,
    how_many,
    make_grid,
    random_calls,
    ten_thousandths,
    typed_grid,
)
from tests.evaluation.grids import criterion as criterion_of
from tests.evaluation.grids import scores as scores_of

SELECTED, WAITING, TIE_PENDING, BELOW, EXCLUDED, RENOUNCED, FORFEITED = Outcome

PLAIN = make_grid({"1": {"A": "100"}})
CHAIN = make_grid({"1": {"D": "66", "E": "14"}, "2": {"F": "20"}}, chain=[("block", "1"), ("criterion", "E"), ("draw", "")])


def total(points, below=()):
    """A score on the grid ``PLAIN``."""
    exact = F(points)
    criterion = CriterionScore("A", exact / 100, exact / 100, exact)
    return Score((criterion,), (BlockScore("1", exact),), exact, Decimal(0), tuple(below))


def on_chain(points, block, criterion):
    """A score on the grid ``CHAIN``: total, block 1, criterion E."""
    total, block, criterion = F(points), F(block), F(criterion)
    parts = {"D": block - criterion, "E": criterion, "F": total - block}
    criteria = tuple(CriterionScore(code, F(0), F(0), part) for code, part in parts.items())
    return Score(criteria, (BlockScore("1", block), BlockScore("2", total - block)), total, Decimal(0), ())


def places(grid, scores, **options):
    """[(application, position, outcome)] in the order of the ranking."""
    return [(row.application, row.position, row.outcome) for row in rank(grid, scores, **options).rows]


LOW = Missed(ThresholdOn.TOTAL, "", F(59), Decimal(60))


# The order


def test_rounding_the_means_changes_who_wins_at_gorgonzola():
    # Determinazione 685/2024 of Gorgonzola, art. 10, rounds each mean; with exact means the other proposal wins.
    case = CASES["rounding_flips_ranking"]

    def winner(grid):
        scorer = Scorer(grid)
        scores = {n: scorer.from_marks(n, ten_thousandths(case[n]), members=3) for n in "XY"}
        return rank(grid, scores, places=1).rows[0].application

    assert (winner(gorgonzola()), winner(gorgonzola(rounding=()))) == ("X", "Y")


def test_portici_in_the_order_of_the_points():
    scores = {name: total(points) for name, points in CASES["portici_2018"]["as_published"]}
    assert places(PLAIN, scores, places=5) == [
        ("Netcon", 1, SELECTED),
        ("Seme di Pace", 1, SELECTED),
        ("Ambiente Solidale", 3, SELECTED),
        ("Shannara", 4, SELECTED),
        ("Focom", 5, SELECTED),
        ("AIS Seguimi", 6, WAITING),
        ("Benessere", 6, WAITING),
        ("Lega Coop", 8, WAITING),
    ]


def test_portici_with_all_six_places_ends_in_a_tie():
    scores = {name: total(points) for name, points in CASES["portici_2018"]["as_published"]}
    ranking = rank(PLAIN, scores, places=6)
    assert [row.outcome for row in ranking.rows] == [SELECTED] * 5 + [TIE_PENDING] * 2 + [WAITING]
    assert ranking.ties == (
        Tie(1, ("Netcon", "Seme di Pace"), SELECTED),
        Tie(6, ("AIS Seguimi", "Benessere"), TIE_PENDING),
    )
    assert (ranking.contested, ranking.unfilled) == (1, 0)


@pytest.mark.parametrize("numbers", [("D-1", "D-2"), ("D-2", "D-1")], ids=["in order", "the other way round"])
def test_of_two_equal_neither_the_earlier_nor_chance_is_first(numbers):
    # Two faults of ranking programs: the one that arrived first wins, or equal ones are shuffled. At Vittoria two bodies were
    # equal, and a public draw decided between them (TAR Catania 1047/2024): nothing else may.
    equal = {number: total(80) for number in numbers}
    rankings = [rank(PLAIN, equal, places=1) for _ in range(20)]
    assert {ranking.rows for ranking in rankings} == {rankings[0].rows}
    assert [(row.application, row.position, row.outcome) for row in rankings[0].rows] == [
        ("D-1", 1, TIE_PENDING),
        ("D-2", 1, TIE_PENDING),
    ]
    drawn = rank(make_grid({"1": {"A": "100"}}, chain=[("draw", "")]), equal, places=1, draws=[["D-2", "D-1"]])
    assert [(row.application, row.outcome) for row in drawn.rows] == [("D-2", SELECTED), ("D-1", WAITING)]


# The chain


def chain_scores():
    rows = CASES["tie_break_chain"]
    return {name: on_chain(row["total"], row["block"], row["criterion"]) for name, row in rows.items()}


def test_the_chain_decides_and_what_it_leaves_equal_is_shown_equal():
    ranking = rank(CHAIN, chain_scores(), places=4)
    assert [(row.application, row.position, row.tied) for row in ranking.rows] == [
        ("P3", 1, ()),
        ("P2", 2, ("P2", "P4")),
        ("P4", 2, ("P2", "P4")),
        ("P1", 4, ()),
    ]
    assert ranking.ties == (Tie(2, ("P2", "P4"), SELECTED),)


def test_a_ranking_carries_the_grid_that_it_was_made_with():
    assert rank(CHAIN, chain_scores(), places=4).grid is CHAIN


def test_each_row_says_which_link_decided_against_whom():
    by_block = Link(LinkKind.BLOCK, "1")
    by_criterion = Link(LinkKind.CRITERION, "E")
    third = Explanation(
        behind=Decision(by_block, 1, ("P3",), F(64), F("65.1")),
        ahead=Decision(by_criterion, 4, ("P1",), F("12.75"), F(12)),
        places=(2, 3),
        below=(),
    )
    assert {row.application: row.explanation for row in rank(CHAIN, chain_scores(), places=4).rows} == {
        "P3": Explanation(None, Decision(by_block, 2, ("P2", "P4"), F("65.1"), F(64)), (1, 1), ()),
        "P2": third,
        "P4": third,
        "P1": Explanation(Decision(by_criterion, 2, ("P2", "P4"), F(12), F("12.75")), None, (4, 4), ()),
    }


def test_a_row_may_be_decided_by_the_total_alone():
    first, second = rank(PLAIN, {"a": FIVE["a"], "d": FIVE["d"]}, places=1).rows
    by_total = Link(LinkKind.TOTAL)
    own, other = FIVE["a"].total, FIVE["d"].total
    assert first.explanation == Explanation(None, Decision(by_total, 2, ("d",), own, other), (1, 1), ())
    assert second.explanation == Explanation(Decision(by_total, 1, ("a",), other, own), None, None, ())


def test_a_draw_decides_between_those_it_drew():
    ranking = rank(CHAIN, chain_scores(), places=2, draws=[["P4", "P2"]])
    assert [(row.application, row.position, row.outcome) for row in ranking.rows] == [
        ("P3", 1, SELECTED),
        ("P4", 2, SELECTED),
        ("P2", 3, WAITING),
        ("P1", 4, WAITING),
    ]
    assert ranking.rows[2].explanation.behind == Decision(Link(LinkKind.DRAW), 2, ("P4",), F(2), F(1))
    assert ranking.rows[1].explanation.ahead == Decision(Link(LinkKind.DRAW), 3, ("P2",), F(1), F(2))
    assert (ranking.ties, ranking.draws) == ((), (("P4", "P2"),))


@pytest.mark.parametrize(
    "draws, positions",
    [
        ([], {"P1": 4, "P2": 2, "P3": 1, "P4": 2}),
        ([[]], {"P1": 4, "P2": 2, "P3": 1, "P4": 2}),
        ([["P2"]], {"P1": 4, "P2": 2, "P3": 1, "P4": 2}),
        ([["P2", "P4"]], {"P1": 4, "P2": 2, "P3": 1, "P4": 3}),
        ([["P1", "P4", "P9", "P3", "P2"]], {"P1": 4, "P2": 3, "P3": 1, "P4": 2}),
        ([["P2", "P9"], ["P4", "P1"]], {"P1": 4, "P2": 2, "P3": 1, "P4": 2}),
        ([["P4", "P2"], ["P2", "P9"]], {"P1": 4, "P2": 3, "P3": 1, "P4": 2}),
        ([["P9", "P4"], ["P2", "P4"]], {"P1": 4, "P2": 2, "P3": 1, "P4": 3}),
        ([["P4", "P2"], ["P2", "P9", "P4"]], {"P1": 4, "P2": 2, "P3": 1, "P4": 3}),
    ],
    ids=[
        "not held",
        "nobody",
        "one of two",
        "both",
        "with others, who keep their place",
        "one in each of two draws",
        "both in the first of two",
        "both in the last of two",
        "both in each: the last",
    ],
)
def test_a_draw_decides_only_a_tie_that_it_drew_in_full(draws, positions):
    rows = rank(CHAIN, chain_scores(), places=4, draws=draws).rows
    assert {row.application: row.position for row in rows} == positions


def test_links_after_an_unheld_draw_are_not_asked():
    early_draw = make_grid({"1": {"A": "50", "B": "50"}}, chain=[("draw", ""), ("criterion", "A")])
    scorer = Scorer(early_draw)
    scores = {
        "a": scorer.from_sums("a", {"A": (10_000, 1), "B": (0, 1)}, members=1),
        "b": scorer.from_sums("b", {"A": (0, 1), "B": (10_000, 1)}, members=1),
    }
    assert places(early_draw, scores, places=2) == [("a", 1, SELECTED), ("b", 1, SELECTED)]


def test_a_draw_outside_the_chain_or_of_one_application_twice_is_refused():
    with pytest.raises(ValueError, match=r"^a draw was given, but the tie chain of the call has none$"):
        rank(PLAIN, {}, places=1, draws=[["a"]])
    with pytest.raises(ValueError, match=r"^the same application was drawn twice$"):
        rank(CHAIN, {}, places=1, draws=[["a", "b", "a"]])


@pytest.mark.parametrize("step", [("block", "3"), ("criterion", "1"), ("block", "E")])
def test_a_chain_that_names_what_the_grid_has_not_is_refused(step):
    with pytest.raises(ValueError, match=rf"^the tie chain names a {step[0]} that the grid does not have: '{step[1]}'$"):
        rank(make_grid({"1": {"E": "14"}}, chain=[step]), {}, places=1)


@pytest.mark.parametrize(
    "comparison, expected",
    [
        ("exact", [("b", 1, SELECTED), ("c", 2, WAITING), ("a", 3, WAITING)]),
        ("published", [("c", 1, SELECTED), ("a", 2, WAITING), ("b", 2, WAITING)]),
    ],
)
def test_figures_are_compared_exactly_or_as_published(comparison, expected):
    # Published, all have 78.40; c wins by block 1, where a and b both have 64.00.
    grid = replace(CHAIN, tie_chain=CHAIN.tie_chain[:1], comparison=Comparison(comparison))
    scores = {
        "a": on_chain("78.396", "64.001", "12"),
        "b": on_chain("78.404", "64.004", "12"),
        "c": on_chain("78.400", "64.01", "12"),
    }
    assert places(grid, scores, places=1) == expected


# The places


def test_a_tie_across_the_last_place_selects_none_of_the_tied():
    scores = {"a": total(90), "b": total(80), "c": total(80), "d": total(80), "e": total(70)}
    ranking = rank(PLAIN, scores, places=3)
    assert [(row.application, row.position, row.outcome, row.explanation.places) for row in ranking.rows] == [
        ("a", 1, SELECTED, (1, 1)),
        ("b", 2, TIE_PENDING, (2, 3)),
        ("c", 2, TIE_PENDING, (2, 3)),
        ("d", 2, TIE_PENDING, (2, 3)),
        ("e", 5, WAITING, None),
    ]
    assert (ranking.contested, ranking.unfilled) == (2, 0)


@pytest.mark.parametrize(
    "number, outcomes, contested, unfilled",
    [
        (0, [WAITING] * 4, 0, 0),
        (1, [SELECTED] + [WAITING] * 3, 0, 0),
        (2, [SELECTED] + [TIE_PENDING] * 2 + [WAITING], 1, 0),
        (3, [SELECTED] * 3 + [WAITING], 0, 0),
        (4, [SELECTED] * 4, 0, 0),
        (5, [SELECTED] * 4, 0, 1),
        (20, [SELECTED] * 4, 0, 16),
        (None, [SELECTED] * 4, 0, 0),
    ],
)
def test_places_are_filled_in_order(number, outcomes, contested, unfilled):
    scores = {"a": total(90), "b": total(80), "c": total(80), "d": total(70), "e": total(59, [LOW])}
    ranking = rank(PLAIN, scores, places=number)
    assert [row.outcome for row in ranking.rows] == [*outcomes, BELOW]
    assert [row.position for row in ranking.rows] == [1, 2, 2, 4, None]
    assert (ranking.contested, ranking.unfilled) == (contested, unfilled)


def test_without_a_number_of_places_the_threshold_alone_decides():
    # Torino Co-City: every proposal above the threshold enters the co-design.
    ranking = rank(PLAIN, {"a": total(71), "b": total(70), "c": total(59, [LOW])}, places=None)
    assert [(row.application, row.position, row.outcome, row.explanation.places) for row in ranking.rows] == [
        ("a", 1, SELECTED, None),
        ("b", 2, SELECTED, None),
        ("c", None, BELOW, None),
    ]


def test_below_the_threshold_there_is_no_position_and_the_numbers_say_why():
    also = Missed(ThresholdOn.CRITERION, "A", F(59), Decimal("59.5"))
    ranking = rank(PLAIN, {"a": total(59, [also, LOW]), "b": total("59.5", [LOW]), "c": total(60)}, places=2)
    assert [(row.application, row.position, row.outcome) for row in ranking.rows] == [
        ("c", 1, SELECTED),
        ("b", None, BELOW),
        ("a", None, BELOW),
    ]
    assert ranking.rows[2].explanation == Explanation(behind=None, ahead=None, places=None, below=(also, LOW))
    assert ranking.unfilled == 1


def test_proposals_that_are_equal_below_the_threshold_are_no_tie():
    ranking = rank(PLAIN, {"a": total(59, [LOW]), "b": total(59, [LOW])}, places=1)
    assert (ranking.ties, [row.tied for row in ranking.rows], ranking.unfilled) == ((), [(), ()], 1)


def test_one_proposal_and_none():
    only = rank(PLAIN, {"a": total(80)}, places=1)
    assert [(row.position, row.outcome, row.explanation) for row in only.rows] == [
        (1, SELECTED, Explanation(None, None, (1, 1), ()))
    ]
    nobody = rank(PLAIN, {}, places=3)
    assert (nobody.rows, nobody.unfilled, nobody.contested) == ((), 3, 0)


def test_a_negative_number_of_places_is_refused():
    with pytest.raises(ValueError, match=r"^-1 places$"):
        rank(PLAIN, {}, places=-1)


# Who fell out


FIVE = {"a": total(90), "b": total(80), "c": total(80), "d": total(70), "e": total(59, [LOW])}


@pytest.mark.parametrize("outcome", [EXCLUDED, RENOUNCED, FORFEITED])
def test_who_fell_out_leaves_the_order_and_the_places_to_the_others(outcome):
    ranking = rank(PLAIN, FIVE, places=2, out={"a": Out(outcome, "Motivo.")})
    assert [(row.application, row.position, row.outcome) for row in ranking.rows] == [
        ("b", 1, SELECTED),
        ("c", 1, SELECTED),
        ("d", 3, WAITING),
        ("e", None, BELOW),
        ("a", None, outcome),
    ]
    assert ranking.rows[0].explanation.behind is None
    assert (ranking.rows[4].score, ranking.rows[4].explanation) == (FIVE["a"], Explanation(None, None, None, ()))
    assert (ranking.out, ranking.lots) == ({"a": Out(outcome, "Motivo.")}, ())


def test_who_fell_out_decides_no_tie_and_keeps_the_thresholds_it_missed():
    ranking = rank(PLAIN, FIVE, places=4, out={"e": Out(EXCLUDED), "b": Out(RENOUNCED)})
    assert [(row.application, row.position, row.tied) for row in ranking.rows] == [
        ("a", 1, ()), ("c", 2, ()), ("d", 3, ()), ("b", None, ()), ("e", None, ()),
    ]  # fmt: skip
    assert ranking.rows[4].explanation == Explanation(None, None, None, (LOW,))
    assert (ranking.ties, ranking.unfilled, list(ranking.out)) == ((), 1, ["b", "e"])


@pytest.mark.parametrize(
    "number, vacated, outcomes, contested, unfilled",
    [
        (4, 0, [SELECTED] * 4, 0, 0),
        (4, 1, [SELECTED] * 3 + [WAITING], 0, 0),
        (4, 2, [SELECTED] + [TIE_PENDING] * 2 + [WAITING], 1, 0),
        (4, 4, [WAITING] * 4, 0, 0),
        (7, 2, [SELECTED] * 4, 0, 1),
        (None, 2, [SELECTED] * 4, 0, 0),
    ],
)
def test_a_place_that_is_not_given_again_is_taken_by_nobody(number, vacated, outcomes, contested, unfilled):
    ranking = rank(PLAIN, FIVE, places=number, vacated=vacated)
    assert [row.outcome for row in ranking.rows] == [*outcomes, BELOW]
    assert (ranking.places, ranking.vacated, ranking.contested, ranking.unfilled) == (number, vacated, contested, unfilled)


@pytest.mark.parametrize(
    "options, problem",
    [
        ({"places": 2, "vacated": 3}, "3 places vacated of 2"),
        ({"places": 2, "vacated": -1}, "-1 places vacated of 2"),
        ({"places": 2, "out": {"z": Out(EXCLUDED)}}, "z fell out and was never scored"),
        ({"places": 2, "out": {"a": Out(WAITING)}}, "nobody falls out as waiting"),
    ],
)
def test_places_and_departures_that_cannot_be_are_refused(options, problem):
    with pytest.raises(ValueError, match=rf"^{problem}$"):
        rank(PLAIN, FIVE, **options)


# Lots


NORTH, SOUTH, ISLANDS = LotPlaces("n", 1, title="Nord"), LotPlaces("s", 3, 1, "Sud"), LotPlaces("i", 2, title="Isole")


def test_each_lot_has_its_ranking_one_after_the_other():
    lot_of = {"a": "s", "b": "n", "c": "n", "d": "s", "e": "s"}
    ranking = rank(PLAIN, FIVE, places=None, lots=[NORTH, SOUTH, ISLANDS], lot_of=lot_of)
    assert [(row.lot, row.application, row.position, row.outcome, row.tied) for row in ranking.rows] == [
        ("n", "b", 1, TIE_PENDING, ("b", "c")),
        ("n", "c", 1, TIE_PENDING, ("b", "c")),
        ("s", "a", 1, SELECTED, ()),
        ("s", "d", 2, SELECTED, ()),
        ("s", "e", None, BELOW, ()),
    ]
    assert ranking.ties == (Tie(1, ("b", "c"), TIE_PENDING, "n"),)
    assert ranking.lots == (
        RankedLot("n", "Nord", 1, 0, 0, 1),
        RankedLot("s", "Sud", 3, 1, 0, 0),
        RankedLot("i", "Isole", 2, 0, 2, 0),
    )
    assert (ranking.places, ranking.vacated, ranking.unfilled, ranking.contested) == (6, 1, 2, 1)
    turned = rank(PLAIN, FIVE, places=None, lots=[ISLANDS, SOUTH, NORTH], lot_of=lot_of)
    assert (turned.lots, turned.unfilled, turned.contested) == (ranking.lots[::-1], 2, 1)


def test_equal_proposals_of_two_lots_are_no_tie():
    ranking = rank(PLAIN, {"b": FIVE["b"], "c": FIVE["c"]}, places=None, lots=[NORTH, SOUTH], lot_of={"b": "n", "c": "s"})
    assert ([row.position for row in ranking.rows], ranking.ties) == ([1, 1], ())


def test_a_lot_without_a_number_of_places_leaves_the_area_without_one():
    free = replace(NORTH, places=None)
    ranking = rank(PLAIN, FIVE, places=None, lots=[free, SOUTH], lot_of=dict.fromkeys(FIVE, "n"))
    assert ([row.outcome for row in ranking.rows], ranking.places, ranking.unfilled) == ([SELECTED] * 4 + [BELOW], None, 2)


@pytest.mark.parametrize(
    "options, problem",
    [
        ({"places": 2, "lots": [NORTH]}, "the places of an area with lots are those of its lots"),
        ({"places": None, "vacated": 1, "lots": [NORTH]}, "the places of an area with lots are those of its lots"),
        ({"places": None, "lots": [NORTH, NORTH]}, "two lots have the same code"),
        ({"places": None, "lots": [NORTH]}, "a belongs to no lot of the area"),
        ({"places": None, "lots": [NORTH], "lot_of": {"a": "z"}}, "a belongs to no lot of the area"),
    ],
)
def test_lots_that_cannot_be_are_refused(options, problem):
    with pytest.raises(ValueError, match=rf"^{problem}$"):
        rank(PLAIN, FIVE, **options)


# Any call


@st.composite
def ranked(draw):
    """(grid, scores, places, draws)."""
    grid, marks = draw(random_calls(max_proposals=8))
    scorer = Scorer(grid)
    scores = {
        application: scorer.from_marks(application, given_marks, members=len(next(iter(given_marks.values()))))
        for application, given_marks in marks.items()
    }
    drawn = []
    if any(step.kind == "draw" for step in grid.tie_chain):
        drawn = draw(st.lists(st.permutations(sorted(scores)), max_size=2))
    return grid, scores, draw(st.none() | st.integers(0, 9)), drawn


def is_better(grid, drawn, one, other, scores):
    """The rule of the call read aloud, for two proposals: the first difference decides."""
    mode = next((rule.mode for rule in grid.rounding if rule.at == "total"), RoundingMode.HALF_UP)
    steps = [lambda score: score.total]
    for step in grid.tie_chain:
        match step.kind.value:
            case "block":
                steps.append(lambda score, c=step.code: next(b.points for b in score.blocks if b.code == c))
            case "criterion":
                steps.append(lambda score, c=step.code: next(p.points for p in score.criteria if p.code == c))
            case "draw":
                steps.append("draw")
    for step in steps:
        if step == "draw":
            return bool(drawn) and drawn[-1].index(one) < drawn[-1].index(other)
        mine, theirs = step(scores[one]), step(scores[other])
        if grid.comparison == "published":
            mine, theirs = (rounded(figure, grid.published_digits, mode) for figure in (mine, theirs))
        if mine != theirs:
            return mine > theirs
    return False


@BUSY
@given(ranked())
def test_a_position_is_one_more_than_those_who_are_better(call):
    grid, scores, number, drawn = call
    above = [application for application in scores if not scores[application].below]
    expected = {
        application: 1 + sum(is_better(grid, drawn, other, application, scores) for other in above) for application in above
    }
    rows = rank(grid, scores, places=number, draws=drawn).rows
    assert {row.application: row.position for row in rows} == expected | dict.fromkeys(scores.keys() - expected.keys())
    assert [row.position for row in rows if row.position] == sorted(expected.values())


@BUSY
@given(ranked(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(call, random):
    grid, scores, number, drawn = call
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert rank(grid, dict(shuffled), places=number, draws=drawn) == rank(grid, scores, places=number, draws=drawn)


@BUSY
@given(ranked(), st.data())
def test_names_decide_nothing(call, data):
    grid, scores, number, drawn = call
    renamed = dict(zip(scores, data.draw(st.permutations(sorted(scores))), strict=True))
    before = rank(grid, scores, places=number, draws=drawn)
    after = rank(
        grid,
        {renamed[application]: score for application, score in scores.items()},
        places=number,
        draws=[[renamed[application] for application in order] for order in drawn],
    )
    assert {row.application: (row.position, row.outcome) for row in after.rows} == {
        renamed[row.application]: (row.position, row.outcome) for row in before.rows
    }


@BUSY
@given(ranked())
def test_every_place_is_taken_contested_or_unfilled(call):
    grid, scores, number, drawn = call
    ranking = rank(grid, scores, places=number, draws=drawn)
    outcomes = [row.outcome for row in ranking.rows]
    assert outcomes == sorted(outcomes, key=[SELECTED, TIE_PENDING, WAITING, BELOW].index)
    if number is None:
        assert set(outcomes) <= {SELECTED, BELOW}
    else:
        assert outcomes.count(SELECTED) + ranking.contested + ranking.unfilled == number
        assert ranking.contested < max(1, outcomes.count(TIE_PENDING))


@BUSY
@given(ranked())
def test_the_explanations_alone_give_the_positions_again(call):
    grid, scores, number, drawn = call
    rows = rank(grid, scores, places=number, draws=drawn).rows
    for row in rows:
        behind, ahead = row.explanation.behind, row.explanation.ahead
        if row.position is None:
            assert row.explanation.below and (behind, ahead) == (None, None)
            continue
        if behind is None:
            assert row.position == 1
        else:
            assert row.position == behind.position + len(behind.against)
            drew = behind.link.kind is LinkKind.DRAW
            assert behind.own > behind.other if drew else behind.own < behind.other
            [mirrored] = {other.explanation.ahead for other in rows if other.position == behind.position}
            assert mirrored == Decision(behind.link, row.position, row.tied or (row.application,), behind.other, behind.own)
        if ahead is None:
            assert row.position == max(other.position or 0 for other in rows)


@BUSY
@given(ranked(), st.fractions(-1, 200))
def test_a_proposal_below_the_threshold_changes_nobody(call, points):
    grid, scores, number, drawn = call
    zero = Scorer(grid).from_marks("late", {c.code: [0] for c in grid.criteria}, members=1)
    late = replace(zero, total=points, below=(LOW,))
    before = rank(grid, scores, places=number, draws=drawn)
    after = rank(grid, scores | {"late": late}, places=number, draws=drawn)
    assert [row for row in after.rows if row.application != "late"] == list(before.rows)
    assert (after.ties, after.unfilled, after.contested) == (before.ties, before.unfilled, before.contested)


# Any call with lots, places given up, and proposals that fell out


@st.composite
def divided(draw):
    """(grid, scores, options of ``rank``), of criteria of every type."""
    grid, marks, pairs = draw(any_calls(max_proposals=6))
    scorer = Scorer(grid, seats=3, pairs=pairs)
    scores = scorer.compare({name: scorer.found(name, given, members=how_many(given)) for name, given in marks.items()})
    has_draw = any(step.kind == "draw" for step in grid.tie_chain)
    drawn = draw(st.lists(st.permutations(sorted(scores)), max_size=2)) if has_draw else []
    number = draw(st.none() | st.integers(0, 7))
    out = (
        draw(st.dictionaries(st.sampled_from(sorted(scores)), st.sampled_from([EXCLUDED, RENOUNCED, FORFEITED])))
        if scores
        else {}
    )
    options = {"draws": drawn, "out": {application: Out(outcome) for application, outcome in out.items()}}
    if draw(st.booleans()):
        return grid, scores, options | {"places": number, "vacated": draw(st.integers(0, 9 if number is None else number))}
    lots = [
        LotPlaces(code, number, draw(st.integers(0, number or 0)))
        for code in "xyz"[: draw(st.integers(1, 3))]
        for number in [draw(st.none() | st.integers(0, 4))]
    ]
    lot_of = {application: draw(st.sampled_from([lot.code for lot in lots])) for application in sorted(scores)}
    return grid, scores, options | {"places": None, "lots": lots, "lot_of": lot_of}


@BUSY
@given(divided())
def test_any_lots_and_departures_as_by_hand(call):
    """Positions by counting who is better, outcomes by counting who would have to fit."""
    grid, scores, options = call
    lots = options.get("lots") or [LotPlaces("", options["places"], options["vacated"])]
    lot_of = options.get("lot_of") or dict.fromkeys(scores, "")
    expected = {}
    for application, score in scores.items():
        lot = next(lot for lot in lots if lot.code == lot_of[application])
        if application in options["out"]:
            expected[application] = (lot.code, None, options["out"][application].outcome)
            continue
        if score.below:
            expected[application] = (lot.code, None, BELOW)
            continue
        rivals = [a for a in scores if lot_of[a] == lot.code and a not in options["out"] and not scores[a].below]
        before = sum(is_better(grid, options["draws"], other, application, scores) for other in rivals)
        behind = sum(is_better(grid, options["draws"], application, other, scores) for other in rivals)
        free = len(rivals) if lot.places is None else lot.places - lot.vacated
        fits = SELECTED if len(rivals) - behind <= free else TIE_PENDING if before < free else WAITING
        expected[application] = (lot.code, before + 1, fits)
    rows = rank(grid, scores, **options).rows
    assert {row.application: (row.lot, row.position, row.outcome) for row in rows} == expected
    assert [row.lot for row in rows] == sorted((row.lot for row in rows), key=[lot.code for lot in lots].index)


@BUSY
@given(divided(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing_with_lots_and_departures(call, random):
    grid, scores, options = call
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    out = list(options["out"].items())
    random.shuffle(out)
    assert rank(grid, dict(shuffled), **options | {"out": dict(out)}) == rank(grid, scores, **options)


@BUSY
@given(divided())
def test_a_lot_is_ranked_as_an_area_of_its_own(call):
    grid, scores, options = call
    for lot in options.get("lots", ()):
        own = {application: score for application, score in scores.items() if options["lot_of"][application] == lot.code}
        alone = rank(
            grid,
            own,
            places=lot.places,
            vacated=lot.vacated,
            draws=options["draws"],
            out={application: left for application, left in options["out"].items() if application in own},
        )
        ranking = rank(grid, scores, **options)
        assert [replace(row, lot="") for row in ranking.rows if row.lot == lot.code] == list(alone.rows)
        assert [replace(tie, lot="") for tie in ranking.ties if tie.lot == lot.code] == list(alone.ties)


@BUSY
@given(divided())
def test_who_fell_out_changes_no_place_of_the_others(call):
    grid, scores, options = call
    staying = {application: score for application, score in scores.items() if application not in options["out"]}
    ranking, without = rank(grid, scores, **options), rank(grid, staying, **options | {"out": None})
    assert [row for row in ranking.rows if row.application not in options["out"]] == list(without.rows)
    assert (ranking.ties, ranking.lots, ranking.contested, ranking.unfilled) == (
        without.ties,
        without.lots,
        without.contested,
        without.unfilled,
    )
    assert {row.application: row.outcome for row in ranking.rows if row.position is None and not row.score.below} == {
        application: left.outcome for application, left in options["out"].items() if not scores[application].below
    }


@BUSY
@given(divided())
def test_the_explanations_alone_give_the_positions_and_outcomes_again(call):
    """From outcome, links and places of the rows, never from their order or their totals."""
    grid, scores, options = call
    ranking = rank(grid, scores, **options)
    effective = {lot.code: lot.places if lot.places is None else lot.places - lot.vacated for lot in ranking.lots} or {
        "": ranking.places if ranking.places is None else ranking.places - ranking.vacated
    }
    for row in ranking.rows:
        why, together = row.explanation, len(row.tied) or 1
        if row.position is None:
            assert (why.behind, why.ahead, why.places) == (None, None, None)
            assert row.outcome == (options["out"][row.application].outcome if row.application in options["out"] else BELOW)
            assert bool(why.below) or row.application in options["out"]
            continue
        first = 1 if why.behind is None else why.behind.position + len(why.behind.against)
        last, number = first + together - 1, effective[row.lot]
        assert (row.position, why.below) == (first, ())
        if number is None or last <= number:
            assert (row.outcome, why.places) == (SELECTED, None if number is None else (first, last))
        elif first <= number:
            assert (row.outcome, why.places) == (TIE_PENDING, (first, number))
        else:
            assert (row.outcome, why.places) == (WAITING, None)


# Better marks


@st.composite
def raised(draw):
    """(grid, marks, one application, criterion and member, a better mark): nothing in the grid measures proposals together."""
    grid, marks = draw(random_calls(max_proposals=6).filter(lambda call: call[1]))
    application = draw(st.sampled_from(sorted(marks)))
    criterion = draw(st.sampled_from(grid.criteria)).code
    member = draw(st.integers(0, len(marks[application][criterion]) - 1))
    mark = marks[application][criterion][member]
    better = draw(
        st.sampled_from([int(level.coefficient * 10_000) for level in grid.scale if level.coefficient * 10_000 >= mark])
    )
    return grid, marks, application, criterion, member, better


def placed(grid, marks):
    scorer = Scorer(grid)
    scores = {
        application: scorer.from_marks(application, given_marks, members=len(next(iter(given_marks.values()))))
        for application, given_marks in marks.items()
    }
    ranking = rank(grid, scores, places=None)
    return {row.application: len(scores) + 1 if row.position is None else row.position for row in ranking.rows}


@BUSY
@given(raised())
def test_a_better_mark_never_worsens_a_place(call):
    """Where each proposal is scored by itself: with a formula, pairs or a rescaling, a better mark moves what the others are
    measured against, and the place of who got it may depend on that. Every rounding keeps the order of numbers, and a total
    that is equal after the rounding goes to a chain that asks for more points, so that more never loses there either."""
    grid, marks, application, criterion, member, better = call
    raised_marks = {**marks, application: {**marks[application], criterion: [*marks[application][criterion]]}}
    raised_marks[application][criterion][member] = better
    assert placed(grid, raised_marks)[application] <= placed(grid, marks)[application]


def test_where_proposals_are_measured_together_a_judgment_of_two_can_turn_two_others():
    """Why the property stops there: the more A is preferred to C, the less B has beside A, and C passes B."""
    grid = typed_grid(criterion_of("c", "pairwise", "100", pairwise=("mean", False, 3)), criterion_of("p", "points", "100"))
    marks = {"A": {"p": ["0"]}, "B": {"p": ["0"]}, "C": {"p": ["60"]}}

    def order(degree):
        table = [Pair("A", "B", 10_000), Pair("A", "C", degree), Pair("B", "C", 20_000)]
        ranking = rank(grid, scores_of(grid, marks, pairs={"c": [table]}), places=None)
        return [(row.application, str(row.score.total)) for row in ranking.rows]

    assert order(20_000) == [("A", "100"), ("B", "100"), ("C", "60")]
    assert order(60_000) == [("A", "100"), ("C", "60"), ("B", "300/7")]
