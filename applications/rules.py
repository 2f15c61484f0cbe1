"""What may be done to an application, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.rules import names, represents, who_represents
from applications.models import Application
from applications.progress import missing
from applications.states import ENDED_BEFORE_RECEIPT, ApplicationState
from bando.deadlines import LONGEST_UNDER_WAY, ROME, Phase
from bando.models import Call
from bando.states import CallState
from bando.templatetags.bando_ui import instant, quoted
from workflow.transition import Attempt


def acts_for_the_body(attempt: Attempt) -> str | None:
    """Only people of the body write its application: whatever their role."""
    body = attempt.row.organisation_id
    if attempt.by is None or not Membership.objects.filter(organisation_id=body, user=attempt.by).exists():
        return _("Lo può fare solo chi rappresenta l'ente.")
    return None


def sends_for_the_body(attempt: Attempt) -> str | None:
    """What binds the body (sending, withdrawing, declaring, answering a request to complete) is done by who represents it: by
    law, or by a power of attorney (art. 38 c. 3-bis and artt. 46-47 D.P.R. 445/2000). Nobody sends a preview."""
    body = attempt.row.organisation
    if attempt.by is None or represents(attempt.by, body):
        return None
    if those := who_represents(body):
        return _(
            "Con il tuo ruolo prepari la domanda, ma non la invii. Può farlo %(names)s: chiedi di accedere, rileggere e inviare."
        ) % {"names": names(those)}
    return _(
        "Può inviare solo il legale rappresentante o un delegato con procura, e per l'ente non ce n'è ancora uno: invitalo dalla "
        "pagina dell'ente."
    )


def call_is_open(attempt: Attempt) -> str | None:
    """In time if and only if it arrived at or before the deadline, to the microsecond."""
    call = attempt.row.call
    match call.phase(attempt.at):
        case Phase.OPEN:
            return None
        case Phase.BEFORE:
            return _("L'avviso non è ancora aperto: puoi preparare la bozza e inviarla dopo l'apertura.")
        case Phase.CLOSED:
            return _("Il termine è scaduto: la domanda non si può più inviare.")
    if call.state == CallState.REVOKED:
        return _("L'avviso è stato revocato: non riceve più domande.")
    return _("L'avviso non riceve domande.")


def call_takes_drafts(attempt: Attempt) -> str | None:
    """Drafts are written until the deadline, before the opening too."""
    call = attempt.row.call
    if call.state == CallState.REVOKED:
        return _("L'avviso è stato revocato: le domande non si cambiano più.")
    if call.state != CallState.PUBLISHED or call.phase(attempt.at) is Phase.CLOSED:
        return _("Il termine è scaduto: %(deadline)s. Non si può più scrivere né caricare niente.") % {
            "deadline": instant(call.closes_at)
        }
    return None


def still_with_the_body(attempt: Attempt) -> str | None:
    """What was withdrawn, or is already being examined, is only read."""
    if attempt.row.state == ApplicationState.WITHDRAWN:
        return _("Hai ritirato questa domanda: si può solo leggere. Se vuoi partecipare, iniziane una nuova.")
    if attempt.row.state not in {ApplicationState.DRAFT, ApplicationState.SUBMITTED}:
        return _("L'ufficio sta già lavorando su questa domanda: si può solo leggere.")
    return None


def against_writing(application: Application, *, by: Any, at: datetime) -> str | None:
    """Why ``by`` can't write in ``application`` at ``at``; ``None`` when it is possible. Writing is no act of the
    procedure and leaves no step, so it is no row of the table."""
    attempt = Attempt(application, by, at)
    return acts_for_the_body(attempt) or still_with_the_body(attempt) or call_takes_drafts(attempt)


def against_starting(application: Application, *, by: Any, at: datetime) -> str | None:
    """Why the unsaved ``application`` can't be started; ``None`` when it can."""
    attempt = Attempt(application, by, at)
    return acts_for_the_body(attempt) or call_takes_drafts(attempt) or no_other_application(attempt)


def against_drafts(call: Call, *, at: datetime) -> str | None:
    """Why nobody can start or write an application for ``call`` at ``at``; ``None`` when it is possible."""
    return call_takes_drafts(Attempt(Application(call=call), None, at))


def no_other_application(attempt: Attempt) -> str | None:
    """One application per body and area; a withdrawn one does not count."""
    row = attempt.row
    others = Application.objects.filter(call_id=row.call_id, area_code=row.area_code, organisation_id=row.organisation_id)
    if others.exclude(state=ApplicationState.WITHDRAWN).exists():
        return _("«%(body)s» ha già una domanda per questa area: continua quella.") % {"body": row.organisation}
    return None


def call_has_closed(attempt: Attempt) -> str | None:
    """Nobody in the office opens a proposal while others can still write theirs."""
    if attempt.row.call.window.phase(attempt.at) is not Phase.CLOSED:
        return _("L'avviso non è ancora scaduto: le domande si aprono dopo la scadenza.")
    return None


def call_goes_on(attempt: Attempt) -> str | None:
    """Nobody is admitted to a call that was revoked, nor turned away from it."""
    if attempt.row.call.state == CallState.REVOKED:
        return _("L'ufficio ha revocato l'avviso: le domande non hanno seguito.")
    return None


def everything_has_landed(attempt: Attempt) -> str | None:
    """A check that begins at once would shut out an application that arrived in time and is still being written."""
    landed = attempt.row.call.closes_at + LONGEST_UNDER_WAY
    if attempt.row.call.window.phase(attempt.at) is Phase.CLOSED and attempt.at <= landed:
        return _("Una domanda arrivata in tempo può essere ancora in registrazione: comincia la verifica dopo le %(time)s.") % {
            "time": landed.astimezone(ROME).strftime("%H:%M")
        }
    return None


def is_complete(attempt: Attempt) -> str | None:
    """Every section and every required attachment is there."""
    if gaps := missing(attempt.row):
        names = quoted(gap.title for gap in gaps)
        return ngettext(
            "Non puoi ancora inviare: manca %(names)s.", "Non puoi ancora inviare. Mancano: %(names)s.", len(gaps)
        ) % {"names": names}
    return None


def check_is_finished(attempt: Attempt) -> str | None:
    """Each row of the formal check has a verdict."""
    if attempt.row.check_items.filter(verdict="").exists():
        return _("La verifica non è finita: scegli un esito per ogni requisito.")
    return None


def every_requirement_is_met(attempt: Attempt) -> str | None:
    if attempt.row.check_items.filter(verdict="not_met").exists():
        return _("C'è un requisito non conforme: una domanda così non si ammette.")
    return None


def nothing_is_under_reserve(attempt: Attempt) -> str | None:
    if attempt.row.check_items.filter(verdict="reserve").exists():
        return _("C'è un punto con riserva: ammetti la domanda con riserva, oppure cambia l'esito di quel punto.")
    return None


def something_is_under_reserve(attempt: Attempt) -> str | None:
    """A reserve is about a point of the check, and its note says what is missing there."""
    notes = [note for (note,) in attempt.row.check_items.filter(verdict="reserve").values_list("note")]
    if not notes:
        return _("Nessun punto è con riserva: segna «Con riserva» quello che aspetti ancora.")
    if not all(note.strip() for note in notes):
        return _("Scrivi nella nota di ogni punto con riserva che cosa manca ancora.")
    return None


def a_reserve_stands(attempt: Attempt) -> str | None:
    if not attempt.row.reserve:
        return _("Questa domanda non ha nessuna riserva da sciogliere.")
    return None


def some_requirement_is_not_met(attempt: Attempt) -> str | None:
    if not attempt.row.check_items.filter(verdict="not_met").exists():
        return _("Nessun requisito è segnato non conforme: per non ammettere, segna quello che manca.")
    return None


def no_check_has_begun(attempt: Attempt) -> str | None:
    """Who applies is secret until the deadline. Once the office has taken an application in hand, new ones would be
    written when the others are already known, and the terms would not be equal for all."""
    begun = Application.objects.filter(call=attempt.row).exclude(state__in=[*ENDED_BEFORE_RECEIPT, ApplicationState.SUBMITTED])
    if begun.exists():
        return _(
            "La verifica delle domande è già cominciata: riaprire i termini non sarebbe uguale per tutti. Se serve, revoca "
            "l'avviso con un atto motivato e pubblicane un altro."
        )
    return None
