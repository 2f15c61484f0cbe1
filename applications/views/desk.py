"""The office: its calls, and what was received on each.

Before the deadline the office sees counts and never contents: there is no page here that could show one, because the
applications come from ``Application.objects.at_the_desk``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications import check_time
from applications import desk as lists
from applications.confirming import unconfirmed
from applications.desk_forms import FilterForm
from applications.models import Application, Attachment
from applications.views.check import application_at_the_desk, told
from bando import actions
from bando.models import Call, NoticeDraft
from bando.stages import Stage, stage
from bando.transitions import PUBLISH
from documents.responses import serve
from workflow.perform import reasons_against
from workflow.transition import Refused

LATE = 10
"""How many late checks a list names above its rows: the latest ones."""


@officials_only
def desk(request: HttpRequest) -> HttpResponse:
    """Every call with its counts, and what waits for the office."""
    at, calls = request.arrived_at, list(Call.objects.visible_to(request.user).with_notice())
    by_area, enquiries = lists.states_by_area(calls), lists.enquiries_by_call(calls)
    requests = lists.requests_by_call(calls, at)
    to_confirm: Counter[Any] = Counter()
    for found in unconfirmed(calls):
        to_confirm[found.call_id] += found.number
    rows, waiting = [], []
    for row in calls:
        numbers = lists.counts(_total(by_area, row))
        rows.append({"call": row, "stage": stage(row, at), "numbers": numbers, "to_confirm": to_confirm[row.pk]})
        asked = requests.get(row.pk, lists.NO_REQUESTS)
        tasks = lists.tasks(row, numbers, at, enquiries=enquiries.get(row.pk, 0), requests=asked)
        waiting += [{"task": task, "url": _url(task), "call": row} for task in tasks]
    drafts = NoticeDraft.objects.visible_to(request.user).in_hand().count()
    return render(request, "applications/desk/desk.html", {"rows": rows, "waiting": waiting, "drafts": drafts})


@officials_only
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: where it stands, how much was received, and the acts that the office may take on it."""
    row, reasons, status = _call(request, slug), [], 200
    if request.method == "POST":
        try:
            if "publish" in request.POST:
                actions.publish(row, shown=request.POST["publish"], by=request.user, at=request.arrived_at)
                messages.success(request, _("L'avviso è pubblicato. Da adesso le sue regole non cambiano."))
            return redirect("desk_call", slug=slug)
        except Refused as refused:
            row, reasons, status = _call(request, slug), refused.reasons, 409
    by_area = lists.states_by_area([row])
    numbers, now = lists.counts(_total(by_area, row)), stage(row, request.arrived_at)
    enquiries = lists.enquiries_by_call([row]).get(row.pk, 0)
    asked = lists.requests_by_call([row], request.arrived_at).get(row.pk, lists.NO_REQUESTS)
    tasks = lists.tasks(row, numbers, request.arrived_at, enquiries=enquiries, requests=asked)
    context = {
        "call": row,
        "stage": now,
        "reasons": reasons,
        "numbers": numbers,
        "resent": Application.objects.received().filter(call=row, current__sequence__gt=1).count(),
        "areas": [{"area": a, "numbers": lists.counts(by_area.get((row.pk, a.code), Counter()))} for a in row.notice.areas],
        "waiting": [{"task": task, "url": _url(task)} for task in tasks],
        "phases": lists.phases(row, now),
        "is_closed": now in {Stage.EVALUATION, Stage.CONCLUDED} or row.closes_at < request.arrived_at,
        "against_publishing": reasons_against(PUBLISH, row, by=request.user, at=request.arrived_at),
        "amendments": row.amendments.count(),
        "to_confirm": sum(waiting.number for waiting in unconfirmed([row])),
        "history": told(row.steps.select_related("by")),
    }
    return render(request, "applications/desk/call.html", context, status=status)


@officials_only
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    """What was received on a call; until the deadline, why it is not shown."""
    row = _call(request, slug)
    by_area = lists.states_by_area([row])
    states = _total(by_area, row)
    context = {"call": row, "numbers": lists.counts(states)}
    if request.arrived_at <= row.closes_at:
        return render(request, "applications/desk/applications_closed.html", context)
    asked = lists.requests_by_call([row], request.arrived_at).get(row.pk, lists.NO_REQUESTS)
    search = FilterForm(request.GET, notice=row.notice, numbers=states, requests=asked)
    search.is_valid()
    chosen = {name: search.cleaned_data.get(name, "") for name in search.fields}
    rows = lists.listed(row, area=chosen["area"], state=chosen["state"], words=chosen["q"])
    if wanted := chosen.get("completion"):
        rows = rows.filter(pk__in=asked.of(wanted))
    shown = lists.page(rows, after=chosen["after"], before=chosen["before"])
    titles = {area.code: area.title for area in row.notice.areas}
    clocks = check_time.clocks(row, request.arrived_at)
    late = {pk: clock for pk, clock in clocks.items() if clock.is_late}
    filters = {name: chosen[name] for name in ("q", "area", "state", "completion") if chosen.get(name)}
    context |= {
        "search": search,
        "is_filtered": bool(filters),
        "rows": [
            {
                "application": found,
                "area": titles[found.area_code],
                "request": asked.said_of(found.pk),
                "clock": check_time.in_words(clocks[found.pk]) if found.pk in clocks else "",
                "is_late": found.pk in late,
            }
            for found in shown.rows
        ],
        "late": [
            {"application": found, "clock": check_time.in_words(late[found.pk])}
            for found in sorted(
                lists.listed(row).filter(pk__in=list(late)[:LATE]), key=lambda one: (late[one.pk].left, one.number)
            )
        ]
        if late
        else [],
        "late_more": max(len(late) - LATE, 0),
        "previous_url": _page_url(filters, before=shown.before),
        "next_url": _page_url(filters, after=shown.after),
    }
    return render(request, "applications/desk/applications.html", context)


@officials_only
def attachment(request: HttpRequest, pk: str, attachment: str) -> FileResponse:
    """A file that was sent. What the body had removed, or added without sending it, is not there."""
    row = application_at_the_desk(request, pk)
    if str(attachment) not in {file["attachment"] for file in row.current.manifest}:
        raise Http404
    return serve(get_object_or_404(Attachment.objects.select_related("document"), pk=attachment, application=row).document)


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)


def _total(by_area: dict[tuple[object, str], Counter[str]], row: Call) -> Counter[str]:
    return sum((states for (call, _area), states in by_area.items() if call == row.pk), Counter())


def _url(task: lists.Task) -> str:
    url = reverse(task.url_name, args=[task.slug])
    return f"{url}?{task.query}" if task.query else url


def _page_url(filters: dict[str, str], **where: str) -> str:
    return f"?{urlencode(filters | where)}" if all(where.values()) else ""
