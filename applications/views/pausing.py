"""The office stops the term of a request to complete an application, and lets it run again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.actions.pausing import pause_request, resume_request
from applications.desk_forms import ReasonForm
from applications.models import Application
from applications.transitions import PAUSE_REQUEST, RESUME_REQUEST
from bando.templatetags.bando_ui import form_errors, instant
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def pause(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The act that fits how the term stands, with its reason, which the body reads."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    application = get_object_or_404(rows, pk=pk)
    asked = get_object_or_404(application.completion_requests.select_related("by"), number=number)
    asked.application = application
    form, reasons = ReasonForm(request.POST if request.method == "POST" else None), []
    if request.method == "POST" and form.is_valid():
        resumes = "resume" in request.POST
        act = resume_request if resumes else pause_request
        try:
            act(asked, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            said = _("Il termine è ripreso: l'ente può rispondere fino a %(due)s.") if resumes else _("Il termine è sospeso.")
            messages.success(request, said % {"due": instant(asked.due_at)})
            return redirect("desk_application", pk=pk)
        # What is stored, and not what the refused act left in hand.
        application = rows.get(pk=pk)
        asked = application.completion_requests.select_related("by").get(number=number)
        asked.application = application
    is_paused = asked.paused_at is not None
    against = reasons_against(
        RESUME_REQUEST if is_paused else PAUSE_REQUEST,
        application,
        by=request.user,
        at=request.arrived_at,
        data={"request": asked},
    )
    context = {
        "application": application,
        "asked": asked,
        "is_paused": is_paused,
        "form": form,
        "errors": form_errors(form),
        "has_errors": bool(form.errors or reasons),
        "reasons": reasons,
        "against": against,
    }
    return render(request, "applications/desk/pause.html", context, status=409 if reasons else 200)
