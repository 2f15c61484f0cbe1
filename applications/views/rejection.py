"""The notice before a rejection: the office tells its reasons, the body writes its observations."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.actions.rejecting import (
    WrittenMeanwhile,
    notify_rejection,
    observe_rejection,
    save_observations,
    take_back_rejection,
)
from applications.desk_forms import ReasonForm
from applications.models import Application, RejectionNotice
from applications.rejection import is_open
from applications.rejection_forms import ObservationsForm
from applications.rejection_rules import against_observing
from applications.transitions import NOTIFY_REJECTION, OBSERVE_REJECTION, TAKE_BACK_REJECTION
from applications.views.check import application_at_the_desk, proposed_reason
from bando.deadlines import term
from bando.templatetags.bando_ui import form_errors, instant
from bando.typed import whole_number
from workflow.perform import reasons_against
from workflow.transition import Refused

# --- the office ---------------------------------------------------------------------------------------------------------


@officials_only
def desk_rejection(request: HttpRequest, pk: str) -> HttpResponse:
    """Send a notice, or take one back (``?ritira=`` its number)."""
    application = application_at_the_desk(request, pk)
    if "ritira" in request.GET:
        number = whole_number(request.GET["ritira"])
        return _take_back(request, get_object_or_404(application.rejection_notices, number=number), application)
    return _notify(request, application)


def _notify(request: HttpRequest, application: Application) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"reason": proposed_reason(application)})
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = notify_rejection(application, reasons=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            said = _("Preavviso n. %(number)s mandato. L'ente può scrivere le sue osservazioni fino a %(due)s.")
            messages.success(request, said % {"number": made.number, "due": instant(made.due_at)})
            return redirect("desk_application", pk=application.pk)
    application = application_at_the_desk(request, application.pk)
    context = {
        "application": application,
        "form": form,
        "reasons": reasons,
        "errors": form_errors(form),
        "has_errors": bool(form.errors or reasons),
        "due_at": term(request.arrived_at, application.call.notice.formal_check.rejection_days),
        "against": reasons_against(NOTIFY_REJECTION, application, by=request.user, at=request.arrived_at),
    }
    return render(request, "applications/desk/rejection.html", context, status=409 if reasons else 200)


def _take_back(request: HttpRequest, notice: RejectionNotice, application: Application) -> HttpResponse:
    notice.application = application
    form, reasons = ReasonForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            take_back_rejection(notice, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            said = _("Preavviso n. %(number)s ritirato. Lo scriviamo all'ente.")
            messages.success(request, said % {"number": notice.number})
            return redirect("desk_application", pk=application.pk)
    application = application_at_the_desk(request, application.pk)
    context = {
        "application": application,
        "notice": notice,
        "form": form,
        "reasons": reasons,
        "errors": form_errors(form),
        "has_errors": bool(form.errors or reasons),
        "against": reasons_against(
            TAKE_BACK_REJECTION, application, by=request.user, at=request.arrived_at, data={"notice": notice}
        ),
    }
    return render(request, "applications/desk/rejection_take_back.html", context, status=409 if reasons else 200)


# --- the body -----------------------------------------------------------------------------------------------------------


@login_required
def application_rejection(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The reasons of the office, and the observations of the body: kept as often as one likes, sent once."""
    notice = _notice_of_mine(request, pk, number)
    if request.method != "POST":
        return _page(request, notice, ObservationsForm(initial={"text": notice.typed, "version": notice.version}))
    form = ObservationsForm(request.POST)
    if not form.is_valid():
        return _page(request, notice, form)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"] or 0
    sends = "send" in request.POST
    act = observe_rejection if sends else save_observations
    try:
        act(notice, text, version=version, by=request.user, at=request.arrived_at)
    except WrittenMeanwhile as meanwhile:
        data = request.POST.copy()
        data["version"] = meanwhile.notice.version
        return _page(request, _notice_of_mine(request, pk, number), ObservationsForm(data), theirs=meanwhile.notice, status=409)
    except Refused as refused:
        return _page(request, _notice_of_mine(request, pk, number), form, reasons=refused.reasons, status=409)
    messages.success(
        request,
        _("Abbiamo ricevuto le tue osservazioni. L'ufficio le legge prima di decidere.")
        if sends
        else _("Abbiamo salvato quello che hai scritto. Non è ancora inviato."),
    )
    return redirect("application_rejection", pk=pk, number=number)


def _notice_of_mine(request: HttpRequest, pk: str, number: int) -> RejectionNotice:
    application = get_object_or_404(Application.objects.visible_to(request.user).with_call(), pk=pk)
    notice = get_object_or_404(application.rejection_notices.select_related("saved_by", "observed_by"), number=number)
    notice.application = application
    return notice


def _page(
    request: HttpRequest,
    notice: RejectionNotice,
    form: ObservationsForm,
    *,
    theirs: RejectionNotice | None = None,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    application, at = notice.application, request.arrived_at
    errors = form_errors(form)
    form.fields["text"].required = True  # what was typed is read already; sending owes it, so no label says otherwise
    context = {
        "application": application,
        "call": application.call,
        "notice": notice,
        "form": form,
        "theirs": theirs,
        "is_open": is_open(notice, at),
        "against": against_observing(notice, by=request.user, at=at),
        "against_sending": reasons_against(OBSERVE_REJECTION, application, by=request.user, at=at, data={"notice": notice}),
        "reasons": reasons or [],
        "errors": errors,
        "has_errors": bool(form.errors or reasons or theirs),
    }
    return render(request, "applications/rejection.html", context, status=status)
