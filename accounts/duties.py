"""Mail about a person's access: owed in the request, sent after it, tried again while the mail server is away."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage

from accounts.models import Mail
from workflow.duties import duty, owe
from workflow.mail import deliver


@duty("accounts.mail")
def send_mail(subject: str, at: datetime) -> None:
    mail = Mail.objects.filter(pk=subject).first()
    if mail is None:  # taken by the mail server before the worker could write down that it was
        return
    deliver(EmailMessage(mail.subject, mail.body, to=[mail.recipient]), f"access-{mail.pk}")
    mail.delete()


def owe_mail(recipient: str, subject: str, body: str, *, at: datetime) -> Mail:
    """Owe a mail in the transaction that is open: it goes out if and only if what it speaks of was committed."""
    mail = Mail.objects.create(
        recipient=recipient, subject=" ".join(subject.split())[:300], body=body.strip() + "\n", written_at=at
    )
    owe("accounts.mail", mail.pk, at=at)
    return mail
