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
    """Of one proposal: the lowest and the highest total that a member gave it, and whether members are further apart on
    it than the proposals are among themselves."""

    lowest: Fraction
    highest: Fraction
    discordant: bool

    @property
    def gap(self) -> Fraction:
        return self.highest - self.lowest


def variance(values: Sequence[Fraction]) -> Fraction:
    """The sample variance; 0 for fewer than two values."""
    if len(values) < 2:
        return Fraction(0)
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def spreads(totals: Mapping[str, Sequence[Fraction]]) -> dict[str, Spread]:
    """``totals``: application to the total that each of its members gave it, at least one."""
    means = [sum(given, Fraction(0)) / len(given) for given in totals.values()]
    between = variance(means)
    judged = len(totals) >= FEWEST_PROPOSALS
    return {
        application: Spread(min(given), max(given), discordant=judged and variance(given) > between)
        for application, given in totals.items()
    }
