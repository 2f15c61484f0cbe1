"""The office: who evaluates."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from evaluation.actions import appoint_commission
from evaluation.forms import AppointForm
from evaluation.progress import commission_of
from evaluation.rules.commission import warnings_on
from evaluation.transitions import APPOINT
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
        if warnings and not form.cleaned_data["confirmed"]:
            form.add_error("confirmed", _("Leggi le avvertenze e conferma, oppure cambia le persone."))
        else:
            try:
                appoint_commission(
                    call,
                    members=form.seats,
                    act_number=form.cleaned_data["act_number"],
                    act_date=form.cleaned_data["act_date"],
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
        "members": made.members.select_related("user") if made else (),
        "reasons": [] if made else against,
        "form": form if made is None else None,
        "warnings": warnings,
        "appointment": call.steps.filter(act="appoint").first() if made else None,
    }
    return render(request, "evaluation/desk_commission.html", context, status=status)
