"""The sessions of the commission, and their minutes from the draft to the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from applications.merging import Merge, merge
from documents.uploads import check, lay, write
from evaluation.minutes import fingerprint, free_texts, gather, hidden_from, proposals_of
from evaluation.models import Attendance, Commission, Minutes, Session
from evaluation.transitions import (
    APPROVE_MINUTES,
    ATTEND,
    CANCEL_SESSION,
    CLOSE_SESSION,
    OPEN_SESSION,
    PLAN_SESSION,
    PUBLISH_MINUTES,
    SIGN_MINUTES,
    WRITE_MINUTES,
)
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.personal_data import found_in
from workflow.transition import Attempt, Refused

Presence = Mapping[int, str]
"""Who is there, by the pk of the member, with a note about them ("" for none). Who is not in it is absent."""

SIGNED = ("pdf", "p7m")
LARGEST = 20 * 1024 * 1024
"""What signed minutes may be: formats, and bytes."""

GENERAL = "text"
"""The unit of the minutes that is about no proposal alone; the others are named by the pk of theirs."""


def plan_session(
    commission: Commission, *, kind: str, area_code: str, planned_at: datetime, place: str, agenda: str, by: User, at: datetime
) -> Session:
    """Call a session for a day and an hour. ``area_code`` is "" for the whole call."""
    with transaction.atomic():
        Commission.objects.select_for_update().get(pk=commission.pk)  # sessions are counted one at a time
        last = commission.sessions.order_by("-number").values_list("number", flat=True).first()
        session = Session.objects.create(
            commission=commission,
            number=(last or 0) + 1,
            kind=kind,
            area_code=area_code,
            planned_at=planned_at,
            place=place.strip(),
            agenda=agenda.strip(),
        )
        facts = {"kind": kind, "area": area_code, "planned_at": planned_at, "place": session.place, "agenda": session.agenda}
        perform(PLAN_SESSION, session, by=by, at=at, effect=lambda attempt: facts)
    return session


def cancel_session(session: Session, *, reason: str, by: User, at: datetime) -> Step:
    return perform(CANCEL_SESSION, session, by=by, at=at, reason=reason)


def open_session(session: Session, present: Presence, *, by: User, at: datetime) -> Step:
    """Open a session with those who are there: more than half of those who mark, and who presides."""

    def begin(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.opened_at = at
        return {"present": _attend(attempt.row, present)}

    return perform(
        OPEN_SESSION,
        session,
        by=by,
        at=at,
        data={"present": present},
        look=_one_at_a_time,
        effect=begin,
        saves=["opened_at"],
    )


def change_attendance(session: Session, present: Presence, *, by: User, at: datetime) -> Step:
    """Somebody comes or goes while the session is open."""
    data = {"present": present}
    return perform(ATTEND, session, by=by, at=at, data=data, effect=lambda a: {"present": _attend(a.row, present)})


def close_session(session: Session, *, by: User, at: datetime) -> Step:
    """Close a session: what happened in it becomes the draft of its minutes."""

    def gather_up(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.closed_at = at
        minutes = Minutes.objects.create(session=attempt.row, facts=gather(attempt.row, until=at))
        return {"facts": len(minutes.facts)}

    return perform(CLOSE_SESSION, session, by=by, at=at, effect=gather_up, saves=["closed_at"])


def save_minutes(
    session: Session, typed: Mapping[str, str], bases: Mapping[str, Sequence[str]], *, by: User, at: datetime
) -> Merge:
    """Keep what is written around the facts: the text under ``GENERAL``, and by the pk of a proposal what is said of it alone.
    ``bases`` are the fingerprints of what the page was shown: of two who write at once nobody's text is lost, and what both
    changed is answered as a conflict (``applications.merging``). What is said of a proposal that ``by`` may not read of
    stays as it is."""
    with transaction.atomic():
        minutes = Minutes.objects.select_for_update().select_related("session__commission__call__version").get(session=session)
        if against := reasons_against(WRITE_MINUTES, minutes.session, by=by, at=at):
            raise Refused(against)
        open_to = {part.application for part in proposals_of(minutes.session, hidden_from(by, minutes.session))}
        mine = {unit: {unit: text} for unit, text in typed.items() if unit == GENERAL or unit in open_to}
        merged = merge(texts_of(minutes), mine, bases)
        if merged.changes:
            minutes.text = merged.answers.get(GENERAL, "")
            minutes.parts = {unit: text for unit, text in merged.answers.items() if unit != GENERAL and text}
            minutes.version += 1
            minutes.saved_by, minutes.saved_at = by, at
            minutes.save(update_fields=["text", "parts", "version", "saved_by", "saved_at"])
        return merged


def texts_of(minutes: Minutes) -> dict[str, dict[str, str]]:
    """What is written, by unit and name of the input, as ``applications.merging`` wants it."""
    return {unit: {unit: text} for unit, text in {GENERAL: minutes.text, **minutes.parts}.items()}


def approve_minutes(session: Session, *, seen: int, by: User, at: datetime) -> Step:
    """The minutes are what was read, version ``seen``, and change no more: their hash is in the record, the PDF is owed."""

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        minutes = attempt.row.minutes
        minutes.approved_at = at
        minutes.save(update_fields=["approved_at"])
        owe("evaluation.minutes_pdf", attempt.row.pk, at=at)
        return {"sha256": fingerprint(minutes), "version": minutes.version}

    return perform(APPROVE_MINUTES, session, by=by, at=at, data={"seen": seen}, effect=freeze, look=_lock_minutes)


def sign_minutes(session: Session, upload: UploadedFile, *, by: User, at: datetime) -> Step:
    """Keep the PDF of the minutes as it came back signed (PAdES or CAdES); a second one takes its place and the first stays
    in the record. Raises :class:`documents.uploads.Unacceptable` for another kind of file."""
    now = Session.objects.select_related("minutes", "commission").get(pk=session.pk)
    if against := reasons_against(SIGN_MINUTES, now, by=by, at=at):
        raise Refused(against)  # before the file is written anywhere
    document = lay(upload, media_type=check(upload, formats=SIGNED, max_bytes=LARGEST), by=by, at=at)

    def tie(attempt: Attempt) -> Mapping[str, Any]:
        write(document)
        minutes = attempt.row.minutes
        minutes.signed = document
        minutes.save(update_fields=["signed"])
        return {"file": document.pk, "sha256": document.sha256}

    return perform(SIGN_MINUTES, session, by=by, at=at, effect=tie, look=_lock_minutes)


def publish_minutes(
    session: Session, *, text: str, parts: Mapping[str, str], reasons: bool, weighed: bool, by: User, at: datetime
) -> Step:
    """Publish the minutes with the ``text`` and the ``parts`` that the office lets out, and with the ``reasons`` of the marks or
    without. ``weighed`` says that what looks like personal data in them was read and may go."""

    def release(attempt: Attempt) -> Mapping[str, Any]:
        minutes = attempt.row.minutes
        minutes.public, minutes.published_at = public, at
        minutes.save(update_fields=["public", "published_at"])
        owe("evaluation.public_minutes_pdf", attempt.row.pk, at=at)
        return {"public": public, "personal_data": found, "weighed": weighed}

    public = {"text": text.strip(), "parts": {pk: said.strip() for pk, said in parts.items()}, "reasons": reasons}
    found = personal_data_in(session.minutes, public)
    data = {"found": found, "weighed": weighed}
    return perform(PUBLISH_MINUTES, session, by=by, at=at, data=data, effect=release, look=_lock_minutes)


def personal_data_in(minutes: Minutes, public: Mapping[str, Any]) -> list[str]:
    """The kinds of personal data that seem to be in what would be published (``workflow.personal_data``)."""
    return sorted({kind for text in free_texts(minutes, public) for kind in found_in(text)})


def _attend(session: Session, present: Presence) -> list[str]:
    """One row for each member who sits now; answers the names of those who are there."""
    seated = list(session.commission.members.seated().select_related("user"))
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, member=member, present=member.pk in present, note=present.get(member.pk, "").strip())
            for member in seated
        ],
        update_conflicts=True,
        unique_fields=["session", "member"],
        update_fields=["present", "note"],
    )
    return [str(member.user) for member in seated if member.pk in present]


def _one_at_a_time(session: Session) -> None:
    """Two sessions that are opened at the same moment: the second waits, and finds the first open."""
    Commission.objects.select_for_update().get(pk=session.commission_id)


def _lock_minutes(session: Session) -> None:
    """The minutes as they stand now, held until the act is done: who is writing waits, or was before."""
    session.minutes = Minutes.objects.select_for_update().get(session=session)
