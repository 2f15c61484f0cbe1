"""The call that is concluded: rankings published, agreements signed, Spazi open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts.models import User
from applications import merging
from applications.models import Application
from bando.models import Call
from documents.uploads import keep
from evaluation.actions import (
    approve_minutes,
    close_evaluation,
    close_session,
    compute_ranking,
    declare,
    open_session,
    plan_session,
    publish_minutes,
    publish_ranking,
    save_minutes,
)
from evaluation.models import Commission, Session, SessionKind
from network.actions import (
    describe_space,
    draft_agreement,
    finish_task,
    fit_out,
    hold_meeting,
    open_space,
    plan_meeting,
    say_staff_ready,
    say_trained,
    sign_agreement,
)
from network.demonstration.bodies import Body, sent
from network.demonstration.calls import CONCLUDED, make_call, noon
from network.demonstration.office import appoint, check, seats_of
from network.demonstration.papers import blank_pdf
from network.demonstration.sheets import mark
from network.models import MeetingKind, Partnership, Space
from network.onboarding import DEFAULTS


def concluded_call(now: datetime, people: Mapping[str, User], bodies: Sequence[Body]) -> None:
    office, seats = people["anna.bruni"], seats_of(people)
    call = make_call(CONCLUDED, opens=noon(now, -260), deadline=noon(now, -220), by=office)
    applications = [sent(call, body, days_before=1 + n % 7) for n, body in enumerate(bodies)]
    for application in applications:
        check(application, by=office, at=noon(now, -215))
    commission = appoint(call, seats, by=office, at=noon(now, -214))
    for application, body in zip(applications, bodies, strict=True):
        for member in commission.members.all():
            if member.marks_proposals:
                declare(member, application, in_conflict=False, at=noon(now, -213))
                mark(member, application, body, at=noon(now, -208))
    session = _last_session(commission, by=seats[0][0], planned=noon(now, -203), at=noon(now, -200))
    for area, number in (("area-1", "412"), ("area-2", "413")):
        ranking = compute_ranking(call, area, by=office, at=noon(now, -199))
        publish_ranking(
            ranking,
            act_number=f"{number} (esempio)",
            act_date=noon(now, -196).date(),
            unfilled_reason="Le proposte idonee sono meno dei posti (esempio).",
            by=office,
            at=noon(now, -196),
        )
    _publish_minutes(session, by=office, at=noon(now, -195))
    _agree(call, bodies[10], office, now)
    spaces = [_agree(call, body, office, now) for body in (bodies[2], bodies[0], bodies[5], bodies[1])]
    *ready, last = [space for space in spaces if space is not None]
    _fit_out(last, office, now, done=5)
    for space in ready:
        _fit_out(space, office, now, done=len(DEFAULTS))
    _train(ready, office, now)
    for space, body in zip(ready, (bodies[2], bodies[0], bodies[5]), strict=True):
        _open(space, body, office, now)


def _last_session(commission: Commission, *, by: User, planned: datetime, at: datetime) -> Session:
    """The public session in which the areas are closed, with everybody there, and its minutes written and approved."""
    session = plan_session(
        commission,
        kind=SessionKind.PUBLIC,
        area_code="",
        planned_at=at,
        place="Sala di esempio, via di esempio 1, Milano",
        agenda="Lettura dei punteggi e dei motivi. Chiusura della valutazione delle due aree.",
        by=by,
        at=planned,
    )
    open_session(session, dict.fromkeys(commission.members.seated().values_list("pk", flat=True), ""), by=by, at=at)
    for minutes, area in ((40, "area-1"), (70, "area-2")):
        close_evaluation(commission.call, area, by=by, at=at + timedelta(minutes=minutes))
    close_session(session, by=by, at=at + timedelta(minutes=85))
    text = (
        "Chi presiede legge, proposta per proposta, i punteggi di ogni componente e i motivi. Nessuno chiede di cambiarli.\n\n"
        "La commissione chiude la valutazione delle due aree e passa gli atti all'ufficio. Verbale di esempio."
    )
    save_minutes(session, {"text": text}, {"text": [merging.fingerprint({})]}, by=by, at=at + timedelta(hours=2))
    approve_minutes(session, seen=1, by=by, at=at + timedelta(hours=3))
    return session


def _publish_minutes(session: Session, *, by: User, at: datetime) -> None:
    """Without the reasons of each member, which are long."""
    publish_minutes(session, text=session.minutes.text, parts={}, reasons=False, weighed=False, by=by, at=at)


def _agree(call: Call, body: Body, office: User, now: datetime) -> Space | None:
    """The agreement of a selected body, and its planned Spazio where the area opens one."""
    application = Application.objects.with_call().get(call=call, organisation=body.organisation)
    if application.state != "selected":
        return None
    agreement = draft_agreement(application, at=noon(now, -150))
    signed, name = noon(now, -120), f"convenzione-{body.n}.pdf"
    document = keep(
        blank_pdf(f"Convenzione di esempio – {body.organisation.name}"),
        name=name,
        media_type="application/pdf",
        by=office,
        at=signed,
    )
    sign_agreement(
        agreement,
        number=f"{1000 + body.n}/{signed.year} (esempio)",
        signed_on=signed.date(),
        starts_on=(signed + timedelta(days=10)).date(),
        ends_on=(signed + timedelta(days=740)).date(),
        document=document,
        by=office,
        at=signed,
    )
    return Space.objects.filter(partnership__agreement=agreement).first()


def _fit_out(space: Space, office: User, now: datetime, *, done: int) -> None:
    """The first ``done`` tasks are settled; with all of them the staff is ready."""
    fit_out(space, by=office, at=noon(now, -108))
    for task in space.tasks.all()[:done]:
        finish_task(task, by=office, at=noon(now, -90))
    if done == len(DEFAULTS):
        say_staff_ready(space, by=office, at=noon(now, -80))


def _train(spaces: Sequence[Space], office: User, now: datetime) -> None:
    """One training with somebody of each Spazio."""
    meeting = plan_meeting(
        Partnership.objects.get(accompanies=True),
        kind=MeetingKind.TRAINING,
        title="Formazione iniziale degli operatori (esempio)",
        starts_at=noon(now, -70),
        minutes=240,
        place="Sala di esempio, via di esempio 1, Milano",
        agenda="Ascolto, orientamento, privacy. Prova di un colloquio.",
        spaces=spaces,
        by=office,
        at=noon(now, -78),
    )
    presences = [(space, f"Operatrice di esempio {n}", "operatrice", 240) for n, space in enumerate(spaces, 1)]
    hold_meeting(meeting, presences, summary="Tutti hanno provato un colloquio.", minutes=240, by=office, at=noon(now, -69))
    for space in spaces:
        say_trained(space, by=office, at=noon(now, -68))


def _open(space: Space, body: Body, office: User, now: datetime) -> None:
    hours = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
    hours += [{"day": day, "opens": "15:00", "closes": "19:00"} for day in (2, 4)]
    describe_space(
        space,
        name=f"Spazio WeMi {body.facts['title']}",
        phone=f"02 0000 00{body.n:02d}",
        functions=["listening", "information", "grants", "shared_services", "community"],
        hours=sorted(hours, key=lambda span: (span["day"], span["opens"])),
        step_free=True,
        access_notes="Luogo inventato per la dimostrazione: l'indirizzo non esiste.",
        by=office,
        at=noon(now, -62),
    )
    open_space(space, on=noon(now, -60).date(), by=office, at=noon(now, -60))
