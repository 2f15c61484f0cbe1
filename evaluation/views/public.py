"""The published ranking: a page for people, files for programs."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from bando.models import Call
from documents.models import Document
from documents.responses import serve
from evaluation.models import RankingFile, RankingVersion
from evaluation.presentation import TableView
from evaluation.published import LICENCE, csv_rows


def _version(slug: str, area: str) -> RankingVersion:
    """The version that counts of a ranking, in a call that everybody may see; what is being prepared is not here for
    anybody."""
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    calls = Call.objects.exclude(published_at=None)
    rows = RankingVersion.objects.filter(ranking__call__in=calls, ranking__call__slug=slug, ranking__area_code=area)
    version = rows.select_related("ranking__call__version", "file__pdf").order_by("-number").first()
    if version is None:
        raise Http404
    return version


@require_safe
def ranking(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _version(slug, area)
    table = TableView(row.document)
    number = request.GET.get("domanda", "")
    context: dict[str, Any] = {
        "version": row,
        "call": row.ranking.call,
        "area": row.ranking.call.notice.area(area),
        "pdf": _pdf(row),
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
    row = _version(slug, area)
    return _file(request, row.content.encode(), "application/json", etag=row.sha256)


@require_safe
def ranking_csv(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _version(slug, area)
    response = _file(request, _csv(row), "text/csv; charset=utf-8; header=present", etag=f"{row.sha256}-csv")
    response["Content-Disposition"] = f'attachment; filename="graduatoria-{slug}-{area}.csv"'
    return response


@require_safe
def ranking_pdf(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    row = _version(slug, area)
    pdf = _pdf(row)
    if pdf is None:
        raise Http404
    return serve(pdf)


def _pdf(row: RankingVersion) -> Document | None:
    try:
        return row.file.pdf
    except RankingFile.DoesNotExist:
        return None


def _csv(row: RankingVersion) -> bytes:
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
