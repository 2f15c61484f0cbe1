"""The formal check of one application: what was sent beside what the call asks, the verdicts, and the act that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import officials_only
from applications import check_time, checking
from applications import points as points_of
from applications.completion import is_open
from applications.desk_forms import OutcomeForm, PointForm
from applications.differences import differences
from applications.findings import Point, files_of, points
from applications.groups.neighbours import neighbours
from applications.models import Application, Attachment, CheckItem
from applications.reading import read_submission
from applications.rejection import is_open as may_be_observed
from applications.rejection import standing_notice
from applications.states import ApplicationState
from applications.transitions import (
    ADMIT,
    ADMIT_WITH_RESERVE,
    LIFT_RESERVE,
    NOT_ADMIT,
    NOTIFY_REJECTION,
    REQUEST_COMPLETION,
    START_CHECK,
)
from bando.notice.document import Notice
from bando.templatetags.bando_ui import form_errors
from workflow.perform import reasons_against
from workflow.transition import Refused

Points = list[tuple[Point, PointForm | None]]
"""The points of a check in order, each with its form once the check has begun."""


@officials_only
def application(request: HttpRequest, pk: str) -> HttpResponse:
    """The formal check: what was sent beside what the call asks."""
    row = application_at_the_desk(request, pk)
    if request.method != "POST":
        return _page(request, row)
    pressed = {"start": _start, "undo": _undo, "lift": _lift}
    return next((do for name, do in pressed.items() if name in request.POST), _save_and_act)(request, row)


def application_at_the_desk(request: HttpRequest, pk: Any) -> Application:
    """One application that the office may open, with what its pages read."""
    rows = Application.objects.at_the_desk(request.user, at=request.arrived_at).with_call()
    rows = rows.select_related("current__call_version", "current__by", "current__protocol")
    found = rows.prefetch_related("completion_requests__answer", "completion_requests__by", "rejection_notices__by")
    return get_object_or_404(found, pk=pk)


def told(steps: Any) -> list[dict[str, Any]]:
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


# --- what is typed ------------------------------------------------------------------------------------------------------


def _forms(row: Application, files: dict[str, Attachment], data: QueryDict | None = None) -> Points:
    """The points of the check in order, each with its form once the check has begun."""
    items = {item.code: item for item in row.check_items.select_related("by")}
    found: Points = []
    for point in points(row, files):
        form, item = None, items.get(point.code)
        if item:
            shown = {"verdict": item.verdict, "note": item.note, "shown_verdict": item.verdict, "shown_note": item.note}
            form = PointForm(data, prefix=point.code, title=point.title, initial=shown)
            form.item = item
        found.append((point, form))
    return found


def _save_and_act(request: HttpRequest, row: Application) -> HttpResponse:
    """Keep the verdicts, then do the act that was pressed, if any."""
    typed, form = _forms(row, files_of(row), request.POST), OutcomeForm(request.POST)
    if not all([point_form.is_valid() for _point, point_form in typed if point_form] + [form.is_valid()]):
        return _page(request, row, points=typed, form=form)
    try:
        contested = checking.save_verdicts(row, _entries(typed), by=request.user, at=request.arrived_at)
        if contested:
            return _contested(request, row, contested)
        messages.success(request, _act(request, row, form))
    except Refused as refused:
        row = application_at_the_desk(request, row.pk)
        reasons = _beside_the_fields(request, row, form, refused.reasons)
        return _page(request, row, form=form, reasons=reasons, status=409)
    return redirect("desk_application", pk=row.pk)


def _act(request: HttpRequest, row: Application, form: OutcomeForm) -> str:
    """Do what was pressed, and what is told of it. Raises :class:`Refused`."""
    who: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    words, number = form.cleaned_data, {"number": row.number}
    if "admit" in request.POST:
        checking.admit(row, **who)
        return _("La domanda %(number)s è ammessa.") % number
    if "admit_with_reserve" in request.POST:
        checking.admit_with_reserve(row, reason=words["reserve"], **who)
        return _("La domanda %(number)s è ammessa con riserva. Lo scriviamo all'ente.") % number
    if "not_admit" in request.POST:
        checking.not_admit(row, reason=words["reason"], answer=words["answer"], **who)
        return _("La domanda %(number)s non è ammessa. Mandiamo il motivo all'ente.") % number
    if "accept" in request.POST:
        accepted = checking.accept_proposals(row, **who)
        request.session[_accepted_of(row)] = {"at": request.arrived_at.isoformat(), "codes": accepted}
        words = ngettext("Hai accettato %(n)s proposta a favore.", "Hai accettato %(n)s proposte a favore.", len(accepted))
        return words % {"n": len(accepted)}
    return _("Verifica salvata.")


def _start(request: HttpRequest, row: Application) -> HttpResponse:
    try:
        checking.start_check(row, by=request.user, at=request.arrived_at)
    except Refused as refused:
        return _page(request, application_at_the_desk(request, row.pk), reasons=refused.reasons, status=409)
    return redirect("desk_application", pk=row.pk)


def _undo(request: HttpRequest, row: Application) -> HttpResponse:
    """Open again what was accepted in one press."""
    kept = request.session.pop(_accepted_of(row), None)
    try:
        opened = 0
        if kept:
            accepted_at = datetime.fromisoformat(kept["at"])
            opened = checking.undo_accepted(row, kept["codes"], accepted_at, by=request.user, at=request.arrived_at)
    except Refused as refused:
        return _page(request, application_at_the_desk(request, row.pk), reasons=refused.reasons, status=409)
    words = ngettext("%(n)s punto è di nuovo da verificare.", "%(n)s punti sono di nuovo da verificare.", opened)
    messages.success(request, words % {"n": opened})
    return redirect("desk_application", pk=row.pk)


def _accepted_of(row: Application) -> str:
    return f"accepted:{row.pk}"


def _lift(request: HttpRequest, row: Application) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form)
    try:
        checking.lift_reserve(row, reason=form.cleaned_data["reason"], by=request.user, at=request.arrived_at)
    except Refused as refused:
        row = application_at_the_desk(request, row.pk)
        reasons = refused.reasons
        if not reasons_against(LIFT_RESERVE, row, by=request.user, at=request.arrived_at):
            form.add_error("reason", reasons)
            reasons = []
        return _page(request, row, form=form, reasons=reasons, status=409)
    messages.success(request, _("La riserva è sciolta. Lo scriviamo all'ente."))
    return redirect("desk_application", pk=row.pk)


def _beside_the_fields(request: HttpRequest, row: Application, form: OutcomeForm, reasons: list[str]) -> list[str]:
    """When nothing else stands against the act, what is missing is a text: it is told where one writes it. Otherwise the reasons
    are answered, for the top of the page."""
    acts = {"admit_with_reserve": (ADMIT_WITH_RESERVE, "reserve"), "not_admit": (NOT_ADMIT, "reason")}
    pressed = next((name for name in acts if name in request.POST), None)
    if pressed is None:
        return reasons
    transition, field = acts[pressed]
    who: dict[str, Any] = {"by": request.user, "at": request.arrived_at}
    if reasons_against(transition, row, **who):
        return reasons
    unanswered = reasons_against(transition, row, data={"answer": form.cleaned_data["answer"]}, **who)
    for reason in reasons:
        form.add_error("answer" if reason in unanswered else field, reason)
    return []


def _entries(typed: Points) -> dict[str, checking.Entry]:
    found = {}
    for point, form in typed:
        if form:
            said = form.cleaned_data
            found[point.code] = checking.Entry(
                shown=checking.Verdict(said["shown_verdict"], said["shown_note"]),
                chosen=checking.Verdict(said["verdict"], said["note"]),
            )
    return found


def _contested(request: HttpRequest, row: Application, contested: list[CheckItem]) -> HttpResponse:
    """Show again what was typed beside what a colleague saved meanwhile; saving once more then writes over it."""
    data, theirs = request.POST.copy(), {item.code: item for item in contested}
    for item in contested:
        data[f"{item.code}-shown_verdict"], data[f"{item.code}-shown_note"] = item.verdict, item.note
    typed = _forms(row, files_of(row), data)
    for point, form in typed:
        if form and (item := theirs.get(point.code)):
            said = _("«%(title)s»") % {"title": item.get_verdict_display()} + (f" ({item.note})" if item.note else "")
            words = _("%(who)s ha appena scritto %(said)s. Se vale il tuo esito, salva di nuovo.")
            form.add_error("verdict", words % {"who": item.by, "said": said})
    return _page(request, row, points=typed, form=OutcomeForm(request.POST), status=409)


def proposed_reason(row: Application, verdict: str = CheckItem.Verdict.NOT_MET) -> str:
    """The notes of the points with a verdict, to start from when a reason is written."""
    titles = {point.code: point.title for point in points(row)}
    return _noted((titles.get(item.code, item.code), item) for item in row.check_items.filter(verdict=verdict).order_by("pk"))


def _noted(items: Any) -> str:
    return "\n".join(f"{title}: {item.note}" if item.note else title for title, item in items)


def _initial(row: Application, typed: Points) -> dict[str, str]:
    """The texts to start from: what was announced to the body, or the notes of the points."""
    notice = standing_notice(row)
    noted = {
        verdict: _noted((point.title, form.item) for point, form in typed if form and form.item.verdict == verdict)
        for verdict in (CheckItem.Verdict.NOT_MET, CheckItem.Verdict.RESERVE)
    }
    if row.state != ApplicationState.CHECKING:
        return {}
    return {
        "reason": notice.reasons if notice else noted[CheckItem.Verdict.NOT_MET],
        "reserve": noted[CheckItem.Verdict.RESERVE],
    }


# --- what is shown ------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    row: Application,
    *,
    points: Points | None = None,
    form: OutcomeForm | None = None,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at: datetime = request.arrived_at
    notice, held = row.current.call_version.notice, files_of(row)
    typed = _forms(row, held) if points is None else points
    form = OutcomeForm(initial=_initial(row, typed)) if form is None else form
    against = {
        f"against_{transition.name}": reasons_against(transition, row, by=request.user, at=at)
        for transition in (
            START_CHECK,
            ADMIT,
            ADMIT_WITH_RESERVE,
            NOT_ADMIT,
            NOTIFY_REJECTION,
            REQUEST_COMPLETION,
        )
    }
    completions = _completions(row, at)
    changed = _by_point(completions)
    with_verdict = [point_form for _point, point_form in typed if point_form]
    judged = sum(bool(point_form.item.verdict) for point_form in with_verdict)
    errors = [error for one in [*with_verdict, form] for error in form_errors(one)]
    others = _others_of_the_call(request, row)
    clock, last_notice = check_time.clock_of(row, at), standing_notice(row)
    context = against | {
        "application": row,
        "area": notice.area(row.area_code),
        "read": read_submission(notice, row.area_code, row.current.answers, row.current.manifest),
        "files": _files(row, notice, held),
        "points": [{"point": point, "form": one, "answers": changed.get(point.code, [])} for point, one in typed],
        "first_open": next((number for number, (_point, one) in enumerate(typed, 1) if one and not one.item.verdict), None),
        "acceptable": sum(point.speaks_for and not one.item.verdict for point, one in typed if one),
        "accepted": request.session.get(_accepted_of(row)) if row.state == ApplicationState.CHECKING else None,
        "judged": judged,
        "total": len(with_verdict),
        "judged_label": ngettext("%(n)s punto su %(total)s con esito", "%(n)s punti su %(total)s con esito", judged)
        % {"n": judged, "total": len(with_verdict)},
        "is_waiting": row.state == ApplicationState.SUBMITTED,
        "is_checking": row.state == ApplicationState.CHECKING,
        "gives_notice": row.call.notice.formal_check.rejection_notice,
        "notices": [{"notice": one, "is_open": may_be_observed(one, at)} for one in row.rejection_notices.all()],
        "is_observed": last_notice is not None and last_notice.observed_at is not None,
        "may_lift": row.has_reserve and not reasons_against(LIFT_RESERVE, row, by=request.user, at=at),
        "clock": clock,
        "clock_words": check_time.in_words(clock) if clock else "",
        "completions": completions,
        "reason_form": form,
        "reasons": reasons or [],
        "errors": errors,
        "has_errors": bool(errors),
        "neighbours": neighbours(row, others),
        "history": told(row.steps.select_related("by")),
        "next": _next_to_check(request, row),
        **_place(row, others),
    }
    return render(request, "applications/desk/application.html", context, status=status)


def _place(row: Application, others: list[Application]) -> dict[str, Any]:
    """Where the application stands among those of its area, in order of number, and its neighbours."""
    rows = sorted([row, *others], key=lambda one: one.number)
    place = rows.index(row)
    return {
        "place": place + 1,
        "of": len(rows),
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
    }


def _files(row: Application, notice: Notice, held: dict[str, Attachment]) -> list[dict[str, Any]]:
    """The files that were sent, as the manifest has them, with the attachment (``held``) that says how each stands now."""
    rules = {rule.code: rule for rule in notice.attachments_for(row.area_code)}
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
