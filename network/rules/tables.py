"""Who sits at a table, when its sessions open, what becomes of their minutes, and when it is concluded."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.states import WITH_A_PLACE
from applications.states import ApplicationState as A
from bando.models import Call
from bando.notice.document import TableMode
from bando.rules import is_official
from bando.states import CallState
from evaluation.models import Ranking
from evaluation.states import RankingState
from network.models import Agreement, Table, TablePartner, TableSession
from network.states import AgreementState, TableSessionState, TableState
from workflow.transition import Attempt

ELIGIBLE = (*WITH_A_PLACE, A.WAITING, A.BELOW_THRESHOLD)
"""Proposals that have the requirements."""


def candidates(call: Call, area_code: str) -> QuerySet[Application]:
    """The proposals whose bodies the call lets sit at the table of an area (D.M. 72/2021): the selected ones, or all that have
    the requirements, also where the call says that they become one proposal."""
    states = WITH_A_PLACE if call.notice.agreement.table_mode is TableMode.SELECTED else ELIGIBLE
    rows = Application.objects.filter(call=call, area_code=area_code, state__in=states)
    return rows.select_related("organisation").prefetch_related("participants__organisation").order_by("number")


def is_unanimous(session: TableSession) -> bool:
    """Whether something was decided in ``session`` and nobody disagreed: what a table agrees on so can be an agreement of art. 11
    L. 241/1990."""
    decisions = list(session.decisions.all())
    return bool(decisions) and not any(decision.against for decision in decisions)


def last_held(table: Table) -> TableSession | None:
    """The last session that was held, with its decisions."""
    rows = table.sessions.filter(state=TableSessionState.CLOSED).prefetch_related("decisions")
    return rows.order_by("-number").first()


def _table(attempt: Attempt) -> Table:
    return attempt.row if isinstance(attempt.row, Table) else attempt.row.table


# The table


def call_goes_on(attempt: Attempt) -> str | None:
    call = _table(attempt).call
    return _("L'avviso è revocato: il tavolo è fermo.") if call.state == CallState.REVOKED else None


def ranking_is_final(attempt: Attempt) -> str | None:
    """The table follows the outcome: who sits at it is known once the ranking is final."""
    table = attempt.row
    final = Ranking.objects.filter(call=table.call_id, area_code=table.area_code, state=RankingState.PUBLISHED)
    return None if final.exists() else _("Il tavolo si apre dopo la graduatoria definitiva: pubblicala prima.")


def area_has_no_table(attempt: Attempt) -> str | None:
    table = attempt.row
    others = Table.objects.filter(call=table.call_id, area_code=table.area_code).exclude(pk=table.pk)
    return _("Il tavolo di quest'area c'è già.") if others.exists() else None


def who_sits_may_sit(attempt: Attempt) -> str | None:
    """Somebody does, and nobody whom the call does not foresee. Asked before anybody is chosen: that somebody could."""
    may = {row.pk: row for row in candidates(attempt.row.call, attempt.row.area_code)}
    if not may:
        return _("Nessuna proposta di quest'area può sedere al tavolo: senza enti il tavolo non si apre.")
    chosen = attempt.data.get("applications")
    if chosen is None:
        return None
    if not chosen:
        return _("Scegli almeno una proposta: senza enti il tavolo non si apre.")
    if strangers := [row.number for row in chosen if row.pk not in may]:
        return _("Queste domande non possono sedere al tavolo: %(numbers)s.") % {"numbers": ", ".join(strangers)}
    return None


def who_is_left_out_knows_why(attempt: Attempt) -> str | None:
    """The call says who may sit: the office leaves nobody out without a reason."""
    chosen = attempt.data.get("applications")
    if chosen is None:
        return None
    sits, reasons = {row.pk for row in chosen}, attempt.data["left_out"]
    may = candidates(attempt.row.call, attempt.row.area_code)
    silent = [row.number for row in may if row.pk not in sits and not reasons.get(row.pk, "").strip()]
    if silent:
        return _("Scrivi perché non siedono al tavolo: %(numbers)s.") % {"numbers": ", ".join(silent)}
    return None


def who_joins_may_sit(attempt: Attempt) -> str | None:
    """A body joins with a proposal that the call lets sit: after a replacement, once the place was given and published."""
    joins = attempt.data.get("application")
    if joins is None:
        return None
    table = attempt.row
    if not candidates(table.call, table.area_code).filter(pk=joins.pk).exists():
        return _("La domanda %(number)s non può sedere al tavolo: «%(state)s».") % {
            "number": joins.number,
            "state": joins.get_state_display(),
        }
    if table.partners.seated().filter(application=joins).exists():
        return _("La domanda %(number)s siede già al tavolo.") % {"number": joins.number}
    return None


def who_leaves_still_sits(attempt: Attempt) -> str | None:
    leaves = attempt.data.get("partner")
    if leaves is not None and not attempt.row.partners.seated().filter(pk=leaves.pk).exists():
        return _("Questo ente non siede più al tavolo.")
    return None


def sessions_are_over(attempt: Attempt) -> str | None:
    """A table with an open or a planned session has still something to say."""
    waiting = attempt.row.sessions.filter(state__in=[TableSessionState.OPEN, TableSessionState.PLANNED])
    if found := waiting.order_by("number").first():
        if found.state == TableSessionState.OPEN:
            return _("L'incontro n. %(n)s è ancora aperto: chiudilo prima.") % {"n": found.number}
        return _("L'incontro n. %(n)s è convocato: tienilo o annullalo prima.") % {"n": found.number}
    return None


def all_minutes_are_approved(attempt: Attempt) -> str | None:
    drafts = attempt.row.sessions.filter(state=TableSessionState.CLOSED, minutes__approved_at=None)
    numbers = [str(n) for n in drafts.order_by("number").values_list("number", flat=True)]
    if not numbers:
        return None
    return ngettext(
        "Il verbale dell'incontro n. %(n)s non è approvato: approvalo prima.",
        "I verbali degli incontri n. %(n)s non sono approvati: approvali prima.",
        len(numbers),
    ) % {"n": ", ".join(numbers)}


def says_how_it_ended(attempt: Attempt) -> str | None:
    if "conclusion" in attempt.data and not attempt.data["conclusion"].strip():
        return _("Scrivi come si conclude il tavolo: lo leggono tutti.")
    return None


def agreement_is_not_over(attempt: Attempt) -> str | None:
    """The table is reopened during the agreement ("circolarità", D.M. 72/2021): not once every agreement has ended."""
    signed = Agreement.objects.filter(application__seats__table=attempt.row)
    if signed.exists() and not signed.exclude(state=AgreementState.ENDED).exists():
        return _("Le convenzioni nate da questo tavolo sono concluse: il tavolo non si riapre.")
    return None


# A session


def table_is_open(attempt: Attempt) -> str | None:
    if attempt.row.table.state != TableState.OPEN:
        return _("Il tavolo è concluso: riaprilo prima di convocare o tenere un incontro.")
    return None


def is_still_to_come(attempt: Attempt) -> str | None:
    if attempt.row.planned_at <= attempt.at:
        return _("Il giorno e l'ora dell'incontro sono già passati: scegline altri.")
    return None


def the_hour_has_come(attempt: Attempt) -> str | None:
    """Whoever comes at the hour that was announced finds that nothing was missed."""
    if attempt.at < attempt.row.planned_at:
        return _("L'incontro si apre all'ora annunciata, non prima.")
    return None


def no_other_is_open(attempt: Attempt) -> str | None:
    row = attempt.row
    others = TableSession.objects.filter(table=row.table_id, state=TableSessionState.OPEN).exclude(pk=row.pk)
    if other := others.first():
        return _("L'incontro n. %(n)s è ancora aperto: chiudilo prima di aprirne un altro.") % {"n": other.number}
    return None


def both_sides_are_there(attempt: Attempt) -> str | None:
    """Partners and the administration design together. Asked before anybody is counted, there is nothing against it."""
    if "present" not in attempt.data:
        return None
    here = {party for party, people in attempt.data["present"].items() if people}
    if None not in here:
        return _("Manca l'amministrazione: scrivi chi la rappresenta.")
    if here == {None}:
        return _("Non c'è nessun ente: scrivi chi è presente, oppure annulla l'incontro.")
    seated = set(attempt.row.table.partners.seated().values_list("pk", flat=True))
    if here - {None} - seated:
        return _("Uno degli enti non siede più al tavolo: ricarica la pagina e controlla le presenze.")
    return None


def something_is_decided(attempt: Attempt) -> str | None:
    if "text" in attempt.data and not attempt.data["text"].strip():
        return _("Scrivi che cosa è stato deciso.")
    return None


def decision_is_there(attempt: Attempt) -> str | None:
    number = attempt.data.get("number")
    if number is not None and not attempt.row.decisions.filter(number=number).exists():
        return _("La decisione n. %(n)s non c'è.") % {"n": number}
    return None


def decision_is_said_once(attempt: Attempt) -> str | None:
    """A button that was pressed twice decides once. Written anew, a decision may say again what it said."""
    text = _plain(attempt.data.get("text", ""))
    others = attempt.row.decisions.exclude(number=attempt.data.get("number"))
    if same := next((row for row in others if text and _plain(row.text) == text), None):
        return _("È già scritto nella decisione n. %(n)s: se vuoi, correggi quella.") % {"n": same.number}
    return None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


# The minutes


def are_a_draft(attempt: Attempt) -> str | None:
    if attempt.row.minutes.approved_at is not None:
        return _("Il verbale è approvato e non cambia più.")
    return None


def are_approved(attempt: Attempt) -> str | None:
    return _("Il verbale è ancora una bozza: approvalo prima.") if attempt.row.minutes.approved_at is None else None


def is_what_was_read(attempt: Attempt) -> str | None:
    """Who approves has read the text as it is."""
    if "seen" in attempt.data and attempt.data["seen"] != attempt.row.minutes.version:
        return _("Nel frattempo qualcuno ha cambiato il verbale. Rileggilo e poi approvalo.")
    return None


def sits_or_is_official(attempt: Attempt) -> str | None:
    if is_official(attempt) is None:
        return None
    mine = attempt.by is not None and attempt.row.table.partners.seated().of(attempt.by).exists()
    return None if mine else _("Lo può fare solo l'ufficio o chi lavora per un ente del tavolo.")


def there_is_something_to_sign(attempt: Attempt) -> str | None:
    if attempt.row.minutes.document_id is None:
        return _("Il PDF del verbale non è ancora pronto: torna tra un minuto.")
    return None


def signs_for_their_own(attempt: Attempt) -> str | None:
    """The office uploads what any of the parties gives it, a body only what it signed itself, and only who was there signs."""
    if "partner" not in attempt.data:
        return None
    partner: TablePartner | None = attempt.data["partner"]
    own = partner is not None and partner.organisation.memberships.filter(user=attempt.by).exists()
    if is_official(attempt) is not None and not own:
        return _("Carica il verbale firmato dal tuo ente.")
    if not attempt.row.presences.filter(partner=partner).exists():
        return _("Il verbale lo firma chi era presente all'incontro.")
    return None


def are_not_published_yet(attempt: Attempt) -> str | None:
    return None if attempt.row.minutes.published_at is None else _("Questo verbale è già pubblicato.")


def personal_data_were_weighed(attempt: Attempt) -> str | None:
    if attempt.data.get("found") and not attempt.data["weighed"]:
        return _("Nel testo sembrano esserci dati personali. Toglili, oppure conferma che possono uscire.")
    return None
