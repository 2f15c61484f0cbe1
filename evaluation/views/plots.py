"""The drawings of an area, for the office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import officials_only
from evaluation.plots.reading import desk_plots
from evaluation.views.office import area_of, call_of


@officials_only
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """One area at a time, the first if none is named."""
    call = call_of(request, slug)
    areas = call.notice.areas
    area = area_of(call, request.GET.get("area", areas[0].code))
    base = reverse("desk_plots", args=[slug])
    context = {
        "call": call,
        "area": area,
        "areas": [{"area": other, "url": f"{base}?area={other.code}", "is_shown": other == area} for other in areas],
        "plots": desk_plots(call, area, user=request.user, at=request.arrived_at),
        "is_open": request.arrived_at <= call.closes_at,
    }
    return render(request, "evaluation/plots/desk.html", context)
