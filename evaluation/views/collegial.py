"""The sheets that the commission writes together: who may read finds them here, and who writes for all begins them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from applications.models import Application
from bando.notice.document import Area
from bando.notice.grid import Marking
from evaluation.actions import collegial_sheet
from evaluation.models import Member, Sheet
from evaluation.progress import Progress
from evaluation.publication import title_of
from evaluation.rules.collegial import LEADS
from evaluation.states import SheetState
from evaluation.views.member import seat_of
from workflow.transition import Refused


@login_required
@require_http_methods(["GET", "POST"])
def collegial(request: HttpRequest, slug: str) -> HttpResponse:
    """The proposals that the commission marks together, for who has declared no conflict with them. There is no such page where
    every area wants the marks of each member."""
    member = seat_of(request, slug)
    notice = member.commission.call.notice
    together = [area for area in notice.areas if notice.grid_for(area.code).marking is Marking.COLLEGIAL]
    if not together:
        raise Http404
    lists = [_listed(member, area) for area in together]
    reasons: list[str] = []
    if request.method == "POST":
        chosen = request.POST.get("proposal", "")
        application = next((row["application"] for item in lists for row in item["rows"] if row["key"] == chosen), None)
        if application is None:
            raise Http404
        try:
            return redirect("sheet", pk=collegial_sheet(application, by=request.user, at=request.arrived_at).pk)
        except Refused as refusal:
            reasons = refusal.reasons
    context = {"call": member.commission.call, "areas": lists, "writes": member.role in LEADS, "reasons": reasons}
    return render(request, "evaluation/collegial.html", context, status=409 if reasons else 200)


def _listed(member: Member, area: Area) -> dict[str, Any]:
    call = member.commission.call
    progress = Progress(call, area.code)
    readable = progress.readable_by(member)
    rows = Application.objects.filter(pk__in=readable).select_related("organisation", "current", "call__version")
    sheets = {row.application_id: row for row in Sheet.objects.filter(member=None, application__in=readable)}
    final = sum(sheet.state == SheetState.FINAL for sheet in sheets.values())
    return {
        "area": area,
        "final": final,
        "to_declare": not progress.to_check and bool(progress.undeclared_by(member)),
        "rows": [
            {
                "key": str(row.pk),
                "application": row,
                "title": title_of(call.notice, row),
                "sheet": sheets.get(row.pk),
                "is_final": row.pk in sheets and sheets[row.pk].state == SheetState.FINAL,
            }
            for row in rows.order_by("number")
        ],
    }
