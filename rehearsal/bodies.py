"""Who takes part in a rehearsal: invented bodies, what each does on its road, and when it arrives.

PURE: standard library only. The same call, number and seed give the same bodies. Names, people and addresses are
invented; addresses end in ``.invalid``, which no mail server delivers to (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bando.deadlines import in_utc
from rehearsal.texts import BODIES, NAMES


class Persona(StrEnum):
    """What is peculiar to a body. Most of a call's bodies are ordinary."""

    ORDINARY = "ordinary"
    EXACT = "exact"
    """Sends at the deadline, to the microsecond: in time."""
    LATE = "late"
    """Sends one microsecond later: refused."""
    OVER_LIMIT = "over_limit"
    """One character too many in a text of each section, then mended."""
    OUT_OF_BOUNDS = "out_of_bounds"
    """Numbers, dates and choices beyond their bounds, then mended."""
    EDGE_FILES = "edge_files"
    """Files of exactly the maximum; one byte more is refused."""
    WRONG_FILES = "wrong_files"
    """Empty files, and files that are not what their name says: refused."""
    STRANGE = "strange"
    """Accents in two signs, right to left, emoji, line breaks of a browser."""
    SHORT_SHARE = "short_share"
    """A cent less than the least own share, then the least own share exactly."""
    OVER_CAP = "over_cap"
    """A cent over the greatest grant, then the greatest grant exactly."""
    OVER_INDIRECT = "over_indirect"
    """A cent of indirect costs too many, then as many as are allowed."""
    MINIMUM = "minimum"
    """Only what is required, as short as can be."""
    GROUP = "group"
    """Says that it takes part in a group, wherever the call asks."""
    LONG_TEXTS = "long_texts"
    """Every text of exactly its limit."""
    CHANGED = "changed"
    """Writes something after sending and does not send again: what was sent counts."""
    RESENT = "resent"
    """Sends, changes and sends again: the last one counts."""
    DOUBLE_CLICK = "double_click"
    """Sends the same thing twice at once: one number."""
    WITHDRAWN = "withdrawn"
    """Withdraws, starts again and sends."""
    GONE = "gone"
    """Withdraws and does not come back."""
    TWO_AREAS = "two_areas"
    """Takes part in two areas."""
    INCOMPLETE = "incomplete"
    """Tries to send with a section missing: refused; never finishes."""
    NEVER_SENT = "never_sent"
    """Everything is ready and nobody presses."""


SENDS = frozenset(Persona) - {Persona.LATE, Persona.GONE, Persona.INCOMPLETE, Persona.NEVER_SENT}
"""Those whose application is in force after the deadline."""

_PECULIAR = tuple(persona for persona in Persona if persona is not Persona.ORDINARY)


@dataclass(frozen=True, slots=True)
class Body:
    """``sends_at`` is when it presses the button (or would); ``starts_at`` when it begins. ``areas``: one, or two for
    ``TWO_AREAS``."""

    ordinal: int
    persona: Persona
    areas: tuple[str, ...]
    name: str
    tax_code: str
    email: str
    pec: str
    person: str
    starts_at: datetime
    sends_at: datetime

    def chance(self, *what: object) -> Random:
        """Chance of its own for each thing, so that a change in one place moves nothing in another."""
        return Random(f"{self.tax_code}:{':'.join(map(str, what))}")  # noqa: S311 - no secret


def make(areas: Sequence[str], number: int, *, opens: datetime, deadline: datetime, seed: int) -> list[Body]:
    """``number`` bodies for a call that is open from ``opens`` to ``deadline``, in the order in which they send."""
    chance = Random(seed)  # noqa: S311 - no secret
    personas = _personas(number)
    chance.shuffle(personas)
    met: dict[Persona, int] = {}
    found = []
    for ordinal, persona in enumerate(personas):
        turn = met[persona] = met.get(persona, seed % len(areas)) + 1
        # By turns within each persona, so that every area meets each of them when there are enough.
        of = tuple(areas[(turn + step) % len(areas)] for step in range(2 if persona is Persona.TWO_AREAS else 1))
        found.append(_body(ordinal, persona, tuple(dict.fromkeys(of)), chance, opens, deadline, seed))
    return sorted(found, key=lambda body: (body.sends_at, body.ordinal))


def _personas(number: int) -> list[Persona]:
    """A third are ordinary, or half when there are enough for every peculiarity to come twice."""
    peculiar = min(number - number // 3, max(2 * len(_PECULIAR), number // 2))
    return [_PECULIAR[place % len(_PECULIAR)] for place in range(peculiar)] + [Persona.ORDINARY] * (number - peculiar)


def _body(
    ordinal: int,
    persona: Persona,
    areas: tuple[str, ...],
    chance: Random,
    opens: datetime,
    deadline: datetime,
    seed: int,
) -> Body:
    strange = persona is Persona.STRANGE
    name = f"{chance.choice(BODIES)} {ordinal}" if strange else f"{chance.choice(_KINDS)} {chance.choice(_PLACES)} {ordinal}"
    sends_at = _moment(persona, chance, opens, deadline)
    before = timedelta(minutes=chance.randrange(30, 60 * 24 * 12))
    return Body(
        ordinal=ordinal,
        persona=persona,
        areas=areas,
        name=name,
        tax_code=tax_code(ordinal, seed),
        email=f"referente-{ordinal}@ente-{ordinal}.invalid",
        pec=f"ente-{ordinal}@pec.invalid",
        person=chance.choice(NAMES) if strange else f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
        starts_at=max(sends_at - before, in_utc(opens)),
        sends_at=sends_at,
    )


def _moment(persona: Persona, chance: Random, opens: datetime, deadline: datetime) -> datetime:
    """When a body sends: a tenth in the last ten minutes, half in the last two hours, the others over the days before."""
    closes = in_utc(deadline)
    if persona is Persona.EXACT:
        return closes
    if persona is Persona.LATE:
        return closes + timedelta(microseconds=1)
    window = closes - in_utc(opens)
    of_all = chance.randrange(100)
    if of_all < 10:
        early = timedelta(seconds=chance.randrange(1, 600))
    elif of_all < 50:
        early = timedelta(seconds=chance.randrange(600, 7200))
    else:
        early = window * chance.randrange(50, 950) // 1000
    return closes - min(early, window * 95 // 100)


def tax_code(ordinal: int, seed: int = 0) -> str:
    """Eleven digits whose control digit is right; the office of the eighth to the tenth is 999, which no province has."""
    digits = f"{(seed * 7919 + ordinal) % 9_999_999 + 1:07d}999"
    total = 0
    for place, digit in enumerate(map(int, digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return f"{digits}{-total % 10}"


_KINDS = ("Associazione", "Cooperativa sociale", "Fondazione", "Circolo", "Consorzio", "Rete")
_PLACES = ("Il Ponte", "La Corte", "Piazza Grande", "Le Querce", "Filo di Lana", "Via Libera", "Sottocasa", "La Lanterna")
_FIRST = ("Chiara", "Marco", "Lucia", "Paolo", "Elena", "Giorgio", "Sara", "Davide", "Irene", "Luca")
_LAST = ("Rossi", "Bianchi", "Ferrari", "Colombo", "Ricci", "Marino", "Greco", "Conti", "De Luca", "Costa")
