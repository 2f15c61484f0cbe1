"""What is written to applicants."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.rules import acts_for
from applications.models import Application, ApplicationStep, CompletionRequest, RejectionNotice, Submission
from applications.receipts import receipt_context
from applications.transitions import ADMIT, ADMIT_WITH_RESERVE, LIFT_RESERVE, NOT_ADMIT, PAUSE_REQUEST, TAKE_BACK_REJECTION
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
    outcomes = [ADMIT.name, ADMIT_WITH_RESERVE.name, NOT_ADMIT.name]
    step = application.steps.filter(act__in=outcomes).latest("pk")
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "admitted": step.act != NOT_ADMIT.name,
            "reserve": step.reason if step.act == ADMIT_WITH_RESERVE.name else "",
            "answer": step.facts.get("answer", ""),
            "step": step,
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send("applications/email/outcome", context, to=_to(application), identifier=f"outcome-{step.pk}")


def send_reserve_lifted(application: Application) -> None:
    """What the admission waited for has come: to the body's PEC and to the person who sent the application."""
    step = application.steps.filter(act=LIFT_RESERVE.name).latest("pk")
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "step": step,
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send("applications/email/reserve_lifted", context, to=_to(application), identifier=f"reserve-lifted-{step.pk}")


def send_rejection_notice(notice: RejectionNotice, *, what: str = "") -> None:
    """Why the office is about to reject the application; or, as ``what`` says, that the observations have arrived ("observed")
    or that the notice is taken back ("taken_back"). To the body's PEC and to the person who sent the application."""
    application = notice.application
    taken_back = application.steps.filter(act=TAKE_BACK_REJECTION.name).filter(facts__number=notice.number)
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "notice": notice,
            "what": what,
            "reason": taken_back.latest("pk").reason if what == "taken_back" else notice.reasons,
            "url": f"{settings.SITE_URL}{reverse('application_rejection', args=[application.pk, notice.number])}",
        }
        identifier = f"rejection-{notice.pk}{f'-{what}' if what else ''}"
        send("applications/email/rejection", context, to=_to(application), identifier=identifier)


def send_term(asked: CompletionRequest, step: ApplicationStep) -> None:
    """The term of a request stands still, or runs again: to the body's PEC and to the person who sent the application."""
    application = asked.application
    with translation.override("it"):
        context = {
            "application": application,
            "area": application.area,
            "asked": asked,
            "step": step,
            "is_paused": step.act == PAUSE_REQUEST.name,
            "due_at": datetime.fromisoformat(step.facts["due_at"]),
            "url": f"{settings.SITE_URL}{reverse('application_completion', args=[application.pk, asked.number])}",
        }
        send("applications/email/term", context, to=_to(application), identifier=f"completion-term-{step.pk}")


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
