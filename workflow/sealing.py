"""Seals over the ledger: a periodic Merkle root, chained, and the proof that an entry stands under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from workflow.ledger import inclusion_proof, merkle_root, seal_hash
from workflow.models import LedgerEntry, LedgerSeal, SealedEntry

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """All that a stranger needs to check an entry against a seal: see ``workflow.ledger.is_included``, and ``seal_hash``
    for the seal itself."""

    entry: str
    index: int
    count: int
    path: list[str]
    root: str
    seal: str
    number: int
    previous: str
    at: datetime


def seal(at: datetime) -> LedgerSeal | None:
    """Seal up to ``BATCH`` entries that are not sealed yet; ``None`` when there are none.

    Entries are found by having no place under a seal and not by their number, because transactions commit in another
    order than they take numbers. Two sealers at once: the number of the seal is unique, the second gives up.
    """
    try:
        with transaction.atomic():
            last = LedgerSeal.objects.order_by("-number").first()
            entries = list(LedgerEntry.objects.filter(sealed=None).order_by("pk").only("pk", "hash")[:BATCH])
            if not entries:
                return None
            number, previous = (last.number + 1, last.hash) if last else (1, "")
            root = merkle_root([entry.hash for entry in entries])
            made = LedgerSeal.objects.create(
                number=number,
                previous=previous,
                root=root,
                count=len(entries),
                at=at,
                hash=seal_hash(number=number, previous=previous, root=root, count=len(entries), at=at),
            )
            SealedEntry.objects.bulk_create(
                [SealedEntry(seal=made, entry=entry, index=index) for index, entry in enumerate(entries)]
            )
            return made
    except IntegrityError:
        return None


def proof(entry: LedgerEntry) -> Proof | None:
    """The proof that ``entry`` is in the ledger; ``None`` while it waits for its seal."""
    place = SealedEntry.objects.select_related("seal").filter(entry=entry).first()
    if place is None:
        return None
    hashes = list(place.seal.entries.order_by("index").values_list("entry__hash", flat=True))
    return Proof(
        entry=entry.hash,
        index=place.index,
        count=place.seal.count,
        path=inclusion_proof(hashes, place.index),
        root=place.seal.root,
        seal=place.seal.hash,
        number=place.seal.number,
        previous=place.seal.previous,
        at=place.seal.at,
    )
