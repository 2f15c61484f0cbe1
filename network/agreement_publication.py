"""What everybody reads of the agreements that were published: the fields of art. 27 D.Lgs. 33/2013, as a table for people and for
machines, for five years (art. 8 c. 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from django.db.models import QuerySet

from bando.csv_table import harmless
from network.models import Agreement
from workflow.transparency import YEARS, is_public

COLUMNS = (
    "number",
    "beneficiary",
    "tax_code",
    "amount_euro",
    "legal_basis",
    "office",
    "official",
    "mode",
    "project_url",
    "signed_on",
    "starts_on",
    "ends_on",
    "published_on",
    "published_at",
)


def published(on: date) -> QuerySet[Agreement]:
    """The agreements that are still public on ``on``, the latest first."""
    rows = Agreement.objects.filter(published_on__year__gte=on.year - YEARS, published_on__lte=on)
    return rows.select_related("application__call").order_by("-published_on", "number")


def of_year(year: int, on: date) -> list[Agreement]:
    """Those that were published in ``year``; none once its term is over."""
    if not MINYEAR <= year <= MAXYEAR or not is_public(date(year, 1, 1), on):
        return []
    return list(published(on).filter(published_on__year=year).order_by("published_on", "number"))


def years(rows: Iterable[Agreement]) -> list[int]:
    return sorted({row.published_on.year for row in rows}, reverse=True)


def record(row: Agreement) -> dict[str, Any]:
    """What is published of an agreement, by the names of :data:`COLUMNS`: days in ISO 8601, the amount with a point before the
    cents."""
    said = row.disclosure
    whole, cents = divmod(said["amount_cents"], 100)
    return {
        "number": row.number,
        "beneficiary": said["beneficiary"],
        "tax_code": said["tax_code"],
        "amount_euro": f"{whole}.{cents:02d}",
        **{name: said[name] for name in ("legal_basis", "office", "official", "mode", "project_url")},
        **{name: getattr(row, name).isoformat() for name in ("signed_on", "starts_on", "ends_on", "published_on")},
        "published_at": row.publication,
    }


def csv_rows(rows: Iterable[Agreement]) -> Iterator[list[str]]:
    """The table of a year, its header first. A text never opens with what a spreadsheet would take for a formula: an apostrophe
    goes before it."""
    yield list(COLUMNS)
    for row in rows:
        said = record(row)
        yield [harmless(said[name]) for name in COLUMNS]
