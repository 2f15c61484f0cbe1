"""The published ranking: a page for people, files for programs."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from bando.models import Call
from documents.responses import serve
from evaluation.models import Ranking
from evaluation.presentation import TableView
from evaluation.published import LICENCE, csv_rows
from evaluation.states import RankingState


def _ranking(slug: str, area: str) -> Ranking:
    """A published ranking of a call that everybody may see; what is being prepared is not here for anybody."""
    calls = Call.objects.exclude(published_at=None)
    rows = Ranking.objects.filter(state=RankingState.PUBLISHED, call__in=calls).select_related("call__version", "pdf")
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    return get_object_or_404(rows, call__slug=slug, area_code=area)


@require_safe
def ranking(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _ranking(slug, area)
    table = TableView(row.document)
    number = request.GET.get("domanda", "")
    context: dict[str, Any] = {
        "ranking": row,
        "call": row.call,
        "area": row.call.notice.area(area),
        "table": table,
        "opened": table.row(number),
        "derivations": table.derivations(number),
        "derivation_url": "?domanda=",
        "json_size": len(row.content.encode()),
        "csv_size": len(_csv(row)),
        "licence": LICENCE,
    }
    return render(request, "evaluation/ranking.html", context)


@require_safe
def ranking_json(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Exactly the bytes whose SHA-256 the page shows."""
    row = _ranking(slug, area)
    return _file(request, row.content.encode(), "application/json", etag=row.sha256)


@require_safe
def ranking_csv(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _ranking(slug, area)
    response = _file(request, _csv(row), "text/csv; charset=utf-8; header=present", etag=f"{row.sha256}-csv")
    response["Content-Disposition"] = f'attachment; filename="graduatoria-{slug}-{area}.csv"'
    return response


@require_safe
def ranking_pdf(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _ranking(slug, area)
    if row.pdf is None:
        raise Http404
    return serve(row.pdf)


def _csv(row: Ranking) -> bytes:
    """RFC 4180: commas, CRLF, quotes where needed, UTF-8 without a mark."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(csv_rows(row.document))
    return out.getvalue().encode()


def _file(request: HttpRequest, content: bytes, media_type: str, *, etag: str) -> HttpResponse:
    """A public file that a cache may keep and must ask about: it is the same for everybody."""
    quoted = f'"{etag}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response = HttpResponse(status=304) if quoted in known or f"W/{quoted}" in known else HttpResponse(content, media_type)
    response["ETag"] = quoted
    response["Cache-Control"] = "public, no-cache"
    return response
