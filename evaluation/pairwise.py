"""Comparison in pairs: from the preferences of the members to the coefficient of each proposal, exactly.

PURE: standard library only. Each member fills one table: every two proposals of the area once, either no preference (a
point to both) or the better one with a degree from 2, least, to 6, greatest (D.P.R. 554/1999, annex A; D.P.R. 207/2010,
annex G). What the call chooses between is how tables become coefficients:

* ``sum``: the points of all the members are added, and the greatest sum becomes 1;
* ``mean``: in each table the greatest points become 1; the mean of these coefficients over the members is taken, and
  the greatest mean becomes 1.

The third variant of those texts, the principal eigenvector, is left out: see ``docs/decisions.md``.

A member in conflict with one of the proposals has no table (``None``): one with holes would take points from whoever is
in the holes. Preferences are judgments of two: they need not be transitive, and nothing here asks it of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from bando.notice.grid import Criterion, Pairwise, PairwiseVariant, RoundingPoint
from evaluation.methods import UNIT, CriterionScore
from evaluation.rounding import Roundings

PARITY, LEAST, GREATEST = UNIT, 2 * UNIT, 6 * UNIT
"""Degrees, in ten-thousandths."""


class Pair(NamedTuple):
    """One cell: ``preferred`` is better than ``other`` by ``units``, the degree in ten-thousandths; ``PARITY`` says that
    neither is, and then which of the two is called preferred means nothing."""

    preferred: str
    other: str
    units: int


Table = Sequence[Pair]
"""The cells of one member, in any order."""


def fault(rules: Pairwise, table: Table, applications: Collection[str]) -> str | None:
    """Why ``table`` does not compare each two of ``applications`` once, or ``None``."""
    step = UNIT // 2 if rules.halves else UNIT
    compared: set[tuple[str, str]] = set()
    for pair in table:
        first, second = cell = min(pair[:2]), max(pair[:2])
        if strangers := {first, second} - set(applications):
            return f"{min(strangers)} is not among the proposals"
        if first == second:
            return f"{first} is compared with itself"
        if cell in compared:
            return f"{first} and {second} are compared twice"
        if pair.units != PARITY and (not LEAST <= pair.units <= GREATEST or pair.units % step):
            return f"{Fraction(pair.units, UNIT)} between {first} and {second} is not a degree"
        compared.add(cell)
    lacking = set(combinations(sorted(applications), 2)) - compared
    if lacking:
        first, second = min(lacking)
        return f"{first} and {second} are not compared"
    return None


def points(table: Table, applications: Collection[str]) -> dict[str, Fraction]:
    """What one table gives to each of ``applications``; whoever is never preferred has 0."""
    units = dict.fromkeys(applications, 0)
    for pair in table:
        units[pair.preferred] += pair.units
        if pair.units == PARITY:
            units[pair.other] += PARITY
    return {application: Fraction(given, UNIT) for application, given in units.items()}


def by_pairs(
    criterion: Criterion, tables: Sequence[Table | None], applications: Collection[str], roundings: Roundings
) -> dict[str, CriterionScore]:
    """The score of each of ``applications`` from one table, or ``None``, for each member; at least one is a table.

    ``found`` is the sum of a proposal's points or the mean of its coefficients, as the variant of the call says, and
    ``counted`` that by the greatest of all, rounded where the call rounds the mean.
    """
    given = [None if table is None else points(table, applications) for table in tables]
    compared = [table for table in given if table is not None]
    match criterion.pairwise.variant:
        case PairwiseVariant.SUM:
            found = _sums(compared, applications)
        case PairwiseVariant.MEAN:
            sums = _sums([_to_one(table) for table in compared], applications)
            found = {application: total / len(compared) for application, total in sums.items()}
    scores = {}
    for application, coefficient in _to_one(found).items():
        counted = roundings.apply(RoundingPoint.MEAN, coefficient)
        scores[application] = CriterionScore(
            criterion.code,
            found[application],
            counted,
            roundings.apply(RoundingPoint.PRODUCT, counted * Fraction(criterion.max_points)),
            given=tuple(None if table is None else table[application] for table in given),
        )
    return scores


def _sums(tables: Sequence[Mapping[str, Fraction]], applications: Collection[str]) -> dict[str, Fraction]:
    return {application: sum((table[application] for table in tables), Fraction(0)) for application in applications}


def _to_one(figures: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """By the greatest, which becomes 1. It is 0 only where nobody is compared with anybody: then nobody has anything."""
    greatest = max(figures.values(), default=Fraction(0))
    return {application: figure / greatest if greatest else Fraction(0) for application, figure in figures.items()}
