"""Grids and marks for the tests of the evaluation: the real ones of ``tests/data`` and random ones."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bando.notice.grid import (
    Band,
    Best,
    Block,
    Comparison,
    Composition,
    Criterion,
    CriterionType,
    Formula,
    FormulaKind,
    Grid,
    Level,
    Pairwise,
    PairwiseVariant,
    PointsLevel,
    Rescaling,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)
from evaluation.methods import IN_COEFFICIENTS, each_maximum
from evaluation.pairwise import GREATEST, LEAST, PARITY, Pair
from evaluation.scoring import Scorer

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


def typed_grid(*criteria, rounding=(), threshold=None, blocks=None, composition="mean", rescaling=(), chain=(), digits=2):
    """A grid of ``criteria`` as they are; by default all of them in one block ``P``."""
    maxima = dict.fromkeys(blocks or ("P",), Decimal(0))
    for criterion in criteria:
        maxima[criterion.block] += criterion.max_points
    return Grid(
        code="prova",
        title="Griglia di prova",
        scale=tuple(Level(label, Decimal(c)) for label, c in {"pieno": "1", "buono": "0.8", "scarso": "0.4"}.items()),
        blocks=tuple(Block(code, f"Blocco {code}", most, (blocks or {}).get(code)) for code, most in maxima.items()),
        criteria=criteria,
        rounding=tuple(rounding),
        comparison=Comparison.EXACT,
        threshold=None if threshold is None else Decimal(threshold),
        tie_chain=tuple(TieStep(TieStepKind(kind), code) for kind, code in chain),
        published_digits=digits,
        composition=Composition(composition),
        rescaling=tuple(map(Rescaling, rescaling)),
    )


def criterion(code, type, maximum, *, block="P", **given):
    """Numbers are text; ``levels`` {label: points}; ``bands`` [(ends, points)]; ``formula`` (kind, best, exponent, knee);
    ``pairwise`` (variant, halves, fewest)."""
    for name in ("step", "per_unit", "penalty", "threshold"):
        if given.get(name) is not None:
            given[name] = Decimal(given[name])
    if "levels" in given:
        given["levels"] = tuple(PointsLevel(label, Decimal(points)) for label, points in given["levels"].items())
    if "bands" in given:
        given["bands"] = tuple(
            Band(Decimal(points), **{name: Decimal(end) for name, end in ends.items()}) for ends, points in given["bands"]
        )
    if "formula" in given:
        kind, best, exponent, knee = given["formula"]
        given["formula"] = Formula(FormulaKind(kind), Best(best), exponent and Decimal(exponent), knee and Decimal(knee))
    if "pairwise" in given:
        variant, halves, fewest = given["pairwise"]
        given["pairwise"] = Pairwise(PairwiseVariant(variant), halves, fewest)
    return Criterion(code, f"Criterio {code}", Decimal(maximum), block, type=CriterionType(type), **given)


def scores(grid, proposals, members=1, pairs=None):
    """{proposal: {criterion: marks as text}} scored together."""
    scorer = Scorer(grid, seats=members, pairs=pairs)
    found = {name: scorer.found(name, ten_thousandths(marks), members=members) for name, marks in proposals.items()}
    return scorer.compare(found)


def gorgonzola(rounding=(MEAN_TO_TWO,)):
    call = CASES["gorgonzola_2024"]
    return make_grid(call["blocks"], levels=call["levels"], rounding=rounding, threshold=call["threshold"])


def ten_thousandths(marks):
    """{criterion: ["0.8", None, ...]} as the integers that the evaluation keeps."""
    return {code: [None if mark is None else int(Decimal(mark) * 10_000) for mark in given] for code, given in marks.items()}


def sums(marks):
    return {code: (sum(given), len(given)) for code, given in marks.items()}


BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Of a property whose calls take long to make: a busy machine is not a fault."""

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


EXPONENTS = ("0.5", "0.6", "1", "1.5", "2", "0.3333")


@st.composite
def any_criteria(draw, code, block, seats, has_product):
    """A criterion of any type that the checks of a call let through."""
    kind = draw(st.sampled_from(CriterionType))
    maximum = draw(st.integers(1, 30)) * seats
    match kind:
        case CriterionType.LEVELS:
            # Half the best and nothing; under a sum each member gives a part of the maximum.
            own = Decimal(maximum) / seats
            given = {"levels": {"ottimo": str(own), "medio": str(own / 2), "nullo": "0"}}
        case CriterionType.POINTS:
            given = {"step": draw(st.none() | st.sampled_from(["0.5", "0.1", "1"]))}
        case CriterionType.COUNT:
            given = {"per_unit": draw(st.sampled_from(["0.5", "1", "2", "0.01"])), "unit": "certificati"}
        case CriterionType.BANDS:
            bands = [({"at_most": "2"}, "1"), ({"more_than": "2", "less_than": "5"}, "0.5"), ({"at_least": "6"}, str(maximum))]
            given = {"bands": bands, "unit": "persone"}
        case CriterionType.FORMULA:
            formula = draw(st.sampled_from(FormulaKind))
            best = "higher" if formula == "bilinear" else draw(st.sampled_from(["higher", "lower"]))
            exponents = [text for text in EXPONENTS if has_product or "." not in text]
            exponent = draw(st.sampled_from(exponents)) if formula == "power" else None
            knee = draw(st.sampled_from(["0.8", "0.85", "0.9"])) if formula == "bilinear" else None
            given = {"formula": (formula, best, exponent, knee), "unit": "euro"}
        case CriterionType.PAIRWISE:
            variant = draw(st.sampled_from(PairwiseVariant))
            given = {"pairwise": (variant, draw(st.booleans()), draw(st.integers(2, 4)))}
        case CriterionType.PENALTY:
            maximum, given = 0, {"penalty": draw(st.sampled_from(["0.5", "10"]))}
        case _:
            given = {}
    threshold = draw(st.none() | st.integers(0, maximum).map(str))
    return criterion(code, kind, str(maximum), block=block, threshold=threshold, **given)


@st.composite
def any_grids(draw, seats=3, rescaling=None):
    """Grids of every type of criterion, with any rounding, threshold, composition and rescaling."""
    places = draw(st.lists(st.sampled_from(RoundingPoint), unique=True))
    rules = [Rounding(at, draw(st.integers(0, 3)), draw(st.sampled_from(RoundingMode))) for at in places]
    owners = draw(st.lists(st.sampled_from("PQ"), min_size=1, max_size=5))
    criteria = [
        draw(any_criteria(f"{block}{number}", block, seats, RoundingPoint.PRODUCT in places))
        for number, block in enumerate(owners)
    ]
    # Coefficients are composed by their mean; elsewhere either will do.
    has_sum = all(c.type not in IN_COEFFICIENTS for c in criteria) and draw(st.booleans())
    if not has_sum:
        criteria = [
            replace(c, levels=(replace(c.levels[0], points=c.max_points), *c.levels[1:])) if c.levels else c for c in criteria
        ]
    steps = [step for step in Rescaling if draw(st.booleans())] if rescaling is None else rescaling
    optional = st.none() | st.integers(0, 40).map(str)
    grid = typed_grid(
        *criteria,
        rounding=rules,
        threshold=draw(optional),
        blocks=dict.fromkeys("PQ"),
        composition="sum" if has_sum else "mean",
        rescaling=steps,
        chain=draw(st.sampled_from([(), (("block", "P"),), (("criterion", criteria[0].code), ("draw", ""))])),
        digits=draw(st.integers(0, 3)),
    )
    blocks = tuple(replace(block, threshold=None if (t := draw(optional)) is None else Decimal(t)) for block in grid.blocks)
    return replace(grid, blocks=blocks, comparison=draw(st.sampled_from(Comparison)), rescales_alone=draw(st.booleans()))


def any_mark(criterion, most):
    """What a member may find on ``criterion``, in ten-thousandths; ``most`` is the most points that one gives."""
    match criterion.type:
        case CriterionType.COEFFICIENT | CriterionType.PAIRWISE:
            return st.sampled_from([0, 4_000, 8_000, 10_000])
        case CriterionType.LEVELS:
            return st.sampled_from([int(level.points * 10_000) for level in criterion.levels])
        case CriterionType.POINTS:
            step = int((criterion.step or Decimal("0.0001")) * 10_000)
            return st.integers(0, int(most * 10_000) // step).map(lambda steps: steps * step)
        case CriterionType.YES_NO | CriterionType.PENALTY:
            return st.sampled_from([0, 10_000])
        case _:
            return st.integers(0, 70_000) | st.sampled_from([0, 20_000, 50_000, 60_000])


@st.composite
def any_table(draw, rules, applications):
    """A table of one member that compares each two of ``applications``."""
    degrees = [PARITY, *range(LEAST, GREATEST + 1, 5_000 if rules.halves else 10_000)]
    cells = list(combinations(applications, 2))
    given = draw(
        st.lists(st.sampled_from([*degrees, *(-units for units in degrees)]), min_size=len(cells), max_size=len(cells))
    )
    return [Pair(*(cell if units > 0 else cell[::-1]), abs(units)) for cell, units in zip(cells, given, strict=True)]


@st.composite
def any_calls(draw, max_proposals=5, seats=3, rescaling=None):
    """A grid of every type, {application: {criterion: marks}} and the tables of pairs; facts are the same for every member who
    marks, and one member in three proposals may not mark. The grid is made for ``seats`` members."""
    grid = draw(any_grids(seats, rescaling))
    applications = [f"D-{number:02}" for number in range(draw(st.integers(0, max_proposals)))]
    pairs = {}
    for c in grid.criteria:
        if c.pairwise and len(applications) >= c.pairwise.fewest:
            table = any_table(c.pairwise, applications)
            pairs[c.code] = [draw(table), *(draw(st.none() | table) for _ in range(seats - 1))]
    marks = {}
    for application in applications:
        members = draw(st.integers(1, seats))
        marks[application] = {
            c.code: draw(st.lists(mark, min_size=members, max_size=members)) if c.is_judged else [draw(mark)] * members
            for c in grid.criteria
            if c.code not in pairs
            for mark in [any_mark(c, each_maximum(grid, c, seats))]
        }
    return grid, marks, pairs


def how_many(marks):
    """Members who marked a proposal, of {criterion: marks}."""
    return len(next(iter(marks.values()), ()))
