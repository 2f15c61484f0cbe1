"""Where a Spazio is and what it is called, from which day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from accounts.models import User
from bando.deadlines import ROME, day_in_rome
from network.addresses import day_before, holding
from network.models import FormerSlug, Space, SpaceAddress
from network.transitions import CANCEL_MOVE, MOVE_SPACE, RENAME_SPACE
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt

MOVE = "network.space_moves"
PLACE = ("address", "municipio", "latitude", "longitude")


def move_space(
    space: Space,
    *,
    address: str,
    municipio: int,
    latitude: Decimal | None,
    longitude: Decimal | None,
    first_day: date,
    by: User,
    at: datetime,
) -> Step:
    """The Spazio is elsewhere from ``first_day`` on: until then the address of before holds, and the new one is announced. On
    that day a duty writes it where citizens search. Raises :class:`Refused`."""

    def move(attempt: Attempt) -> Mapping[str, Any]:
        _leave(space, first_day)
        row = SpaceAddress.objects.create(
            space=space, address=address, municipio=municipio, latitude=latitude, longitude=longitude, first_day=first_day
        )
        if first_day <= day_in_rome(at):
            _arrive(space, row)
        else:
            owe(MOVE, row.pk, at=datetime.combine(first_day, time.min, ROME))
        return {"first_day": first_day, **{name: getattr(row, name) for name in PLACE}}

    return perform(MOVE_SPACE, space, by=by, at=at, data={"first_day": first_day}, effect=move, saves=PLACE)


def cancel_move(address: SpaceAddress, *, reason: str, by: User, at: datetime) -> Step:
    """Take back a move that is announced: the address that holds goes on holding. Raises :class:`Refused`."""
    space = address.space

    def undo(attempt: Attempt) -> Mapping[str, Any]:
        facts = {"first_day": address.first_day, "address": address.address}
        space.addresses.filter(last_day=day_before(address.first_day)).update(last_day=None)
        address.delete()
        return facts

    return perform(CANCEL_MOVE, space, by=by, at=at, reason=reason, data={"address": address}, effect=undo)


def arrive(pk: Any, *, at: datetime) -> None:
    """On its first day, an address becomes that of the Spazio; asked again, or after the move was taken back, nothing happens."""
    row = SpaceAddress.objects.select_related("space").filter(pk=pk, first_day__lte=day_in_rome(at)).first()
    if row is not None and row == holding(row.space.addresses.all(), day_in_rome(at)):
        _arrive(row.space, row)
        row.space.save(update_fields=PLACE)


def correct_address(space: Space, place: Mapping[str, Any], *, at: datetime) -> None:
    """What the office corrects of the place of today stands in the row that says it too: citizens read that one."""
    if place and (held := holding(space.addresses.all(), day_in_rome(at))):
        for name, value in place.items():
            setattr(held, name, value)
        held.save(update_fields=list(place))


def rename_space(space: Space, *, name: str, slug: str, by: User, at: datetime) -> Step:
    """Another name, and another address of the page: the old one goes on leading there. Raises :class:`Refused`."""

    def rename(attempt: Attempt) -> Mapping[str, Any]:
        was = {"name": space.name, "slug": space.slug}
        if slug != space.slug:
            space.former_slugs.filter(slug=slug).delete()  # it goes back to a name of before
            FormerSlug.objects.create(space=space, slug=space.slug, until=at)
        space.name, space.slug = name.strip(), slug
        return {"was": was, "is": {"name": space.name, "slug": slug}}

    return perform(RENAME_SPACE, space, by=by, at=at, data={"slug": slug}, effect=rename, saves=["name", "slug"])


def _leave(space: Space, first_day: date) -> None:
    """The address of until now ends on the day before; of one that never moved, a row begins when the Spazio did."""
    last = space.addresses.order_by("first_day").last()
    if last is not None:
        last.last_day = day_before(first_day)
        last.save(update_fields=["last_day"])
    elif space.address and space.municipio:
        began = space.opened_on or (space.partnership.since if space.partnership else None)
        last_day = day_before(first_day)
        first = began if began is not None and began <= last_day else last_day
        place = {name: getattr(space, name) for name in PLACE}
        SpaceAddress.objects.create(space=space, first_day=first, last_day=last_day, **place)


def _arrive(space: Space, row: SpaceAddress) -> None:
    for name in PLACE:
        setattr(space, name, getattr(row, name))
