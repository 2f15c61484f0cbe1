"""The demonstration: three calls of the Spazi WeMi at three moments of their life, made through the same doors as in the
product, by people who do not exist.

Everything is placed around the day on which it is loaded: one call is open for nine more days, one is being evaluated,
one has its ranking, its agreements and its open Spazi. Only what no door makes afterwards is written as rows: what the probe
measured and what was tried in the last hours of a deadline (``network.demonstration_evidence``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum import luhn

from accounts.demo import DOMAIN, create_people
from accounts.models import Membership, Organisation, Role, User
from applications import merging, protocol, receipts
from applications.actions import (
    attach,
    complete,
    request_completion,
    save_completion,
    save_section,
    start_application,
    submit,
)
from applications.actions.joining import add_member, change_member
from applications.checking import Entry, Verdict, admit, not_admit, save_verdicts, start_check
from applications.completion import fingerprint_of_completion
from applications.completion_rules import against_completing
from applications.evidence import dossier, trouble
from applications.models import Application, Attachment, CheckItem, CompletionRequest, Dossier
from applications.progress import fingerprint, judged, partners_of, rules_of, sections
from applications.sections import build_form
from applications.sections.budget import LINES, VOLUNTEERS, amounts_of
from applications.sections.build import names_of
from applications.sections.tables import cell_name
from applications.states import ApplicationState
from bando.actions import load, publish
from bando.clarifying import answer, ask
from bando.deadlines import ROME, in_rome
from bando.models import Call
from bando.notice.canonical import to_data
from bando.notice.document import (
    NO,
    Assumption,
    Budget,
    GroupAnswer,
    GroupForm,
    Milestone,
    Notice,
    Question,
    QuestionType,
    Section,
    SectionKind,
    Volunteers,
)
from bando.notice.grid import Criterion, Grid, Level
from bando.notice_yaml import dump, load_notice
from documents import signatures
from documents.uploads import keep
from evaluation.actions import (
    appoint_commission,
    approve_minutes,
    close_evaluation,
    close_session,
    compute_ranking,
    declare,
    finish_sheet,
    open_session,
    plan_session,
    publish_minutes,
    publish_ranking,
    save_marks,
    save_minutes,
)
from evaluation.models import Commission, Member, MemberRole, Session, SessionKind, Sheet
from network.actions import draft_agreement, open_space, sign_agreement
from network.demonstration_evidence import Hours
from network.demonstration_papers import blank_pdf, signed_pdf
from network.models import Space
from workflow.transition import Refused

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
OPEN, EVALUATION, CONCLUDED = "spazi-wemi-aperto", "spazi-wemi-in-valutazione", "spazi-wemi-concluso"
SLUGS = (OPEN, EVALUATION, CONCLUDED)
TITLES = {
    OPEN: "Spazi WeMi – avviso dimostrativo aperto",
    EVALUATION: "Spazi WeMi – avviso dimostrativo in valutazione",
    CONCLUDED: "Spazi WeMi – avviso dimostrativo concluso",
}
AREA_2_FROM = 11
"""The bodies from this place on answer for Area 2."""
COMMITMENT = "impegno-a-costituirsi"
"""The file that wants a digital signature."""
LAST_MINUTES = {4: 71, 7: 12, 8: 5}
"""The bodies that send in the last minutes before a deadline, and how many are left."""
SAME_PHONE = {13: 12}
"""A body that answers the phone of another one: the office is told, and judges."""

MILESTONES = (
    Milestone("Nomina della commissione", "dopo la scadenza"),
    Milestone("Graduatoria di ciascuna area", "entro tre mesi dalla scadenza"),
    Milestone("Tavoli di co-progettazione, convenzioni e apertura degli Spazi", "nei mesi successivi"),
)

SENTENCE = (
    "Avviso dimostrativo. Aree e posti vengono dalla stampa del 2021. Date, domande, criteri, punti, importi e requisiti sono "
    "un esempio: quelli veri dell'avviso del Comune di Milano non sono noti a chi ha scritto questo programma."
)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Body:
    organisation: Organisation
    person: User
    facts: Mapping[str, Any]
    n: int
    area: str


def is_loaded() -> bool:
    return Call.objects.filter(slug__in=SLUGS).exists()


def load_demonstration(now: datetime, tell: Tell) -> None:
    """Make it all. ``tell`` hears a line at each step, because it takes some seconds."""
    people = create_people()
    office = people["anna.bruni"]
    bodies = list(_bodies(people))
    seats = [
        (people["paolo.greco"], MemberRole.CHAIR),
        (people["elena.riva"], MemberRole.MEMBER),
        (people["stefano.marino"], MemberRole.MEMBER),
        (people["marta.villa"], MemberRole.SECRETARY),
    ]
    tell("Avviso aperto: una bozza cominciata e quattro domande inviate")
    _open_call(now, office, bodies)
    tell("Avviso in valutazione: domande verificate, commissari al lavoro")
    _call_in_evaluation(now, office, bodies, seats)
    tell("Avviso concluso: graduatorie pubblicate, convenzioni firmate, Spazi aperti")
    _concluded_call(now, office, bodies, seats)


def make_papers(tell: Tell) -> None:
    """What people are promised to find at once: a receipt, the signatures of a file, a dossier. Outside any transaction, as in
    the worker, which makes the others."""
    tell("Carte: una ricevuta firmata, un dossier, le firme di un file")
    mine = Application.objects.filter(organisation__memberships__user__email__startswith="lucia.conti@", call__slug=OPEN)
    for application in mine.select_related("current__application__call", "current__application__organisation"):
        sent = application.current
        protocol.enter(sent, at=sent.committed_at + timedelta(seconds=2))
        receipts.issue(sent, at=sent.committed_at + timedelta(seconds=5))
    for file in Attachment.objects.filter(rule=COMMITMENT, application__call__slug=OPEN):
        signatures.read(file.document, at=file.document.received_at + timedelta(seconds=5))
    for asked in Dossier.objects.filter(call__slug=EVALUATION).select_related(
        "call__version", "application__organisation", "by"
    ):
        dossier.issue(asked, at=asked.at + timedelta(seconds=5))


def _open_call(now: datetime, office: User, bodies: Sequence[Body]) -> None:
    call = _call(OPEN, opens=_noon(now, -20), deadline=_noon(now, 9), by=office, change=_with_lines_and_hours)
    for body, day in zip([bodies[2], bodies[4], bodies[10], bodies[11]], (-6, -4, -3, -1), strict=True):
        _send(_fill(call, body, at=_noon(now, day - 1)), body, at=_noon(now, day))
    _started_draft(call, bodies, now)
    _ask_and_answer(call, office, bodies, now)


def _started_draft(call: Call, bodies: Sequence[Body], now: datetime) -> None:
    """The draft of a group, written by two people: some parts done, one to correct, one half written, the rest still to do.
    The other body has been invited and has not answered."""
    body, partner = bodies[0], bodies[1]
    application = start_application(call, body.area, body.organisation, by=body.person, at=_at(now, -6, 9, 12))
    add_member(
        application,
        name=partner.organisation.name,
        email=partner.person.email,
        tasks="Tiene i laboratori del pomeriggio e cura i volontari.",
        share=4_000,
        by=body.person,
        at=_at(now, -5, 18, 40),
    )
    lead = application.participants.get(is_lead=True)
    tasks = "Apre lo Spazio ogni giorno e ne risponde."
    change_member(lead, share=6_000, tasks=tasks, by=body.person, at=_at(now, -5, 18, 44))
    helper = replace(body, person=User.objects.get(email__startswith="davide.sala@"))
    parts = {section.code: section for section in sections(application)}
    _save(application, parts["ente"], body, at=_at(now, -6, 9, 31))
    group = {"form": GroupForm.ATS.value, "constituted": NO}
    _save(application, parts["chi-partecipa"], body, at=_at(now, -5, 18, 36), instead=group)
    _save(application, parts["esperienza"], body, at=_at(now, -4, 21, 5))
    _save(application, parts["spazio"], helper, at=_at(now, -4, 15, 22), instead={"ore-di-apertura": "ventotto"})
    left = ("obiettivi", "servizi-condivisi")
    first = {"azioni-dello-spazio": "Ascolto ogni mattina. Laboratori il pomeriggio. Il resto è da scrivere con i volontari."}
    _save(application, parts["proposta"], body, at=_at(now, -3, 21, 48), instead=first, leave_out=left)
    _save(application, parts["proposta"], helper, at=_at(now, -2, 16, 3), leave_out=left)
    _save(application, parts["piano-economico"], body, at=_at(now, -2, 22, 17), typed=_half_a_plan(application, call.notice))
    _attach(application, "statuto", body, at=_at(now, -2, 22, 30))
    given_name, surname = body.person.name.split(" ")
    at = _at(now, -1, 11, 26)
    signed = signed_pdf(
        "Impegno a costituire il gruppo – documento di esempio", given_name, surname, at=at - timedelta(minutes=52)
    )
    _attach(application, COMMITMENT, body, at=at, content=signed)


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
        ask(call, section="spazio", text=text, by=body.person, at=_noon(now, -9))
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
        at=_noon(now, -8),
        enquiries=[enquiry.pk for enquiry in same],
    )


def _call_in_evaluation(now: datetime, office: User, bodies: Sequence[Body], seats: Sequence[Any]) -> None:
    call = _call(EVALUATION, opens=_noon(now, -45), deadline=_noon(now, -12), by=office)
    hours = Hours(call.closes_at)
    applications = [
        _sent_at_last(call, body, hours) if body.n in LAST_MINUTES else _sent(call, body, days_before=1 + n % 5)
        for n, body in enumerate(bodies)
    ]
    with_requests = [_sent(call, replace(bodies[n], area="area-2"), days_before=2) for n in (2, 1)]
    for application in (*applications, *with_requests):
        if application.organisation_id not in {bodies[n - 1].organisation.pk for n in LAST_MINUTES}:
            hours.sends(application, at=application.current.arrived_at, by=application.created_by)
    late = _too_late(call, replace(bodies[5], area="area-2"), hours)
    hours.keep()
    for application, body in zip(applications, bodies, strict=True):
        if body.n < 12:  # two of Area 2 are left for the visitor to check
            _check(application, body, by=office, at=_noon(now, -10))
    _asked_and_waiting(with_requests[0], now, office)
    _asked_and_answered(with_requests[1], bodies[1], now, office)
    dossier.ask(call, late, by=office, at=_noon(now, -9))
    commission = _appoint(call, seats, by=office, at=_noon(now, -9))
    for application, body in zip(applications, bodies, strict=True):
        if body.area != "area-1" or application.state != ApplicationState.ADMITTED:
            continue
        for member in commission.members.all():
            # The chair has still to declare for half of them; one member is in conflict with one body.
            if not member.marks_proposals or (member.role == MemberRole.CHAIR and body.n > 4):
                continue
            in_conflict = member.order == 3 and body.n == 5
            note = "Ho collaborato con questo ente nel 2023." if in_conflict else ""
            declare(member, application, in_conflict=in_conflict, note=note, at=_noon(now, -8))
            if in_conflict:
                continue
            done = member.order == 3 or body.n <= 3
            if done or member.order == 2:
                _mark(member, application, body, at=_noon(now, -5), finish=done, leave_out=0 if done else 4)


def _sent_at_last(call: Call, body: Body, hours: Hours) -> Application:
    """Somebody who sends some minutes before the deadline; the third of them had forgotten a file."""
    at = call.closes_at - timedelta(minutes=LAST_MINUTES[body.n], seconds=7 * body.n, microseconds=118_003 * body.n)
    early = at - timedelta(minutes=21)
    forgotten = "planimetria" if LAST_MINUTES[body.n] == min(LAST_MINUTES.values()) else ""
    application = _fill(call, body, at=early, leave_out=forgotten)
    hours.writes(application, until=at - timedelta(minutes=3), by=body.person)
    if forgotten:
        tried = at - timedelta(minutes=2, seconds=9)
        hours.sends(application, at=tried, by=body.person, reasons=_refused(application, body, at=tried))
        _attach(application, forgotten, body, at=at - timedelta(minutes=1))
    _send(application, body, at=at)
    hours.sends(application, at=at, by=body.person)
    return application


def _too_late(call: Call, body: Body, hours: Hours) -> Application:
    """Everything was there in time, and «Invia» was pressed when it was over: refused, and reported by a person."""
    application = _fill(call, body, at=call.closes_at - timedelta(minutes=50))
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
        _send(application, body, at=at)
    except Refused as refused:
        return refused.reasons
    raise AssertionError("nothing stood against it")


def _asked_and_waiting(application: Application, now: datetime, office: User) -> None:
    """A request to complete that the body may answer for some days more."""
    _begin_check(application, by=office, at=_noon(now, -3))
    request_completion(
        application,
        questions=["esperienza.valore-dei-servizi"],
        files=["curriculum"],
        due_at=_noon(now, 6),
        reason=(
            "Il valore dei servizi non dice a quali anni si riferisce: correggi la risposta. Nei curriculum manca quello di chi "
            "coordina: carica di nuovo il file, completo."
        ),
        by=office,
        at=_noon(now, -2),
    )


def _asked_and_answered(application: Application, body: Body, now: datetime, office: User) -> None:
    _begin_check(application, by=office, at=_noon(now, -9))
    asked = request_completion(
        application,
        questions=["esperienza.valore-dei-servizi"],
        files=["statuto"],
        due_at=_noon(now, -1),
        reason=(
            "Lo statuto si legge solo fino a pagina 4: carica il file intero. Il valore dei servizi è più alto delle vostre entrate: "
            "controllalo."
        ),
        by=office,
        at=_noon(now, -8),
    )
    at = _noon(now, -5)
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


def _begin_check(application: Application, *, by: User, at: datetime) -> None:
    """A check in which one thing still has to be seen."""
    start_check(application, by=by, at=at)
    codes = list(application.check_items.order_by("pk").values_list("code", flat=True))
    entries = {code: Entry(Verdict("", ""), Verdict(CheckItem.Verdict.MET, "")) for code in codes[:2]}
    save_verdicts(application, entries, by=by, at=at)


def _concluded_call(now: datetime, office: User, bodies: Sequence[Body], seats: Sequence[Any]) -> None:
    call = _call(CONCLUDED, opens=_noon(now, -260), deadline=_noon(now, -220), by=office)
    applications = [_sent(call, body, days_before=1 + n % 7) for n, body in enumerate(bodies)]
    for application, body in zip(applications, bodies, strict=True):
        _check(application, body, by=office, at=_noon(now, -215), even_the_weak=True)
    commission = _appoint(call, seats, by=office, at=_noon(now, -214))
    for application, body in zip(applications, bodies, strict=True):
        for member in commission.members.all():
            if member.marks_proposals:
                declare(member, application, in_conflict=False, at=_noon(now, -213))
                _mark(member, application, body, at=_noon(now, -208), finish=True)
    session = _last_session(commission, by=seats[0][0], planned=_noon(now, -203), at=_noon(now, -200))
    for area, number in (("area-1", "412"), ("area-2", "413")):
        ranking = compute_ranking(call, area, by=office, at=_noon(now, -199))
        publish_ranking(
            ranking,
            act_number=f"{number} (esempio)",
            act_date=_noon(now, -196).date(),
            unfilled_reason="Le proposte idonee sono meno dei posti (esempio).",
            by=office,
            at=_noon(now, -196),
        )
    _publish_minutes(session, by=office, at=_noon(now, -195))
    for place, body in enumerate([bodies[2], bodies[0], bodies[5], bodies[1]]):
        _agree_and_open(call, body, office, now, door=place < 3)
    _agree_and_open(call, bodies[10], office, now, door=False)


def _agree_and_open(call: Call, body: Body, office: User, now: datetime, *, door: bool) -> None:
    """The agreement of a selected body and, when ``door``, its open Spazio."""
    application = Application.objects.with_call().get(call=call, organisation=body.organisation)
    if application.state != "selected":
        return
    agreement = draft_agreement(application, at=_noon(now, -150))
    signed, name = _noon(now, -120), f"convenzione-{body.n}.pdf"
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
    space = Space.objects.filter(partnership__agreement=agreement).first()
    if space is None or not door:
        return
    space.name, space.phone = f"Spazio WeMi {body.facts['title']}", f"02 0000 00{body.n:02d}"
    space.functions = ["listening", "information", "grants", "shared_services", "community"]
    space.hours = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]
    space.hours += [{"day": day, "opens": "15:00", "closes": "19:00"} for day in (2, 4)]
    space.hours.sort(key=lambda span: (span["day"], span["opens"]))
    space.step_free = True
    space.access_notes = "Luogo inventato per la dimostrazione: l'indirizzo non esiste."
    space.save()
    open_space(space, on=_noon(now, -60).date(), by=office, at=_noon(now, -60))


# --- the calls ---------------------------------------------------------------------------------------------------------


def _call(
    slug: str, *, opens: datetime, deadline: datetime, by: User, change: Callable[[Notice], Notice] = lambda notice: notice
) -> Call:
    """A call made from the 2021 document with other dates, and with what ``change`` does to it, published the day it opens."""
    notice = load_notice((FIXTURES / "notices" / "spazi-wemi-2021.yaml").read_text(encoding="utf-8"))
    calendar = replace(
        notice.calendar, opens=opens, deadline=deadline, questions_until=deadline - timedelta(days=3), milestones=MILESTONES
    )
    example = replace(
        notice,
        id=slug,
        title=TITLES[slug],
        calendar=calendar,
        demonstration=SENTENCE,
        administration=replace(notice.administration, name=f"{notice.administration.name} (esempio)"),
        sources=tuple(replace(s, facts=tuple(f for f in s.facts if not f.startswith("calendar"))) for s in notice.sources),
        assumptions=(
            Assumption("calendar", "Le date sono della dimostrazione: si spostano con il giorno in cui la si carica."),
            *(a for a in notice.assumptions if not a.path.startswith("calendar")),
        ),
    )
    call = load(dump(to_data(change(example))), at=opens - timedelta(days=1))
    publish(call, by=by, at=opens - timedelta(hours=1))
    return Call.objects.with_notice().get(pk=call.pk)


def _with_lines_and_hours(notice: Notice) -> Notice:
    """The plan of Area 1 by body and year, with the hours of volunteers in a list of their own."""
    first = notice.calendar.deadline.year + 1

    def split(budget: Budget) -> Budget:
        return replace(
            budget,
            items=tuple(item for item in budget.items if item.code != "volontariato"),
            by_partner=True,
            years=(first, first + 1),
            volunteers=Volunteers(
                hourly_cents=1_500,
                max_percent=Decimal(50),
                text="Un'ora vale al massimo quanto il contratto collettivo prevede per la stessa mansione.",
            ),
        )

    return replace(
        notice,
        budgets=tuple(split(budget) if budget.code == "piano-spazio" else budget for budget in notice.budgets),
        assumptions=(
            *notice.assumptions,
            Assumption(
                "budgets[piano-spazio]",
                "Le righe per ente e per anno e il valore delle ore dei volontari sono della dimostrazione.",
            ),
        ),
    )


def _noon(now: datetime, days: int) -> datetime:
    return _at(now, days, 12, 0)


def _at(now: datetime, days: int, hour: int, minute: int) -> datetime:
    """A time of the clock in Rome, ``days`` from today."""
    day = now.astimezone(ROME).date() + timedelta(days=days)
    return in_rome(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - in_rome gives it its zone


# --- the bodies and what they send --------------------------------------------------------------------------------------


def _bodies(people: Mapping[str, User]) -> Iterator[Body]:
    """The bodies of fixtures/demo, each with somebody who represents it: the listed people for three of them. For the first
    one two more people work."""
    known = {n: people[name] for n, name in ((1, "giulia.ferri"), (2, "sara.fontana"), (3, "lucia.conti"))}
    for n, facts in enumerate(yaml.safe_load((FIXTURES / "demo" / "bodies.yaml").read_text(encoding="utf-8")), 1):
        person = known.get(n) or User.objects.create_user(f"referente@ente{n}.{DOMAIN}", name=f"Referente dell'ente {n}")
        stem = f"9990{n:03d}999"
        organisation = Organisation.objects.create(
            name=facts["name"],
            legal_form=facts["form"],
            tax_code=stem + luhn.calc_check_digit(stem),
            street=f"via della Dimostrazione {n}",
            postal_code="20100",
            city="Milano",
            province="MI",
            pec=f"ente{n}@pec.{DOMAIN}",
            phone=f"02 0000 00{SAME_PHONE.get(n, n):02d}",
        )
        Membership.objects.create(user=person, organisation=organisation, role=Role.LEGAL_REPRESENTATIVE)
        if n == 1:
            contact = User.objects.create_user(f"chiara.bassi@ente1.{DOMAIN}", name="Chiara Bassi")
            Membership.objects.create(user=contact, organisation=organisation, role=Role.REFERENT)
            Membership.objects.create(user=people["davide.sala"], organisation=organisation, role=Role.COLLABORATOR)
        yield Body(organisation, person, facts, n, "area-1" if n < AREA_2_FROM else "area-2")


def _sent(call: Call, body: Body, *, days_before: int) -> Application:
    at = call.closes_at - timedelta(days=days_before, minutes=7 * body.n)
    return _send(_fill(call, body, at=at - timedelta(hours=2)), body, at=at)


def _fill(call: Call, body: Body, *, at: datetime, leave_out: str = "") -> Application:
    """A whole draft, but for the file ``leave_out``."""
    application = start_application(call, body.area, body.organisation, by=body.person, at=at)
    for section in sections(application):
        _save(application, section, body, at=at)
    for rule in rules_of(application):
        if rule.required and rule.code != leave_out:
            _attach(application, rule.code, body, at=at)
    return application


def _send(application: Application, body: Body, *, at: datetime) -> Application:
    submit(application, reviewed=fingerprint(application), by=body.person, at=at, clock=lambda: at + timedelta(milliseconds=84))
    return application


def _save(
    application: Application,
    section: Section,
    body: Body,
    *,
    at: datetime,
    leave_out: Sequence[str] = (),
    instead: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> None:
    """A part as the body writes it, without ``leave_out`` and with other words where ``instead`` has them; or only ``typed``."""
    usual = typed or _typed(application, section, body) | dict(instead or {})
    typed = {name: text for name, text in usual.items() if name not in leave_out}
    problems, judged_by = judged(application, section, typed)
    before = application.drafts.filter(section=section.code).first()
    save_section(
        application,
        section.code,
        answers=typed,
        problems=problems,
        judged_by=judged_by,
        base_version=before.version if before else 0,
        by=body.person,
        at=at,
    )


def _attach(application: Application, rule: str, body: Body, *, at: datetime, content: bytes = b"") -> None:
    content = content or blank_pdf(f"{rule} – {body.organisation.name} – documento di esempio")
    attach(application, rule, SimpleUploadedFile(f"{rule}.pdf", content, "application/pdf"), by=body.person, at=at)


def _typed(application: Application, section: Section, body: Body) -> dict[str, Any]:
    """What the body types into a section."""
    notice = application.call.notice
    if section.kind is SectionKind.DECLARATIONS:
        return dict.fromkeys(build_form(section, notice, notice.area(body.area)).base_fields, "on")
    if section.kind is SectionKind.BUDGET:
        return _costs(notice.budget_for(body.area), body)
    if section.kind is SectionKind.GROUP:
        return {"form": GroupAnswer.SINGLE.value}
    typed: dict[str, Any] = {}
    for question in section.questions:
        typed |= _answer(question, body)
    return typed


def _costs(budget: Budget | None, body: Body) -> dict[str, str]:
    """A plan that keeps to the rules of the call: a quarter is the body's own, little is indirect. In lines it is all of the
    first year."""
    if budget is None:
        return {}
    grant = (budget.max_grant_cents or 4_000_000) // 100 * (70 + body.n) // 100
    typed: dict[str, str] = {}
    for place, item in enumerate(budget.items):
        part = Decimal("0.02") if item.indirect else Decimal(1) / Decimal(place + 2)
        total = int(grant * part * Decimal("0.6"))
        amounts = (f"{total},00", f"{total // 4 + 1},00")
        if budget.is_split:
            cells = {"item": item.code, "year": str(budget.years[0]), "total": amounts[0], "own": amounts[1]}
            typed |= {cell_name(LINES, place + 1, column): cell for column, cell in cells.items()}
        else:
            typed |= dict(zip(amounts_of(item.code), amounts, strict=True))
    return typed


def _answer(question: Question, body: Body) -> dict[str, Any]:
    facts = {
        "n": f"{body.n:02d}",
        "municipio": body.facts["municipio"],
        "person": body.person.name,
        **{key: body.facts[key] for key in ("title", "neighbourhood", "roots", "partners", "people", "idea")},
    }
    if question.type is QuestionType.ADDRESS:
        parts = (f"via della Dimostrazione {body.n}", "20100", "Milano")
        return dict(zip(names_of(question), parts, strict=True))
    written = _answers().get(question.code)
    if written is None:
        return {} if not question.required else {question.code: _any_answer(question)}
    return {question.code: written.format(**facts).strip() if isinstance(written, str) else written}


def _any_answer(question: Question) -> Any:
    """For a question that the written answers do not know."""
    match question.type:
        case QuestionType.NUMBER | QuestionType.MONEY:
            return str(question.min or 1)
        case QuestionType.CHOICE:
            return question.choices[0].code
        case QuestionType.CHOICES:
            return [choice.code for choice in question.choices[: int(question.min or 1)]]
        case QuestionType.YES_NO:
            return "yes"
        case QuestionType.DATE:
            return "01/03/2020"
    return "Risposta di esempio."


@cache
def _answers() -> Mapping[str, Any]:
    return yaml.safe_load((FIXTURES / "demo" / "answers.yaml").read_text(encoding="utf-8"))


# --- the office and the commission --------------------------------------------------------------------------------------


def _check(application: Application, body: Body, *, by: User, at: datetime, even_the_weak: bool = False) -> None:
    """The formal check: all requirements met, but for the weakest body, which is not admitted unless ``even_the_weak``."""
    start_check(application, by=by, at=at)
    codes = list(application.check_items.order_by("pk").values_list("code", flat=True))
    untouched, met = Verdict("", ""), Verdict(CheckItem.Verdict.MET, "")
    entries = dict.fromkeys(codes, Entry(untouched, met))
    weak = body.facts["strength"] == 1 and not even_the_weak
    if weak:
        entries[codes[1]] = Entry(untouched, Verdict(CheckItem.Verdict.NOT_MET, "L'iscrizione al registro non risulta."))
    save_verdicts(application, entries, by=by, at=at)
    if weak:
        not_admit(application, reason="L'ente non risulta iscritto a nessun registro del Terzo settore.", by=by, at=at)
    else:
        admit(application, by=by, at=at)


def _appoint(call: Call, seats: Sequence[Any], *, by: User, at: datetime) -> Commission:
    return appoint_commission(call, members=seats, act_number="387 (esempio)", act_date=at.date(), by=by, at=at)


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


def _mark(member: Member, application: Application, body: Body, *, at: datetime, finish: bool, leave_out: int = 0) -> None:
    grid = application.call.notice.grid_for(application.area_code)
    criteria = grid.criteria[: len(grid.criteria) - leave_out]
    sheet = Sheet.objects.get(member=member, application=application)
    marks = {}
    for criterion in criteria:
        level = _level(grid, criterion, member, body)
        marks[criterion.code] = (level.coefficient, f"{criterion.title}: {level.label}. {level.descriptor}")
    save_marks(sheet, marks, by=member.user, at=at)
    if finish:
        finish_sheet(sheet, by=member.user, at=at)


def _level(grid: Grid, criterion: Criterion, member: Member, body: Body) -> Level:
    """The level that a member gives: the body's strength, moved a little in a way that is the same at each loading.

    Bodies 2 and 8 get the same levels on purpose: the demonstration shows a tie."""
    scale = sorted(grid.scale, key=lambda level: level.coefficient, reverse=True)
    twin = 2 if body.n == 8 else body.n
    moved = sha256(f"{twin} {criterion.code} {member.order}".encode()).digest()[0] % 4
    place = 5 - body.facts["strength"] + (1 if moved == 0 else 0) - (1 if moved == 3 else 0)
    return scale[min(max(place, 0), len(scale) - 1)]
