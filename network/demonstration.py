"""The demonstration: three calls of the Spazi WeMi at three moments of their life, made through the same doors as in the
product, by people who do not exist.

Everything is placed around the day on which it is loaded: one call is open for nine more days, one is being evaluated,
one has its ranking, its agreements and its open Spazi.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum import luhn

from accounts.demo import DOMAIN, create_people
from accounts.models import Membership, Organisation, Role, User
from applications.actions import attach, save_section, start_application, submit
from applications.checking import Entry, Verdict, admit, not_admit, save_verdicts, start_check
from applications.models import Application, CheckItem
from applications.progress import fingerprint, judged, rules_of, sections
from applications.sections import build_form
from applications.sections.budget import amounts_of
from applications.sections.build import names_of
from applications.states import ApplicationState
from bando.actions import load, publish
from bando.clarifying import answer, ask
from bando.deadlines import ROME, in_rome
from bando.models import Call
from bando.notice.canonical import to_data
from bando.notice.document import Assumption, GroupAnswer, Milestone, Notice, Question, QuestionType, Section, SectionKind
from bando.notice.grid import Criterion, Grid, Level
from bando.notice_yaml import dump, load_notice
from documents.uploads import keep
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    compute_ranking,
    declare,
    finish_sheet,
    publish_ranking,
    save_marks,
)
from evaluation.models import Commission, Member, MemberRole, Sheet
from network.actions import draft_agreement, open_space, sign_agreement
from network.models import Space

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
OPEN, EVALUATION, CONCLUDED = "spazi-wemi-aperto", "spazi-wemi-in-valutazione", "spazi-wemi-concluso"
SLUGS = (OPEN, EVALUATION, CONCLUDED)
TITLES = {
    OPEN: "Spazi WeMi – avviso dimostrativo aperto",
    EVALUATION: "Spazi WeMi – avviso dimostrativo in valutazione",
    CONCLUDED: "Spazi WeMi – avviso dimostrativo concluso",
}
AREA_2_FROM = 10
"""The bodies from this place on answer for Area 2."""

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

    @property
    def area(self) -> str:
        return "area-1" if self.n <= AREA_2_FROM else "area-2"


def is_loaded() -> bool:
    return Call.objects.filter(slug__in=SLUGS).exists()


def load_demonstration(now: datetime, tell: Tell) -> None:
    """Make it all. ``tell`` hears a line at each step, because it takes some seconds."""
    people = create_people()
    office = people["anna.bruni" + DOMAIN]
    bodies = list(_bodies(people))
    seats = [
        (people["paolo.greco" + DOMAIN], MemberRole.CHAIR),
        (people["elena.riva" + DOMAIN], MemberRole.MEMBER),
        (people["stefano.marino" + DOMAIN], MemberRole.MEMBER),
        (people["marta.villa" + DOMAIN], MemberRole.SECRETARY),
    ]
    tell("Avviso aperto: una bozza cominciata e quattro domande inviate")
    _open_call(now, office, bodies)
    tell("Avviso in valutazione: domande verificate, commissari al lavoro")
    _call_in_evaluation(now, office, bodies, seats)
    tell("Avviso concluso: graduatorie pubblicate, convenzioni firmate, Spazi aperti")
    _concluded_call(now, office, bodies, seats)


def _open_call(now: datetime, office: User, bodies: Sequence[Body]) -> None:
    call = _call(OPEN, opens=_noon(now, -20), deadline=_noon(now, 9), by=office)
    for body, day in zip([bodies[2], bodies[4], bodies[10], bodies[11]], (-6, -4, -3, -1), strict=True):
        _send(_fill(call, body, at=_noon(now, day - 1)), body, at=_noon(now, day))
    # The started draft: some sections done, one to correct, the rest still to write.
    body, at = bodies[0], _noon(now, -2)
    application = start_application(call, body.area, body.organisation, by=body.person, at=at)
    for section in sections(application)[:4]:
        _save(application, section, body, at=at, leave_out=("obiettivi", "azioni-dello-spazio"))
    _attach(application, "statuto", body, at=at)
    _ask_and_answer(call, office, bodies, now)


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
    applications = [_sent(call, body, days_before=1 + n % 5) for n, body in enumerate(bodies)]
    for application, body in zip(applications, bodies, strict=True):
        if body.n < 12:  # two of Area 2 are left for the visitor to check
            _check(application, body, by=office, at=_noon(now, -10))
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
    for area, number in (("area-1", "412"), ("area-2", "413")):
        close_evaluation(call, area, by=seats[0][0], at=_noon(now, -200))
        ranking = compute_ranking(call, area, by=office, at=_noon(now, -199))
        publish_ranking(
            ranking, act_number=f"{number} (esempio)", act_date=_noon(now, -196).date(), by=office, at=_noon(now, -196)
        )
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
        _pdf(f"Convenzione di esempio – {body.organisation.name}"),
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


def _call(slug: str, *, opens: datetime, deadline: datetime, by: User) -> Call:
    """A call made from the 2021 document with other dates, published the day it opens."""
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
    call = load(dump(to_data(example)), at=opens - timedelta(days=1))
    publish(call, by=by, at=opens - timedelta(hours=1))
    return Call.objects.with_notice().get(pk=call.pk)


def _noon(now: datetime, days: int) -> datetime:
    """Twelve o'clock in Rome, ``days`` from today."""
    day = now.astimezone(ROME).date() + timedelta(days=days)
    return in_rome(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 - in_rome gives it its zone


# --- the bodies and what they send --------------------------------------------------------------------------------------


def _bodies(people: Mapping[str, User]) -> Iterator[Body]:
    """The bodies of fixtures/demo, each with somebody who acts for it: the listed people for two of them."""
    known = {1: people["giulia.ferri" + DOMAIN], 3: people["lucia.conti" + DOMAIN]}
    for n, facts in enumerate(yaml.safe_load((FIXTURES / "demo" / "bodies.yaml").read_text(encoding="utf-8")), 1):
        person = known.get(n) or User.objects.create_user(f"ente{n}{DOMAIN}", name=f"Referente dell'ente {n}")
        stem = f"9990{n:03d}999"
        organisation = Organisation.objects.create(
            name=facts["name"],
            legal_form=facts["form"],
            tax_code=stem + luhn.calc_check_digit(stem),
            street=f"via della Dimostrazione {n}",
            postal_code="20100",
            city="Milano",
            province="MI",
            pec=f"ente{n}@pec.demo.bando.example",
            phone=f"02 0000 00{n:02d}",
        )
        Membership.objects.create(user=person, organisation=organisation, role=Role.LEGAL_REPRESENTATIVE)
        yield Body(organisation, person, facts, n)


def _sent(call: Call, body: Body, *, days_before: int) -> Application:
    at = call.closes_at - timedelta(days=days_before, minutes=7 * body.n)
    return _send(_fill(call, body, at=at - timedelta(hours=2)), body, at=at)


def _fill(call: Call, body: Body, *, at: datetime) -> Application:
    application = start_application(call, body.area, body.organisation, by=body.person, at=at)
    for section in sections(application):
        _save(application, section, body, at=at)
    for rule in rules_of(application):
        if rule.required:
            _attach(application, rule.code, body, at=at)
    return application


def _send(application: Application, body: Body, *, at: datetime) -> Application:
    submit(application, reviewed=fingerprint(application), by=body.person, at=at, clock=lambda: at + timedelta(milliseconds=84))
    return application


def _save(application: Application, section: Section, body: Body, *, at: datetime, leave_out: Sequence[str] = ()) -> None:
    typed = {name: text for name, text in _typed(section, application.call.notice, body).items() if name not in leave_out}
    problems, judged_by = judged(application, section, typed)
    save_section(
        application,
        section.code,
        answers=typed,
        problems=problems,
        judged_by=judged_by,
        base_version=0,
        by=body.person,
        at=at,
    )


def _attach(application: Application, rule: str, body: Body, *, at: datetime) -> None:
    content = _pdf(f"{rule} – {body.organisation.name} – documento di esempio")
    attach(application, rule, SimpleUploadedFile(f"{rule}.pdf", content, "application/pdf"), by=body.person, at=at)


def _typed(section: Section, notice: Notice, body: Body) -> dict[str, Any]:
    """What the body types into a section."""
    form = build_form(section, notice, notice.area(body.area))
    if section.kind is SectionKind.DECLARATIONS:
        return dict.fromkeys(form.base_fields, "on")
    if section.kind is SectionKind.BUDGET:
        return _costs(notice, body)
    if section.kind is SectionKind.GROUP:
        return {"form": GroupAnswer.SINGLE.value}
    typed: dict[str, Any] = {}
    for question in section.questions:
        typed |= _answer(question, body)
    return typed


def _costs(notice: Notice, body: Body) -> dict[str, str]:
    """A plan that keeps to the rules of the call: a quarter is the body's own, little is indirect."""
    budget = notice.budget_for(body.area)
    if budget is None:
        return {}
    grant = (budget.max_grant_cents or 4_000_000) // 100 * (70 + body.n) // 100
    typed = {}
    for place, item in enumerate(budget.items):
        part = Decimal("0.02") if item.indirect else Decimal(1) / Decimal(place + 2)
        total = int(grant * part * Decimal("0.6"))
        names = amounts_of(item.code)
        typed |= dict(zip(names, (f"{total},00", f"{total // 4 + 1},00"), strict=True))
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


def _answers() -> dict[str, Any]:
    return yaml.safe_load((FIXTURES / "demo" / "answers.yaml").read_text(encoding="utf-8"))


def _pdf(title: str) -> bytes:
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = title
        document.save(out)
    return out.getvalue()


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
