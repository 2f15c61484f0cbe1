"""What happened while the database did not answer: lines in a file, brought into the tables once it does.

``BANDO_VAR/evidence/waiting.jsonl`` only grows, a line each, under a lock of the file system; the worker takes the whole
file and writes its rows in one transaction. A worker that dies in between finds the file again: a row that is already
there, to the microsecond, is not written twice.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from applications.models import Application, Event, ProbeReading
from workflow.ledger import canonical

log = logging.getLogger(__name__)


def set_aside(table: str, fields: Mapping[str, Any]) -> None:
    """Append one line. ``table`` is ``event`` or ``reading``; ``fields`` are plain values and aware datetimes. Raises OSError
    when the disk takes nothing."""
    line = canonical({"table": table, **fields}).encode() + b"\n"
    path = _folder() / "waiting.jsonl"
    while True:
        with path.open("ab", buffering=0) as file, _locked(file):
            if not _is_still(path, file):  # the worker took it between our opening and our lock
                continue
            file.write(line)
            os.fsync(file.fileno())
            return


def bring_in() -> int:
    """Write into the tables what waits, and answer how many rows. Raises what the database answers; the file then waits."""
    folder, brought = _folder(), 0
    if not any(folder.iterdir()):
        return 0
    with (folder / "lock").open("ab") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another worker is at it
            return 0
        _take(folder)
        for taken in sorted(folder.glob("taken-*.jsonl")):
            brought += _write(taken)
            taken.unlink()
    return brought


def _take(folder: Path) -> None:
    waiting = folder / "waiting.jsonl"
    if not waiting.exists():
        return
    with waiting.open("ab") as file, _locked(file):
        number = 1 + max((int(path.stem.partition("-")[2]) for path in folder.glob("taken-*.jsonl")), default=0)
        waiting.rename(folder / f"taken-{number:06d}.jsonl")


def _write(path: Path) -> int:
    brought = 0
    with transaction.atomic():
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                fields = json.loads(line)
                with transaction.atomic():
                    found = _TABLES[fields.pop("table")](fields)
            except (ValueError, KeyError, TypeError, DataError, IntegrityError):
                # Power went while it was written, or no table takes it: the lines after it are not to wait for ever.
                log.error("%s: line %s cannot be read and is kept in unreadable.jsonl", path.name, number)
                with (path.parent / "unreadable.jsonl").open("ab") as file:
                    file.write(line + b"\n")
                continue
            brought += found
    return brought


def _event(fields: dict[str, Any]) -> bool:
    subject, by = fields.pop("subject"), fields.pop("by")
    if through := fields.pop("through", ""):
        subject = apps.get_model(through)._base_manager.filter(pk=subject).values("application")[:1]
    application = Application.objects.filter(pk=subject).first()
    if application is None or (by is not None and not User.objects.filter(pk=by).exists()):
        return False
    fields |= {name: datetime.fromisoformat(fields[name]) for name in ("arrived_at", "ended_at")}
    key = {name: fields[name] for name in ("arrived_at", "ended_at", "kind", "outcome")}
    if Event.objects.filter(application=application, by=by, **key).exists():
        return False
    Event.objects.create(application=application, call_id=application.call_id, by_id=by, **fields)
    return True


def _reading(fields: dict[str, Any]) -> bool:
    at = datetime.fromisoformat(fields.pop("at"))
    if ProbeReading.objects.filter(at=at, what=fields["what"]).exists():
        return False
    ProbeReading.objects.create(at=at, **fields)
    return True


_TABLES: dict[str, Callable[[dict[str, Any]], bool]] = {"event": _event, "reading": _reading}


def _folder() -> Path:
    folder = settings.VAR / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _is_still(path: Path, file: IO[bytes]) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
