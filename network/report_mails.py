"""The mails about reports: what comes near, what was sent, what the office asks and approves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.people import people_of
from applications.evidence.trouble import office_addresses
from bando.deadlines import day_in_rome
from network.models import Remark, Report, ReportingTerm, Space
from network.report_terms import closings, is_due
from network.reporting import LATEST, REMINDERS, days_left, reminder
from network.states import AgreementState, ReportState
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


@duty("network.report_near")
def tell_near(subject: str, at: datetime) -> None:
    space_pk, term_pk, _which = subject.split(":")
    space = Space.objects.select_related("partnership").get(pk=space_pk)
    term = ReportingTerm.objects.get(pk=term_pk)
    if Report.objects.filter(space=space, term=term).exclude(state=ReportState.DRAFT).exists():
        return
    context = {
        "space": space,
        "term": term,
        "left": days_left(term.due_on, day_in_rome(at)),
        "url": _url("report", space.pk, term.pk),
    }
    _tell_the_body(space, "network/email/report_near", context, f"report-near-{subject.replace(':', '-')}")


@duty("network.report_sent")
def tell_sent(subject: str, at: datetime) -> None:
    rows = Report.objects.select_related("space", "term__agreement__application__call__version")
    report = rows.get(pk=subject.partition(":")[0])
    context = {"report": report, "space": report.space, "term": report.term, "url": _url("desk_report", report.pk)}
    to = office_addresses(report.term.agreement.application.call.notice)
    send("network/email/report_sent", context, to=to, identifier=f"report-sent-{subject.replace(':', '-')}")


@duty("network.report_remarked")
def tell_remarked(subject: str, at: datetime) -> None:
    remark = Remark.objects.select_related("report__space__partnership", "report__term").get(pk=subject)
    report = remark.report
    url = _url("report", report.space_id, report.term_id)
    context = {"remark": remark, "space": report.space, "term": report.term, "url": url}
    _tell_the_body(report.space, "network/email/report_remarked", context, f"report-remark-{remark.pk}")


@duty("network.report_approved")
def tell_approved(subject: str, at: datetime) -> None:
    report = Report.objects.select_related("space__partnership", "term").get(pk=subject)
    url = _url("report", report.space_id, report.term_id)
    context = {"space": report.space, "term": report.term, "url": url}
    _tell_the_body(report.space, "network/email/report_approved", context, f"report-approved-{report.pk}-{report.version}")


def _tell_the_body(space: Space, template: str, context: dict[str, Any], identifier: str) -> None:
    for person in people_of(space.partnership.organisation_id):
        with translation.override(person.language):
            send(template, {**context, "person": person}, to=[person.email], identifier=f"{identifier}-{person.pk}")


def _url(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)
