"""The office commits the list of a draw, and draws when the value is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from evaluation.draw import commitment, drawn, groups_of, normalised
from evaluation.models import Draw, Ranking
from evaluation.transitions import CANCEL_DRAW, COMMIT_DRAW, CORRECT_VALUE, DRAW
from workflow.ledger import digest
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Refused

DRAWN = ("value", "drawn_at", "order")


def commit_draw(ranking: Ranking, *, source: str, value_at: datetime, by: User, at: datetime) -> Draw:
    """Write down who is drawn, and from which future public value, and make it public. Raises :class:`Refused`."""
    with transaction.atomic():
        # The ranking is the lock between a draw and a computation: its ties are the list.
        ranking.refresh_from_db(from_queryset=Ranking.objects.select_for_update())
        ranking.__dict__.pop("document", None)
        draw = Draw(
            ranking=ranking,
            number=ranking.draws.count() + 1,
            source=" ".join(source.split()),
            value_at=value_at,
            committed_at=at,
        )
        if against := reasons_against(COMMIT_DRAW, draw, by=by, at=at):
            raise Refused(against)
        draw.commitment = commitment(
            ranking_sha256=ranking.sha256,
            call=ranking.call.notice.id,
            area=ranking.area_code,
            groups=groups_of(ranking.document["ties"]),
            source=draw.source,
            value_at=value_at,
        )
        draw.sha256 = digest(draw.commitment)
        draw.save()
        perform(COMMIT_DRAW, draw, by=by, at=at, effect=lambda _: {"sha256": draw.sha256, "value_at": value_at})
        return draw


def make_draw(draw: Draw, *, value: str, by: User, at: datetime) -> Step:
    """The value is public: the order follows."""
    data = {"value": value}
    return perform(
        DRAW, draw, by=by, at=at, data=data, look=_hold_the_ranking, effect=lambda _: _drawn(draw, value, at), saves=DRAWN
    )


def correct_value(draw: Draw, *, value: str, by: User, at: datetime, reason: str) -> Step:
    """The value was copied wrongly: the same list, with the value that the source published. Both stay in the record."""
    data = {"value": value}
    return perform(
        CORRECT_VALUE,
        draw,
        by=by,
        at=at,
        reason=reason,
        data=data,
        look=_hold_the_ranking,
        effect=lambda _: _drawn(draw, value, at),
        saves=DRAWN,
    )


def cancel_draw(draw: Draw, *, by: User, at: datetime, reason: str) -> Step:
    """Give up a draw whose outcome nobody can know, or whose list is no longer who is tied."""
    return perform(CANCEL_DRAW, draw, by=by, at=at, reason=reason, look=_hold_the_ranking)


def _hold_the_ranking(draw: Draw) -> None:
    """As it stands now: whoever computes or publishes it waits, or was before."""
    draw.ranking = Ranking.objects.select_for_update().get(pk=draw.ranking_id)


def _drawn(draw: Draw, value: str, at: datetime) -> Mapping[str, Any]:
    draw.value, draw.drawn_at = normalised(value), at
    draw.order = list(drawn(draw.commitment, value))
    return {"sha256": draw.sha256, "value": draw.value, "order": draw.order}
