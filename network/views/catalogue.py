"""What a citizen finds of the services: the search, one service, the accredited bodies, and all of it as open data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from bando.csv_table import csv_of, harmless
from bando.deadlines import day_in_rome
from bando.structured_data import data_block
from evaluation.published import LICENCE
from network import actions
from network.catalogue_forms import IN_ADDRESS, PLACES, WAYS, SearchForm
from network.models import Accreditation, Service
from network.search import EACH_PLACE, EACH_WAY, Catalogue

A_PAGE = 30
COLUMNS = [
    "url",
    "title",
    "category",
    "summary",
    "audience",
    "price",
    "price_note",
    "individual",
    "shared",
    "at_home",
    "in_space",
    "online",
    "municipi",
    "spaces",
    "body",
]
BODY_COLUMNS = ["body", "tax_code", "accredited_since", "accredited_until", "services"]


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The box and the categories; with anything in the address, what answers it."""
    catalogue = Catalogue.of(day_in_rome(request.arrived_at))
    form = SearchForm(request.GET, catalogue.categories)
    filters = form.filters
    found = catalogue.look_for(form.query, filters)
    counts = found.counts(filters)
    form.show(counts)
    context: dict[str, Any] = {
        "search": form,
        "query": form.query.strip(),
        "found": found,
        "is_filtered": bool(filters),
        "is_asked": bool(request.GET),
        "categories": [(category, counts["category"].get(category.code, 0)) for category in catalogue.categories],
        "without_filters": _address(q=form.query),
    }
    if not found.matching and not found.is_empty:
        context["near"] = [(word, _address(q=word)) for word in catalogue.near(form.query)]
        actions.count_miss(form.query, at=request.arrived_at)
    ordered = [service for _category, group in found.groups() for service in group]
    page = Paginator(ordered, A_PAGE).get_page(request.GET.get("page"))
    context["page"] = page
    context["groups"] = [(category, list(group)) for category, group in groupby(page, key=lambda one: one.category)]
    chosen = {written: str(value) for name, written in IN_ADDRESS.items() if (value := getattr(filters, name))}
    context["page_query"] = _address(q=form.query, **chosen)
    return render(request, "network/catalogue/services.html", context)


def _address(**asked: str) -> str:
    """The part of an address behind the question mark, which a template escapes."""
    return urlencode({name: value for name, value in asked.items() if value})


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Service.objects.public(day_in_rome(request.arrived_at)).select_related("organisation", "category")
    row = get_object_or_404(rows, slug=slug)
    context = {
        **as_people_read(row),
        "structured_data": data_block(_described(row)),
        "category_url": f"{reverse('services')}?{_address(categoria=row.category.code)}",
    }
    return render(request, "network/catalogue/service.html", context)


def as_people_read(row: Service) -> dict[str, Any]:
    """What the page of a service shows; the preview of a body too."""
    return {
        "service": row,
        "ways": [WAYS[way] for way, column in EACH_WAY.items() if getattr(row, column)],
        "places": [PLACES[place] for place, column in EACH_PLACE.items() if getattr(row, column)],
        "spaces": row.spaces.public().order_by("name"),
    }


def _described(row: Service) -> dict[str, Any]:
    """The service as schema.org has it; nothing that the page does not say."""
    data = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": row.title,
        "description": row.summary,
        "serviceType": row.category.title,
        "url": settings.SITE_URL + reverse("service", args=[row.slug]),
        "provider": {"@type": "Organization", "name": row.organisation.name},
    }
    if row.audience:
        data["audience"] = {"@type": "Audience", "audienceType": row.audience}
    if row.price == "free":
        data["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "EUR"}
    return data


@require_safe
def accredited(request: HttpRequest) -> HttpResponse:
    return render(request, "network/catalogue/accredited.html", {"bodies": _bodies(day_in_rome(request.arrived_at))})


@require_safe
def accredited_body(request: HttpRequest, pk: Any) -> HttpResponse:
    """The services of one accredited body."""
    day = day_in_rome(request.arrived_at)
    accreditations = Accreditation.objects.in_force(day).filter(organisation=pk).order_by("-valid_until")
    body = get_object_or_404(Organisation.objects.filter(accreditations__in=accreditations).distinct(), pk=pk)
    rows = Service.objects.public(day).filter(organisation=body).select_related("category", "organisation")
    context = {"organisation": body, "valid_until": accreditations[0].valid_until, "services": rows}
    return render(request, "network/catalogue/accredited_body.html", context)


def _bodies(day: date) -> list[dict[str, Any]]:
    """The accredited bodies of ``day`` by name, each once: since its first accreditation that stands, until its last."""
    offered = dict(Service.objects.public(day).values_list("organisation").annotate(Count("pk")).order_by())
    rows = Accreditation.objects.in_force(day).select_related("organisation").order_by("organisation__name", "organisation_id")
    found = []
    for _key, group in groupby(rows, key=lambda row: row.organisation_id):
        mine = list(group)
        found.append(
            {
                "organisation": mine[0].organisation,
                "since": day_in_rome(min(row.decided_at for row in mine)),
                "until": max(row.valid_until for row in mine),
                "services": offered.get(mine[0].organisation_id, 0),
            }
        )
    return found


@require_safe
def accredited_csv(request: HttpRequest) -> HttpResponse:
    rows = [
        [row["organisation"].name, row["organisation"].tax_code, row["since"], row["until"], row["services"]]
        for row in _bodies(day_in_rome(request.arrived_at))
    ]
    return _csv("enti-accreditati.csv", [BODY_COLUMNS, *rows])


@require_safe
def services_csv(request: HttpRequest) -> HttpResponse:
    """The public services as a table for machines; several values of a cell are parted by spaces."""
    rows = [[_cell(value) for value in row.values()] for row in _published(request)]
    return _csv("servizi.csv", [COLUMNS, *rows])


@require_safe
def services_json(request: HttpRequest) -> HttpResponse:
    day = day_in_rome(request.arrived_at)
    data = {"licence": LICENCE, "day": day.isoformat(), "services": _published(request)}
    return HttpResponse(json.dumps(data, ensure_ascii=False), "application/json")


def _published(request: HttpRequest) -> list[dict[str, Any]]:
    rows = (
        Service.objects.public(day_in_rome(request.arrived_at))
        .select_related("organisation", "category")
        .prefetch_related("spaces")
    )
    return [
        {
            "url": settings.SITE_URL + reverse("service", args=[row.slug]),
            "title": row.title,
            "category": row.category.code,
            "summary": row.summary,
            "audience": row.audience,
            "price": row.price,
            "price_note": row.price_note,
            "individual": row.individual,
            "shared": row.shared,
            "at_home": row.at_home,
            "in_space": row.in_space,
            "online": row.online,
            "municipi": row.municipi,
            "spaces": sorted(space.slug for space in row.spaces.all()),
            "body": row.organisation.name,
        }
        for row in rows
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _csv(name: str, rows: Iterable[list[Any]]) -> HttpResponse:
    table = csv_of([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse(table, "text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
