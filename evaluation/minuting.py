"""What follows the approval of minutes and their publication, after the commit: the PDFs."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from documents.models import Document
from documents.pdf import render_pdf
from documents.uploads import keep
from evaluation.minutes import Hidden, Told, areas_of, fingerprint, told, told_to_all
from evaluation.models import Minutes
from workflow.duties import duty


@duty("evaluation.minutes_pdf")
def make_minutes_pdf(subject: str, at: datetime) -> None:
    """The PDF of all that the approved minutes say, once: for who may read all of it."""
    minutes = _minutes(subject)
    if minutes.document is None:
        with translation.override("it"):
            whole = told(minutes, Hidden())
        minutes.document = _pdf(minutes, whole, at)
        minutes.save(update_fields=["document"])


@duty("evaluation.public_minutes_pdf")
def make_public_minutes_pdf(subject: str, at: datetime) -> None:
    """The PDF of what the office published of them, once."""
    minutes = _minutes(subject)
    if minutes.public_document is None:
        with translation.override("it"):
            public = told_to_all(minutes)
        minutes.public_document = _pdf(minutes, public, at)
        minutes.save(update_fields=["public_document"])


def _minutes(subject: str) -> Minutes:
    rows = Minutes.objects.select_related("session__commission__call__version", "document", "public_document")
    return rows.get(session=subject)


def _pdf(minutes: Minutes, said: Told, at: datetime) -> Document:
    session = minutes.session
    call = session.commission.call
    context = {
        "minutes": minutes,
        "session": session,
        "call": call,
        "notice": call.notice,
        "area": areas_of(session, call.notice.areas),
        "told": said,
        "sha256": fingerprint(minutes),
    }
    content = render_pdf("evaluation/pdf/minutes.html", context)
    return keep(content, name=f"verbale-{session.number}-{call.slug}.pdf", media_type="application/pdf", by=None, at=at)
