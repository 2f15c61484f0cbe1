"""Calls whose budget asks for all that one may: who spends, in which year and for which action, and hours of volunteers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.models import Application, Participant
from applications.sections import build_form
from applications.sections.budget import PARTNERS, BudgetForm
from applications.sections.tables import cell_name
from bando.actions import load
from bando.models import Call
from bando.notice.document import Area, Budget, BudgetItem, Choice, Notice, Section, SectionKind, Volunteers
from bando.notice.parse import parse
from bando.notice_yaml import read
from bando.states import CallState
from tests.bando.small import SMALL
from tests.builders import PUBLISHED, WORKDAY, body
from tests.remembered import remembered

PERSONNEL, PLACE, OVERHEAD = (
    BudgetItem("personale", "Personale", min_own_percent=Decimal(10), max_percent=Decimal(60)),
    BudgetItem("sede", "Sede"),
    BudgetItem("indiretti", "Costi indiretti", indirect=True),
)
SPLIT = Budget(
    "piano",
    (PERSONNEL, PLACE, OVERHEAD),
    max_grant_cents=5_000_000,
    min_own_share_percent=Decimal(20),
    max_indirect_percent=Decimal(7),
    by_partner=True,
    years=(2022, 2023),
    actions=(Choice("apertura", "Apertura"), Choice("rete", "Lavoro di rete")),
    volunteers=Volunteers(hourly_cents=1850, max_percent=Decimal(50)),
)

NOTICE: Notice = parse(read(SMALL).data)
AREA: Area = NOTICE.area("uno")
SECTION: Section = next(section for section in NOTICE.sections_for("uno") if section.kind is SectionKind.BUDGET)
BODIES = {"a": {"name": "Alfa APS", "share": 6000}, "b": {"name": "Beta ODV", "share": 4000}}


# What is typed in a row
STAFF = {
    "item": "personale",
    "partner": "a",
    "year": "2022",
    "action": "apertura",
    "text": "Educatrice",
    "total": "30.000",
    "own": "7.500",
}
RENT = {"item": "sede", "partner": "b", "year": "2023", "action": "rete", "text": "", "total": "€ 24 000,50", "own": "6000,50"}
HOURS = {"activity": "Doposcuola", "partner": "b", "hours": "10,5", "hourly": "18,50"}


def plan_form(typed: dict[str, str], budget: Budget = SPLIT, bodies: dict[str, Any] | None = None) -> BudgetForm:
    """The form of ``budget``, filled with ``typed``; ``bodies`` are those of the application (``PARTNERS``)."""
    notice = replace(NOTICE, budgets=(replace(budget, code=AREA.budget),))
    known = {PARTNERS: BODIES if bodies is None else bodies}
    return build_form(SECTION, notice, AREA)(data=typed, known=known)


def lines(*rows: dict[str, str], name: str = "lines") -> dict[str, str]:
    """What is typed in the rows of a table, from the first on."""
    return {cell_name(name, number, code): text for number, row in enumerate(rows, 1) for code, text in row.items()}


RULES = """    by_partner: true
    years: [2022, 2023]
    actions:
      - {code: apertura, label: Apertura}
      - {code: rete, label: Lavoro di rete}
    volunteers: {hourly: 18.50, max_percent: 50}
    items:
"""
PLANNING = SMALL.replace("max_grant: 1250.50", "max_grant: 50000").replace("    items:\n", RULES, 1)


@remembered
def planning_call() -> Call:
    """The call, open; its area is ``uno``."""
    call = load(PLANNING, at=PUBLISHED)
    Call.objects.filter(pk=call.pk).update(state=CallState.PUBLISHED, published_at=PUBLISHED)
    return Call.objects.with_notice().get(pk=call.pk)


def join(application: Application, name: str, share: int | None = None) -> Participant:
    """A body that joins the group of an application."""
    return Participant.objects.create(
        application=application,
        call=application.call,
        area_code=application.area_code,
        organisation=body(name),
        name=name,
        share=share,
        invited_at=WORKDAY,
    )
