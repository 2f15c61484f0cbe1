"""Every other way of turning marks into a ranking: scores and positions of the same marks, by other grids put in the place of
that of the call, and comparisons in pairs.

The floor is one statement that adds the same marks by proposal and criterion, and the reading of what it answers; beside the
pairs, also the reading of the tables as they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db import connection

from applications.models import Application
from applications.states import ApplicationState
from bando.models import Call
from bando.notice.grid import (
    Criterion,
    CriterionType,
    Formula,
    FormulaKind,
    Grid,
    Pairwise,
    PairwiseVariant,
    PointsLevel,
    Rescaling,
    Rounding,
    RoundingMode,
    RoundingPoint,
)
from bench import data
from bench.rounds import Line, alternate
from evaluation import publication
from evaluation.models import Comparison, Member, Preference
from evaluation.ranking import Ranking, rank
from evaluation.scoring import Scorer
from evaluation.states import SheetState

JUDGED, FACTS = "area-1", "area-2"

TENTHS = tuple(PointsLevel(label=f"livello {tenths}", points=Decimal(tenths) / 10) for tenths in range(10, -1, -1))
EACH_MARK = Rounding(at=RoundingPoint.COEFFICIENT, digits=1, mode=RoundingMode.HALF_UP)
PRODUCT = Rounding(at=RoundingPoint.PRODUCT, digits=2, mode=RoundingMode.HALF_UP)


@dataclass(frozen=True, slots=True)
class Size:
    proposals: int
    compared: int
    """Proposals that are compared in pairs."""


FULL, SMALL = Size(proposals=2_000, compared=60), Size(proposals=20, compared=5)


@dataclass(frozen=True, slots=True)
class Method:
    words: str
    criterion: dict[str, Any]
    """What is otherwise in every criterion."""
    grid: dict[str, Any]
    area: str = JUDGED


METHODS = (
    Method("levels", {"type": CriterionType.LEVELS, "levels": TENTHS}, {}),
    Method("points, each rounded", {"type": CriterionType.POINTS, "step": Decimal("0.1")}, {"rounding": (EACH_MARK,)}),
    Method("rescaling of criteria and total", {}, {"rescaling": (Rescaling.CRITERION, Rescaling.TOTAL)}),
    Method(
        "a linear formula", {"type": CriterionType.FORMULA, "unit": "euro", "formula": Formula(FormulaKind.LINEAR)}, {}, FACTS
    ),
    Method(
        "a formula with a root",
        {"type": CriterionType.FORMULA, "unit": "euro", "formula": Formula(FormulaKind.POWER, exponent=Decimal("0.5"))},
        {"rounding": (PRODUCT,)},
        FACTS,
    ),
    Method(
        "a bilinear formula",
        {"type": CriterionType.FORMULA, "unit": "euro", "formula": Formula(FormulaKind.BILINEAR, knee=Decimal("0.80"))},
        {},
        FACTS,
    ),
)


def fill(size: Size) -> Call:
    """A call with as many proposals in both areas; in the second all members found the same."""
    call = data.evaluated_call("metodi")
    members = data.commission(call)
    for area, facts in ((JUDGED, False), (FACTS, True)):
        made = data.proposals(call, area, size.proposals, ApplicationState.EVALUATED, prefix=f"M-{area}")
        given = data.judgments(size.proposals)
        if facts:
            given = ({code: [max(marks) or 1000] * data.MEMBERS for code, marks in found.items()} for found in given)
        data.mark(list(zip(made, given, strict=True)), members)
    return call


def fill_pairs(proposals: int) -> Call:
    """A call whose last criterion is compared in pairs by everybody; a preference of every degree, in turn."""
    call = data.evaluated_call("coppie")
    members: list[Member] = data.commission(call)
    made = data.proposals(call, JUDGED, proposals, ApplicationState.EVALUATED, prefix="C")
    data.mark(list(zip(made, data.judgments(proposals), strict=True)), members)
    for place, member in enumerate(members):
        table = Comparison.objects.create(
            member=member, area_code=JUDGED, criterion=data.CRITERIA[-1], state=SheetState.FINAL, saved_at=call.closes_at
        )
        Preference.objects.bulk_create(
            [_cell(table, one, two, (place + ordinal) % 11) for ordinal, (one, two) in enumerate(combinations(made, 2))],
            batch_size=1000,
        )
    grid = call.notice.grid_for(JUDGED)
    last = replace(grid.criteria[-1], type=CriterionType.PAIRWISE, pairwise=Pairwise(PairwiseVariant.SUM))
    _put(call, replace(grid, criteria=(*grid.criteria[:-1], last)))
    return call


def _cell(table: Comparison, first: Application, second: Application, degree: int) -> Preference:
    """Degree 0 is parity, 1 to 5 prefer the first, 6 to 10 the second."""
    prefers = (
        Preference.Prefers.NEITHER if not degree else Preference.Prefers.FIRST if degree <= 5 else Preference.Prefers.SECOND
    )
    units = 10_000 * (1 if not degree else 2 + (degree - 1) % 5)
    return Preference(comparison=table, first=first, second=second, prefers=prefers, units=units)


def with_grid(call: Call, area: str, criterion: dict[str, Any], grid: dict[str, Any]) -> None:
    """Put another grid in the place of the call's, of the same blocks and criteria: nothing is written."""
    found: Grid = Call.objects.with_notice().get(pk=call.pk).notice.grid_for(area)
    criteria: Sequence[Criterion] = [replace(one, **criterion) for one in found.criteria]
    _put(call, replace(found, criteria=tuple(criteria), **grid))


def _put(call: Call, grid: Grid) -> None:
    call.version.notice = replace(call.notice, grids=(grid,))


def ranking(call: Call, area: str) -> Ranking:
    """As the product ranks, without the document: it reads sums, or each mark where the grid needs it."""
    grid = call.notice.grid_for(area)
    marking = publication._Marking(call, area, grid, ())
    scorer = Scorer(grid, seats=marking.seats, pairs=publication._pairs(marking))
    marks = publication._marks(marking) if scorer.needs_each_mark else {}
    return rank(grid, publication._scores(scorer, marking, marks), places=call.notice.area(area).places)


def sums(call: Call, area: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"call": data.stored(call), "area": area})
        return cursor.fetchall()


def sums_and_tables(call: Call, area: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, {"call": data.stored(call), "area": area})
        return [*sums(call, area), *cursor.fetchall()]


def run(size: Size, rounds: int) -> Iterator[Line]:
    call, pairs = fill(size), fill_pairs(size.compared)
    data.analyze()
    marks = f"{size.proposals * data.MEMBERS * len(data.CRITERIA):,} marks"
    for method in METHODS:
        with_grid(call, method.area, method.criterion, method.grid)
        yield Line(
            f"rank {marks} by {method.words}",
            "their sums in one SQL statement",
            alternate(
                lambda area=method.area: ranking(call, area), lambda area=method.area: sums(call, area), rounds=rounds, times=1
            ),
            goal=2.0,
        )
    yield Line(
        f"rank {size.compared} proposals compared in pairs by {data.MEMBERS} members",
        "sums and tables in two SQL statements",
        alternate(lambda: ranking(pairs, JUDGED), lambda: sums_and_tables(pairs, JUDGED), rounds=rounds, times=5),
        goal=2.0,
    )


_SUMS = """
SELECT sheet.application_id, mark.criterion, CAST(SUM(mark.units) AS bigint), COUNT(mark.units)
FROM evaluation_mark mark
JOIN evaluation_sheet sheet ON sheet.id = mark.sheet_id
JOIN applications_application application ON application.id = sheet.application_id
WHERE sheet.state = 'final' AND application.call_id = %(call)s AND application.area_code = %(area)s
  AND application.state IN ('evaluated', 'ranked')
GROUP BY sheet.application_id, mark.criterion
"""

_TABLES = """
SELECT comparison.criterion, comparison.member_id, cell.first_id, cell.second_id, cell.prefers, cell.units
FROM evaluation_preference cell
JOIN evaluation_comparison comparison ON comparison.id = cell.comparison_id
JOIN evaluation_member member ON member.id = comparison.member_id
JOIN evaluation_commission commission ON commission.id = member.commission_id
WHERE comparison.state = 'final' AND commission.call_id = %(call)s AND comparison.area_code = %(area)s
"""
