"""When a proposal may leave after its admission, and when its place is given again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from accounts.rules import represents
from applications.states import ApplicationState as S
from bando.deadlines import day_in_rome
from bando.notice.document import ReplacementMode
from bando.notice.grid import CriterionType, Grid
from bando.templatetags.bando_ui import day as in_words
from evaluation.departures import happened_since
from evaluation.models import Departure, Placement, VersionKind
from evaluation.rules.common import against_an_ended_call
from workflow.transition import Attempt

SCORED = (S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD)
"""States of a proposal whose marks are complete."""


# Leaving. The row is the application.


def applications_still_move(attempt: Attempt) -> str | None:
    return against_an_ended_call(attempt.row.call, _("L'avviso è «%(state)s»: le domande restano come sono."))


def may_renounce(attempt: Attempt) -> str | None:
    """Who represents the body gives up its place; the office records what it received by PEC."""
    if attempt.by is not None and (attempt.by.is_official or represents(attempt.by, attempt.row.organisation)):
        return None
    return _("Può rinunciare solo chi rappresenta l'ente: il legale rappresentante o chi ha la procura.")


def the_office_says_how_it_knows(attempt: Attempt) -> str | None:
    """A renunciation recorded by the office tells what it rests on."""
    if attempt.by.is_official and "reason" in attempt.data and not attempt.data["reason"].strip():
        return _("Scrivi da dove risulta la rinuncia, per esempio la PEC e il suo protocollo.")
    return None


def counting_is_decided(attempt: Attempt) -> str | None:
    """Where proposals are measured against each other, taking one out changes the points of the others: that they are
    computed again, or that they stay, is decided with its reason (Cons. Stato 416/2016 on pairwise comparison)."""
    if "counts_reason" not in attempt.data or attempt.row.state not in SCORED:
        return None
    grid = attempt.row.call.notice.grid_for(attempt.row.area_code)
    if measures_proposals_together(grid) and not attempt.data["counts_reason"].strip():
        return _("Scrivi perché i punti delle altre proposte si ricalcolano, oppure perché restano come sono.")
    return None


def measures_proposals_together(grid: Grid) -> bool:
    """Whether the points of a proposal depend on the others."""
    return bool(grid.rescaling) or any(c.type in (CriterionType.FORMULA, CriterionType.PAIRWISE) for c in grid.criteria)


# Giving a place again. The row is the ranking; ``attempt.data["departure"]`` says who left.


def the_place_is_free(attempt: Attempt) -> str | None:
    departure: Departure = attempt.data["departure"]
    if not departure.frees_place:
        return _("Questa proposta non aveva un posto: non c'è niente da riassegnare.")
    if departure.given_at is not None:
        return _("Questo posto è già stato riassegnato.")
    return None


def somebody_waits(attempt: Attempt) -> str | None:
    waiting = Placement.objects.filter(
        application__call=attempt.row.call_id, application__area_code=attempt.row.area_code, application__state=S.WAITING
    )
    if not waiting.exists():
        return _("Nessuna proposta idonea aspetta un posto in quest'area: il posto resta libero.")
    return None


def the_call_lets_the_next_in(attempt: Attempt) -> str | None:
    """Replacement is not automatic: only as the call says (Cons. Stato 208/2021). A place that is freed here was never bound
    by an agreement, because a body with an agreement doesn't leave by this act."""
    call = attempt.row.call
    rule = call.notice.replacement
    if rule.mode is ReplacementMode.NONE:
        return _("L'avviso non prevede lo scorrimento: il posto resta libero e l'atto dice perché.")
    if rule.mode is ReplacementMode.FOR_MONTHS and rule.months:
        published = (
            attempt.row.versions.filter(kind=VersionKind.FINAL).order_by("number").values_list("published_at", flat=True)
        )
        last = months_after(day_in_rome(published[0]), rule.months)
        if day_in_rome(attempt.at) > last:
            return _("L'avviso permette lo scorrimento fino al %(day)s: il termine è passato.") % {"day": in_words(last)}
    return None


def months_after(start: date, months: int) -> date:
    """The same day ``months`` later, or the last of a shorter month (art. 2963 c.c.)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


# Publishing after somebody left. The row is the ranking.


def it_counts_what_happened(attempt: Attempt) -> str | None:
    """A ranking that is published knows who left and what was drawn."""
    if happened_since(attempt.row):
        return _("Dopo l'ultimo calcolo qualcuno è uscito, un posto è stato riassegnato o c'è stato un sorteggio: ricalcola.")
    return None
