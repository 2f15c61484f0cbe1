"""People, bodies, calls and applications for the tests, made through the same doors as in the product.

Every moment stands before the deadline of ``spazi-wemi-2021`` (18 October 2021, 12:00 in Rome) unless a test says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pikepdf
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

import bando.actions
from accounts.models import LegalForm, Membership, Organisation, Role, User
from applications.actions import attach, save_section, start_application, submit
from applications.models import Application, Attachment, Submission
from applications.progress import drafts_of, fingerprint, judged, known_of, rules_of, sections
from applications.sections import build_form
from applications.sections.budget import PARTNERS, amounts_of
from applications.sections.conditions import chosen
from applications.sections.tables import cell_name
from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Call
from bando.notice.document import Area, Budget, Column, ColumnType, Notice, Question, QuestionType, Section, SectionKind
from bando.notice.visible import holds
from bando.notice_pdf import PDF
from bando.notice_yaml import load_notice
from tests.remembered import remembered
from workflow.models import Duty

NOTICES = Path(__file__).parent.parent / "fixtures" / "notices"

DEADLINE = rome(2021, 10, 18, 12)
OPENING = rome(2021, 9, 17, 12)
PUBLISHED = rome(2021, 9, 16, 10)
WORKDAY = rome(2021, 10, 11, 10, 42)
"""A morning in the window, one week before the deadline."""
AFTER = DEADLINE + timedelta(microseconds=1)
PASSWORD = "una frase lunga per le prove"

_people, _bodies = count(1), count(1)


def person(email: str = "", name: str = "", **fields: Any) -> User:
    """Somebody with a verified address, who signs in with ``PASSWORD`` or ``client.force_login``."""
    ordinal = next(_people)
    user = User.objects.create(
        email=email or f"persona{ordinal}@esempio.it", password=_hash(), name=name or f"Persona {ordinal}", **fields
    )
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


@cache
def _hash() -> str:
    """Made once: a good hash takes its time, and no test is about that."""
    return make_password(PASSWORD)


def official(email: str = "", name: str = "") -> User:
    """Somebody of the office."""
    ordinal = next(_people)
    return person(email or f"ufficio{ordinal}@comune.esempio.it", name or f"Ufficio {ordinal}", is_official=True)


def body(name: str = "", by: User | None = None, **fields: Any) -> Organisation:
    """A body for which ``by`` acts as legal representative."""
    ordinal = next(_bodies)
    organisation = Organisation.objects.create(
        name=name or f"Ente di prova {ordinal}",
        tax_code=fields.pop("tax_code", "") or tax_code(ordinal),
        **{
            "legal_form": LegalForm.SOCIAL_COOPERATIVE,
            "street": "Via di Prova 1",
            "postal_code": "20121",
            "city": "Milano",
            "province": "MI",
            "pec": f"ente{ordinal}@pec.esempio.it",
            **fields,
        },
    )
    if by is not None:
        Membership.objects.create(user=by, organisation=organisation, role=Role.LEGAL_REPRESENTATIVE)
    return organisation


def tax_code(ordinal: int) -> str:
    """Eleven digits whose last one checks the others, as in the fiscal code of a body."""
    digits = f"{97_000_00000 + ordinal:010d}"
    total = 0
    for place, digit in enumerate(map(int, digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return f"{digits}{-total % 10}"


@remembered
def load_fixture_call(
    slug: str = "spazi-wemi-2021", *, at: datetime = PUBLISHED, by: User | None = None, change: tuple[str, str] = ("", "")
) -> Call:
    """A call of fixtures/notices, published at ``at``; ``change`` is a text of it and what stands in its place."""
    with patch.object(bando.actions, "load_notice", _read):
        call = load((NOTICES / f"{slug}.yaml").read_text().replace(*change), at=at)
    publish(call, by=by or official(), at=at)
    # Its paper takes a second: tests that pay what is owed are about something else.
    Duty.objects.filter(name=PDF, subject=str(call.version_id)).update(done_at=at)
    return Call.objects.with_notice().get(pk=call.pk)


@cache
def _read(text: str) -> Notice:
    """Each document is read once: YAML takes half a second, and its own tests read it every time."""
    return load_notice(text)


@remembered
def draft_application(
    call: Call | None = None, area: str = "area-1", *, by: User | None = None, organisation: Organisation | None = None
) -> Application:
    """A draft with nothing in it yet."""
    by = by or person()
    organisation = organisation or body(by=by)
    if not organisation.memberships.filter(user=by).exists():
        Membership.objects.create(user=by, organisation=organisation, role=Role.LEGAL_REPRESENTATIVE)
    call = call or load_fixture_call()
    return start_application(call, area, organisation, by=by, at=WORKDAY)


def complete_draft(
    application: Application, *, by: User | None = None, at: datetime = WORKDAY, but: Collection[str] = ()
) -> Application:
    """Fill every section ``but`` those of these codes with answers that the call accepts, and attach a small PDF wherever those
    ask for one."""
    by = by or application.created_by
    notice, area = application.call.notice, application.area
    for section in (section for section in sections(application) if section.code not in but):
        answers = right_answers(section, notice, area, known_of(application, drafts_of(application)))
        problems, judged_by = judged(application, section, answers)
        assert not problems, (section.code, problems)
        save_section(
            application,
            section.code,
            answers=answers,
            problems=problems,
            judged_by=judged_by,
            base_version=0,
            by=by,
            at=at,
        )
    for rule in rules_of(application):
        if rule.required:
            attach_pdf(application, rule.code, by=by, at=at)
    return application


@remembered
def submitted_application(
    call: Call | None = None,
    area: str = "area-1",
    *,
    by: User | None = None,
    organisation: Organisation | None = None,
    at: datetime = WORKDAY,
) -> Application:
    """A complete application, sent at ``at``."""
    application = complete_draft(draft_application(call, area, by=by, organisation=organisation))
    send(application, at=at)
    return application


def send(application: Application, *, at: datetime = WORKDAY, by: User | None = None) -> Submission:
    """Read it, then send it."""
    return submit(application, reviewed=fingerprint(application), by=by or application.created_by, at=at)


def attach_pdf(
    application: Application, rule: str, *, name: str = "", by: User | None = None, at: datetime = WORKDAY
) -> Attachment:
    upload = SimpleUploadedFile(name or f"{rule}.pdf", small_pdf(rule), content_type="application/pdf")
    return attach(application, rule, upload, by=by or application.created_by, at=at)


def small_pdf(title: str = "Prova") -> bytes:
    """A real PDF of one blank page, different for each title."""
    out = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = title
        document.save(out, deterministic_id=True)
    return out.getvalue()


def right_answers(section: Section, notice: Notice, area: Area, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a person may type into ``section`` so that nothing is left to correct: only what is asked, given these very
    answers and those ``known`` from other sections."""
    if section.kind is SectionKind.DECLARATIONS:
        return dict.fromkeys(build_form(section, notice, area).base_fields, "on")
    if section.kind is SectionKind.BUDGET:
        names = build_form(section, notice, area).base_fields
        return _right_budget(notice.budget_for(area.code), names, (known or {}).get(PARTNERS, {}))
    if section.kind is SectionKind.GROUP:
        return {"form": "single", "constituted": ""}
    typed: dict[str, Any] = {}
    values = dict(known or {})
    asked = set(values)
    for question in section.questions:
        if holds(question.when, values, asked):
            typed |= _right_answer(question, area)
            asked.add(question.code)
            values[question.code] = chosen(question, typed)
    return typed


def _right_budget(budget: Budget, names: Iterable[str], partners: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of 40.000 euro that keeps to the rules: a quarter is paid by the body, and the first items take what they may."""
    left, costs = 40_000_00, {}
    for item in budget.items:
        limits = [
            limit for limit in (item.max_percent, budget.max_indirect_percent if item.indirect else None) if limit is not None
        ]
        cost = min(left, *(int(40_000_00 * limit / 100) for limit in limits)) if limits else left
        share = max(Decimal(25), item.min_own_percent or Decimal(0))
        costs[item.code], left = (cost, -(-cost * int(share * 100) // 10_000)), left - cost
    written = {code: [_in_euro(cents) for cents in amounts] for code, amounts in costs.items() if amounts[0]}
    # A body that is alone is not asked who spends.
    place = {"partner": next(iter(partners))} if budget.by_partner and len(partners) > 1 else {}
    typed: dict[str, Any] = {}
    if budget.is_split:
        where = place | ({"year": str(budget.years[0])} if budget.years else {})
        where |= {"action": budget.actions[0].code} if budget.actions else {}
        for row, (code, (total, own)) in enumerate(written.items(), 1):
            cells = {"item": code, "text": f"Spesa {row}", "total": total, "own": own} | where
            typed |= {cell_name("lines", row, column): text for column, text in cells.items()}
    else:
        typed = {name: "" for name in names if name != "volunteers"}
        for code, amounts in written.items():
            typed |= dict(zip(amounts_of(code), amounts, strict=True))
    if budget.volunteers is not None:
        cells = {"activity": "Apertura del sabato", "hours": "12,5", "hourly": _in_euro(budget.volunteers.hourly_cents)} | place
        typed |= {cell_name("volunteers", 1, column): text for column, text in cells.items()}
    return typed


def _in_euro(cents: int) -> str:
    return f"{f'{cents // 100:,}'.replace(',', '.')},{cents % 100:02d}"


def _right_answer(question: Question, area: Area) -> dict[str, Any]:
    if question.type is QuestionType.ADDRESS:
        parts = {"street": "Via Capuana 3", "postal_code": "20156", "city": "Milano"}
        return {f"{question.code}__{part}": text for part, text in parts.items()}
    if question.type is QuestionType.MUNICIPIO:
        return {question.code: str(area.municipi[-1])} if area.municipi else {}
    if question.type is QuestionType.FILE:
        return {}  # it comes by a request of its own
    if question.type is QuestionType.TABLE:
        return {
            cell_name(question.code, row, column.code): _CELLS[column.type](column)
            for row in range(1, max(int(question.min or 0), 1) + 1)
            for column in question.columns
        }
    return {question.code: _ANSWERS[question.type](question)}


def _text(question: Question | Column) -> str:
    return f"Risposta a: {question.label}"[: question.limit]


def _number(question: Question) -> str:
    least, most = question.min or Decimal(0), question.max
    return format(least if most is not None and least + 1 > most else least + 1, "f")


def _day(question: Question) -> str:
    day = question.max or question.min or date(2020, 5, 4)
    return day.strftime("%d/%m/%Y")


def _some(question: Question) -> list[str]:
    return [choice.code for choice in question.choices[: max(int(question.min or 1), 1)]]


_ANSWERS = {
    QuestionType.SHORT_TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.DATE: _day,
    QuestionType.CHOICE: lambda question: question.choices[0].code,
    QuestionType.CHOICES: _some,
    QuestionType.YES_NO: lambda question: "yes",
    QuestionType.DECLARATION: lambda question: "on",
}
_CELLS = {
    ColumnType.SHORT_TEXT: _text,
    ColumnType.NUMBER: lambda column: "1",
    ColumnType.MONEY: lambda column: "1.000,00",
    ColumnType.DATE: lambda column: "04/05/2020",
    ColumnType.CHOICE: lambda column: column.choices[0].code,
    ColumnType.YES_NO: lambda column: "yes",
}
