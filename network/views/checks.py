"""The checks of declarations, for the body that declared: where each stands, and its answer to an irregularity."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.models import Document
from documents.responses import serve
from documents.uploads import store
from network import actions
from network.checks_forms import ReplyForm
from network.models import CheckReply, DeclarationCheck
from network.models.checks import UNDER_WAY
from network.states import DeclarationCheckState
from network.transitions.checks import FIND_IRREGULAR, REPLY_TO_CHECK
from workflow.perform import reasons_against
from workflow.transition import Refused

PER_PAGE = 50
NEAR = timedelta(days=3)
"""How long before its end a term is said to be near."""


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is verified of the bodies of a person, what waits for them first."""
    page = Paginator(in_order(_of_the_bodies(request)), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"check": row, "term": term_in_words(row, request.arrived_at)} for row in page]
    return render(request, "network/checks/checks.html", {"page": page, "rows": rows})


@login_required
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One declaration, for the body that made it: where the check stands, and its answer to an irregularity."""
    rows = _of_the_bodies(request).select_related("plan", "application__call__version", "application__organisation")
    row = get_object_or_404(rows, pk=pk)
    form, reasons, status = ReplyForm(request.POST or None, request.FILES or None), [], 200
    if request.method == "POST" and form.is_valid():
        asked = {"by": request.user, "at": request.arrived_at}
        try:
            if against := reasons_against(REPLY_TO_CHECK, row, **asked):
                raise Refused(against)
            actions.reply_to_check(row, text=form.cleaned_data["text"], document=kept(request, form.cleaned_data), **asked)
        except Refused as refusal:
            reasons, status = refusal.reasons, 409
        else:
            messages.success(request, _("La risposta è arrivata all'ufficio."))
            return redirect("check", pk=pk)
    is_asked = row.state == DeclarationCheckState.IRREGULAR
    told = row.steps.filter(act=FIND_IRREGULAR.name).last() if is_asked else None
    context = {
        "check": row,
        "application": row.application,
        "form": form if is_asked else None,
        "told": told,
        "reasons": reasons,
        "against": reasons_against(REPLY_TO_CHECK, row, by=request.user, at=request.arrived_at) if is_asked else [],
        "term": term_in_words(row, request.arrived_at),
        "replies": row.replies.select_related("document", "by"),
    }
    return render(request, "network/checks/check.html", context, status=status)


@login_required
@require_safe
def check_file(request: HttpRequest, pk: UUID, number: int) -> FileResponse:
    """The file of a reply, for the body that sent it."""
    document = reply_of(get_object_or_404(_of_the_bodies(request), pk=pk), number).document
    if document is None:
        raise Http404
    return serve(document, own=True)


def _of_the_bodies(request: HttpRequest) -> QuerySet[DeclarationCheck]:
    """Of the bodies that a person acts for; an official reads them at the desk."""
    rows = DeclarationCheck.objects.visible_to(request.user)
    return rows.filter(organisation__memberships__user=request.user).select_related("organisation")


# What the desk shows and keeps in the same way


def in_order(rows: QuerySet[DeclarationCheck]) -> QuerySet[DeclarationCheck]:
    """The terms that are past or near first, then what is to do, then what has its outcome."""
    rank = Case(When(state__in=UNDER_WAY, then=Value(0)), default=Value(1))
    order = [rank, F("due_at").asc(nulls_last=True), "application__number", "ordinal", "code", "pk"]
    return rows.select_related("application__call__version", "organisation").order_by(*order)


def term_in_words(check: DeclarationCheck, at: datetime) -> str:
    """``past``, ``near`` or ``far`` for the term that somebody has, empty without one."""
    if check.due_at is None or check.state not in UNDER_WAY:
        return ""
    if check.due_at < at:
        return "past"
    return "near" if check.due_at - at <= NEAR else "far"


def kept(request: HttpRequest, typed: dict[str, Any]) -> Document | None:
    upload = typed["file"]
    return store(upload, media_type=upload.media_type, by=request.user, at=request.arrived_at) if upload else None


def reply_of(check: DeclarationCheck, number: int) -> CheckReply:
    return get_object_or_404(check.replies.select_related("document"), number=number)
