"""The mails about reports: what comes near, what was sent, what the office asks and approves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.people import people_of
from applications.evidence.trouble import office_addresses
from bando.deadlines import day_in_rome
from network.actions.requests import stamp
from network.models import Remark, Report, ReportingTerm, Space
from network.report_terms import closings, is_due
from network.reporting import LATEST, REMINDERS, days_left, reminder
from network.states import AgreementState, ReportState
from network.to_each import Letter, mailed_to_each
from workflow.chores import chore
from workflow.duties import duty, owe_all
from workflow.mail import send


@chore
def remind(at: datetime) -> None:
    """Owe the reminders that have come (``reporting.REMINDERS``). The worker asks once a minute; what was owed once is not owed
    again."""
    today = day_in_rome(at)
    terms = ReportingTerm.objects.filter(
        due_on__range=(today + timedelta(days=LATEST), today + timedelta(days=max(REMINDERS))),
        agreement__state__in=[AgreementState.SIGNED, AgreementState.EFFECTIVE, AgreementState.ENDED],
    )
    owed = []
    for term in terms:
        told = Report.objects.filter(term=term).exclude(state=ReportState.DRAFT).values("space")
        spaces = Space.objects.filter(partnership__agreement=term.agreement_id, opened_on__isnull=False).exclude(pk__in=told)
        which, closed = reminder(days_left(term.due_on, today)), closings(spaces)
        due = [space for space in spaces if is_due(space, term, closed)]
        owed += [("network.report_near", f"{space.pk}:{term.pk}:{which}") for space in due]
    owe_all(owed, at=at)


@mailed_to_each("network.report_near")
def tell_near(subject: str, at: datetime) -> Letter | None:
    space_pk, term_pk, _which = subject.split(":")
    space = Space.objects.select_related("partnership").get(pk=space_pk)
    term = ReportingTerm.objects.get(pk=term_pk)
    if Report.objects.filter(space=space, term=term).exclude(state=ReportState.DRAFT).exists():
        return None
    context = {
        "space": space,
        "term": term,
        "left": days_left(term.due_on, day_in_rome(at)),
        "url": _url("report", space.pk, term.pk),
    }
    return _to_the_body(space, "report_near", context, f"report-near-{subject.replace(':', '-')}")


@duty("network.report_sent")
def tell_sent(subject: str, at: datetime) -> None:
    rows = Report.objects.select_related("space", "term__agreement__application__call__version")
    report = rows.get(pk=subject.partition(":")[0])
    context = {"report": report, "space": report.space, "term": report.term, "url": _url("desk_report", report.pk)}
    to = office_addresses(report.term.agreement.application.call.notice)
    send("network/email/report_sent", context, to=to, identifier=f"report-sent-{subject.replace(':', '-')}")


@mailed_to_each("network.report_remarked")
def tell_remarked(subject: str, at: datetime) -> Letter | None:
    remark = Remark.objects.select_related("report__space__partnership", "report__term").get(pk=subject)
    report = remark.report
    url = _url("report", report.space_id, report.term_id)
    context = {"remark": remark, "space": report.space, "term": report.term, "url": url}
    return _to_the_body(report.space, "report_remarked", context, f"report-remark-{remark.pk}")


@mailed_to_each("network.report_approved")
def tell_approved(subject: str, at: datetime) -> Letter | None:
    """``subject``: the report, and the moment of the approval. One that was reopened is approved again, perhaps as it was."""
    pk, _colon, moment = subject.partition(":")
    report = Report.objects.select_related("space__partnership", "term").get(pk=pk)
    if report.approved_at is None or stamp(report.approved_at) != moment:  # it was reopened before the mail left
        return None
    url = _url("report", report.space_id, report.term_id)
    context = {"space": report.space, "term": report.term, "url": url}
    return _to_the_body(report.space, "report_approved", context, f"report-approved-{report.pk}-{moment}")


def _to_the_body(space: Space, mail: str, context: dict[str, Any], identifier: str) -> Letter:
    return Letter(f"network/email/{mail}", context, identifier, people_of(space.partnership.organisation_id))


def _url(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)
