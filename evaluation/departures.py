"""What the departures of an area mean for its ranking: who is out of it, and which places nobody takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet

from bando.models import Call
from evaluation.models import Departure, Ranking
from evaluation.ranking import Out, Outcome
from evaluation.states import DrawState


def out_of(call: Call, area_code: str) -> dict[str, Out]:
    """Application number to why it is not ranked, for the proposals that were scored and still count beside the others. What is
    published is which act says so, in the language of the call, and not its reasons: they may tell of somebody's record or
    health (art. 26 c. 4 D.Lgs. 33/2013), and a renunciation is in the body's own words."""
    return _out(_departures(call, area_code))


def vacated_of(call: Call, area_code: str) -> Counter[str]:
    """Lot ("" without lots) to how many places became free after the final ranking and are not given again."""
    return _vacated(_departures(call, area_code))


def _departures(call: Call, area_code: str) -> QuerySet[Departure]:
    return Departure.objects.filter(application__call=call, application__area_code=area_code).select_related("application")


def _out(rows: Iterable[Departure]) -> dict[str, Out]:
    still = (row for row in rows if row.scored and row.counts)
    return {row.application.number: Out(Outcome(row.outcome), _act(row)) for row in still}


def _vacated(rows: Iterable[Departure]) -> Counter[str]:
    return Counter(row.lot for row in rows if row.frees_place and row.given_at is None)


def _act(departure: Departure) -> str:
    if not departure.act_number or departure.act_date is None:
        return ""
    return f"Atto n. {departure.act_number}, {departure.act_date:%d/%m/%Y}"


def happened_since(ranking: Ranking) -> bool:
    """Whether the ranking does not count somebody who left, a place that was given or a draw. It is its document that tells, and
    no clock: what arrived earlier may have been done later."""
    document = ranking.document
    if "rows" not in document:  # never computed
        return False
    rows = list(_departures(ranking.call, ranking.area_code))
    out = {left["application"] for left in document.get("out", ())}
    staying = {row["application"] for row in document["rows"]} - out
    gone = {row.application.number for row in rows}
    if staying & gone or out != _out(rows).keys():
        return True
    vacated = {lot["code"]: lot["vacated"] for lot in document.get("lots", ())} or {"": document.get("vacated", 0)}
    if Counter(vacated) != _vacated(rows):
        return True
    drawn = ranking.draws.filter(state=DrawState.DRAWN).values_list("sha256", "value")
    return list(drawn) != [(draw["sha256"], draw["value"]) for draw in document.get("draws", ())]
