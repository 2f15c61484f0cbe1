"""Random published rankings of everything that a call may say, made by the program that publishes them: for who has to compute
them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations
from random import Random
from typing import Any

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
    Marking,
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
from evaluation.comparing import compares_pairs
from evaluation.draw import commitment, drawn
from evaluation.methods import UNIT, each_maximum
from evaluation.pairwise import PARITY, Pair, Table
from evaluation.published import (
    Act,
    Document,
    Drawn,
    MarksOrder,
    Proposal,
    Publication,
    Version,
    VersionKind,
    document,
)
from evaluation.ranking import FELL_OUT, LotPlaces, Out, rank
from evaluation.scoring import Scorer
from workflow.ledger import digest

Marks = dict[str, dict[str, list[int | None]]]
"""{application: {criterion: marks in ten-thousandths}}"""
Tables = dict[str, list[Table | None]]

SCALE = ("1", "0.8", "0.6", "0.25", "0")
EXPONENTS = ("0.5", "0.65", "1", "1.5", "2", "3", "0.33")


def random_ranking(random: Random) -> tuple[Document, Sequence[str]]:
    """A document, and the commitments of its draws."""
    seats = random.choice([1, 1, 2, 3, 3, 5])
    grid = _grid(random, seats)
    applications = [f"SWA-2026-{number:05}" for number in random.sample(range(1, 60), random.choice([0, 1, 2, 3, 4, 5, 6, 9]))]
    marks, tables = _marks(random, grid, applications, seats)
    scorer = Scorer(grid, seats=seats, pairs=tables)
    found = {}
    for application, given in marks.items():
        present = {code: [mark for mark in row if mark is not None] for code, row in given.items()}
        found[application] = scorer.found(application, present, members=max(map(len, present.values()), default=0))
    scores = scorer.compare(found)
    rules = _places(random, applications)
    rules["out"] = {
        application: Out(random.choice(sorted(FELL_OUT)), "Ha rinunciato.")
        for application in applications
        if random.random() < 0.08
    }
    ranking, drawn_from, texts = rank(grid, scores, **rules), (), ()
    tied = [tie.applications for tie in ranking.ties]
    if tied and any(step.kind is TieStepKind.DRAW for step in grid.tie_chain) and random.random() < 0.8:
        texts, drawn_from, orders = zip(*(_draw(random, tied, day) for day in range(1, random.choice([2, 2, 3]))), strict=True)
        ranking = rank(grid, scores, draws=orders, **rules)
    sorts = random.random() < 0.3
    publication = Publication(
        call="prova-2026",
        call_title="Avviso di prova",
        notice_sha256=digest("avviso"),
        area="1",
        area_title="Nuovi Spazi",
        commissioners=() if sorts else tuple(f"Commissario {number}" for number in range(1, seats + 1)),
        act=random.choice([None, Act("123", "2026-02-01")]),
        demonstration="Griglia dimostrativa.",
        version=random.choice(
            [None, Version(2, VersionKind.FINAL, digest("prima"), "Corretta."), Version(1, VersionKind.PROVISIONAL)]
        ),
        marks_order=MarksOrder.SORTED if sorts else MarksOrder.MEMBER,
        seats=seats,
        draws=drawn_from,
        unfilled_reason="Nessun'altra proposta." if ranking.unfilled else "",
    )
    proposals = {name: Proposal(f"Ente «{name}»", "Un'idea\npiù larga \\ 🌳", given) for name, given in marks.items()}
    return document(publication, proposals, ranking, tables), texts


def _draw(random: Random, tied: list[tuple[str, ...]], day: int) -> tuple[str, Drawn, tuple[str, ...]]:
    """Of every tie, or only of the first or the last: the list, where the order comes from, and the order."""
    groups = tuple(sorted(random.choice([tied, tied, tied[:1], tied[-1:]])))
    source, value = "Estrazione del Lotto", random.choice(["12 45  7", " 88 1 ", "è"])
    text = commitment(
        ranking_sha256=digest("prima"),
        call="prova-2026",
        area="1",
        groups=groups,
        source=source,
        value_at=datetime(2026, 3, day, tzinfo=UTC),
    )
    order = drawn(text, value)
    return text, Drawn(digest(text), source, value), order


def _places(random: Random, applications: list[str]) -> dict[str, Any]:
    """A number of places, none, or lots."""
    if random.random() < 0.3:
        lots = []
        for code in ("nord", "sud", "est")[: random.randint(1, 3)]:
            places = random.choice([None, 0, 1, 2, 3])
            lots.append(
                LotPlaces(code, places, random.randint(0, places) if places and random.random() < 0.3 else 0, code.title())
            )
        return {"places": None, "lots": lots, "lot_of": {name: random.choice(lots).code for name in applications}}
    places = random.choice([None, 0, 1, 2, 3, 5, 20])
    return {"places": places, "vacated": random.randint(0, places) if places and random.random() < 0.3 else 0}


def _grid(random: Random, seats: int) -> Grid:
    places = [place for place in RoundingPoint if random.random() < 0.4]
    adds = random.random() < 0.3
    owners = sorted(random.choice("PQ") for _ in range(random.randint(1, 5)))
    criteria = tuple(
        _criterion(random, f"{block}.{number}", block, seats, adds=adds, rounds=RoundingPoint.PRODUCT in places)
        for number, block in enumerate(owners, 1)
    )
    links = [TieStep(TieStepKind.BLOCK, block) for block in sorted(set(owners))]
    links += [TieStep(TieStepKind.CRITERION, criterion.code) for criterion in criteria]
    chain = random.sample(links, random.randint(0, min(2, len(links))))
    most = {block: sum((c.max_points for c in criteria if c.block == block), Decimal(0)) for block in sorted(set(owners))}
    total = sum(most.values(), Decimal(0))
    return Grid(
        code="prova",
        title="Griglia di prova",
        scale=tuple(Level(f"livello {number}", Decimal(number)) for number in SCALE),
        blocks=tuple(Block(code, f"Blocco {code}", points, _threshold(random, points)) for code, points in most.items()),
        criteria=criteria,
        rounding=tuple(Rounding(place, random.randint(0, 3), random.choice(list(RoundingMode))) for place in places),
        comparison=random.choice(list(Comparison)),
        threshold=_threshold(random, total),
        tie_chain=(*chain, *([TieStep(TieStepKind.DRAW)] if random.random() < 0.6 else [])),
        published_digits=random.randint(0, 3),
        composition=Composition.SUM if adds else Composition.MEAN,
        rescaling=tuple(step for step in Rescaling if random.random() < 0.3),
        rescales_alone=random.random() < 0.3,
        marking=Marking.COLLEGIAL if seats == 1 and not adds and random.random() < 0.5 else Marking.INDIVIDUAL,
    )


def _threshold(random: Random, most: Decimal) -> Decimal | None:
    """Often within reach, so that some are above and some below."""
    return Decimal(random.randint(0, int(most * 60))).scaleb(-2) if random.random() < 0.3 else None


def _criterion(random: Random, code: str, block: str, seats: int, *, adds: bool, rounds: bool) -> Criterion:
    kinds = [kind for kind in CriterionType if not adds or kind not in (CriterionType.COEFFICIENT, CriterionType.PAIRWISE)]
    kind = random.choice(kinds)
    most = Decimal(random.randint(1, 30) * (seats if adds else 1))
    given: dict[str, Any] = {}
    match kind:
        case CriterionType.PAIRWISE:
            given["pairwise"] = Pairwise(random.choice(list(PairwiseVariant)), random.random() < 0.5, random.choice([2, 3, 4]))
        case CriterionType.LEVELS:
            own = most / seats if adds else most
            given["levels"] = tuple(
                PointsLevel(label, points) for label, points in (("nullo", Decimal(0)), ("medio", own / 2), ("ottimo", own))
            )
        case CriterionType.POINTS:
            given["step"] = random.choice([None, Decimal("0.5"), Decimal("0.1"), Decimal(1)])
        case CriterionType.COUNT:
            given |= {"per_unit": Decimal(random.choice(["0.5", "1", "2", "0.01"])), "unit": "certificati"}
        case CriterionType.BANDS:
            given["bands"] = (
                Band(Decimal(1), at_most=Decimal(2)),
                Band(Decimal("0.5"), more_than=Decimal(2), less_than=Decimal(5)),
                Band(most, at_least=Decimal(6)),
            )
            given["unit"] = "anni"
        case CriterionType.FORMULA:
            given |= {"formula": _formula(random, rounds=rounds), "unit": "euro"}
        case CriterionType.PENALTY:
            most = Decimal(0)
            given["penalty"] = Decimal(random.choice(["0.5", "3", "10"]))
    threshold = None if kind in (CriterionType.PAIRWISE, CriterionType.PENALTY) else _threshold(random, most)
    return Criterion(code, f"Criterio {code}", most, block, threshold=threshold, type=kind, **given)


def _formula(random: Random, *, rounds: bool) -> Formula:
    kind = random.choice(list(FormulaKind))
    best = Best.HIGHER if kind is FormulaKind.BILINEAR else random.choice(list(Best))
    exponents = [text for text in EXPONENTS if rounds or "." not in text]
    return Formula(
        kind,
        best,
        Decimal(random.choice(exponents)) if kind is FormulaKind.POWER else None,
        Decimal(random.choice(["0.8", "0.85", "0.9"])) if kind is FormulaKind.BILINEAR else None,
    )


def _marks(random: Random, grid: Grid, applications: list[str], seats: int) -> tuple[Marks, Tables]:
    """Some members may not mark some proposals; some proposals are marked as the one before, so that there are ties."""
    conflicts = {
        name: random.sample(range(seats), random.randint(0, seats - 1)) if random.random() < 0.2 else []
        for name in applications
    }
    marks: Marks = {}
    for name in applications:
        alike = marks[random.choice(list(marks))] if marks and random.random() < 0.4 else None
        marks[name] = {}
        for criterion in grid.criteria:
            if compares_pairs(criterion, len(applications)):
                continue
            if alike and not conflicts[name] and None not in alike[criterion.code]:
                marks[name][criterion.code] = list(alike[criterion.code])
                continue
            fact = _mark(random, grid, criterion, seats)
            row = [_mark(random, grid, criterion, seats) if criterion.is_judged else fact for _ in range(seats)]
            marks[name][criterion.code] = [None if place in conflicts[name] else mark for place, mark in enumerate(row)]
    tables: Tables = {}
    for criterion in grid.criteria:
        if compares_pairs(criterion, len(applications)):
            absent = random.sample(range(seats), random.randint(0, seats - 1)) if random.random() < 0.3 else []
            tables[criterion.code] = [
                None if place in absent else _table(random, criterion, applications) for place in range(seats)
            ]
    return marks, tables


def _table(random: Random, criterion: Criterion, applications: list[str]) -> Table:
    assert criterion.pairwise is not None
    step = UNIT // 2 if criterion.pairwise.halves else UNIT
    degrees = [PARITY, *range(2 * UNIT, 6 * UNIT + 1, step)]
    return [Pair(*random.sample(two, 2), random.choice(degrees)) for two in combinations(applications, 2)]


def _mark(random: Random, grid: Grid, criterion: Criterion, seats: int) -> int:
    match criterion.type:
        case CriterionType.COEFFICIENT | CriterionType.PAIRWISE:
            return int(Decimal(random.choice(SCALE)) * UNIT)
        case CriterionType.LEVELS:
            return int(random.choice(criterion.levels).points * UNIT)
        case CriterionType.POINTS:
            step = int((criterion.step or Decimal("0.0001")) * UNIT)
            return random.randint(0, int(each_maximum(grid, criterion, seats) * UNIT) // step) * step
        case CriterionType.YES_NO | CriterionType.PENALTY:
            return random.choice([0, UNIT])
        case _:
            return random.choice([0, UNIT, 2 * UNIT, 5 * UNIT, 6 * UNIT, random.randint(0, 100_000)])
