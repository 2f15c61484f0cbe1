"""Which marks the invented commission gives, so that ties and thresholds are met on purpose.

PURE: standard library only. A *profile* is one choice for each criterion of the grid, the same from every member where a
case is forced, so that means and roundings leave it as it is. What a choice is worth is reckoned only to find profiles
that are equal or exactly at a threshold: the ranking is computed by the program that is rehearsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations, product
from random import Random

from bando.notice.grid import Composition, Criterion, Grid, TieStepKind

MOST_SUMS = 200_000
"""How many different sums are kept while a profile for a threshold is looked for."""


class Case(StrEnum):
    """What a proposal was given its marks for; ``code`` beside it names the link or the threshold."""

    ORDINARY = "ordinary"
    SAME = "same"
    """Equal to another in every mark: only a draw separates them."""
    SAME_AT_THE_EDGE = "same_at_the_edge"
    """Equal to another across the last place."""
    LINK = "link"
    """Equal to another in the total and in every link before this one of the chain."""
    AT_THRESHOLD = "at_threshold"
    UNDER_THRESHOLD = "under_threshold"


@dataclass(frozen=True, slots=True)
class Option:
    """``pick``: which of the values in the order of the act; or ``number``, for what is typed. ``points``: what it is worth
    before the members' judgments are put together."""

    points: Fraction
    pick: int | None = None
    number: Decimal | None = None


Offered = tuple[tuple[Option, ...], ...]
"""For each criterion of the grid, what may be given for it."""

Profile = tuple[int, ...]
"""For each criterion of the grid, the index of an option."""


@dataclass(frozen=True, slots=True)
class Given:
    """What each member gives to one proposal: for each member a profile."""

    case: Case
    code: str
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """``given``: by application, in the order in which they came. ``impossible``: what this grid does not allow to force:
    (case, code)."""

    options: Offered
    given: Mapping[str, Given]
    impossible: tuple[tuple[Case, str], ...]


def options(grid: Grid, criterion: Criterion, members: int = 1) -> tuple[Option, ...]:
    """What each of the ``members`` may give for a criterion, in the order of the act; never empty."""
    best = Fraction(criterion.max_points)
    if grid.composition is Composition.SUM and str(criterion.type) == "points":
        best /= members  # what the members give is added up
    match str(criterion.type):
        case "levels":
            return tuple(Option(Fraction(level.points), pick=n) for n, level in enumerate(criterion.levels))
        case "points":
            step = Fraction(criterion.step or 1)
            steps = int(best / step)
            chosen = sorted({steps * tenth // 10 for tenth in range(11)})
            return tuple(Option(n * step, number=_decimal(n * step)) for n in chosen)
        case "count":
            per_unit = Fraction(criterion.per_unit or 1)
            enough = -(-best // per_unit)
            return tuple(Option(min(n * per_unit, best), number=Decimal(n)) for n in range(int(min(enough, 20)) + 1))
        case "bands":
            return tuple(
                Option(Fraction(band.points), number=number)
                for band in criterion.bands
                if (number := _inside(band)) is not None
            ) or (Option(Fraction(0), number=Decimal(0)),)
        case "yes_no":
            return (Option(best, pick=0), Option(Fraction(0), pick=1))
        case "penalty":
            return (Option(-Fraction(criterion.penalty or 0), pick=0), Option(Fraction(0), pick=1))
        case "formula":
            # What it is worth depends on the other proposals: the more the better is all that is needed here.
            return tuple(Option(best * n / 5, number=Decimal(n * 10)) for n in range(1, 6))
    if not grid.scale:
        return (Option(Fraction(0), number=Decimal(0)),)
    return tuple(Option(Fraction(level.coefficient) * best, pick=n) for n, level in enumerate(grid.scale))


def plan(grid: Grid, applications: Sequence[str], *, members: int, places: int | None, seed: int) -> Plan:
    """Marks for every application of an area. With few proposals the first cases that fit are forced, ties first."""
    chance = Random(seed)  # noqa: S311 - no secret
    offered = tuple(options(grid, criterion, members) for criterion in grid.criteria)
    forced, impossible = _forced(grid, offered, chance)
    room = len(applications) * 2 // 3
    chosen: list[tuple[Case, str, Profile]] = []
    for group in forced:  # a pair is one group: half of a tie would be none
        if len(chosen) + len(group) <= room:
            chosen += group
    ordinary = [_ordinary(offered, chance) for _rest in applications[len(chosen) :]]
    given: dict[str, Given] = {}
    order = list(applications)
    chance.shuffle(order)
    for application, (case, code, profile) in zip(order, chosen, strict=False):
        given[application] = Given(case, code, (profile,) * members)
    facts = frozenset(n for n, criterion in enumerate(grid.criteria) if not criterion.is_judged)
    for application, profile in zip(order[len(chosen) :], ordinary, strict=True):
        seen = tuple(_seen_by(member, profile, offered, facts, chance) for member in range(members))
        given[application] = Given(Case.ORDINARY, "", seen)
    if places:
        _tie_the_last_place(grid, offered, given, places)
    return Plan(offered, given, tuple(impossible))


def _forced(
    grid: Grid, offered: Offered, chance: Random
) -> tuple[list[list[tuple[Case, str, Profile]]], list[tuple[Case, str]]]:
    found: list[list[tuple[Case, str, Profile]]] = []
    impossible: list[tuple[Case, str]] = []
    good = next(
        (p for _try in range(200) if not _misses(grid, offered, p := _ordinary(offered, chance))), _near(offered, Fraction(1))
    )
    found.append([(Case.SAME, "", good)] * 2)
    for place, step in enumerate(grid.tie_chain):
        if step.kind is TieStepKind.DRAW:
            continue
        code = f"{step.kind}:{step.code}"
        pair = _pair(grid, offered, place, chance)
        if pair:
            found.append([(Case.LINK, code, pair[0]), (Case.LINK, code, pair[1])])
        else:
            impossible.append((Case.LINK, code))
    for code, threshold, indexes in _thresholds(grid):
        for case in (Case.AT_THRESHOLD, Case.UNDER_THRESHOLD):
            profile = _reaching(grid, offered, indexes, threshold, chance, exactly=case is Case.AT_THRESHOLD)
            if profile is None:
                impossible.append((case, code))
            else:
                found.append([(case, code, profile)])
    return found, impossible


def is_reckoned(grid: Grid) -> bool:
    """Whether what a profile is worth can be said beforehand: a formula and a comparison in pairs look at the other proposals."""
    return all(str(criterion.type) not in ("formula", "pairwise") for criterion in grid.criteria)


def has_threshold(grid: Grid) -> bool:
    return bool(_thresholds(grid))


def _thresholds(grid: Grid) -> list[tuple[str, Fraction, list[int]]]:
    """Each threshold with the criteria that it counts."""
    every = list(range(len(grid.criteria)))
    found = [] if grid.threshold is None else [("total", Fraction(grid.threshold), every)]
    for block in grid.blocks:
        if block.threshold is not None:
            inside = [n for n in every if grid.criteria[n].block == block.code]
            found.append((f"block:{block.code}", Fraction(block.threshold), inside))
    for n, criterion in enumerate(grid.criteria):
        if criterion.threshold is not None:
            found.append((f"criterion:{criterion.code}", Fraction(criterion.threshold), [n]))
    return found


def _reaching(
    grid: Grid, offered: Offered, indexes: list[int], threshold: Fraction, chance: Random, *, exactly: bool
) -> Profile | None:
    """A profile whose criteria ``indexes`` add up to the threshold, or to little less, and that misses no other one.

    What other thresholds look at is fixed first, by chance and above them; the rest is added up in every way."""
    best = [max(range(len(of)), key=lambda n, of=of: of[n].points) for of in offered]
    others = [(value, inside) for _code, value, inside in _thresholds(grid) if inside != indexes and set(inside) < set(indexes)]
    nearest: tuple[Fraction, Profile] | None = None
    for _attempt in range(60 if others else 1):
        profile, fixed = list(best), set()
        for _value, inside in others:
            for index in inside:
                profile[index] = chance.randrange(len(offered[index]))
            fixed |= set(inside)
        if any(_sum(offered, tuple(profile), inside) < value for value, inside in others):
            continue
        rest = [index for index in indexes if index not in fixed]
        wanted = threshold - _sum(offered, tuple(profile), sorted(fixed & set(indexes)))
        value, picks = _adding_up(offered, rest, wanted, under=not exactly)
        if picks is None:
            continue
        for index, n in zip(rest, picks, strict=True):
            profile[index] = n
        made = tuple(profile)
        if _misses(grid, offered, made) != (set() if exactly else {tuple(indexes)}):
            continue
        if exactly:
            return made
        gap = wanted - value
        nearest = min(nearest, (gap, made)) if nearest else (gap, made)
    return nearest[1] if nearest else None


def _adding_up(
    offered: Offered, indexes: list[int], wanted: Fraction, *, under: bool
) -> tuple[Fraction, tuple[int, ...] | None]:
    """Options of the criteria ``indexes`` that add up to ``wanted``, or to the most below it."""
    sums: dict[Fraction, tuple[int, ...]] = {Fraction(0): ()}
    for index in indexes:
        grown: dict[Fraction, tuple[int, ...]] = {}
        for (so_far, picks), (n, option) in product(sums.items(), enumerate(offered[index])):
            if so_far + option.points <= wanted:
                grown.setdefault(so_far + option.points, (*picks, n))
        sums = grown if len(grown) <= MOST_SUMS else dict(sorted(grown.items())[-MOST_SUMS:])
    fitting = [value for value in sums if (value < wanted if under else value == wanted)]
    return (max(fitting), sums[max(fitting)]) if fitting else (Fraction(0), None)


def _misses(grid: Grid, offered: Offered, profile: Profile) -> set[tuple[int, ...]]:
    return {
        tuple(indexes)
        for _code, threshold, indexes in _thresholds(grid)
        if sum((offered[n][profile[n]].points for n in indexes), Fraction(0)) < threshold
    }


def _pair(grid: Grid, offered: Offered, place: int, chance: Random) -> tuple[Profile, Profile] | None:
    """Two profiles with the same total and the same links before ``place``, and different ones there, both above every
    threshold. Up to four criteria move against each other, from several beginnings."""
    steps = [_counted(grid, step.kind, step.code) for step in grid.tie_chain[: place + 1]]
    starts = [_near(offered, share) for share in (Fraction(3, 4), Fraction(9, 10), Fraction(13, 20))]
    starts += [_ordinary(offered, chance) for _try in range(40)]
    for start in starts:
        if _misses(grid, offered, start):
            continue
        for moved in _of_equal_total(offered, start, chance):
            differs = [_sum(offered, start, counted) != _sum(offered, moved, counted) for counted in steps]
            if differs[-1] and not any(differs[:-1]) and not _misses(grid, offered, moved):
                return start, moved
    return None


def _of_equal_total(offered: Offered, start: Profile, chance: Random) -> Iterator[Profile]:
    """Profiles with the total of ``start``: one or two criteria give what one or two others lose."""
    single = [
        (option.points - of[start[index]].points, ((index, n),))
        for index, of in enumerate(offered)
        for n, option in enumerate(of)
        if n != start[index]
    ]
    double = [
        (a[0] + b[0], (*a[1], *b[1])) for a, b in combinations(single, 2) if a[1][0][0] != b[1][0][0] and len(single) < 150
    ]
    chance.shuffle(double)
    moves: dict[Fraction, list[tuple[tuple[int, int], ...]]] = {}
    for delta, changes in [*single, *double[:4000]]:
        moves.setdefault(delta, []).append(changes)
    for delta, ups in moves.items():
        for up, down in product(ups[:40], moves.get(-delta, [])[:40] if delta >= 0 else []):
            if not {index for index, _n in up} & {index for index, _n in down}:
                moved = list(start)
                for index, n in (*up, *down):
                    moved[index] = n
                yield tuple(moved)


def _counted(grid: Grid, kind: TieStepKind, code: str) -> list[int]:
    """The criteria that a link of the chain looks at."""
    of_block = kind is TieStepKind.BLOCK
    return [n for n, c in enumerate(grid.criteria) if (c.block if of_block else c.code) == code]


def _sum(offered: Offered, profile: Profile, indexes: Sequence[int]) -> Fraction:
    return sum((offered[n][profile[n]].points for n in indexes), Fraction(0))


def _near(offered: Offered, share: Fraction) -> Profile:
    """For each criterion the option nearest to this share of its best one."""
    return tuple(
        min(range(len(of)), key=lambda n, of=of: (abs(of[n].points - share * max(o.points for o in of)), n)) for of in offered
    )


def _ordinary(offered: Offered, chance: Random) -> Profile:
    """A quality for the whole, and a little better or worse criterion by criterion."""
    quality, profile = Fraction(chance.randrange(35, 100), 100), []
    for of in offered:
        wanted = (quality + Fraction(chance.randrange(-20, 21), 100)) * max(option.points for option in of)
        profile.append(min(range(len(of)), key=lambda n, of=of, wanted=wanted: (abs(of[n].points - wanted), n)))
    return tuple(profile)


def _seen_by(member: int, profile: Profile, offered: Offered, facts: frozenset[int], chance: Random) -> Profile:
    """The second member is hard on everybody; the others differ now and then. A fact is the same for all."""
    seen = []
    for index, (of, n) in enumerate(zip(offered, profile, strict=True)):
        if index in facts:
            seen.append(n)
            continue
        by_worth = sorted(range(len(of)), key=lambda place, of=of: of[place].points)
        rank = by_worth.index(n)
        rank += -1 if member == 1 else chance.choice((0, 0, 0, 1, -1))
        seen.append(by_worth[min(max(rank, 0), len(of) - 1)])
    return tuple(seen)


def _tie_the_last_place(grid: Grid, offered: Offered, given: dict[str, Given], places: int) -> None:
    """Whoever would come first after the last place gets the marks of whoever holds it."""
    every, worth = range(len(offered)), {}
    for application, of in given.items():
        missed = (
            sum((_sum(offered, profile, indexes) for profile in of.profiles), Fraction(0)) < threshold * len(of.profiles)
            for _code, threshold, indexes in _thresholds(grid)
        )
        if not any(missed):
            worth[application] = sum((_sum(offered, profile, every) for profile in of.profiles), Fraction(0))
    ranked = sorted(worth, key=lambda application: (-worth[application], application))
    if len(ranked) <= places:
        return
    last = ranked[places - 1]
    # What is forced stays as it is: an ordinary one moves to it, the first that comes after.
    below = (application for application in ranked[places:] if given[application].case is Case.ORDINARY)
    moved = next(below, None)
    if moved is not None:
        given[moved] = Given(Case.SAME_AT_THE_EDGE, "", given[last].profiles)
        if given[last].case is Case.ORDINARY:
            given[last] = given[moved]


def _inside(band: object) -> Decimal | None:
    """A quantity that the band holds."""
    ends = [getattr(band, name) for name in ("at_least", "at_most", "more_than", "less_than")]
    known = [end for end in ends if end is not None]
    for end in known or [Decimal(0)]:
        for candidate in (end, end + 1, end - 1, end + Decimal("0.5"), end - Decimal("0.5")):
            if candidate >= 0 and band.holds(candidate):  # type: ignore[attr-defined]
                return candidate
    return None


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
