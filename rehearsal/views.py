"""The office rehearses a call before it is public: ask for it, look how far it is, read what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.drafting import text_of
from bando.models import Call, NoticeDraft
from bando.notice_yaml import DocumentFaults
from rehearsal import actions
from rehearsal.forms import RequestForm
from rehearsal.models import SILENCE, Rehearsal
from rehearsal.presentation import Reading
from rehearsal.states import RehearsalState
from rehearsal.wording import phase_words, seconds_words, verdict
from workflow.transition import Refused

REFRESH = 3
"""Seconds after which the page of a rehearsal that runs asks again by itself."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is about to be rehearsed: the rules of a call, or a document that is being written."""

    title: str
    slug: str
    text: str


@officials_only
def rehearsals(request: HttpRequest) -> HttpResponse:
    """What was rehearsed so far, and the button for the call or the draft that the address names."""
    source = _source(request)
    form, faults, reasons, status = RequestForm(), [], [], 200
    if request.method == "POST":
        if source is None:
            raise Http404
        form = RequestForm(request.POST)
        if form.is_valid():
            try:
                row = actions.request(
                    text=source.text,
                    slug=source.slug,
                    by=request.user,
                    at=request.arrived_at,
                    bodies=form.cleaned_data["bodies"],
                )
                return redirect("desk_rehearsal", pk=row.pk)
            except DocumentFaults as found:
                faults, status = [str(fault) for fault in found.faults], 409
            except Refused as refused:
                reasons, status = refused.reasons, 409
    rows = Rehearsal.objects.visible_to(request.user).defer("text").select_related("requested_by")
    if source is not None and source.slug:
        rows = rows.filter(slug=source.slug)
    context = {
        "source": source,
        "form": form if source else None,
        "faults": faults,
        "reasons": reasons,
        "has_errors": bool(faults or reasons),
        "rows": [_listed(row, request.arrived_at) for row in rows[:50]],
    }
    return render(request, "rehearsal/rehearsals.html", context, status=status)


@officials_only
def rehearsal(request: HttpRequest, pk: Any) -> HttpResponse:
    """One rehearsal: how far it is while it runs, then its report."""
    row = get_object_or_404(Rehearsal.objects.visible_to(request.user).select_related("requested_by"), pk=pk)
    if request.method == "POST":
        return _act(request, row)
    runs = not row.is_over and not _is_lost(row, request.arrived_at)
    still = "fermo" in request.GET
    context = {
        "rehearsal": row,
        "runs": runs,
        "still": still,
        "progress": _progress(row),
        "reading": Reading(row.found) if row.found else None,
        "call": Call.objects.visible_to(request.user).filter(slug=row.slug).first(),
    }
    response = render(request, "rehearsal/rehearsal.html", context)
    if runs and not still:
        response["Refresh"] = str(REFRESH)  # a header and no script: it stops by itself with the rehearsal
    return response


def _act(request: HttpRequest, row: Rehearsal) -> HttpResponse:
    try:
        if "cancel" in request.POST:
            actions.cancel(row, by=request.user, at=request.arrived_at)
            messages.success(request, _("La prova è annullata."))
        elif "again" in request.POST:
            again = actions.request(
                text=row.text, slug=row.slug, by=request.user, at=request.arrived_at, bodies=row.bodies, seed=row.seed
            )
            return redirect("desk_rehearsal", pk=again.pk)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    except DocumentFaults:
        messages.error(request, _("Le regole dei documenti sono cambiate: chiedi una prova nuova dalla pagina dell'avviso."))
    return redirect("desk_rehearsal", pk=row.pk)


def _source(request: HttpRequest) -> Source | None:
    """``?call=`` names a call by its slug, ``?draft=`` a document that is being written by its number."""
    if slug := request.GET.get("call", ""):
        call = get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug.replace("\x00", ""))
        return Source(call.title, call.slug, call.version.text)
    if pk := request.GET.get("draft", ""):
        try:
            draft = get_object_or_404(NoticeDraft.objects.visible_to(request.user).select_related("call"), pk=UUID(pk))
        except ValueError:
            raise Http404 from None
        return Source(draft.title, draft.call.slug if draft.call else "", text_of(draft))
    return None


def _is_lost(row: Rehearsal, at: datetime) -> bool:
    """It says that it runs and has been silent for too long."""
    return row.state == RehearsalState.RUNNING and row.heard_at is not None and row.heard_at < at - SILENCE


def _listed(row: Rehearsal, at: datetime) -> dict[str, Any]:
    lost = _is_lost(row, at)
    found = row.found
    return {
        "rehearsal": row,
        "state": _("Interrotta") if lost else row.get_state_display(),
        "words": verdict(found) if found else "",
        "is_sound": found is not None and found.is_sound,
    }


def _progress(row: Rehearsal) -> dict[str, Any]:
    said = row.progress or {}
    percent = said.get("thousandths", 0) // 10
    left = said.get("seconds_left")
    return {
        "percent": percent,
        "phase": phase_words(said["phase"]) if said.get("phase") else "",
        "done": said.get("done", 0),
        "total": said.get("total", 0),
        "left": seconds_words(left * 1_000_000) if left else "",
    }
