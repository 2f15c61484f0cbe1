"""What a ranking takes on when it is published: its act, its place among the versions, the reason of what stays empty.

PURE: standard library only. Nothing here touches a number that was computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

Document = dict[str, Any]


def released(
    content: Document,
    *,
    number: int,
    kind: str,
    replaces: str | None,
    note: str,
    act_number: str,
    act_date: date,
    unfilled_reason: str,
) -> Document:
    """``content`` as version ``number`` of its ranking; ``replaces`` is the SHA-256 of the version before it, and ``note`` says
    why there is a new one. ``unfilled_reason`` is kept only where places stay empty."""
    return {
        **content,
        "act": {"number": act_number, "date": act_date.isoformat()},
        "version": {"number": number, "kind": kind, "replaces": replaces, "note": note},
        "unfilled_reason": unfilled_reason if content["unfilled"] else "",
    }


def retitled(content: Document, titles: Mapping[str, str]) -> Document:
    """``content`` with another public title for some of its applications (number to title)."""
    rows = [row | {"title": titles[row["application"]]} if row["application"] in titles else row for row in content["rows"]]
    return {**content, "rows": rows}
