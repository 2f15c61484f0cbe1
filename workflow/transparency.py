"""How long an act stays published (art. 8 c. 3 D.Lgs. 33/2013).

PURE: standard library only.
"""

from __future__ import annotations

from datetime import date

YEARS = 5


def public_until(published: date) -> date:
    """The last day on which what was published on ``published`` must be online: five years from 1 January of the year after,
    that is 31 December of the fifth year."""
    return date(published.year + YEARS, 12, 31)


def is_public(published: date, on: date) -> bool:
    """Whether ``on`` still belongs to the term; its last day does. The days are those of Europe/Rome."""
    return on <= public_until(published)
