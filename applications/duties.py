"""The work that follows a submission, registered when the program starts."""

from __future__ import annotations

from datetime import datetime

from applications.emails import send_receipt
from applications.models import Submission
from applications.receipts import issue
from workflow.duties import duty


@duty("applications.receipt")
def receipt(subject: str, at: datetime) -> None:
    issue(_submission(subject), at=at)


@duty("applications.receipt_mail")
def receipt_mail(subject: str, at: datetime) -> None:
    send_receipt(_submission(subject))


def _submission(subject: str) -> Submission:
    return Submission.objects.select_related("application__call", "application__organisation", "call_version", "by").get(
        pk=subject
    )
