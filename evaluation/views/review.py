"""One's own marks side by side: all the proposals on one criterion, so that equal merits get equal points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bando.notice.grid import Criterion, Grid
from evaluation.actions import save_marks
from evaluation.actions.marking import Shown
from evaluation.asked import asked_grid, seats_for
from evaluation.declared import declared
from evaluation.figures import exact_figure
from evaluation.forms import SheetForm
from evaluation.methods import given_by
from evaluation.models import Mark, Sheet
from evaluation.publication import title_of
from evaluation.remembering import Written
from evaluation.sheet_page import bases_of, counted_words, total_words, written_words
from evaluation.states import SheetState
from evaluation.views.member import seat_of
from evaluation.words import value_words
from workflow.transition import Refused


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A proposal among one's own: the mark on the criterion in words, with its points and its reason, and the points of every
    criterion for the table of totals."""

    sheet: Sheet
    title: str
    found: str
    points: str
    reason: str
    each: list[str]
    total: str
    is_open: bool
    order: tuple[Any, ...]


@login_required
@require_http_methods(["GET", "POST"])
def by_criterion(request: HttpRequest, slug: str, area: str, code: str) -> HttpResponse:
    """The marks that one gave on a criterion, the best first, with their reasons; a mark can be changed here, or on its sheet.
    One finds one's own sheets alone: nothing of the others, and nothing of a proposal in conflict."""
    member = seat_of(request, slug)
    call = member.commission.call
    if not member.marks_proposals or area not in {known.code for known in call.notice.areas}:
        raise Http404
    grid = asked_grid(call, area)
    index = next((index for index, criterion in enumerate(grid.criteria) if criterion.code == code), None)
    if index is None:
        raise Http404
    criterion = grid.criteria[index]
    own = Sheet.objects.visible_to(request.user).filter(member=member, application__area_code=area)
    sheets = list(
        own.with_call()
        .defer("application__call__version__text", "application__current__content")
        .order_by("application__number")
    )
    form, base, status = None, "", 200
    chosen = next((row for row in sheets if str(row.pk) == request.GET.get("scheda")), None)
    if chosen is not None and chosen.state == SheetState.OPEN:
        form, base, answer = _changed(request, chosen, grid, criterion)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    elif request.method == "POST":
        raise Http404
    marks: dict[Any, dict[str, Written]] = defaultdict(dict)
    for sheet, of, units, reason in Mark.objects.filter(sheet__in=sheets).values_list(
        "sheet_id", "criterion", "units", "reason"
    ):
        marks[sheet][of] = Written(units, reason)
    seats = seats_for(sheets[0], grid) if sheets else None
    rows = sorted((_reviewed(row, marks[row.pk], grid, criterion, seats) for row in sheets), key=lambda row: row.order)
    context = {
        "call": call,
        "area": call.notice.area(area),
        "grid": grid,
        "criterion": criterion,
        "index": index,
        "rows": rows,
        "chosen": chosen if form else None,
        "form": form,
        "base": base,
        "back": reverse("sheets", args=[slug]),
    }
    return render(request, "evaluation/criterion_review.html", context, status=status)


def _changed(request: HttpRequest, row: Sheet, grid: Grid, criterion: Criterion) -> tuple[SheetForm, str, HttpResponse | int]:
    """The form of one criterion of an open sheet and the fingerprint of what it shows; then the status of the page, or where to go
    once it is saved."""
    alone = replace(grid, criteria=(criterion,))
    application = row.application
    said = declared(application.call.notice, application.area_code, application.current.answers)
    stored = {mark.criterion: mark for mark in row.marks.filter(criterion=criterion.code)}
    options = {"grid": alone, "seats": seats_for(row, grid), "said": said}
    initial = SheetForm.initial_from(alone, {c: (mark.value, mark.reason) for c, mark in stored.items()}, said)
    form = SheetForm(request.POST if request.method == "POST" else None, initial=initial, **options)
    base = bases_of(alone, stored, said)[criterion.code]
    if request.method != "POST" or form.wrong():
        return form, base, 200
    bases = {criterion.code: [request.POST.get("base", "")]}
    shown = Shown(bases, said, confirmed=[] if criterion.is_judged else [criterion.code])
    try:
        saved = save_marks(row, form.marks(), by=request.user, at=request.arrived_at, shown=shown)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return form, base, 409
    if saved.clashes:
        words = _(
            "Questo criterio è cambiato in un'altra finestra. Adesso c'è scritto: %(other)s. Se salvi di nuovo, resta la tua versione."
        )
        other = written_words(grid, criterion, saved.clashes[criterion.code].theirs)
        form.add_error("level-0", words % {"other": " ".join(other.split())})
        return form, base, 409
    messages.success(request, _("Punteggio salvato."))
    return form, base, redirect(f"{request.path}#s-{row.pk}")


def _reviewed(row: Sheet, marks: Mapping[str, Written], grid: Grid, criterion: Criterion, seats: int | None) -> Reviewed:
    mark = marks.get(criterion.code, Written())
    points = None if mark.units is None else given_by(criterion, mark.units)
    known = mark.units is not None
    return Reviewed(
        sheet=row,
        title=title_of(row.application.call.notice, row.application),
        found=written_words(grid, criterion, Written(mark.units)),
        points=counted_words(criterion, mark),
        reason=mark.reason,
        each=[_points(one, marks.get(one.code)) for one in grid.criteria],
        total=total_words(grid, marks, seats) if marks else "–",
        is_open=row.state == SheetState.OPEN,
        order=(not known, -(points if points is not None else Fraction(mark.units or 0)), row.application.number),
    )


def _points(criterion: Criterion, mark: Written | None) -> str:
    """The points of a mark, or what was found where they depend on the other proposals; a dash while there is none."""
    if mark is None or mark.units is None:
        return "–"
    points = given_by(criterion, mark.units)
    return value_words(criterion, mark.units) if points is None else exact_figure(points)
