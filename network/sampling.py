"""The sample of declarations that are verified: first the list and the rule, then chance, and nobody between them.

PURE: standard library only. A sample is drawn in two steps, like the order of tied proposals (``evaluation.draw``):

1. *The list is committed.* Every declaration that could be drawn, the rule, the size that follows from it and the public value
   that will decide are written down as canonical JSON (``bando/sample/1``), and its SHA-256 is published while nobody can
   know the value.
2. *The value becomes public.* The turn of each declaration is the SHA-256 of three lines: the commitment's hash, the value,
   the declaration's own identifier. The lower hash comes first.

*Who is drawn.* Without ``each_proposal``: the ``size`` declarations with the lowest turns. With it: first the declaration with
the lowest turn of each proposal; then, of those that are left, the ones with the lowest turns, until they are ``size``. The
file says the same in ``how``, for whoever has nothing but the file.

*The size.* ``percent`` of the population rounded up to a whole declaration; not less than ``minimum``; with
``each_proposal`` not less than there are proposals; never more than the population.

An identifier is ``number/ordinal/code``: the number of the proposal, the place of the body in it (the lead is 1), the code of
the requirement. It tells nobody's name and no tax code. The list is in order of identifier, so that the order in which
somebody wrote it down changes nothing; the same list with the same value gives the same sample however often it is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from evaluation.draw import turn
from workflow.ledger import canonical, digest

SCHEMA = "bando/sample/1"
METHOD, EVERY = "sha256-sort/1", "all/1"

LOWEST = "Sono estratte le dichiarazioni con il turno più basso, tante quante dice «size»."
ONE_EACH = (
    "Prima è estratta, di ogni domanda, la dichiarazione con il turno più basso; poi, tra quelle che restano, le dichiarazioni "
    "con il turno più basso, fino a tante quante dice «size»."
)
TURNS = (
    "Il turno di una dichiarazione è lo SHA-256 di tre righe separate da un a capo, senza a capo alla fine: lo SHA-256 di questo "
    "file, il valore pubblico, la dichiarazione come è scritta in «population». "
)
HOW = {False: TURNS + LOWEST, True: TURNS + ONE_EACH}
"""By ``each_proposal``. It stands in a file with a hash: always in Italian, whoever asks for it."""


class Declaration(NamedTuple):
    """One declaration. ``body`` counts the bodies of the proposal from 1, the lead."""

    application: str
    body: int
    requirement: str

    @property
    def identifier(self) -> str:
        return f"{self.application}/{self.body}/{self.requirement}"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many: ``percent`` from 1 to 100, ``minimum`` from 1."""

    percent: int
    minimum: int
    each_proposal: bool

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100 or self.minimum < 1:
            raise ValueError("a sample is from 1 to 100 percent, and one declaration at least")


def read(identifier: str) -> Declaration:
    """The declaration of an identifier."""
    application, body, requirement = identifier.rsplit("/", 2)
    return Declaration(application, int(body), requirement)


def size(rule: Rule, population: Collection[Declaration]) -> int:
    """How many declarations the rule asks for. 0 where there is none."""
    proposals = len({declaration.application for declaration in population}) if rule.each_proposal else 0
    part = ceil(Fraction(rule.percent * len(population), 100))
    return min(len(population), max(part, rule.minimum, proposals))


def commitment(
    *, call: str, area: str, number: int, population: Iterable[Declaration], rule: Rule, source: str, value_at: datetime
) -> str:
    """The text that is hashed and published. ``source`` says in words which public value decides: the first that it
    publishes from ``value_at`` on. Raises ``ValueError`` where nothing, or something twice, could be drawn."""
    if value_at.tzinfo is None:
        raise ValueError("the moment of the value must carry its zone")
    listed = _listed(population)
    return canonical(
        {
            "schema": SCHEMA,
            "method": METHOD,
            "how": HOW[rule.each_proposal],
            "call": call,
            "area": area,
            "number": number,
            "population": [declaration.identifier for declaration in listed],
            "rule": {"percent": rule.percent, "minimum": rule.minimum, "each_proposal": rule.each_proposal},
            "size": size(rule, listed),
            "source": source,
            "value_at": value_at,
        }
    )


def every_one(*, call: str, area: str, number: int, population: Iterable[Declaration]) -> str:
    """The same text where all of them are verified, and nothing is drawn."""
    listed = _listed(population)
    return canonical(
        {
            "schema": SCHEMA,
            "method": EVERY,
            "call": call,
            "area": area,
            "number": number,
            "population": [declaration.identifier for declaration in listed],
            "size": len(listed),
        }
    )


def committed(text: str) -> tuple[Declaration, ...]:
    """The population of a text."""
    return tuple(read(identifier) for identifier in json.loads(text)["population"])


def stated_size(text: str) -> int:
    """How many of its declarations a text says are verified."""
    return int(json.loads(text)["size"])


def turns(text: str, value: str) -> Sequence[tuple[Declaration, str]]:
    """Every declaration with the hash that gives it its turn, the lowest first."""
    sha256 = digest(text)
    found = [(declaration, turn(sha256, value, declaration.identifier)) for declaration in committed(text)]
    return sorted(found, key=lambda one: (one[1], one[0].identifier))


def drawn(text: str, value: str) -> tuple[Declaration, ...]:
    """Those that ``value`` draws from the commitment ``text``, the lowest turn first."""
    stated: Mapping[str, Any] = json.loads(text)
    order = [declaration for declaration, _hash in turns(text, value)]
    first: dict[str, Declaration] = {}
    if stated["rule"]["each_proposal"]:
        for declaration in order:
            first.setdefault(declaration.application, declaration)
    chosen = set(first.values())
    others = [declaration for declaration in order if declaration not in chosen]
    chosen.update(others[: stated["size"] - len(chosen)])
    return tuple(declaration for declaration in order if declaration in chosen)


def _listed(population: Iterable[Declaration]) -> tuple[Declaration, ...]:
    listed = tuple(sorted(population))
    if not listed:
        raise ValueError("there is no declaration to verify")
    if len(set(listed)) != len(listed):
        raise ValueError("a declaration is listed twice")
    return listed
