"""Two proposals of the call of 2021 that are selected and may become one project: where the road of the network begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from applications.checking import Entry, Verdict, admit, save_verdicts, start_check
from applications.models import Application, CheckItem
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    compute_ranking,
    declare,
    finish_sheet,
    publish_ranking,
    save_marks,
)
from evaluation.models import MemberRole, Sheet
from tests.builders import body, load_fixture_call, official, person, submitted_application
from tests.remembered import remembered
from tests.road import APPOINTED, CHECKED, MARKED, PUBLISHED, RANKED, Road

MERGES = ("table_mode: selected", "table_mode: merged")
"""The same call, whose tables may make one project of several proposals."""
LEVELS = (("1.00", "0.80", "0.80"), ("0.80", "0.80", "0.80"))


@dataclass
class Two:
    """``road`` is that of the first in the ranking; ``other`` acts for the body of ``second``."""

    road: Road
    second: Application
    other: User

    @property
    def both(self) -> list[Application]:
        rows = (self.road.application, self.second)
        return [Application.objects.with_call().get(pk=row.pk) for row in rows]


@remembered
def two_selected() -> Two:
    """Through the same acts as ``tests.road``, two proposals at a time."""
    office, applicant, other = official(name="Anna Ufficio"), person(name="Carla Referente"), person(name="Dario Direttore")
    members = [person(name=name) for name in ("Paola Presidente", "Enrico Membro", "Sara Membro")]
    call = load_fixture_call(by=office, change=MERGES)
    first = submitted_application(call, by=applicant, organisation=body("Cooperativa Prima", by=applicant))
    second = submitted_application(call, by=other, organisation=body("Associazione Seconda", by=other))
    made = Two(Road(office, applicant, members, call, first), second, other)
    for row in (first, second):
        start_check(row, by=office, at=CHECKED)
        met = Entry(shown=Verdict("", ""), chosen=Verdict(CheckItem.Verdict.MET, ""))
        save_verdicts(row, dict.fromkeys(row.check_items.values_list("code", flat=True), met), by=office, at=CHECKED)
        admit(row, by=office, at=CHECKED)
    _evaluate(made)
    made.road.ranking = compute_ranking(call, "area-1", by=office, at=RANKED)
    publish_ranking(
        made.road.ranking,
        act_number="340",
        act_date=date(2021, 12, 6),
        unfilled_reason="Sono arrivate due proposte.",
        by=office,
        at=PUBLISHED,
    )
    made.road.application, made.second = made.both
    return made


def _evaluate(made: Two) -> None:
    road = made.road
    seats = list(zip(road.members, (MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER), strict=True))
    road.commission = appoint_commission(
        road.call, members=seats, act_number="12", act_date=date(2021, 10, 25), by=road.office, at=APPOINTED
    )
    grid = road.call.notice.grid_for("area-1")
    for place, member in enumerate(road.commission.members.all()):
        for row, levels in zip((road.application, made.second), LEVELS, strict=True):
            declare(member, row, in_conflict=False, at=APPOINTED + timedelta(days=1))
            sheet = Sheet.objects.get(member=member, application=row)
            given = {c.code: (Decimal(levels[place]), f"Motivo di {c.title}") for c in grid.criteria}
            save_marks(sheet, given, by=member.user, at=MARKED)
            finish_sheet(sheet, by=member.user, at=MARKED)
    close_evaluation(road.call, "area-1", by=road.members[0], at=RANKED)
