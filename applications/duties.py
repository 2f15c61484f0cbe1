"""The work that follows a submission or the end of the formal check, registered when the program starts."""

from __future__ import annotations

from datetime import datetime

from applications.checking import OUTCOME_MAIL
from applications.emails import send_outcome, send_receipt
from applications.models import Application, Submission
from applications.receipts import issue
from workflow.duties import duty


@duty("applications.receipt")
def receipt(subject: str, at: datetime) -> None:
    issue(_submission(subject), at=at)


@duty("applications.receipt_mail")
def receipt_mail(subject: str, at: datetime) -> None:
    send_receipt(_submission(subject))


@duty(OUTCOME_MAIL)
def outcome_mail(subject: str, at: datetime) -> None:
    send_outcome(Application.objects.with_call().select_related("current__by").get(pk=subject))


def _submission(subject: str) -> Submission:
    return Submission.objects.select_related("application__call", "application__organisation", "call_version", "by").get(
        pk=subject
    )
