"""What changed between two versions of a ranking, row by row.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one version puts a proposal. ``position`` is ``None`` for one that has no place; ``total`` is a decimal string."""

    position: int | None
    outcome: str
    total: str
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` or ``after`` is ``None`` for a proposal that only the other version has."""

    application: str
    body: str
    before: Standing | None
    after: Standing | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The proposals that stand otherwise in ``after`` than in ``before``, in the order of ``after``, then those that left."""
    old, new = _standings(before), _standings(after)
    bodies = {row["application"]: row["body"] for document in (before, after) for row in document["rows"]}
    return [
        Change(number, bodies[number], old.get(number), new.get(number))
        for number in [*new, *(number for number in old if number not in new)]
        if old.get(number) != new.get(number)
    ]


def _standings(document: Mapping[str, Any]) -> dict[str, Standing]:
    return {
        row["application"]: Standing(row["position"], row["outcome"], row["total"]["published"], row["title"])
        for row in document["rows"]
    }
