"""What changed in a call after its publication, for everybody: each amendment with its act, before and after in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from bando.models import Amendment, AmendmentKind, Call, CallPdf, CallVersion
from bando.notice.difference import Change, difference, words
from bando.notice.document import Notice
from bando.states import CallState
from documents.models import Document
from documents.responses import serve

SHORT = 160
"""Characters before and after, together, that an eye compares without marks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change, and for a long text that was changed its words: ``pieces`` are (same, removed or added; text). They are
    empty for what is new, gone or moved, and for a value so short that one reads it before and after."""

    change: Change
    pieces: list[tuple[str, str]]


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


def shown(before: Notice, after: Notice) -> list[Shown]:
    """The readable difference of two documents; empty for the same one."""
    return [show(change) for change in difference(before, after)]


def show(change: Change) -> Shown:
    is_long = change.kind == "changed" and len(change.before) + len(change.after) > SHORT
    return Shown(change, words(change.before, change.after) if is_long else [])


def deadlines(row: Amendment) -> dict[str, Any] | None:
    """The deadline before and after, when the amendment moves it."""
    old, new = row.before.notice.calendar.deadline, row.after.notice.calendar.deadline
    return {"before": old, "after": new} if old != new else None


def listed(call: Call) -> list[dict[str, Any]]:
    """The amendments of a call, newest first, as ``bando/_amendments.html`` shows them. One query; none for a call
    that is as it was published."""
    if call.state != CallState.REVOKED and (call.published_at is None or call.version.made_at <= call.published_at):
        return []
    rows = call.amendments.select_related("act_file", "before", "after").order_by("-number")
    return [{"amendment": row, "deadlines": deadlines(row), "revokes": row.kind == AmendmentKind.REVOCATION} for row in rows]


def version_in_force(call: Call, number: str) -> CallVersion:
    """The version of ``call`` with this number (as it was asked), if its rules were ever in force; what was written before
    the publication is nobody's. Raises ``Http404``."""
    if not (number.isdecimal() and number.isascii() and len(number) < 6):
        raise Http404
    wanted = int(number)
    if wanted == call.version.number:
        return call.version
    rows = call.amendments.select_related("before", "after")
    for row in rows:
        for version in (row.before, row.after):
            if version.number == wanted:
                return version
    raise Http404


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
