"""Grids and marks for the tests of the evaluation: the real ones of ``tests/data`` and random ones."""

from decimal import Decimal
from pathlib import Path

import yaml
from hypothesis import strategies as st

from bando.notice.grid import (
    Block,
    Comparison,
    Criterion,
    Grid,
    Level,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "scoring" / "cases.yaml").read_text())

MEAN_TO_TWO = Rounding(RoundingPoint.MEAN, 2, RoundingMode.HALF_UP)


def make_grid(blocks, *, levels=(), rounding=(), threshold=None, thresholds=(), chain=(), comparison="exact", digits=2):
    """``blocks`` is {block: {criterion: maximum}}; ``thresholds`` {block or criterion: points}; numbers are text."""
    thresholds = {code: Decimal(points) for code, points in dict(thresholds).items()}
    return Grid(
        code="prova",
        title="Griglia di prova",
        scale=tuple(Level(label, Decimal(coefficient)) for label, coefficient in dict(levels).items()),
        blocks=tuple(
            Block(code, f"Blocco {code}", sum(map(Decimal, criteria.values()), Decimal(0)), thresholds.get(code))
            for code, criteria in blocks.items()
        ),
        criteria=tuple(
            Criterion(criterion, f"Criterio {criterion}", Decimal(maximum), code, threshold=thresholds.get(criterion))
            for code, criteria in blocks.items()
            for criterion, maximum in criteria.items()
        ),
        rounding=tuple(rounding),
        comparison=Comparison(comparison),
        threshold=None if threshold is None else Decimal(threshold),
        tie_chain=tuple(TieStep(TieStepKind(kind), code) for kind, code in chain),
        published_digits=digits,
    )


def gorgonzola(rounding=(MEAN_TO_TWO,)):
    call = CASES["gorgonzola_2024"]
    return make_grid(call["blocks"], levels=call["levels"], rounding=rounding, threshold=call["threshold"])


def ten_thousandths(marks):
    """{criterion: ["0.8", None, ...]} as the integers that the evaluation keeps."""
    return {code: [None if mark is None else int(Decimal(mark) * 10_000) for mark in given] for code, given in marks.items()}


def sums(marks):
    return {code: (sum(given), len(given)) for code, given in marks.items()}


points = st.decimals(min_value=0, max_value=30, places=2)
"""Maxima and thresholds: with two decimals, as calls write them at most."""


@st.composite
def random_grids(draw):
    """Small grids of every kind: few levels, so that ties happen; any rounding, threshold, chain and comparison."""
    levels = draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=4, unique=True))
    owners = draw(st.lists(st.sampled_from("PQ"), min_size=1, max_size=4))
    codes = [f"{block}{number}" for number, block in enumerate(owners)]
    optional = st.none() | points
    chain = draw(
        st.lists(
            st.sampled_from([("block", "P"), ("block", "Q"), ("draw", ""), *(("criterion", code) for code in codes)]),
            max_size=3,
            unique=True,
        )
    )
    rules = [
        Rounding(at, draw(st.integers(0, 3)), draw(st.sampled_from(RoundingMode)))
        for at in draw(st.lists(st.sampled_from(RoundingPoint), unique=True))
    ]
    return Grid(
        code="g",
        title="Una griglia",
        scale=tuple(Level(f"livello {level}", Decimal(level).scaleb(-4)) for level in levels),
        blocks=tuple(Block(code, code, Decimal(60), draw(optional)) for code in "PQ"),
        criteria=tuple(
            Criterion(code, code, draw(points), block, threshold=draw(optional))
            for code, block in zip(codes, owners, strict=True)
        ),
        rounding=tuple(rules),
        comparison=draw(st.sampled_from(Comparison)),
        threshold=draw(optional),
        tie_chain=tuple(TieStep(TieStepKind(kind), code) for kind, code in chain),
        published_digits=draw(st.integers(0, 3)),
    )


@st.composite
def random_calls(draw, max_proposals=6):
    """A grid and {application: {criterion: marks in ten-thousandths}}, each proposal with its own number of members."""
    grid = draw(random_grids())
    levels = [int(level.coefficient * 10_000) for level in grid.scale]
    marks = {}
    for number in range(draw(st.integers(0, max_proposals))):
        members = draw(st.integers(1, 4))
        row = st.lists(st.sampled_from(levels), min_size=members, max_size=members)
        marks[f"D-{number:02}"] = {criterion.code: draw(row) for criterion in grid.criteria}
    return grid, marks
