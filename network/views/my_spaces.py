"""Who runs a Spazio, or accompanies the network: the Spazi, their tasks, and what citizens read of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bando.deadlines import day_in_rome
from network import actions
from network.addresses import coming
from network.board import board, tasks_of
from network.models import Space
from network.space_history import told
from network.states import SpaceState
from network.transitions import DESCRIBE_SPACE, TRAIN
from network.views.refusals import tell
from network.views.space_data import both_texts, data_forms, saved
from network.written_at_once import BothWrote
from workflow.perform import reasons_against
from workflow.transition import Refused


@login_required
def my_spaces(request: HttpRequest) -> HttpResponse:
    today = day_in_rome(request.arrived_at)
    return render(
        request, "network/spaces/my_spaces.html", {"spaces": Space.objects.worked_on_by(request.user).with_progress(today)}
    )


@login_required
def my_space(request: HttpRequest, pk: Any) -> HttpResponse:
    """The board of a Spazio and, for who runs it, what citizens read."""
    row = get_object_or_404(Space.objects.worked_on_by(request.user), pk=pk)
    act = {"by": request.user, "at": request.arrived_at}
    form, days = data_forms(request, row)
    status, theirs = 200, []
    if request.method == "POST":
        try:
            if "train" in request.POST:
                actions.say_trained(row, **act)
                messages.success(request, _("Il personale è formato: lo Spazio può aprire."))
                return redirect("my_space", pk=pk)
            if saved(request, row, form, days):
                return redirect("my_space", pk=pk)
        except BothWrote as refusal:
            status = tell(request, refusal)
            form, days, theirs = both_texts(request, row, form, days, refusal)
        except Refused as refusal:
            status = tell(request, refusal)
    row, today = Space.objects.prefetch_related("addresses").get(pk=pk), day_in_rome(request.arrived_at)
    context = {
        "space": row,
        "board": board(row.tasks.select_related("space", "person"), today=today, mine=tasks_of(request.user, [row])),
        "can_write": not reasons_against(DESCRIBE_SPACE, row, **act),
        "can_train": not reasons_against(TRAIN, row, **act),
        "is_public": row.state in (SpaceState.OPEN, SpaceState.SUSPENDED),
        "coming": coming(row.addresses.all(), today),
        "form": form,
        "days": days,
        "theirs": theirs,
        "steps": told(row.steps.select_related("by")),
        "wrong": days if days.errors else form,
        "has_errors": form.errors or days.errors,
    }
    return render(request, "network/spaces/my_space.html", context, status=status)
