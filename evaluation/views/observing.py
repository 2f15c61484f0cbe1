"""Observations on a provisional ranking: a body writes, the office answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.models import Application
from evaluation.actions import answer_observation, write_observation
from evaluation.models import Observation, Placement, Ranking
from evaluation.publishing_forms import AnswerForm, ObservationForm
from evaluation.rules.observing import not_the_time, not_yours_to_observe
from evaluation.views.office import area_of, call_of
from workflow.transition import Refused


@login_required
def application_observation(request: HttpRequest, pk: str) -> HttpResponse:
    """What the body wrote and was answered, and room to write while the term runs. A page that there is only once a ranking
    of its area was published."""
    application = get_object_or_404(Application.objects.visible_to(request.user).with_call(), pk=pk)
    placement = Placement.objects.filter(application=application).select_related("version").order_by("-version__number").first()
    if placement is None:
        raise Http404
    version, refused, status = placement.version, [], 200
    against = not_the_time(version, at=request.arrived_at) or not_yours_to_observe(request.user, application)
    form = ObservationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            write_observation(application, version, text=form.cleaned_data["text"], by=request.user, at=request.arrived_at)
        except Refused as refusal:
            # What was typed comes back with the page, after the term too: it can be copied from there.
            refused, status, against = refusal.reasons, 409, None
        else:
            messages.success(request, _("L'osservazione è arrivata. L'ufficio risponde prima della graduatoria definitiva."))
            return redirect("application_observation", pk=application.pk)
    context = {
        "application": application,
        "call": application.call,
        "observations": application.observations.select_related("version"),
        "against": against,
        "until": version.observations_until,
        "form": form,
        "refused": refused,
        "exit_url": reverse("result_letter", args=[application.pk]),
        "exit_label": _("L'esito"),
    }
    return render(request, "evaluation/observation.html", context, status=status)


@officials_only
def desk_observations(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Every observation on the ranking of an area, those without an answer first."""
    call = call_of(request, slug)
    field = area_of(call, area)
    ranking = get_object_or_404(Ranking.objects.visible_to(request.user), call=call, area_code=area)
    found = Observation.objects.filter(version__ranking=ranking).select_related("application__organisation", "version")
    rows = sorted(found, key=lambda row: (row.answered_at is not None, row.at))
    tried, form, refused, status = request.POST.get("observation", ""), None, [], 200
    if request.method == "POST":
        chosen = next((row for row in rows if str(row.pk) == tried), None)
        if chosen is None:
            raise Http404
        form = AnswerForm(request.POST, prefix=tried)
        if form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                answer_observation(
                    chosen, outcome=given["outcome"], answer=given["answer"], by=request.user, at=request.arrived_at
                )
            except Refused as refusal:
                refused, status = refusal.reasons, 409
            else:
                messages.success(request, _("La risposta è arrivata all'ente."))
                return redirect("desk_observations", slug=slug, area=area)
    latest = ranking.latest
    context = {
        "call": call,
        "area": field,
        "until": latest.observations_until if latest else None,
        "rows": [
            {
                "observation": row,
                "form": form if str(row.pk) == tried else AnswerForm(prefix=str(row.pk)),
                "refused": refused if str(row.pk) == tried else [],
            }
            for row in rows
        ],
    }
    return render(request, "evaluation/desk_observations.html", context, status=status)
