"""Applications in the hands of the office, in a call that gives a term to the check and notice of a rejection."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import bando.actions
from accounts.models import User
from applications import checking
from applications.checking import Entry, Verdict
from applications.models import Application
from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Call
from tests.builders import DEADLINE, NOTICES, PUBLISHED, _read, official, submitted_application

TAKEN = DEADLINE + timedelta(minutes=10, microseconds=1)
"""As soon as the office may take an application in hand."""
LATER = rome(2021, 10, 20, 9, 30)
OPEN = Verdict("", "")
MET, NOT_MET = Verdict("met", ""), Verdict("not_met", "Manca una firma.")
RESERVE = Verdict("reserve", "Aspettiamo l'iscrizione al RUNTS.")


def call_with(*, days: int | None = 30, notice: bool = True, clock: str = "suspends") -> Call:
    """The call of 2021, as if it gave ``days`` to the check and, with ``notice``, announced rejections for ten days."""
    said = f"formal_check: {{rejection_notice: {str(notice).lower()}, rejection_days: 10, clock: {clock}"
    said += f", days: {days}}}\n" if days else "}\n"
    with patch.object(bando.actions, "load_notice", _read):
        call = load(f"{(NOTICES / 'spazi-wemi-2021.yaml').read_text()}\n{said}", at=PUBLISHED)
    publish(call, by=official(), at=PUBLISHED)
    return Call.objects.with_notice().get(pk=call.pk)


def taken(call: Call | None = None, *, by: User | None = None) -> tuple[Application, User]:
    """An application in the hands of the office, and the official who took it."""
    application, by = submitted_application(call), by or official()
    checking.start_check(application, by=by, at=TAKEN)
    return Application.objects.with_call().get(pk=application.pk), by


def judge(application: Application, by: User, *, but: dict[str, Verdict] | None = None) -> None:
    """Met on every point that is open, but on those of ``but``."""
    codes = list(application.check_items.filter(verdict="").values_list("code", flat=True))
    given = dict.fromkeys(codes, MET) | (but or {})
    checking.save_verdicts(application, {code: Entry(OPEN, verdict) for code, verdict in given.items()}, by=by, at=LATER)
