"""What may be done to a report, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bando.deadlines import day_in_rome
from network.reporting import Missing
from workflow.transition import Attempt

WORDS = {
    Missing.VISITS: lambda title: _("Scrivi quante persone sono passate, anche se sono zero."),
    Missing.WORK: lambda title: _("Scrivi le ore di lavoro, almeno di un ruolo."),
    Missing.ACTIVITIES: lambda title: _("Racconta in breve che cosa è stato fatto."),
    Missing.OWN_BEYOND_SPENT: lambda title: (
        _("Alla voce «%(item)s» la parte portata dall'ente è più della spesa: correggi una delle due.") % {"item": title}
    ),
    Missing.BEYOND_BUDGET: lambda title: (
        _("Alla voce «%(item)s» la spesa supera il piano economico: scrivi perché.") % {"item": title}
    ),
}


def the_term_is_over(attempt: Attempt) -> str | None:
    """A report tells of whole days: it is sent when the last of them has passed."""
    last = attempt.row.term.last_day
    if day_in_rome(attempt.at) <= last:
        return _("Il periodo finisce il %(day)s: fino ad allora puoi scrivere, e inviare dal giorno dopo.") % {
            "day": f"{last:%d/%m/%Y}"
        }
    return None


def it_is_whole(attempt: Attempt) -> str | None:
    """Nothing is missing (``missing``, as ``network.reporting`` found it)."""
    found = attempt.data.get("missing", ())
    return " ".join(WORDS[what](title) for what, title in found) or None


def it_is_what_was_read(attempt: Attempt) -> str | None:
    """Whoever sends or approves does it to the version that the page showed (``seen``)."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != attempt.row.version:
        return _("Il rendiconto è cambiato dopo che hai aperto questa pagina: rileggilo, poi riprova.")
    return None


def remarks_are_answered(attempt: Attempt) -> str | None:
    if attempt.row.remarks.filter(answer="").exists():
        return _("Rispondi alle osservazioni dell'ufficio, poi invia di nuovo.")
    return None
