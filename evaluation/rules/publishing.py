"""When a ranking can be computed and published."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.states import ApplicationState as S
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Notice
from evaluation.models import Ranking
from evaluation.progress import ADMITTED_AND_BEYOND, STILL_TO_CHECK
from evaluation.published import recompute
from evaluation.states import RankingState
from workflow.transition import Attempt


def area_is_evaluated(attempt: Attempt) -> str | None:
    """Every proposal admitted in the area has been evaluated, and at least one was."""
    ranking: Ranking = attempt.row
    states = set(
        Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code)
        .order_by()
        .values_list("state", flat=True)
        .distinct()
    )
    if states & {*STILL_TO_CHECK, S.ADMITTED}:
        return _("Prima chiudi la valutazione di quest'area: ci sono proposte senza punteggio.")
    if not states & {S.EVALUATED, S.RANKED}:
        return _("In quest'area non c'è nessuna proposta valutata: non c'è una graduatoria da fare.")
    return None


def the_act_follows_the_call(attempt: Attempt) -> str | None:
    """A ranking is approved after the deadline of its call: an earlier day is a slip, and it would stay published."""
    day = attempt.data.get("act_date")
    if day is not None and day < attempt.row.call.closes_at.astimezone(ROME).date():
        return _("La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno.")
    return None


def is_what_was_previewed(attempt: Attempt) -> str | None:
    """The official confirms the text that was on the screen, by its hash; no hash asks nothing."""
    seen = attempt.data.get("seen")
    if seen is not None and seen != attempt.row.sha256:
        return _("La graduatoria è stata calcolata di nuovo dopo la tua anteprima. Guardala ancora e poi conferma.")
    return None


def agrees_with_itself(attempt: Attempt) -> str | None:
    """What is published can be computed again from the file alone, and gives the same numbers."""
    if recompute(attempt.row.document):
        return _("I numeri della graduatoria non tornano con i suoi punteggi. Calcolala di nuovo prima di pubblicare.")
    return None


def every_area_is_ranked(attempt: Attempt) -> str | None:
    """Every area that has admitted proposals has a published ranking, and none has proposals still to check."""
    call: Call = attempt.row
    missing = unranked_areas(call.notice, call)
    if missing:
        return ngettext("Manca la graduatoria di: %(areas)s.", "Mancano le graduatorie di: %(areas)s.", len(missing)) % {
            "areas": ", ".join(missing)
        }
    return None


def unranked_areas(notice: Notice, call: Call) -> list[str]:
    """Titles of the areas that still want a ranking, in the order of the notice."""
    live = set(
        Application.objects.filter(call=call, state__in=[*STILL_TO_CHECK, *ADMITTED_AND_BEYOND])
        .order_by()
        .values_list("area_code", flat=True)
        .distinct()
    )
    published = set(Ranking.objects.filter(call=call, state=RankingState.PUBLISHED).values_list("area_code", flat=True))
    return [area.title for area in notice.areas if area.code in live - published]
