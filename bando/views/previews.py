"""A draft as who will read it: the pages of the call with the real templates, over a call that no database holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import officials_only
from bando import drafting
from bando.clarification_forms import AskForm, SearchForm
from bando.clarification_rules import against_asking_now, questions_close
from bando.models import Call, NoticeDraft
from bando.notice.document import Area
from bando.notice.parse import NoticeFaults, parse
from bando.notice_pdf import draft_pdf
from bando.views.drafts import draft_of, linked
from bando.views.public import asked, card

View = Callable[..., HttpResponse]
ADDRESS = re.compile(r' (href|action)="([^"?#]+)')


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
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, row: NoticeDraft, shown: Call) -> HttpResponse:
    """What a citizen reads. Its one button follows the call."""
    context = {**card(request, shown), "pdf": {"size": None}}
    if request.method == "POST":
        context["told"] = _("Con l'avviso pubblicato, chi preme questo tasto segue l'avviso. Qui non segui niente.")
    return show(request, row, shown, "bando/call.html", context)


@previews
@require_GET
def questions(request: HttpRequest, row: NoticeDraft, shown: Call, area: str) -> HttpResponse:
    return show(request, row, shown, "bando/questions.html", asked(shown, area_of(shown, area)))


@previews
@require_GET
def pdf(request: HttpRequest, row: NoticeDraft, shown: Call) -> HttpResponse:
    """The notice on paper. It is made while the official waits, some seconds at most, and kept nowhere."""
    headers = {"Content-Disposition": f'inline; filename="bozza-{shown.slug}.pdf"'}
    return HttpResponse(draft_pdf(shown), content_type="application/pdf", headers=headers)


@previews
@require_http_methods(["GET", "POST"])
def clarifications(request: HttpRequest, row: NoticeDraft, shown: Call) -> HttpResponse:
    """Questions and answers as long as one can ask: there is none yet."""
    at = min(while_open(shown, request.arrived_at), questions_close(shown))
    closed, told = against_asking_now(shown, at=at), ""
    form = None if closed else AskForm(request.POST or None, notice=shown.notice)
    if form is not None and form.is_bound and form.is_valid():
        form = AskForm(notice=shown.notice)
        told = _("Con l'avviso pubblicato, l'ufficio riceve questa domanda. Qui non la riceve nessuno.")
    context = {
        "call": shown,
        "notice": shown.notice,
        "search": SearchForm(),
        "count": 0,
        "shown": 0,
        "closed": closed,
        "closes": questions_close(shown),
        "form": form,
        "told": told,
    }
    return show(request, row, shown, "bando/clarifications.html", context, at=at)


def while_open(shown: Call, at: datetime) -> datetime:
    """``at`` itself, or the nearest moment at which applications are received: what they see who can still do something."""
    return min(max(at, shown.opens_at or at), shown.closes_at)


def show(
    request: HttpRequest,
    row: NoticeDraft,
    shown: Call,
    page: str,
    context: Mapping[str, Any],
    *,
    doors: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> HttpResponse:
    """The template ``page`` itself, below the ribbon, with its links turned to the other previews. ``doors`` are more of
    them, by the real address; ``at`` is the moment of the page, when it is not that of the request."""
    moment = {"now": at, "moment": at} if at is not None and at != request.arrived_at else {}
    whole = {**context, **moment, "preview": row, "page": page}
    html = render_to_string("bando/drafts/preview_page.html", whole, request)
    known = {**_doors(row, shown), **(doors or {})}
    return HttpResponse(ADDRESS.sub(lambda found: f' {found[1]}="{known.get(found[2], found[2])}', html))


def _doors(row: NoticeDraft, shown: Call) -> dict[str, str]:
    """Where the links of a call lead in its preview, by the address that they have once it is published."""

    def preview(name: str, *args: str) -> str:
        return reverse(f"desk_draft_preview_{name}", args=[row.pk, *args])

    doors = {
        reverse("call", args=[shown.slug]): preview("call"),
        reverse("call_follow", args=[shown.slug]): preview("call"),
        reverse("call_clarifications", args=[shown.slug]): preview("clarifications"),
        reverse("call_document", args=[shown.slug, "pdf"]): preview("pdf"),
        reverse("call_document", args=[shown.slug, "yaml"]): reverse("desk_draft_export", args=[row.pk]),
        reverse("sheets", args=[shown.slug]): preview("sheets"),
    }
    for area in shown.notice.areas:
        doors[reverse("call_questions", args=[shown.slug, area.code])] = preview("questions", area.code)
        doors[reverse("application_new", args=[shown.slug, area.code])] = preview("hub", area.code)
    return doors
