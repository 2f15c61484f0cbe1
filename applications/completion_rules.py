"""What stands against asking an application to be completed, and against the answer: ``None`` or a sentence to act on.

The office may ask to rectify what is wrong or incomplete (art. 6 c. 1 b L. 241/1990). The law fixes no number of days, so
each request states its own term; the same term for all is the office's care.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.completion import is_open, share_a_name, waiting_for_an_answer
from applications.models import CompletionRequest
from applications.rules import acts_for_the_body, call_goes_on
from applications.states import ApplicationState
from bando.templatetags.bando_ui import instant
from workflow.transition import Attempt


def no_request_waits(attempt: Attempt) -> str | None:
    """One request at a time: the body answers it whole, or its term passes."""
    request = waiting_for_an_answer(attempt.row, attempt.at)
    if request and request.paused_at:
        return _(
            "Il termine della richiesta di completamento n. %(number)s è sospeso: fallo riprendere e aspetta la risposta, oppure "
            "ritira la richiesta."
        ) % {"number": request.number}
    if request:
        return _(
            "L'ente può ancora rispondere alla richiesta di completamento n. %(number)s, fino a %(due)s: aspetta, oppure ritira "
            "la richiesta."
        ) % {"number": request.number, "due": instant(request.due_at)}
    return None


def something_is_asked(attempt: Attempt) -> str | None:
    if attempt.data and not (attempt.data["questions"] or attempt.data["files"]):
        return _("Spunta almeno una risposta o un file: si riapre solo quello che spunti.")
    return None


def it_fits_one_page(attempt: Attempt) -> str | None:
    """What is asked again is answered in one page, where each input has its name."""
    if attempt.data and (titles := share_a_name(attempt.row, attempt.data["questions"])):
        return _("«%(one)s» e «%(other)s» si chiedono in due richieste: per il programma hanno lo stesso nome.") % {
            "one": titles[0],
            "other": titles[1],
        }
    return None


def the_term_lies_ahead(attempt: Attempt) -> str | None:
    if attempt.data and attempt.data["due_at"] <= attempt.at:
        return _("Il termine deve venire dopo adesso: scegli un altro giorno o un'altra ora.")
    return None


def the_request_runs(attempt: Attempt) -> str | None:
    if attempt.data["request"].paused_at is not None:
        return _("Il termine di questa richiesta è già sospeso.")
    return None


def the_request_is_paused(attempt: Attempt) -> str | None:
    if attempt.data["request"].paused_at is None:
        return _("Il termine di questa richiesta non è sospeso.")
    return None


def the_request_is_open(attempt: Attempt) -> str | None:
    """In time if and only if it arrived at or before the term, to the microsecond."""
    request: CompletionRequest = attempt.data["request"]
    if request.closed_at is not None:
        return _("L'ufficio ha ritirato questa richiesta: non serve più rispondere.")
    if hasattr(request, "answer"):
        return _("Hai già risposto a questa richiesta: %(at)s.") % {"at": instant(request.answer.arrived_at)}
    if not is_open(request, attempt.at):
        return _("Il termine per rispondere è scaduto: %(due)s. Vale la domanda com'era.") % {"due": instant(request.due_at)}
    return None


def against_completing(request: CompletionRequest, *, by: Any, at: datetime) -> str | None:
    """Why ``by`` can't write in the answer to ``request`` at ``at``; ``None`` when it is possible. Writing leaves no step,
    so it is no row of the table."""
    attempt = Attempt(request.application, by, at, data={"request": request})
    return acts_for_the_body(attempt) or call_goes_on(attempt) or _is_being_checked(attempt) or the_request_is_open(attempt)


def _is_being_checked(attempt: Attempt) -> str | None:
    if attempt.row.state != ApplicationState.CHECKING:
        return _("La verifica della domanda è finita: non si può più completare.")
    return None
