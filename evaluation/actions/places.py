"""Who leaves after the admission, and the place that becomes free. Each is an act with its reason; the ranking is computed
again and published as a new version by acts of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from evaluation.models import Departure, Ranking
from evaluation.rules.places import SCORED
from evaluation.transitions import EXCLUDE, FORFEIT, GIVE_PLACE, RENOUNCE
from workflow.duties import owe
from workflow.perform import perform
from workflow.transition import Attempt, Transition


def exclude(
    application: Application,
    *,
    reason: str,
    act_number: str,
    act_date: date | None,
    by: User,
    at: datetime,
    counts: bool = True,
    counts_reason: str = "",
) -> Departure:
    """The office takes an admitted proposal out, by an act: a requirement is missing after all, a reserve was not lifted.
    ``counts``: whether its marks go on counting where proposals are measured against each other, with the reason."""
    data = {"act_number": act_number, "act_date": act_date, "counts": counts, "counts_reason": counts_reason}
    return _leave(EXCLUDE, application, Departure.Outcome.EXCLUDED, reason=reason, data=data, by=by, at=at)


def forfeit(
    application: Application,
    *,
    reason: str,
    act_number: str,
    act_date: date | None,
    by: User,
    at: datetime,
    counts: bool = True,
    counts_reason: str = "",
) -> Departure:
    """A selected body loses its place (decadenza), by an act: the checks on its declarations failed, or it never signed."""
    data = {"act_number": act_number, "act_date": act_date, "counts": counts, "counts_reason": counts_reason}
    return _leave(FORFEIT, application, Departure.Outcome.FORFEITED, reason=reason, data=data, by=by, at=at)


def renounce(application: Application, *, by: User, at: datetime, reason: str = "") -> Departure:
    """A body gives up: by who represents it, or recorded by the office, which says how it knows. Its marks go on counting: the
    points of the others do not depend on what one body decides afterwards."""
    return _leave(RENOUNCE, application, Departure.Outcome.RENOUNCED, reason=reason, data={"reason": reason}, by=by, at=at)


def give_place(departure: Departure, *, reason: str, by: User, at: datetime) -> Departure:
    """The place that became free goes to the next of the ranking (scorrimento), as the call allows."""

    def give(attempt: Attempt) -> Mapping[str, Any]:
        departure.given_at, departure.given_by, departure.given_reason = at, by, reason.strip()
        departure.save(update_fields=["given_at", "given_by", "given_reason"])
        return {"application": departure.application.number, "lot": departure.lot}

    left = departure.application
    ranking = Ranking.objects.get(call=left.call_id, area_code=left.area_code)
    # Read again under the lock of the ranking: two officers give one place once.
    data = {"departure": departure}
    perform(
        GIVE_PLACE,
        ranking,
        by=by,
        at=at,
        reason=reason,
        data=data,
        look=lambda _: departure.refresh_from_db(),
        effect=give,
    )
    return departure


def _leave(
    act: Transition,
    application: Application,
    outcome: Departure.Outcome,
    *,
    reason: str,
    data: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Departure:
    made: list[Departure] = []

    def leave(attempt: Attempt) -> Mapping[str, Any]:
        before = application.state
        placement = application.placements.select_related("version").order_by("-version__number").first()
        row = _row(placement.version.document, application.number) if placement else {}
        departure = Departure.objects.create(
            application=application,
            outcome=outcome,
            reason=reason.strip(),
            act_number=data.get("act_number", "").strip(),
            act_date=data.get("act_date"),
            by=by,
            at=at,
            scored=before in SCORED,
            counts=data.get("counts", True),
            counts_reason=data.get("counts_reason", "").strip(),
            frees_place=before == S.SELECTED,
            lot=row.get("lot", ""),
        )
        made.append(departure)
        owe("evaluation.departure_letter", departure.pk, at=at)
        return {
            "outcome": str(outcome),
            "act": {"number": departure.act_number, "date": departure.act_date} if departure.act_number else None,
            "counts": departure.counts,
            "counts_reason": departure.counts_reason,
            "frees_place": departure.frees_place,
        }

    perform(act, application, by=by, at=at, reason=reason, data=data, effect=leave)
    return made[0]


def _row(document: Mapping[str, Any], number: str) -> Mapping[str, Any]:
    return next((row for row in document["rows"] if row["application"] == number), {})
