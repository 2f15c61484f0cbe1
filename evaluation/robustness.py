"""How firm a ranking is: what would change if something small had been otherwise.

PURE: standard library only. It starts from the published document alone (``published.read``), so that who is excluded by a
hair can argue the test of resistance (prova di resistenza; TAR Salerno 2116/2021) with the public file. Every number is exact.

Four questions:

* *one member less*: the whole ranking again without the marks of one member;
* *one mark, one level*: a single mark a level of the scale higher or lower (a step, for points), everything else as it is;
* *one weight, a tenth*: one criterion weighs a tenth more or less for everybody, before anything is rescaled. The thresholds
  stay as they were judged, because they go with the call's own weights;
* *the margin*: the points between a proposal and the places above and below it, the last place, and the nearest threshold.

What is looked at is the outcome (selected, waiting, tied across the last place, below the threshold) and the position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from bando.notice.grid import Criterion, CriterionType
from evaluation.methods import UNIT, each_maximum
from evaluation.published import Given, as_2, read
from evaluation.published_grid import grid_from_json
from evaluation.ranking import Outcome, Ranking
from evaluation.rounding import Roundings, published
from evaluation.scoring import MarksError, Score, Scorer
from workflow.ledger import canonical, digest

MOST_RANKED = 1_000_000
"""How many rows the single marks may rank again in all: 20 proposals x 14 criteria x 3 members x 2 are 34,000. Beyond
it the question is left out and the report says so."""

TENTH = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Shift:
    """A proposal that stands otherwise: its outcome and position as they are and as they would be."""

    application: str
    outcome: str
    position: int | None
    would: str
    would_position: int | None

    @property
    def changes_outcome(self) -> bool:
        return self.outcome != self.would


@dataclass(frozen=True, slots=True)
class Without:
    """Without the marks of one member; ``shifts`` is ``None`` where some proposal would have no marks left."""

    member: str
    shifts: tuple[Shift, ...] | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One mark a level up or down, and who would stand otherwise. ``mark`` and ``to`` are decimal numbers as in the file."""

    application: str
    criterion: str
    member: str
    mark: str
    to: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One criterion weighing a tenth more (``by`` 1/10) or less (-1/10)."""

    criterion: str
    by: Fraction
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """Of one proposal, in points of the total, never less than 0: to the next position ``above`` and ``below``; to the ``border``,
    the last place for who waits and the best without a place for who has one; above the nearest ``threshold``. ``None``
    where there is no such thing. 0 says equal totals: something else decided, or nothing did."""

    application: str
    above: Fraction | None
    below: Fraction | None
    border: Fraction | None
    threshold: Fraction | None


@dataclass(frozen=True, slots=True)
class Report:
    """``moved`` holds only the single marks that would change somebody's outcome; ``tried`` is how many were moved, 0 where they
    were too many. ``movable`` are the proposals whose position one mark would change."""

    without: tuple[Without, ...]
    moved: tuple[Moved, ...]
    tried: int
    movable: tuple[str, ...]
    weighed: tuple[Weighed, ...]
    margins: tuple[Margin, ...]

    @property
    def is_firm(self) -> bool:
        """Whether no member, no single mark and no weight decides an outcome."""
        disturbed = [shifts for shifts in (w.shifts for w in self.without) if shifts]
        disturbed += [w.shifts for w in self.weighed]
        return not self.moved and not any(shift.changes_outcome for shifts in disturbed for shift in shifts)


SCHEMA = "bando/robustness/1"


def to_json(found: Report, content: Mapping[str, Any]) -> dict[str, Any]:
    """``found`` as plain values, with the hash of the document it is about: numbers are ``{exact, published}`` as there."""
    grid = grid_from_json(content["grid"])
    mode = Roundings(grid.rounding).published_mode

    def number(value: Fraction | None) -> dict[str, str] | None:
        if value is None:
            return None
        return {"exact": str(value), "published": format(published(value, grid.published_digits, mode), "f")}

    def shifts(given: Sequence[Shift]) -> list[dict[str, Any]]:
        return [
            {
                "application": s.application,
                "outcome": s.outcome,
                "position": s.position,
                "would": s.would,
                "would_position": s.would_position,
            }
            for s in given
        ]

    return {
        "schema": SCHEMA,
        "ranking": digest(canonical(content)),
        "firm": found.is_firm,
        "without": [{"member": w.member, "shifts": None if w.shifts is None else shifts(w.shifts)} for w in found.without],
        "tried": found.tried,
        "moved": [
            {
                "application": m.application,
                "criterion": m.criterion,
                "member": m.member,
                "mark": m.mark,
                "to": m.to,
                "shifts": shifts(m.shifts),
            }
            for m in found.moved
        ],
        "movable": list(found.movable),
        "weighed": [{"criterion": w.criterion, "by": str(w.by), "shifts": shifts(w.shifts)} for w in found.weighed],
        "margins": [
            {
                "application": m.application,
                "above": number(m.above),
                "below": number(m.below),
                "border": number(m.border),
                "threshold": number(m.threshold),
            }
            for m in found.margins
        ],
    }


def report(content: Mapping[str, Any]) -> Report:
    """The robustness of a published document, as ``json.loads`` gives it. Raises ``published.Unreadable``."""
    contest = _Contest(read(as_2(content)))
    moved, tried, movable = contest.moves()
    return Report(
        without=tuple(contest.without_each()),
        moved=tuple(moved),
        tried=tried,
        movable=tuple(movable),
        weighed=tuple(contest.weighings()),
        margins=tuple(contest.margins()),
    )


class _Contest:
    """The proposals of one area, scored once and disturbed many times."""

    def __init__(self, given: Given) -> None:
        self.given, self.grid = given, given.grid
        self.labels = given.publication.commissioners
        self.scorer = Scorer(given.grid, seats=given.publication.members, pairs=given.pairs)
        self.found = {
            application: self.scorer.found(application, _each(proposal.marks), members=_members(proposal.marks))
            for application, proposal in given.proposals.items()
        }
        self.scores = self.scorer.compare(self.found)
        self.ranking = given.rank(self.scores)
        self.rows = {row.application: row for row in self.ranking.rows}

    # One member less

    def without_each(self) -> Iterator[Without]:
        """Nobody can say whose a mark is where the file keeps the order of size: then there is nothing to leave out. A commission
        of one, or one that marks together, has nobody to spare."""
        if len(self.labels) < 2:
            return
        for index, member in enumerate(self.labels):
            proposals = {
                application: {code: _but(marks, index) for code, marks in proposal.marks.items()}
                for application, proposal in self.given.proposals.items()
            }
            pairs = {code: _but(tables, index) for code, tables in self.given.pairs.items()}
            yield Without(member, self._again(proposals, pairs))

    def _again(self, marks: Mapping[str, Mapping[str, Sequence[int | None]]], pairs: Any) -> tuple[Shift, ...] | None:
        scorer = Scorer(self.grid, seats=self.given.publication.members, pairs=pairs)
        try:
            found = {a: scorer.found(a, _each(given), members=_members(given)) for a, given in marks.items()}
            return self._shifts(self.given.rank(scorer.compare(found)))
        except MarksError:
            return None

    # One mark, one level

    def moves(self) -> tuple[list[Moved], int, list[str]]:
        steps = list(self._steps())
        if len(steps) * len(self.rows) > MOST_RANKED:
            return [], 0, []
        moved, movable = [], set()
        for application, code, index, mark, to in steps:
            shifts = self._shifts(self.given.rank(self._scores_with(application, code, index, to)))
            movable |= {shift.application for shift in shifts}
            if any(shift.changes_outcome for shift in shifts):
                member = self.labels[index] if self.labels else ""
                moved.append(Moved(application, code, member, _text(mark), _text(to), shifts))
        return moved, len(steps), sorted(movable)

    def _steps(self) -> Iterator[tuple[str, str, int, int, int]]:
        """(application, criterion, member, mark, mark beside it) of every judgment that stands in the file."""
        for application in sorted(self.given.proposals):
            marks = self.given.proposals[application].marks
            for criterion in self.grid.criteria:
                levels = self._levels(criterion)
                for index, mark in enumerate(marks.get(criterion.code, ())):
                    if mark is not None and levels:
                        below = [level for level in levels if level < mark]
                        above = [level for level in levels if level > mark]
                        yield from ((application, criterion.code, index, mark, to) for to in (*below[-1:], *above[:1]))

    def _levels(self, criterion: Criterion) -> list[int]:
        """What a member may give, in ten-thousandths; empty for a fact, and for points without a step."""
        if criterion.type in (CriterionType.COEFFICIENT, CriterionType.PAIRWISE):
            return sorted(int(level.coefficient * UNIT) for level in self.grid.scale)
        if criterion.type is CriterionType.LEVELS:
            return sorted(int(level.points * UNIT) for level in criterion.levels)
        if criterion.type is CriterionType.POINTS and criterion.step is not None:
            most, step = each_maximum(self.grid, criterion, self.given.publication.members), Fraction(criterion.step)
            return [int(step * n * UNIT) for n in range(int(most / step) + 1)]
        return []

    def _scores_with(self, application: str, code: str, index: int, to: int) -> dict[str, Score]:
        """The scores with one mark changed; only those that the change can reach are computed again."""
        marks = {c: list(given) for c, given in self.given.proposals[application].marks.items()}
        marks[code][index] = to
        found = self.scorer.found(application, _each(marks), members=_members(marks))
        if self.scorer.compares:
            return self.scorer.compare(self.found | {application: found})
        return self.scores | self.scorer.compare({application: found})

    # One weight, a tenth

    def weighings(self) -> Iterator[Weighed]:
        for index, criterion in enumerate(self.grid.criteria):
            for by in (-TENTH, TENTH):
                yield Weighed(criterion.code, by, self._shifts(self.given.rank(self._weighed(index, 1 + by))))

    def _weighed(self, index: int, times: Fraction) -> dict[str, Score]:
        """The scores where one criterion and its maximum weigh ``times`` as much, before anything is rescaled."""
        grid, criterion = self.grid, self.grid.criteria[index]
        more = criterion.max_points * (times.numerator - times.denominator) / times.denominator
        heavier = replace(
            grid,
            criteria=_with(grid.criteria, index, replace(criterion, max_points=criterion.max_points + more)),
            blocks=tuple(replace(b, max_points=b.max_points + more) if b.code == criterion.block else b for b in grid.blocks),
        )
        scorer = Scorer(heavier, seats=self.given.publication.members, pairs=self.given.pairs)
        points = {
            a: replace(s.criteria[index], points=s.criteria[index].raw * times, before=None) for a, s in self.scores.items()
        }
        return scorer.weighed({a: replace(s, criteria=_with(s.criteria, index, points[a])) for a, s in self.scores.items()})

    # The margin

    def margins(self) -> Iterator[Margin]:
        for lot in dict.fromkeys(self.given.lot_of.values()):
            ranked = [
                row for row in self.ranking.rows if row.position is not None and self.given.lot_of[row.application] == lot
            ]
            selected = [row.score.total for row in ranked if row.outcome is Outcome.SELECTED]
            others = [row.score.total for row in ranked if row.outcome is not Outcome.SELECTED]
            # Rows come in the order of the totals: the worst that has a place, and the best that has none.
            last, first = min(selected, default=None), max(others, default=None)
            groups = [list(rows) for _position, rows in groupby(ranked, key=lambda row: row.position)]
            for place, group in enumerate(groups):
                above = groups[place - 1][0].score.total if place else None
                below = groups[place + 1][0].score.total if place + 1 < len(groups) else None
                for row in group:
                    edge = first if row.outcome is Outcome.SELECTED else last
                    yield Margin(
                        application=row.application,
                        above=_between(above, row.score.total),
                        below=_between(row.score.total, below),
                        border=_between(row.score.total, edge),
                        threshold=self._above_thresholds(row.score),
                    )

    def _above_thresholds(self, score: Score) -> Fraction | None:
        """The points by which the nearest of the thresholds is passed, on the total, a block or a criterion: raw points."""
        grid = self.grid
        limits = [(score.raw, grid.threshold)]
        limits += [(part.raw, block.threshold) for part, block in zip(score.blocks, grid.blocks, strict=True)]
        limits += [(part.raw, criterion.threshold) for part, criterion in zip(score.criteria, grid.criteria, strict=True)]
        return min((points - Fraction(limit) for points, limit in limits if limit is not None), default=None)

    def _shifts(self, again: Ranking) -> tuple[Shift, ...]:
        return tuple(
            Shift(row.application, str(before.outcome), before.position, str(row.outcome), row.position)
            for row in again.rows
            for before in [self.rows[row.application]]
            if (row.outcome, row.position) != (before.outcome, before.position)
        )


def _each(marks: Mapping[str, Sequence[int | None]]) -> dict[str, list[int]]:
    return {code: [mark for mark in given if mark is not None] for code, given in marks.items()}


def _members(marks: Mapping[str, Sequence[int | None]]) -> int:
    return sum(any(mark is not None for mark in given) for given in zip(*marks.values(), strict=True))


def _but(given: Sequence[Any], index: int) -> list[Any]:
    return [None if place == index else value for place, value in enumerate(given)]


def _with(parts: tuple[Any, ...], index: int, part: Any) -> tuple[Any, ...]:
    return (*parts[:index], part, *parts[index + 1 :])


def _between(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else abs(one - other)


def _text(units: int) -> str:
    return format((Decimal(units) / UNIT).normalize(), "f")
