"""The ranking of a million marks: ten thousand proposals, five members, twenty criteria; and its document.

The floor is one statement in SQL on integers: sums, weights, one rounding, threshold, tie-break and RANK(). It must come
to the very ranking of the road, and both to that of an oracle which knows nothing but fractions; marks inserted in
another order must come to it too. Where they differ there is nothing to measure: ``Different`` is raised."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from django.db import connection

from applications.states import ApplicationState
from bando.models import Call
from bench import data
from bench.apart import Done, apart
from bench.rounds import Line
from evaluation.publication import compose, read_sums
from evaluation.published import chunks
from evaluation.ranking import rank
from evaluation.scoring import Scorer

AREA, SHUFFLED = "area-1", "area-2"

Row = list[Any]
"""Number of the proposal, position or ``None``, total in hundredths."""


@dataclass(frozen=True, slots=True)
class Size:
    proposals: int
    shuffled: int
    """Proposals of the other area: the first ones again, with their marks inserted in another order."""


FULL, SMALL = Size(proposals=10_000, shuffled=500), Size(proposals=60, shuffled=30)


class Different(Exception):
    """Two ways of computing the ranking came to two rankings."""


def fill(size: Size, slug: str = "misura") -> str:
    """A call with the proposals and the marks of both areas; answers its pk."""
    call = data.evaluated_call(slug)
    members = data.commission(call)
    proposals = data.proposals(call, AREA, size.proposals, ApplicationState.EVALUATED, prefix="A")
    data.mark(list(zip(proposals, data.judgments(size.proposals), strict=True)), members)
    others = data.proposals(call, SHUFFLED, size.shuffled, ApplicationState.EVALUATED, prefix="B")
    marks = list(zip(others, data.judgments(size.shuffled), strict=True))
    random.Random(size.shuffled).shuffle(marks)  # noqa: S311 - no secret
    data.mark(marks, members)
    return str(call.pk)


def by_the_road(call_pk: str, area: str) -> list[Row]:
    """As the product ranks: the sums of the database, then ``scoring`` and ``ranking``."""
    call = Call.objects.with_notice().get(pk=call_pk)
    grid = call.notice.grid_for(area)
    scorer = Scorer(grid)
    sums = read_sums(call, area)
    scores = {number: scorer.from_sums(number, given, members=data.MEMBERS) for number, given in sums.items()}
    ranking = rank(grid, scores, places=call.notice.area(area).places)
    return [[row.application, row.position, _hundredths(row.score.published_total)] for row in ranking.rows]


def with_document(call_pk: str, area: str) -> list[Row]:
    """The act as it is done: the ranking, with the text of the document from which anyone can compute it again."""
    call = Call.objects.with_notice().get(pk=call_pk)
    ranked = compose(call, area)
    sum(len(part) for part in chunks(ranked.document))
    return [[row.application, row.position, _hundredths(row.score.published_total)] for row in ranked.ranking.rows]


def by_sql(call_pk: str, area: str) -> list[Row]:
    """The floor. Points are integers: coefficients in ten-thousandths times the points of the criterion in hundredths."""
    call = Call.objects.with_notice().get(pk=call_pk)
    grid = call.notice.grid_for(area)
    weights = ", ".join(
        f"('{criterion.code}', {_hundredths(criterion.max_points)}, {int(criterion.block == 'progetto')})"
        for criterion in grid.criteria
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(weights=weights), {"call": data.stored(call), "area": area, "threshold": _hundredths(grid.threshold)}
        )
        return [list(row) for row in cursor.fetchall()]


def by_fractions(judgments: Iterable[tuple[str, Mapping[str, list[int]]]]) -> list[Row]:
    """The oracle: no database and none of the product's code."""
    points = {code: Fraction(points) for code, points in data.POINTS.items()}
    figures = {}
    for number, given in judgments:
        of = {code: Fraction(sum(marks), 10_000 * len(marks)) * points[code] for code, marks in given.items()}
        figures[number] = (floor(sum(of.values()) * 100 + Fraction(1, 2)), sum(of[code] for code in data.BLOCKS["progetto"]))
    above = sorted((figure for figure in figures.values() if figure[0] >= 6000), reverse=True)
    first = {figure: place for place, figure in reversed(list(enumerate(above, 1)))}
    return [[number, first.get(figure), figure[0]] for number, figure in figures.items()]


def compare(call_pk: str, size: Size) -> None:
    """Raise ``Different`` unless the road and the oracle agree on each proposal of the other area, inserted in another
    order, and on the totals of the same proposals of the first."""
    numbered = [(f"B-{n:05}", given) for n, given in enumerate(data.judgments(size.shuffled))]
    same(by_the_road(call_pk, SHUFFLED), by_fractions(numbered))
    totals = {f"A{number[1:]}": total for number, _position, total in by_fractions(numbered)}
    same([row for row in by_the_road(call_pk, AREA) if row[0] in totals], totals.items(), columns=(0, 2))


def same(one: Iterable[Any], other: Iterable[Any], *, columns: tuple[int, ...] = (0, 1, 2)) -> None:
    given = sorted(tuple(row[column] for column in columns) for row in one)
    expected = sorted(tuple(row) for row in other)
    if given != expected:
        wrong = next(pair for pair in zip(given, expected, strict=False) if pair[0] != pair[1])
        raise Different(f"{len(given)} rows and {len(expected)}; the first that differ: {wrong}")


def run(size: Size, rounds: int) -> Iterator[Line]:
    call_pk = fill(size)
    data.analyze()
    compare(call_pk, size)
    expected = by_the_road(call_pk, AREA)
    done: dict[str, list[Done]] = {"by_the_road": [], "with_document": [], "by_sql": []}
    for _ in range(rounds):
        for function, runs in done.items():
            runs.append(apart("bench.ranking", function, call_pk, AREA))
            same(runs[-1].answer, expected)
    road, document, sql = done.values()
    marks = f"{size.proposals * data.MEMBERS * len(data.CRITERIA):,} marks"
    yield Line(f"rank {marks}", "the same in one SQL statement", _pairs(road, sql, "seconds"), goal=1.4)
    yield Line("its memory", "the same in one SQL statement", _pairs(road, sql, "memory"), limit=150, unit="MiB")
    yield Line("its statements", "the same in one SQL statement", _pairs(road, sql, "statements"), limit=5, unit="statements")
    yield Line(f"rank {marks}, with the document", "the ranking alone in SQL", _pairs(document, sql, "seconds"))
    yield Line("its memory", "the ranking alone in SQL", _pairs(document, sql, "memory"), unit="MiB")
    yield Line("its statements", "the ranking alone in SQL", _pairs(document, sql, "statements"), unit="statements")


def _pairs(work: Iterable[Done], floor: Iterable[Done], name: str) -> list[tuple[float, float]]:
    return [(getattr(w, name), getattr(f, name)) for w, f in zip(work, floor, strict=True)]


def _hundredths(value: Decimal) -> int:
    return int(value * 100)


# A total in hundredths is n / 50,000, where n adds sum × points: the sum of five marks is in ten-thousandths of five, and
# points are in hundredths. Half up: (2n + 50,000) / 100,000, without remainder. PostgreSQL adds bigints as numeric, whose
# division has decimals: so the sums are cast first.
_SQL = """
WITH weights (criterion, points, tie_break) AS (VALUES {weights}),
sums AS (
  SELECT sheet.application_id, mark.criterion, CAST(SUM(mark.units) AS bigint) AS total
  FROM evaluation_mark mark
  JOIN evaluation_sheet sheet ON sheet.id = mark.sheet_id
  JOIN applications_application application ON application.id = sheet.application_id
  WHERE sheet.state = 'final' AND application.call_id = %(call)s AND application.area_code = %(area)s
    AND application.state IN ('evaluated', 'ranked')
  GROUP BY sheet.application_id, mark.criterion
),
points AS (
  SELECT application_id, CAST(SUM(total * points) AS bigint) AS all_points,
    CAST(SUM(total * points * tie_break) AS bigint) AS tie_break
  FROM sums JOIN weights ON weights.criterion = sums.criterion
  GROUP BY application_id
),
figures AS (
  SELECT application_id, (2 * all_points + 50000) / 100000 AS total, tie_break FROM points
)
SELECT application.number,
  CASE WHEN total >= %(threshold)s
    THEN RANK() OVER (PARTITION BY total >= %(threshold)s ORDER BY total DESC, tie_break DESC) END,
  total
FROM figures JOIN applications_application application ON application.id = figures.application_id
ORDER BY total DESC, tie_break DESC, application.number
"""
