"""Which guarantees of an agreement end too early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from network.models import Agreement, Guarantee

NEAR = 30
"""Days before the end of a guarantee from which the office is told."""


def uncovered(agreement: Agreement, guarantees: Sequence[Guarantee]) -> list[Guarantee]:
    """Those that end before the agreement while none of the same kind lasts longer."""
    if agreement.ends_on is None:
        return []
    last: dict[str, date] = {}
    for row in guarantees:
        last[row.kind] = max(row.valid_until, last.get(row.kind, row.valid_until))
    return [row for row in guarantees if row.valid_until < agreement.ends_on and row.valid_until == last[row.kind]]


def near_the_end(guarantees: Sequence[Guarantee], today: date) -> list[Guarantee]:
    """Those that end within :data:`NEAR` days, or have ended."""
    return [row for row in guarantees if (row.valid_until - today).days <= NEAR]
