"""What may be done to a call, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import Phase, day_in_rome
from bando.models import Call
from bando.notice.publishable import publishable_faults
from workflow.transition import Attempt


def is_official(attempt: Attempt) -> str | None:
    """The office runs the procedure."""
    if attempt.by is None or not attempt.by.is_official:
        return _("Lo può fare solo chi lavora nell'ufficio.")
    return None


def still_to_close(attempt: Attempt) -> str | None:
    """A call is published while somebody can still answer it."""
    if attempt.row.window.phase(attempt.at) is Phase.CLOSED:
        return _("La scadenza dell'avviso è già passata: cambiala prima di pubblicare.")
    return None


def notice_is_whole(attempt: Attempt) -> str | None:
    """The document says all that a public notice owes."""
    faults = publishable_faults(attempt.row.notice)
    return _("Nel documento dell'avviso %(faults)s.") % {"faults": "; ".join(map(str, faults))} if faults else None


def it_is_what_was_read(attempt: Attempt) -> str | None:
    """Whoever publishes from a page publishes the rules that the page showed (``shown``, a hash), and not those that a
    colleague prepared while it was open."""
    shown = attempt.data.get("shown")
    if shown is not None and shown != attempt.row.version.sha256:
        return _(
            "L'avviso è stato preparato di nuovo dopo che hai aperto questa pagina: adesso leggi la versione nuova, con la "
            "sua impronta. Rileggila e pubblica di nuovo."
        )
    return None


def has_closed(attempt: Attempt) -> str | None:
    """What follows the deadline waits for it: nobody reads a proposal while others can still write theirs (D.M. 72/2021
    puts the appointment of the commission after the deadline too)."""
    if attempt.row.window.phase(attempt.at) is not Phase.CLOSED:
        return _("L'avviso non è ancora scaduto: si può fare dopo la scadenza.")
    return None


def the_act_is_stated(attempt: Attempt) -> str | None:
    """The number and the date of the act, not in the future. Asked before they are typed, there is nothing against it."""
    if "act_number" not in attempt.data:
        return None
    if not str(attempt.data["act_number"]).strip():
        return _("Scrivi il numero dell'atto.")
    if attempt.data["act_date"] is None:
        return _("Scrivi la data dell'atto.")
    if attempt.data["act_date"] > day_in_rome(attempt.at):
        return _("La data dell'atto è nel futuro. Torna qui quando l'atto è firmato.")
    return None


def the_act_follows_the_call(attempt: Attempt) -> str | None:
    """What comes of a call is approved after its deadline: an earlier day is a slip, and it would stay published. The row is
    the call, or has one."""
    call = attempt.row if isinstance(attempt.row, Call) else attempt.row.call
    day = attempt.data.get("act_date")
    if day is not None and day < day_in_rome(call.closes_at):
        return _("La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno.")
    return None
