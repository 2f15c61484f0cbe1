"""The accreditation of the bodies that offer services: the notice, what a body declares, what the office finds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from applications.merging import Verdict
from bando.deadlines import ROME, day_in_rome
from bando.rules import is_official
from documents.uploads import check, lay, write
from network.catalogue_units import checked_units, declared_units, notice_columns, notice_units
from network.models import Accreditation, AccreditationFile, AccreditationNotice
from network.rules.catalogue import (
    is_being_checked,
    not_renewed_too_early,
    notice_is_a_draft,
    notice_is_open,
    still_a_draft,
)
from network.rules.common import is_of_the_body
from network.states import AccreditationState
from network.transitions import (
    ACCREDIT,
    CLOSE_NOTICE,
    END_ACCREDITATION,
    EXPIRE_ACCREDITATION,
    OPEN_NOTICE,
    REFUSE_ACCREDITATION,
    SEND_ACCREDITATION,
    TAKE_BACK_ACCREDITATION,
)
from network.written_at_once import bases_of, judged
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused, Rule

Bases = Mapping[str, Sequence[str]]
FORMATS = ("pdf", "p7m", "jpg", "png")
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 5
"""Files for each requirement: a statute and its changes, not an archive."""
WARNED_BEFORE = timedelta(days=30)


# The notice


def save_notice(
    notice: AccreditationNotice | None,
    *,
    requirements: Sequence[Mapping[str, Any]],
    by: User,
    at: datetime,
    bases: Bases | None = None,
    **details: Any,
) -> AccreditationNotice:
    """Write a notice that is being prepared (``None``: a new one). ``requirements`` as the model has them, without codes: those
    come from their order; ``details`` are its columns; ``bases`` what the page carries, without them ``notice`` as it was read.
    It leaves no step. Raises :class:`Refused`, and :class:`BothWrote` with nothing saved."""
    with transaction.atomic():
        row = AccreditationNotice(created_at=at)
        if notice is not None:
            row = AccreditationNotice.objects.select_for_update().get(pk=notice.pk)
        _hold(row, [is_official, notice_is_a_draft], by=by, at=at)
        columns = {**details, "requirements": [dict(one) for one in requirements]}
        if notice is not None:
            read = bases or bases_of(notice_units(notice_columns(notice)))
            verdicts = judged(notice_units(notice_columns(row)), notice_units(columns), read)
            columns = {name: value for name, value in columns.items() if verdicts[name] is Verdict.MINE}
        if "requirements" in columns:
            columns["requirements"] = [{"code": f"r{n}", **one} for n, one in enumerate(columns["requirements"], 1)]
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return row


def open_notice(notice: AccreditationNotice, *, by: User, at: datetime) -> Step:
    def say(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        return {"title": row.title, "requirements": row.requirements, "months": row.valid_months, "closes_at": row.closes_at}

    return perform(OPEN_NOTICE, notice, by=by, at=at, effect=say)


def close_notice(notice: AccreditationNotice, *, by: User, at: datetime, reason: str) -> Step:
    return perform(CLOSE_NOTICE, notice, by=by, at=at, reason=reason)


# What a body declares


def begin_accreditation(notice: AccreditationNotice, organisation: Organisation, *, by: User, at: datetime) -> Accreditation:
    """The request that the body is writing, made once; asking again answers the same one. What was declared in the last request
    to this notice, and its files, are there already. Raises :class:`Refused`."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # two of its people may begin at once
        before = Accreditation.objects.filter(notice=notice, organisation=organisation)
        under_way = before.filter(state__in=[AccreditationState.DRAFT, AccreditationState.SENT]).first()
        row = under_way or Accreditation(notice=notice, organisation=organisation)
        _hold(row, [is_of_the_body], by=by, at=at)
        if under_way is not None:
            return under_way
        _hold(row, [notice_is_open, not_renewed_too_early], by=by, at=at)
        last = before.exclude(sent_at=None).order_by("-sent_at").first()
        if last is not None:
            row.answers = last.answers
        row.save()
        if last is not None:
            AccreditationFile.objects.bulk_create(
                AccreditationFile(accreditation=row, code=file.code, document_id=file.document_id) for file in last.files.all()
            )
    return row


def save_accreditation(
    accreditation: Accreditation,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    by: User,
    at: datetime,
    bases: Bases | None = None,
) -> None:
    """Keep what is declared so far, by requirement. ``bases`` are what the page carries, without them ``accreditation`` as it was
    read. Raises :class:`Refused`, and :class:`BothWrote` with nothing saved."""
    with transaction.atomic():
        row = Accreditation.objects.select_for_update().get(pk=accreditation.pk)
        _hold(row, [is_of_the_body, still_a_draft], by=by, at=at)
        stored, mine = declared_units(row, row.answers), declared_units(row, answers)
        verdicts = judged(stored, mine, bases or bases_of(declared_units(row, accreditation.answers)))
        row.answers = {code: dict((mine if verdicts[code] is Verdict.MINE else stored)[code]) for code in stored}
        row.save(update_fields=["answers"])


def attach_to_accreditation(
    accreditation: Accreditation, code: str, upload: UploadedFile, *, by: User, at: datetime
) -> AccreditationFile:
    """Tie a file to the requirement ``code``. Raises :class:`Refused`, and :class:`documents.uploads.Unacceptable` for a file
    that can't be taken."""
    _hold(accreditation, [is_of_the_body, still_a_draft], by=by, at=at)  # before the file is written anywhere
    document = lay(upload, media_type=check(upload, formats=FORMATS, max_bytes=LARGEST_FILE), by=by, at=at)
    with transaction.atomic():
        row = Accreditation.objects.select_for_update().get(pk=accreditation.pk)
        _hold(row, [is_of_the_body, still_a_draft], by=by, at=at)
        if code not in {one["code"] for one in row.notice.requirements}:
            raise Refused([_("Questo requisito non c'è nell'avviso.")])
        if row.files.filter(code=code).count() >= MOST_FILES:
            raise Refused([_("Per ogni requisito bastano %(n)s file: togline uno, poi riprova.") % {"n": MOST_FILES}])
        write(document)
        return AccreditationFile.objects.create(accreditation=row, code=code, document=document)


def detach_from_accreditation(file: AccreditationFile, *, by: User, at: datetime) -> None:
    """Take a file away from a request that is not sent. Raises :class:`Refused`."""
    with transaction.atomic():
        row = Accreditation.objects.select_for_update().get(pk=file.accreditation_id)
        _hold(row, [is_of_the_body, still_a_draft], by=by, at=at)
        AccreditationFile.objects.filter(pk=file.pk).delete()


def send_accreditation(
    accreditation: Accreditation, *, by: User, at: datetime, seen: Mapping[str, Mapping[str, Any]] | None = None
) -> Step:
    """Declare it all to the office. ``seen`` are the answers that the page showed: what somebody else wrote since is read
    before it is sent."""

    def fix(attempt: Attempt) -> Mapping[str, Any]:
        row = attempt.row
        row.sent_at = at
        files = row.files.select_related("document").order_by("pk")
        return {"answers": row.answers, "files": [[file.code, file.document.sha256] for file in files]}

    data = {} if seen is None else {"seen": declared_units(accreditation, seen)}
    return perform(SEND_ACCREDITATION, accreditation, by=by, at=at, data=data, effect=fix, saves=["sent_at"])


def take_back_accreditation(accreditation: Accreditation, *, by: User, at: datetime) -> Step:
    return perform(TAKE_BACK_ACCREDITATION, accreditation, by=by, at=at)


# What the office finds


def check_accreditation(
    accreditation: Accreditation,
    checks: Mapping[str, Mapping[str, Any]],
    *,
    by: User,
    at: datetime,
    bases: Bases | None = None,
) -> None:
    """Keep what the office found so far, by requirement: only those that it has decided. ``bases`` are what the page carries,
    without them ``accreditation`` as it was read. Raises :class:`Refused`, and :class:`BothWrote` with nothing saved."""
    with transaction.atomic():
        row = Accreditation.objects.select_for_update().get(pk=accreditation.pk)
        _hold(row, [is_official, is_being_checked], by=by, at=at)
        stored, mine = checked_units(row, row.checks), checked_units(row, checks)
        verdicts = judged(stored, mine, bases or bases_of(checked_units(row, accreditation.checks)))
        found = {code: dict((mine if verdicts[code] is Verdict.MINE else stored)[code]) for code in stored}
        row.checks = {code: one for code, one in found.items() if one}
        row.save(update_fields=["checks"])


def accredit(
    accreditation: Accreditation, *, by: User, at: datetime, seen: Mapping[str, Mapping[str, Any]] | None = None
) -> Step:
    """The body offers services from now until the months of the notice are over. The services that it offers already under this
    notice, or under an accreditation that is over, go on under this one. ``seen`` are the checks that the page showed."""

    def admit(attempt: Attempt) -> Mapping[str, Any]:
        row, day = attempt.row, day_in_rome(at)
        row.decided_at, row.valid_until = at, months_after(day, row.notice.valid_months)
        stands = Accreditation.objects.in_force(day)
        row.organisation.services.filter(Q(accreditation__notice=row.notice_id) | ~Q(accreditation__in=stands)).update(
            accreditation=row
        )
        owe("network.accreditation_decided", row.pk, at=at)
        owe("network.accreditation_near_its_end", row.pk, at=_morning(row.valid_until - WARNED_BEFORE))
        owe("network.accreditation_over", row.pk, at=_morning(row.valid_until + timedelta(days=1), hour=0))
        return {"checks": row.checks, "valid_until": row.valid_until}

    data = {} if seen is None else {"seen": seen}
    return perform(ACCREDIT, accreditation, by=by, at=at, data=data, effect=admit, saves=["decided_at", "valid_until"])


def refuse_accreditation(
    accreditation: Accreditation,
    *,
    by: User,
    at: datetime,
    reason: str,
    seen: Mapping[str, Mapping[str, Any]] | None = None,
) -> Step:
    """The body lacks something. What it declared stays, for its next request. ``seen`` are the checks that the page showed."""

    def tell(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.decided_at = at
        owe("network.accreditation_decided", attempt.row.pk, at=at)
        return {"checks": attempt.row.checks}

    data = {} if seen is None else {"seen": seen}
    return perform(
        REFUSE_ACCREDITATION, accreditation, by=by, at=at, reason=reason, data=data, effect=tell, saves=["decided_at"]
    )


def end_accreditation(accreditation: Accreditation, *, by: User, at: datetime, reason: str) -> Step:
    """The body is accredited no longer: its services are not public from this moment."""

    def tell(attempt: Attempt) -> None:
        owe("network.accreditation_ended", attempt.row.pk, at=at)

    return perform(END_ACCREDITATION, accreditation, by=by, at=at, reason=reason, effect=tell)


def expire_accreditation(accreditation: Accreditation, *, at: datetime) -> Step:
    """Its last day is over. Its services have not been public since midnight anyway."""
    return perform(EXPIRE_ACCREDITATION, accreditation, by=None, at=at)


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later, or the last one of a month that is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _morning(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), ROME)


def _hold(row: Any, rules: Sequence[Rule], *, by: User, at: datetime) -> None:
    attempt = Attempt(row, by, at)
    for rule in rules:
        if against := rule(attempt):
            raise Refused([against])
