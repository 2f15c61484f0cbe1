"""Asking ClamAV about a document, and what follows from its answer.

A document that a person brought is in quarantine until a real antivirus has read it (``BANDO_CLAMD``); without one, nothing
is held back and the page says that nobody looked. The reading is a duty: nobody waits for it, and while the daemon is down
the documents wait and nothing is refused.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.dispatch import Signal

from documents.models import Document, Scan, Verdict
from workflow.duties import owe

CHUNK = 64 * 1024
PATIENCE = 120
"""Seconds that the daemon may be silent: it answers when it has read the whole file."""

found_infected = Signal()
"""Sent with ``scan`` in the transaction that writes it, when a document turns out to be infected that was not known to be:
who knows what the document is for tells its people."""


class Unanswered(Exception):
    """The antivirus is not there, or gave no verdict: the question is asked again later."""


class TooLarge(Unanswered):
    """The file is larger than what the daemon takes (``StreamMaxLength`` in its clamd.conf)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``finding`` is the name of what was found, "" for a clean file; ``engine`` the version of the program and of its
    signatures, with their date, as the daemon tells them."""

    verdict: Verdict
    finding: str
    engine: str


class Standing(StrEnum):
    """How a document stands before whoever asks for it."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNCHECKED = "unchecked"


def ask(content: Iterable[bytes], *, address: str) -> Answer:
    """What the daemon at ``address`` (``clamd://host:port`` or ``clamd:///path/to/socket``) says of ``content``, sent a piece
    at a time (INSTREAM, clamd(8)). Raises :class:`Unanswered`."""
    engine = _said(address, [b"zVERSION\0"])
    said = _said(address, _stream(content))
    if said == "stream: OK":
        return Answer(Verdict.CLEAN, "", engine)
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Answer(Verdict.INFECTED, said.removeprefix("stream: ").removesuffix(" FOUND")[:300], engine)
    if said.startswith("INSTREAM size limit exceeded"):
        raise TooLarge(f"{said}: raise StreamMaxLength in clamd.conf, then the file is read")
    raise Unanswered(f"clamd at {address} said {said!r}")


def scan(document: Document, *, at: datetime) -> Scan:
    """Have a document read and keep the verdict. Raises :class:`Unanswered`."""
    with document.file.open("rb") as file:
        answer = ask(file.chunks(CHUNK), address=settings.CLAMD)
    with transaction.atomic():
        before = document.scans.last()
        row = Scan.objects.create(
            document=document, at=at, verdict=answer.verdict, finding=answer.finding, engine=answer.engine[:200]
        )
        if answer.verdict == Verdict.INFECTED and (before is None or before.verdict != Verdict.INFECTED):
            found_infected.send(Document, scan=row, at=at)
    return row


def scan_again(documents: QuerySet[Document], *, at: datetime) -> int:
    """Owe a reading, with the signatures of today, of what people brought; how many documents that is."""
    count = 0
    for pk in documents.exclude(by=None).values_list("pk", flat=True).iterator():
        owe("documents.scan", f"{pk} {at.isoformat()}", at=at)
        count += 1
    return count


def verdict_of(document: str) -> Coalesce:
    """The last verdict on the document that the field named ``document`` points at, for a query; "" without one."""
    last = Scan.objects.filter(document=OuterRef(document)).order_by("-pk").values("verdict")[:1]
    return Coalesce(Subquery(last), Value(""))


def standing(verdict: str, *, ours: bool = False) -> Standing:
    """How a document of which this is the last verdict stands. What the system itself made (``ours``) needs no reading.
    A virus found once stays found when the antivirus is switched off."""
    if verdict:
        return Standing(verdict)
    if ours:
        return Standing.CLEAN
    return Standing.WAITING if settings.CLAMD else Standing.UNCHECKED


def standing_of(document: Document) -> Standing:
    """The same of a document; one query, or none when its ``scans`` are prefetched."""
    scans = document.scans.all()
    return standing(scans[len(scans) - 1].verdict if scans else "", ours=document.by_id is None)


def _stream(content: Iterable[bytes]) -> Iterable[bytes]:
    yield b"zINSTREAM\0"
    for piece in content:
        if piece:  # a piece without bytes means the end
            yield struct.pack("!I", len(piece)) + piece
    yield bytes(4)


def _said(address: str, sending: Iterable[bytes]) -> str:
    """One conversation. A daemon that has heard enough answers and closes while we still send: what it said is read then."""
    parts = urlsplit(address)
    try:
        with _line(parts.hostname, parts.port, parts.path) as line:
            line.settimeout(PATIENCE)
            try:
                for piece in sending:
                    line.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass
            with line.makefile("rb") as answer:
                said = answer.read(4096)
    except OSError as problem:
        raise Unanswered(f"clamd at {address} does not answer: {problem}") from problem
    return said.rstrip(b"\0\n").decode(errors="replace").strip()


def _line(host: str | None, port: int | None, path: str) -> socket.socket:
    if host:
        return socket.create_connection((host, port or 3310), timeout=10)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(10)
        line.connect(path)
    except OSError:
        line.close()
        raise
    return line
