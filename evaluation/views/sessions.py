"""The sessions of the commission and their minutes: for the office, for who sits, and what everybody reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_safe

from accounts.access import officials_only
from applications.merging import fingerprint
from bando.left_over import left_over
from bando.models import Call
from bando.views.ended import hold_the_term, while_public
from documents.models import Document
from documents.responses import serve
from documents.signatures import in_words, reading_of
from documents.uploads import Unacceptable
from evaluation.actions import (
    approve_minutes,
    cancel_session,
    change_attendance,
    close_session,
    open_session,
    plan_session,
    publish_minutes,
    save_minutes,
    sign_minutes,
)
from evaluation.actions.sessions import GENERAL, personal_data_in
from evaluation.commission_forms import AttendanceForm, CancelForm, MinutesForm, PlanForm, PublishMinutesForm, SignForm
from evaluation.minutes import Hidden, abstaining, areas_of, hidden_from, proposals_of, told, told_to_all
from evaluation.models import Commission, Minutes, Session
from evaluation.progress import commission_of
from evaluation.rules.common import against_a_stopped_call
from evaluation.states import SessionState
from evaluation.transitions import (
    APPROVE_MINUTES,
    ATTEND,
    CANCEL_SESSION,
    CLOSE_SESSION,
    OPEN_SESSION,
    PUBLISH_MINUTES,
    SIGN_MINUTES,
    WRITE_MINUTES,
)
from evaluation.views.office import call_of
from workflow.perform import reasons_against
from workflow.transition import Refused, Transition

KINDS = {
    "email": gettext_lazy("un indirizzo e-mail"),
    "iban": gettext_lazy("un IBAN"),
    "tax_code": gettext_lazy("un codice fiscale"),
    "phone": gettext_lazy("un numero di telefono"),
}


def _call(request: HttpRequest, slug: str, *, desk: bool) -> Call:
    """The call of a page of the office, or that of a commission in which one sits."""
    if desk:
        return call_of(request, slug)
    mine = Commission.objects.visible_to(request.user)
    return get_object_or_404(Call.objects.select_related("version", "commission").filter(commission__in=mine), slug=slug)


def _session(request: HttpRequest, slug: str, number: int, *, desk: bool) -> Session:
    _call(request, slug, desk=desk)
    rows = Session.objects.visible_to(request.user).select_related("commission__call__version", "minutes")
    return get_object_or_404(rows, commission__call__slug=slug, number=number)


def _minutes(session: Session) -> Minutes:
    minutes = getattr(session, "minutes", None)
    if minutes is None:
        raise Http404
    return minutes


def _url(name: str, slug: str, *number: int, desk: bool) -> str:
    return reverse(f"{'desk' if desk else 'commission'}_{name}", args=[slug, *number])


def _may(row: Transition, session: Session, request: HttpRequest) -> bool:
    return not reasons_against(row, session, by=request.user, at=request.arrived_at)


# The list


@officials_only
def desk_sessions(request: HttpRequest, slug: str) -> HttpResponse:
    return _sessions(request, slug, desk=True)


@login_required
def commission_sessions(request: HttpRequest, slug: str) -> HttpResponse:
    return _sessions(request, slug, desk=False)


def _sessions(request: HttpRequest, slug: str, *, desk: bool) -> HttpResponse:
    """Every session of a commission; who may call one does it here."""
    call = _call(request, slug, desk=desk)
    commission, status = commission_of(call), 200
    areas = call.notice.areas
    may_plan = commission is not None and (desk or _leads(request, commission))
    goes_on = against_a_stopped_call(call) is None
    form = PlanForm(request.POST or None, areas=areas) if may_plan and (goes_on or request.method == "POST") else None
    if request.method == "POST" and commission is None:
        raise Http404
    if request.method == "POST" and form is not None and form.is_valid():
        typed = form.cleaned_data
        try:
            made = plan_session(
                commission,
                kind=typed["kind"],
                area_code=typed["area"],
                planned_at=typed["planned_at"],
                place=typed["place"],
                agenda=typed["agenda"],
                by=request.user,
                at=request.arrived_at,
            )
        except Refused as refusal:
            status = _refused(form, refusal)
        else:
            messages.success(request, _("La seduta n. %(n)s è convocata.") % {"n": made.number})
            return redirect(_url("sessions", slug, desk=desk))
    rows = commission.sessions.select_related("minutes").order_by("-number") if commission else ()
    context = {
        "call": call,
        "desk": desk,
        "commission": commission,
        "form": form,
        "rows": [_row(row, areas, desk=desk, slug=slug) for row in rows],
    }
    return render(request, "evaluation/sessions.html", context, status=status)


def _leads(request: HttpRequest, commission: Commission) -> bool:
    return commission.members.leading().filter(user=request.user).exists()


def _row(session: Session, areas: Sequence[Any], *, desk: bool, slug: str) -> dict[str, Any]:
    has_minutes = session.state in (SessionState.CLOSED, SessionState.MINUTED)
    return {
        "session": session,
        "area": areas_of(session, areas),
        "url": _url("session", slug, session.number, desk=desk),
        "minutes_url": _url("minutes", slug, session.number, desk=desk) if has_minutes else "",
    }


def _refused(form: Any, refusal: Refused) -> int:
    for reason in refusal.reasons:
        form.add_error(None, reason)
    return 409


# One session


@officials_only
def desk_session(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _one(request, slug, number, desk=True)


@login_required
def commission_session(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _one(request, slug, number, desk=False)


def _one(request: HttpRequest, slug: str, number: int, *, desk: bool) -> HttpResponse:
    """A session: who leads it opens it, counts who is there and closes it; whoever called it may cancel it."""
    session = _session(request, slug, number, desk=desk)
    members = list(session.commission.members.seated().select_related("user"))
    there = {row.member_id: row for row in session.attendances.all()}
    initial = {f"present_{pk}": row.present for pk, row in there.items()}
    initial |= {f"note_{pk}": row.note for pk, row in there.items()}
    counting = AttendanceForm(
        request.POST if {"open", "attend"} & request.POST.keys() else None, members=members, initial=initial
    )
    cancelling = CancelForm(request.POST if "cancel" in request.POST else None)
    refused, status = [], 200
    if request.method == "POST":
        done = ""
        try:
            done = _act(request, session, counting, cancelling)
        except Refused as refusal:
            refused, status = refusal.reasons, 409
            session = _session(request, slug, number, desk=desk)
        if done:
            messages.success(request, done)
            closed = "close" in request.POST
            return redirect(_url("minutes" if closed else "session", slug, number, desk=desk))
    present = session.attendances.select_related("member__user").order_by("member__order")
    context = {
        **_row(session, session.commission.call.notice.areas, desk=desk, slug=slug),
        "call": session.commission.call,
        "desk": desk,
        "up_url": _url("sessions", slug, desk=desk),
        "attendance": present,
        "abstaining": abstaining(session, hidden_from(request.user, session)),
        "counting": counting if _may(OPEN_SESSION, session, request) or _may(ATTEND, session, request) else None,
        "waits": reasons_against(OPEN_SESSION, session, by=request.user, at=request.arrived_at)
        if session.state == SessionState.PLANNED and not desk and _leads(request, session.commission)
        else [],
        "can_close": _may(CLOSE_SESSION, session, request),
        "cancelling": cancelling if _may(CANCEL_SESSION, session, request) else None,
        "refused": refused,
        "steps": session.steps.select_related("by").order_by("pk"),
    }
    return render(request, "evaluation/session.html", context, status=status)


def _act(request: HttpRequest, session: Session, counting: AttendanceForm, cancelling: CancelForm) -> str:
    """Do what the pressed button asks; answers what is told of it, "" when something typed is wrong."""
    by, at = request.user, request.arrived_at
    if "close" in request.POST:
        close_session(session, by=by, at=at)
        return _("La seduta è chiusa. Ecco la bozza del verbale: completala e falla approvare.")
    if "open" in request.POST and counting.is_valid():
        open_session(session, counting.present(), by=by, at=at)
        return _("La seduta è aperta.")
    if "attend" in request.POST and counting.is_valid():
        change_attendance(session, counting.present(), by=by, at=at)
        return _("Le presenze sono aggiornate.")
    if "cancel" in request.POST and cancelling.is_valid():
        cancel_session(session, reason=cancelling.cleaned_data["reason"], by=by, at=at)
        return _("La seduta è annullata.")
    return ""


# The minutes


@officials_only
def desk_minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The minutes for the office, which publishes them once they are approved."""
    session = _session(request, slug, number, desk=True)
    minutes, status = _minutes(session), 200
    hidden = hidden_from(request.user, session)
    shown = _shown(minutes, hidden)
    concealed = hidden.conceals(minutes)
    may = not concealed and _may(PUBLISH_MINUTES, session, request)
    form = found = None
    if may or (request.method == "POST" and not concealed):
        has_reasons = any(fact["reasons"] for fact in shown.scores)
        form = PublishMinutesForm(request.POST or None, text=minutes.text, parts=shown.parts, has_reasons=has_reasons)
        public = {"text": minutes.text, "parts": minutes.parts, "reasons": True}
        if request.method == "POST" and form.is_valid():
            typed = {
                "text": form.cleaned_data["text"],
                "parts": form.parts(),
                "reasons": form.cleaned_data.get("reasons", False),
            }
            public = typed
            try:
                publish_minutes(session, **typed, weighed=form.cleaned_data["weighed"], by=request.user, at=request.arrived_at)
            except Refused as refusal:
                status = _refused(form, refusal)
            else:
                messages.success(request, _("Il verbale è pubblicato."))
                return redirect("desk_minutes", slug=slug, number=number)
        found = [KINDS[kind] for kind in personal_data_in(minutes, public)]
    context = {
        **_about(session, minutes, hidden, desk=True),
        "told": shown,
        "publishing": form,
        "found": found,
        "waits": []
        if may or session.state != SessionState.MINUTED or minutes.published_at
        else reasons_against(PUBLISH_MINUTES, session, by=request.user, at=request.arrived_at),
    }
    return render(request, "evaluation/minutes.html", context, status=status)


@login_required
def commission_minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The minutes for who sits: the secretary and the chair write around what happened, the chair approves."""
    session = _session(request, slug, number, desk=False)
    minutes, status, theirs, unsaved = _minutes(session), 200, [], []
    hidden = hidden_from(request.user, session)
    form = _writing(minutes, hidden, request.POST or None) if _may(WRITE_MINUTES, session, request) else None
    signing = SignForm(request.POST, request.FILES) if "sign" in request.POST else SignForm()
    if "sign" in request.POST:
        status = _sign(request, session, signing)
        if not status:
            messages.success(request, _("Abbiamo il verbale firmato."))
            return redirect("commission_minutes", slug=slug, number=number)
    elif request.method == "POST":
        if form is None:
            status, unsaved = 409, left_over([(_writing(minutes, hidden, request.POST), False)])
            if not unsaved:
                raise Http404
            for reason in reasons_against(WRITE_MINUTES, session, by=request.user, at=request.arrived_at):
                messages.error(request, reason)
        elif form.is_valid():
            answer = _written(request, session, form)
            if isinstance(answer, HttpResponse):
                return answer
            status, (minutes, form, theirs) = 409, answer
    context = {
        **_about(session, minutes, hidden, desk=False),
        "told": _shown(minutes, hidden),
        "form": form,
        "theirs": theirs,
        "unsaved": unsaved,
        "can_approve": _may(APPROVE_MINUTES, session, request),
        "signing": signing if _may(SIGN_MINUTES, session, request) and not hidden.conceals(minutes) else None,
    }
    return render(request, "evaluation/minutes.html", context, status=status)


def _sign(request: HttpRequest, session: Session, form: SignForm) -> int:
    """Keep the signed file; answers 0 when it is kept, else the status of the page shown again."""
    if not form.is_valid():
        return 200
    try:
        sign_minutes(session, form.cleaned_data["file"], by=request.user, at=request.arrived_at)
    except Unacceptable as problem:
        form.add_error("file", str(problem))
        return 200
    except Refused as refusal:
        return _refused(form, refusal)
    return 0


def _shown(minutes: Minutes, hidden: Hidden) -> Any:
    """Who may not read all of it reads, once they are published, what everybody reads."""
    return told_to_all(minutes) if minutes.published_at and hidden.conceals(minutes) else told(minutes, hidden)


def _about(session: Session, minutes: Minutes, hidden: Hidden, *, desk: bool) -> dict[str, Any]:
    call = session.commission.call
    return {
        "call": call,
        "session": session,
        "minutes": minutes,
        "area": areas_of(session, call.notice.areas),
        "desk": desk,
        "up_url": _url("sessions", call.slug, desk=desk),
        "session_url": _url("session", call.slug, session.number, desk=desk),
        "is_whole": not hidden.conceals(minutes),
        "signed_url": _url("minutes_signed", call.slug, session.number, desk=desk) if minutes.signed_id else "",
        "signatures": in_words(reading) if minutes.signed and (reading := reading_of(minutes.signed)) else [],
        "pdf_url": _url("minutes_pdf", call.slug, session.number, desk=desk),
    }


def _writing(minutes: Minutes, hidden: Hidden, data: Any, *, also: Collection[str] = ()) -> MinutesForm:
    """``also`` are the proposals that have a field though nothing is written of them."""
    may = proposals_of(minutes.session, hidden)
    parts = [
        replace(part, text=minutes.parts.get(part.application, ""))
        for part in may
        if part.application in also or minutes.parts.get(part.application)
    ]
    known = {part.application for part in parts}
    others = [part for part in may if part.application not in known]
    return MinutesForm(data, text=minutes.text, parts=parts, others=others, version=minutes.version)


def _written(
    request: HttpRequest, session: Session, form: MinutesForm
) -> HttpResponse | tuple[Minutes, MinutesForm, list[dict[str, str]]]:
    """Save, and approve when asked. Where two wrote at once, answers the page again with both texts."""
    slug, number = session.commission.call.slug, session.number
    by, at = request.user, request.arrived_at
    try:
        merged = save_minutes(session, form.typed(), form.bases(), by=by, at=at)
        if not merged.conflicts:
            if "approve" in request.POST:
                seen = form.cleaned_data["version"] + bool(merged.changes)
                approve_minutes(session, seen=seen, by=by, at=at)
                messages.success(request, _("Il verbale è approvato e non cambia più. Stiamo preparando il PDF."))
            else:
                messages.success(request, _("Il verbale è salvato."))
            return redirect("commission_minutes", slug=slug, number=number)
    except Refused as refusal:
        _refused(form, refusal)
        return _minutes(_session(request, slug, number, desk=False)), form, []
    minutes = _minutes(_session(request, slug, number, desk=False))
    stored = {GENERAL: minutes.text, **minutes.parts}
    data, typed = request.POST.copy(), form.typed()
    for unit in {*stored, *merged.conflicts}:
        data[unit] = typed[unit] if unit in merged.conflicts else stored[unit]
        data[f"base_{unit}"] = fingerprint({unit: stored.get(unit, "")})
    data["about"] = data["more"] = ""
    data["version"] = minutes.version
    again = _writing(minutes, hidden_from(request.user, minutes.session), data, also=merged.conflicts)
    again.is_valid()
    labels = {bound.name: bound.label for bound in again}
    theirs = [{"label": labels.get(unit, ""), "text": stored.get(unit, "")} for unit in merged.conflicts]
    again.add_error(
        None,
        ngettext(
            "Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva.",
            "Qualcun altro ha cambiato gli stessi testi. Qui sotto trovi i suoi e i tuoi: uniscili e salva.",
            len(theirs),
        ),
    )
    return minutes, again, theirs


# The files


def _file(document: Document | None) -> HttpResponse:
    if document is None:
        raise Http404
    return serve(document)


@officials_only
@require_GET
def desk_minutes_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _pdf(request, slug, number, desk=True)


@login_required
@require_GET
def commission_minutes_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _pdf(request, slug, number, desk=False)


def _pdf(request: HttpRequest, slug: str, number: int, *, desk: bool) -> HttpResponse:
    """The whole minutes are for who may read all of them."""
    session = _session(request, slug, number, desk=desk)
    minutes = _minutes(session)
    if hidden_from(request.user, session).conceals(minutes):
        raise Http404
    return _file(minutes.document)


@officials_only
@require_GET
def desk_minutes_signed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _signed(request, slug, number, desk=True)


@login_required
@require_GET
def commission_minutes_signed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _signed(request, slug, number, desk=False)


def _signed(request: HttpRequest, slug: str, number: int, *, desk: bool) -> HttpResponse:
    session = _session(request, slug, number, desk=desk)
    minutes = _minutes(session)
    if minutes.signed is None or hidden_from(request.user, session).conceals(minutes):
        raise Http404
    return serve(minutes.signed, own=minutes.signed.by_id == request.user.pk)


# What everybody reads


def _public(request: HttpRequest, slug: str, number: int) -> Minutes:
    """Minutes that were published. Raises ``bando.views.ended.Ended`` once their term is over."""
    rows = Minutes.objects.exclude(published_at=None).select_related("session__commission__call__version", "public_document")
    calls = Call.objects.exclude(published_at=None)
    minutes = get_object_or_404(
        rows, session__commission__call__in=calls, session__commission__call__slug=slug, session__number=number
    )
    what = _("Verbale della seduta n. %(n)s") % {"n": number}
    hold_the_term(request, minutes.published_at, call=minutes.session.commission.call, what=what)
    return minutes


@require_safe
@while_public
def public_minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The published minutes of a session."""
    minutes = _public(request, slug, number)
    call = minutes.session.commission.call
    context = {
        "call": call,
        "minutes": minutes,
        "session": minutes.session,
        "area": areas_of(minutes.session, call.notice.areas),
        "told": told_to_all(minutes),
    }
    return render(request, "evaluation/public_minutes.html", context)


@require_safe
@while_public
def public_minutes_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _file(_public(request, slug, number).public_document)
