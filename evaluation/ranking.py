"""From the scores of the proposals to one ranking that explains itself.

PURE: standard library only. The same scores give the same ranking, whatever the order in which they arrive and
whatever the proposals are called. Nothing but the call decides: the total, then the links of its tie chain in their
order. What is still equal stays equal and is shown as equal (positions 1, 2, 2, 4): never broken by order of arrival,
by a number or at random (a public draw decides only if the chain has one and its result is given; TAR Catania
1047/2024).

The figures that are compared, totals and links alike, are the exact ones or the published ones as ``grid.comparison``
says: with ``PUBLISHED``, two proposals whose published figures are equal are equal, as any reader would say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import takewhile

from bando.notice.grid import Comparison, Grid, TieStep, TieStepKind
from evaluation.rounding import Roundings, rounded
from evaluation.scoring import Missed, Score


class Outcome(StrEnum):
    SELECTED = "selected"
    WAITING = "waiting"
    TIE_PENDING = "tie_pending"
    """Tied across the last place: none of the tied is selected until the chain or a draw decides."""
    BELOW_THRESHOLD = "below_threshold"


class LinkKind(StrEnum):
    """What decided between two positions: the total, or one link of the tie chain."""

    TOTAL = "total"
    BLOCK = "block"
    CRITERION = "criterion"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Link:
    kind: LinkKind
    code: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a row and the proposals ``against`` it (all those at ``position``) are not equal: the first unequal figures.

    ``own`` and ``other`` are points; for a draw they are the turns at which the two were drawn, and the earlier wins.
    """

    link: Link
    position: int
    against: tuple[str, ...]
    own: Fraction
    other: Fraction


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a row stands where it stands.

    ``behind`` compares it with the position just above (``None`` for the first), ``ahead`` with the one just below
    (``None`` for the last above the threshold). ``places`` are the first and the last of the places that the row takes
    together with those tied with it, or contends for when the tie is pending; ``None`` when it takes none, or when the
    call sets no number of places. ``below`` are the thresholds missed.
    """

    behind: Decision | None
    ahead: Decision | None
    places: tuple[int, int] | None
    below: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """``position`` is ``None`` below the threshold; ``tied`` are all who share it, this row included, or empty."""

    application: str
    position: int | None
    outcome: Outcome
    score: Score
    tied: tuple[str, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Tie:
    position: int
    applications: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of one area, with the rules that it was made by.

    Rows run from the first to the last above the threshold, then those below it, by the same figures but without a
    position. Equal rows are listed by their application number: that order says nothing.
    ``unfilled`` places had no proposal above the threshold; ``contested`` ones wait for a tie across the last place.
    """

    grid: Grid
    places: int | None
    draw_order: tuple[str, ...] | None
    rows: tuple[Row, ...]
    ties: tuple[Tie, ...]
    unfilled: int
    contested: int


def rank(grid: Grid, scores: Mapping[str, Score], *, places: int | None, draw_order: Sequence[str] | None = None) -> Ranking:
    """Rank ``scores`` (application to score, all made with ``grid``) for one area.

    ``places=None`` admits everyone above the threshold, in order but without a number of places.
    ``draw_order`` is the result of a public draw, first drawn first. It decides a tie only if every tied proposal was
    drawn: a draw among two says nothing of three. Those who are not tied may appear in it without effect.

    Raises ``ValueError`` for a negative number of places, a draw that the chain does not have, or one that draws the
    same application twice.
    """
    if places is not None and places < 0:
        raise ValueError(f"{places} places")
    turns = _turns(grid, draw_order)
    figures = _Figures(grid)
    groups = _groups(figures, turns, {a: score for a, score in scores.items() if not score.below})
    below = _groups(figures, {}, {a: score for a, score in scores.items() if score.below})

    rows: list[Row] = []
    ties: list[Tie] = []
    contested = 0
    positions = [1]
    for group in groups:
        positions.append(positions[-1] + len(group.applications))
    for index, group in enumerate(groups):
        first, last = positions[index], positions[index + 1] - 1
        outcome = _outcome(first, last, places)
        taken = None
        if places is not None and outcome in (Outcome.SELECTED, Outcome.TIE_PENDING):
            taken = (first, min(last, places))
            if outcome is Outcome.TIE_PENDING:
                contested = places - first + 1
        tied = group.applications if last > first else ()
        if tied:
            ties.append(Tie(first, tied, outcome))
        explanation = Explanation(
            behind=figures.decision(group, groups[index - 1], positions[index - 1]) if index else None,
            ahead=figures.decision(group, groups[index + 1], last + 1) if index + 1 < len(groups) else None,
            places=taken,
            below=(),
        )
        rows.extend(Row(a, first, outcome, scores[a], tied, explanation) for a in group.applications)

    admitted = len(rows)
    for application in (a for group in below for a in group.applications):
        score = scores[application]
        explanation = Explanation(behind=None, ahead=None, places=None, below=score.below)
        rows.append(Row(application, None, Outcome.BELOW_THRESHOLD, score, (), explanation))

    return Ranking(
        grid=grid,
        places=places,
        draw_order=None if draw_order is None else tuple(draw_order),
        rows=tuple(rows),
        ties=tuple(ties),
        unfilled=0 if places is None else max(0, places - admitted),
        contested=contested,
    )


def _outcome(first: int, last: int, places: int | None) -> Outcome:
    """Of proposals that stand together at positions ``first`` to ``last``."""
    if places is None or last <= places:
        return Outcome.SELECTED
    return Outcome.TIE_PENDING if first <= places else Outcome.WAITING


@dataclass(frozen=True, slots=True)
class _Group:
    """Proposals that nothing separates: the same ``figures`` and, if a draw decided, alone at its ``turn``, from 1."""

    figures: tuple[Fraction, ...]
    applications: tuple[str, ...]
    turn: int = 0


class _Figures:
    """The figures that the call compares, in their order: the total, then each link of the chain before a draw."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._mode = Roundings(grid.rounding).published_mode
        before_draw = tuple(takewhile(lambda step: step.kind is not TieStepKind.DRAW, grid.tie_chain))
        self.links = (Link(LinkKind.TOTAL), *(Link(LinkKind(step.kind.value), step.code) for step in before_draw))
        self._places = tuple(self._place(step) for step in before_draw)

    def _place(self, step: TieStep) -> tuple[bool, int]:
        """Where a score keeps the figure of a link: in its blocks or not, and at which index."""
        of_block = step.kind is TieStepKind.BLOCK
        codes = [part.code for part in (self._grid.blocks if of_block else self._grid.criteria)]
        if step.code not in codes:
            raise ValueError(f"the tie chain names a {step.kind} that the grid does not have: {step.code!r}")
        return of_block, codes.index(step.code)

    def of(self, score: Score) -> tuple[Fraction, ...]:
        links = ((score.blocks if of_block else score.criteria)[index].points for of_block, index in self._places)
        exact = (score.total, *links)
        if self._grid.comparison is Comparison.EXACT:
            return exact
        return tuple(rounded(figure, self._grid.published_digits, self._mode) for figure in exact)

    def decision(self, own: _Group, other: _Group, position: int) -> Decision:
        """The first link at which the groups differ; groups that differ at none were separated by the draw."""
        for link, mine, theirs in zip(self.links, own.figures, other.figures, strict=True):
            if mine != theirs:
                return Decision(link, position, other.applications, mine, theirs)
        draw = Link(LinkKind.DRAW)
        return Decision(draw, position, other.applications, Fraction(own.turn), Fraction(other.turn))


def _turns(grid: Grid, draw_order: Sequence[str] | None) -> dict[str, int]:
    if draw_order is None:
        return {}
    if all(step.kind is not TieStepKind.DRAW for step in grid.tie_chain):
        raise ValueError("a draw was given, but the tie chain of the call has none")
    turns = {application: turn for turn, application in enumerate(draw_order, start=1)}
    if len(turns) != len(draw_order):
        raise ValueError("the same application was drawn twice")
    return turns


def _groups(figures: _Figures, turns: Mapping[str, int], scores: Mapping[str, Score]) -> list[_Group]:
    """The proposals from the best to the worst, those that nothing separates together."""
    alike: dict[tuple[Fraction, ...], list[str]] = {}
    for application, score in scores.items():
        alike.setdefault(figures.of(score), []).append(application)
    groups: list[_Group] = []
    for key in sorted(alike, reverse=True):
        applications = sorted(alike[key])
        if all(application in turns for application in applications):
            drawn = sorted(applications, key=turns.__getitem__)
            groups.extend(_Group(key, (application,), turns[application]) for application in drawn)
        else:
            groups.append(_Group(key, tuple(applications)))
    return groups
