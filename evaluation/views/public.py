"""The published ranking: a page for people, files for programs, in each of its versions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bando.csv_table import csv_of
from bando.deadlines import day_in_rome
from bando.models import Call
from bando.views.ended import hold_the_term, is_in_its_term, while_public
from documents.models import Document
from documents.responses import serve
from evaluation.models import RankingFile, RankingVersion
from evaluation.plots.reading import public_plots
from evaluation.presentation import TableView
from evaluation.published import LICENCE, csv_rows
from evaluation.spreadsheet import MEDIA_TYPE, ods
from workflow.transparency import public_until


def _versions(slug: str, area: str) -> Any:
    """The versions of a ranking, in a call that everybody may see; what is being prepared is not here for anybody."""
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    calls = Call.objects.exclude(published_at=None)
    rows = RankingVersion.objects.filter(ranking__call__in=calls, ranking__call__slug=slug, ranking__area_code=area)
    return rows.order_by("-number")


def version_of(request: HttpRequest, slug: str, area: str, number: int | None) -> RankingVersion:
    """Version ``number``, or the one that counts. Raises ``bando.views.ended.Ended`` once its term is over."""
    rows = _versions(slug, area).select_related("ranking__call__version", "file__pdf")
    version = (rows if number is None else rows.filter(number=number)).first()
    if version is None:
        raise Http404
    call = version.ranking.call
    what = _("Graduatoria: %(area)s") % {"area": call.notice.area(version.ranking.area_code).title}
    hold_the_term(request, version.published_at, call=call, what=what)
    return version


@require_safe
@while_public
def ranking(request: HttpRequest, slug: str, area: str, number: int | None = None) -> HttpResponse:
    row = version_of(request, slug, area, number)
    versions = list(_versions(slug, area).defer("content"))
    table = TableView(row.document)
    opened = request.GET.get("domanda", "")
    call = row.ranking.call
    here, replaced_by = call.notice.area(area), next((found for found in versions if found.number == row.number + 1), None)
    context: dict[str, Any] = {
        "version": row,
        "versions": versions,
        "next_version": replaced_by,
        "call": call,
        "area": here,
        "pdf": _pdf(row),
        "table": table,
        "opened": table.row(opened),
        "derivations": table.derivations(opened),
        "derivation_url": "?domanda=",
        "files": _files(row),
        "json_size": len(row.content.encode()),
        "csv_size": len(_csv(row)),
        "licence": LICENCE,
        "rules_version": row.ranking.call.version.number,
        "drawn": row.ranking.draws.exists(),
        "observations_run": row.observations_until is not None and request.arrived_at <= row.observations_until,
        "public_until": public_until(day_in_rome(row.published_at)),
        "columns": _columns(row),
        # They count the applications of today, and go with the version of today.
        "plots": [] if replaced_by else public_plots(call, here, table),
    }
    return render(request, "evaluation/ranking.html", context)


def _files(row: RankingVersion) -> dict[str, str]:
    """The address of each file of this very version."""
    where = [row.ranking.call.slug, row.ranking.area_code, row.number]
    return {kind: reverse(f"ranking_version_{kind}", args=where) for kind in ("json", "csv", "ods", "pdf")}


def _columns(row: RankingVersion) -> list[str]:
    return next(csv_rows(row.document))


@require_safe
@while_public
def ranking_json(request: HttpRequest, slug: str, area: str, number: int | None = None) -> HttpResponse:
    """Exactly the bytes whose SHA-256 the page shows."""
    row = version_of(request, slug, area, number)
    return _file(request, row, row.content.encode(), "application/json", etag=row.sha256)


@require_safe
@while_public
def ranking_csv(request: HttpRequest, slug: str, area: str, number: int | None = None) -> HttpResponse:
    row = version_of(request, slug, area, number)
    response = _file(request, row, _csv(row), "text/csv; charset=utf-8; header=present", etag=f"{row.sha256}-csv")
    response["Content-Disposition"] = f'attachment; filename="graduatoria-{slug}-{area}.csv"'
    return response


@require_safe
@while_public
def ranking_ods(request: HttpRequest, slug: str, area: str, number: int | None = None) -> HttpResponse:
    row = version_of(request, slug, area, number)
    etag = f"{row.sha256}-ods"
    content = b"" if _has(request, etag) else ods(row.document, at=row.published_at)
    response = _file(request, row, content, MEDIA_TYPE, etag=etag)
    response["Content-Disposition"] = f'attachment; filename="graduatoria-{slug}-{area}.ods"'
    return response


@require_safe
@while_public
def ranking_pdf(request: HttpRequest, slug: str, area: str, number: int | None = None) -> HttpResponse:
    row = version_of(request, slug, area, number)
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
    """UTF-8 without a mark."""
    return csv_of(csv_rows(row.document)).encode()


def _has(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return f'"{etag}"' in known or f'W/"{etag}"' in known


def _file(request: HttpRequest, row: RankingVersion, content: bytes, media_type: str, *, etag: str) -> HttpResponse:
    """A public file that a cache may keep and must ask about: it is the same for everybody, until its term is over."""
    response = HttpResponse(status=304) if _has(request, etag) else HttpResponse(content, media_type)
    response["ETag"] = f'"{etag}"'
    response["Cache-Control"] = "public, no-cache" if is_in_its_term(request, row.published_at) else "private, no-store"
    return response
