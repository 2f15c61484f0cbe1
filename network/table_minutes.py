"""The minutes of a session of the table: told from what happened, without the persons for everybody, and compared with the
files that come back signed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from documents.scanning import Standing as Scanned
from documents.scanning import standing_of
from documents.signatures import in_words, lacks_signature, reading_of, waits_for_reading
from network.models import Copy, SignedMinutes, TableMinutes, TablePartner, TableSession
from network.projects import said_until
from workflow.ledger import canonical, digest


@dataclass(frozen=True, slots=True)
class Party:
    """Who was there: a body (``partner`` its seat), or the administration (None). ``people``: name and role ("" for none)."""

    name: str
    partner: int | None
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A decision. In what is published ``text`` and ``against`` may be taken out: that somebody was against is not."""

    number: int
    text: str
    against: str
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What minutes say. ``versions``: title of the project, number of its version, what changes in it."""

    parties: tuple[Party, ...]
    absent: tuple[str, ...]
    agenda: tuple[str, ...]
    decisions: tuple[Said, ...]
    versions: tuple[tuple[str, int, str], ...]
    text: str


def told(session: TableSession) -> Told:
    """All that the minutes of ``session`` say: a draft until they are approved, and then what was approved. Three queries."""
    minutes = session.minutes
    parties, absent = attendance(session)
    return Told(
        parties=parties,
        absent=absent,
        agenda=points(session.agenda),
        decisions=tuple(Said(row.number, row.text, row.against, row.is_contested) for row in session.decisions.all()),
        versions=_versions(session),
        text=minutes.text,
    )


def told_to_all(session: TableSession) -> Told:
    """What was published of them: the bodies and not their people, and what the office let out. Three queries."""
    public = session.minutes.public
    contested = set(session.decisions.exclude(against="").values_list("number", flat=True))
    parties, absent = attendance(session)
    return Told(
        parties=tuple(Party(party.name, party.partner) for party in parties),
        absent=absent,
        agenda=points(public["agenda"]),
        decisions=tuple(Said(**said, is_contested=said["number"] in contested) for said in public["decisions"]),
        versions=tuple((title, number, "") for title, number, _note in _versions(session)),
        text=public["text"],
    )


def points(agenda: str) -> tuple[str, ...]:
    """The points of an agenda, one on each line."""
    return tuple(line.strip() for line in agenda.splitlines() if line.strip())


def attendance(session: TableSession) -> tuple[tuple[Party, ...], tuple[str, ...]]:
    """The parties that were at ``session`` with their people, the administration first; and the bodies that sat at the table when
    it was opened, and were not there. What its closing kept or, before it, as things stand. Two queries at most."""
    people: dict[int | None, list[tuple[str, str]]] = {}
    for row in session.presences.all():
        people.setdefault(row.partner_id, []).append((row.name, row.role))
    if session.closed_at is None:
        here, absent = _around(session, people)
    else:
        here, absent = session.minutes.present, session.minutes.absent
    return tuple(Party(name, seat, tuple(people[seat])) for name, seat in here), tuple(absent)


def _around(session: TableSession, there: Container[int | None]) -> tuple[list[tuple[str, int | None]], list[str]]:
    seats = list(session.table.partners.select_related("organisation", "application"))
    names = {None: session.table.call.notice.administration.name, **{seat.pk: seat.organisation.name for seat in seats}}
    here = [(name, pk) for pk, name in names.items() if pk in there]
    return here, [seat.organisation.name for seat in seats if seat.pk not in there and _sat(seat, session)]


def _sat(seat: TablePartner, session: TableSession) -> bool:
    at = session.opened_at or session.planned_at
    return seat.joined_at <= at and (seat.left_at is None or seat.left_at > at)


def _versions(session: TableSession) -> tuple[tuple[str, int, str], ...]:
    """The versions of projects that the table agreed on in ``session``; after the approval no others join them."""
    versions = session.versions.select_related("project__table__call__version")
    rows = versions.order_by("project__created_at", "project", "number")
    if session.minutes.approved_at is not None:
        rows = rows.filter(at__lte=session.minutes.approved_at)
    said = said_until(rows)
    return tuple((row.project.title, row.number, said[row.pk]) for row in rows)


def fingerprint(session: TableSession) -> str:
    """The SHA-256 of all that the minutes of ``session`` say, as the record keeps it."""
    said = told(session)
    return digest(
        canonical(
            {
                "session": session.pk,
                "number": session.number,
                "place": session.place,
                "opened_at": session.opened_at,
                "closed_at": session.closed_at,
                "agenda": said.agenda,
                "present": [{"name": party.name, "people": party.people} for party in said.parties],
                "absent": said.absent,
                "decisions": [{"number": row.number, "text": row.text, "against": row.against} for row in said.decisions],
                "versions": said.versions,
                "text": said.text,
            }
        )
    )


def free_texts(public: Mapping[str, Any]) -> Iterator[str]:
    """All that somebody wrote by hand and that ``public`` would let out."""
    yield public["agenda"]
    yield public["text"]
    for said in public["decisions"]:
        yield said["text"]
        yield said["against"]


# The files that come back signed


class Standing(StrEnum):
    """What a party has done: nothing yet, a file that is still looked at, one with a virus, one without signature, another file, or
    signed."""

    MISSING = "missing"
    READING = "reading"
    BLOCKED = "blocked"
    UNSIGNED = "unsigned"
    OTHER = "other"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Signing:
    """Where a party stands with its signature; ``file`` is the last that it brought."""

    party: Party
    standing: Standing
    file: SignedMinutes | None = None

    @property
    def words(self) -> str:
        return {
            Standing.MISSING: _("deve ancora firmare"),
            Standing.READING: _("ha caricato un file: lo stiamo leggendo"),
            Standing.BLOCKED: _("ha caricato un file con un virus: serve un'altra copia"),
            Standing.UNSIGNED: _("ha caricato un file senza firma digitale"),
            Standing.OTHER: _("ha caricato un altro file"),
            Standing.SIGNED: _("ha firmato"),
        }[self.standing]

    @property
    def sentences(self) -> list[str]:
        """What the file is and what its signatures say, for the office and for who brought it."""
        if self.file is None:
            return []
        if self.standing is Standing.BLOCKED:
            return [_("Il file contiene un virus: nessuno lo può aprire e non conta come firmato. Carica un'altra copia.")]
        reading = reading_of(self.file.document)
        return [_what_it_is(self.file.copy), *(in_words(reading) if reading else [])]


def _what_it_is(copy: str) -> str:
    if not copy:
        return _("Stiamo controllando se è il verbale approvato: torna tra un minuto.")
    if copy == Copy.PREPARED:
        return _("È il verbale approvato, senza cambiamenti.")
    return _("È un altro file, non il verbale approvato. Scarica il PDF da questa pagina, firmalo e carica quello.")


def signings(minutes: TableMinutes) -> list[Signing]:
    """Where each party that was there stands. Four queries at most."""
    brought = minutes.signed.select_related("document__signature_reading").prefetch_related("document__scans")
    last = {row.partner_id: row for row in brought}
    parties, _absent = attendance(minutes.session)
    return [Signing(party, _standing(last.get(party.partner)), last.get(party.partner)) for party in parties]


def _standing(file: SignedMinutes | None) -> Standing:
    if file is None:
        return Standing.MISSING
    if standing_of(file.document) is Scanned.INFECTED:
        return Standing.BLOCKED
    if file.copy == Copy.OTHER:
        return Standing.OTHER
    if not file.copy or waits_for_reading(file.document):
        return Standing.READING
    return Standing.UNSIGNED if lacks_signature(file.document) else Standing.SIGNED
