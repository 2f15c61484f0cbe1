"""Somebody says that something does not work: a number and a moment at once, a mail to them and one to the office.

Who is hindered must say so without delay (Cons. Stato 6605/2021), and must be able to show that they did.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.models import Application, TroubleReport
from bando.notice.document import Notice
from workflow.duties import owe
from workflow.mail import send

PAGES = {
    "domanda": _("La tua domanda"),
    "sezione": _("Una sezione da compilare"),
    "allegati": _("Allegati"),
    "riepilogo": _("Controlla e invia"),
}
"""The pages that lead here, by the word in the address. A page is kept by these words and not by its address, which would
tell one application from another."""

MAIL, OFFICE_MAIL = "applications.trouble_mail", "applications.trouble_office_mail"


def report(
    application: Application, text: str, *, page: str, device: str, device_clock: str, by: User, at: datetime
) -> TroubleReport:
    """Keep the report and owe its two mails. Never refused: before, at and after the deadline alike."""
    with transaction.atomic():
        found = TroubleReport.objects.create(
            call_id=application.call_id,
            application=application,
            by=by,
            at=at,
            text=text,
            page=page,
            device=device[:400],
            device_clock=device_clock[:60],
        )
        owe(MAIL, found.pk, at=at)
        owe(OFFICE_MAIL, found.pk, at=at)
    return found


def write_to_the_person(found: TroubleReport) -> None:
    with translation.override(found.by.language):
        send("applications/email/trouble", _context(found), to=[found.by.email], identifier=f"trouble-{found.pk}")


def write_to_the_office(found: TroubleReport) -> None:
    """What was written and by whom, and nothing of the application."""
    if to := office_addresses(found.call.notice):
        with translation.override("it"):
            send("applications/email/trouble_office", _context(found), to=to, identifier=f"trouble-office-{found.pk}")


def office_addresses(notice: Notice) -> list[str]:
    """The address that the call gives for its office; one that gives none is answered for by every official."""
    administration = notice.administration
    if told := administration.email or administration.pec:
        return [told]
    return list(User.objects.filter(is_official=True, is_active=True).order_by("pk").values_list("email", flat=True))


def _context(found: TroubleReport) -> dict[str, object]:
    """Both mails know the same; the office's says nothing of the application."""
    here = reverse("application_trouble", args=[found.application_id])
    desk = reverse("desk_evidence", args=[found.call.slug])
    return {
        "report": found,
        "call": found.call,
        "url": f"{settings.SITE_URL}{here}",
        "desk_url": f"{settings.SITE_URL}{desk}",
    }
