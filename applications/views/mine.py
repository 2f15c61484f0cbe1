"""The applicant's list, the beginning of an application, and its hub."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from applications.actions import start_application
from applications.completion import is_open, waiting_for_an_answer
from applications.confirming import must_confirm, news
from applications.forms import StartForm
from applications.history import milestones, past, terms
from applications.models import Application, Participant
from applications.progress import REVIEW, Status, Task, changed_since_sent, missing, tasks
from applications.rejection import is_open as may_be_observed
from applications.rules import against_drafts, against_writing
from applications.standing import standing
from applications.states import ApplicationState
from bando.amendments import show
from bando.deadlines import ROME
from bando.models import Call
from bando.templatetags.bando_ui import day, in_italian
from workflow.transition import Refused


@login_required
def my_applications(request: HttpRequest) -> HttpResponse:
    mine = Application.objects.visible_to(request.user).with_call().select_related("agreement")
    bodies = Prefetch("participants", Participant.objects.select_related("organisation", "certified_by"))
    mine = mine.prefetch_related("drafts", "attachments", "completion_requests__answer", bodies)
    rows = [
        {
            "application": application,
            "call": application.call,
            "area": application.area,
            "standing": standing(application, request.arrived_at),
            "next": _next_step(application, request),
        }
        for application in mine
    ]
    groups = _groups(request)
    # Checks are of the network, to our right: asked through the relation.
    asked = Application.objects.filter(
        declaration_checks__organisation__memberships__user=request.user, declaration_checks__state="irregular"
    )
    context = {
        "checks_wait": asked.exists(),
        "rows": rows,
        "invitations": [row for row in groups if row.organisation_id is None],
        "groups": [row for row in groups if row.organisation_id is not None],
    }
    return render(request, "applications/my_applications.html", context)


def _groups(request: HttpRequest) -> list[Participant]:
    """The groups that other bodies lead: those that one's bodies are in, and the invitations to come in."""
    rows = Participant.objects.visible_to(request.user).filter(is_lead=False)
    return list(rows.select_related("application__call__version", "application__organisation", "organisation"))


@login_required
def application_new(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)
    try:
        chosen = call.notice.area(area)
    except KeyError:
        raise Http404 from None
    bodies = Organisation.objects.filter(memberships__user=request.user)
    taken = {
        application.organisation_id: application
        for application in Application.objects.visible_to(request.user)
        .filter(call=call, area_code=area)
        .exclude(state=ApplicationState.WITHDRAWN)
        .select_related("organisation")
    }
    free = bodies.exclude(pk__in=taken)
    ready = list(free)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        organisations=free,
        initial={"organisation": ready[0].pk} if len(ready) == 1 else None,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            application = start_application(
                call, area, form.cleaned_data["organisation"], by=request.user, at=request.arrived_at
            )
            return redirect("application", pk=application.pk)
        except Refused as refused:
            form.add_error(None, refused.reasons)
            status = 409
    context = {
        "call": call,
        "area": chosen,
        "form": form,
        "taken": list(taken.values()),
        "free": ready,
        "against": against_drafts(call, at=request.arrived_at),
        "organisation_new_url": f"{reverse('organisation_new')}?next={request.path}",
    }
    return render(request, "applications/application_new.html", context, status=status)


@login_required
def hub(request: HttpRequest, pk: str) -> HttpResponse:
    application = get_object_or_404(
        Application.objects.visible_to(request.user)
        .with_call()
        .prefetch_related("drafts__saved_by", "attachments", "completion_requests__answer", "rejection_notices"),
        pk=pk,
    )
    found = tasks(application)
    filled = [task for task in found if task.code != REVIEW]
    done = sum(task.status is Status.DONE for task in filled)
    writable = against_writing(application, by=request.user, at=request.arrived_at) is None
    groups = [(_("Compila") if writable else _("Le sezioni"), filled)]
    if writable:
        groups.append((_("Invia"), [task for task in found if task.code == REVIEW]))
    steps = list(application.steps.all())
    saves = sorted(application.drafts.all(), key=lambda draft: draft.saved_at)
    context = {
        "application": application,
        "call": application.call,
        "area": application.area,
        "standing": standing(application, request.arrived_at),
        "writable": writable,
        "groups": [{"title": title, "tasks": [_row(task, application) for task in rows]} for title, rows in groups],
        "done": done,
        "total": len(filled),
        "progress_label": ngettext("%(done)s sezione su %(total)s completata", "%(done)s sezioni su %(total)s completate", done)
        % {"done": done, "total": len(filled)},
        "last_save": saves[-1] if saves else None,
        "events": past(steps),
        "milestones": milestones(application, steps, request.arrived_at),
        "terms": terms(application.call.notice),
        "news": shown_news(application),
        "completions": shown_requests(application, request.arrived_at),
        "notices": [
            {"notice": notice, "is_open": may_be_observed(notice, request.arrived_at)}
            for notice in application.rejection_notices.all()
        ],
        "can_restart": application.state == ApplicationState.WITHDRAWN
        and against_drafts(application.call, at=request.arrived_at) is None,
        "can_withdraw": application.state == ApplicationState.SUBMITTED and application.call.is_open(request.arrived_at),
    }
    return render(request, "applications/hub.html", context)


def shown_news(application: Application) -> list[dict[str, Any]]:
    """What changed in the call, as ``applications/_news.html`` shows it."""
    return [
        {
            "amendment": found.amendment,
            "day": day(found.amendment.at.astimezone(ROME)),
            "changes": [show(change) for change in found.changes],
        }
        for found in news(application)
    ]


def shown_requests(application: Application, at: datetime) -> list[dict[str, Any]]:
    """What the office asked to complete, as ``applications/_completion_requests.html`` shows it."""
    return [
        {"asked": asked, "is_open": is_open(asked, at), "answer": getattr(asked, "answer", None)}
        for asked in application.completion_requests.all()
    ]


def _row(task: Task, application: Application) -> dict[str, Any]:
    """A task as ``components/task_list.html`` draws it. Sending is always readable, locked or not."""
    url = reverse(task.url_name, args=[application.pk, *([task.step] if task.step else [])])
    if task.status is Status.FIX:
        url += "?controlla"
    label = in_italian(task.title) if task.step else task.title
    return {"label": label, "url": url, "status": str(task.status), "hint": task.hint}


def _next_step(application: Application, request: HttpRequest) -> dict[str, str] | None:
    """What the person can do next with this application, if anything."""
    if agreement := getattr(application, "agreement", None):  # of the network, to our right: asked through the relation
        return {"label": _("Leggi la convenzione"), "url": reverse("agreement", args=[agreement.pk])}
    if asked := waiting_for_an_answer(application, request.arrived_at):
        return {
            "label": _("Completa la domanda"),
            "url": reverse("application_completion", args=[application.pk, asked.number]),
        }
    writable = application.state in {ApplicationState.DRAFT, ApplicationState.SUBMITTED} and application.call.is_open(
        request.arrived_at
    )
    if not writable:
        return None
    if gaps := missing(application):
        first = gaps[0]
        url = reverse(first.url_name, args=[application.pk, *([first.step] if first.step else [])])
        return {"label": _("Continua da «%(title)s»") % {"title": first.title}, "url": url}
    if must_confirm(application):
        return {"label": _("Rileggi e conferma"), "url": reverse("application_review", args=[application.pk])}
    if application.state == ApplicationState.DRAFT or changed_since_sent(application):
        return {"label": _("Controlla e invia"), "url": reverse("application_review", args=[application.pk])}
    return None
