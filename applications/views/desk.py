"""The office: its calls, what was received on each, and the formal check of one application.

Before the deadline the office sees counts and never contents: there is no page here that could show one, because the
applications come from ``Application.objects.at_the_desk``.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications import checking
from applications import desk as lists
from applications import points as points_of
from applications.completion import is_open
from applications.confirming import unconfirmed
from applications.desk_forms import FilterForm, PointForm, ReasonForm
from applications.differences import differences
from applications.groups.neighbours import neighbours
from applications.models import Application, Attachment, CheckItem
from applications.reading import read_submission
from applications.states import ApplicationState
from applications.transitions import ADMIT, NOT_ADMIT, REQUEST_COMPLETION, START_CHECK
from bando import actions
from bando.models import Call, NoticeDraft
from bando.notice.document import Notice
from bando.stages import Stage, stage
from bando.templatetags.bando_ui import form_errors
from bando.transitions import PUBLISH
from documents.responses import serve
from workflow.perform import reasons_against
from workflow.transition import Refused

Points = list[tuple[checking.Point, PointForm | None]]
"""The points of a check in order, each with its form once the check has begun."""


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
        "history": _told(row.steps.select_related("by")),
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
    filters = {name: chosen[name] for name in ("q", "area", "state", "completion") if chosen.get(name)}
    context |= {
        "search": search,
        "is_filtered": bool(filters),
        "rows": [
            {"application": found, "area": titles[found.area_code], "request": asked.said_of(found.pk)} for found in shown.rows
        ],
        "previous_url": _page_url(filters, before=shown.before),
        "next_url": _page_url(filters, after=shown.after),
    }
    return render(request, "applications/desk/applications.html", context)


@officials_only
def application(request: HttpRequest, pk: str) -> HttpResponse:
    """The formal check: what was sent beside what the call asks."""
    row = _application(request, pk)
    if request.method != "POST":
        points = _forms(row)
        return _page(request, row, points, ReasonForm(initial={"reason": _proposed_reason(points)}))
    if "start" not in request.POST:
        return _save_and_act(request, row)
    try:
        checking.start_check(row, by=request.user, at=request.arrived_at)
    except Refused as refused:
        row = _application(request, pk)
        return _page(request, row, _forms(row), ReasonForm(), reasons=refused.reasons, status=409)
    return redirect("desk_application", pk=pk)


@officials_only
def attachment(request: HttpRequest, pk: str, attachment: str) -> FileResponse:
    """A file that was sent. What the body had removed, or added without sending it, is not there."""
    row = _application(request, pk)
    if str(attachment) not in {file["attachment"] for file in row.current.manifest}:
        raise Http404
    return serve(get_object_or_404(Attachment.objects.select_related("document"), pk=attachment, application=row).document)


def _call(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).with_notice(), slug=slug)


def _application(request: HttpRequest, pk: Any) -> Application:
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    rows = rows.select_related("current__call_version", "current__by", "current__protocol")
    return get_object_or_404(rows.prefetch_related("completion_requests__answer", "completion_requests__by"), pk=pk)


def _total(by_area: dict[tuple[object, str], Counter[str]], row: Call) -> Counter[str]:
    return sum((states for (call, _area), states in by_area.items() if call == row.pk), Counter())


def _url(task: lists.Task) -> str:
    url = reverse(task.url_name, args=[task.slug])
    return f"{url}?{task.query}" if task.query else url


def _page_url(filters: dict[str, str], **where: str) -> str:
    return f"?{urlencode(filters | where)}" if all(where.values()) else ""


def _told(steps: Any) -> list[dict[str, Any]]:
    """The history of a row for the office: who did what, when and why."""
    return [
        {
            "title": f"{step.label}{f' – {step.by}' if step.by else ''}",
            "at": step.at,
            "body": step.reason,
            "state": "done",
        }
        for step in steps
    ]


# --- the formal check -------------------------------------------------------------------------------------------------


def _forms(row: Application, data: QueryDict | None = None) -> Points:
    """The points of the check in order, each with its form once the check has begun."""
    items = {item.code: item for item in row.check_items.select_related("by")}
    found: Points = []
    for point in checking.points(row):
        form, item = None, items.get(point.code)
        if item:
            shown = {"verdict": item.verdict, "note": item.note, "shown_verdict": item.verdict, "shown_note": item.note}
            form = PointForm(data, prefix=point.code, title=point.title, initial=shown)
            form.item = item
        found.append((point, form))
    return found


def _save_and_act(request: HttpRequest, row: Application) -> HttpResponse:
    """Keep the verdicts, then do the act that was pressed, if any."""
    points, reason = _forms(row, request.POST), ReasonForm(request.POST)
    if not all([form.is_valid() for _point, form in points if form] + [reason.is_valid()]):
        return _page(request, row, points, reason)
    try:
        contested = checking.save_verdicts(row, _entries(points), by=request.user, at=request.arrived_at)
        if contested:
            return _contested(request, row, contested)
        if "admit" in request.POST:
            checking.admit(row, by=request.user, at=request.arrived_at)
            messages.success(request, _("La domanda %(number)s è ammessa.") % {"number": row.number})
        elif "not_admit" in request.POST:
            words = reason.cleaned_data["reason"]
            checking.not_admit(row, by=request.user, at=request.arrived_at, reason=words)
            messages.success(
                request, _("La domanda %(number)s non è ammessa. Mandiamo il motivo all'ente.") % {"number": row.number}
            )
        else:
            messages.success(request, _("Verifica salvata."))
    except Refused as refused:
        row, reasons = _application(request, row.pk), refused.reasons
        if "not_admit" in request.POST:
            reasons = _beside_the_field(
                reason, reasons, reasons_against(NOT_ADMIT, row, by=request.user, at=request.arrived_at)
            )
        return _page(request, row, _forms(row), reason, reasons=reasons, status=409)
    return redirect("desk_application", pk=row.pk)


def _beside_the_field(form: ReasonForm, reasons: list[str], against: list[str]) -> list[str]:
    """When nothing else stands against the act, what is missing is the reason: it is told where one writes it. Otherwise
    the reasons are answered, for the top of the page."""
    if against:
        return reasons
    for reason in reasons:
        form.add_error("reason", reason)
    return []


def _entries(points: Points) -> dict[str, checking.Entry]:
    found = {}
    for point, form in points:
        if form:
            typed = form.cleaned_data
            found[point.code] = checking.Entry(
                shown=checking.Verdict(typed["shown_verdict"], typed["shown_note"]),
                chosen=checking.Verdict(typed["verdict"], typed["note"]),
            )
    return found


def _contested(request: HttpRequest, row: Application, contested: list[CheckItem]) -> HttpResponse:
    """Show again what was typed beside what a colleague saved meanwhile; saving once more then writes over it."""
    data, theirs = request.POST.copy(), {item.code: item for item in contested}
    for item in contested:
        data[f"{item.code}-shown_verdict"], data[f"{item.code}-shown_note"] = item.verdict, item.note
    points = _forms(row, data)
    for point, form in points:
        if form and (item := theirs.get(point.code)):
            said = _("«%(title)s»") % {"title": item.get_verdict_display()} + (f" ({item.note})" if item.note else "")
            words = _("%(who)s ha appena scritto %(said)s. Se vale il tuo esito, salva di nuovo.")
            form.add_error("verdict", words % {"who": item.by, "said": said})
    return _page(request, row, points, ReasonForm(request.POST), status=409)


def _proposed_reason(points: Points) -> str:
    """The notes of what is not met, to start from when the application is not admitted."""
    lines = []
    for point, form in points:
        if form and form.item.verdict == CheckItem.Verdict.NOT_MET:
            lines.append(f"{point.title}: {form.item.note}" if form.item.note else point.title)
    return "\n".join(lines)


def _page(
    request: HttpRequest,
    row: Application,
    points: Points,
    reason: ReasonForm,
    *,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at: datetime = request.arrived_at
    notice = row.current.call_version.notice
    is_checking = row.state == ApplicationState.CHECKING
    against = {
        transition.name: reasons_against(transition, row, by=request.user, at=at)
        for transition in (START_CHECK, ADMIT, NOT_ADMIT, REQUEST_COMPLETION)
    }
    completions = _completions(row, at)
    changed = _by_point(completions)
    errors = [error for form in [*(form for _point, form in points if form), reason] for error in form_errors(form)]
    context = {
        "application": row,
        "area": notice.area(row.area_code),
        "read": read_submission(notice, row.area_code, row.current.answers, row.current.manifest),
        "files": _files(row, notice),
        "points": [{"point": point, "form": form, "answers": changed.get(point.code, [])} for point, form in points],
        "is_waiting": row.state == ApplicationState.SUBMITTED,
        "is_checking": is_checking,
        "against_start": against["start_check"],
        "against_admit": against["admit"],
        "against_not_admit": against["not_admit"],
        "against_request": against["request_completion"],
        "completions": completions,
        "reason_form": reason,
        "reasons": reasons or [],
        "errors": errors,
        "has_errors": bool(errors),
        "neighbours": neighbours(row, _others_of_the_call(request, row)),
        "history": _told(row.steps.select_related("by")),
        "next": _next_to_check(request, row),
    }
    return render(request, "applications/desk/application.html", context, status=status)


def _files(row: Application, notice: Notice) -> list[dict[str, Any]]:
    """The files that were sent, as the manifest has them, with the attachment (``held``) that says how each stands now."""
    rules = {rule.code: rule for rule in notice.attachments_for(row.area_code)}
    held = {str(file.pk): file for file in row.attachments.filter(pk__in=[file["attachment"] for file in row.current.manifest])}
    return [
        file
        | {
            "title": rules[file["rule"]].title if file["rule"] in rules else file["rule"],
            "signed": file["rule"] in rules and rules[file["rule"]].signed,
            "held": held.get(file["attachment"]),
        }
        for file in row.current.manifest
    ]


def _completions(row: Application, at: datetime) -> list[dict[str, Any]]:
    """What the office asked to complete, with the answer and what it changed."""
    sent = (
        {submission.sequence: submission for submission in row.submissions.select_related("call_version")}
        if (row.completion_requests.all())
        else {}
    )
    for submission in sent.values():
        submission.application = row
    found = []
    for asked in row.completion_requests.all():
        answer = getattr(asked, "answer", None)
        changes = differences(sent[answer.sequence - 1], sent[answer.sequence]) if answer else []
        found.append({"asked": asked, "is_open": is_open(asked, at), "answer": answer, "changes": changes})
    return found


def _by_point(completions: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What each answer changed, beside the point of the check that it touches; beside its own point, all that touches none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in completions:
        number, changes = row["asked"].number, {}
        for change in row["changes"]:
            changes.setdefault(change.point or points_of.of_answer(number), []).append(change)
        for code, of_point in changes.items():
            found.setdefault(code, []).append({"number": number, "changes": of_point})
    return found


def _others_of_the_call(request: HttpRequest, row: Application) -> list[Application]:
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).filter(
        call=row.call_id, area_code=row.area_code
    )
    return list(rows.exclude(pk=row.pk).select_related("organisation", "current").defer("current__content").order_by("number"))


def _next_to_check(request: HttpRequest, row: Application) -> Application | None:
    waiting = [ApplicationState.SUBMITTED, ApplicationState.CHECKING]
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).filter(call=row.call, state__in=waiting)
    return rows.filter(number__gt=row.number).order_by("number").only("pk", "number").first()
