"""What may be done to a report, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bando.deadlines import day_in_rome
from network.models import Report, ReportingTerm
from network.reporting import Missing
from network.states import ReportState
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
    Missing.QUARTERS: lambda days: (
        _("Invia prima il rendiconto del periodo %(days)s: il finale somma quelli dei trimestri.") % {"days": days}
    ),
    Missing.ASSETS: lambda title: _("Scrivi che cosa è stato comprato e dove resta; se niente, scrivi «niente»."),
    Missing.EVALUATION: lambda title: _("Scrivi che cosa ha funzionato e che cosa no."),
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


def the_quarters_are_approved(attempt: Attempt) -> str | None:
    """A final report adds up the quarters: it is approved when nothing in them can change any more."""
    if _is_final(attempt.row) and holding(attempt.row).exists():
        return _("Il finale somma i rendiconti dei trimestri: approva prima quelli.")
    return None


def the_final_is_not_sent(attempt: Attempt) -> str | None:
    """A quarter is sent, asked about or reopened before the final report that adds it up is sent, or once that is back with the
    body: what the office reads would change without a word."""
    final = None if _is_final(attempt.row) else holding(attempt.row).first()
    if final is None:
        return None
    if final.state == ReportState.APPROVED:
        return _("Il rendiconto finale è già approvato e somma anche questo: l'ufficio riapre prima il finale.")
    return _("Il rendiconto finale è già inviato e somma anche questo: l'ufficio chiede prima modifiche al finale.")


def holding(report: Report) -> QuerySet[Report]:
    """The reports of the same Spazio under the same agreement that wait for this one, or for which it waits: of a quarter the final
    report, once it is sent; of a final one the quarters that may still change."""
    others = Report.objects.filter(space=report.space_id, term__agreement=report.term.agreement_id).exclude(pk=report.pk)
    if _is_final(report):
        return others.filter(state__in=[ReportState.SENT, ReportState.REMARKED]).order_by("term__number")
    return others.filter(term__kind=ReportingTerm.Kind.FINAL, state__in=[ReportState.SENT, ReportState.APPROVED])


def _is_final(report: Report) -> bool:
    return report.term.kind == ReportingTerm.Kind.FINAL
