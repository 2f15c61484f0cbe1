"""What may be done to an accreditation or a service, and if not, why: ``None`` or a sentence that a person can act on."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from accounts.rules import names, represents, who_represents
from bando.deadlines import day_in_rome
from bando.templatetags.bando_ui import day
from network.catalogue_units import declared_units
from network.italian import same_words, telling_words
from network.models import Accreditation, AccreditationNotice, Service, Synonym
from network.rules.common import is_of_the_body
from network.states import AccreditationNoticeState, AccreditationState, ServiceState
from workflow.transition import Attempt

RENEWED_WITHIN = timedelta(days=90)
"""How long before the end of its accreditation a body may ask for the next one."""


def represents_the_body(attempt: Attempt) -> str | None:
    """Who represents the body declares and sends in its name; whoever else works for it writes (``accounts.rules``)."""
    if against := is_of_the_body(attempt):
        return against
    body = attempt.row.organisation
    if represents(attempt.by, body):
        return None
    if others := who_represents(body):
        return _("Lo invia solo chi rappresenta l'ente: chiedi a %(names)s.") % {"names": names(others)}
    return _(
        "Lo invia solo chi rappresenta l'ente. Nessuna delle sue persone ha questo ruolo: cambialo tra le persone dell'ente."
    )


def is_the_clock(attempt: Attempt) -> str | None:
    """What happens because its day has come, and nobody does."""
    return None if attempt.by is None else _("Succede da solo, il giorno dopo la scadenza.")


# The notice


def notice_is_whole(attempt: Attempt) -> str | None:
    notice: AccreditationNotice = attempt.row
    gaps = []
    if not notice.title.strip():
        gaps.append(_("il titolo"))
    if not notice.text.strip():
        gaps.append(_("che cosa dice"))
    if not notice.requirements:
        gaps.append(_("almeno un requisito"))
    return _("Prima di aprire scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)} if gaps else None


def closing_is_to_come(attempt: Attempt) -> str | None:
    if attempt.row.closes_at is not None and attempt.row.closes_at <= attempt.at:
        return _("Il giorno della chiusura è già passato: cambialo, oppure lascialo vuoto.")
    return None


def notice_is_a_draft(attempt: Attempt) -> str | None:
    """Bodies declare requirement by requirement: a notice that they have read stays as it is."""
    if attempt.row.state != AccreditationNoticeState.DRAFT:
        return _("L'avviso è già stato aperto: il testo e i requisiti non cambiano più. Chiudilo e scrivine uno nuovo.")
    return None


def notice_is_open(attempt: Attempt) -> str | None:
    """The row is the notice, or has one. The moment of the closing counts (``closes_at`` itself is in time)."""
    notice = attempt.row if isinstance(attempt.row, AccreditationNotice) else attempt.row.notice
    if not notice.is_open(attempt.at):
        return _("L'avviso di accreditamento non è aperto: guarda se ce n'è un altro.")
    return None


# An accreditation


def still_a_draft(attempt: Attempt) -> str | None:
    if attempt.row.state != AccreditationState.DRAFT:
        return _("La richiesta è già inviata. Per cambiarla, prima riprendila.")
    return None


def not_renewed_too_early(attempt: Attempt) -> str | None:
    """The row is an accreditation that is being asked for: the body has none that lasts for long yet."""
    today = day_in_rome(attempt.at)
    lasts = Accreditation.objects.in_force(today + RENEWED_WITHIN).filter(
        organisation=attempt.row.organisation, notice=attempt.row.notice
    )
    standing = lasts.exclude(pk=attempt.row.pk).order_by("-valid_until").first()
    if standing is None:
        return None
    return _("L'ente è accreditato fino al %(day)s. Puoi chiedere il rinnovo negli ultimi %(days)s giorni.") % {
        "day": day(standing.valid_until),
        "days": RENEWED_WITHIN.days,
    }


def it_was_read_as_it_is(attempt: Attempt) -> str | None:
    """Who sends has read what is sent: nobody wrote anything since the page was shown. Asked only of a page."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != declared_units(attempt.row, attempt.row.answers):
        return _("Nel frattempo qualcuno ha cambiato la richiesta: rileggila, poi inviala.")
    return None


def checks_were_read_as_they_are(attempt: Attempt) -> str | None:
    """Who decides has read what was found: nobody wrote anything since the page was shown. Asked only of a page."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != attempt.row.checks:
        return _("Nel frattempo qualcuno ha cambiato il controllo: rileggilo, poi decidi.")
    return None


def everything_is_declared(attempt: Attempt) -> str | None:
    """Each requirement is declared, with its file where the notice asks for one."""
    row: Accreditation = attempt.row
    files = set(row.files.values_list("code", flat=True))
    gaps = []
    for requirement in row.notice.requirements:
        if not row.answers.get(requirement["code"], {}).get("declared"):
            gaps.append(_("«%(title)s»: la dichiarazione") % requirement)
        if requirement["needs_file"] and requirement["code"] not in files:
            gaps.append(_("«%(title)s»: il file") % requirement)
    return _("Manca ancora: %(gaps)s.") % {"gaps": "; ".join(gaps)} if gaps else None


def nobody_checks_it_yet(attempt: Attempt) -> str | None:
    if attempt.row.checks:
        return _("L'ufficio ha già cominciato il controllo: aspetta l'esito.")
    return None


def is_being_checked(attempt: Attempt) -> str | None:
    if attempt.row.state != AccreditationState.SENT:
        return _("Si controlla una richiesta inviata, prima della decisione.")
    return None


def everything_is_checked(attempt: Attempt) -> str | None:
    left = [one["title"] for one in attempt.row.notice.requirements if one["code"] not in attempt.row.checks]
    return _("Prima controlla: %(left)s.") % {"left": ", ".join(f"«{title}»" for title in left)} if left else None


def everything_is_met(attempt: Attempt) -> str | None:
    unmet = [one["title"] for one in attempt.row.notice.requirements if not _is_met(attempt.row, one["code"], or_else=True)]
    if unmet:
        return _("Non è rispettato: %(unmet)s.") % {"unmet": ", ".join(f"«{title}»" for title in unmet)}
    return None


def something_is_not_met(attempt: Attempt) -> str | None:
    """A body that has every requirement is accredited: a refusal names what it lacks."""
    row: Accreditation = attempt.row
    if all(_is_met(row, one["code"], or_else=True) for one in row.notice.requirements):
        return _("Nessun requisito risulta mancante: segna quale non è rispettato.")
    return None


def _is_met(row: Accreditation, code: str, *, or_else: bool) -> bool:
    return bool(row.checks.get(code, {}).get("met", or_else))


def its_last_day_is_over(attempt: Attempt) -> str | None:
    if day_in_rome(attempt.at) <= attempt.row.valid_until:
        return _("L'accreditamento vale ancora.")
    return None


# A service


def body_is_accredited(attempt: Attempt) -> str | None:
    accreditation = attempt.row.accreditation
    if not accreditation.is_in_force(day_in_rome(attempt.at)):
        return _("L'accreditamento dell'ente non è in vigore: chiedine uno nuovo, poi pubblica il servizio.")
    return None


def service_is_whole(attempt: Attempt) -> str | None:
    """What people need to choose: what it is, what it costs."""
    service: Service = attempt.row
    gaps = []
    if not service.title.strip():
        gaps.append(_("il nome"))
    if not service.summary.strip():
        gaps.append(_("in una riga, che cos'è"))
    if not service.description.strip():
        gaps.append(_("che cosa si fa"))
    if service.price != "free" and not service.price_note.strip():
        gaps.append(_("quanto costa"))
    return _("Prima di pubblicare scrivi: %(gaps)s.") % {"gaps": ", ".join(gaps)} if gaps else None


def a_public_service_stays_whole(attempt: Attempt) -> str | None:
    return service_is_whole(attempt) if attempt.row.state == ServiceState.PUBLISHED else None


def it_was_corrected(attempt: Attempt) -> str | None:
    """What the office withdrew comes back only changed."""
    last = attempt.row.steps.order_by("-pk").first()
    if last is not None and last.act == "remove" and attempt.row.saved_at <= last.at:
        return _("L'ufficio lo ha ritirato per questo motivo: %(reason)s Correggi il servizio e salvalo, poi pubblica.") % {
            "reason": last.reason
        }
    return None


# A synonym


def it_says_something_new(attempt: Attempt) -> str | None:
    """``data`` brings the ``term`` and what it ``means``: words that the search reads, and no other synonym has."""
    term, said = attempt.data["term"], telling_words(attempt.data["term"])
    if not said:
        return _("«%(term)s» è tra le parole che la ricerca salta: scrivine una che dica il bisogno.") % {"term": term}
    if not telling_words(attempt.data["means"]):
        return _("Scrivi almeno una parola del catalogo.")
    others = Synonym.objects.in_use().exclude(pk=attempt.row.pk).values_list("term", flat=True)
    if same := next((other for other in others if same_words(telling_words(other), said)), None):
        return _("«%(term)s» c'è già: cambia quello che vuol dire.") % {"term": same}
    return None


def it_says_something_else(attempt: Attempt) -> str | None:
    row = attempt.row
    if (row.term, row.means) == (attempt.data["term"], attempt.data["means"]):
        return _("«%(term)s» è già così.") % {"term": row.term}
    return None
