"""The call that gave its places Municipio by Municipio: proposals compared in pairs, a provisional ranking with an observation
that was accepted, a tie across the last place that a draw decided, a body that gave up its place and the next one that got it.

The value of the draw is invented like the rest: no lottery has published it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.models import User
from applications.models import Application
from bando.models import Call
from bando.notice.document import (
    Area,
    Assumption,
    Lot,
    Notice,
    Publication,
    Replacement,
    ReplacementMode,
)
from bando.notice.grid import Criterion, CriterionType, Grid, Pairwise, PairwiseVariant
from evaluation.actions import (
    answer_observation,
    close_evaluation,
    commit_draw,
    compute_ranking,
    correct_ranking,
    declare,
    finish_sheet,
    give_place,
    make_draw,
    publish_provisional,
    publish_ranking,
    renounce,
    reopen_evaluation,
    reopen_sheet,
    save_marks,
    write_observation,
)
from evaluation.models import Commission, Observation, Ranking, Sheet
from network.demonstration.bodies import Body, sent
from network.demonstration.calls import BY_LOT, at_clock, make_call, noon
from network.demonstration.office import appoint, check, seats_of
from network.demonstration.sheets import compare, mark

PAIRS = "integrazione"
"""The criterion of Area 2 on which proposals are compared two by two."""
MUNICIPI = {1: 2, 4: 2, 2: 4, 8: 4, 7: 8}
"""The bodies of Area 1, with the Municipio in which each of them proposes a Spazio."""
COMPARED = (9, 11, 12, 13)
OBSERVES = 4
RENOUNCES = 1
OBSERVED = "monitoraggio"
"""The criterion that the observation is about."""
UNFILLED = "Nel Municipio 8 nessuna proposta raggiunge la soglia (esempio)."


def call_by_lot(now: datetime, people: Mapping[str, User], bodies: Sequence[Body]) -> None:
    office = people["anna.bruni"]
    call = make_call(BY_LOT, opens=noon(now, -120), deadline=noon(now, -90), by=office, change=_by_municipio)
    found = {body.n: body for body in bodies}
    here = [replace(found[n], area="area-1", facts={**found[n].facts, "municipio": m}) for n, m in MUNICIPI.items()]
    here += [replace(found[n], area="area-2") for n in COMPARED]
    applications = {body.n: sent(call, body, days_before=2) for body in here}
    for application in applications.values():
        check(application, by=office, at=noon(now, -85))
    commission = appoint(call, seats_of(people), by=office, at=noon(now, -84))
    _mark_all(commission, [(applications[body.n], body) for body in here], now)
    for area in ("area-1", "area-2"):
        close_evaluation(call, area, by=people["paolo.greco"], at=noon(now, -70))
    first, second = (_provisional(call, area, number, now, office) for area, number in (("area-1", 518), ("area-2", 519)))
    corrected = _observe_and_mark_again(first, applications[OBSERVES], found[OBSERVES], people, now)
    _draw(corrected, now, office)
    _final(second, 540, "", now, office)
    note = (
        "Il punteggio di una proposta è cambiato dopo un'osservazione accolta. Il posto del Municipio 4 è deciso dal sorteggio."
    )
    _final(compute_ranking(call, "area-1", by=office, at=noon(now, -41)), 541, note, now, office)
    _give_again(applications[RENOUNCES], found[RENOUNCES], now, office)


def _mark_all(commission: Commission, proposals: Sequence[tuple[Application, Body]], now: datetime) -> None:
    for member in commission.members.marking().select_related("user", "commission__call__version"):
        for application, _body in proposals:
            declare(member, application, in_conflict=False, at=noon(now, -80))
        for application, body in proposals:
            mark(member, application, body, at=noon(now, -75))
        compare(member, proposals[-1][0], PAIRS, at=noon(now, -74))


def _provisional(call: Call, area: str, number: int, now: datetime, office: User) -> Ranking:
    ranking = compute_ranking(call, area, by=office, at=noon(now, -69))
    return publish_provisional(
        ranking,
        act_number=f"{number} (esempio)",
        act_date=noon(now, -68).date(),
        unfilled_reason=UNFILLED,
        by=office,
        at=noon(now, -68),
    )


def _observe_and_mark_again(
    ranking: Ranking, application: Application, body: Body, people: Mapping[str, User], now: datetime
) -> Ranking:
    """A body says what a member did not read; the office finds that it is right, and that member marks again."""
    office, chair, call = people["anna.bruni"], people["paolo.greco"], ranking.call
    observed = write_observation(
        application,
        ranking.latest,
        text="Sul monitoraggio un componente scrive che mancano gli indicatori: sono nella domanda, alla fine della sezione.",
        by=body.person,
        at=noon(now, -63),
    )
    answer_observation(
        observed,
        outcome=Observation.Outcome.ACCEPTED,
        answer="Gli indicatori ci sono. La commissione rivede quel punteggio e la graduatoria si calcola di nuovo.",
        by=office,
        at=noon(now, -56),
    )
    reason = "Osservazione accolta: gli indicatori del monitoraggio ci sono."
    reopen_evaluation(call, "area-1", by=office, at=noon(now, -55), reason=reason)
    sheet = Sheet.objects.with_call().get(application=application, member__user=chair)
    reopen_sheet(sheet, by=chair, at=noon(now, -54), reason=reason)
    best = max(call.notice.grid_for("area-1").scale, key=lambda level: level.coefficient)
    again = {OBSERVED: (best.coefficient, f"Gli indicatori sono chiari e misurabili. {best.descriptor}")}
    save_marks(sheet, again, by=chair, at=noon(now, -54))
    finish_sheet(sheet, by=chair, at=noon(now, -54))
    close_evaluation(call, "area-1", by=chair, at=noon(now, -53))
    return compute_ranking(call, "area-1", by=office, at=noon(now, -52))


def _draw(ranking: Ranking, now: datetime, office: User) -> None:
    """First the list, then a value that nobody could know when the list was written."""
    draw = commit_draw(
        ranking,
        source="I cinque numeri della ruota di Milano nel gioco del Lotto, nell'ordine di uscita (dimostrazione: valore inventato)",
        value_at=at_clock(now, -43, 20, 30),
        by=office,
        at=at_clock(now, -46, 10, 0),
    )
    make_draw(draw, value="12 47 3 88 61", by=office, at=at_clock(now, -42, 9, 0))


def _final(ranking: Ranking, number: int, note: str, now: datetime, office: User) -> None:
    publish_ranking(
        ranking,
        act_number=f"{number} (esempio)",
        act_date=noon(now, -40).date(),
        unfilled_reason=UNFILLED,
        note=note,
        by=office,
        at=noon(now, -40),
    )


def _give_again(application: Application, body: Body, now: datetime, office: User) -> None:
    """The body of Municipio 2 gives up its place, and the next of that Municipio gets it in a new version."""
    application.refresh_from_db()
    left = renounce(
        application,
        reason="Il locale che avevamo indicato non è più disponibile.",
        by=body.person,
        at=noon(now, -30),
    )
    reason = "Rinuncia dell'ente scelto nel Municipio 2: il posto passa alla proposta che segue, come prevede l'avviso."
    give_place(left, reason=reason, by=office, at=noon(now, -28))
    ranking = Ranking.objects.get(call=application.call, area_code=application.area_code)
    compute_ranking(ranking.call, ranking.area_code, reason=reason, by=office, at=noon(now, -28))
    ranking.refresh_from_db()
    correct_ranking(
        ranking,
        act_number="566 (esempio)",
        act_date=noon(now, -27).date(),
        reason=reason,
        by=office,
        at=noon(now, -27),
    )


# --- the call -----------------------------------------------------------------------------------------------------------


def _by_municipio(notice: Notice) -> Notice:
    """One place in each of three Municipi, a criterion compared in pairs, ten days for observations, and places that pass to
    the next until the agreement."""
    return replace(
        notice,
        areas=tuple(_in_lots(area) if area.lots or area.municipi else area for area in notice.areas),
        grids=tuple(_in_pairs(grid) for grid in notice.grids),
        publication=Publication(observations_days=10),
        replacement=Replacement(
            mode=ReplacementMode.UNTIL_AGREEMENT,
            text="Se un ente rinuncia prima della convenzione, il suo posto passa a chi segue nello stesso Municipio.",
        ),
        sources=tuple(replace(s, facts=tuple(f for f in s.facts if not f.startswith("areas[area-1]"))) for s in notice.sources),
        assumptions=(
            *(one for one in notice.assumptions if not one.path.startswith(("areas[area-1]", "replacement"))),
            Assumption("areas[area-1]", "I tre Municipi e i loro posti sono della dimostrazione."),
            Assumption("publication", "La graduatoria provvisoria e i giorni per le osservazioni sono della dimostrazione."),
            Assumption("replacement", "La regola sui posti che si liberano è della dimostrazione."),
            Assumption("grids", "Il confronto a coppie è della dimostrazione."),
        ),
    )


def _in_lots(area: Area) -> Area:
    lots = sorted(set(MUNICIPI.values()))
    return replace(
        area,
        title="Area 1 - Realizzazione di nuovi Spazi WeMi, uno per Municipio",
        description="Un nuovo Spazio WeMi in ciascuno di tre Municipi. Ogni domanda propone uno Spazio in un Municipio.",
        places=None,
        municipi=tuple(lots),
        lot_question="municipio-dello-spazio",
        lots=tuple(Lot(str(number), f"Municipio {number}", 1) for number in lots),
    )


def _in_pairs(grid: Grid) -> Grid:
    def compared(criterion: Criterion) -> Criterion:
        if criterion.code != PAIRS:
            return criterion
        return replace(criterion, type=CriterionType.PAIRWISE, pairwise=Pairwise(PairwiseVariant.SUM))

    return replace(grid, criteria=tuple(compared(criterion) for criterion in grid.criteria))
