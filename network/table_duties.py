"""What follows the acts of a table, after the commit: the mails to its partners, the PDF of the minutes, its signed
copies."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.people import addresses_of
from bando.calendar_file import Event, calendar_file
from documents.pdf import render_pdf
from documents.uploads import keep
from network.copies import compare
from network.models import SignedMinutes, TablePartner, TableSession
from network.states import TableSessionState
from network.table_minutes import fingerprint, told
from network.transitions.tables import CANCEL_TABLE_SESSION, PLAN_TABLE_SESSION
from workflow.duties import duty, owe_all
from workflow.mail import Attachment, send


@duty("network.table_called")
def tell_of_a_session(subject: str, at: datetime) -> None:
    """To the people of one body: when and where, about what; with the session as a file for their calendar."""
    _write("session_called", subject, cancelled=False)


@duty("network.table_called_off")
def tell_that_a_session_is_off(subject: str, at: datetime) -> None:
    _write("session_called_off", subject, cancelled=True)


@duty("network.table_minutes_pdf")
def make_table_minutes_pdf(subject: str, at: datetime) -> None:
    """The PDF of the approved minutes, once; then those who were there are asked to sign it."""
    session = _session(subject)
    minutes = session.minutes
    if minutes.document is None:
        with translation.override("it"):
            context = {
                "session": session,
                "minutes": minutes,
                "notice": session.table.call.notice,
                "area": session.table.call.notice.area(session.table.area_code),
                "told": told(session),
                "sha256": fingerprint(session),
            }
        content = render_pdf("network/pdf/table_minutes.html", context)
        name = f"verbale-tavolo-{session.table.call.slug}-{session.table.area_code}-{session.number}.pdf"
        minutes.document = keep(content, name=name, media_type="application/pdf", by=None, at=at)
        minutes.save(update_fields=["document"])
    seats = session.presences.exclude(partner=None).order_by("partner").values_list("partner", flat=True).distinct()
    owe_all([("network.table_minutes_to_sign", f"{session.pk} {seat}") for seat in seats], at=at)


@duty("network.table_minutes_to_sign")
def ask_for_a_signature(subject: str, at: datetime) -> None:
    _write("minutes_to_sign", subject)


@duty("network.table_minutes_compared")
def compare_signed_minutes(subject: str, at: datetime) -> None:
    """Whether a file that came back signed is the approved PDF; opened by a program of its own, as every stranger's file."""
    kept = SignedMinutes.objects.select_related("document", "minutes__document").get(pk=subject)
    kept.copy = compare(kept.minutes.document, kept.document)
    kept.save(update_fields=["copy"])


def _write(mail: str, subject: str, *, cancelled: bool | None = None) -> None:
    """``subject``: the session, and after a space the seat of the body. Each body has a mail of its own, so that nobody reads the
    addresses of another. ``cancelled`` None: without the file for the calendar."""
    session_pk, seat_pk = subject.split()
    session = _session(session_pk)
    if cancelled is False and session.state == TableSessionState.CANCELLED:  # nobody is called to what was called off meanwhile
        return
    seat = TablePartner.objects.select_related("organisation").get(pk=seat_pk)
    with translation.override("it"):
        call = session.table.call
        url = settings.SITE_URL + reverse("table_session", args=[session.table_id, session.number])
        context = {
            "session": session,
            "body": seat.organisation,
            "call": call,
            "area": call.notice.area(session.table.area_code),
            "reason": _reason(session) if cancelled else "",
            "url": url,
        }
        send(
            f"network/email/{mail}",
            context,
            to=addresses_of(seat.organisation),
            identifier=f"{mail.replace('_', '-')}-{session.pk}-{seat.pk}",
            attachments=[] if cancelled is None else [_calendar(session, url, cancelled=cancelled)],
        )


def _calendar(session: TableSession, url: str, *, cancelled: bool) -> Attachment:
    act = CANCEL_TABLE_SESSION if cancelled else PLAN_TABLE_SESSION
    call = session.table.call
    event = Event(
        uid=f"{session.pk}@bando",
        title=_("Tavolo di co-progettazione, incontro n. %(n)s: %(call)s") % {"n": session.number, "call": call.title},
        at=session.planned_at,
        changed_at=session.steps.filter(act=act.name).latest("pk").at,
        sequence=int(cancelled),
        text=f"{session.place}\n{session.agenda}",
        url=url,
        cancelled=cancelled,
    )
    return f"incontro-{session.number}.ics", calendar_file(call.title, [event]), "text/calendar"


def _reason(session: TableSession) -> str:
    return session.steps.filter(act=CANCEL_TABLE_SESSION.name).latest("pk").reason


def _session(pk: str) -> TableSession:
    return TableSession.objects.select_related("table__call__version", "minutes__document").get(pk=pk)
