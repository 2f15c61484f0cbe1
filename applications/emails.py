"""What is written to applicants."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.rules import acts_for
from applications.models import Application, CompletionRequest, Submission
from applications.receipts import receipt_context
from applications.transitions import ADMIT, NOT_ADMIT
from workflow.mail import send


def send_receipt(submission: Submission) -> None:
    """The receipt to the person who sent the application, and to nobody else: the body's PEC gets the acts of the office.

    It is in the person's language, the PDF in that of the procedure.
    """
    with translation.override(submission.by.language):
        context = receipt_context(submission) | {
            "url": f"{settings.SITE_URL}{reverse('application_receipt', args=[submission.application_id])}",
        }
        send("applications/email/receipt", context, to=[submission.by.email], identifier=f"receipt-{submission.pk}")


def send_outcome(application: Application) -> None:
    """Whether the application is admitted, and why if it is not, to the body's PEC and to the person who sent it.

    It tells the act and not the state of now: the application may have gone on before the letter left.
    """
    step = application.steps.filter(act__in=[ADMIT.name, NOT_ADMIT.name]).latest("pk")
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "admitted": step.act == ADMIT.name,
            "step": step,
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send("applications/email/outcome", context, to=_to(application), identifier=f"outcome-{step.pk}")


def send_completion_request(asked: CompletionRequest, *, taken_back: bool) -> None:
    """What the office asks to complete, or that it no longer does, to the body's PEC and to the person who sent it."""
    application = asked.application
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "asked": asked,
            "taken_back": taken_back,
            "reason": application.steps.filter(act="take_back_request").latest("pk").reason if taken_back else asked.reason,
            "url": f"{settings.SITE_URL}{reverse('application_completion', args=[application.pk, asked.number])}",
        }
        identifier = f"completion-{asked.pk}{'-taken-back' if taken_back else ''}"
        send("applications/email/completion", context, to=_to(application), identifier=identifier)


def _to(application: Application) -> list[str]:
    """The body's PEC, and who sent the application, as long as that person acts for the body."""
    body, sender = application.organisation, application.current.by
    return list(dict.fromkeys([body.pec, *([sender.email] if acts_for(sender, body) else [])]))
