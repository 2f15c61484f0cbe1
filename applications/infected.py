"""What follows when the antivirus finds that a file of an application is infected: who brought it is told.

Nothing of the application changes by itself. Before the sending the file counts as missing (``applications.progress``);
after it the office sees on the desk that it is blocked, and may ask for another copy.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation

from accounts.people import people_of
from accounts.rules import acts_for
from applications.actions import attachment_rule
from applications.models import Attachment
from documents.models import Scan
from documents.scanning import found_infected
from workflow.duties import owe
from workflow.mail import send

DUTY = "applications.infected_mail"


@receiver(found_infected, dispatch_uid=DUTY)
def remember(sender: Any, *, scan: Scan, at: datetime, **rest: Any) -> None:
    """Owe the mail, in the transaction of the verdict, when the document is a file of an application."""
    if file := Attachment.objects.filter(document=scan.document_id).first():
        owe(DUTY, file.pk, at=at)


def tell(file: Attachment, *, at: datetime) -> None:
    """Write to who brought the file (to all of the body, if that person acts for it no more), and to the body's PEC if it was
    sent. A file that was taken out unsent is nobody's
    trouble any more."""
    application = file.application
    was_sent = application.current_id is not None and str(file.pk) in {
        entry["attachment"] for entry in application.current.manifest
    }
    if not was_sent and file.removed_at is not None:
        return
    body, people = application.organisation, [file.document.by]
    if not acts_for(people[0], body):
        people = list(people_of(body))
    to = [*(person.email for person in people), *([body.pec] if was_sent else [])]
    try:
        title = attachment_rule(application, file.rule).title
    except KeyError:  # an amendment no longer asks for it
        title = file.document.name
    with translation.override("it" if was_sent or not people else people[0].language):
        context = {
            "file": file,
            "title": title,
            "application": application,
            "was_sent": was_sent,
            "is_open": application.call.is_open(at),
            "url": f"{settings.SITE_URL}{reverse('application', args=[application.pk])}",
        }
        send("applications/email/infected", context, to=list(dict.fromkeys(to)), identifier=f"infected-{file.pk}")
