"""The office: who evaluates, and who takes whose seat."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.models import Call
from evaluation.actions import appoint_commission, replace_member
from evaluation.commission_forms import AppointForm, ReplaceForm
from evaluation.models import Commission, Member, MemberRole
from evaluation.progress import commission_of
from evaluation.rules.commission import warnings_on
from evaluation.transitions import APPOINT, REPLACE_MEMBER
from evaluation.views.office import call_of
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def commission(request: HttpRequest, slug: str) -> HttpResponse:
    """Who evaluates: the appointment, or the commission once it is there."""
    call = call_of(request, slug)
    rule, status, warnings = call.notice.commission, 200, []
    form = AppointForm(request.POST if request.method == "POST" else None, rule=rule)
    against = reasons_against(APPOINT, call, by=request.user, at=request.arrived_at)
    if request.method == "POST" and against:
        status = 409  # and no warning is looked for: before the deadline it would tell which bodies have applied
    elif request.method == "POST" and form.is_valid():
        warnings = warnings_on(call, form.seats)
        decisions = form.decide(warnings)
        if not form.errors:
            try:
                appoint_commission(
                    call,
                    members=form.seats,
                    act_number=form.cleaned_data["act_number"],
                    act_date=form.cleaned_data["act_date"],
                    decisions=decisions,
                    by=request.user,
                    at=request.arrived_at,
                )
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                messages.success(request, _("La commissione è nominata. Ogni componente la trova in «Valutazioni»."))
                return redirect("desk_commission", slug=slug)
    made = commission_of(call)
    context = {
        "call": call,
        "rule": rule,
        "commission": made,
        "reasons": [] if made else against,
        "form": form if made is None else None,
        "warnings": warnings,
        **(_composition(call, made) if made else {}),
    }
    return render(request, "evaluation/desk_commission.html", context, status=status)


def _composition(call: Call, made: Commission) -> dict[str, Any]:
    """Who sits, who waits, who has left and why; and every decision on a warning, with its act."""
    members = list(made.members.select_related("user", "replaces__user").order_by("order"))
    steps = list(call.steps.filter(act__in=[APPOINT.name, REPLACE_MEMBER.name]).select_related("by").order_by("pk"))
    return {
        "members": [m for m in members if m.left_at is None and m.role != MemberRole.SUBSTITUTE],
        "substitutes": [m for m in members if m.left_at is None and m.role == MemberRole.SUBSTITUTE],
        "replacements": [step for step in steps if step.act == REPLACE_MEMBER.name],
        "decisions": [(step, weighed) for step in steps for weighed in step.facts["warnings"]],
    }


@officials_only
def replace(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A member leaves, and somebody else takes the seat by an act with its reason."""
    call = call_of(request, slug)
    seated = Member.objects.seated().filter(commission__call=call).select_related("user", "commission__call__version")
    leaving = get_object_or_404(seated, pk=pk)
    waiting = (
        leaving.commission.members.filter(role=MemberRole.SUBSTITUTE, left_at=None).select_related("user").order_by("order")
    )
    form, status, warnings = ReplaceForm(request.POST or None, substitutes=list(waiting)), 200, []
    against = reasons_against(REPLACE_MEMBER, call, by=request.user, at=request.arrived_at, data={"leaving": leaving})
    if request.method == "POST" and against:
        status = 409
    elif request.method == "POST" and form.is_valid():
        warnings = warnings_on(call, [(form.joining, leaving.role)])
        decisions = form.decide(warnings)
        if not form.errors:
            try:
                replace_member(
                    leaving,
                    form.joining,
                    reason=form.cleaned_data["reason"],
                    act_number=form.cleaned_data["act_number"],
                    act_date=form.cleaned_data["act_date"],
                    decisions=decisions,
                    by=request.user,
                    at=request.arrived_at,
                )
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                words = _(
                    "%(joining)s prende il posto di %(leaving)s. Deve fare le dichiarazioni e dare i punteggi dall'inizio."
                )
                if not leaving.role_marks:
                    words = _("%(joining)s prende il posto di %(leaving)s.")
                messages.success(request, words % {"joining": form.joining, "leaving": leaving.user})
                return redirect("desk_commission", slug=slug)
    context = {"call": call, "leaving": leaving, "form": form, "warnings": warnings, "reasons": against}
    return render(request, "evaluation/desk_member_replace.html", context, status=status)
