"""From the marks of the commission to the scores of the proposals of one area, exactly.

PURE: standard library only, no clock. A mark enters as an integer of ten-thousandths (``methods``), every later number is
a ``Fraction``, and a ``Decimal`` appears only where a figure is published. There is no float.

The road, always in this order:

1. *the method of each criterion* turns its marks into points (``methods``); a formula needs the quantities of all the
   proposals of the area, whatever thresholds they reach: what a threshold on the total asks of a proposal may rest on the
   formula itself, so nobody can be left out before it; so does a comparison in pairs (``pairwise``);
2. *blocks and total* add the points of the criteria; penalties are less than zero, and so may a total be;
3. *thresholds* are judged on these raw points, before any rescaling (Cons. Stato 9075/2023 and 8728/2022), and joined
   by AND: every one that is missed is reported with its numbers;
4. *rescaling*, where the call has it, among the proposals that reached every threshold, and only if they are at least two:
   rescaling presupposes several to compare (Cons. Stato 8728/2022; 749/2016 held otherwise, and a call may follow it:
   ``Grid.rescales_alone``). The others keep raw points;
5. *publication* shows each figure with the digits of the call, without ever entering the computation again, unless
   the call itself rounds at that point or compares published figures (see ``ranking``).

A number is rounded where the call rounds it and nowhere else: the point of rounding can change the winner. The points of
a criterion and the total that a call rounds are rounded raw and rescaled alike, and what follows starts from them: so a
reader gets the same from the figures of the act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from bando.notice.grid import Composition, Criterion, CriterionType, Grid, Rescaling, RoundingPoint
from evaluation.methods import (
    UNIT,
    CriterionScore,
    by_formula,
    each_maximum,
    fault,
    fault_of_sum,
    has_endless_points,
    of_fact,
    of_judgments,
    yardstick,
)
from evaluation.pairwise import Table, by_pairs
from evaluation.pairwise import fault as fault_of_table
from evaluation.rounding import Roundings, published

COMPARED = frozenset({CriterionType.FORMULA, CriterionType.PAIRWISE})
"""Types whose points depend on the other proposals."""


# What comes out


@dataclass(frozen=True, slots=True)
class BlockScore:
    """``before`` are the points before a rescaling, ``None`` where nothing was rescaled."""

    code: str
    points: Fraction
    before: Fraction | None = None

    @property
    def raw(self) -> Fraction:
        return self.points if self.before is None else self.before


class ThresholdOn(StrEnum):
    CRITERION = "criterion"
    BLOCK = "block"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Missed:
    """A threshold that was not reached: ``points`` are less than ``threshold``; ``code`` is empty for the total."""

    on: ThresholdOn
    code: str
    points: Fraction
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """One proposal: criteria and blocks in the order of the grid, the exact total and the total as published.

    ``below`` holds every threshold missed; a proposal is above the threshold if and only if it is empty. ``before`` is the
    total before a rescaling, ``None`` where nothing was rescaled.
    """

    criteria: tuple[CriterionScore, ...]
    blocks: tuple[BlockScore, ...]
    total: Fraction
    published_total: Decimal
    below: tuple[Missed, ...]
    before: Fraction | None = None

    @property
    def raw(self) -> Fraction:
        return self.total if self.before is None else self.before


Found = tuple[CriterionScore | Fraction | None, ...]
"""One proposal before the comparison, criterion by criterion: a score, the quantity that a formula will compare, or nothing
yet where proposals are compared in pairs."""

Pairs = Mapping[str, Sequence[Table | None]]
"""Criterion code to a table for each member who marks, ``None`` for who has none. A criterion that is not there is not
compared: there are fewer proposals than ``Pairwise.fewest``, and it has marks."""


class MarksError(ValueError):
    """The marks of ``application`` on ``criterion`` cannot give a score."""

    def __init__(self, application: str, criterion: str, problem: str) -> None:
        super().__init__(f"application {application}, criterion {criterion}: {problem}")
        self.application = application
        self.criterion = criterion
        self.problem = problem


class MissingMarks(MarksError):
    """Fewer marks than members: never read as zero, because a zero is a judgment and this is none."""

    def __init__(self, application: str, criterion: str, *, expected: int, found: int) -> None:
        super().__init__(application, criterion, f"{found} marks of {expected}")
        self.expected = expected
        self.found = found


class PairsError(MarksError):
    """The tables of ``criterion`` cannot give a score; no single ``application`` is at fault."""

    def __init__(self, criterion: str, problem: str) -> None:
        ValueError.__init__(self, f"criterion {criterion}: {problem}")
        self.application = ""
        self.criterion = criterion
        self.problem = problem


# The whole area


class Scorer:
    """A grid made ready to score many proposals; ``seats`` are the members of the commission who mark, needed where the
    grid adds their judgments; ``pairs`` are the tables of the criteria that are compared in pairs.

    The same judgments on the same criterion always give the same points, so they are computed once and shared: ten
    thousand proposals hold a few hundred different ``CriterionScore``, not two hundred thousand.

    ``needs_each_mark`` tells the caller which door to use. Sums of marks are enough unless some criterion is a fact, or the
    call rounds what each member gives *and* that rounding changes something they may give: then the sum of the rounded
    marks is not the rounded sum. ``compares`` says that a proposal has no score by itself, but only beside the others.
    """

    def __init__(self, grid: Grid, *, seats: int | None = None, pairs: Pairs | None = None) -> None:
        self.grid = grid
        self._seats = seats
        self._pairs = {} if pairs is None else pairs
        self.roundings = Roundings(grid.rounding)
        if grid.composition is Composition.SUM and not seats:
            raise ValueError("a grid that adds the judgments of the members needs to know how many they are")
        self._times = seats if grid.composition is Composition.SUM and seats else 1
        self._most = [each_maximum(grid, criterion, seats) for criterion in grid.criteria]
        self.needs_each_mark = any(not criterion.is_judged for criterion in grid.criteria) or any(
            map(self._is_changed, _given(grid))
        )
        self.compares = bool(grid.rescaling) or any(c.type in COMPARED for c in grid.criteria)
        self._known: list[dict[tuple[int, int], CriterionScore]] = [{} for _ in grid.criteria]
        self._rounded_marks: dict[int, int] = {}
        codes = {criterion.code for criterion in grid.criteria}
        self._marked = codes - self._pairs.keys()
        self._criteria_of_block = [
            (block, [i for i, criterion in enumerate(grid.criteria) if criterion.block == block.code]) for block in grid.blocks
        ]
        if len(codes) != len(grid.criteria):
            raise ValueError("two criteria of the grid have the same code")
        if strangers := self._pairs.keys() - {c.code for c in grid.criteria if c.type is CriterionType.PAIRWISE}:
            raise ValueError(f"tables of pairs on what is not compared in pairs: {min(strangers)}")
        if sum(len(criteria) for _, criteria in self._criteria_of_block) != len(grid.criteria):
            raise ValueError("every criterion of the grid must belong to exactly one block")
        if any(map(has_endless_points, grid.criteria)) and self.roundings.at(RoundingPoint.PRODUCT) is None:
            raise ValueError("a power whose exponent is not whole must be rounded at product")

    def _is_changed(self, given: Decimal) -> bool:
        return self.roundings.apply(RoundingPoint.COEFFICIENT, Fraction(given)) != Fraction(given)

    # One proposal

    def from_sums(self, application: str, sums: Mapping[str, tuple[int, int]], *, members: int) -> Score:
        """Score ``application`` from ``sums``: criterion code to (sum of the marks in ten-thousandths, how many).

        ``members`` is how many commissioners have to mark this proposal. Raises ``MissingMarks`` where one is missing,
        ``MarksError`` for any other impossible input, ``ValueError`` if the grid needs each mark or compares proposals.
        """
        if self.compares:
            raise ValueError("this grid compares proposals: none has a score by itself")
        return self._score(self.found_in_sums(application, sums, members=members))

    def from_marks(self, application: str, marks: Mapping[str, Sequence[int]], *, members: int) -> Score:
        """Score ``application`` from ``marks``: criterion code to each member's mark in ten-thousandths."""
        if self.compares:
            raise ValueError("this grid compares proposals: none has a score by itself")
        return self._score(self.found(application, marks, members=members))

    # Many proposals: first each by itself, then all together

    def found_in_sums(self, application: str, sums: Mapping[str, tuple[int, int]], *, members: int) -> Found:
        """What the sums of one proposal come to by themselves; the errors are those of ``from_sums``."""
        if self.needs_each_mark:
            raise ValueError("this grid rounds what each member gives, or has facts: sums are not enough")
        found: list[CriterionScore | Fraction | None] = []
        for index, criterion in enumerate(self.grid.criteria):
            marks = sums.get(criterion.code, (0, 0))
            # Nearly always known: a call for each of two hundred thousand of them would show.
            score = self._known[index].get(marks) if marks[1] == members else None
            found.append(score or self._judgments(index, application, criterion, marks, members, True))
        self._no_strangers(application, sums)
        return tuple(found)

    def found(self, application: str, marks: Mapping[str, Sequence[int]], *, members: int) -> Found:
        """What the marks of one proposal come to by themselves, each of them checked."""
        found: list[CriterionScore | Fraction | None] = []
        for index, criterion in enumerate(self.grid.criteria):
            given = marks.get(criterion.code, ())
            for mark in given:
                if problem := fault(criterion, mark, self._most[index]):
                    raise MarksError(application, criterion.code, problem)
            if criterion.is_judged:
                total = sum(map(self._round_mark, given))
                found.append(self._judgments(index, application, criterion, (total, len(given)), members, False))
            else:
                found.append(self._fact(index, application, criterion, given, members))
        self._no_strangers(application, marks)
        return tuple(found)

    def compare(self, found: Mapping[str, Found]) -> dict[str, Score]:
        """The scores of all the proposals of an area together, by application.

        Raises ``PairsError`` where tables of pairs are wrong, lacking, or given for too few proposals."""
        for index, criterion in enumerate(self.grid.criteria):
            if criterion.type is CriterionType.FORMULA and found:
                found = self._measured(index, criterion, found)
            elif criterion.type is CriterionType.PAIRWISE:
                found = self._paired(index, criterion, found)
        return self._rescaled({application: self._score(criteria) for application, criteria in found.items()})

    def weighed(self, scores: Mapping[str, Score]) -> dict[str, Score]:
        """``scores`` of another weighing of the same criteria, added and rescaled again under this grid from the raw points of
        their criteria. The thresholds stay as they were judged: they go with the weights of the call."""
        return self._rescaled(
            {
                application: replace(
                    self._score(tuple(replace(c, points=c.raw, before=None) for c in score.criteria)), below=score.below
                )
                for application, score in scores.items()
            }
        )

    # Inside

    def _judgments(
        self, index: int, application: str, criterion: Criterion, marks: tuple[int, int], members: int, unchecked: bool
    ) -> CriterionScore | None:
        """``marks`` are the sum and how many; ``unchecked`` that nobody has looked at the marks one by one."""
        if criterion.code in self._pairs:
            return None
        total, count = marks
        if count != members or not count:
            raise _miscounted(application, criterion, count, members)
        score = self._known[index].get(marks)
        if score is None:
            if unchecked and (problem := fault_of_sum(criterion, total, count, self._most[index])):
                raise MarksError(application, criterion.code, problem)
            score = of_judgments(criterion, total, count, self.roundings, times=self._times)
            self._known[index][marks] = score
        return score

    def _fact(
        self, index: int, application: str, criterion: Criterion, given: Sequence[int], members: int
    ) -> CriterionScore | Fraction:
        if len(given) != members or not given:
            raise _miscounted(application, criterion, len(given), members)
        if len(set(given)) > 1:
            values = " and ".join(str(Fraction(mark, UNIT)) for mark in sorted(set(given)))
            raise MarksError(application, criterion.code, f"the members found {values}, and a fact is one")
        if criterion.type is CriterionType.FORMULA:
            return Fraction(given[0], UNIT)
        known = self._known[index]
        score = known.get((given[0], 1))
        if score is None:
            score = known[given[0], 1] = of_fact(criterion, given[0], self.roundings)
        return score

    def _round_mark(self, mark: int) -> int:
        known = self._rounded_marks.get(mark)
        if known is None:
            exact = self.roundings.apply(RoundingPoint.COEFFICIENT, Fraction(mark, UNIT)) * UNIT
            # Whole: a mark has at most four decimals and rounding never adds any.
            known = self._rounded_marks[mark] = exact.numerator
        return known

    def _no_strangers(self, application: str, given: Mapping[str, object]) -> None:
        if len(given) != len(self._marked):
            code = min(given.keys() - self._marked)
            problem = "it is compared in pairs, and has no marks" if code in self._pairs else "the grid has no such criterion"
            raise MarksError(application, code, problem)

    def _measured(self, index: int, criterion: Criterion, found: Mapping[str, Found]) -> dict[str, Found]:
        """The same with the quantities of this formula become points."""
        against = yardstick(criterion, [parts[index] for parts in found.values()])
        quantities = {parts[index] for parts in found.values()}
        scores = {quantity: by_formula(criterion, quantity, against, self.roundings) for quantity in quantities}
        return {
            application: (*parts[:index], scores[parts[index]], *parts[index + 1 :]) for application, parts in found.items()
        }

    def _paired(self, index: int, criterion: Criterion, found: Mapping[str, Found]) -> Mapping[str, Found]:
        """The same with the tables of this criterion become points; as it is where the proposals are too few to compare."""
        tables, rules = self._pairs.get(criterion.code), criterion.pairwise
        if tables is None:
            if len(found) >= rules.fewest:
                raise PairsError(criterion.code, f"{len(found)} proposals are compared in pairs, and there are no tables")
            return found
        if len(found) < rules.fewest:
            raise PairsError(criterion.code, f"{len(found)} proposals are too few to be compared in pairs")
        if self._seats is not None and len(tables) != self._seats:
            raise PairsError(criterion.code, f"{len(tables)} tables, but {self._seats} members")
        if all(table is None for table in tables):
            raise PairsError(criterion.code, "nobody has a table")
        for number, table in enumerate(tables, start=1):
            if table is not None and (problem := fault_of_table(rules, table, found.keys())):
                raise PairsError(criterion.code, f"table {number}: {problem}")
        scores = by_pairs(criterion, tables, found.keys(), self.roundings)
        return {application: (*parts[:index], scores[application], *parts[index + 1 :]) for application, parts in found.items()}

    def _score(self, criteria: tuple[CriterionScore, ...]) -> Score:
        blocks = tuple(
            BlockScore(block.code, exact_sum([criteria[i].points for i in indices]))
            for block, indices in self._criteria_of_block
        )
        total = self._total([block.points for block in blocks])
        return Score(
            criteria=criteria,
            blocks=blocks,
            total=total,
            published_total=self._shown(total),
            below=tuple(missed_thresholds(self.grid, criteria, blocks, total)),
        )

    def _total(self, blocks: Sequence[Fraction]) -> Fraction:
        return self.roundings.apply(RoundingPoint.TOTAL, exact_sum(blocks))

    def _shown(self, total: Fraction) -> Decimal:
        return published(total, self.grid.published_digits, self.roundings.published_mode)

    # Rescaling

    def _rescaled(self, scores: dict[str, Score]) -> dict[str, Score]:
        part = {application: score for application, score in scores.items() if not score.below}
        fewest = 1 if self.grid.rescales_alone else 2
        if not self.grid.rescaling or len(part) < fewest:
            return scores
        steps: dict[Rescaling, Callable[[list[Score]], list[Score]]] = {
            Rescaling.CRITERION: self._criteria_rescaled,
            Rescaling.BLOCK: self._blocks_rescaled,
            Rescaling.TOTAL: self._totals_rescaled,
        }
        rescaled = [
            replace(
                score,
                criteria=tuple(replace(c, before=c.points) for c in score.criteria),
                blocks=tuple(replace(b, before=b.points) for b in score.blocks),
                before=score.total,
            )
            for score in part.values()
        ]
        for step in self.grid.rescaling:
            rescaled = steps[step](rescaled)
        return scores | dict(zip(part, rescaled, strict=True))

    def _criteria_rescaled(self, scores: list[Score]) -> list[Score]:
        factors = [
            factor(criterion.max_points, [score.criteria[index].points for score in scores])
            for index, criterion in enumerate(self.grid.criteria)
        ]
        return [
            self._added(
                replace(
                    score,
                    criteria=tuple(
                        replace(c, points=self.roundings.apply(RoundingPoint.PRODUCT, c.points * by))
                        for c, by in zip(score.criteria, factors, strict=True)
                    ),
                )
            )
            for score in scores
        ]

    def _added(self, score: Score) -> Score:
        """The same with its blocks and total added from its criteria again."""
        blocks = tuple(
            replace(block, points=exact_sum([score.criteria[i].points for i in indices]))
            for block, (_, indices) in zip(score.blocks, self._criteria_of_block, strict=True)
        )
        return self._with_blocks(score, blocks)

    def _blocks_rescaled(self, scores: list[Score]) -> list[Score]:
        factors = [
            factor(block.max_points, [score.blocks[index].points for score in scores])
            for index, block in enumerate(self.grid.blocks)
        ]
        return [
            self._with_blocks(
                score,
                tuple(replace(b, points=b.points * by) for b, by in zip(score.blocks, factors, strict=True)),
            )
            for score in scores
        ]

    def _with_blocks(self, score: Score, blocks: tuple[BlockScore, ...]) -> Score:
        total = self._total([block.points for block in blocks])
        return replace(score, blocks=blocks, total=total, published_total=self._shown(total))

    def _totals_rescaled(self, scores: list[Score]) -> list[Score]:
        by = factor(self.grid.max_points, [score.total for score in scores])
        totals = [self.roundings.apply(RoundingPoint.TOTAL, score.total * by) for score in scores]
        return [
            replace(score, total=total, published_total=self._shown(total)) for score, total in zip(scores, totals, strict=True)
        ]


def factor(maximum: Decimal, points: Sequence[Fraction]) -> Fraction:
    """What takes the best of ``points`` to ``maximum``. Where nobody has any, or there is no maximum to reach (a penalty),
    nothing changes."""
    best = max(points)
    return Fraction(maximum) / best if best > 0 and maximum > 0 else Fraction(1)


def exact_sum(values: Sequence[Fraction]) -> Fraction:
    """The sum of ``values`` over one common denominator: one reduction in all, instead of one for each addition."""
    pairs = [value.as_integer_ratio() for value in values]
    denominator = lcm(*(below for _, below in pairs))
    return Fraction(sum(above * (denominator // below) for above, below in pairs), denominator)


def missed_thresholds(
    grid: Grid, criteria: Sequence[CriterionScore], blocks: Sequence[BlockScore], total: Fraction
) -> Iterator[Missed]:
    """Every threshold of ``grid`` that these raw points do not reach; reaching it exactly is enough."""
    for criterion, on_criterion in zip(grid.criteria, criteria, strict=True):
        if criterion.threshold is not None and on_criterion.points < criterion.threshold:
            yield Missed(ThresholdOn.CRITERION, criterion.code, on_criterion.points, criterion.threshold)
    for block, on_block in zip(grid.blocks, blocks, strict=True):
        if block.threshold is not None and on_block.points < block.threshold:
            yield Missed(ThresholdOn.BLOCK, block.code, on_block.points, block.threshold)
    if grid.threshold is not None and total < grid.threshold:
        yield Missed(ThresholdOn.TOTAL, "", total, grid.threshold)


def _miscounted(application: str, criterion: Criterion, count: int, members: int) -> MarksError:
    if count > members:
        return MarksError(application, criterion.code, f"{count} marks, but {members} members")
    return MissingMarks(application, criterion.code, expected=members, found=count)


def _given(grid: Grid) -> Iterator[Decimal]:
    """What members may give, or the parts that it is made of: what a rounding leaves alone, it leaves alone always."""
    for level in grid.scale:
        yield level.coefficient
    for criterion in grid.criteria:
        for points in criterion.levels:
            yield points.points
        if criterion.type is CriterionType.POINTS:
            yield criterion.step if criterion.step is not None else Decimal(1) / UNIT
