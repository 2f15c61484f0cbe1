"""Places of an area that stay empty by act, and the act that opens them again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.models import Call
from bando.rules import is_official
from network.models import EmptyPlace
from network.rules.spaces import so_many_places_are_free
from workflow.transition import Attempt, Refused


def leave_empty(
    call: Call,
    area_code: str,
    *,
    count: int,
    reason: str,
    act_number: str,
    act_date: date,
    by: User,
    at: datetime,
    municipio: int | None = None,
) -> EmptyPlace:
    """``count`` places of the area stay empty, and why. Raises :class:`Refused` when Spazi or other acts take them."""
    with transaction.atomic():
        locked = Call.objects.select_for_update(of=("self",)).with_notice().get(pk=call.pk)
        attempt = Attempt(locked, by, at, reason, data={"area_code": area_code, "count": count})
        if against := is_official(attempt) or so_many_places_are_free(attempt):
            raise Refused([against])
        return _write(locked, area_code, municipio, count, reason, act_number, act_date, by=by, at=at)


def fill_again(empty: EmptyPlace, *, reason: str, act_number: str, act_date: date, by: User, at: datetime) -> EmptyPlace:
    """Undo an act: its places are there again for a Spazio. Raises :class:`Refused` for one that was undone already."""
    with transaction.atomic():
        Call.objects.select_for_update(of=("self",)).get(pk=empty.call_id)
        if against := is_official(Attempt(empty, by, at)):
            raise Refused([against])
        if not EmptyPlace.objects.standing().filter(pk=empty.pk).exists():
            raise Refused([_("Questo atto è già stato annullato da un altro.")])
        place = (empty.area_code, empty.municipio, empty.count)
        return _write(empty.call, *place, reason, act_number, act_date, by=by, at=at, undoes=empty)


def _write(
    call: Call,
    area_code: str,
    municipio: int | None,
    count: int,
    reason: str,
    act_number: str,
    act_date: date,
    **who: Any,
) -> EmptyPlace:
    return EmptyPlace.objects.create(
        call=call,
        area_code=area_code,
        municipio=municipio,
        count=count,
        reason=reason.strip(),
        act_number=act_number.strip(),
        act_date=act_date,
        **who,
    )
