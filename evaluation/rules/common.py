"""What holds of every act of the evaluation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import ROME
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


def the_act_is_stated(attempt: Attempt) -> str | None:
    """The number and the date of the act, not in the future. Asked before they are typed, there is nothing against it."""
    if "act_number" not in attempt.data:
        return None
    if not str(attempt.data["act_number"]).strip():
        return _("Scrivi il numero dell'atto.")
    if attempt.data["act_date"] is None:
        return _("Scrivi la data dell'atto.")
    if attempt.data["act_date"] > attempt.at.astimezone(ROME).date():
        return _("La data dell'atto è nel futuro. Torna qui quando l'atto è firmato.")
    return None
