"""A co-design table, for the office: who sits at it, its sessions, how it ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.states import FALLEN_OUT
from bando.models import Call
from evaluation.views.office import area_of, call_of
from network import actions
from network.models import Table
from network.rules.tables import candidates, is_unanimous, last_held
from network.states import TableState
from network.table_forms import (
    ConcludeForm,
    JoinForm,
    LeaveForm,
    PlanForm,
    ReopenForm,
    SeatsForm,
)
from network.transitions.tables import (
    CHANGE_PARTNERS,
    CONCLUDE_TABLE,
    OPEN_TABLE,
    REOPEN_TABLE,
)
from network.views.tables import may, projects_of, refused, seats_of
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def desk_table(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Who sits at the table of an area, its sessions, how it ended; before it is open, who could sit."""
    call = call_of(request, slug)
    where = area_of(call, area)
    table = Table.objects.filter(call=call, area_code=area).first()
    if table is None:
        return _opening(request, call, where)
    table.call = call
    seats = seats_of(table)
    seated = [seat for seat in seats if seat.left_at is None]
    at_table = {seat.application_id for seat in seated}
    others = [row for row in candidates(call, area) if row.pk not in at_table]
    forms = {
        "plan": PlanForm(request.POST if "plan" in request.POST else None),
        "join": JoinForm(request.POST if "join" in request.POST else None, candidates=others),
        "leave": LeaveForm(request.POST if "leave" in request.POST else None, partners=seated),
        "conclude": ConcludeForm(request.POST if "conclude" in request.POST else None),
        "reopen": ReopenForm(request.POST if "reopen" in request.POST else None),
    }
    status, pressed = 200, next((name for name in forms if name in request.POST), "")
    if pressed and forms[pressed].is_valid():
        try:
            messages.success(request, _change_table(request, table, pressed, forms[pressed]))
            return redirect("desk_table", slug=slug, area=area)
        except Refused as refusal:
            status = refused(forms[pressed], refusal)
            table = Table.objects.select_related("call__version").get(pk=table.pk)
    sessions = list(table.sessions.select_related("minutes").order_by("-number"))
    is_open = table.state == TableState.OPEN
    context = {
        "call": call,
        "area": where,
        "table": table,
        "seated": seated,
        "left": [seat for seat in seats if seat.left_at is not None],
        "gone": [seat for seat in seated if seat.application.state in FALLEN_OUT],
        "sessions": sessions,
        "projects": projects_of(table),
        "plan": forms["plan"] if is_open else None,
        "join": forms["join"] if others and is_open else None,
        "leave": forms["leave"] if seated and may(CHANGE_PARTNERS, table, request) else None,
        "conclude": forms["conclude"] if is_open else None,
        "waits": reasons_against(CONCLUDE_TABLE, table, by=request.user, at=request.arrived_at) if is_open else [],
        "reopen": forms["reopen"] if may(REOPEN_TABLE, table, request) else None,
        **_outcome(table),
        "pressed": forms.get(pressed),
        "has_errors": bool(pressed and forms[pressed].errors),
        "steps": table.steps.select_related("by"),
    }
    return render(request, "network/tables/desk_table.html", context, status=status)


def _opening(request: HttpRequest, call: Call, area: Any) -> HttpResponse:
    """The list that the call foresees, which the office confirms."""
    form = SeatsForm(request.POST or None, candidates=candidates(call, area.code))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_table(
                call,
                area.code,
                applications=form.applications(),
                left_out=form.left_out(),
                by=request.user,
                at=request.arrived_at,
            )
            messages.success(request, _("Il tavolo è aperto. Adesso convoca il primo incontro."))
            return redirect("desk_table", slug=call.slug, area=area.code)
        except Refused as refusal:
            status = refused(form, refusal)
    planned = Table(call=call, area_code=area.code)
    context = {
        "call": call,
        "area": area,
        "form": form,
        "mode": call.notice.agreement.table_mode,
        "waits": reasons_against(OPEN_TABLE, planned, by=request.user, at=request.arrived_at),
    }
    return render(request, "network/tables/desk_open.html", context, status=status)


def _change_table(request: HttpRequest, table: Table, pressed: str, form: Any) -> str:
    """Do what the pressed button asks; answers what is told of it."""
    typed, act = form.cleaned_data, {"by": request.user, "at": request.arrived_at}
    match pressed:
        case "plan":
            facts = {name: typed[name] for name in ("planned_at", "place", "agenda")}
            made = actions.plan_table_session(table, **facts, **act)
            return _("L'incontro n. %(n)s è convocato: scriviamo agli enti del tavolo.") % {"n": made.number}
        case "join":
            actions.join_table(table, form.chosen(), reason=typed["reason"], **act)
            return _("Adesso siede al tavolo.")
        case "leave":
            actions.leave_table(form.chosen(), reason=typed["reason"], **act)
            return _("Non siede più al tavolo.")
        case "conclude":
            actions.conclude_table(table, conclusion=typed["conclusion"], **act)
            return _("Il tavolo è concluso.")
    actions.reopen_table(table, reason=typed["reason"], **act)
    return _("Il tavolo è di nuovo aperto.")


def _outcome(table: Table) -> dict[str, Any]:
    """Whether the last session that was held agreed on everything, or on what it did not. Two queries."""
    last = last_held(table)
    dissents = [row for row in last.decisions.all() if row.against] if last else []
    return {"last": last, "unanimous": last is not None and is_unanimous(last), "dissents": dissents}
