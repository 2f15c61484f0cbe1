"""The reports of the Spazi: for the body that writes them, and for the office that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.deadlines import day_in_rome
from bando.left_over import left_over
from bando.typed import whole_number
from network import actions
from network.fields import ReasonForm
from network.models import Report, ReportingTerm, Space
from network.report_figures import TOLD, lines_of, requests_counted
from network.report_final import balance_of, gaps_of, is_final, summary_of
from network.report_forms import AnswersForm, FinalForm, RemarkForm, ReportForm
from network.report_terms import closings, is_over, waits
from network.reporting import Line, days_left, minutes_of, read_work, total
from network.rules.reports import WORDS, holding
from network.states import ReportState
from network.transitions import APPROVE_REPORT, REMARK_REPORT, REOPEN_REPORT, SAVE_REPORT, SEND_REPORT
from workflow.perform import reasons_against
from workflow.transition import Refused

WITH_ALL = ("space__partnership__organisation", "term__agreement__application__call__version", "term__agreement__project")


def due_rows(spaces: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """Every term of every Spazio with its report, if there is one; what is late first, then by day. Two queries, and one
    more where a Spazio has closed."""
    today = day_in_rome(request.arrived_at)
    spaces = list(spaces.select_related("partnership__organisation"))
    terms = ReportingTerm.objects.filter(agreement__partnership__spaces__in=spaces).distinct().order_by("due_on", "number")
    by_agreement: dict[Any, list[ReportingTerm]] = {}
    for term in terms:
        by_agreement.setdefault(term.agreement_id, []).append(term)
    reports = {(row.space_id, row.term_id): row for row in Report.objects.filter(space__in=spaces)}
    rows, closed = [], closings(spaces)
    for space in spaces:
        for term in by_agreement.get(space.partnership.agreement_id, ()):
            report = reports.get((space.pk, term.pk))
            state = report.state if report else ReportState.DRAFT
            left = days_left(term.due_on, today)
            waiting = waits(space, term, state, closed, today)
            not_due = state == ReportState.DRAFT and not waiting
            rows.append(
                {
                    "space": space,
                    "term": term,
                    "report": report,
                    "state": state,
                    "label": _("Non dovuto: lo Spazio non era aperto") if not_due else ReportState(state).label,
                    "waits": waiting,
                    "not_due": not_due,
                    "left": left,
                    "late": waiting and left < 0,
                    "days_late": -left,
                    "future": waiting and not is_over(term, today),
                }
            )
    return sorted(rows, key=lambda row: (not row["late"], row["term"].due_on, row["space"].name))


@login_required
def my_reports(request: HttpRequest) -> HttpResponse:
    """The reports of one's own Spazi, by term."""
    spaces = Space.objects.run_by(request.user).filter(partnership__isnull=False)
    if not spaces.exists():
        raise Http404
    rows = due_rows(spaces, request)
    waiting = [row for row in rows if row["waits"]]
    return render(
        request,
        "network/reports/mine.html",
        {
            "now_due": [row for row in waiting if not row["future"]],
            "coming": [row for row in waiting if row["future"]],
            "told": [row for row in rows if row["state"] in TOLD and not row["waits"]],
            "not_due": [row for row in rows if row["not_due"]],
        },
    )


@login_required
def report(request: HttpRequest, space: Any, term: int) -> HttpResponse:
    """One report, as its body writes it, sends it and answers what the office asks."""
    spaces = Space.objects.run_by(request.user).select_related("partnership")
    place = get_object_or_404(spaces, pk=space)
    period = get_object_or_404(ReportingTerm, pk=term, agreement=place.partnership.agreement_id)
    if request.method == "POST":
        actions.report_of(place, period)
    row = Report.objects.select_related(*WITH_ALL).filter(space=place, term=period).first() or Report(space=place, term=period)
    lines, status, reasons = lines_of(row), 200, []
    asked = [remark for remark in row.remarks.all() if not remark.answer]
    may_write = not reasons_against(SAVE_REPORT, row, by=request.user, at=request.arrived_at)
    form, answers = _form(row, lines), AnswersForm(remarks=asked)
    if request.method == "POST":
        form = _form(row, lines, request.POST)
        answers = AnswersForm(request.POST, remarks=asked)
        if form.is_valid() and answers.is_valid():
            try:
                seen = form.cleaned_data["seen"]
                actions.save_report(row, form.figures, seen=seen, by=request.user, at=request.arrived_at)
                if any(answers.answers.values()):
                    actions.answer_remarks(row, answers.answers, by=request.user, at=request.arrived_at)
                messages.success(request, _("Il rendiconto è salvato."))
                if "send" in request.POST:
                    actions.send_report(row, seen=seen + 1, by=request.user, at=request.arrived_at)
                    messages.success(request, _("Il rendiconto è inviato: l'ufficio lo legge."))
                return redirect("report", place.pk, period.pk)
            except Refused as refusal:
                reasons, status = refusal.reasons, 409
                row = Report.objects.select_related(*WITH_ALL).get(pk=row.pk)
                # What was typed is kept already and only the sending was refused, or a colleague saved meanwhile: the page
                # shows below what is stored, and who saves again now has read it.
                form.data = {**form.data.dict(), "seen": row.version}
    context = {
        **_context(row),
        "form": form if may_write else None,
        "answers": answers if may_write and asked else None,
        "unsaved": left_over([(form, may_write), (answers, may_write)]),
        "reasons": reasons,
        "gaps": _gaps(row) if may_write else [],
        "waits": reasons_against(SEND_REPORT, row, by=request.user, at=request.arrived_at),
        "wrong": answers if answers.errors else form,
        "has_errors": form.errors or answers.errors,
    }
    return render(request, "network/reports/report.html", context, status=status)


@officials_only
def desk_reports(request: HttpRequest) -> HttpResponse:
    """Every term of every Spazio: what is late, what waits for the office, what is approved."""
    rows = due_rows(Space.objects.filter(partnership__isnull=False), request)
    chosen = request.GET.get("stato", "")
    groups = {
        "sent": [row for row in rows if row["state"] == ReportState.SENT],
        "late": [row for row in rows if row["late"]],
        "waiting": [row for row in rows if row["waits"] and not row["future"]],
        "approved": [row for row in rows if row["state"] == ReportState.APPROVED],
        "future": [row for row in rows if row["future"]],
        "not_due": [row for row in rows if row["not_due"]],
    }
    now = [row for row in rows if row not in groups["future"] and row not in groups["not_due"]]
    names = {
        "sent": _("Da leggere"),
        "late": _("In ritardo"),
        "waiting": _("Aspettiamo l'ente"),
        "approved": _("Approvati"),
        "future": _("In corso e futuri"),
        "not_due": _("Non dovuti"),
    }
    context = {
        "rows": groups.get(chosen, now),
        "chosen": chosen if chosen in groups else "",
        "filters": [(code, names[code], len(found)) for code, found in groups.items()],
        "all": len(now),
    }
    return render(request, "network/reports/desk_reports.html", context)


@officials_only
def desk_report(request: HttpRequest, pk: Any) -> HttpResponse:
    """One report, as the office reads it, asks about it and approves it."""
    rows = Report.objects.select_related(*WITH_ALL)
    row, status = get_object_or_404(rows, pk=pk), 200
    remark, undo = RemarkForm(initial={"seen": row.version}), ReasonForm(prefix="undo")
    reasons: list[str] = []
    if request.method == "POST":
        try:
            if "approve" in request.POST:
                seen = whole_number(request.POST.get("seen", ""))
                actions.approve_report(row, seen=-1 if seen is None else seen, by=request.user, at=request.arrived_at)
                messages.success(request, _("Il rendiconto è approvato: lo diciamo all'ente."))
                return redirect("desk_report", pk=pk)
            if "remark" in request.POST:
                remark = RemarkForm(request.POST)
                if remark.is_valid():
                    actions.remark_on_report(row, by=request.user, at=request.arrived_at, **remark.cleaned_data)
                    messages.success(request, _("La richiesta è inviata all'ente."))
                    return redirect("desk_report", pk=pk)
            if "reopen" in request.POST:
                undo = ReasonForm(request.POST, prefix="undo")
                if undo.is_valid():
                    actions.reopen_report(row, reason=undo.cleaned_data["reason"], by=request.user, at=request.arrived_at)
                    messages.success(request, _("Il rendiconto è riaperto: l'ente può correggerlo."))
                    return redirect("desk_report", pk=pk)
        except Refused as refusal:
            reasons, status = refusal.reasons, 409
            row = get_object_or_404(rows, pk=pk)

    against = {
        act.name: reasons_against(act, row, by=request.user, at=request.arrived_at)
        for act in (APPROVE_REPORT, REMARK_REPORT, REOPEN_REPORT)
        if row.state in act.sources
    }
    held_back = list(dict.fromkeys(reason for found in against.values() for reason in found))
    context = {
        **_context(row),
        "reasons": reasons,
        "may_approve": against.get(APPROVE_REPORT.name) == [],
        "remark": remark if against.get(REMARK_REPORT.name) == [] else None,
        "undo": undo if against.get(REOPEN_REPORT.name) == [] else None,
        "held_back": held_back,
        "holding": holding(row).select_related("term") if held_back else [],
        "steps": row.steps.select_related("by"),
        "is_draft": row.state == ReportState.DRAFT,
        "wrong": remark if remark.errors else undo,
        "has_errors": remark.errors or undo.errors,
    }
    return render(request, "network/reports/desk_report.html", context, status=status)


def _form(row: Report, lines: Sequence[Line], typed: Any = None) -> ReportForm | FinalForm:
    return FinalForm(typed, report=row) if is_final(row) else ReportForm(typed, report=row, lines=lines)


def _context(row: Report) -> dict[str, Any]:
    """What both pages say of a report. A final one tells the sums of its quarters."""
    summary = summary_of(row) if is_final(row) else None
    work, lines = summary.work if summary else read_work(row.hours), lines_of(row)
    return {
        "report": row,
        "space": row.space,
        "term": row.term,
        "summary": summary,
        "balance": balance_of(row.term.agreement) if summary else None,
        "visits": summary.visits if summary else row.visits,
        "work": work,
        "paid_minutes": minutes_of(work, volunteers=False),
        "volunteer_minutes": minutes_of(work, volunteers=True),
        "lines": [
            {
                "line": line,
                "spent_cents": summary.spent.get(line.code, 0) if summary else line.spent_cents,
                "own_cents": summary.own.get(line.code, 0) if summary else line.own_cents,
            }
            for line in lines
        ],
        "total": total(lines),
        "told": {
            "spent_cents": sum(summary.spent.values()) if summary else total(lines).spent_cents,
            "own_cents": sum(summary.own.values()) if summary else total(lines).own_cents,
        },
        "counted": summary.requests if summary else row.requests or requests_counted(row.space, row.term),
        "remarks": row.remarks.select_related("by"),
    }


def _gaps(row: Report) -> list[str]:
    return [WORDS[what](title) for what, title in gaps_of(row)]
