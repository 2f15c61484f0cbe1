"""What changed in a call after its publication, for everybody: each amendment with its act, before and after in words."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from bando.amendments import deadlines, shown
from bando.models import Amendment, Call, CallPdf, CallVersion
from documents.models import Document
from documents.responses import serve


def amendment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    row = _amendment(request, slug, number)
    before, after = row.before, row.after
    versions = [before, after] if before != after else [after]
    made = CallPdf.objects.filter(version__in=versions).select_related("document")
    papers = {paper.version_id: paper.document for paper in made}
    context = {
        "call": row.call,
        "amendment": row,
        "changes": shown(before.notice, after.notice),
        "versions": [{"version": version, "files": _files(version, papers.get(version.pk))} for version in versions],
        "deadlines": deadlines(row),
    }
    return render(request, "bando/amendment.html", context)


def amendment_file(request: HttpRequest, slug: str, number: int) -> FileResponse:
    """The act that orders the amendment, as the office has it."""
    row = _amendment(request, slug, number)
    if row.act_file is None:
        raise Http404
    return serve(row.act_file)


def _files(version: CallVersion, paper: Document | None) -> list[dict[str, Any]]:
    sizes = {"yaml": len(version.text.encode()), "json": len(version.canonical.encode())}
    if paper:
        sizes["pdf"] = paper.size
    return [
        {
            "url": f"{reverse('call_document', args=[version.slug, ext])}?versione={version.number}",
            "type": ext.upper(),
            "size": size,
        }
        for ext, size in sizes.items()
    ]


def _amendment(request: HttpRequest, slug: str, number: int) -> Amendment:
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    return get_object_or_404(call.amendments.select_related("call__version", "before", "after", "act_file"), number=number)
