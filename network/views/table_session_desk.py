"""A session of a co-design table, for the office: who is there, what is decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.left_over import left_over
from bando.typed import whole_number
from evaluation.views.office import area_of, call_of
from network import actions
from network.models import Presence, TableSession
from network.states import TableSessionState
from network.table_forms import (
    CancelForm,
    DecisionForm,
    PresencesForm,
)
from network.table_minutes import Party, attendance
from network.transitions.tables import (
    ATTEND_TABLE_SESSION,
    CANCEL_TABLE_SESSION,
    CLOSE_TABLE_SESSION,
    DECIDE,
    OPEN_TABLE_SESSION,
)
from network.views.tables import about, may, seats_of
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def desk_table_session(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    """A session: who is there, what is decided."""
    session = session_of(request, slug, area, number)
    counting = _counting(request, session)
    decisions = list(session.decisions.all())
    rewritten = _rewritten(request, decisions)
    deciding = DecisionForm(request.POST if "decide" in request.POST else None, initial=rewritten)
    cancelling = CancelForm(request.POST if "cancel" in request.POST else None)
    refused, status = [], 200
    if request.method == "POST":
        try:
            if done := _act(request, session, counting, deciding, cancelling):
                messages.success(request, done)
                closed = "close" in request.POST
                return redirect("desk_table_minutes" if closed else "desk_table_session", slug, area, number)
        except Refused as refusal:
            refused, status = refusal.reasons, 409
            session = session_of(request, slug, area, number)
    parties, absent = attendance(session)
    may_open, may_decide = may(OPEN_TABLE_SESSION, session, request), may(DECIDE, session, request)
    context = {
        **about(session),
        "parties": parties,
        "absent": absent,
        "decisions": decisions,
        "counting": counting if may_open or may(ATTEND_TABLE_SESSION, session, request) else None,
        "waits": reasons_against(OPEN_TABLE_SESSION, session, by=request.user, at=request.arrived_at)
        if session.state == TableSessionState.PLANNED
        else [],
        "deciding": deciding if may_decide else None,
        "rewritten": rewritten.get("number"),
        "unsaved": left_over([(deciding, may_decide)]),
        "can_close": may(CLOSE_TABLE_SESSION, session, request),
        "cancelling": cancelling if may(CANCEL_TABLE_SESSION, session, request) else None,
        "refused": refused,
        "pressed": next((form for form in (counting, deciding, cancelling) if form.errors), None),
        "has_errors": bool(refused or counting.errors or deciding.errors or cancelling.errors),
        "steps": session.steps.select_related("by"),
    }
    return render(request, "network/tables/desk_session.html", context, status=status)


def session_of(request: HttpRequest, slug: str, area: str, number: int) -> TableSession:
    call = call_of(request, slug)
    area_of(call, area)
    rows = TableSession.objects.visible_to(request.user).select_related("table", "minutes__document")
    session = get_object_or_404(rows, table__call=call, table__area_code=area, number=number)
    session.table.call = call
    return session


def _rewritten(request: HttpRequest, decisions: Iterable[Any]) -> dict[str, Any]:
    """The decision that the page was asked to write anew (``?decisione=2``)."""
    asked = request.GET.get("decisione", "")
    found = next((row for row in decisions if str(row.number) == asked), None)
    return {"number": found.number, "text": found.text, "against": found.against} if found else {}


def _counting(request: HttpRequest, session: TableSession) -> PresencesForm:
    """The form of who is there: the administration, then each body that sits. Who was at a session of this table before is offered
    again. Two queries."""
    seats = [seat for seat in seats_of(session.table) if seat.left_at is None]
    name = session.table.call.notice.administration.name
    parties = [Party(name, None), *(Party(seat.organisation.name, seat.pk) for seat in seats)]
    known: dict[int | None, dict[tuple[str, str], None]] = {}
    present: dict[int | None, list[tuple[str, str]]] = {}
    for row in Presence.objects.filter(session__table=session.table_id).order_by("name", "pk"):
        known.setdefault(row.partner_id, {})[row.name, row.role] = None
        if row.session_id == session.pk:
            present.setdefault(row.partner_id, []).append((row.name, row.role))
    data = request.POST if {"open", "attend"} & request.POST.keys() else None
    offered = {party: list(people) for party, people in known.items()}
    return PresencesForm(data, parties=parties, known=offered, present=present)


def _act(
    request: HttpRequest, session: TableSession, counting: PresencesForm, deciding: DecisionForm, cancelling: CancelForm
) -> str:
    """Do what the pressed button asks; answers what is told of it, "" when something typed is wrong."""
    act = {"by": request.user, "at": request.arrived_at}
    if "close" in request.POST:
        actions.close_table_session(session, **act)
        return _("L'incontro è chiuso. Ecco la bozza del verbale: completala e approvala.")
    if "open" in request.POST and counting.is_valid():
        actions.open_table_session(session, counting.present(), **act)
        return _("L'incontro è aperto.")
    if "attend" in request.POST and counting.is_valid():
        actions.change_table_attendance(session, counting.present(), **act)
        return _("Le presenze sono aggiornate.")
    if "decide" in request.POST and deciding.is_valid():
        actions.decide(session, **deciding.cleaned_data, **act)
        return _("La decisione è scritta.")
    if "drop" in request.POST:
        actions.drop_decision(session, whole_number(request.POST["drop"]) or 0, **act)
        return _("La decisione è tolta.")
    if "cancel" in request.POST and cancelling.is_valid():
        actions.cancel_table_session(session, reason=cancelling.cleaned_data["reason"], **act)
        return _("L'incontro è annullato: scriviamo agli enti del tavolo.")
    return ""
