"""The office: how far the commission is, and the closing of each area."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from evaluation.actions import close_evaluation, reasons_not_to_close
from evaluation.progress import Progress, commission_of
from evaluation.views.office import area_of, call_of
from workflow.transition import Refused


@officials_only
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """How far each member is, in counts, and the closing of each area."""
    call = call_of(request, slug)
    refused, status = {}, 200
    if request.method == "POST":
        area = area_of(call, request.POST.get("area", ""))
        try:
            close_evaluation(call, area.code, by=request.user, at=request.arrived_at)
        except Refused as refusal:
            refused[area.code], status = refusal.reasons, 409
        else:
            messages.success(
                request, _("La valutazione di «%(area)s» è chiusa. Ora calcola la graduatoria.") % {"area": area.title}
            )
            return redirect("desk_evaluation", slug=slug)
    areas = []
    for area in call.notice.areas:
        progress = Progress(call, area.code)
        areas.append(
            {
                "area": area,
                "progress": progress,
                "members": progress.by_member(),
                "conflicts": progress.conflicts(),
                "reasons": reasons_not_to_close(progress, by=request.user, at=request.arrived_at),
                "refused": refused.get(area.code, ()),
            }
        )
    context = {"call": call, "commission": commission_of(call), "areas": areas}
    return render(request, "evaluation/desk_evaluation.html", context, status=status)
