"""Signs that two applications may come from one centre of decision: hints for the office to look at, never verdicts.

PURE: standard library only. Bodies that are one centre of decision do not compete (Cons. Stato 208/2021 on one applicant and one
proposal; art. 95 c. 1 d D.Lgs. 36/2023 by analogy): what decides is the facts of the case, so this says only what is
equal and with whom. A provider of mail that everybody uses makes nobody a neighbour.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """What is equal."""

    BODY = "body"
    REPRESENTATIVE = "representative"
    ADDRESS = "address"
    PEC = "pec"
    PHONE = "phone"
    IBAN = "iban"
    DOMAIN = "domain"


COMMON = frozenset(
    [
        "alice.it",
        "aol.com",
        "email.it",
        "fastwebnet.it",
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.it",
        "icloud.com",
        "inwind.it",
        "iol.it",
        "libero.it",
        "live.com",
        "live.it",
        "mac.com",
        "me.com",
        "msn.com",
        "outlook.com",
        "outlook.it",
        "proton.me",
        "protonmail.com",
        "tim.it",
        "tin.it",
        "tiscali.it",
        "virgilio.it",
        "vodafone.it",
        "yahoo.com",
        "yahoo.it",
        "ymail.com",
    ]
)
"""Domains of providers, where an equal domain says nothing."""

_STREETS = {"p.za": "piazza", "p.zza": "piazza", "pza": "piazza", "v.le": "viale", "vle": "viale", "c.so": "corso", "v": "via"}


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it takes part in an application. ``key`` tells bodies apart; ``representatives`` are pairs of a person's key
    and name; ``emails`` are those of its people; texts that are not known are ""."""

    key: str
    name: str
    representatives: tuple[tuple[str, str], ...] = ()
    street: str = ""
    postal_code: str = ""
    city: str = ""
    pec: str = ""
    phone: str = ""
    emails: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """``ours`` and ``theirs`` have the same ``value`` of a kind; ``application`` is the key of the other one."""

    sign: Sign
    value: str
    ours: str
    theirs: str
    application: str


def hints(ours: Iterable[Body], others: Iterable[tuple[str, Iterable[Body]]]) -> list[Hint]:
    """What the bodies of an application have in common with those of the ``others`` (key of the application, its bodies), in
    the order of these and then of the signs. Of bodies that are the same only that is said."""
    ours = list(ours)
    found = []
    for application, theirs in others:
        for their in theirs:
            for our in ours:
                found += [Hint(sign, value, our.name, their.name, application) for sign, value in _equal(our, their)]
    return found


def _equal(one: Body, other: Body) -> list[tuple[Sign, str]]:
    if one.key == other.key:
        return [(Sign.BODY, one.name)]
    found = []
    there = dict(other.representatives)
    found += [(Sign.REPRESENTATIVE, name) for key, name in one.representatives if key in there]
    if (place := address(one)) and place == address(other):
        found.append((Sign.ADDRESS, f"{one.street}, {one.postal_code} {one.city}"))
    if one.pec and one.pec.lower() == other.pec.lower():
        found.append((Sign.PEC, one.pec))
    if (number := phone(one.phone)) and number == phone(other.phone):
        found.append((Sign.PHONE, one.phone))
    ibans = {iban(text) for text in other.ibans} - {""}
    found += [(Sign.IBAN, text) for text in one.ibans if iban(text) in ibans]
    common = domains(one) & domains(other)
    return found + [(Sign.DOMAIN, domain) for domain in sorted(common)]


def address(body: Body) -> str:
    """Street, number and postal code as they compare: "P.zza Duomo, n. 1" is "piazza duomo 1". "" without a number."""
    words = re.findall(r"[a-z0-9.']+", _plain(body.street))
    kept = [_STREETS.get(word, word.strip(".")) for word in words if word.strip(".") not in {"n", "nr", "num", "civico", ""}]
    if not any(any(letter.isdigit() for letter in word) for word in kept):
        return ""
    return " ".join([*kept, body.postal_code])


def phone(text: str) -> str:
    """The digits without the prefix of Italy; "" for too few to be a number."""
    digits = re.sub(r"\D", "", re.sub(r"^\s*(?:\+|00)39", "", text))
    return digits if len(digits) >= 6 else ""


def iban(text: str) -> str:
    return re.sub(r"\W", "", text).upper()


def domains(body: Body) -> set[str]:
    """Of the mail of its people, without those of providers. That of a PEC is a provider's as a rule."""
    found = {email.rpartition("@")[2].lower() for email in body.emails}
    return {domain for domain in found if domain and domain not in COMMON}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
