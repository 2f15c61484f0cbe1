"""The tasks of the Spazi: boards for the office, and the page of one task for whoever may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.deadlines import day_in_rome
from documents.responses import serve
from documents.uploads import store
from network import actions
from network.board import board, by_space, tasks_of
from network.fields import ReasonForm
from network.models import Space, Task
from network.space_history import told
from network.task_forms import BoardForm, FinishForm, TaskForm
from network.transitions import BEGIN_TASK, CHANGE_TASK, DROP_TASK, FINISH_TASK, REDO_TASK
from network.views.refusals import tell
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def all_tasks(request: HttpRequest) -> HttpResponse:
    """What is left to do in all Spazi, one after the other; what is settled is a number that leads to it."""
    form = BoardForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    today = day_in_rome(request.arrived_at)
    rows = Task.objects.awaited().select_related("space", "person")
    if wanted.get("municipio"):
        rows = rows.filter(space__municipio=wanted["municipio"])
    if wanted.get("owner"):
        rows = rows.filter(owner=wanted["owner"])
    if wanted.get("late"):
        rows = rows.to_settle().filter(due_on__lt=today)
    rows = list(rows)
    boards = by_space(rows, today=today, mine=None)
    narrowed = request.GET.copy()
    narrowed["conclusi"] = "on"
    context = {
        "filters": form,
        "is_filtered": any(value for name, value in wanted.items() if name != "conclusi"),
        "board": board(rows, today=today, mine=None),
        "boards": boards if wanted.get("conclusi") else [row for row in boards if row.board.left],
        "quiet": sum(row.board.left == 0 for row in boards),
        "with_done": bool(wanted.get("conclusi")),
        "show_done": "?" + narrowed.urlencode(),
    }
    return render(request, "network/spaces/desk_board.html", context)


@officials_only
def space_tasks(request: HttpRequest, pk: Any) -> HttpResponse:
    """The board of one Spazio, where the office adds what is missing."""
    row = get_object_or_404(Space, pk=pk)
    adding, status = TaskForm(request.POST if "add" in request.POST else None), 200
    act = {"by": request.user, "at": request.arrived_at}
    try:
        if adding.is_bound and adding.is_valid():
            actions.add_task(row, **adding.cleaned_data, **act)
            messages.success(request, _("Il compito è aggiunto."))
            return redirect("desk_space_tasks", pk=pk)
        if "usual" in request.POST:
            actions.lay_usual_tasks(row, **act)
            messages.success(request, _("I compiti di sempre sono nel quadro."))
            return redirect("desk_space_tasks", pk=pk)
    except Refused as refusal:
        status = tell(request, refusal)
    today = day_in_rome(request.arrived_at)
    tasks = row.tasks.select_related("space", "person")
    context = {
        "space": row,
        "adding": adding,
        "wrong": adding,
        "board": board(tasks, today=today, mine=None),
        "has_errors": adding.errors,
    }
    return render(request, "network/spaces/desk_space_tasks.html", context, status=status)


@officials_only
def desk_task(request: HttpRequest, pk: Any) -> HttpResponse:
    return _task(request, pk, is_desk=True)


@login_required
def task(request: HttpRequest, pk: Any) -> HttpResponse:
    return _task(request, pk, is_desk=False)


def _task(request: HttpRequest, pk: Any, *, is_desk: bool) -> HttpResponse:
    """One task: what it asks, and what may be done with it."""
    rows = Task.objects.visible_to(request.user).select_related("space", "person", "document")
    row = get_object_or_404(rows, pk=pk)
    facts = {"title": row.title, "kind": row.kind, "owner": row.owner, "due_on": row.due_on}
    sent: dict[str, Any] = {
        "finish": FinishForm(_typed(request, "finish"), request.FILES or None, initial={"note": row.note}),
        "drop": ReasonForm(_typed(request, "drop"), prefix="drop"),
        "redo": ReasonForm(_typed(request, "redo"), prefix="redo"),
        "change": TaskForm(_typed(request, "change"), initial=facts),
    }
    status = 200
    if request.method == "POST":
        try:
            if said := _done(request, row, sent):
                messages.success(request, said)
                return redirect("desk_space_tasks" if is_desk else "my_space", pk=row.space_id)
        except Refused as refusal:
            status, row = tell(request, refusal), rows.get(pk=pk)
    act = {"by": request.user, "at": request.arrived_at}
    offered = {"begin": BEGIN_TASK, "finish": FINISH_TASK, "drop": DROP_TASK, "redo": REDO_TASK, "change": CHANGE_TASK}
    today = day_in_rome(request.arrived_at)
    shown = board([row], today=today, mine=tasks_of(request.user, [row.space]))
    context = {
        "task": row,
        "card": next(column.cards[0] for column in shown.columns if column.cards),
        "is_desk": is_desk,
        "can": {name: not reasons_against(transition, row, **act) for name, transition in offered.items()},
        **sent,
        "steps": told(row.steps.select_related("by")),
        "wrong": next((form for form in sent.values() if form.errors), None),
        "has_errors": any(form.errors for form in sent.values()),
    }
    return render(request, "network/spaces/task.html", context, status=status)


def _typed(request: HttpRequest, name: str) -> Any:
    return request.POST if name in request.POST else None


def _done(request: HttpRequest, row: Task, sent: dict[str, Any]) -> str:
    """What is said of the act that was asked for and done; nothing when a form is wrong. Raises :class:`Refused`."""
    act = {"by": request.user, "at": request.arrived_at}
    if "begin" in request.POST:
        actions.begin_task(row, **act)
        return _("Il compito è in corso: lo segui tu.")
    if sent["finish"].is_bound and sent["finish"].is_valid():
        note, upload = sent["finish"].cleaned_data["note"], sent["finish"].cleaned_data["file"]
        against = reasons_against(FINISH_TASK, row, **act)  # before the file is kept
        if against:
            raise Refused(against)
        document = store(upload, media_type=upload.media_type, **act) if upload else None
        actions.finish_task(row, note=note, document=document, **act)
        return _("Il compito è fatto.")
    if sent["drop"].is_bound and sent["drop"].is_valid():
        actions.drop_task(row, **sent["drop"].cleaned_data, **act)
        return _("Il compito è tolto: il motivo resta nella sua storia.")
    if sent["redo"].is_bound and sent["redo"].is_valid():
        actions.redo_task(row, **sent["redo"].cleaned_data, **act)
        return _("Il compito è di nuovo da fare.")
    if sent["change"].is_bound and sent["change"].is_valid():
        actions.change_task(row, **sent["change"].cleaned_data, **act)
        return _("Il compito è cambiato.")
    return ""


@login_required
def task_file(request: HttpRequest, pk: Any) -> FileResponse:
    row = get_object_or_404(Task.objects.visible_to(request.user).select_related("document"), pk=pk)
    if row.document is None:
        raise Http404
    return serve(row.document)
