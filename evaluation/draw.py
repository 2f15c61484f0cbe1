"""The public draw: first the list, then chance, and nobody between them.

PURE: standard library only. A draw is made in two steps, as RFC 3797 does for the choice of a committee:

1. *The list is committed.* The tied proposals, the method and the public value that will decide are written down as
   canonical JSON (``bando/draw/1``), and its SHA-256 is published, while nobody can know the value yet.
2. *The value becomes public* (the numbers of a lottery, say), and the order follows from the two: each proposal has the
   SHA-256 of the commitment's hash, the value and its own number, a line each; the lower hash comes first.

Whoever has the file and the value gets the same order with any program that knows SHA-256. Who commits the list can't know
what the value will make of it; who publishes the value can't know the list's order; and the same list with the same value
gives the same order however often it is drawn, so that repeating changes nothing. Beside RFC 3797 it asks for no division
and has no bias: a hash orders, it is never reduced to a number of places.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workflow.ledger import canonical, digest

SCHEMA = "bando/draw/1"
METHOD = "sha256-sort/1"

Groups = tuple[tuple[str, ...], ...]
"""The proposals that are drawn among themselves, each group in order of number, the groups by their first number."""


def groups_of(ties: Iterable[Mapping[str, Any]]) -> Groups:
    """What is to be drawn: every tie of a ranking (``published``: ``ties``), in an order that says nothing."""
    return tuple(sorted(tuple(sorted(tie["applications"])) for tie in ties))


def commitment(*, ranking_sha256: str, call: str, area: str, groups: Groups, source: str, value_at: datetime) -> str:
    """The text that is hashed and published. ``source`` says in words which public value decides: the first that it
    publishes from ``value_at`` on, so that a day without a value needs no second decision."""
    if not groups or any(len(group) < 2 for group in groups):
        raise ValueError("a draw is among two proposals at least")
    if value_at.tzinfo is None:
        raise ValueError("the moment of the value must carry its zone")
    return canonical(
        {
            "schema": SCHEMA,
            "method": METHOD,
            "ranking": ranking_sha256,
            "call": call,
            "area": area,
            "groups": [list(group) for group in groups],
            "source": source,
            "value_at": value_at,
        }
    )


def committed_groups(text: str) -> Groups:
    """The groups of a commitment."""
    return tuple(tuple(group) for group in json.loads(text)["groups"])


def normalised(value: str) -> str:
    """The value as it is hashed: Unicode NFC, no space at the ends, one space where there were several."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def turn(commitment_sha256: str, value: str, application: str) -> str:
    """What decides the turn of one proposal: the lower comes first."""
    return digest(f"{commitment_sha256}\n{normalised(value)}\n{application}")


def drawn(text: str, value: str) -> tuple[str, ...]:
    """The order that ``value`` gives to all the proposals of the commitment ``text``. Not group after group: two that were in
    different groups may be equal once marks have changed, and then chance separates them too and not the number that they got
    when they arrived."""
    sha256 = digest(text)
    everybody = (application for group in committed_groups(text) for application in group)
    return tuple(sorted(everybody, key=lambda number: turn(sha256, value, number)))


def decides(order: Iterable[str], ties: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some tie of a ranking (``published``: ``ties``) is among those of the list, so that their order separates it."""
    listed = set(order)
    return any(listed.issuperset(tie["applications"]) for tie in ties)


def turns(text: str, value: str) -> Sequence[tuple[str, str]]:
    """The same with the hash that gave each its turn: (application, hash)."""
    sha256 = digest(text)
    return [(application, turn(sha256, value, application)) for application in drawn(text, value)]
