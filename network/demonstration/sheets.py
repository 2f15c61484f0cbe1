"""What the invented members of the commission give, and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from itertools import combinations

from applications.models import Application
from bando.notice.grid import Criterion, Grid, Level
from evaluation.actions import finish_comparison, finish_sheet, save_comparison, save_marks
from evaluation.asked import asked_grid
from evaluation.comparing import Preferred
from evaluation.models import UNIT, Comparison, Member, Preference, Sheet
from evaluation.rules.comparing import to_compare
from network.demonstration.bodies import Body

TWINS = {8: 2}
"""A body that gets the same marks as another one: the demonstration shows a tie."""


def mark(
    member: Member,
    application: Application,
    body: Body,
    *,
    at: datetime,
    finish: bool = True,
    leave_out: int = 0,
    hard_on: Collection[str] = (),
) -> None:
    """The sheet of a member, without the last ``leave_out`` criteria. On those of ``hard_on`` the member finds little."""
    grid = asked_grid(application.call, application.area_code)
    sheet, marks = Sheet.objects.get(member=member, application=application), {}
    for criterion in grid.criteria[: len(grid.criteria) - leave_out]:
        level = _scale(grid)[-2] if criterion.code in hard_on else _level(grid, criterion, member, body)
        marks[criterion.code] = (level.coefficient, f"{criterion.title}: {level.label}. {level.descriptor}")
    save_marks(sheet, marks, by=member.user, at=at)
    if finish:
        finish_sheet(sheet, by=member.user, at=at)


def compare(member: Member, application: Application, criterion: str, *, at: datetime) -> None:
    """The table of a member over the area of ``application``: of two proposals now the one is a little better, now the other."""
    row = Comparison(member=member, area_code=application.area_code, criterion=criterion)
    cells = []
    for first, second in combinations(to_compare(application.call, application.area_code), 2):
        chance = sha256(f"{first.organisation.tax_code} {second.organisation.tax_code} {member.order}".encode()).digest()
        prefers = [Preference.Prefers.FIRST, Preference.Prefers.SECOND, Preference.Prefers.NEITHER][chance[0] % 3]
        cells.append(Preferred(first.pk, second.pk, prefers, int((2 + chance[1] % 3) / UNIT)))
    finish_comparison(save_comparison(row, cells, by=member.user, at=at), by=member.user, at=at)


def _level(grid: Grid, criterion: Criterion, member: Member, body: Body) -> Level:
    """The level that a member gives: the body's strength, moved a little in a way that is the same at each loading."""
    moved = sha256(f"{TWINS.get(body.n, body.n)} {criterion.code} {member.order}".encode()).digest()[0] % 4
    place = 5 - body.facts["strength"] + (1 if moved == 0 else 0) - (1 if moved == 3 else 0)
    scale = _scale(grid)
    return scale[min(max(place, 0), len(scale) - 1)]


def _scale(grid: Grid) -> list[Level]:
    return sorted(grid.scale, key=lambda level: level.coefficient, reverse=True)
