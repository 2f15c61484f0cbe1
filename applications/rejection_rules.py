"""What stands against a notice of rejection, the observations on it and the rejection: ``None`` or a sentence to act on.

Before it rejects, the office tells the reasons and waits for observations; the rejection says why those were not accepted
(art. 10-bis L. 241/1990). The article leaves competitive procedures out, so each call says whether it applies it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import RejectionNotice
from applications.rejection import is_open, standing_notice, waiting_for_observations
from applications.rules import acts_for_the_body, call_goes_on
from applications.states import ApplicationState
from bando.templatetags.bando_ui import instant
from workflow.transition import Attempt


def no_notice_waits(attempt: Attempt) -> str | None:
    """Nothing is decided while the body may still say why the reasons do not hold."""
    if notice := waiting_for_observations(attempt.row, attempt.at):
        return _(
            "L'ente può ancora scrivere le sue osservazioni sul preavviso di rigetto n. %(number)s, fino a %(due)s: aspetta, "
            "oppure ritira il preavviso."
        ) % {"number": notice.number, "due": instant(notice.due_at)}
    return None


def the_call_gives_notice(attempt: Attempt) -> str | None:
    if not attempt.row.call.notice.formal_check.rejection_notice:
        return _("Questo avviso non prevede il preavviso di rigetto: non ammettere la domanda con il suo motivo.")
    return None


def the_notice_has_run(attempt: Attempt) -> str | None:
    """Where the call gives notice, a rejection follows one whose term has passed or that was observed."""
    if not attempt.row.call.notice.formal_check.rejection_notice:
        return None
    if standing_notice(attempt.row) is None:
        return _("Questo avviso prevede il preavviso di rigetto: manda prima i motivi all'ente e aspetta le sue osservazioni.")
    return no_notice_waits(attempt)


def the_observations_are_answered(attempt: Attempt) -> str | None:
    """Asked before the answer is typed, there is nothing against it."""
    if "answer" not in attempt.data:
        return None
    notice = standing_notice(attempt.row)
    if notice is not None and notice.observed_at is not None and not attempt.data["answer"].strip():
        return _("Scrivi perché le osservazioni dell'ente non sono accolte: senza, il rigetto non regge.")
    return None


def the_notice_is_open(attempt: Attempt) -> str | None:
    """In time if and only if they arrived at or before the term, to the microsecond."""
    notice: RejectionNotice = attempt.data["notice"]
    if notice.closed_at is not None:
        return _("L'ufficio ha ritirato questo preavviso: non servono osservazioni.")
    if notice.observed_at is not None:
        return _("Le osservazioni sono già arrivate: %(at)s.") % {"at": instant(notice.observed_at)}
    if not is_open(notice, attempt.at):
        return _("Il termine per le osservazioni è scaduto: %(due)s.") % {"due": instant(notice.due_at)}
    return None


def the_notice_stands(attempt: Attempt) -> str | None:
    """A notice is taken back whenever its reasons turn out not to hold: while it waits, and after the observations too."""
    if attempt.data["notice"].closed_at is not None:
        return _("Questo preavviso è già stato ritirato.")
    return None


def something_is_observed(attempt: Attempt) -> str | None:
    if "text" in attempt.data and not attempt.data["text"].strip():
        return _("Scrivi le osservazioni: il testo è vuoto.")
    return None


def against_observing(notice: RejectionNotice, *, by: Any, at: datetime) -> str | None:
    """Why ``by`` can't write the observations on ``notice`` at ``at``; ``None`` when it is possible. Writing leaves no step, so
    it is no row of the table."""
    attempt = Attempt(notice.application, by, at, data={"notice": notice})
    return acts_for_the_body(attempt) or call_goes_on(attempt) or _is_being_checked(attempt) or the_notice_is_open(attempt)


def _is_being_checked(attempt: Attempt) -> str | None:
    if attempt.row.state != ApplicationState.CHECKING:
        return _("La verifica della domanda è finita: non si possono più scrivere osservazioni.")
    return None
