"""The sheet as a commissioner will see it, over a draft: the scale and the criteria, with the questions beside each of them."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.reading import Answer, ReadSection
from bando.models import Call, NoticeDraft
from bando.notice.grid import Composition, CriterionType
from bando.views.previews import area_of, previews
from evaluation.figures import exact_figure
from evaluation.forms import SheetForm
from evaluation.sheet_page import maximum, part_of, rest


@previews
@require_GET
def sheet(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    notice, here = shown.notice, area_of(shown, area)
    grid = notice.grid_for(here.code)
    seats = notice.commission.max_members if grid.composition is Composition.SUM else None
    form = SheetForm(initial=SheetForm.initial_from(grid, {}, {}), grid=grid, seats=seats, said={})
    sections = notice.sections_for(here.code)
    asked = [ReadSection(s, tuple(Answer(question, "") for question in s.questions)) for s in sections]
    context = {
        "preview": row,
        "call": shown,
        "area": here,
        "grid": grid,
        "application": SimpleNamespace(organisation=_("un ente di prova"), number=_("Numero della domanda")),
        "title": _("Titolo della proposta"),
        "form": form,
        "parts": [part_of(index, criterion, form, grid, asked, {}, {}) for index, criterion in enumerate(grid.criteria)],
        "done": 0,
        "rest": rest(asked, {criterion.code for criterion in grid.criteria}),
        "total": "0",
        "maximum": exact_figure(maximum(grid, seats)),
        "compares": any(criterion.type is CriterionType.FORMULA for criterion in grid.criteria),
        "is_open": True,
    }
    return render(request, "evaluation/preview_sheet.html", context)
