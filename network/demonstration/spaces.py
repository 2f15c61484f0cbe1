"""The Spazi of the concluded call, each at another moment of its life, and the partner that accompanies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from bando.models import Call
from network.actions import (
    add_action,
    begin_task,
    change_task,
    describe_space,
    drop_task,
    expect_opening,
    finish_action,
    finish_task,
    fit_out,
    hold_meeting,
    leave_empty,
    move_space,
    open_space,
    plan_further_space,
    plan_meeting,
    save_link,
    save_plan,
    say_staff_ready,
    say_trained,
    suspend_space,
)
from network.demonstration.bodies import Body
from network.demonstration.calls import at_clock, noon
from network.demonstration.joining import AREA, ROOM
from network.gazetteer import places
from network.holidays import coming_holidays
from network.models import MeetingKind, Partnership, ServiceLink, ServiceLinkKind, Space

ACCOMPANIES = 11
OPENED = (1, 6, 9)
"""The bodies whose Spazi have opened: that of 6 is shut for a while, that of 9 will move."""
TWO_SPACES, SUSPENDED, MOVES = OPENED
LANGUAGES = {1: ["it", "en", "ar"], 6: ["it", "es"], 9: ["it", "en", "es", "uk"]}
STOPS = {1: "Bus 00 e metropolitana di esempio", 6: "Tram 00 di esempio", 9: "Metropolitana di esempio, 3 minuti a piedi"}


def run_the_network(call: Call, bodies: Mapping[int, Body], now: datetime, office: User) -> None:
    spaces = {n: Space.objects.get(partnership__organisation=bodies[n].organisation) for n in OPENED}
    partner = Partnership.objects.get(accompanies=True)
    method = bodies[ACCOMPANIES].person
    for n, space in spaces.items():
        _fit_out(space, bodies[n].person, now, office)
    _train(list(spaces.values()), partner, now, office)
    for n, space in spaces.items():
        _open(space, bodies[n], now, office)
    suspend_space(
        spaces[SUSPENDED],
        reason="Lavori all'impianto elettrico (esempio). Per urgenze telefona: rispondiamo dalle 9 alle 13.",
        reopens_on=noon(now, 12).date(),
        by=office,
        at=noon(now, -6),
    )
    move_space(
        spaces[MOVES],
        address="piazza della Dimostrazione 99, 20100, Milano",
        municipio=bodies[MOVES].facts["municipio"],
        latitude=_point(bodies[MOVES])[0] - Decimal("0.012"),
        longitude=_point(bodies[MOVES])[1],
        first_day=noon(now, 21).date(),
        by=office,
        at=noon(now, -5),
    )
    second = _second_space(spaces[TWO_SPACES].partnership, bodies[TWO_SPACES], now, office)
    leave_empty(
        call,
        AREA,
        count=1,
        reason="Nessun locale accessibile si è trovato nel tempo previsto (esempio).",
        act_number="655 (esempio)",
        act_date=noon(now, -30).date(),
        municipio=7,
        by=office,
        at=noon(now, -30),
    )
    _accompany(second, [spaces[n] for n in (TWO_SPACES, MOVES)], partner, now, method)


def _fit_out(space: Space, person: User, now: datetime, office: User) -> None:
    fit_out(space, by=office, at=noon(now, -224))
    for task in space.tasks.all():
        finish_task(task, by=person if task.owner == "partner" else office, at=noon(now, -215))
    say_staff_ready(space, by=office, at=noon(now, -213))


def _train(spaces: Sequence[Space], partner: Partnership, now: datetime, office: User) -> None:
    """One training with somebody of each Spazio."""
    meeting = plan_meeting(
        partner,
        kind=MeetingKind.TRAINING,
        title="Formazione iniziale degli operatori (esempio)",
        starts_at=noon(now, -208),
        minutes=240,
        place=ROOM,
        agenda="Ascolto, orientamento, privacy. Prova di un colloquio.",
        spaces=spaces,
        by=office,
        at=noon(now, -214),
    )
    presences = [(space, f"Operatrice di esempio {n}", "operatrice", 240) for n, space in enumerate(spaces, 1)]
    hold_meeting(meeting, presences, summary="Tutti hanno provato un colloquio.", minutes=240, by=office, at=noon(now, -207))
    for space in spaces:
        say_trained(space, by=office, at=noon(now, -206))


def _open(space: Space, body: Body, now: datetime, office: User) -> None:
    hours = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
    hours += [{"day": day, "opens": "15:00", "closes": "19:00"} for day in (2, 4)]
    today = noon(now, 0).date()
    day, holiday = next(found for found in coming_holidays(today) if found[0] > today + timedelta(days=3))
    latitude, longitude = _point(body)
    describe_space(
        space,
        name=f"Spazio WeMi {body.facts['title']}",
        phone=f"02 0000 00{body.n:02d}",
        functions=["listening", "information", "grants", "digital", "shared_services", "community"],
        languages=LANGUAGES[body.n],
        hours=sorted(hours, key=lambda span: (span["day"], span["opens"])),
        exceptions=[{"first": day.isoformat(), "last": day.isoformat(), "hours": [], "why": holiday}],
        step_free=body.n != SUSPENDED,
        access_notes="Luogo inventato per la dimostrazione: l'indirizzo non esiste.",
        transport=STOPS[body.n],
        latitude=latitude,
        longitude=longitude,
        by=office,
        at=noon(now, -202),
    )
    open_space(space, on=noon(now, -200).date(), by=office, at=noon(now, -200))


def _point(body: Body) -> tuple[Decimal, Decimal]:
    """Beside the middle of the Municipio, where the map writes its number: the address does not exist, but the map and the
    distances show something."""
    point = next(place.point for place in places() if place.name == f"Municipio {body.facts['municipio']}")
    return point.latitude + Decimal("0.007"), point.longitude - Decimal("0.006")


def _second_space(partnership: Partnership, body: Body, now: datetime, office: User) -> Space:
    """Another Spazio of the same body, being fitted out: tasks in each state, one of them late."""
    space = plan_further_space(
        partnership,
        name="Spazio WeMi Seconda porta",
        reason="Il tavolo chiede un secondo luogo nello stesso Municipio (esempio).",
        municipio=body.facts["municipio"],
        by=office,
        at=noon(now, -50),
    )
    expect_opening(space, on=noon(now, 45).date(), by=office, at=noon(now, -49))
    fit_out(space, by=office, at=noon(now, -48))
    place, visit, access, staff, insurance, _training, trial, equipment, *_others = space.tasks.all()
    for task in (place, staff, insurance):
        finish_task(task, note="I documenti sono all'ufficio (esempio).", by=body.person, at=noon(now, -35))
    finish_task(visit, by=office, at=noon(now, -30))
    change_task(
        access,
        kind=access.kind,
        title=access.title,
        owner=access.owner,
        due_on=noon(now, -5).date(),
        by=office,
        at=noon(now, -29),
    )
    for task in (access, equipment):
        task.refresh_from_db()
        begin_task(task, by=body.person, at=noon(now, -20))
    drop_task(trial, reason="Gli operatori vengono dall'altro Spazio: la prova c'è già stata.", by=office, at=noon(now, -15))
    return space


def _accompany(second: Space, others: Sequence[Space], partner: Partnership, now: datetime, method: User) -> None:
    plan = save_plan(
        second,
        partner,
        goals="Aprire con due operatori che sanno orientare ai servizi del Municipio (esempio).",
        needs="Il gruppo conosce il quartiere. Manca il lavoro con il servizio sociale.",
        seen=0,
        by=method,
        at=noon(now, -44),
    )
    begun = noon(now, -44)
    first = "Visita al primo Spazio e un giorno di affiancamento"
    done = add_action(plan, text=first, due_on=noon(now, -25).date(), by=method, at=begun)
    outcome = "Due operatori hanno seguito sei colloqui."
    finish_action(done, done_on=noon(now, -27).date(), outcome=outcome, by=method, at=noon(now, -26))
    for text, days in (("Incontro con il servizio sociale del Municipio", 9), ("Prova generale con tre famiglie", 30)):
        add_action(plan, text=text, due_on=noon(now, days).date(), by=method, at=begun)
    plan_meeting(
        partner,
        kind=MeetingKind.NETWORK,
        title="Incontro di rete: le richieste del trimestre (esempio)",
        starts_at=at_clock(now, 14, 14, 30),
        minutes=120,
        place=ROOM,
        agenda="Che cosa chiedono le persone\nQuali servizi mancano",
        spaces=[second, *others],
        by=method,
        at=noon(now, -3),
    )
    for kind, name, what_for, municipio in (
        (
            ServiceLinkKind.SOCIAL_SERVICE,
            "Servizio sociale territoriale di esempio",
            "Quando una famiglia ha bisogno di una presa in carico.",
            others[0].municipio,
        ),
        (
            ServiceLinkKind.DIRECTORATE,
            "Ufficio casa di esempio",
            "Domande per gli alloggi e contributi per l'affitto.",
            None,
        ),
    ):
        link = ServiceLink(kind=kind, name=name, what_for=what_for, contact="02 0000 0099 (esempio)", municipio=municipio)
        save_link(link, spaces=others[:1] if municipio else [], by=method, at=noon(now, -40))
