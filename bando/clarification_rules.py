"""What may be asked and answered of a call, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.deadlines import in_utc
from bando.models import Call, Clarification, Enquiry
from bando.states import CallState
from bando.templatetags.bando_ui import instant
from workflow.transition import Attempt

MOST_WAITING = 20
"""Questions of one person on one call that may wait at the same time."""


def questions_close(call: Call) -> datetime:
    """The call's own term for questions; without one, its deadline. It belongs to the time in which one can ask."""
    return call.notice.calendar.questions_until or call.closes_at


def against_asking_now(call: Call, *, at: datetime) -> str | None:
    """Why nobody can ask at ``at``."""
    if call.state == CallState.DRAFT:
        return _("L'avviso non è ancora pubblicato: si può chiedere dopo la pubblicazione.")
    closes = questions_close(call)
    if in_utc(at) > in_utc(closes):
        return _("Il termine per fare domande è passato: %(at)s. Le risposte restano in questa pagina.") % {
            "at": instant(closes)
        }
    if call.state == CallState.REVOKED:
        return _("L'avviso è revocato: non si possono più fare domande. Le risposte restano in questa pagina.")
    if call.state != CallState.PUBLISHED:
        return _("L'avviso è concluso: non si possono più fare domande. Le risposte restano in questa pagina.")
    return None


def against_asking(call: Call, *, by: Any, at: datetime) -> str | None:
    """Why ``by`` can't ask at ``at``. A question is no act of the procedure and leaves no step, so it is no row of the
    table."""
    if against := against_asking_now(call, at=at):
        return against
    if Enquiry.objects.waiting().filter(call=call, asked_by=by).count() >= MOST_WAITING:
        return ngettext(
            "Hai già %(n)s domanda in attesa. Aspetta la risposta prima di farne un'altra.",
            "Hai già %(n)s domande in attesa. Aspetta qualche risposta prima di farne un'altra.",
            MOST_WAITING,
        ) % {"n": MOST_WAITING}
    return None


def explains_and_does_not_change(attempt: Attempt) -> str | None:
    """A clarification cannot change the rules of the call: that takes an amendment (Cons. Stato 64/2022). Who
    answers says so; the record of the act keeps it. Before there is an answer there is nothing to say."""
    if attempt.data and not attempt.data["explains_only"]:
        return _(
            "Conferma che la risposta spiega le regole e non le cambia. Se le cambia, non basta un chiarimento: serve una "
            "modifica dell'avviso."
        )
    return None


def its_replacement_is_the_first(attempt: Attempt) -> str | None:
    """A clarification is replaced once; what replaced it may be replaced in its turn."""
    old = attempt.data.get("replaces")
    newer = Clarification.objects.filter(replaces=old).first() if old else None
    if newer:
        return _("Il chiarimento n. %(old)s è già sostituito dal n. %(new)s: sostituisci quello.") % {
            "old": old.number,
            "new": newer.number,
        }
    return None


def against_setting_aside(enquiry: Enquiry, *, by: Any, reason: str) -> str | None:
    """Why ``by`` can't set ``enquiry`` aside."""
    if not by.is_official:
        return _("Lo può fare solo chi lavora nell'ufficio.")
    if enquiry.clarification_id:
        return _("Questo quesito ha già una risposta.")
    if enquiry.set_aside_at:
        return _("Questo quesito è già messo da parte.")
    if not reason.strip():
        return _("Scrivi il motivo: lo legge chi ha fatto la domanda.")
    return None
