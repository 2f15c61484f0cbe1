"""The co-design tables: for the office, for the partners, and what everybody reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from accounts.access import officials_only
from applications.merging import fingerprint
from applications.states import FALLEN_OUT
from bando.models import Call
from bando.views.ended import hold_the_term, while_public
from documents.models import Document
from documents.responses import serve
from documents.uploads import Unacceptable
from evaluation.views.office import area_of, call_of
from network import actions
from network.actions.tables import TEXT, personal_data_in
from network.models import Presence, SignedMinutes, Table, TableMinutes, TablePartner, TableSession
from network.rules.tables import candidates, is_unanimous, last_held
from network.states import TableSessionState, TableState
from network.table_forms import (
    CancelForm,
    ConcludeForm,
    DecisionForm,
    JoinForm,
    LeaveForm,
    MinutesForm,
    PlanForm,
    PresencesForm,
    PublishForm,
    ReopenForm,
    SeatsForm,
    SignForm,
)
from network.table_minutes import Party, Said, Signing, Standing, attendance, points, signings, told, told_to_all
from network.transitions.tables import (
    APPROVE_TABLE_MINUTES,
    ATTEND_TABLE_SESSION,
    CANCEL_TABLE_SESSION,
    CHANGE_PARTNERS,
    CLOSE_TABLE_SESSION,
    CONCLUDE_TABLE,
    DECIDE,
    OPEN_TABLE,
    OPEN_TABLE_SESSION,
    PUBLISH_TABLE_MINUTES,
    REOPEN_TABLE,
    SIGN_TABLE_MINUTES,
    WRITE_TABLE_MINUTES,
)
from workflow.perform import reasons_against
from workflow.transition import Refused, Transition

KINDS = {
    "email": gettext_lazy("un indirizzo e-mail"),
    "iban": gettext_lazy("un IBAN"),
    "tax_code": gettext_lazy("un codice fiscale"),
    "phone": gettext_lazy("un numero di telefono"),
}


def _may(row: Transition, subject: Any, request: HttpRequest) -> bool:
    return not reasons_against(row, subject, by=request.user, at=request.arrived_at)


def _refused(form: Any, refusal: Refused) -> int:
    form.add_error(None, refusal.reasons)
    return 409


def _seats(table: Table) -> list[TablePartner]:
    """Every seat of a table, also of who left. One query."""
    return list(table.partners.select_related("organisation", "application"))


# The table, for the office


@officials_only
def desk_table(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Who sits at the table of an area, its sessions, how it ended; before it is open, who could sit."""
    call = call_of(request, slug)
    where = area_of(call, area)
    table = Table.objects.filter(call=call, area_code=area).first()
    if table is None:
        return _opening(request, call, where)
    table.call = call
    seats = _seats(table)
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
            status = _refused(forms[pressed], refusal)
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
        "projects": _projects(table),
        "plan": forms["plan"] if is_open else None,
        "join": forms["join"] if others and is_open else None,
        "leave": forms["leave"] if seated and _may(CHANGE_PARTNERS, table, request) else None,
        "conclude": forms["conclude"] if is_open else None,
        "waits": reasons_against(CONCLUDE_TABLE, table, by=request.user, at=request.arrived_at) if is_open else [],
        "reopen": forms["reopen"] if _may(REOPEN_TABLE, table, request) else None,
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
            status = _refused(form, refusal)
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


def _projects(table: Table) -> list[Any]:
    """The projects of a table with their versions, for ``network/projects/_list.html``. Two queries."""
    return list(table.projects.prefetch_related("versions"))


def _outcome(table: Table) -> dict[str, Any]:
    """Whether the last session that was held agreed on everything, or on what it did not. Two queries."""
    last = last_held(table)
    dissents = [row for row in last.decisions.all() if row.against] if last else []
    return {"last": last, "unanimous": last is not None and is_unanimous(last), "dissents": dissents}


# A session, for the office


def _session(request: HttpRequest, slug: str, area: str, number: int) -> TableSession:
    call = call_of(request, slug)
    area_of(call, area)
    rows = TableSession.objects.visible_to(request.user).select_related("table", "minutes__document")
    session = get_object_or_404(rows, table__call=call, table__area_code=area, number=number)
    session.table.call = call
    return session


@officials_only
def desk_table_session(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    """A session: who is there, what is decided."""
    session = _session(request, slug, area, number)
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
            session = _session(request, slug, area, number)
    parties, absent = attendance(session)
    may_open = _may(OPEN_TABLE_SESSION, session, request)
    context = {
        **_about(session),
        "parties": parties,
        "absent": absent,
        "decisions": decisions,
        "counting": counting if may_open or _may(ATTEND_TABLE_SESSION, session, request) else None,
        "waits": reasons_against(OPEN_TABLE_SESSION, session, by=request.user, at=request.arrived_at)
        if session.state == TableSessionState.PLANNED
        else [],
        "deciding": deciding if _may(DECIDE, session, request) else None,
        "can_close": _may(CLOSE_TABLE_SESSION, session, request),
        "cancelling": cancelling if _may(CANCEL_TABLE_SESSION, session, request) else None,
        "refused": refused,
        "pressed": next((form for form in (counting, deciding, cancelling) if form.errors), None),
        "has_errors": bool(refused or counting.errors or deciding.errors or cancelling.errors),
        "steps": session.steps.select_related("by"),
    }
    return render(request, "network/tables/desk_session.html", context, status=status)


def _rewritten(request: HttpRequest, decisions: Iterable[Any]) -> dict[str, Any]:
    """The decision that the page was asked to write anew (``?decisione=2``)."""
    asked = request.GET.get("decisione", "")
    found = next((row for row in decisions if str(row.number) == asked), None)
    return {"number": found.number, "text": found.text, "against": found.against} if found else {}


def _counting(request: HttpRequest, session: TableSession) -> PresencesForm:
    """The form of who is there: the administration, then each body that sits. Who was at a session of this table before is offered
    again. Two queries."""
    seats = [seat for seat in _seats(session.table) if seat.left_at is None]
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
    if "cancel" in request.POST and cancelling.is_valid():
        actions.cancel_table_session(session, reason=cancelling.cleaned_data["reason"], **act)
        return _("L'incontro è annullato: scriviamo agli enti del tavolo.")
    return ""


def _about(session: TableSession) -> dict[str, Any]:
    call = session.table.call
    return {
        "call": call,
        "area": call.notice.area(session.table.area_code),
        "table": session.table,
        "session": session,
        "agenda": points(session.agenda),
        "minutes": getattr(session, "minutes", None),
    }


# Its minutes, for the office


def _minutes(session: TableSession) -> TableMinutes:
    minutes = getattr(session, "minutes", None)
    if minutes is None:
        raise Http404
    return minutes


@officials_only
def desk_table_minutes(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    """The minutes: written, approved, signed by those who were there, published."""
    session = _session(request, slug, area, number)
    minutes = _minutes(session)
    signed = signings(minutes)
    writing = MinutesForm(
        request.POST if {"save", "approve"} & request.POST.keys() else None, text=minutes.text, version=minutes.version
    )
    signing = SignForm(
        *((request.POST, request.FILES) if "sign" in request.POST else ()), parties=[sign.party for sign in signed]
    )
    whole = told(session)
    publishing = PublishForm(
        request.POST if "publish" in request.POST else None,
        agenda=session.agenda,
        text=minutes.text,
        decisions=whole.decisions,
    )
    status, theirs = 200, None
    if request.method == "POST":
        try:
            if done := _work_on_minutes(request, session, writing, signing, publishing):
                messages.success(request, done)
                return redirect("desk_table_minutes", slug, area, number)
        except Refused as refusal:
            pressed = next(form for form in (writing, signing, publishing) if form.is_bound)
            status = _refused(pressed, refusal)
        except _Conflict as conflict:
            status, theirs = 409, conflict.theirs
            writing = conflict.form
    bound = next((form for form in (writing, signing, publishing) if form.is_bound), None)
    context = {
        **_about(session),
        "told": whole,
        "writing": writing if _may(WRITE_TABLE_MINUTES, session, request) else None,
        "theirs": theirs,
        "can_approve": _may(APPROVE_TABLE_MINUTES, session, request),
        **_signed(signed),
        "signing": signing if _may(SIGN_TABLE_MINUTES, session, request) else None,
        "publishing": publishing if _may(PUBLISH_TABLE_MINUTES, session, request) else None,
        "found": _found(publishing, session, whole.decisions),
        "pressed": bound,
        "has_errors": bool(bound and bound.errors),
    }
    return render(request, "network/tables/desk_minutes.html", context, status=status)


class _Conflict(Exception):
    """Somebody else changed the same text: ``theirs`` is what is stored, ``form`` holds what was typed."""

    def __init__(self, form: MinutesForm, theirs: str):
        super().__init__(theirs)
        self.form, self.theirs = form, theirs


def _work_on_minutes(
    request: HttpRequest, session: TableSession, writing: MinutesForm, signing: SignForm, publishing: PublishForm
) -> str:
    """Do what the pressed button asks; answers what is told of it, "" when something typed is wrong."""
    act = {"by": request.user, "at": request.arrived_at}
    if writing.is_bound and writing.is_valid():
        merged = actions.save_table_minutes(session, writing.typed(), [writing.cleaned_data["base"]], **act)
        if merged.conflicts:
            raise _conflict(request, session)
        if "approve" not in request.POST:
            return _("Il verbale è salvato.")
        actions.approve_table_minutes(session, seen=writing.cleaned_data["version"] + bool(merged.changes), **act)
        return _("Il verbale è approvato e non cambia più. Stiamo preparando il PDF da firmare.")
    if signing.is_bound and signing.is_valid():
        partner = session.table.partners.filter(pk=signing.partner()).select_related("organisation").first()
        return _bring(session, signing, partner, **act)
    if publishing.is_bound and publishing.is_valid():
        weighed = publishing.cleaned_data["weighed"]
        actions.publish_table_minutes(session, **publishing.public(), weighed=weighed, **act)
        return _("Il verbale è pubblicato.")
    return ""


def _conflict(request: HttpRequest, session: TableSession) -> _Conflict:
    stored = TableMinutes.objects.get(session=session)
    data = request.POST.copy()
    data["base"], data["version"] = fingerprint({TEXT: stored.text}), stored.version
    form = MinutesForm(data, text=stored.text, version=stored.version)
    form.add_error(None, _("Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva."))
    return _Conflict(form, stored.text)


def _bring(session: TableSession, form: SignForm, partner: TablePartner | None, **act: Any) -> str:
    """Keep a signed file; a file of another kind is an error of its field."""
    try:
        actions.sign_table_minutes(session, form.cleaned_data["file"], partner=partner, **act)
    except Unacceptable as problem:
        form.add_error("file", str(problem))
        return ""
    return _("Il file è caricato. Tra un minuto leggi qui chi lo ha firmato e se è il verbale approvato.")


def _signed(signed: list[Signing]) -> dict[str, Any]:
    return {"signed": signed, "signed_count": sum(sign.standing is Standing.SIGNED for sign in signed)}


def _found(form: PublishForm, session: TableSession, decisions: Iterable[Said]) -> list[Any]:
    """The kinds of personal data in what the form would let out; in what it offers, before anything is typed."""
    if form.is_bound and form.is_valid():
        typed = form.public()
        said = [{"text": text, "against": against} for text, against in typed["decisions"].values()]
        public = {**typed, "decisions": said}
    else:
        said = [{"text": row.text, "against": row.against} for row in decisions]
        public = {"agenda": session.agenda, "text": session.minutes.text, "decisions": said}
    return [KINDS[kind] for kind in personal_data_in(public)]


@officials_only
@require_GET
def desk_table_minutes_pdf(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    return _file(_minutes(_session(request, slug, area, number)).document)


@officials_only
@require_GET
def desk_table_minutes_signed(request: HttpRequest, slug: str, area: str, number: int, pk: int) -> HttpResponse:
    minutes = _minutes(_session(request, slug, area, number))
    kept = get_object_or_404(SignedMinutes.objects.select_related("document"), minutes=minutes, pk=pk)
    return serve(kept.document, own=kept.document.by_id == request.user.pk)


def _file(document: Document | None) -> HttpResponse:
    if document is None:
        raise Http404
    return serve(document)


# For the partners


def _table(request: HttpRequest, pk: Any) -> Table:
    return get_object_or_404(Table.objects.visible_to(request.user).select_related("call__version"), pk=pk)


def _partner_session(request: HttpRequest, pk: Any, number: int) -> TableSession:
    rows = TableSession.objects.visible_to(request.user).select_related("table__call__version", "minutes__document")
    return get_object_or_404(rows, table=pk, number=number)


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
        "seated": [seat for seat in _seats(row) if seat.left_at is None],
        "sessions": list(row.sessions.select_related("minutes").order_by("-number")),
        "projects": _projects(row),
    }
    return render(request, "network/tables/table.html", context)


@login_required
@require_safe
def table_session(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A session for who sits at the table: when it is, and once its minutes are approved what they say and who signed them."""
    session = _partner_session(request, pk, number)
    about = _about(session)
    minutes = about["minutes"]
    is_approved = minutes is not None and minutes.approved_at is not None
    context = {**about, "is_approved": is_approved, "reason": ""}
    if is_approved:
        own = _own_parties(request, session)
        context |= {"told": told(session), **_signed(signings(minutes)), "own": [party.partner for party in own]}
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
    return _file(_minutes(_partner_session(request, pk, number)).document)


@login_required
def table_minutes_sign(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A body that was there brings the minutes that it signed."""
    session = _partner_session(request, pk, number)
    _minutes(session)
    own = _own_parties(request, session)
    if not own:
        raise Http404
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form, status = SignForm(*bound, parties=own), 200
    if request.method == "POST" and form.is_valid():
        partner = get_object_or_404(TablePartner.objects.select_related("organisation"), pk=form.partner())
        try:
            if done := _bring(session, form, partner, by=request.user, at=request.arrived_at):
                messages.success(request, done)
                return redirect("table_session", pk, number)
        except Refused as refusal:
            status = _refused(form, refusal)
    waits = reasons_against(SIGN_TABLE_MINUTES, session, by=request.user, at=request.arrived_at)
    context = {**_about(session), "form": form, "waits": waits, "own": own}
    return render(request, "network/tables/sign.html", context, status=status)


# What everybody reads


def _public(request: HttpRequest, pk: Any) -> Table:
    """A table of a published call. Raises ``bando.views.ended.Ended`` once its term is over."""
    rows = Table.objects.exclude(call__published_at=None).select_related("call__version")
    row = get_object_or_404(rows, pk=pk)
    hold_the_term(request, row.concluded_at or row.opened_at, call=row.call, what=_("Tavolo di co-progettazione"))
    return row


@require_safe
@while_public
def public_table(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who sits at a table, when it met, the published minutes, how it ended."""
    row = _public(request, pk)
    held = row.sessions.filter(state=TableSessionState.CLOSED).select_related("minutes")
    context = {
        "call": row.call,
        "area": row.call.notice.area(row.area_code),
        "table": row,
        "seated": [seat for seat in _seats(row) if seat.left_at is None],
        "sessions": held,
    }
    return render(request, "network/tables/public_table.html", context)


@require_safe
@while_public
def public_table_minutes(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """The published minutes of a session."""
    row = _public(request, pk)
    rows = row.sessions.exclude(minutes__published_at=None).select_related("minutes")
    session = get_object_or_404(rows, number=number)
    session.table = row
    what = _("Verbale dell'incontro n. %(n)s") % {"n": number}
    hold_the_term(request, session.minutes.published_at, call=row.call, what=what)
    return render(request, "network/tables/public_minutes.html", {**_about(session), "told": told_to_all(session)})
