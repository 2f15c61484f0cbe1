"""The co-design tables, for the bodies that sit at them, and what their pages share with those of the office and of everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from documents.models import Document
from documents.responses import serve
from documents.uploads import Unacceptable
from network import actions
from network.models import Table, TableMinutes, TablePartner, TableSession
from network.states import TableSessionState
from network.table_forms import (
    SignForm,
)
from network.table_minutes import Party, Signing, Standing, attendance, points, signings, told
from network.transitions.tables import (
    CANCEL_TABLE_SESSION,
    SIGN_TABLE_MINUTES,
)
from workflow.perform import reasons_against
from workflow.transition import Refused, Transition


@login_required
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """The tables at which one's bodies sit; for the office all of them."""
    rows = Table.objects.visible_to(request.user).select_related("call__version").order_by("-opened_at", "pk")
    shown = [(row, row.call.notice.area(row.area_code)) for row in rows]
    return render(request, "network/tables/tables.html", {"tables": shown})


@login_required
@require_safe
def table(request: HttpRequest, pk: Any) -> HttpResponse:
    """A table for who sits at it: the partners, the sessions, the projects, how it ended."""
    row = _table(request, pk)
    context = {
        "call": row.call,
        "area": row.call.notice.area(row.area_code),
        "table": row,
        "seated": [seat for seat in seats_of(row) if seat.left_at is None],
        "sessions": list(row.sessions.select_related("minutes").order_by("-number")),
        "projects": projects_of(row),
    }
    return render(request, "network/tables/table.html", context)


@login_required
@require_safe
def table_session(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A session for who sits at the table: when it is, and once its minutes are approved what they say and who signed them."""
    session = _partner_session(request, pk, number)
    facts = about(session)
    minutes = facts["minutes"]
    is_approved = minutes is not None and minutes.approved_at is not None
    context = {**facts, "is_approved": is_approved, "reason": ""}
    if is_approved:
        own = _own_parties(request, session)
        context |= {"told": told(session), **how_many_signed(signings(minutes)), "own": [party.partner for party in own]}
    if session.state == TableSessionState.CANCELLED:
        context["reason"] = session.steps.get(act=CANCEL_TABLE_SESSION.name).reason
    return render(request, "network/tables/session.html", context)


def _own_parties(request: HttpRequest, session: TableSession) -> list[Party]:
    """The bodies of who asks that were at the session."""
    mine = set(session.table.partners.seated().of(request.user).values_list("pk", flat=True))
    parties, _absent = attendance(session)
    return [party for party in parties if party.partner in mine]


@login_required
@require_GET
def table_minutes_pdf(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    return paper(minutes_of(_partner_session(request, pk, number)).document)


@login_required
def table_minutes_sign(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A body that was there brings the minutes that it signed."""
    session = _partner_session(request, pk, number)
    minutes_of(session)
    own = _own_parties(request, session)
    if not own:
        raise Http404
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = SignForm(*bound, parties=own), 200
    if request.method == "POST" and form.is_valid():
        partner = get_object_or_404(TablePartner.objects.select_related("organisation"), pk=form.partner())
        try:
            if done := bring(session, form, partner, by=request.user, at=request.arrived_at):
                messages.success(request, done)
                return redirect("table_session", pk, number)
        except Refused as refusal:
            status = refused(form, refusal)
    waits = reasons_against(SIGN_TABLE_MINUTES, session, by=request.user, at=request.arrived_at)
    context = {**about(session), "form": form, "waits": waits, "own": own}
    return render(request, "network/tables/sign.html", context, status=status)


def _table(request: HttpRequest, pk: Any) -> Table:
    return get_object_or_404(Table.objects.visible_to(request.user).select_related("call__version"), pk=pk)


def _partner_session(request: HttpRequest, pk: Any, number: int) -> TableSession:
    rows = TableSession.objects.visible_to(request.user).select_related("table__call__version", "minutes__document")
    return get_object_or_404(rows, table=pk, number=number)


def may(row: Transition, subject: Any, request: HttpRequest) -> bool:
    return not reasons_against(row, subject, by=request.user, at=request.arrived_at)


def refused(form: Any, refusal: Refused) -> int:
    form.add_error(None, refusal.reasons)
    return 409


def seats_of(table: Table) -> list[TablePartner]:
    """Every seat of a table, also of who left. One query."""
    return list(table.partners.select_related("organisation", "application"))


def projects_of(table: Table) -> list[Any]:
    """The projects of a table with their versions, for ``network/projects/_list.html``. Two queries."""
    return list(table.projects.prefetch_related("versions"))


def about(session: TableSession) -> dict[str, Any]:
    call = session.table.call
    return {
        "call": call,
        "area": call.notice.area(session.table.area_code),
        "table": session.table,
        "session": session,
        "agenda": points(session.agenda),
        "minutes": getattr(session, "minutes", None),
    }


def minutes_of(session: TableSession) -> TableMinutes:
    minutes = getattr(session, "minutes", None)
    if minutes is None:
        raise Http404
    return minutes


def bring(session: TableSession, form: SignForm, partner: TablePartner | None, **act: Any) -> str:
    """Keep a signed file; a file of another kind is an error of its field."""
    try:
        actions.sign_table_minutes(session, form.cleaned_data["file"], partner=partner, **act)
    except Unacceptable as problem:
        form.add_error("file", str(problem))
        return ""
    return _("Il file è caricato. Tra un minuto leggi qui chi lo ha firmato e se è il verbale approvato.")


def how_many_signed(signed: list[Signing]) -> dict[str, Any]:
    return {"signed": signed, "signed_count": sum(sign.standing is Standing.SIGNED for sign in signed)}


def paper(document: Document | None) -> HttpResponse:
    if document is None:
        raise Http404
    return serve(document)
