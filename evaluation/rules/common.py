"""What holds of every act of the evaluation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.models import Call
from bando.states import CallState
from evaluation.models import Session, Sheet
from workflow.transition import Attempt


def call_goes_on(attempt: Attempt) -> str | None:
    """Nothing is decided in a call that was revoked or has ended. The row is a ranking, an application, a session or a sheet."""
    row = attempt.row
    if isinstance(row, Session):
        return against_a_stopped_call(row.commission.call)
    return against_a_stopped_call(row.application.call if isinstance(row, Sheet) else row.call)


def against_a_stopped_call(call: Call) -> str | None:
    if call.state != CallState.PUBLISHED:
        return _("L'avviso è «%(state)s»: la valutazione è ferma.") % {"state": call.get_state_display()}
    return None


def against_an_ended_call(call: Call, sentence: str) -> str | None:
    """What follows an evaluation still moves when the call is concluded, and never once it was revoked. ``sentence`` says what
    doesn't, with the place ``%(state)s``."""
    if call.state in (CallState.PUBLISHED, CallState.RANKED):
        return None
    return sentence % {"state": call.get_state_display()}
