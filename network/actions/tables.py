"""The co-design table, its sessions, and their minutes from the draft to the publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from applications.merging import Merge, merge
from applications.models import Application
from bando.models import Call
from documents.uploads import check, lay, write
from evaluation.ties import organisations_of
from network.models import Decision, Presence, SignedMinutes, Table, TableMinutes, TablePartner, TableSession
from network.rules.tables import candidates
from network.states import TableSessionState
from network.table_minutes import attendance, fingerprint, free_texts
from network.transitions.tables import (
    APPROVE_TABLE_MINUTES,
    ATTEND_TABLE_SESSION,
    CANCEL_TABLE_SESSION,
    CHANGE_PARTNERS,
    CLOSE_TABLE_SESSION,
    CONCLUDE_TABLE,
    DECIDE,
    DROP_DECISION,
    OPEN_TABLE,
    OPEN_TABLE_SESSION,
    PLAN_TABLE_SESSION,
    PUBLISH_TABLE_MINUTES,
    REOPEN_TABLE,
    SIGN_TABLE_MINUTES,
    WRITE_TABLE_MINUTES,
)
from workflow.duties import owe, owe_all
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.personal_data import found_in
from workflow.transition import Attempt, Refused

Present = Mapping[int | None, Sequence[tuple[str, str]]]
"""Who is there: names and roles ("" for none) by the pk of the partner they are there for, None for the administration."""

SIGNED = ("pdf", "p7m")
LARGEST = 20 * 1024 * 1024
"""What signed minutes may be: formats, and bytes."""

TEXT = "text"
"""The one unit of the minutes that is written by hand (``applications.merging``)."""


# The table


def open_table(
    call: Call,
    area_code: str,
    *,
    applications: Iterable[Application] | None = None,
    left_out: Mapping[Any, str] | None = None,
    by: User,
    at: datetime,
) -> Table:
    """Open the table of an area with the bodies of ``applications``, all that the call lets sit if None. ``left_out``: why each of
    the others does not sit, by the pk of its application."""
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)  # of two officials the second finds the table of the first
        may = {row.pk: row for row in candidates(call, area_code)}
        chosen = list(may.values()) if applications is None else list(applications)
        data = {"applications": chosen, "left_out": left_out or {}}
        table = Table(call=call, area_code=area_code, opened_at=at)
        if against := reasons_against(OPEN_TABLE, table, by=by, at=at, data=data):
            raise Refused(against)
        table.save()

        def seat(attempt: Attempt) -> Mapping[str, Any]:
            seated = [partner for row in chosen for partner in _seat(table, may[row.pk], at=at)]
            out = {row.number: data["left_out"][pk].strip() for pk, row in may.items() if row not in chosen}
            return {"partners": _names(seated), "left_out": out}

        perform(OPEN_TABLE, table, by=by, at=at, data=data, effect=seat)
    return table


def join_table(table: Table, application: Application, *, reason: str, by: User, at: datetime) -> Step:
    """The bodies of a proposal take their seats while the table is open: a place was given again. They are told of the sessions
    to come."""

    def join(attempt: Attempt) -> Mapping[str, Any]:
        row = candidates(table.call, table.area_code).get(pk=application.pk)
        seated = _seat(table, row, at=at)
        planned = table.sessions.filter(state=TableSessionState.PLANNED)
        owe_all([("network.table_called", f"{held.pk} {seat.pk}") for held in planned for seat in seated], at=at)
        return {"joined": _names(seated)}

    return perform(CHANGE_PARTNERS, table, by=by, at=at, reason=reason, data={"application": application}, effect=join)


def leave_table(partner: TablePartner, *, reason: str, by: User, at: datetime) -> Step:
    """A body leaves the table: it renounced, or lost its place."""

    def leave(attempt: Attempt) -> Mapping[str, Any]:
        partner.left_at, partner.left_reason = at, reason.strip()
        partner.save(update_fields=["left_at", "left_reason"])
        return {"left": _names([partner])}

    return perform(CHANGE_PARTNERS, partner.table, by=by, at=at, reason=reason, data={"partner": partner}, effect=leave)


def conclude_table(table: Table, *, conclusion: str, by: User, at: datetime) -> Step:
    """The table ends; ``conclusion`` says how, for everybody."""

    def conclude(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.concluded_at, attempt.row.conclusion = at, conclusion.strip()
        return {"conclusion": attempt.row.conclusion}

    saves = ["concluded_at", "conclusion"]
    return perform(CONCLUDE_TABLE, table, by=by, at=at, data={"conclusion": conclusion}, effect=conclude, saves=saves)


def reopen_table(table: Table, *, reason: str, by: User, at: datetime) -> Step:
    """The table works again, also while the agreement runs; how it had ended stays in the record."""

    def reopen(attempt: Attempt) -> None:
        attempt.row.concluded_at, attempt.row.conclusion = None, ""

    return perform(REOPEN_TABLE, table, by=by, at=at, reason=reason, effect=reopen, saves=["concluded_at", "conclusion"])


def _seat(table: Table, application: Application, *, at: datetime) -> list[TablePartner]:
    """One seat for each body of a proposal. A body that had left sits again on its own."""
    seated = []
    for body in organisations_of(application):
        facts = {"leads": body.pk == application.organisation_id, "joined_at": at, "left_at": None, "left_reason": ""}
        seat, _made = TablePartner.objects.update_or_create(
            table=table, application=application, organisation=body, defaults=facts
        )
        seated.append(seat)
    return seated


def _names(partners: Iterable[TablePartner]) -> list[dict[str, str]]:
    return [{"application": seat.application.number, "body": seat.organisation.name} for seat in partners]


# Its sessions


def plan_table_session(table: Table, *, planned_at: datetime, place: str, agenda: str, by: User, at: datetime) -> TableSession:
    """Call a session for a day and an hour; each partner gets a mail. ``agenda``: one point on each line."""
    with transaction.atomic():
        Table.objects.select_for_update().get(pk=table.pk)  # sessions are counted one at a time
        last = table.sessions.order_by("-number").values_list("number", flat=True).first()
        session = TableSession.objects.create(
            table=table, number=(last or 0) + 1, planned_at=planned_at, place=place.strip(), agenda=agenda.strip()
        )

        def call_them(attempt: Attempt) -> Mapping[str, Any]:
            _tell("network.table_called", session, at=at)
            return {"planned_at": planned_at, "place": session.place, "agenda": session.agenda}

        perform(PLAN_TABLE_SESSION, session, by=by, at=at, effect=call_them)
    return session


def cancel_table_session(session: TableSession, *, reason: str, by: User, at: datetime) -> Step:
    def tell(attempt: Attempt) -> None:
        _tell("network.table_called_off", attempt.row, at=at)

    return perform(CANCEL_TABLE_SESSION, session, by=by, at=at, reason=reason, effect=tell)


def open_table_session(session: TableSession, present: Present, *, by: User, at: datetime) -> Step:
    """Open a session with those who are there: somebody of the administration, and of one partner at least."""

    def begin(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.opened_at = at
        return {"present": _attend(attempt.row, present)}

    return perform(
        OPEN_TABLE_SESSION,
        session,
        by=by,
        at=at,
        data={"present": present},
        look=_one_at_a_time,
        effect=begin,
        saves=["opened_at"],
    )


def change_table_attendance(session: TableSession, present: Present, *, by: User, at: datetime) -> Step:
    """Somebody comes late, or was written wrong."""
    data = {"present": present}
    return perform(
        ATTEND_TABLE_SESSION, session, by=by, at=at, data=data, effect=lambda a: {"present": _attend(a.row, present)}
    )


def decide(session: TableSession, *, text: str, against: str = "", number: int | None = None, by: User, at: datetime) -> Step:
    """Write what the table decides and who does not agree ("" for nobody), or write decision ``number`` anew."""

    def write_down(attempt: Attempt) -> Mapping[str, Any]:
        facts = {"text": text.strip(), "against": against.strip()}
        last = attempt.row.decisions.aggregate(last=Max("number"))["last"]
        counted = number or (last or 0) + 1
        Decision.objects.update_or_create(session=attempt.row, number=counted, defaults=facts)
        return {"number": counted, **facts}

    return perform(DECIDE, session, by=by, at=at, data={"text": text, "number": number}, effect=write_down)


def drop_decision(session: TableSession, number: int, *, by: User, at: datetime) -> Step:
    """Take out a decision of an open session: it was written by mistake. The others keep their numbers, and the record what it
    said."""

    def take_out(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row.decisions.get(number=number)
        row.delete()
        return {"number": number, "text": row.text, "against": row.against}

    return perform(DROP_DECISION, session, by=by, at=at, data={"number": number}, effect=take_out)


def close_table_session(session: TableSession, *, by: User, at: datetime) -> Step:
    """Close a session: what happened in it, and who was there, is the draft of its minutes."""

    def begin_minutes(attempt: Attempt) -> Mapping[str, Any]:
        parties, absent = attendance(attempt.row)
        here = [(party.name, party.partner) for party in parties]
        TableMinutes.objects.create(session=attempt.row, present=here, absent=absent)
        attempt.row.closed_at = at
        return {"decisions": attempt.row.decisions.count()}

    return perform(CLOSE_TABLE_SESSION, session, by=by, at=at, effect=begin_minutes, saves=["closed_at"])


def _attend(session: TableSession, present: Present) -> list[dict[str, Any]]:
    """The people of each party, in the place of those who were written before. The record keeps how many, and not who: that is
    in the minutes."""
    session.presences.all().delete()
    Presence.objects.bulk_create(
        Presence(session=session, partner_id=party, name=name.strip(), role=role.strip())
        for party, people in present.items()
        for name, role in people
    )
    return [{"partner": party, "people": len(people)} for party, people in present.items() if people]


def _tell(name: str, session: TableSession, *, at: datetime) -> None:
    seats = session.table.partners.seated().values_list("pk", flat=True)
    owe_all([(name, f"{session.pk} {seat}") for seat in seats], at=at)


def _one_at_a_time(session: TableSession) -> None:
    """Two sessions that are opened at the same moment: the second waits, and finds the first open."""
    Table.objects.select_for_update().get(pk=session.table_id)


# Their minutes


def save_table_minutes(session: TableSession, text: str, bases: Sequence[str], *, by: User, at: datetime) -> Merge:
    """Keep what is written around what happened. ``bases`` are fingerprints of what the page was shown: of two who write at once
    nobody's text is lost, and what both changed is answered as a conflict (``applications.merging``)."""
    with transaction.atomic():
        minutes = TableMinutes.objects.select_for_update().select_related("session").get(session=session)
        if against := reasons_against(WRITE_TABLE_MINUTES, minutes.session, by=by, at=at):
            raise Refused(against)
        merged = merge({TEXT: {TEXT: minutes.text}}, {TEXT: {TEXT: text}}, {TEXT: bases})
        if merged.changes:
            minutes.text = merged.answers.get(TEXT, "")
            minutes.version += 1
            minutes.saved_by, minutes.saved_at = by, at
            minutes.save(update_fields=["text", "version", "saved_by", "saved_at"])
        return merged


def approve_table_minutes(session: TableSession, *, seen: int, by: User, at: datetime) -> Step:
    """The minutes are what was read, version ``seen``, and change no more: their hash is in the record, the PDF is owed."""

    def freeze(attempt: Attempt) -> Mapping[str, Any]:
        minutes = attempt.row.minutes
        minutes.approved_at = at
        minutes.save(update_fields=["approved_at"])
        owe("network.table_minutes_pdf", attempt.row.pk, at=at)
        return {"sha256": fingerprint(attempt.row), "version": minutes.version}

    return perform(APPROVE_TABLE_MINUTES, session, by=by, at=at, data={"seen": seen}, effect=freeze, look=_lock_minutes)


def sign_table_minutes(
    session: TableSession, upload: UploadedFile, *, partner: TablePartner | None, by: User, at: datetime
) -> SignedMinutes:
    """Keep the minutes as they came back signed (PAdES or CAdES) by ``partner``, None for the administration; what was brought
    before stays in the record. Raises :class:`documents.uploads.Unacceptable` for another kind of file."""
    now = TableSession.objects.select_related("minutes__document", "table").get(pk=session.pk)
    data = {"partner": partner}
    if against := reasons_against(SIGN_TABLE_MINUTES, now, by=by, at=at, data=data):
        raise Refused(against)  # before the file is written anywhere
    media_type = check(upload, formats=SIGNED, max_bytes=LARGEST)
    document = lay(upload, media_type=media_type, by=by, at=at)
    kept: list[SignedMinutes] = []

    def tie(attempt: Attempt) -> Mapping[str, Any]:
        write(document)
        minutes = attempt.row.minutes
        kept.append(SignedMinutes.objects.create(minutes=minutes, partner=partner, document=document, at=at))
        owe("network.table_minutes_compared", kept[0].pk, at=at)
        who = partner.organisation.name if partner else ""
        return {"body": who, "file": document.pk, "sha256": document.sha256}

    perform(SIGN_TABLE_MINUTES, session, by=by, at=at, data=data, effect=tie, look=_lock_minutes)
    return kept[0]


def publish_table_minutes(
    session: TableSession,
    *,
    agenda: str,
    text: str,
    decisions: Mapping[int, tuple[str, str]],
    weighed: bool,
    by: User,
    at: datetime,
) -> Step:
    """Publish the minutes (D.M. 72/2021) without the persons, and with what the office lets out: the agenda, the text, and by its
    number what was decided and who disagreed. That something was decided, and that somebody disagreed, is told anyway.
    ``weighed`` says that what looks like personal data was read and may go."""

    def release(attempt: Attempt) -> Mapping[str, Any]:
        minutes = attempt.row.minutes
        minutes.public, minutes.published_at = public, at
        minutes.save(update_fields=["public", "published_at"])
        return {"public": public, "personal_data": found, "weighed": weighed}

    numbers = session.decisions.values_list("number", flat=True)  # in their order
    said = [(number, *decisions.get(number, ("", ""))) for number in numbers]
    words = [{"number": number, "text": text.strip(), "against": against.strip()} for number, text, against in said]
    public = {"agenda": agenda.strip(), "text": text.strip(), "decisions": words}
    found = personal_data_in(public)
    data = {"found": found, "weighed": weighed}
    return perform(PUBLISH_TABLE_MINUTES, session, by=by, at=at, data=data, effect=release, look=_lock_minutes)


def personal_data_in(public: Mapping[str, Any]) -> list[str]:
    """The kinds of personal data that seem to be in what would be published (``workflow.personal_data``)."""
    return sorted({kind for text in free_texts(public) for kind in found_in(text)})


def _lock_minutes(session: TableSession) -> None:
    """The minutes as they stand now, held until the act is done: who is writing waits, or was before."""
    session.minutes = TableMinutes.objects.select_for_update().get(session=session)
