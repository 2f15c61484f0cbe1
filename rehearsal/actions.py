"""Asking for a rehearsal, calling it off, and the work of the process that runs those that were asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from bando.notice.canonical import notice_hash
from bando.notice_yaml import load_notice
from rehearsal.apart import Failed, Order, Stopped, rehearse
from rehearsal.forms import LEAST, MOST, USUAL
from rehearsal.models import Rehearsal
from rehearsal.states import RehearsalState as S
from workflow.duties import owe
from workflow.transition import Refused

START = "rehearsal.start"
EVERY = timedelta(seconds=1)
"""How often the row is written while a rehearsal runs."""


def request(*, text: str, slug: str = "", by: User, at: datetime, bodies: int = USUAL, seed: int = 1) -> Rehearsal:
    """Ask for a rehearsal of the document ``text``; ``slug`` is that of its call when it has one already.

    Raises ``bando.notice_yaml.DocumentFaults`` for a document that does not hold together, and :class:`Refused`."""
    if not by.is_official:
        raise Refused([_("Lo può fare solo chi lavora nell'ufficio.")])
    if not LEAST <= bodies <= MOST:
        raise Refused([_("Scegli da %(least)s a %(most)s enti.") % {"least": LEAST, "most": MOST}])
    notice = load_notice(text)
    with transaction.atomic():
        row = Rehearsal.objects.create(
            slug=slug or notice.id,
            title=notice.title,
            text=text,
            sha256=notice_hash(notice),
            bodies=bodies,
            seed=seed,
            requested_by=by,
            requested_at=at,
        )
        owe(START, row.pk, at=at)
    return row


def cancel(row: Rehearsal, *, by: User, at: datetime) -> None:
    """Call it off: its process hears of it within a second or two. Raises :class:`Refused` when it is over."""
    if not by.is_official:
        raise Refused([_("Lo può fare solo chi lavora nell'ufficio.")])
    waiting = Rehearsal.objects.filter(pk=row.pk, state__in=[S.WAITING, S.RUNNING])
    if not waiting.update(state=S.CANCELLED, finished_at=at):
        raise Refused([_("Questa prova è già finita.")])


def start(at: datetime) -> bool:
    """Start the process that runs what is asked for, unless one is alive: it goes on by itself to the next."""
    bury(at)
    # Whoever runs one looks for the next only after its own is over: what waits now is seen then.
    states = set(Rehearsal.objects.filter(state__in=[S.RUNNING, S.WAITING]).values_list("state", flat=True))
    if states != {S.WAITING}:
        return False
    subprocess.Popen(  # its own session: the end of the worker is not its end
        [sys.executable, "manage.py", "rehearse", "--waiting"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "bando.settings")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return True


def bury(at: datetime) -> int:
    """What has not been heard of for a minute is over, and says so."""
    return Rehearsal.objects.silent(at).update(
        state=S.FAILED, finished_at=at, error=_("Il processo della prova non risponde più.")
    )


def run_waiting(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Run what is asked for, the oldest first, until nothing waits; answers how many were run."""
    count = 0
    while (row := _take(clock())) is not None:
        _run(row, clock)
        count += 1
    return count


def _take(at: datetime) -> Rehearsal | None:
    bury(at)
    try:
        with transaction.atomic():
            row = Rehearsal.objects.select_for_update().filter(state=S.WAITING).order_by("requested_at", "pk").first()
            if row is None:
                return None
            row.state, row.started_at, row.heard_at = S.RUNNING, at, at
            row.save(update_fields=["state", "started_at", "heard_at"])
            return row
    except IntegrityError:  # another process runs one: it will go on to the next
        return None


def _run(row: Rehearsal, clock: Callable[[], datetime]) -> None:
    heard = [clock()]

    def told(progress: dict[str, Any]) -> bool:
        at = clock()
        if at - heard[0] < EVERY:
            return True
        heard[0] = at
        # No row is touched by one that was called off meanwhile.
        return bool(Rehearsal.objects.filter(pk=row.pk, state=S.RUNNING).update(progress=progress, heard_at=at))

    try:
        report = rehearse(Order(row.text, row.bodies, row.seed), told=told)
    except Stopped:
        return
    except Failed as failed:
        _finish(row, state=S.FAILED, error=str(failed), finished_at=clock())
    else:
        _finish(row, state=S.DONE, report=report.to_json(), finished_at=clock())


def _finish(row: Rehearsal, **columns: Any) -> None:
    Rehearsal.objects.filter(pk=row.pk, state=S.RUNNING).update(**columns)
