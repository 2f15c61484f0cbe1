"""What a citizen finds: the Spazi that are open, on a list and on a map, and the same as open data."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bando.structured_data import data_block
from network.directory import LICENCE, Directory, Seen, categories_given, nearest_open, public_spaces, search
from network.directory_forms import SearchForm
from network.directory_words import MEANINGS, language_name, place_name
from network.gazetteer import outlines
from network.map import sheet
from network.models import FormerSlug, Service, Space, Street
from network.near import read_point
from network.states import SpaceState
from network.structured import COLUMNS, csv_text, feature_collection, government_office
from network.words import FUNCTIONS

CITY = "Milano"


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """The directory: a list first, then a map, both of what the query string asks for. Twenty Spazi need no pages."""
    seen = public_spaces(request.arrived_at)
    titles, given = categories_given(seen[0].today, seen) if seen else ({}, {})
    choices: dict[str, Any] = {
        "languages": {code for one in seen for code in one.space.languages},
        "categories": titles,
        "knows_streets": Street.objects.exists(),
    }
    wanted = SearchForm(request.GET, **choices).wanted
    found = search(wanted, seen, given)
    asked = _asked(request, found, titles)
    shown = {name: getattr(wanted, name) for name in SearchForm.base_fields if hasattr(wanted, name)}
    if wanted.point:
        shown |= {"lat": wanted.point.latitude, "lon": wanted.point.longitude}
    context = {
        "search": SearchForm(initial=shown, **choices),
        "total": len(seen),
        "found": found,
        "origin": place_name(found.origin) if found.origin else "",
        "asked": asked,
        "offered": [{"name": name, "url": _link(request, near=name)} for name in map(place_name, found.offered)],
        "map": _map(request, found),
        "page_url": request.build_absolute_uri(reverse("spaces")),
    }
    return render(request, "network/directory/spaces.html", context)


@require_safe
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of one Spazio. A former address of the page leads on; that of a Spazio that has closed says so (410)."""
    known = Space.objects.filter(state__in=[SpaceState.OPEN, SpaceState.SUSPENDED, SpaceState.CLOSED])
    row = known.select_related("partnership__organisation").prefetch_related("addresses").filter(slug=slug).first()
    if row is None:
        former = FormerSlug.objects.filter(slug=slug, space__in=known).select_related("space").first()
        if former is None:
            raise Http404
        return redirect("space", slug=former.space.slug, permanent=True)
    seen = Seen(row, request.arrived_at)
    if row.state == SpaceState.CLOSED:
        return render(request, "network/directory/gone.html", {"seen": seen, "near": nearest_open(seen)}, status=410)
    services = Service.objects.public(seen.today).filter(spaces=row).select_related("organisation", "category")
    facts = seen.facts(request.build_absolute_uri(seen.url))
    context = {
        "seen": seen,
        "space": row,
        "drawing": sheet(outlines(), {row.slug: seen.point}) if seen.point else None,
        "page_url": facts.url,
        "services": services.order_by("category__position", "title"),
        "structured_data": data_block(government_office(facts, city=CITY, administration=settings.ADMINISTRATION["name"])),
    }
    return render(request, "network/directory/space.html", context)


# --- open data --------------------------------------------------------------------------------------------------------


@require_safe
def spaces_data(request: HttpRequest) -> HttpResponse:
    """What is in the files, column by column."""
    dictionary = [{"column": column, "meaning": MEANINGS[column]} for column in COLUMNS]
    context = {"dictionary": dictionary, "functions": FUNCTIONS, "licence": LICENCE}
    return render(request, "network/directory/data.html", context)


@require_safe
def spaces_geojson(request: HttpRequest) -> HttpResponse:
    return _file(request, feature_collection(_facts(request), licence=LICENCE), "application/geo+json")


@require_safe
def spaces_csv(request: HttpRequest) -> HttpResponse:
    response = _file(request, csv_text(_facts(request)), "text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = 'attachment; filename="spazi.csv"'
    return response


def _facts(request: HttpRequest) -> list[Any]:
    return [seen.facts(request.build_absolute_uri(seen.url)) for seen in public_spaces(request.arrived_at)]


def _file(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    """A public file, the same for everybody: a cache may keep it and must ask whether it still holds."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    is_known = etag in known or f"W/{etag}" in known
    response = HttpResponse(status=304) if is_known else HttpResponse(content, media_type)
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


# --- the page of the list ---------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, found: Directory, titles: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter in words, with the address of the page without it and, where nothing was found, how many there would be."""
    wanted = found.wanted
    words = {
        "q": f"«{wanted.q}»",
        "municipio": _("Municipio %(n)s") % {"n": wanted.municipio},
        "function": FUNCTIONS.get(wanted.function, ""),
        "category": titles.get(wanted.category, ""),
        "language": language_name(wanted.language),
        "step_free": _("Ingresso senza gradini"),
        "now": _("Aperti adesso"),
    }
    asked = [
        {"words": text, "url": _link(request, **{name: ""}), "count": found.without.get(name)}
        for name, text in words.items()
        if getattr(wanted, name)
    ]
    if wanted.near or wanted.point:
        text = _("vicino a «%(place)s»") % {"place": wanted.near} if wanted.near else _("vicino a te")
        asked.append({"words": text, "url": _link(request, near="", lat="", lon=""), "count": None})
    return asked


def _map(request: HttpRequest, found: Directory) -> dict[str, Any]:
    """The drawing with what each part of it is called and leads to; a mark bears the number that its Spazio has on the list."""
    numbered = {str(n): seen for n, seen in enumerate(found.found, start=1)}
    drawing = sheet(outlines(), {n: seen.point for n, seen in numbered.items() if seen.point})
    drawn = {mark.key for mark in drawing.marks}
    apart = [seen for n, seen in numbered.items() if n not in drawn]
    return {
        "drawing": drawing,
        "areas": [
            {
                "area": area,
                "count": found.counts[area.municipio],
                "url": _link(request, municipio=area.municipio),
                "is_chosen": area.municipio == found.wanted.municipio,
            }
            for area in drawing.areas
        ],
        "marks": [{"mark": mark, "seen": numbered[mark.key]} for mark in drawing.marks],
        "apart": [
            {"municipio": n, "spaces": here} for n in [*range(1, 10), None] if (here := [s for s in apart if s.municipio == n])
        ],
    }


def _link(request: HttpRequest, **changes: Any) -> str:
    """This page with other filters; an empty one is left out, a position is as exact as the page keeps it."""
    values = {name: request.GET.get(name, "") for name in SearchForm.base_fields}
    if point := read_point(values["lat"], values["lon"]):
        values |= {"lat": str(point.latitude), "lon": str(point.longitude)}
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in {**values, **changes}.items() if value})
    return f"{reverse('spaces')}?{query.urlencode()}" if query else reverse("spaces")
