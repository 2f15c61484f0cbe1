"""A draft as who will read it: the pages of the call with the real templates, over a call that no database holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import officials_only
from bando import drafting
from bando.models import Call, NoticeDraft
from bando.notice.document import Area
from bando.notice.parse import NoticeFaults, parse
from bando.views.drafts import draft_of, linked
from bando.views.public import asked, card

View = Callable[..., HttpResponse]


def previews(view: View) -> View:
    """A page of the preview: the view gets the draft and its call. While the document does not hold together, the index of the
    preview says what to correct first."""

    @officials_only
    @wraps(view)
    def shown(request: HttpRequest, pk: Any, **kwargs: Any) -> HttpResponse:
        row = draft_of(request, pk)
        try:
            notice = parse(row.data)
        except NoticeFaults:
            return redirect("desk_draft_preview", pk=row.pk)
        return view(request, row, drafting.unsaved_call(row, notice, at=request.arrived_at), **kwargs)

    return shown


def area_of(call: Call, code: str) -> Area:
    try:
        return call.notice.area(code)
    except KeyError:
        raise Http404 from None


@officials_only
@require_GET
def preview(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every page to look at, by who reads it; or what to correct first."""
    row = draft_of(request, pk)
    try:
        notice, left = parse(row.data), []
    except NoticeFaults as refused:
        notice, left = None, linked(row, list(refused.faults))
    areas = [{"area": area, "sections": notice.sections_for(area.code)} for area in notice.areas] if notice else []
    return render(request, "bando/drafts/preview.html", {"draft": row, "areas": areas, "left": left})


@previews
@require_GET
def call(request: HttpRequest, row: NoticeDraft, shown: Call) -> HttpResponse:
    """What a citizen reads."""
    return render(request, "bando/drafts/preview_call.html", {**card(request, shown), "preview": row})


@previews
@require_GET
def questions(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    return render(request, "bando/drafts/preview_questions.html", {**asked(shown, area_of(shown, area)), "preview": row})
