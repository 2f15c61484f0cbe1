"""The probe: from outside the web process, how long the service takes to answer, so that a slow last hour leaves numbers.

Three things are measured, one after the other: ``door`` (a page over HTTP, through the same address as people), ``database``
(a row written and taken back) and ``storage`` (a few bytes put, read and removed). A measure never raises: what went
wrong is its detail. When the database does not take the readings they wait in a file (``applications.evidence.aside``).
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, transaction
from django.urls import reverse

from applications.evidence.aside import set_aside
from applications.evidence.incidents import Reading
from applications.models import CompletionRequest, ProbeReading
from bando import clock
from bando.models import Call
from bando.states import CallState

log = logging.getLogger(__name__)

BEFORE, AFTER = timedelta(hours=6), timedelta(hours=1)
"""Around a deadline the probe measures closely: from before people gather until the last ones were told that it is over."""

CALMLY = timedelta(minutes=1)
"""How often it measures while a call is open and its deadline is far: enough to know what is usual."""

PATIENCE = 10
"""Seconds after which the front door counts as not answering."""


def pace(at: datetime, *, closely: timedelta, before: timedelta = BEFORE) -> timedelta | None:
    """How long from one round to the next; ``None`` when there is nothing to measure, no call being open. Raises what the
    database answers."""
    near = (at - AFTER, at + before)
    published = Call.objects.filter(state=CallState.PUBLISHED)
    if published.filter(closes_at__range=near).exists():
        return closely
    if CompletionRequest.objects.filter(due_at__range=near, closed_at=None).exists():
        return closely
    return CALMLY if published.open(at).exists() else None


def measure(address: str) -> list[Reading]:
    """One round. ``address`` is that of the site, as people write it."""
    asks = {"door": lambda: _ask_the_door(address), "database": _ask_the_database, "storage": _ask_the_storage}
    return [_measured(what, ask) for what, ask in asks.items()]


def keep(readings: list[Reading]) -> None:
    """Keep a round: in the table, or in a file while the database is away. Never raises."""
    try:
        ProbeReading.objects.bulk_create(
            ProbeReading(what=reading.what, at=reading.at, took_us=reading.took_us, ok=reading.ok, detail=reading.detail)
            for reading in readings
        )
    except Error:
        log.warning("the database does not take the readings: they wait in a file")
        for reading in readings:
            _set_aside(reading)


def _set_aside(reading: Reading) -> None:
    fields = {"what": reading.what, "at": reading.at, "took_us": reading.took_us, "ok": reading.ok, "detail": reading.detail}
    try:
        set_aside("reading", fields)
    except OSError:
        log.exception("a reading is lost: %s at %s", reading.what, reading.at)


def _measured(what: str, ask: Callable[[], None]) -> Reading:
    at, begun, detail = clock.now(), time.monotonic_ns(), ""
    try:
        ask()
    except Exception as error:  # whatever it was, it is what was measured
        detail = f"{type(error).__name__}: {error}"[:300]
    return Reading(at, what, (time.monotonic_ns() - begun) // 1000, not detail, detail)


def _ask_the_door(address: str) -> None:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError(f"{address} is no address of a site")
    opener = build_opener(ProxyHandler({}))  # straight to the door: a proxy of this machine is not what people use
    with opener.open(f"{address}{reverse('health')}", timeout=PATIENCE) as answer:
        said = answer.read(100)
        if (answer.status, said) != (200, b"ok"):
            raise ValueError(f"{answer.status} {said!r}")


def _ask_the_database() -> None:
    with transaction.atomic():
        ProbeReading.objects.create(what="trial", at=clock.now(), took_us=0, ok=True)
        transaction.set_rollback(True)


def _ask_the_storage() -> None:
    content = uuid.uuid4().hex.encode()
    name = default_storage.save(f"probe/{uuid.uuid4()}", ContentFile(content))
    try:
        with default_storage.open(name) as file:
            if file.read() != content:
                raise ValueError("the storage gives back other bytes")
    finally:
        default_storage.delete(name)
