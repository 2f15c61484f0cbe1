"""When a draw can be committed, made, and given up."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils.translation import gettext as _

from bando.notice.grid import TieStepKind
from evaluation.draw import committed_groups, decides, groups_of, normalised
from evaluation.models import Draw, Ranking
from evaluation.rules.common import against_an_ended_call
from evaluation.states import DrawState
from workflow.transition import Attempt

SOONEST = timedelta(hours=1)
LATEST = timedelta(days=60)
"""How far ahead the public value lies: not so near that somebody may know it, not so far that the outcome waits for ever."""


def the_call_is_alive(attempt: Attempt) -> str | None:
    """A tie may be found after the call has ended: a draw is possible until the call is revoked."""
    return against_an_ended_call(attempt.row.ranking.call, _("L'avviso è «%(state)s»: non c'è più niente da sorteggiare."))


def the_chain_has_a_draw(attempt: Attempt) -> str | None:
    """Only if the call says so."""
    ranking: Ranking = attempt.row.ranking
    grid = ranking.call.notice.grid_for(ranking.area_code)
    if all(step.kind is not TieStepKind.DRAW for step in grid.tie_chain):
        return _("L'avviso non prevede il sorteggio: le proposte alla pari restano alla pari.")
    return None


def something_is_tied(attempt: Attempt) -> str | None:
    if not groups_of(attempt.row.ranking.document["ties"]):
        return _("Nella graduatoria calcolata non ci sono proposte alla pari.")
    return None


def no_other_draw_waits(attempt: Attempt) -> str | None:
    others = Draw.objects.filter(ranking=attempt.row.ranking_id, state=DrawState.COMMITTED).exclude(pk=attempt.row.pk)
    if others.exists():
        return _("C'è già un sorteggio che aspetta il suo valore pubblico: si fa quello.")
    return None


def no_draw_stands(attempt: Attempt) -> str | None:
    """What was drawn once is not drawn again, by nobody: a list is made of the ties that the draws before have left."""
    ranking: Ranking = attempt.row.ranking
    ties = ranking.document["ties"]
    for draw in ranking.draws.filter(state=DrawState.DRAWN):
        if decides(draw.order, ties):
            return _("Il sorteggio %(n)s decide già questa parità: calcola di nuovo la graduatoria.") % {"n": draw.number}
    return None


def the_value_lies_ahead(attempt: Attempt) -> str | None:
    """What can't be known when the list is committed can't be used to steer it."""
    if attempt.row.value_at < attempt.at + SOONEST:
        return _("Il valore dev'essere ancora sconosciuto: scegli un momento almeno un'ora più avanti.")
    if attempt.row.value_at > attempt.at + LATEST:
        return _("Scegli un momento entro 60 giorni: l'esito non può aspettare di più.")
    return None


def the_value_is_public(attempt: Attempt) -> str | None:
    if attempt.at < attempt.row.value_at:
        return _("Il valore non è ancora pubblico: il sorteggio si fa dopo il momento scritto nell'elenco.")
    return None


def the_value_is_typed(attempt: Attempt) -> str | None:
    """Asked before it is typed, there is nothing against it."""
    if "value" in attempt.data and not normalised(attempt.data["value"]):
        return _("Scrivi il valore come lo ha pubblicato la fonte.")
    return None


def the_list_is_still_tied(attempt: Attempt) -> str | None:
    """A list that no longer says who is tied decides nothing."""
    if not decides_something(attempt.row):
        return _("Dopo l'impegno la graduatoria è cambiata e l'elenco non è più quello: annulla il sorteggio con il motivo.")
    return None


def nobody_knows_the_outcome(attempt: Attempt) -> str | None:
    """A draw can be given up while nobody can know what it would give, or when its list means nothing any more. Else whoever
    dislikes the outcome could try again."""
    draw: Draw = attempt.row
    if attempt.at >= draw.value_at and decides_something(draw):
        return _("Il valore è già pubblico: il sorteggio non si annulla più, si fa.")
    return None


def no_version_rests_on_it(attempt: Attempt) -> str | None:
    """A value copied wrongly is corrected until a ranking was published with it."""
    draw: Draw = attempt.row
    for version in draw.ranking.versions.all():
        if any(drawn["sha256"] == draw.sha256 for drawn in version.document.get("draws", ())):
            return _("Con questo sorteggio è già pubblicata una graduatoria: si corregge quella, con un atto.")
    return None


def decides_something(draw: Draw) -> bool:
    """Whether some of those who are tied now are on the list: who has left meanwhile takes nobody's chance away."""
    listed = (application for group in committed_groups(draw.commitment) for application in group)
    return decides(listed, json.loads(draw.ranking.content)["ties"])
