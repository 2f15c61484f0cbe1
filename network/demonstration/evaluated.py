"""The call that is being evaluated: the last hours of its deadline, requests to complete, a notice of rejection, the list of
the admitted, a commission that changed a member, sessions, sheets concluded and sheets half written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.demo import DOMAIN
from accounts.models import User
from applications import merging
from applications.actions import attach, complete, request_completion, save_completion
from applications.actions.rejecting import notify_rejection, observe_rejection
from applications.admissions import Why
from applications.checking import Entry, Verdict, not_admit, save_verdicts
from applications.completion import fingerprint_of_completion
from applications.completion_rules import against_completing
from applications.evidence import dossier, trouble
from applications.models import Application, CheckItem, CompletionRequest
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Assumption, FormalCheck, Notice
from evaluation.actions import (
    approve_minutes,
    close_session,
    declare,
    open_session,
    plan_session,
    replace_member,
    save_minutes,
)
from evaluation.models import Commission, MemberRole, Session, SessionKind
from network.demonstration.bodies import Body, attach_file, fill, send, sent
from network.demonstration.calls import EVALUATION, at_clock, make_call, noon
from network.demonstration.evidence import Hours
from network.demonstration.office import (
    UNTOUCHED,
    appoint,
    begin_check,
    check,
    check_with_reserve,
    judge,
    publish_the_admitted,
)
from network.demonstration.papers import blank_pdf
from network.demonstration.sheets import mark
from workflow.transition import Refused

LAST_MINUTES = {4: 71, 7: 12, 8: 5}
"""The bodies that send in the last minutes before a deadline, and how many are left."""
REJECTED, WITH_RESERVE = 10, 7
IN_CONFLICT, DISPUTED = 5, 3
"""The body with which a member is in conflict, and the one on which they disagree."""
LAST_CHECKED = 11


def call_in_evaluation(now: datetime, people: Mapping[str, User], bodies: Sequence[Body]) -> None:
    office = people["anna.bruni"]
    call = make_call(EVALUATION, opens=noon(now, -45), deadline=noon(now, -12), by=office, change=_with_notice_of_rejection)
    hours = Hours(call.closes_at)
    applications = [
        _sent_at_last(call, body, hours) if body.n in LAST_MINUTES else sent(call, body, days_before=1 + n % 5)
        for n, body in enumerate(bodies)
    ]
    with_requests = [sent(call, replace(bodies[n], area="area-2"), days_before=2) for n in (2, 1)]
    for application in (*applications, *with_requests):
        if application.organisation_id not in {bodies[n - 1].organisation.pk for n in LAST_MINUTES}:
            hours.sends(application, at=application.current.arrived_at, by=application.created_by)
    late = _too_late(call, replace(bodies[5], area="area-2"), hours)
    hours.keep()
    for application, body in zip(applications, bodies, strict=True):
        if body.n == REJECTED:
            _notify_and_reject(application, body, now, office)
        elif body.n == WITH_RESERVE:
            check_with_reserve(application, by=office, at=noon(now, -10))
        elif body.n <= LAST_CHECKED:  # two of Area 2 are left for the visitor to check
            check(application, by=office, at=noon(now, -10))
    _asked_and_waiting(with_requests[0], now, office)
    _asked_and_answered(with_requests[1], bodies[1], now, office)
    dossier.ask(call, late, by=office, at=noon(now, -9))
    rejected = applications[REJECTED - 1]
    publish_the_admitted(
        call, "area-1", {rejected.number: Why.REQUIREMENT}, number="381 (esempio)", by=office, at=at_clock(now, -9, 11, 0)
    )
    _evaluate(call, dict(zip(applications, bodies, strict=True)), people, now)


def _evaluate(call: Call, bodies: Mapping[Application, Body], people: Mapping[str, User], now: datetime) -> None:
    """The commission at work: one member left and a substitute took the seat; the chair has still to declare for half of the
    bodies; one member is in conflict with one."""
    office, leaving = people["anna.bruni"], User.objects.create_user(f"bruno.longhi@{DOMAIN}", name="Bruno Longhi")
    paolo, elena, stefano, marta = (people[name] for name in ("paolo.greco", "elena.riva", "stefano.marino", "marta.villa"))
    seats = [
        (paolo, MemberRole.CHAIR),
        (elena, MemberRole.MEMBER),
        (leaving, MemberRole.MEMBER),
        (marta, MemberRole.SECRETARY),
        (stefano, MemberRole.SUBSTITUTE),
    ]
    commission = appoint(call, seats, by=office, at=noon(now, -9))
    admitted = {application: body for application, body in bodies.items() if body.area == "area-1" and body.n != REJECTED}
    member_of = {member.user_id: member for member in commission.members.select_related("user", "commission__call__version")}
    for application, body in admitted.items():
        declare(member_of[elena.pk], application, in_conflict=False, at=noon(now, -8))
        declare(member_of[leaving.pk], application, in_conflict=False, at=noon(now, -8))
        if body.n <= 4:
            declare(member_of[paolo.pk], application, in_conflict=False, at=noon(now, -8))
        if body.n <= 2:
            mark(member_of[leaving.pk], application, body, at=at_clock(now, -8, 16, 20), finish=body.n == 1)
    joined = replace_member(
        member_of[leaving.pk],
        stefano,
        reason="Ha lasciato l'incarico: dal mese prossimo lavora in un altro ente (esempio).",
        act_number="391 (esempio)",
        act_date=noon(now, -7).date(),
        by=office,
        at=noon(now, -7),
    )
    for application, body in admitted.items():
        note = "Ho collaborato con questo ente nel 2023." if body.n == IN_CONFLICT else ""
        declare(joined, application, in_conflict=bool(note), note=note, at=noon(now, -6))
    session = _marking_session(commission, by=marta, now=now)
    for application, body in admitted.items():
        concluded = body.n <= 3
        if concluded:
            mark(member_of[paolo.pk], application, body, at=noon(now, -5))
        hard_on = ("azioni", "rete") if body.n == DISPUTED else ()
        mark(
            member_of[elena.pk],
            application,
            body,
            at=noon(now, -5),
            finish=concluded,
            leave_out=0 if concluded else 4,
            hard_on=hard_on,
        )
        if body.n != IN_CONFLICT:
            mark(joined, application, body, at=noon(now, -5))
    _close_with_minutes(session, secretary=marta, chair=paolo, now=now)
    plan_session(
        commission,
        kind=SessionKind.PUBLIC,
        area_code="area-1",
        planned_at=at_clock(now, 3, 10, 0),
        place="Sala di esempio, via di esempio 1, Milano",
        agenda="Lettura dei punteggi e dei motivi dell'Area 1. Chiusura della valutazione.",
        by=marta,
        at=at_clock(now, -1, 17, 30),
    )


def _marking_session(commission: Commission, *, by: User, now: datetime) -> Session:
    """A reserved session, called three days before, with everybody there."""
    session = plan_session(
        commission,
        kind=SessionKind.RESERVED,
        area_code="area-1",
        planned_at=at_clock(now, -5, 10, 0),
        place="Ufficio di esempio, via di esempio 1, Milano",
        agenda="Lettura delle proposte dell'Area 1. Ogni componente scrive le sue schede.",
        by=by,
        at=noon(now, -8),
    )
    seated = commission.members.seated().exclude(role=MemberRole.SUBSTITUTE).values_list("pk", flat=True)
    open_session(session, dict.fromkeys(seated, ""), by=by, at=at_clock(now, -5, 10, 5))
    return session


def _close_with_minutes(session: Session, *, secretary: User, chair: User, now: datetime) -> None:
    close_session(session, by=secretary, at=at_clock(now, -5, 13, 10))
    text = (
        "La commissione legge insieme le domande del modulo e la scala dei giudizi. Poi ogni componente scrive da solo.\n\n"
        "Chi presiede chiede altri giorni per le sue schede. La prossima seduta è pubblica. Verbale di esempio."
    )
    save_minutes(session, {"text": text}, {"text": [merging.fingerprint({})]}, by=secretary, at=at_clock(now, -5, 15, 0))
    approve_minutes(session, seen=1, by=chair, at=at_clock(now, -4, 9, 30))


def _with_notice_of_rejection(notice: Notice) -> Notice:
    """The call gives notice before a rejection, and a term to its check."""
    rule = FormalCheck(
        days=60,
        rejection_notice=True,
        text="Prima di non ammettere una domanda l'ufficio scrive i motivi all'ente, che ha dieci giorni per rispondere.",
    )
    assumed = Assumption("formal_check", "Il preavviso di rigetto e il termine della verifica sono della dimostrazione.")
    return replace(notice, formal_check=rule, assumptions=(*notice.assumptions, assumed))


def _notify_and_reject(application: Application, body: Body, now: datetime, office: User) -> None:
    """The body is told why it is about to be rejected, answers, and is rejected with an answer to what it wrote."""
    judge(
        application,
        {1: Verdict(CheckItem.Verdict.NOT_MET, "L'iscrizione al registro non risulta.")},
        by=office,
        at=at_clock(now, -11, 9, 0),
    )
    reasons = "L'ente non risulta iscritto a nessun registro del Terzo settore."
    notice = notify_rejection(application, reasons=reasons, by=office, at=at_clock(now, -11, 9, 30))
    text = "Abbiamo chiesto l'iscrizione il mese scorso: alleghiamo la ricevuta della richiesta, che è ancora in esame."
    observe_rejection(notice, text, version=0, by=body.person, at=at_clock(now, -10, 18, 0))
    [read] = application.check_items.filter(verdict=CheckItem.Verdict.OPEN).values_list("code", flat=True)
    seen = Verdict(CheckItem.Verdict.NOT_MET, "La richiesta è arrivata al registro dopo la scadenza dell'avviso.")
    save_verdicts(application, {read: Entry(UNTOUCHED, seen)}, by=office, at=at_clock(now, -9, 9, 0))
    answer = "L'iscrizione doveva esserci alla scadenza dell'avviso: averla chiesta non basta."
    not_admit(application, reason=reasons, answer=answer, by=office, at=at_clock(now, -9, 9, 10))


def _sent_at_last(call: Call, body: Body, hours: Hours) -> Application:
    """Somebody who sends some minutes before the deadline; the third of them had forgotten a file."""
    at = call.closes_at - timedelta(minutes=LAST_MINUTES[body.n], seconds=7 * body.n, microseconds=118_003 * body.n)
    early = at - timedelta(minutes=21)
    forgotten = "planimetria" if LAST_MINUTES[body.n] == min(LAST_MINUTES.values()) else ""
    application = fill(call, body, at=early, leave_out=forgotten)
    hours.writes(application, until=at - timedelta(minutes=3), by=body.person)
    if forgotten:
        tried = at - timedelta(minutes=2, seconds=9)
        hours.sends(application, at=tried, by=body.person, reasons=_refused(application, body, at=tried))
        attach_file(application, forgotten, body, at=at - timedelta(minutes=1))
    send(application, body, at=at)
    hours.sends(application, at=at, by=body.person)
    return application


def _too_late(call: Call, body: Body, hours: Hours) -> Application:
    """Everything was there in time, and «Invia» was pressed when it was over: refused, and reported by a person."""
    application = fill(call, body, at=call.closes_at - timedelta(minutes=50))
    at = call.closes_at + timedelta(seconds=8, microseconds=412_006)
    hours.writes(application, until=call.closes_at - timedelta(minutes=4), by=body.person)
    hours.sends(application, at=at, by=body.person, reasons=_refused(application, body, at=at))
    trouble.report(
        application,
        "Ho premuto «Invia» prima di mezzogiorno, ma il sito rispondeva piano: la pagina è tornata alle 12:00 passate.",
        page="riepilogo",
        device="Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
        device_clock=(at + timedelta(minutes=3, seconds=-11)).astimezone(ROME).isoformat(timespec="seconds"),
        by=body.person,
        at=at + timedelta(minutes=3),
    )
    return application


def _refused(application: Application, body: Body, *, at: datetime) -> list[str]:
    """Why a sending is refused, said by the sending itself."""
    try:
        send(application, body, at=at)
    except Refused as refused:
        return refused.reasons
    raise AssertionError("nothing stood against it")


def _asked_and_waiting(application: Application, now: datetime, office: User) -> None:
    """A request to complete that the body may answer for some days more."""
    begin_check(application, by=office, at=noon(now, -3))
    request_completion(
        application,
        questions=["esperienza.valore-dei-servizi"],
        files=["curriculum"],
        due_at=noon(now, 6),
        reason=(
            "Il valore dei servizi non dice a quali anni si riferisce: correggi la risposta. Nei curriculum manca quello di chi "
            "coordina: carica di nuovo il file, completo."
        ),
        by=office,
        at=noon(now, -2),
    )


def _asked_and_answered(application: Application, body: Body, now: datetime, office: User) -> None:
    begin_check(application, by=office, at=noon(now, -9))
    asked = request_completion(
        application,
        questions=["esperienza.valore-dei-servizi"],
        files=["statuto"],
        due_at=noon(now, -1),
        reason=(
            "Lo statuto si legge solo fino a pagina 4: carica il file intero. Il valore dei servizi è più alto delle vostre entrate: "
            "controllalo."
        ),
        by=office,
        at=noon(now, -8),
    )
    at = noon(now, -5)
    value = {"valore-dei-servizi": "96.500,00"}
    save_completion(asked, typed={"valore-dei-servizi": value}, bases={}, base_version=0, by=body.person, at=at)
    upload = SimpleUploadedFile("statuto-intero.pdf", blank_pdf("Statuto intero – documento di esempio"), "application/pdf")
    against = partial(against_completing, asked)
    attach(application, "statuto", upload, by=body.person, at=at, completion=asked, against=against)
    asked = CompletionRequest.objects.select_related("application__call", "application__organisation").get(pk=asked.pk)
    complete(
        asked,
        reviewed=fingerprint_of_completion(asked),
        by=body.person,
        at=at + timedelta(minutes=4),
        clock=lambda: at + timedelta(minutes=4, milliseconds=61),
    )
