"""The office looks at a deadline: how the service did, who was hindered, and the signed evidence.

Until the deadline there are numbers and the reports that people wrote; who tried what is there only after it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.evidence import dossier as dossiers
from applications.evidence import service
from applications.evidence.service import Service
from applications.models import Application, Dossier, Event, EventKind, EventOutcome, TroubleReport
from bando.models import Call
from bando.states import CallState
from documents.responses import serve
from workflow.transition import Refused

PAGE = 50
STEP, HEIGHT, LEFT, TOP, BOTTOM, MARGIN = 4, 120, 40, 20, 44, 36
"""Units of the chart: a minute is ``STEP`` wide; what stands around it holds the numbers and the words."""


@officials_only
def desk_evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """The deadline in one page."""
    call, at = _call(request, slug), request.arrived_at
    observed = service.observe(call, at=at)
    against = dossiers.against_asking(call, at=at)
    troubles = TroubleReport.objects.filter(call=call).select_related("by").order_by("-at", "-pk")
    context = {
        "call": call,
        "is_closed": against is None,
        "service": observed,
        "findings": service.findings(observed),
        "chart": chart(observed),
        "busy": [minute for minute in observed.minutes if minute.attempts],
        "seconds": service.seconds,
        "counts": _counts(call),
        "reasons": _reasons(call) if against is None else [],
        "concerned": Paginator(dossiers.concerned(call, at=at), PAGE).get_page(request.GET.get("page")),
        "troubles": Paginator(troubles, PAGE).get_page(request.GET.get("segnalazioni")),
    }
    return render(request, "applications/desk/evidence.html", context)


@officials_only
def desk_dossier(request: HttpRequest, slug: str) -> HttpResponse:
    """The dossier of the whole deadline."""
    call = _call(request, slug)
    return _dossier(request, call, None)


@officials_only
def desk_application_dossier(request: HttpRequest, pk: str) -> HttpResponse:
    """The evidence of one application, a draft never sent too, and its dossier."""
    application = get_object_or_404(Application.objects.with_call(), pk=pk)
    get_object_or_404(dossiers.concerned(application.call, at=request.arrived_at), pk=pk)
    return _dossier(request, application.call, application)


@officials_only
def desk_dossier_file(request: HttpRequest, pk: str) -> FileResponse:
    dossier = get_object_or_404(Dossier.objects.select_related("call", "paper__document"), pk=pk)
    if not hasattr(dossier, "paper") or dossiers.against_asking(dossier.call, at=request.arrived_at):
        raise Http404
    return serve(dossier.paper.document)


def _dossier(request: HttpRequest, call: Call, application: Application | None) -> HttpResponse:
    reasons, status = [], 200
    if request.method == "POST":
        try:
            dossiers.ask(call, application, by=request.user, at=request.arrived_at)
        except Refused as refused:
            reasons, status = refused.reasons, 409
        else:
            messages.success(request, _("Stiamo preparando il dossier: di solito ci vuole meno di un minuto."))
            return redirect(request.path)
    against = dossiers.against_asking(call, at=request.arrived_at)
    observed = service.observe(call, at=request.arrived_at)
    told: dict[str, Any] = {"findings": service.findings(observed)}
    if application:
        told, _data = dossiers.of_application(application, observed)
    context = told | {
        "call": call,
        "application": application,
        "against": against,
        "reasons": reasons,
        "seconds": service.seconds,
        "made": list(Dossier.objects.filter(call=call, application=application).select_related("by", "paper__document")),
    }
    return render(request, "applications/desk/dossier.html", context, status=status)


def chart(observed: Service) -> dict[str, Any]:
    """The drawing of the attempts, in integer units: a bar each minute, in which those that failed stand at the foot; the
    deadline as a line; incidents as a strip below."""
    highest = max([minute.attempts for minute in observed.minutes], default=0) or 1
    floor = TOP + HEIGHT
    first = observed.minutes[0].at

    def x(at: datetime) -> int:
        return LEFT + (at - first) * STEP // timedelta(minutes=1)

    def tall(number: int) -> int:
        return -(-number * HEIGHT // highest)  # one is seen, however many there were in the busiest minute

    width = LEFT + len(observed.minutes) * STEP
    shown = [minute for minute in observed.minutes if minute.attempts]
    hours = [minute.at for minute in observed.minutes if minute.at.minute % 30 == 0]
    return {
        "width": width + MARGIN,
        "height": floor + BOTTOM,
        "left": LEFT,
        "right": width,
        "floor": floor,
        "top": TOP,
        "highest": highest,
        "bars": [
            {
                "x": x(minute.at),
                "y": floor - tall(minute.attempts),
                "height": tall(minute.attempts),
                "failed": tall(minute.failed) if minute.failed else 0,
                "failed_y": floor - tall(minute.failed) if minute.failed else floor,
            }
            for minute in shown
        ],
        "bar_width": STEP - 1,
        "hours": [{"x": x(at), "at": at} for at in hours],
        "deadline": x(observed.deadline) if observed.begins <= observed.deadline <= observed.ends else None,
        "incidents": [
            {"x": x(max(span.begins, first)), "width": max(x(span.ends) - x(max(span.begins, first)), 2)}
            for span in observed.incidents
        ],
        "strip": floor + 6,
    }


def _counts(call: Call) -> list[dict[str, Any]]:
    """How many attempts of each kind came to what. One query."""
    kinds = [EventKind.SUBMIT, EventKind.UPLOAD, EventKind.SAVE, EventKind.WITHDRAW, EventKind.COMPLETE]
    rows = Event.objects.filter(call=call, kind__in=kinds).order_by().values_list("kind", "outcome")
    found = {(kind, outcome): number for kind, outcome, number in rows.annotate(number=Count("pk"))}
    return [
        {"kind": kind.label, **{str(outcome): found.get((kind, outcome), 0) for outcome in EventOutcome}}
        for kind in kinds
        if any((kind, outcome) in found for outcome in EventOutcome)
    ]


def _reasons(call: Call) -> list[tuple[str, int]]:
    """Why sendings were refused, the most frequent first. One query."""
    rows = Event.objects.filter(call=call, kind=EventKind.SUBMIT, outcome=EventOutcome.REFUSED)
    counted = Counter(str(reason) for reasons in rows.values_list("facts__reasons", flat=True) for reason in reasons or [])
    return counted.most_common()


def _call(request: HttpRequest, slug: str) -> Call:
    """A call that was published: a draft has no deadline to tell of."""
    published = Call.objects.visible_to(request.user).with_notice().exclude(state=CallState.DRAFT)
    return get_object_or_404(published, slug=slug)
