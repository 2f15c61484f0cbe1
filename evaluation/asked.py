"""The grid as the sheets of an area ask it."""

from __future__ import annotations

from applications.models import Application
from bando.models import Call
from bando.notice.grid import CriterionType, Grid
from evaluation.comparing import on_the_sheet
from evaluation.models import Sheet
from evaluation.progress import ADMITTED_AND_BEYOND, commission_of, seats_of


def asked_grid(call: Call, area_code: str) -> Grid:
    """The grid of the area without what its members compare in pairs. Proposals are counted only where that matters."""
    grid = call.notice.grid_for(area_code)
    if all(criterion.type is not CriterionType.PAIRWISE for criterion in grid.criteria):
        return grid
    return on_the_sheet(grid, Application.objects.filter(call=call, area_code=area_code, state__in=ADMITTED_AND_BEYOND).count())


def seats_for(sheet: Sheet, grid: Grid) -> int | None:
    """How many members mark, where the grid adds their points; ``None`` elsewhere. A collegial sheet has the commission of the
    call."""
    commission = sheet.member.commission if sheet.member else commission_of(sheet.application.call)
    return seats_of(commission, grid)
