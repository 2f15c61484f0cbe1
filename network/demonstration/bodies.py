"""The invented bodies of ``fixtures/demo``, and what they send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum import luhn

from accounts.demo import DOMAIN
from accounts.models import Membership, Organisation, Role, User
from applications.actions import attach, save_section, start_application, submit
from applications.models import Application
from applications.progress import fingerprint, judged, rules_of, sections
from applications.sections import build_form
from applications.sections.budget import LINES, amounts_of
from applications.sections.build import names_of
from applications.sections.tables import cell_name
from bando.models import Call
from bando.notice.document import Budget, GroupAnswer, Question, QuestionType, Section, SectionKind
from network.demonstration.calls import FIXTURES
from network.demonstration.papers import blank_pdf

AREA_2_FROM = 11
"""The bodies from this place on answer for Area 2."""
LISTED = {1: "giulia.ferri", 2: "sara.fontana", 3: "lucia.conti", 11: "irene.galli"}
"""Who represents a body and has a card of their own on the sign-in page; the last one accompanies the network."""
SAME_PHONE = {13: 12}
"""A body that answers the phone of another one: the office is told, and judges."""


@dataclass(frozen=True, slots=True)
class Body:
    organisation: Organisation
    person: User
    facts: Mapping[str, Any]
    n: int
    area: str


def make_bodies(people: Mapping[str, User]) -> Iterator[Body]:
    """The bodies of fixtures/demo, each with somebody who represents it: the listed people for some of them. For the
    first one two more people work."""
    known = {n: people[name] for n, name in LISTED.items()}
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


def sent(call: Call, body: Body, *, days_before: int) -> Application:
    at = call.closes_at - timedelta(days=days_before, minutes=7 * body.n)
    return send(fill(call, body, at=at - timedelta(hours=2)), body, at=at)


def fill(call: Call, body: Body, *, at: datetime, leave_out: str = "") -> Application:
    """A whole draft, but for the file ``leave_out``."""
    application = start_application(call, body.area, body.organisation, by=body.person, at=at)
    for section in sections(application):
        save(application, section, body, at=at)
    for rule in rules_of(application):
        if rule.required and rule.code != leave_out:
            attach_file(application, rule.code, body, at=at)
    return application


def send(application: Application, body: Body, *, at: datetime) -> Application:
    submit(application, reviewed=fingerprint(application), by=body.person, at=at, clock=lambda: at + timedelta(milliseconds=84))
    return application


def save(
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


def attach_file(application: Application, rule: str, body: Body, *, at: datetime, content: bytes = b"") -> None:
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
