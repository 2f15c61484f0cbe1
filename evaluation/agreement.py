"""How far the members of a commission are from each other, proposal by proposal.

PURE: standard library only. A spread is large or small only beside another: the members' totals on one proposal are
compared with the totals of the proposals among themselves ("Peer review of grant applications: a simple method to
identify proposals with discordant reviews", PLoS ONE). Both are variances, so no root is needed and nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEWEST_PROPOSALS = 3
"""With two proposals their distance says nothing of a usual distance."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one proposal: the lowest, the mean and the highest of what its members gave; how far they are from each other
    (``within``) and how far the means of the proposals are (``between``), both variances; and whether members are further
    apart on it than the proposals are among themselves."""

    lowest: Fraction
    mean: Fraction
    highest: Fraction
    within: Fraction
    between: Fraction
    discordant: bool

    @property
    def gap(self) -> Fraction:
        return self.highest - self.lowest

    @property
    def ratio(self) -> Fraction | None:
        """How many times the spread of the proposals that of the members is; ``None`` where the proposals have none."""
        return self.within / self.between if self.between else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Of one proposal: the spread of the totals, and of each criterion that its members marked."""

    total: Spread
    criteria: dict[str, Spread]

    @property
    def discordant(self) -> list[str]:
        """The criteria worth discussing, in the order of the grid."""
        return [code for code, spread in self.criteria.items() if spread.discordant]


def variance(values: Sequence[Fraction]) -> Fraction:
    """The sample variance; 0 for fewer than two values."""
    if len(values) < 2:
        return Fraction(0)
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def spreads(given: Mapping[str, Sequence[Fraction]]) -> dict[str, Spread]:
    """``given``: application to what each of its members gave it (a total, or the points of one criterion), at least one."""
    means = {application: sum(points, Fraction(0)) / len(points) for application, points in given.items()}
    between = variance(list(means.values()))
    judged = len(given) >= FEWEST_PROPOSALS
    found = {}
    for application, points in given.items():
        within = variance(points)
        found[application] = Spread(
            min(points), means[application], max(points), within, between, discordant=judged and within > between
        )
    return found


def disagreements(given: Mapping[str, Mapping[str, Sequence[Fraction]]]) -> dict[str, Disagreement]:
    """``given``: application to criterion to the points of each of its members, the same members in the same order on every
    criterion; at least one criterion and one member. Each criterion is measured against itself among the proposals: what is
    a large spread on one may be a small one on another."""
    totals = {
        application: [sum(points, Fraction(0)) for points in zip(*criteria.values(), strict=True)]
        for application, criteria in given.items()
    }
    codes = list(dict.fromkeys(code for criteria in given.values() for code in criteria))
    by_code = {code: spreads({a: criteria[code] for a, criteria in given.items() if code in criteria}) for code in codes}
    return {
        application: Disagreement(total, {code: by_code[code][application] for code in codes if application in by_code[code]})
        for application, total in spreads(totals).items()
    }


def most_discordant(found: Mapping[str, Disagreement]) -> list[str]:
    """The applications, those on which the members are furthest apart first."""
    return sorted(found, key=lambda application: (-found[application].total.within, application))
