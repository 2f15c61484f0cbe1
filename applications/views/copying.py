"""Taking answers and files over from an earlier application."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from applications.actions import ChangedMeanwhile, copy_answers
from applications.actions import restart as start_again
from applications.copying import Plan, plan, sources
from applications.evidence import note, remembered
from applications.models import Application, EventKind, EventOutcome
from applications.rules import against_writing
from applications.states import ApplicationState
from workflow.transition import Refused


@remembered(EventKind.SAVE)
@require_http_methods(["GET", "POST"])
@login_required
def copy(request: HttpRequest, pk: str) -> HttpResponse:
    """The earlier applications to choose from; of the one that is chosen (``da``) all that can be taken, and on POST the taking
    of what is ticked. Another body's application is not there, whoever asks."""
    application = _application(request, pk)
    known = sources(application, request.user)
    against = against_writing(application, by=request.user, at=request.arrived_at)
    reasons = [against] if against else []
    chosen = request.POST.get("da") if request.method == "POST" else request.GET.get("da")
    if not chosen:
        return _page(request, application, sources=known, reasons=reasons)
    source = next((one for one in known if str(one.pk) == chosen), None)
    if source is None:
        raise Http404
    found = plan(source, application)
    if request.method == "GET":
        return _page(request, application, plan=found, reasons=reasons)
    ticked = request.POST.getlist("keep")
    note(request, source=str(source.pk), chosen=ticked)
    if request.POST.get("shown") != found.fingerprint:
        return _changed(request, found)
    if not ticked and not reasons:
        reasons = [_("Non hai scelto niente da copiare: segna almeno una casella.")]
    if reasons:
        note(request, reasons=reasons)
        return _page(request, application, plan=found, reasons=reasons, status=409)
    try:
        copied = copy_answers(found, ticked, by=request.user, at=request.arrived_at)
    except ChangedMeanwhile:
        return _changed(request, plan(source, application))
    except Refused as refused:
        note(request, reasons=refused.reasons)
        return _page(request, application, plan=found, reasons=refused.reasons, status=409)
    _tell(request, copied, source)
    return redirect("application", pk=application.pk)


@remembered(EventKind.SAVE)
@require_POST
@login_required
def restart(request: HttpRequest, pk: str) -> HttpResponse:
    """After a withdrawal: a new draft with all that was written."""
    application = _application(request, pk)
    if application.state != ApplicationState.WITHDRAWN:
        raise Http404
    try:
        fresh, copied = start_again(application, by=request.user, at=request.arrived_at)
    except Refused as refused:
        note(request, reasons=refused.reasons)
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("application", pk=application.pk)
    note(request, fresh=str(fresh.pk), answers=copied.answers, files=copied.files)
    _tell(request, copied, application)
    return redirect("application", pk=fresh.pk)


def _application(request: HttpRequest, pk: str) -> Application:
    return get_object_or_404(Application.objects.visible_to(request.user).with_call().select_related("organisation"), pk=pk)


def _changed(request: HttpRequest, found: Plan) -> HttpResponse:
    note(request, outcome=EventOutcome.CONFLICT)
    words = _(
        "Intanto qualcuno ha scritto in una delle due domande: rileggi l'elenco e premi di nuovo. Non abbiamo copiato niente."
    )
    return _page(request, found.target, plan=found, reasons=[words], status=409)


def _page(
    request: HttpRequest, application: Application, *, reasons: list[str], status: int = 200, **context: Any
) -> HttpResponse:
    facts = {"application": application, "call": application.call, "area": application.area, "reasons": reasons}
    return render(request, "applications/copy.html", facts | context, status=status)


def _tell(request: HttpRequest, copied: Any, source: Application) -> None:
    """What was taken and whence; what was not."""
    parts = []
    if n := len(copied.answers):
        parts.append(ngettext("%(n)s risposta", "%(n)s risposte", n) % {"n": n})
    if n := len(copied.files):
        parts.append(ngettext("%(n)s allegato", "%(n)s allegati", n) % {"n": n})
    taken = _(" e ").join(parts) or _("niente")
    said = _("Dalla domanda per «%(call)s» abbiamo copiato %(taken)s. Controlla ogni sezione prima di inviare.")
    messages.success(request, said % {"call": source.call.title, "taken": taken})
    for sentence in copied.left:
        messages.warning(request, sentence)
