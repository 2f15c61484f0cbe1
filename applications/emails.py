"""What is written to applicants."""

from __future__ import annotations

from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from applications.models import Application, Submission
from applications.receipts import receipt_context
from applications.transitions import ADMIT, NOT_ADMIT


def send_receipt(submission: Submission) -> None:
    """The receipt to the person who sent the application, and to nobody else: the body's PEC gets the acts of the office.

    A worker may die after sending and before saying so, and send again: the identifier is that of the submission, so
    that a mail program shows the two as one. It is in the person's language, the PDF in that of the procedure.
    """
    with translation.override(submission.by.language):
        context = receipt_context(submission) | {
            "administration": settings.ADMINISTRATION,
            "url": f"{settings.SITE_URL}{reverse('application_receipt', args=[submission.application_id])}",
        }
        subject = render_to_string("applications/email/receipt_subject.txt", context).strip()
        body = render_to_string("applications/email/receipt.txt", context)
    _send(subject, body, to=[submission.by.email], identifier=f"receipt-{submission.pk}")


def send_outcome(application: Application) -> None:
    """Whether the application is admitted, and why if it is not, to the body's PEC and to the person who sent it.

    It tells the act and not the state of now: the application may have gone on before the letter left.
    """
    step = application.steps.filter(act__in=[ADMIT.name, NOT_ADMIT.name]).latest("pk")
    with translation.override("it"):
        context = {
            "administration": settings.ADMINISTRATION,
            "demonstration": settings.DEMO,
            "application": application,
            "area": application.area,
            "admitted": step.act == ADMIT.name,
            "step": step,
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        subject = render_to_string("applications/email/outcome_subject.txt", context).strip()
        body = render_to_string("applications/email/outcome.txt", context)
    to = list(dict.fromkeys([application.organisation.pec, application.current.by.email]))
    _send(subject, body, to=to, identifier=f"outcome-{step.pk}")


def _send(subject: str, body: str, *, to: list[str], identifier: str) -> None:
    domain = make_msgid().rpartition("@")[2].rstrip(">")
    EmailMessage(subject, body, to=to, headers={"Message-ID": f"<{identifier}@{domain}>"}).send()
