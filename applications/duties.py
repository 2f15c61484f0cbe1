"""The work that follows a submission, the end of the formal check or an amendment, registered when the program starts."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organisation
from applications import infected
from applications.actions.completing import REQUEST_MAIL
from applications.actions.rejecting import REJECTION_MAIL
from applications.amending import LETTERS
from applications.checking import OUTCOME_MAIL, RESERVE_MAIL
from applications.emails import (
    send_completion_request,
    send_outcome,
    send_receipt,
    send_rejection_notice,
    send_reserve_lifted,
    send_term,
)
from applications.evidence import aside, dossier
from applications.evidence.trouble import MAIL, OFFICE_MAIL, write_to_the_office, write_to_the_person
from applications.models import (
    Application,
    Attachment,
    CompletionRequest,
    Dossier,
    RejectionNotice,
    Submission,
    TroubleReport,
)
from applications.receipts import issue
from applications.telling import bodies_to_write_to, send_letter
from bando.models import Amendment
from workflow.chores import chore
from workflow.duties import duty, owe


@chore
def evidence_set_aside(at: datetime) -> None:
    aside.bring_in()


@duty("applications.receipt")
def receipt(subject: str, at: datetime) -> None:
    issue(_submission(subject), at=at)


@duty("applications.receipt_mail")
def receipt_mail(subject: str, at: datetime) -> None:
    send_receipt(_submission(subject))


@duty(OUTCOME_MAIL)
def outcome_mail(subject: str, at: datetime) -> None:
    send_outcome(_application(subject))


@duty(RESERVE_MAIL)
def reserve_mail(subject: str, at: datetime) -> None:
    send_reserve_lifted(_application(subject))


@duty(REJECTION_MAIL)
def rejection_mail(subject: str, at: datetime) -> None:
    pk, _colon, what = subject.partition(":")
    notice = RejectionNotice.objects.get(pk=pk)
    notice.application = _application(str(notice.application_id))
    send_rejection_notice(notice, what=what)


@duty(REQUEST_MAIL)
def completion_mail(subject: str, at: datetime) -> None:
    """``pk`` of the request, and what happened to it: ``taken_back``, or an act on its term with its moment."""
    pk, _colon, what = subject.partition(":")
    asked = CompletionRequest.objects.get(pk=pk)
    asked.application = _application(str(asked.application_id))
    act, _colon, moment = what.partition(":")
    if moment:
        send_term(asked, asked.application.steps.get(act=act, at=datetime.fromisoformat(moment)))
    else:
        send_completion_request(asked, taken_back=bool(what))


@duty(infected.DUTY)
def infected_mail(subject: str, at: datetime) -> None:
    file = Attachment.objects.select_related("document__by").get(pk=subject)
    file.application = Application.objects.with_call().select_related("current").get(pk=file.application_id)
    infected.tell(file, at=at)


@duty(MAIL)
def trouble_mail(subject: str, at: datetime) -> None:
    write_to_the_person(_trouble(subject))


@duty(OFFICE_MAIL)
def trouble_office_mail(subject: str, at: datetime) -> None:
    write_to_the_office(_trouble(subject))


@duty(dossier.DUTY)
def signed_dossier(subject: str, at: datetime) -> None:
    asked = Dossier.objects.select_related("call__version", "application__organisation", "by")
    dossier.issue(asked.get(pk=subject), at=at)


@duty(LETTERS)
def amendment_letters(subject: str, at: datetime) -> None:
    """One duty for each letter: a PEC that no server takes is tried again alone."""
    for body in bodies_to_write_to(_amendment(subject).call):
        owe("applications.amendment_letter", f"{subject}:{body.pk}", at=at)


@duty("applications.amendment_letter")
def amendment_letter(subject: str, at: datetime) -> None:
    amendment, body = subject.split(":")
    send_letter(_amendment(amendment), Organisation.objects.get(pk=body))


def _application(pk: str) -> Application:
    return Application.objects.with_call().select_related("current__by").get(pk=pk)


def _trouble(pk: str) -> TroubleReport:
    return TroubleReport.objects.select_related("by", "call__version").get(pk=pk)


def _amendment(pk: str) -> Amendment:
    return Amendment.objects.select_related("call__version", "before", "after").get(pk=pk)


def _submission(subject: str) -> Submission:
    return Submission.objects.select_related("application__call", "application__organisation", "call_version", "by").get(
        pk=subject
    )
