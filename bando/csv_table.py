"""Tables for machines: CSV (RFC 4180) whose texts no spreadsheet runs.

PURE: standard library only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: Any) -> Any:
    """A text of others (a body may be called ``=1+1``) never opens with what a spreadsheet would take for a formula: an apostrophe
    goes before it (OWASP, CSV injection). Whatever is no text stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_of(rows: Iterable[Iterable[Any]]) -> str:
    """Commas, CRLF, quotes where needed; None is an empty cell."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
