"""What is written to applicants."""

from __future__ import annotations

from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from applications.models import Submission
from applications.receipts import receipt_context


def send_receipt(submission: Submission) -> None:
    """The receipt to the person who sent the application, and to nobody else: the body's PEC gets the acts of the office.

    A worker may die after sending and before saying so, and send again: the identifier is that of the submission, so
    that a mail program shows the two as one.
    """
    with translation.override("it"):
        context = receipt_context(submission) | {
            "administration": settings.ADMINISTRATION,
            "url": f"{settings.SITE_URL}{reverse('application_receipt', args=[submission.application_id])}",
        }
        subject = render_to_string("applications/email/receipt_subject.txt", context).strip()
        body = render_to_string("applications/email/receipt.txt", context)
    domain = make_msgid().rpartition("@")[2].rstrip(">")
    message_id = f"<receipt-{submission.pk}@{domain}>"
    EmailMessage(subject, body, to=[submission.by.email], headers={"Message-ID": message_id}).send()
