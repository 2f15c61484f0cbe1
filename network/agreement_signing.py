"""Who has signed an agreement, as far as the files say: whether each is the prepared text and carries the signature of who was
to sign. What the files leave in doubt the office decides, with a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from bando.folding import fold
from documents.scanning import Standing, standing_of
from documents.signatures import in_words, reading_of, waits_for_reading
from network.models import Agreement, AgreementParty, Copy


class Signed(StrEnum):
    """How far a party is; a file with a virus is blocked."""

    MISSING = "missing"
    WAITING = "waiting"
    DOUBTFUL = "doubtful"
    BLOCKED = "blocked"
    ACCEPTED = "accepted"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PartySign:
    """A party and its file. ``doubts`` are sentences for the office; ``readings`` what the signatures say, a paragraph each."""

    party: AgreementParty
    state: Signed
    doubts: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    @property
    def has_signed(self) -> bool:
        return self.state in (Signed.DONE, Signed.ACCEPTED)


def elsewhere(agreement: Agreement) -> str:
    """Why the registered file was signed elsewhere, on paper or with another tool; "" while nothing is registered, or when it is
    one of the files that the parties brought here."""
    if agreement.document_id is None or agreement.parties.filter(signed=agreement.document_id).exists():
        return ""
    step = agreement.steps.filter(act="sign").last()
    return step.reason if step else ""


def name_of(party: AgreementParty, administration: str) -> str:
    return party.organisation.name if party.organisation else administration


def signatures_of(agreement: Agreement) -> list[PartySign]:
    """The parties in their order. Two queries, and one for each time that a file was read by the antivirus."""
    parties = agreement.parties.select_related("organisation", "signed__signature_reading").prefetch_related("signed__scans")
    return [_sign_of(party) for party in parties]


def _sign_of(party: AgreementParty) -> PartySign:
    document = party.signed
    if document is None:
        return PartySign(party, Signed.MISSING)
    if standing_of(document) is Standing.INFECTED:
        return PartySign(party, Signed.BLOCKED, (_("Il file contiene un virus: carica un'altra copia."),))
    reading = reading_of(document)
    readings = tuple(in_words(reading)) if reading else ()
    if party.accepted:
        return PartySign(party, Signed.ACCEPTED, readings=readings)
    if not party.copy or waits_for_reading(document):
        return PartySign(party, Signed.WAITING, readings=readings)
    doubts = tuple(_doubts(party, reading.signatures if reading else []))
    return PartySign(party, Signed.DOUBTFUL if doubts else Signed.DONE, doubts, readings)


def _doubts(party: AgreementParty, signatures: Sequence[dict[str, Any]]) -> list[str]:
    found = []
    if party.copy == Copy.OTHER:
        found.append(_("Non è il file preparato: il testo può essere diverso."))
    sound = [sign for sign in signatures if sign["format"] != "stamp" and sign["intact"] and sign["later"] != "changed"]
    if not sound:
        return [*found, _("Nel file non troviamo una firma digitale che corrisponde al file.")]
    people = [_person(sign["who"]) for sign in sound]
    if not any(is_same_person(party.signer, name) for name in people):
        found.append(
            _("Doveva firmare %(expected)s. Nel file c'è la firma di: %(people)s.")
            % {"expected": party.signer, "people": ", ".join(people)}
        )
    return found


def is_same_person(expected: str, certified: str) -> bool:
    """Whether two names may be of one person: the words of one stand in the other, in any order, whatever accents and titles a
    certificate leaves out. One word alone names nobody."""
    one, other = (set(re.findall(r"\w{2,}", fold(name))) for name in (expected, certified))
    return min(len(one), len(other)) > 1 and (one <= other or other <= one)


def _person(who: dict[str, str]) -> str:
    return " ".join(filter(None, (who["given_name"], who["surname"]))) or who["name"] or _("una persona senza nome")
