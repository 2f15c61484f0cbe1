"""Calls, bodies, proposals and marks, many at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import LegalForm, Organisation
from applications.models import Application, Submission
from bando.actions import load, publish
from bando.models import Call
from evaluation.models import Commission, Mark, Member, MemberRole, Sheet
from evaluation.states import SheetState
from tests.builders import PUBLISHED, draft_application, load_fixture_call, official, person, tax_code

MEMBERS = 5
CRITERIA = tuple(f"c{number:02}" for number in range(1, 21))
BLOCKS = {"progetto": CRITERIA[:10], "risorse": CRITERIA[10:]}
POINTS = {code: "3.25" if code in BLOCKS["progetto"] else "6.75" for code in CRITERIA}
"""Twenty criteria for a hundred points. With coefficients of a tenth and five members, every other total ends on half a
hundredth: what is rounded differently shows."""

_NOTICE = """
schema: 1
id: {slug}
title: Avviso di misura
summary: Un avviso per misurare.
purpose: Misurare.
administration: {{name: Comune di misura, procedure_officer: Rita Responsabile}}
legal_basis: [{{title: Art. 55 del D.Lgs. 117/2017}}]
calendar: {{deadline: 2021-10-18T12:00:00}}
areas:
  - {{code: area-1, title: Area uno, grid: griglia, places: 500, place_label: posti}}
  - {{code: area-2, title: Area due, grid: griglia, places: 500, place_label: posti}}
sections:
  - code: proposta
    title: La proposta
    questions:
      - {{code: titolo, label: Titolo, type: short_text, limit: 100}}
{questions}
commission: {{min_members: 3, max_members: 7, odd: true}}
grids:
  - code: griglia
    title: Griglia di misura
    max_points: 100
    scale:
{scale}
    blocks:
      - {{code: progetto, title: Il progetto, max_points: 32.5}}
      - {{code: risorse, title: Le risorse, max_points: 67.5}}
    criteria:
{criteria}
    rounding: [{{at: total, digits: 2, mode: half_up}}]
    comparison: exact
    threshold: 60
    tie_chain: [{{kind: block, code: progetto}}]
    published_digits: 2
agreement:
  title: Convenzione
  duration_months: 24
  articles: [{{title: Oggetto, text: La convenzione regola la co-progettazione.}}]
"""


def real_call() -> Call:
    """The call of 2021, published once."""
    return Call.objects.with_notice().filter(slug="spazi-wemi-2021").first() or load_fixture_call()


def open_application() -> Application:
    """A draft for the call of 2021, which is open now."""
    call = real_call()
    application = draft_application(call)  # begun on a day of its calendar
    # The document keeps its dates; pages ask the row.
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() + timedelta(days=30))
    return Application.objects.with_call().get(pk=application.pk)


def evaluated_call(slug: str = "misura") -> Call:
    """A published call of two areas with twenty criteria, past its deadline."""
    block_of = {code: block for block, codes in BLOCKS.items() for code in codes}
    text = _NOTICE.format(
        slug=slug,
        questions="\n".join(
            f"      - {{code: d-{code}, label: Domanda {code}, type: long_text, limit: 1000, criterion: {code}}}"
            for code in CRITERIA
        ),
        scale="\n".join(
            f"      - {{label: livello {tenths}, coefficient: {tenths / 10:.2f}, descriptor: Risponde per {tenths} decimi.}}"
            for tenths in range(10, -1, -1)
        ),
        criteria="\n".join(
            f"      - {{code: {code}, letter: {code.upper()}, title: Criterio {code}, block: {block_of[code]}, max_points: {POINTS[code]}}}"
            for code in CRITERIA
        ),
    )
    call = load(text, at=PUBLISHED)
    publish(call, by=official(), at=PUBLISHED)
    return Call.objects.with_notice().get(pk=call.pk)


@transaction.atomic
def proposals(call: Call, area: str, number: int, state: str | Sequence[str], *, prefix: str) -> list[Application]:
    """``number`` proposals as they stand after they were sent, each of a body of its own, in ``state`` or in each of
    several states in turn."""
    by, at = person(), call.closes_at - timedelta(days=7)
    states = [state] if isinstance(state, str) else state
    start = Organisation.objects.count() + 1_000_000
    bodies = Organisation.objects.bulk_create(
        [
            Organisation(
                name=f"Associazione numero {ordinal}",
                tax_code=tax_code(start + ordinal),
                legal_form=LegalForm.APS,
                street="Via di Misura 1",
                postal_code="20121",
                city="Milano",
                province="MI",
                pec=f"ente{start + ordinal}@pec.esempio.it",
            )
            for ordinal in range(number)
        ],
        batch_size=1000,
    )
    made = [
        Application(call=call, area_code=area, organisation=body, created_by=by, created_at=at + timedelta(seconds=ordinal))
        for ordinal, body in enumerate(bodies)
    ]
    Application.objects.bulk_create(made, batch_size=1000)  # drafts, because a number needs a submission
    sent = Submission.objects.bulk_create(
        [
            Submission(
                application=application,
                sequence=1,
                call_version=call.version,
                by=by,
                arrived_at=application.created_at,
                committed_at=application.created_at,
                answers={"proposta": {"titolo": f"Progetto {ordinal}"}},
                manifest=[],
                content="{}",
                sha256="0" * 64,
                reviewed="",
            )
            for ordinal, application in enumerate(made)
        ],
        batch_size=1000,
    )
    for ordinal, (application, submission) in enumerate(zip(made, sent, strict=True)):
        application.number, application.current = f"{prefix}-{ordinal:05}", submission
        application.state = states[ordinal % len(states)]
    Application.objects.bulk_update(made, ["number", "current", "state"], batch_size=500)
    return made


def stored(call: Call) -> Any:
    """The key of a call as the database holds it, for a statement written by hand."""
    return Call._meta.pk.get_db_prep_value(call.pk, connection)


def commission(call: Call) -> list[Member]:
    office = official()
    made = Commission.objects.create(
        call=call, act_number="1/2021", act_date=call.closes_at.date(), appointed_at=call.closes_at, appointed_by=office
    )
    roles = [MemberRole.CHAIR] + [MemberRole.MEMBER] * (MEMBERS - 1)
    return [Member.objects.create(commission=made, user=person(), role=role, order=n) for n, role in enumerate(roles, 1)]


Given = dict[str, list[int]]
"""Criterion to the ten-thousandths of each member."""


def judgments(number: int) -> Iterator[Given]:
    """The same marks for the same ordinal, however many proposals there are: members who see nearly the same quality."""
    for ordinal in range(number):
        chance = random.Random(ordinal)  # noqa: S311 - no secret
        quality = chance.randint(3, 10)
        yield {code: [1000 * max(0, min(10, quality + chance.randint(-2, 2))) for _ in range(MEMBERS)] for code in CRITERIA}


@transaction.atomic
def mark(marks: Sequence[tuple[Application, Given]], members: Sequence[Member]) -> None:
    """Concluded sheets with these marks, inserted in this order."""
    sheets = [
        Sheet(member=member, application=application, state=SheetState.FINAL, saved_at=application.call.closes_at)
        for application, _ in marks
        for member in members
    ]
    Sheet.objects.bulk_create(sheets, batch_size=1000)
    _insert(
        Mark,
        ["sheet", "criterion", "units", "reason"],
        (
            (sheet.pk, code, given[code][place], f"Motivo del criterio {code}")
            for (_, given), of_proposal in zip(marks, _in_parts(sheets, len(members)), strict=True)
            for place, sheet in enumerate(of_proposal)
            for code in CRITERIA
        ),
    )


def analyze() -> None:
    """Let the database look at what it holds, as PostgreSQL does by itself some minutes later."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(model: type[models.Model], names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """Rows of plain values, without an object for each: a million of those would take half a minute."""
    fields = [model._meta.get_field(name) for name in names]
    columns = ", ".join(field.column for field in fields)
    with connection.cursor() as cursor:
        while part := list(islice(rows, 2000)):
            values = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(part))
            given = [
                field.get_db_prep_save(value, connection) for row in part for field, value in zip(fields, row, strict=True)
            ]
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES {values}", given)  # noqa: S608 - our own names


def _in_parts(things: Sequence[Any], length: int) -> Iterator[Sequence[Any]]:
    return (things[start : start + length] for start in range(0, len(things), length))
