"""What a citizen finds: the Spazi that are open."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from network.directory_forms import SearchForm
from network.hours import DAYS, is_open, write_day
from network.models import Space
from network.words import DAY_NAMES, FUNCTIONS


def spaces(request: HttpRequest) -> HttpResponse:
    """The directory: a list first, with filters that work without JavaScript. Twenty Spazi need no pages."""
    form = SearchForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = Space.objects.public()
    for word in filters.get("q", "").split():
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(manager_name__icontains=word))
    if filters.get("municipio"):
        rows = rows.filter(municipio=filters["municipio"])
    if filters.get("step_free"):
        rows = rows.filter(step_free=True)
    found = [_card(space, request) for space in rows]
    if filters.get("now"):
        found = [card for card in found if card["is_open"]]
    return render(request, "network/spaces.html", {"search": form, "cards": found, "is_filtered": any(filters.values())})


def space(request: HttpRequest, slug: str) -> HttpResponse:
    row = get_object_or_404(Space.objects.public().select_related("partnership__organisation"), slug=slug)
    week = [{"day": DAY_NAMES[day], "hours": write_day(row.hours, day).replace("-", "–")} for day in DAYS]
    return render(request, "network/space.html", {**_card(row, request), "week": week})


def _card(row: Space, request: HttpRequest) -> dict[str, Any]:
    return {
        "space": row,
        "is_open": is_open(row.hours, request.arrived_at),
        "functions": [FUNCTIONS[code] for code in row.functions if code in FUNCTIONS],
    }
