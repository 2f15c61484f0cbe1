"""The office: the Spazi, from the plan to the door."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from network import actions
from network.fields import ReasonForm
from network.models import Space
from network.space_forms import OpenSpaceForm, SpaceForm
from network.states import SpaceState
from network.transitions import CLOSE_SPACE, OPEN_SPACE
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def spaces(request: HttpRequest) -> HttpResponse:
    """Every Spazio, whatever its state."""
    rows = Space.objects.select_related("partnership__organisation")
    return render(request, "network/desk_spaces.html", {"spaces": rows})


@officials_only
def space(request: HttpRequest, pk: Any) -> HttpResponse:
    """One Spazio: what citizens read, and its opening."""
    row = get_object_or_404(Space.objects.select_related("partnership__agreement__application"), pk=pk)
    form, opening, closing, status = SpaceForm(instance=row), OpenSpaceForm(), ReasonForm(), 200
    if request.method == "POST":
        try:
            if "open" in request.POST:
                opening = OpenSpaceForm(request.POST)
                if opening.is_valid():
                    actions.open_space(row, on=opening.cleaned_data["on"], by=request.user, at=request.arrived_at)
                    messages.success(request, _("Lo Spazio è aperto: i cittadini lo trovano nell'elenco."))
                    return redirect("desk_space", pk=pk)
            elif "close" in request.POST:
                closing = ReasonForm(request.POST)
                if closing.is_valid():
                    reason = closing.cleaned_data["reason"]
                    actions.close_space(row, reason=reason, by=request.user, at=request.arrived_at)
                    messages.success(request, _("Lo Spazio è chiuso: non compare più nell'elenco."))
                    return redirect("desk_space", pk=pk)
            else:
                form = SpaceForm(request.POST, instance=row)
                if form.is_valid():
                    actions.describe_space(row, by=request.user, at=request.arrived_at, **form.details)
                    messages.success(request, _("I dati dello Spazio sono salvati."))
                    return redirect("desk_space", pk=pk)
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            status = 409
    context = {
        "space": row,
        "form": form,
        "opening": opening,
        "closing": closing,
        "reasons": reasons_against(OPEN_SPACE, row, by=request.user, at=request.arrived_at),
        "can_close": not reasons_against(CLOSE_SPACE, row, by=request.user, at=request.arrived_at),
        "is_open": row.state == SpaceState.OPEN,
        "steps": row.steps.select_related("by"),
        "has_errors": form.errors or opening.errors or closing.errors,
    }
    return render(request, "network/desk_space.html", context, status=status)
