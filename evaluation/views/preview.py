"""The sheet as a commissioner will see it, over a draft: the scale and the criteria, with the questions beside each of them."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.reading import Answer, ReadSection
from bando.models import Call, NoticeDraft
from bando.notice.grid import Composition, Criterion, CriterionType, Grid
from bando.views.previews import area_of, previews
from evaluation.figures import exact_figure
from evaluation.forms import SheetForm
from evaluation.methods import each_maximum
from evaluation.views.member import Part
from evaluation.words import range_words


@previews
@require_GET
def sheet(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    notice, here = shown.notice, area_of(shown, area)
    grid = notice.grid_for(here.code)
    seats = notice.commission.max_members if grid.composition is Composition.SUM else None
    form = SheetForm(initial=SheetForm.initial_from(grid, {}, {}), grid=grid, seats=seats, said={})
    sections = notice.sections_for(here.code)
    asked = [ReadSection(s, tuple(Answer(question, "") for question in s.questions)) for s in sections]
    codes = {criterion.code for criterion in grid.criteria}
    rest = [ReadSection(item.section, tuple(a for a in item.answers if a.question.criterion not in codes)) for item in asked]
    context = {
        "preview": row,
        "call": shown,
        "area": here,
        "grid": grid,
        "application": SimpleNamespace(organisation=_("un ente di prova"), number=_("Numero della domanda")),
        "title": _("Titolo della proposta"),
        "form": form,
        "parts": [_part(index, criterion, form, asked) for index, criterion in enumerate(grid.criteria)],
        "done": 0,
        "rest": [item for item in rest if item.answers],
        "total": "0",
        "maximum": exact_figure(sum((_most(grid, c, seats) for c in grid.criteria), Fraction(0))),
        "compares": any(criterion.type is CriterionType.FORMULA for criterion in grid.criteria),
        "is_open": True,
    }
    return render(request, "evaluation/preview_sheet.html", context)


def _part(index: int, criterion: Criterion, form: SheetForm, asked: list[ReadSection]) -> Part:
    level, reason = form.fields_of(index)
    return Part(
        index=index,
        criterion=criterion,
        answers=[answer for item in asked for answer in item.answers if answer.question.criterion == criterion.code],
        sections=[item for item in asked if item.section.criterion == criterion.code],
        level=level,
        reason=reason,
        shown=form.shown(index),
        done=False,
        worth=range_words(criterion),
        found="",
        points="",
        reason_text="",
    )


def _most(grid: Grid, criterion: Criterion, seats: int | None) -> Fraction:
    if criterion.type is CriterionType.FORMULA:
        return Fraction(0)
    return Fraction(each_maximum(grid, criterion, seats) if criterion.is_judged else criterion.max_points)
