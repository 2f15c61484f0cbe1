"""The marks of all the members side by side, once they have all concluded: for discussing what they disagree on.

Nothing is decided or changed here. Whoever reads gets the proposals of which they may read and nothing of the others: not
in the numbers either, because the spread among the proposals is that of the proposals shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from accounts.models import User
from applications.models import Application
from bando.models import Call
from bando.notice.grid import Criterion, Grid
from evaluation.agreement import Disagreement, Spread, disagreements, most_discordant
from evaluation.asked import asked_grid
from evaluation.methods import CriterionScore, given_by
from evaluation.models import Comparison, Mark, Member, Preference, Sheet
from evaluation.pairwise import Pair, by_pairs
from evaluation.progress import Progress, seats_of
from evaluation.publication import TOGETHER, title_of, who_marked
from evaluation.rounding import Roundings
from evaluation.scoring import MarksError, Scorer
from evaluation.states import ComparisonState, SheetState


@dataclass(frozen=True, slots=True)
class Given:
    """What one member gave on one criterion, ``None`` where they gave nothing: the mark in ten-thousandths, or, compared in
    pairs, only the ``points`` of their table."""

    units: int | None
    points: Fraction | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ComposedCriterion:
    """A criterion of one proposal: what each member gave, their ``spread``, and the points that it comes to, ``None`` where
    those depend on the other proposals or the members found different facts."""

    criterion: Criterion
    given: list[Given]
    spread: Spread | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A proposal whose sheets are all concluded."""

    application: Application
    title: str
    disagreement: Disagreement | None


class Composition:
    """The composition of an area as ``user`` may read it; the official, once the evaluation is closed, reads all of it."""

    def __init__(self, call: Call, area_code: str, progress: Progress, *, user: User) -> None:
        self.call, self.area_code, self.progress = call, area_code, progress
        self.grid: Grid = asked_grid(call, area_code)
        self.members: list[Member] = who_marked(call, area_code) if progress.is_closed else progress.members
        hidden = progress.hidden_from(user)
        self._all_shown = not hidden
        self.shown = [pk for pk in progress.proposals if pk not in hidden and (progress.is_closed or progress.is_marked(pk))]
        self.waiting = len([pk for pk in progress.proposals if pk not in hidden]) - len(self.shown)
        if progress.together:
            self.labels = list(TOGETHER)
            self._place: dict[int | None, int] = {None: 0}
        else:
            self.labels = [str(member.user) for member in self.members]
            self._place = {member.pk: index for index, member in enumerate(self.members)}

    @cached_property
    def proposals(self) -> list[Composed]:
        """Those on which the members are furthest apart first."""
        rows = Application.objects.filter(pk__in=self.shown).select_related("organisation", "current").order_by("number")
        by_number = {row.number or "": row for row in rows}
        given = {number: points for number, row in by_number.items() if (points := self._points(row.pk))}
        found = disagreements(given)
        order = [*most_discordant(found), *(number for number in by_number if number not in found)]
        return [
            Composed(by_number[number], title_of(self.call.notice, by_number[number]), found.get(number)) for number in order
        ]

    def criteria_of(self, composed: Composed) -> list[ComposedCriterion]:
        """The proposal criterion by criterion, in the order of the call, with the reasons."""
        pk, number = composed.application.pk, composed.application.number or ""
        reasons = {
            (member, code): reason
            for member, code, reason in self._marks_of(pk).values_list("sheet__member", "criterion", "reason")
        }
        scores, found = self._scores(pk, number), []
        for criterion in self.call.notice.grid_for(self.area_code).criteria:
            if criterion in self.progress.compared:
                if self.compares:
                    score = self._compared[criterion.code][pk]
                    given = [Given(None, points) for points in score.given]
                    found.append(ComposedCriterion(criterion, given, None, score.points))
                continue
            asked = next(c for c in self.grid.criteria if c.code == criterion.code)
            marks = self._units[pk].get(criterion.code, {})
            given = [
                Given(marks[member], given_by(asked, marks[member]), reasons.get((member, criterion.code), ""))
                if member in marks
                else Given(None, None)
                for member in self._place
            ]
            spread = composed.disagreement.criteria.get(criterion.code) if composed.disagreement else None
            found.append(ComposedCriterion(asked, given, spread, scores.get(criterion.code)))
        return found

    @cached_property
    def compares(self) -> bool:
        """Whether the tables of pairs may be read: they are all concluded, and no proposal is hidden, since each table says
        something of all of them."""
        progress = self.progress
        return bool(progress.compared) and self._all_shown and not progress.comparing and bool(progress.who_compares)

    # Reading

    def _marks_of(self, *pks: Any) -> Any:
        sheets = Sheet.objects.filter(state=SheetState.FINAL, application__in=pks)
        by = {"member": None} if self.progress.together else {"member__in": self.members}
        return Mark.objects.filter(sheet__in=sheets.filter(**by)).order_by()

    @cached_property
    def _units(self) -> dict[Any, dict[str, dict[int | None, int]]]:
        """Application to criterion to member to their mark."""
        codes = {criterion.code for criterion in self.grid.criteria}
        found: dict[Any, dict[str, dict[int | None, int]]] = defaultdict(lambda: defaultdict(dict))
        rows = self._marks_of(*self.shown).filter(units__isnull=False)
        fields = ("sheet__application", "criterion", "sheet__member", "units")
        for application, criterion, member, units in rows.values_list(*fields).iterator():
            if criterion in codes:
                found[application][criterion][member] = units
        return found

    def _points(self, pk: Any) -> dict[str, list[Fraction]]:
        """Criterion to the points of each member who marked the proposal, of the criteria that have points by themselves."""
        found = {}
        for criterion in self.grid.criteria:
            marks = self._units[pk].get(criterion.code, {})
            points = [given_by(criterion, marks[member]) for member in self._place if member in marks]
            if points and all(value is not None for value in points):
                found[criterion.code] = [value for value in points if value is not None]
        return found

    def _scores(self, pk: Any, number: str) -> dict[str, Fraction]:
        """The points that count of each criterion that does not depend on the other proposals."""
        marks = {code: list(given.values()) for code, given in self._units[pk].items()}
        scorer = Scorer(self.grid, seats=seats_of(self.call.commission, self.grid))
        try:
            found = scorer.found(number, marks, members=len(next(iter(marks.values()), [])))
        except MarksError:  # different facts: what they are stands against the closing
            return {}
        return {score.code: score.points for score in found if isinstance(score, CriterionScore)}

    @cached_property
    def _compared(self) -> Mapping[str, Mapping[Any, CriterionScore]]:
        """Criterion to application to what the tables of pairs come to."""
        found = {}
        for criterion in self.progress.compared:
            tables = Comparison.objects.filter(
                member__in=self.members, area_code=self.area_code, criterion=criterion.code, state=ComparisonState.FINAL
            )
            cells: dict[int, list[Pair]] = defaultdict(list)
            proposals = self.progress.proposals
            rows = Preference.objects.filter(comparison__in=tables, first__in=proposals, second__in=proposals)
            for member, first, second, prefers, units in rows.values_list(
                "comparison__member", "first", "second", "prefers", "units"
            ):
                better = (second, first) if prefers == Preference.Prefers.SECOND else (first, second)
                cells[member].append(Pair(*better, units))
            given = [cells.get(member.pk) for member in self.members]
            found[criterion.code] = by_pairs(criterion, given, proposals, Roundings(self.grid.rounding))
        return found
