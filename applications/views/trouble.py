"""«Segnala un problema»: a short form, and the number of what was reported."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.evidence.trouble import PAGES, report
from applications.evidence.trouble_form import TroubleForm
from applications.models import Application


@login_required
def trouble(request: HttpRequest, pk: str) -> HttpResponse:
    """The person's own reports on this application stand below, each with its number and moment."""
    application = get_object_or_404(Application.objects.visible_to(request.user).with_call(), pk=pk)
    came_from = request.GET.get("da", "")
    form = TroubleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = report(
            application,
            form.cleaned_data["text"],
            page=str(PAGES.get(came_from, "")),
            device=request.headers.get("User-Agent", ""),
            device_clock=form.cleaned_data["device_clock"],
            by=request.user,
            at=request.arrived_at,
        )
        return redirect(f"{request.path}?numero={found.number}")
    mine = list(application.troubles.filter(by=request.user).order_by("-at", "-pk"))
    context = {
        "application": application,
        "call": application.call,
        "form": form,
        "mine": mine,
        "given": next((row for row in mine if row.number == request.GET.get("numero")), None),
        "page": PAGES.get(came_from, ""),
        "exit_url": reverse("application", args=[application.pk]),
        "exit_label": _("La domanda"),
    }
    return render(request, "applications/trouble.html", context)
