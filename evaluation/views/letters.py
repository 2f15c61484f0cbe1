"""The letter of a body about its place: to its own people and to the office, and to nobody before the publication."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application
from documents.models import Document
from documents.responses import serve
from evaluation.letters import letter_context
from evaluation.models import Placement, ResultLetter


@login_required
@require_safe
def result_letter(request: HttpRequest, pk: str) -> HttpResponse:
    """What the version that counts says of the proposal."""
    application, is_own = _application(request, pk)
    placement = _placements(application).order_by("-version__number").first()
    if placement is None:
        raise Http404
    placement.application = application
    context = letter_context(placement) | {
        "is_own": is_own,
        "pdf": _pdf(placement),
        "can_observe": placement.version.observations_until is not None or application.observations.exists(),
    }
    return render(request, "evaluation/letter.html", context)


@login_required
@require_safe
def result_letter_pdf(request: HttpRequest, pk: str, number: int) -> HttpResponse:
    """The letter of one version, once the worker has made it."""
    application, _is_own = _application(request, pk)
    pdf = _pdf(get_object_or_404(_placements(application), version__number=number))
    if pdf is None:
        raise Http404
    return serve(pdf)


def _application(request: HttpRequest, pk: str) -> tuple[Application, bool]:
    """The application, and whether it is of a body of the person's own; else the office reads it as everything it received."""
    rows = Application.objects.with_call()
    own = Application.objects.visible_to(request.user).with_call().filter(pk=pk).first()
    if own is not None:
        return own, True
    return get_object_or_404(rows.at_the_desk(request.user, at=request.arrived_at), pk=pk), False


def _placements(application: Application):
    return Placement.objects.filter(application=application).select_related("version__ranking", "letter__pdf")


def _pdf(placement: Placement) -> Document | None:
    try:
        return placement.letter.pdf
    except ResultLetter.DoesNotExist:
        return None
