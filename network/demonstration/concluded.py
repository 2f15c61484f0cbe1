"""The call that is concluded: rankings published, agreements signed, Spazi open (``joining``, ``spaces``),
services, what citizens ask and what the Spazi report (``catalogue``, ``requests``, ``reports``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts.models import User
from applications import merging
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
from network.actions import draft_agreement
from network.demonstration.bodies import Body, sent
from network.demonstration.calls import CONCLUDED, make_call, noon
from network.demonstration.catalogue import fill_the_catalogue
from network.demonstration.joining import (
    by_body,
    check_declarations,
    design_together,
    insure_and_pay,
    make_ready,
    publish,
    sign,
)
from network.demonstration.office import appoint, check, seats_of
from network.demonstration.reports import report_the_quarters
from network.demonstration.requests import ask_the_network
from network.demonstration.sheets import mark
from network.demonstration.spaces import ACCOMPANIES, OPENED, run_the_network

PAID, READY, IRREGULAR = 1, 3, 2
PLANNED, DRAFTED = 8, 4
"""The bodies whose agreement is paid for, waits for their signature, is signed and not published, is being written; and the
one that has to put a declaration right."""


def concluded_call(now: datetime, people: Mapping[str, User], bodies: Sequence[Body]) -> None:
    office, seats = people["anna.bruni"], seats_of(people)
    call = make_call(CONCLUDED, opens=noon(now, -330), deadline=noon(now, -290), by=office)
    applications = [sent(call, body, days_before=1 + n % 7) for n, body in enumerate(bodies)]
    for application in applications:
        check(application, by=office, at=noon(now, -285))
    commission = appoint(call, seats, by=office, at=noon(now, -284))
    for application, body in zip(applications, bodies, strict=True):
        for member in commission.members.all():
            if member.marks_proposals:
                declare(member, application, in_conflict=False, at=noon(now, -283))
                mark(member, application, body, at=noon(now, -278))
    session = _last_session(commission, by=seats[0][0], planned=noon(now, -273), at=noon(now, -270))
    for area, number in (("area-1", "412"), ("area-2", "413")):
        ranking = compute_ranking(call, area, by=office, at=noon(now, -269))
        publish_ranking(
            ranking,
            act_number=f"{number} (esempio)",
            act_date=noon(now, -266).date(),
            unfilled_reason="Le proposte idonee sono meno dei posti (esempio).",
            by=office,
            at=noon(now, -266),
        )
    _publish_minutes(session, by=office, at=noon(now, -265))
    rows, found = by_body(applications, bodies), {body.n: body for body in bodies}
    check_declarations(call, rows[IRREGULAR], now, office)
    design_together(call, rows, found, now, office)
    for n in (ACCOMPANIES, *OPENED):
        agreement = sign(rows[n], found[n], now, office)
        publish(agreement, now, office)
        if n == PAID:
            insure_and_pay(agreement, now, office)
    sign(rows[PLANNED], found[PLANNED], now, office, day=-25)
    make_ready(rows[READY], now, office)
    draft_agreement(rows[DRAFTED], at=noon(now, -3))
    run_the_network(call, found, now, office)
    ask_the_network(found, fill_the_catalogue(found, now, office), now, office)
    report_the_quarters(found, now, office)


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
