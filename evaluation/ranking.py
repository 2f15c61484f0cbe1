"""From the scores of the proposals to one ranking that explains itself.

PURE: standard library only. The same scores give the same ranking, whatever the order in which they arrive and
whatever the proposals are called. Nothing but the call decides: the total, then the links of its tie chain in their
order. What is still equal stays equal and is shown as equal (positions 1, 2, 2, 4): never broken by order of arrival,
by a number or at random (a public draw decides only if the chain has one and its result is given; TAR Catania
1047/2024).

The figures that are compared, totals and links alike, are the exact ones or the published ones as ``grid.comparison``
says: with ``PUBLISHED``, two proposals whose published figures are equal are equal, as any reader would say.

An area with lots has a ranking for each, made in the same way: what was scored together is ordered apart. A proposal that
fell out after it was scored keeps its marks, because others may have been measured against it, and takes no place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    EXCLUDED = "excluded"
    RENOUNCED = "renounced"
    FORFEITED = "forfeited"


FELL_OUT = frozenset({Outcome.EXCLUDED, Outcome.RENOUNCED, Outcome.FORFEITED})
"""Outcomes of a proposal that is not ranked any more."""


@dataclass(frozen=True, slots=True)
class Out:
    """Why a proposal that was scored is not ranked: one of ``FELL_OUT``, and the reason in the words of the act."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LotPlaces:
    """A lot of the area; ``places`` and ``vacated`` as in :func:`rank`. Nothing is made of ``title``."""

    code: str
    places: int | None
    vacated: int = 0
    title: str = ""


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
    (``None`` for the last above the threshold), both ``None`` for who has no position. ``places`` are the first and the last
    of the places that the row takes together with those tied with it, or contends for when the tie is pending; ``None`` when
    it takes none, or when the call sets no number of places. ``below`` are the thresholds missed, also of who fell out.
    """

    behind: Decision | None
    ahead: Decision | None
    places: tuple[int, int] | None
    below: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """``position`` is ``None`` below the threshold and for who fell out; ``tied`` are all who share it, this row included, or
    empty; ``lot`` is empty in an area without lots."""

    application: str
    position: int | None
    outcome: Outcome
    score: Score
    tied: tuple[str, ...]
    explanation: Explanation
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    position: int
    applications: tuple[str, ...]
    outcome: Outcome
    lot: str = ""


@dataclass(frozen=True, slots=True)
class RankedLot:
    """What became of the places of one lot: the fields are those of :class:`Ranking`."""

    code: str
    title: str
    places: int | None
    vacated: int
    unfilled: int
    contested: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranking of one area, with the rules that it was made by.

    Rows run from the first to the last above the threshold, then those below it and those that fell out, by the same
    figures but without a position; with ``lots``, so for each lot in its turn. Equal rows are listed by their application
    number: that order says nothing.

    ``places`` are all those of the call, ``vacated`` those of them that became free and are not given again; ``unfilled``
    ones had no proposal above the threshold; ``contested`` ones wait for a tie across the last place. With lots, each is
    the sum over the lots, and ``places`` is ``None`` if that of any lot is.
    """

    grid: Grid
    places: int | None
    vacated: int
    draws: tuple[tuple[str, ...], ...]
    out: Mapping[str, Out]
    lots: tuple[RankedLot, ...]
    rows: tuple[Row, ...]
    ties: tuple[Tie, ...]
    unfilled: int
    contested: int


def rank(
    grid: Grid,
    scores: Mapping[str, Score],
    *,
    places: int | None,
    draws: Sequence[Sequence[str]] = (),
    out: Mapping[str, Out] | None = None,
    vacated: int = 0,
    lots: Sequence[LotPlaces] | None = None,
    lot_of: Mapping[str, str] | None = None,
) -> Ranking:
    """Rank ``scores`` (application to score, all made with ``grid``) for one area.

    ``places=None`` admits everyone above the threshold, in order but without a number of places. ``vacated`` of them
    became free and are not given again: nobody takes those (without a number of places there is nothing to take away).
    ``draws`` are the results of the public draws in the order in which they were made, each with the first drawn first. A draw
    decides a tie only if every tied proposal was drawn in it: one among two says nothing of three. Of several that could decide
    the last does, so that who leaves afterwards turns nobody else round. Those who are not tied may appear without effect.
    ``out`` holds the proposals of ``scores`` that fell out.
    ``lots`` divide the area, and ``lot_of`` says to which each application belongs; then ``places`` and ``vacated`` are those
    of the lots, and their own arguments are ``None`` and 0.

    Raises ``ValueError`` for a negative number of places, more vacated than there are, a draw that the chain does not have,
    or one that draws the same application twice, a proposal that fell out of nowhere, or one of no lot.
    """
    out = dict(sorted((out or {}).items()))
    if strangers := out.keys() - scores.keys():
        raise ValueError(f"{min(strangers)} fell out and was never scored")
    if wrong := {str(left.outcome) for left in out.values()} - FELL_OUT:
        raise ValueError(f"nobody falls out as {min(wrong)}")
    turns = [_turns(grid, order) for order in reversed(draws)]
    figures = _Figures(grid)
    rows: list[Row] = []
    ties: list[Tie] = []
    ranked: list[RankedLot] = []
    for lot, within in _lots(scores, places, vacated, lots, lot_of):
        lot_rows, lot_ties, counted = _rank_lot(figures, turns, lot, within, out)
        rows += lot_rows
        ties += lot_ties
        ranked.append(counted)
    numbers = [lot.places for lot in ranked if lot.places is not None]
    return Ranking(
        grid=grid,
        places=sum(numbers) if len(numbers) == len(ranked) else None,
        vacated=sum(lot.vacated for lot in ranked),
        draws=tuple(map(tuple, draws)),
        out=out,
        lots=tuple(ranked) if lots else (),
        rows=tuple(rows),
        ties=tuple(ties),
        unfilled=sum(lot.unfilled for lot in ranked),
        contested=sum(lot.contested for lot in ranked),
    )


def _lots(
    scores: Mapping[str, Score],
    places: int | None,
    vacated: int,
    lots: Sequence[LotPlaces] | None,
    lot_of: Mapping[str, str] | None,
) -> Iterator[tuple[LotPlaces, Mapping[str, Score]]]:
    """Each lot with its scores; an area without lots is one lot that has no code."""
    if not lots:
        yield LotPlaces("", places, vacated), scores
        return
    if places is not None or vacated:
        raise ValueError("the places of an area with lots are those of its lots")
    of_lot: dict[str, dict[str, Score]] = {lot.code: {} for lot in lots}
    if len(of_lot) != len(lots):
        raise ValueError("two lots have the same code")
    for application, score in scores.items():
        code = (lot_of or {}).get(application)
        if code not in of_lot:
            raise ValueError(f"{application} belongs to no lot of the area")
        of_lot[code][application] = score
    for lot in lots:
        yield lot, of_lot[lot.code]


def _rank_lot(
    figures: _Figures, turns: Sequence[Mapping[str, int]], lot: LotPlaces, scores: Mapping[str, Score], out: Mapping[str, Out]
) -> tuple[list[Row], list[Tie], RankedLot]:
    """The rows, the ties and the places of one lot."""
    places = _to_give(lot)
    staying = {a: score for a, score in scores.items() if a not in out}
    groups = _groups(figures, turns, {a: score for a, score in staying.items() if not score.below})
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
            ties.append(Tie(first, tied, outcome, lot.code))
        explanation = Explanation(
            behind=figures.decision(group, groups[index - 1], positions[index - 1]) if index else None,
            ahead=figures.decision(group, groups[index + 1], last + 1) if index + 1 < len(groups) else None,
            places=taken,
            below=(),
        )
        rows.extend(Row(a, first, outcome, scores[a], tied, explanation, lot.code) for a in group.applications)

    admitted = len(rows)
    below = {a: score for a, score in staying.items() if score.below}
    fallen = {a: score for a, score in scores.items() if a in out}
    for application in (a for part in (below, fallen) for group in _groups(figures, (), part) for a in group.applications):
        score = scores[application]
        outcome = Outcome(out[application].outcome) if application in out else Outcome.BELOW_THRESHOLD
        explanation = Explanation(behind=None, ahead=None, places=None, below=score.below)
        rows.append(Row(application, None, outcome, score, (), explanation, lot.code))

    unfilled = 0 if places is None else max(0, places - admitted)
    return rows, ties, RankedLot(lot.code, lot.title, lot.places, lot.vacated, unfilled, contested)


def _to_give(lot: LotPlaces) -> int | None:
    """The places that are not vacated; ``None`` where there is no number of them."""
    if lot.places is not None and lot.places < 0:
        raise ValueError(f"{lot.places} places")
    if lot.vacated < 0 or (lot.places is not None and lot.vacated > lot.places):
        raise ValueError(f"{lot.vacated} places vacated of {lot.places}")
    return None if lot.places is None else lot.places - lot.vacated


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


def _turns(grid: Grid, order: Sequence[str]) -> dict[str, int]:
    if all(step.kind is not TieStepKind.DRAW for step in grid.tie_chain):
        raise ValueError("a draw was given, but the tie chain of the call has none")
    turns = {application: turn for turn, application in enumerate(order, start=1)}
    if len(turns) != len(order):
        raise ValueError("the same application was drawn twice")
    return turns


def _groups(figures: _Figures, turns: Sequence[Mapping[str, int]], scores: Mapping[str, Score]) -> list[_Group]:
    """The proposals from the best to the worst, those that nothing separates together; the first of ``turns`` that has all of
    those that are equal decides between them."""
    alike: dict[tuple[Fraction, ...], list[str]] = {}
    for application, score in scores.items():
        alike.setdefault(figures.of(score), []).append(application)
    groups: list[_Group] = []
    for key in sorted(alike, reverse=True):
        applications = sorted(alike[key])
        turn = next((turn for turn in turns if turn.keys() >= set(applications)), None)
        if turn is None:
            groups.append(_Group(key, tuple(applications)))
        else:
            groups.extend(
                _Group(key, (application,), turn[application]) for application in sorted(applications, key=turn.__getitem__)
            )
    return groups
