"""The call that is open: a draft of a group, applications sent, a question answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from accounts.models import User
from applications.actions import start_application
from applications.actions.joining import add_member, change_member
from applications.models import Application
from applications.progress import partners_of, sections
from applications.sections.budget import LINES, VOLUNTEERS
from applications.sections.tables import cell_name
from bando.clarifying import answer, ask
from bando.models import Call
from bando.notice.document import NO, GroupForm, Notice
from network.demonstration.bodies import Body, attach_file, fill, save, send
from network.demonstration.calls import OPEN, at_clock, make_call, noon, with_lines_and_hours
from network.demonstration.papers import signed_pdf

COMMITMENT = "impegno-a-costituirsi"
"""The file that wants a digital signature."""


def open_call(now: datetime, people: Mapping[str, User], bodies: Sequence[Body]) -> None:
    office = people["anna.bruni"]
    call = make_call(OPEN, opens=noon(now, -20), deadline=noon(now, 9), by=office, change=with_lines_and_hours)
    for body, day in zip([bodies[2], bodies[4], bodies[10], bodies[11]], (-6, -4, -3, -1), strict=True):
        send(fill(call, body, at=noon(now, day - 1)), body, at=noon(now, day))
    _started_draft(call, bodies, now)
    _ask_and_answer(call, office, bodies, now)


def _started_draft(call: Call, bodies: Sequence[Body], now: datetime) -> None:
    """The draft of a group, written by two people: some parts done, one to correct, one half written, the rest still to do.
    The other body has been invited and has not answered."""
    body, partner = bodies[0], bodies[1]
    application = start_application(call, body.area, body.organisation, by=body.person, at=at_clock(now, -6, 9, 12))
    add_member(
        application,
        name=partner.organisation.name,
        email=partner.person.email,
        tasks="Tiene i laboratori del pomeriggio e cura i volontari.",
        share=4_000,
        by=body.person,
        at=at_clock(now, -5, 18, 40),
    )
    lead = application.participants.get(is_lead=True)
    tasks = "Apre lo Spazio ogni giorno e ne risponde."
    change_member(lead, share=6_000, tasks=tasks, by=body.person, at=at_clock(now, -5, 18, 44))
    helper = replace(body, person=User.objects.get(email__startswith="davide.sala@"))
    parts = {section.code: section for section in sections(application)}
    save(application, parts["ente"], body, at=at_clock(now, -6, 9, 31))
    group = {"form": GroupForm.ATS.value, "constituted": NO}
    save(application, parts["chi-partecipa"], body, at=at_clock(now, -5, 18, 36), instead=group)
    save(application, parts["esperienza"], body, at=at_clock(now, -4, 21, 5))
    save(application, parts["spazio"], helper, at=at_clock(now, -4, 15, 22), instead={"ore-di-apertura": "ventotto"})
    left = ("obiettivi", "servizi-condivisi")
    first = {"azioni-dello-spazio": "Ascolto ogni mattina. Laboratori il pomeriggio. Il resto è da scrivere con i volontari."}
    save(application, parts["proposta"], body, at=at_clock(now, -3, 21, 48), instead=first, leave_out=left)
    save(application, parts["proposta"], helper, at=at_clock(now, -2, 16, 3), leave_out=left)
    save(
        application, parts["piano-economico"], body, at=at_clock(now, -2, 22, 17), typed=_half_a_plan(application, call.notice)
    )
    attach_file(application, "statuto", body, at=at_clock(now, -2, 22, 30))
    given_name, surname = body.person.name.split(" ")
    at = at_clock(now, -1, 11, 26)
    signed = signed_pdf(
        "Impegno a costituire il gruppo – documento di esempio", given_name, surname, at=at - timedelta(minutes=52)
    )
    attach_file(application, COMMITMENT, body, at=at, content=signed)


def _half_a_plan(application: Application, notice: Notice) -> dict[str, str]:
    """The lines of two bodies in two years, and hours of volunteers; the last cost is still to be found."""
    lead, partner = partners_of(application)
    years = notice.budget_for(application.area_code).years
    lines = [
        ("personale", lead, years[0], "Coordinatrice e due operatrici, 30 ore", "21.500,00", "3.000,00"),
        ("personale", lead, years[1], "Coordinatrice e due operatrici, 30 ore", "22.300,00", "3.000,00"),
        ("personale", partner, years[0], "Chi conduce i laboratori", "6.400,00", ""),
        ("locali", lead, years[0], "Utenze e pulizie", "3.800,00", "3.800,00"),
        ("allestimento", partner, years[0], "Tavoli e materiali dei laboratori", "2.250,50", "500,00"),
        ("assicurazioni", lead, years[0], "Preventivo da chiedere", "", ""),
    ]
    hours = [
        ("Accoglienza all'ingresso", lead, "320", "14,50"),
        ("Laboratori del pomeriggio", partner, "186,5", "14,50"),
    ]
    typed = {}
    for code, names, rows in (
        (LINES, ("item", "partner", "year", "text", "total", "own"), lines),
        (VOLUNTEERS, ("activity", "partner", "hours", "hourly"), hours),
    ):
        for row, cells in enumerate(rows, 1):
            typed |= {cell_name(code, row, column): str(cell) for column, cell in zip(names, cells, strict=True)}
    return typed


def _ask_and_answer(call: Call, office: User, bodies: Sequence[Body], now: datetime) -> None:
    """Two questions with one answer."""
    same = [
        ask(call, section="spazio", text=text, by=body.person, at=noon(now, -9))
        for text, body in (
            ("Lo Spazio può stare nella sede di un'altra associazione?", bodies[2]),
            ("Abbiamo un bar sociale: una parte può diventare lo Spazio?", bodies[4]),
        )
    ]
    answer(
        call,
        section="spazio",
        question="Lo Spazio può stare dentro un luogo che ha già altre attività?",
        reply="Sì. Nella sezione sullo Spazio descrivi le stanze e gli orari riservati, e con quale titolo li usi.",
        explains_only=True,
        by=office,
        at=noon(now, -8),
        enquiries=[enquiry.pk for enquiry in same],
    )
