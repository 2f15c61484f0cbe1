"""The number that the administration's register gives to a submission (protocollo, artt. 53-57 D.P.R. 445/2000).

It is asked for after the commit, by a duty: nothing of a submission waits for the register, and one that is down is asked
again. It is asked under a key, the identifier of the submission, and both registers answer one key with one number: when
we die between their answer and our row, the next attempt hears the same number.

Two registers: a file of this machine, where nothing else is said; and whatever speaks HTTP as :class:`HttpRegister` writes it,
which is an adapter of some lines before the product that an administration has.
"""

from __future__ import annotations

import base64
import csv
import fcntl
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import IntegrityError, transaction

from applications.models import ProtocolEntry, Submission
from bando.csv_table import harmless
from bando.deadlines import ROME
from workflow.duties import duty
from workflow.ledger import canonical

DUTY = "applications.protocol"
COLUMNS = ("numero", "registrata", "mittente", "oggetto", "impronta", "chiave")
TIMEOUT = 10
"""Seconds that a register over HTTP has to answer."""
PAUSE = timedelta(seconds=60)
"""How long one that did not answer is left alone: or each submission would take the worker ten seconds from the receipts."""


class NotRegistered(Exception):
    """The register gave no number. The text says why; the duty asks again."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What a register answers."""

    number: str
    register: str
    at: datetime


class Register(Protocol):
    def enter(self, facts: dict[str, Any], *, at: datetime) -> Registered:
        """Register what ``facts`` (see :func:`facts_of`) describe, and always answer the same for the same ``key``. Raises
        :class:`NotRegistered`."""


@duty(DUTY)
def _enter(subject: str, at: datetime) -> None:
    enter(Submission.objects.select_related("application__call", "application__organisation").get(pk=subject), at=at)


def enter(submission: Submission, *, at: datetime) -> ProtocolEntry:
    """The number of the register for ``submission``, asked for if it is not there yet. Raises :class:`NotRegistered`."""
    if existing := ProtocolEntry.objects.filter(submission=submission).first():
        return existing
    given = _register().enter(facts_of(submission), at=at)
    try:
        with transaction.atomic():
            return ProtocolEntry.objects.create(
                submission=submission, number=given.number, register=given.register, at=given.at
            )
    except IntegrityError:  # two workers: both heard the same number
        return ProtocolEntry.objects.get(submission=submission)


def facts_of(submission: Submission) -> dict[str, Any]:
    """What a register is told: sender, subject and hash are what art. 53 wants, the rest finds the documents again."""
    application = submission.application
    body = application.organisation
    return {
        "format": "bando/protocol/1",
        "key": str(submission.pk),
        "direction": "in",
        "sender": {"name": body.name, "tax_code": body.tax_code, "pec": body.pec},
        "subject": f"{application.call.title}: domanda {application.number}, invio {submission.sequence}",
        "number": application.number,
        "sequence": submission.sequence,
        "arrived_at": submission.arrived_at.astimezone(ROME).isoformat(timespec="microseconds"),
        "sha256": submission.sha256,
        "files": [{name: file[name] for name in ("name", "size", "sha256")} for file in submission.manifest],
    }


class FileRegister:
    """A register in files of this machine, one for each year: ``registro-2021.csv`` with the columns of :data:`COLUMNS`.

    Lines are only added. A lock makes two workers take turns; a line counts when it is whole and on the disk. Workers on
    several machines need the folder on a disk that they share and that knows locks, or a register over HTTP.
    """

    name = "Registro interno di Bando"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def enter(self, facts: dict[str, Any], *, at: datetime) -> Registered:
        year = at.astimezone(ROME).year
        try:
            with self._locked():
                # What was asked for on the evening of the 31st of December may be asked again on the first.
                for path in sorted(self.folder.glob("registro-*.csv"), reverse=True):
                    for row in self._rows(path):
                        if row["chiave"] == facts["key"]:
                            return Registered(row["numero"], self.name, datetime.fromisoformat(row["registrata"]))
                path = self.folder / f"registro-{year}.csv"
                number = f"{sum(1 for _row in self._rows(path)) + 1:07d}/{year}"
                registered = at.astimezone(ROME).isoformat(timespec="microseconds")
                self._add(path, [number, registered, facts["sender"]["name"], facts["subject"], facts["sha256"], facts["key"]])
        except OSError as problem:
            raise NotRegistered(f"{self.folder}: {problem}") from problem
        return Registered(number, self.name, at)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when the file is closed, by the end of a process too
            yield

    def _rows(self, path: Path) -> Iterator[dict[str, str]]:
        if not path.exists():
            return
        whole = path.read_bytes()
        # A line without its end was being written when the machine stopped: nobody heard its number, so it is given again.
        kept = whole[: whole.rfind(b"\n") + 1]
        if kept != whole:
            with path.open("r+b") as file:
                file.truncate(len(kept))
        yield from csv.DictReader(io.StringIO(kept.decode(), newline=""))

    def _add(self, path: Path, row: list[str]) -> None:
        begins = not path.exists() or not path.stat().st_size
        with path.open("a", encoding="utf-8", newline="") as file:
            self._write(file, [COLUMNS, row] if begins else [row])
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _write(file: IO[str], rows: list[Any]) -> None:
        csv.writer(file).writerows([[_cell(text) for text in row] for row in rows])


def _cell(text: str) -> str:
    """One line, because a line without its end is one that a crash cut; and never what a spreadsheet takes for a formula: a
    body that is named like one would run it where the office opens the register."""
    return harmless(" ".join(text.split()))


class HttpRegister:
    """A register that speaks HTTP: ``POST`` of the facts as JSON, with ``Idempotency-Key``, answered by 200 or 201 with

        {"number": "0012345/2021", "register": "Protocollo generale", "at": "2021-10-11T10:42:03+02:00"}

    and the same answer for the same key, as often as it is asked. A user and a password in the address go as basic
    authentication. Redirects are refused: they would carry the password elsewhere.
    """

    _silent_until: dict[str, datetime] = {}

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""

    def enter(self, facts: dict[str, Any], *, at: datetime) -> Registered:
        if (until := self._silent_until.get(self.url)) and at < until:
            raise NotRegistered(f"the register did not answer: it is asked again from {until.isoformat()}")
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": facts["key"]}
        if self._login:
            headers["Authorization"] = "Basic " + base64.b64encode(self._login.encode()).decode()
        request = Request(self.url, canonical(facts).encode(), headers)  # noqa: S310 - settings allow http and https alone
        try:
            with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
                said = answer.read(100_000)
        except HTTPError as refusal:
            raise NotRegistered(f"the register answered {refusal.code}") from refusal
        except (OSError, HTTPException) as problem:
            self._silent_until[self.url] = at + PAUSE
            raise NotRegistered(f"the register did not answer: {problem}") from problem
        return _understood(said)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _understood(said: bytes) -> Registered:
    try:
        answer = json.loads(said)
        given = Registered(str(answer["number"]), str(answer["register"]), datetime.fromisoformat(answer["at"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise NotRegistered(f"the register's answer can't be read: {said[:200]!r}") from problem
    if not given.number or given.at.tzinfo is None:
        raise NotRegistered(f"the register's answer has no number, or a moment without its zone: {said[:200]!r}")
    return given


def _register() -> Register:
    if settings.PROTOCOL_URL:
        return HttpRegister(settings.PROTOCOL_URL)
    return FileRegister(Path(settings.VAR) / "protocol")
