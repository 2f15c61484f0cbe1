"""The report of a Spazio, from the first figure to the approval, one function per verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from network.actions.requests import stamp
from network.models import Agreement, Remark, Report, ReportingTerm, Space
from network.report_figures import requests_counted
from network.report_final import gaps_of, is_final, summary_of
from network.transitions import APPROVE_REPORT, REMARK_REPORT, REOPEN_REPORT, SAVE_REPORT, SEND_REPORT
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused

FIGURES = ("visits", "hours", "expenses", "activities")
AT_THE_END = ("activities", "assets", "evaluation")
"""What a final report says of its own: its figures are those of the quarters."""


def report_of(space: Space, term: ReportingTerm) -> Report:
    """The report of a Spazio for a term of its own agreement, made the first time that somebody asks.

    Raises :class:`Refused` for the term of another agreement."""
    if space.partnership is None or space.partnership.agreement_id != term.agreement_id:
        raise Refused([_("Questo termine è di un'altra convenzione.")])
    report, _made = Report.objects.get_or_create(space=space, term=term)
    return report


def save_report(report: Report, figures: Mapping[str, Any], *, seen: int, by: User, at: datetime) -> Step:
    """Keep what is told in a report (:data:`FIGURES` or, in a final one, :data:`AT_THE_END`) over its version ``seen``.
    Raises :class:`Refused`, having changed nothing, when a colleague saved another meanwhile. What a colleague had written and
    now isn't there any more stays in the step."""
    names = AT_THE_END if is_final(report) else FIGURES

    def keep(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        is_mine = row.saved_by_id in (None, by.pk)
        was = {} if is_mine else {name: getattr(row, name) for name in names if getattr(row, name) != figures[name]}
        for name in names:
            setattr(row, name, figures[name])
        row.version, row.saved_by, row.saved_at = row.version + 1, by, at
        return {"version": row.version, **({"was": was} if was else {})}

    saves = [*names, "version", "saved_by", "saved_at"]
    return perform(SAVE_REPORT, report, by=by, at=at, data={"seen": seen}, effect=keep, saves=saves)


def send_report(report: Report, *, seen: int, by: User, at: datetime) -> Step:
    """Send it to the office. The requests of the term are counted now and stay as they are counted; those of a final report
    are the sum of its quarters."""
    is_last = is_final(report)

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        row.requests = {} if is_last else requests_counted(row.space, row.term)
        row.sent_at = at
        owe("network.report_sent", f"{row.pk}:{stamp(at)}", at=at)
        told = {name: getattr(row, name) for name in (AT_THE_END if is_last else FIGURES)}
        sums = asdict(summary_of(row)) if is_last else {"requests": row.requests}
        return {**told, **sums, "version": row.version}

    with transaction.atomic():
        _hold(report)
        now = Report.objects.select_related("term__agreement__application__call__version", "space").get(pk=report.pk)
        data = {"seen": seen, "missing": gaps_of(now)}
        return perform(SEND_REPORT, report, by=by, at=at, data=data, effect=freeze, saves=["requests", "sent_at"])


def remark_on_report(report: Report, *, text: str, seen: int, by: User, at: datetime) -> Step:
    """Ask the body for something about its report: it may write again."""

    def ask(attempt: Attempt) -> Mapping[str, Any]:
        remark = attempt.row.remarks.create(text=text.strip(), by=by, at=at)
        owe("network.report_remarked", remark.pk, at=at)
        return {"remark": remark.pk}

    with transaction.atomic():
        _hold(report)
        return perform(REMARK_REPORT, report, by=by, at=at, reason=text.strip(), data={"seen": seen}, effect=ask)


def answer_remarks(report: Report, answers: Mapping[int, str], *, by: User, at: datetime) -> None:
    """Answer remarks, by their pk; an empty answer is none. Raises :class:`Refused`."""
    perform(SAVE_REPORT, report, by=by, at=at, effect=lambda attempt: {"answered": _answer(attempt.row, answers, at)})


def approve_report(report: Report, *, seen: int, by: User, at: datetime) -> Step:
    def mark(attempt: Attempt) -> None:
        attempt.row.approved_at = at
        owe("network.report_approved", f"{attempt.row.pk}:{stamp(at)}", at=at)

    with transaction.atomic():
        _hold(report)
        return perform(APPROVE_REPORT, report, by=by, at=at, data={"seen": seen}, effect=mark, saves=["approved_at"])


def reopen_report(report: Report, *, reason: str, by: User, at: datetime) -> Step:
    """An approved report has a mistake: the body writes it again, and the office approves it again."""

    def undo(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.approved_at = None
        remark = attempt.row.remarks.create(text=reason.strip(), by=by, at=at)
        owe("network.report_remarked", remark.pk, at=at)
        return {"remark": remark.pk}

    with transaction.atomic():
        _hold(report)
        return perform(REOPEN_REPORT, report, by=by, at=at, reason=reason, effect=undo, saves=["approved_at"])


def _hold(report: Report) -> None:
    """The agreement is the lock between a final report and the quarters that it adds up: each looks at the others. Before the
    report itself, as whoever changes the terms of an agreement takes them."""
    Agreement.objects.select_for_update().only("pk").get(pk=report.term.agreement_id)


def _answer(report: Report, answers: Mapping[int, str], at: datetime) -> Sequence[int]:
    given = []
    for remark in Remark.objects.filter(report=report, pk__in=answers):
        if text := answers[remark.pk].strip():
            remark.answer, remark.answered_at = text, at
            remark.save(update_fields=["answer", "answered_at"])
            given.append(remark.pk)
    return given
