"""Rows without a name in two states of a table: which is the same, which was changed.

PURE: standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Key = Callable[[Any], Any]

LINE_KEYS: tuple[Key, ...] = (
    lambda line: (line.item.code, line.partner, line.year, line.action, line.text),
    lambda line: (line.item.code, line.partner, line.year, line.action),
    lambda line: line.item.code,
)
HOURS_KEYS: tuple[Key, ...] = (lambda row: (row.activity, row.partner), lambda row: row.activity)
"""By what a line of a budget and a row of hours of volunteers are known again (``applications.budget``)."""


def paired(old: Sequence[Any], new: Sequence[Any], keys: Sequence[Key]) -> Iterator[tuple[Any, Any]]:
    """The rows that changed, each with what it was; None where there is no such row. Those that are equal are the same one, then
    those that are alike, from the closest (``keys``) on. In the order of ``old``; what is new comes last."""
    left, came, pairs = list(enumerate(old)), list(enumerate(new)), []
    for key in (lambda row: row, *keys):
        for place, row in list(came):
            same = next((found for found in left if key(found[1]) == key(row)), None)
            if same is not None:
                left.remove(same)
                came.remove((place, row))
                if same[1] != row:
                    pairs.append((same[0], same[1], row))
    pairs += [(place, row, None) for place, row in left]
    pairs += [(len(old) + place, None, row) for place, row in came]
    for _place, was, now in sorted(pairs, key=lambda pair: pair[0]):
        yield was, now
