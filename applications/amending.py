"""How a published call is changed, one function per verb: each is an act of the administration, numbered, and tells
everybody whom it concerns.

The call is locked before its document is read, so a change is always made to the rules in force; ``seen`` is the number of
the last amendment that the page showed, and who did not see a colleague's is refused (:class:`workflow.transition.Refused`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from applications.actions.joining import look_at_certificates_of
from applications.transitions import EXTEND, RECTIFY, REOPEN
from bando import drafting
from bando.deadlines import ROME
from bando.models import Amendment, AmendmentKind, Call, CallVersion, NoticeDraft
from bando.notice.canonical import canonical, notice_hash
from bando.notice.document import Notice
from bando.notice.parse import Fault, NoticeFaults, parse
from bando.notice_pdf import owe_pdf
from bando.notice_yaml import dump, read
from bando.telling import tell_everybody
from bando.transitions import REVOKE
from documents.models import Document
from workflow.duties import owe
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused

ROWS = {
    AmendmentKind.EXTENSION: EXTEND,
    AmendmentKind.REOPENING: REOPEN,
    AmendmentKind.RECTIFICATION: RECTIFY,
    AmendmentKind.REVOCATION: REVOKE,
}
LETTERS = "applications.amendment_letters"


@dataclass(frozen=True, slots=True)
class Order:
    """The act that orders an amendment: ``file`` is it, signed, when the office has it."""

    number: str
    date: date | None
    reason: str
    file: Document | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document that would take the place of the one in force; ``notice`` is None when it does not hold together, and
    then ``faults`` say why."""

    data: Any
    notice: Notice | None
    faults: tuple[Fault, ...] = ()


def proposal(data: Any) -> Proposal:
    """Of plain data (``bando.notice.parse``)."""
    try:
        return Proposal(data, parse(data))
    except NoticeFaults as refused:
        return Proposal(data, None, refused.faults)


def with_terms(data: Mapping[str, Any], *, deadline: datetime, questions_until: datetime | None) -> Proposal:
    """The same document with another deadline, and another term for questions unless that is None; not a word more."""
    terms = {"deadline": _written(deadline)}
    if questions_until is not None:
        terms["questions_until"] = _written(questions_until)
    return proposal(data | {"calendar": data["calendar"] | terms})


def data_in_force(call: Call) -> dict[str, Any]:
    """The document in force as plain data, as it was written."""
    return read(call.version.text).data


def draft_in_hand(call: Call) -> NoticeDraft | None:
    """The rectification that somebody is writing."""
    return call.drafts.filter(amends=True, discarded_at=None).first()


def last_number(call: Call) -> int:
    """Of the amendments of ``call``; 0 while there are none."""
    return call.amendments.aggregate(last=Max("number"))["last"] or 0


def against(
    kind: AmendmentKind, call: Call, *, after: Proposal | None, order: Order, seen: int, by: User, at: datetime
) -> list[str]:
    """Why this amendment can't be published, in sentences: what its preview asks."""
    return reasons_against(ROWS[kind], call, by=by, at=at, reason=order.reason, data=_data(after, order, seen))


def extend(
    call: Call,
    *,
    deadline: datetime,
    questions_until: datetime | None = None,
    order: Order,
    seen: int,
    by: User,
    at: datetime,
) -> Amendment:
    """Move a deadline that has not passed, for everybody alike. Raises :class:`Refused`."""
    return _move(AmendmentKind.EXTENSION, call, deadline, questions_until, order=order, seen=seen, by=by, at=at)


def reopen(
    call: Call,
    *,
    deadline: datetime,
    questions_until: datetime | None = None,
    order: Order,
    seen: int,
    by: User,
    at: datetime,
) -> Amendment:
    """Give a new deadline after the old one has passed, for everybody alike. Raises :class:`Refused`."""
    return _move(AmendmentKind.REOPENING, call, deadline, questions_until, order=order, seen=seen, by=by, at=at)


def rectify(draft: NoticeDraft, *, shown: int, order: Order, seen: int, by: User, at: datetime) -> Amendment:
    """Put the document that was written in ``draft`` in the place of the one in force. ``shown`` is the version of the
    draft whose difference was read. Raises :class:`Refused`."""
    with transaction.atomic():
        call = _locked(draft.call_id)
        # After the call, as whoever moves a term does: two locks are always taken in the same order.
        draft = NoticeDraft.objects.select_for_update().get(pk=draft.pk)
        if draft.discarded_at:
            raise Refused([_("Questa bozza non c'è più: qualcuno l'ha pubblicata o messa da parte.")])
        if draft.version != shown:
            raise Refused(
                [
                    _("Intanto %(who)s ha cambiato la bozza della rettifica. Rileggi che cosa cambia e conferma di nuovo.")
                    % {"who": draft.changed_by}
                ]
            )
        made = _amend(AmendmentKind.RECTIFICATION, call, proposal(draft.data), order=order, seen=seen, by=by, at=at)
        # It is in nobody's hands any more; what it became is the version of the call.
        draft.discarded_at = at
        draft.save(update_fields=["discarded_at"])
        return made


def revoke(call: Call, *, order: Order, seen: int, by: User, at: datetime) -> Amendment:
    """End the call: it receives nothing more, and what it received has no follow-up. Raises :class:`Refused`."""
    with transaction.atomic():
        return _amend(AmendmentKind.REVOCATION, _locked(call.pk), None, order=order, seen=seen, by=by, at=at)


def _move(
    kind: AmendmentKind,
    call: Call,
    deadline: datetime,
    questions_until: datetime | None,
    *,
    order: Order,
    seen: int,
    by: User,
    at: datetime,
) -> Amendment:
    with transaction.atomic():
        locked = _locked(call.pk)
        before = data_in_force(locked)
        after = with_terms(before, deadline=deadline, questions_until=questions_until)
        made = _amend(kind, locked, after, order=order, seen=seen, by=by, at=at)
        drafting.move_along(locked, before, after.data, by=by, at=at)
        return made


def _amend(
    kind: AmendmentKind, call: Call, after: Proposal | None, *, order: Order, seen: int, by: User, at: datetime
) -> Amendment:
    made: list[Amendment] = []

    def publish(attempt: Attempt) -> Mapping[str, Any]:
        before = call.version
        version = _in_force(call, after.data, after.notice, at) if after and after.notice else before
        amendment = Amendment.objects.create(
            call=call,
            number=last_number(call) + 1,
            kind=kind,
            act_number=order.number.strip(),
            act_date=order.date,
            act_file=order.file,
            reason=order.reason.strip(),
            before=before,
            after=version,
            by=by,
            at=at,
        )
        tell_everybody(amendment, at=at)
        owe(LETTERS, amendment.pk, at=at)
        look_at_certificates_of(call, at=at)
        made.append(amendment)
        return {
            "number": amendment.number,
            "kind": kind.value,
            "act_number": amendment.act_number,
            "act_date": amendment.act_date,
            "act_sha256": order.file.sha256 if order.file else None,
            "before": _facts(before),
            "after": _facts(version),
        }

    data = _data(after, order, seen)
    perform(ROWS[kind], call, by=by, at=at, reason=order.reason, data=data, effect=publish)
    return made[0]


def _in_force(call: Call, data: Any, notice: Notice, at: datetime) -> CallVersion:
    """Make this the document of the call, with what the call repeats of it."""
    last = CallVersion.objects.filter(slug=call.slug).aggregate(last=Max("number"))["last"]
    version = CallVersion.objects.create(
        slug=call.slug,
        number=last + 1,
        text=dump(data),
        canonical=canonical(notice),
        sha256=notice_hash(notice),
        made_at=at,
    )
    call.version, call.title = version, notice.title
    call.opens_at, call.closes_at = notice.calendar.opens, notice.calendar.deadline
    call.save(update_fields=["version", "title", "opens_at", "closes_at"])
    owe_pdf(version, at=at)
    return version


def _locked(pk: Any) -> Call:
    """Without its version: PostgreSQL, once it has waited for the row, looks for it again beside the old version only, and
    finds no call at all."""
    return Call.objects.select_for_update().get(pk=pk)


def _data(after: Proposal | None, order: Order, seen: int) -> dict[str, Any]:
    data: dict[str, Any] = {"seen": seen, "act_number": order.number, "act_date": order.date}
    return data | {"after": after.notice, "faults": after.faults} if after else data


def _facts(version: CallVersion) -> dict[str, Any]:
    return {"version": version.number, "sha256": version.sha256, "deadline": version.notice.calendar.deadline}


def _written(moment: datetime) -> str:
    """As a document writes it: what the clock shows in Rome."""
    return moment.astimezone(ROME).replace(tzinfo=None).isoformat()
