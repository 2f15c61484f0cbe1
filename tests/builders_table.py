"""A co-design table for the tests: an area of the small call of tests/builders_evaluation.py with a final ranking, whose
proposals are selected (two, the first by a group), waiting and below the threshold; then its table, and sessions of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import Organisation, User
from applications.models import Application, Participant
from applications.states import ApplicationState as A
from bando.deadlines import rome
from bando.models import Call
from evaluation.models import Ranking
from evaluation.states import RankingState
from network.actions import (
    approve_table_minutes,
    close_table_session,
    decide,
    open_table,
    open_table_session,
    plan_table_session,
)
from network.models import Table, TablePartner, TableSession
from tests.builders import body, official, person
from tests.builders_evaluation import admitted, small_call
from tests.remembered import remembered
from workflow.duties import pay

RANKED = rome(2021, 12, 6, 12)
OPENED = rome(2021, 12, 20, 10)
PLANNED = rome(2022, 1, 11, 14, 30)
HOUR = timedelta(hours=1)

PLACE = "Sala 3, via Larga 12"
AGENDA = "Il progetto\nIl budget"


@dataclass
class Seats:
    """Who stands around a table: ``partner`` is a body of the group that leads with ``first``."""

    office: User
    call: Call
    first: Application
    second: Application
    waiting: Application
    below: Application
    partner: Organisation
    table: Table | None = None


@remembered
def ranked(mode: str = "selected", *, slug: str = "tavolo") -> Seats:
    """The ranking is final, written as rows: the roads before it have their own tests."""
    office = official(name="Anna Ufficio")
    call = small_call(slug=slug, by=office, more=f"  table_mode: {mode}")
    first = admitted(call, name="Coop Prima", state=A.SELECTED)
    second = admitted(call, name="Coop Seconda", state=A.SELECTED)
    waiting = admitted(call, name="Coop Attesa", state=A.WAITING)
    below = admitted(call, name="Coop Bassa", state=A.BELOW_THRESHOLD)
    admitted(call, name="Coop Esclusa", state=A.EXCLUDED)
    partner = body("Associazione Compagna", by=person())
    Participant.objects.create(
        application=first,
        call=call,
        area_code="area-1",
        organisation=partner,
        name=partner.name,
        invited_at=first.created_at,
        counts=True,
    )
    Ranking.objects.create(
        call=call,
        area_code="area-1",
        state=RankingState.PUBLISHED,
        content='{"rows": []}',
        sha256="0" * 64,
        computed_at=RANKED,
    )
    return Seats(office, call, first, second, waiting, below, partner)


@remembered
def opened(mode: str = "selected", **facts: Any) -> Seats:
    seats = ranked(mode, **facts)
    seats.table = open_table(seats.call, "area-1", by=seats.office, at=OPENED)
    return seats


def seat_of(seats: Seats, what: Application | Organisation) -> TablePartner:
    """The seat of a body, or of the one that leads a proposal."""
    rows = seats.table.partners.select_related("organisation", "table")
    return rows.get(organisation=what if isinstance(what, Organisation) else what.organisation_id)


def user_of(organisation: Organisation) -> User:
    return organisation.memberships.order_by("pk").first().user


def planned(seats: Seats, *, when: Any = PLANNED, at: Any = OPENED, agenda: str = AGENDA) -> TableSession:
    return plan_table_session(seats.table, planned_at=when, place=PLACE, agenda=agenda, by=seats.office, at=at)


def present(seats: Seats) -> dict[int | None, list[tuple[str, str]]]:
    """The administration, and the two that lead a selected proposal."""
    return {
        None: [("Rita Responsabile", "responsabile del procedimento")],
        seat_of(seats, seats.first).pk: [("Carla Presidente", "presidente"), ("Ivo Educatore", "")],
        seat_of(seats, seats.second).pk: [("Dario Direttore", "direttore")],
    }


def begun(seats: Seats, *, when: Any = PLANNED) -> TableSession:
    session = planned(seats, when=when)
    open_table_session(session, present(seats), by=seats.office, at=when)
    return session


def held(
    seats: Seats, *, when: Any = PLANNED, decisions: Iterable[tuple[str, str]] = (("Si apre la mattina.", ""),)
) -> TableSession:
    """A closed session, with what it decided and who was against."""
    session = begun(seats, when=when)
    for text, against in decisions:
        decide(session, text=text, against=against, by=seats.office, at=when + HOUR / 2)
    close_table_session(session, by=seats.office, at=when + HOUR)
    return fresh(session)


def approved(seats: Seats, **facts: Any) -> TableSession:
    """A closed session with approved minutes and their PDF; every mail that was owed is sent."""
    session = held(seats, **facts)
    approve_table_minutes(session, seen=session.minutes.version, by=seats.office, at=session.closed_at + HOUR)
    while pay(session.closed_at + HOUR):
        pass
    return fresh(session)


def fresh(session: TableSession) -> TableSession:
    return TableSession.objects.select_related("table__call__version", "minutes__document").get(pk=session.pk)


def pdf_of(session: TableSession) -> bytes:
    """The approved minutes as they come to be signed."""
    with fresh(session).minutes.document.file.open("rb") as file:
        return file.read()
