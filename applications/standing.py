"""Where an application stands at a moment, in words that nobody can take for something else.

The worst misunderstanding is a draft taken for something that was sent: every page of the applicant says which it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from applications.completion import waiting_for_an_answer
from applications.confirming import must_confirm, to_confirm_because_of
from applications.models import Application
from applications.progress import changed_since_sent
from applications.rejection import waiting_for_observations
from applications.states import ApplicationState
from bando.deadlines import ROME, Phase
from bando.states import CallState
from bando.templatetags.bando_ui import day, instant


@dataclass(frozen=True, slots=True)
class Standing:
    """``kind`` as ``components/callout.html`` reads it (note, success, warning, danger)."""

    kind: str
    title: str
    body: str


def standing(application: Application, at: datetime) -> Standing:
    """For the people of the body. No query when ``with_call``, ``drafts``, ``attachments``, ``completion_requests__answer`` and
    ``rejection_notices`` were fetched and the call did
    not change after the sending; two when it did."""
    if application.state == ApplicationState.WITHDRAWN:
        return Standing("danger", _("Domanda ritirata"), _("Hai ritirato questa domanda: non partecipa più all'avviso."))
    if application.call.state == CallState.REVOKED:
        return Standing("danger", _("Avviso revocato"), _("L'ufficio ha revocato l'avviso: le domande non hanno seguito."))
    if application.state == ApplicationState.DRAFT:
        return _of_a_draft(application, at)
    if application.state == ApplicationState.SUBMITTED:
        return _of_what_was_sent(application, at)
    if application.state == ApplicationState.CHECKING and (notice := waiting_for_observations(application, at)):
        return Standing(
            "warning",
            _("Preavviso di rigetto"),
            _("L'ufficio pensa di non ammettere la domanda e ti dice perché. Puoi rispondere fino a %(due)s.")
            % {"due": instant(notice.due_at)},
        )
    if application.state == ApplicationState.CHECKING and (asked := waiting_for_an_answer(application, at)):
        if asked.paused_at:
            return Standing(
                "note",
                _("Completa la domanda: il termine è sospeso"),
                _("Puoi già rispondere. Il termine riprende quando l'ufficio te lo scrive."),
            )
        return Standing(
            "warning",
            _("Completa la domanda"),
            _("L'ufficio ti chiede di completarla. Non hai ancora risposto: hai tempo fino a %(due)s.")
            % {"due": instant(asked.due_at)},
        )
    if application.has_reserve:
        return Standing(
            "warning",
            _("Domanda %(number)s: %(state)s, con riserva")
            % {"number": application.number, "state": application.get_state_display().lower()},
            _("L'ufficio aspetta ancora: %(reserve)s") % {"reserve": application.reserve},
        )
    if application.state in (ApplicationState.EVALUATED, ApplicationState.RANKED):
        return Standing(
            "note",
            _("Domanda %(number)s: valutata") % {"number": application.number},
            _("La commissione ha finito. L'esito definitivo viene con la pubblicazione della graduatoria."),
        )
    return Standing(
        "note",
        _("Domanda %(number)s: %(state)s") % {"number": application.number, "state": application.get_state_display().lower()},
        _("L'abbiamo ricevuta: %(moment)s.") % {"moment": instant(application.sent_in_time.arrived_at)},
    )


def _of_a_draft(application: Application, at: datetime) -> Standing:
    deadline = instant(application.call.closes_at)
    match application.call.window.phase(at):
        case Phase.CLOSED:
            return Standing(
                "danger",
                _("Domanda non inviata"),
                _("Il termine è scaduto: %(deadline)s. La bozza non è stata inviata e non partecipa. Puoi ancora leggerla.")
                % {"deadline": deadline},
            )
        case Phase.BEFORE:
            return Standing(
                "warning",
                _("Domanda non ancora inviata"),
                _(
                    "È una bozza: l'ufficio non la vede. Puoi inviarla dall'apertura, %(opening)s, fino alla scadenza, %(deadline)s."
                )
                % {"opening": instant(application.call.opens_at), "deadline": deadline},
            )
    return Standing(
        "warning",
        _("Domanda non ancora inviata"),
        _("È una bozza: l'ufficio non la vede. Per partecipare inviala entro la scadenza: %(deadline)s.")
        % {"deadline": deadline},
    )


def _of_what_was_sent(application: Application, at: datetime) -> Standing:
    facts = {
        "number": application.number,
        "moment": instant(application.current.arrived_at),
        "deadline": instant(application.call.closes_at),
    }
    closed = application.call.window.phase(at) is Phase.CLOSED
    if must_confirm(application):
        return _of_what_waits_to_be_confirmed(application, facts, closed=closed)
    changed = changed_since_sent(application)
    if changed and closed:
        return Standing(
            "success",
            _("Vale la domanda inviata"),
            _(
                "Il termine è scaduto. Vale la domanda %(number)s che hai inviato: %(moment)s. Le modifiche fatte dopo non contano."
            )
            % facts,
        )
    if changed:
        return Standing(
            "warning",
            _("Hai cambiato la domanda dopo l'invio"),
            _("Vale quella inviata (%(moment)s) finché non invii di nuovo. Puoi farlo entro la scadenza: %(deadline)s.")
            % facts,
        )
    if closed:
        return Standing(
            "success",
            _("Domanda inviata"),
            _("L'abbiamo ricevuta in tempo: %(moment)s. Il numero è %(number)s.") % facts,
        )
    return Standing(
        "success",
        _("Domanda inviata"),
        _("L'abbiamo ricevuta: %(moment)s. Il numero è %(number)s. Puoi cambiarla e inviarla di nuovo fino alla scadenza.")
        % facts,
    )


def _of_what_waits_to_be_confirmed(application: Application, facts: dict[str, str], *, closed: bool) -> Standing:
    """The call changed what was answered: the person is told that it was the call, and what their application is worth."""
    cause = to_confirm_because_of(application)[-1]
    facts = facts | {
        "cause": _("rettifica n. %(number)s, %(day)s") % {"number": cause.number, "day": day(cause.at.astimezone(ROME))},
        "version": application.current.call_version.number,
    }
    if closed:
        return Standing(
            "warning",
            _("Domanda inviata e non confermata"),
            _(
                "L'avviso è cambiato dopo l'invio (%(cause)s) e la domanda non è stata confermata entro la scadenza: "
                "%(deadline)s. Resta ricevuta come l'hai inviata (%(moment)s, numero %(number)s): l'ufficio giudica nella "
                "verifica che cosa conta di quello che è cambiato."
            )
            % facts,
        )
    return Standing(
        "warning",
        _("Conferma la domanda"),
        _(
            "L'avviso è cambiato dopo l'invio (%(cause)s), in qualcosa a cui hai risposto. Rileggi la domanda e inviala di nuovo "
            "entro la scadenza: %(deadline)s. Fino ad allora vale quella inviata (%(moment)s, numero %(number)s), con la "
            "versione %(version)s dell'avviso."
        )
        % facts,
    )
