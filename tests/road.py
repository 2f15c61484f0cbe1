"""The whole road of one proposal on the real document of 2021, act by act, for the tests that need to stand anywhere on it.

Each stage is reached through the actions that the pages call, at a moment after the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from applications.checking import Entry, Verdict, admit, save_verdicts, start_check
from applications.models import Application, CheckItem
from bando.deadlines import rome
from bando.models import Call
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
from evaluation.models import Commission, MemberRole, Ranking, Sheet
from network.actions import draft_agreement, open_space, sign_agreement
from network.contents import CONTENTS
from network.models import Agreement, Space
from network.states import AgreementState
from tests.builders import load_fixture_call, official, person, small_pdf, submitted_application
from tests.builders_space import ready_to_open
from tests.remembered import remembered

CHECKED = rome(2021, 10, 20, 9)
APPOINTED = rome(2021, 10, 25, 10)
MARKED = rome(2021, 11, 3, 15)
RANKED = rome(2021, 12, 1, 9)
PUBLISHED = rome(2021, 12, 6, 12)
SIGNED = rome(2022, 4, 11, 11)
OPENED = rome(2022, 5, 2, 9)

ACTS = ["submit", "start_check", "admit", "evaluate", "rank", "select", "agree", "open"]
"""The history of an application at the end of the road, exactly."""


@dataclass
class Road:
    """Who and what stands on the road so far."""

    office: User
    applicant: User
    members: list[User]
    call: Call
    application: Application
    commission: Commission | None = None
    ranking: Ranking | None = None
    agreement: Agreement | None = None
    space: Space | None = None
    sheets: list[Sheet] = field(default_factory=list)

    def fresh(self) -> Application:
        return Application.objects.with_call().get(pk=self.application.pk)


@remembered
def submitted() -> Road:
    office, applicant = official(name="Anna Ufficio"), person(name="Carla Referente")
    members = [person(name=name) for name in ("Paola Presidente", "Enrico Membro", "Sara Membro")]
    call = load_fixture_call(by=office)
    return Road(office, applicant, members, call, submitted_application(call, by=applicant))


@remembered
def admitted() -> Road:
    road = submitted()
    start_check(road.application, by=road.office, at=CHECKED)
    met = Entry(shown=Verdict("", ""), chosen=Verdict(CheckItem.Verdict.MET, ""))
    codes = road.application.check_items.values_list("code", flat=True)
    save_verdicts(road.application, dict.fromkeys(codes, met), by=road.office, at=CHECKED)
    admit(road.application, by=road.office, at=CHECKED)
    return road


@remembered
def appointed() -> Road:
    road = admitted()
    seats = list(zip(road.members, (MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER), strict=True))
    road.commission = appoint_commission(
        road.call, members=seats, act_number="12", act_date=date(2021, 10, 25), by=road.office, at=APPOINTED
    )
    return road


@remembered
def marked(levels: tuple[str, str, str] = ("1.00", "0.80", "0.80")) -> Road:
    """Each member gives the same level to every criterion."""
    road = appointed()
    grid = road.call.notice.grid_for(road.application.area_code)
    for member, level in zip(road.commission.members.all(), levels, strict=True):
        declare(member, road.application, in_conflict=False, at=APPOINTED + timedelta(days=1))
        sheet = Sheet.objects.get(member=member, application=road.application)
        given: dict[str, Any] = {c.code: (Decimal(level), f"Motivo di {c.title}") for c in grid.criteria}
        save_marks(sheet, given, by=member.user, at=MARKED)
        finish_sheet(sheet, by=member.user, at=MARKED)
        road.sheets.append(sheet)
    return road


@remembered
def ranked() -> Road:
    road = marked()
    close_evaluation(road.call, "area-1", by=road.members[0], at=RANKED)
    road.ranking = compute_ranking(road.call, "area-1", by=road.office, at=RANKED)
    return road


@remembered
def published() -> Road:
    road = ranked()
    publish_ranking(
        road.ranking,
        act_number="340",
        act_date=date(2021, 12, 6),
        unfilled_reason="È arrivata una sola proposta.",
        by=road.office,
        at=PUBLISHED,
    )
    return road


@remembered
def agreed() -> Road:
    road = published()
    road.agreement = draft_agreement(road.fresh(), at=SIGNED)
    sign(road.agreement, by=road.office)
    road.space = Space.objects.get(partnership__agreement=road.agreement)
    return road


def sign(agreement: Agreement, *, by: User, at: datetime = SIGNED, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "number": "77/2022",
        "signed_on": date(2022, 4, 11),
        "starts_on": date(2022, 5, 1),
        "ends_on": date(2024, 4, 30),
        "document": keep(small_pdf("Convenzione"), name="convenzione.pdf", media_type="application/pdf", by=by, at=at),
    }
    if agreement.state == AgreementState.DRAFT:  # nothing was prepared here: the office answers for what the file says
        facts |= {"reason": "Firmata su carta.", "contents": CONTENTS}
    sign_agreement(agreement, **{**facts, **changes}, by=by, at=at)


@remembered
def opened() -> Road:
    road = agreed()
    complete(road.space)
    ready_to_open(road.space, by=road.office, at=OPENED)
    open_space(road.space, on=date(2022, 5, 2), by=road.office, at=OPENED)
    return road


def complete(space: Space) -> None:
    """What citizens need to find the door."""
    space.phone, space.hours = "02 0000 0001", [{"day": 1, "opens": "09:00", "closes": "13:00"}]
    space.save()
