"""A member compares the proposals of an area two by two, on one criterion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications.models import Application
from bando.notice.document import Notice
from bando.notice.grid import Criterion, CriterionType
from evaluation.actions import finish_comparison, reopen_comparison, save_comparison
from evaluation.comparing_forms import ComparisonForm, Named
from evaluation.comparing_words import degree_words
from evaluation.figures import exact_figure
from evaluation.forms import ReopenForm
from evaluation.models import Comparison, Member, Preference, Sheet
from evaluation.pairwise import Pair, points
from evaluation.publication import title_of
from evaluation.rules.comparing import degrees, pairs_of, standing, to_compare
from evaluation.states import ComparisonState
from evaluation.transitions import REOPEN_COMPARISON, SAVE_COMPARISON
from evaluation.views.member import seat_of
from workflow.perform import reasons_against
from workflow.transition import Refused

ON_ONE_PAGE = 105
"""Pairs on a page: those of fifteen proposals."""


@login_required
@require_http_methods(["GET", "POST"])
def comparison(request: HttpRequest, slug: str, area: str, criterion: str) -> HttpResponse:
    """The triangular table as a list of pairs. Saving keeps what is there; concluding keeps it first, then asks for the rest.
    Who may not compare is told why, and finds no proposal here."""
    member = seat_of(request, slug)
    found = _criterion(member, area, criterion)
    row = _row(member, area, criterion)
    asked = {"by": request.user, "at": request.arrived_at}
    against = reasons_against(SAVE_COMPARISON, Comparison(member=member, area_code=area, criterion=criterion), **asked)
    context: dict[str, Any] = {
        "call": member.commission.call,
        "area": member.commission.call.notice.area(area),
        "criterion": found,
        "comparison": row,
        "reasons": against,
        "can_reopen": row.pk is not None and not row._state.adding and not reasons_against(REOPEN_COMPARISON, row, **asked),
        "reopening": ReopenForm(),
    }
    if against:
        return render(request, "evaluation/comparison.html", context, status=409 if request.method == "POST" else 200)
    proposals = _named(member, area, found)
    page = Paginator(pairs_of(proposals), ON_ONE_PAGE).get_page(request.GET.get("page"))
    stored = _stored(row)
    fields: dict[str, Any] = {"pairs": list(page), "degrees": degrees(found.pairwise), "stored": stored}
    form, status = ComparisonForm(**fields), 200
    if request.method == "POST" and "reopen" in request.POST:
        reopening = ReopenForm(request.POST)
        answer = _reopened(request, row, reopening)
        if isinstance(answer, HttpResponse):
            return answer
        context["reopening"], status = reopening, answer
    elif request.method == "POST":
        form = ComparisonForm(request.POST, **fields)
        row, answer = _saved(request, row, form, page)
        if isinstance(answer, HttpResponse):
            return answer
        status, form.stored = answer, _stored(row)
    own = _stored(row)
    all_pairs = len(pairs_of(proposals))
    context |= {
        "comparison": row,
        "is_open": row.state != ComparisonState.FINAL,
        "form": context["reopening"] if "reopen" in request.POST else form,
        "rows": form.rows(),
        "page": page,
        "done": len(own),
        "all": all_pairs,
        "progress": ngettext("%(done)s di %(all)s coppia", "%(done)s di %(all)s coppie", all_pairs)
        % {"done": len(own), "all": all_pairs},
        "results": _results(proposals, own.values()),
        "told": [_told(first, second, own[first.pk, second.pk]) for first, second in page if (first.pk, second.pk) in own],
    }
    return render(request, "evaluation/comparison.html", context, status=status)


def _criterion(member: Member, area: str, code: str) -> Criterion:
    notice = member.commission.call.notice
    if not member.marks_proposals or area not in {known.code for known in notice.areas}:
        raise Http404
    for criterion in notice.grid_for(area).criteria:
        if criterion.code == code and criterion.type is CriterionType.PAIRWISE:
            return criterion
    raise Http404


def _row(member: Member, area: str, criterion: str) -> Comparison:
    """One's own table, or one that was never saved. One that is void is shown like a new one, to who may compare again."""
    where = {"member": member, "area_code": area, "criterion": criterion}
    return Comparison.objects.select_related("member__commission__call").filter(**where).first() or Comparison(**where)


def _named(member: Member, area: str, criterion: Criterion) -> list[Named]:
    """The proposals to compare, with one's own sheet of each as the place where its answers are read. Two with the same title
    are told apart by their number."""
    call = member.commission.call
    rows: list[Application] = list(to_compare(call, area).select_related("organisation", "current"))
    own = Sheet.objects.visible_to(member.user).filter(member=member, application__in=[row.pk for row in rows])
    sheets = dict(own.values_list("application_id", "pk"))
    anchor = _anchor(call.notice, area, criterion)
    titles = [title_of(call.notice, row) or row.organisation.name for row in rows]
    return [
        Named(
            pk=row.pk,
            number=row.number or "",
            title=title if titles.count(title) == 1 else f"{title} ({row.number})",
            body=row.organisation.name,
            url=f"{reverse('sheet', args=[sheets[row.pk]])}{anchor}" if row.pk in sheets else "",
        )
        for row, title in zip(rows, titles, strict=True)
    ]


def _anchor(notice: Notice, area: str, criterion: Criterion) -> str:
    """Where a sheet shows the first answer about the criterion."""
    for section in notice.sections_for(area):
        if section.criterion == criterion.code:
            return f"#r-{section.code}"
        for question in section.questions:
            if question.criterion == criterion.code:
                return f"#r-{section.code}-{question.code}"
    return ""


def _stored(row: Comparison) -> dict[tuple[Any, Any], Preference]:
    if row._state.adding:
        return {}
    return {(cell.first_id, cell.second_id): cell for cell in standing(row)}


def _saved(request: HttpRequest, row: Comparison, form: ComparisonForm, page: Page) -> tuple[Comparison, HttpResponse | int]:
    """Keep the pairs that can be kept; conclude if asked and nothing is wrong. Answers where to go, or the status of the page
    shown again."""
    form.is_valid()
    try:
        row = save_comparison(row, form.cells(), by=request.user, at=request.arrived_at)
        if form.errors:
            return row, 200
        if "finish" in request.POST:
            finish_comparison(row, by=request.user, at=request.arrived_at)
            messages.success(request, _("I confronti sono conclusi."))
            return row, redirect("sheets", slug=row.call.slug)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return row, 409
    messages.success(request, _("Confronti salvati."))
    here = reverse("comparison", args=[row.call.slug, row.area_code, row.criterion])
    turned = page.number + 1 if "next" in request.POST and page.has_next() else page.number
    return row, redirect(f"{here}?page={turned}" if turned > 1 else here)


def _reopened(request: HttpRequest, row: Comparison, form: ReopenForm) -> HttpResponse | int:
    if not form.is_valid():
        return 200
    if row._state.adding:
        raise Http404
    try:
        reopen_comparison(row, by=request.user, at=request.arrived_at, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return 409
    messages.success(request, _("I confronti sono riaperti. Ricordati di concluderli di nuovo."))
    return redirect("comparison", slug=row.call.slug, area=row.area_code, criterion=row.criterion)


def _told(first: Named, second: Named, cell: Preference) -> dict[str, Any]:
    better = {Preference.Prefers.FIRST: first, Preference.Prefers.SECOND: second}.get(Preference.Prefers(cell.prefers))
    return {
        "first": first,
        "second": second,
        "better": better,
        "degree": degree_words(cell.units) if better else "",
        "note": cell.note,
    }


def _results(proposals: Sequence[Named], cells: Iterable[Preference]) -> list[dict[str, Any]]:
    """What one's own pairs give each proposal so far, the most first."""
    table = []
    for cell in cells:
        better = (
            (cell.second_id, cell.first_id) if cell.prefers == Preference.Prefers.SECOND else (cell.first_id, cell.second_id)
        )
        table.append(Pair(*better, cell.units))
    compared = set(chain.from_iterable((pair.preferred, pair.other) for pair in table))
    sums = points(table, compared | {named.pk for named in proposals})
    ordered = sorted(proposals, key=lambda named: (-sums[named.pk], named.number))
    return [{"named": named, "points": exact_figure(sums[named.pk])} for named in ordered]
