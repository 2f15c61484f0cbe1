"""The formal check of an application: the verdicts on its points, the act that ends it, and the reserve that may stay.

What the program finds (``applications.findings``) is a proposal in words; the verdict is always a person's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.findings import points
from applications.models import Application, CheckItem
from applications.rejection import standing_notice
from applications.states import ApplicationState
from applications.transitions import ADMIT, ADMIT_WITH_RESERVE, LIFT_RESERVE, NOT_ADMIT, START_CHECK
from bando.models import Call
from bando.rules import is_official
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused

OUTCOME_MAIL, RESERVE_MAIL = "applications.outcome_mail", "applications.reserve_mail"


def start_check(application: Application, *, by: User, at: datetime) -> Step:
    """Take the application in hand: from now on each point of the check waits for a verdict. Raises :class:`Refused`.

    The call is locked first: a check and a reopening of the terms exclude each other, and each would see the other too
    late."""

    def open_points(attempt: Attempt) -> Mapping[str, Any]:
        codes = [point.code for point in points(application)]
        CheckItem.objects.bulk_create([CheckItem(application=application, code=code) for code in codes])
        return {"submission": application.current.sha256, "points": codes}

    with transaction.atomic():
        Call.objects.select_for_update().only("pk").get(pk=application.call_id)
        return perform(START_CHECK, application, by=by, at=at, effect=open_points)


@dataclass(frozen=True, slots=True)
class Verdict:
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person left on a point: ``shown`` is what the page held when it was opened, ``chosen`` what came back."""

    shown: Verdict
    chosen: Verdict


def save_verdicts(application: Application, entries: Mapping[str, Entry], *, by: User, at: datetime) -> list[CheckItem]:
    """Keep the verdicts by code of the point, and answer the points that somebody else changed meanwhile.

    Those are left as they are: whoever was about to write over a colleague's verdict reads it first. A point that the
    person did not touch is never written. Raises :class:`Refused` when the check is not under way.
    """
    with transaction.atomic():
        locked = _under_check(application, by=by, at=at)
        changed, contested = [], []
        for item in locked.check_items.select_related("by"):
            entry, stored = entries.get(item.code), Verdict(item.verdict, item.note)
            if entry is None or entry.chosen in {entry.shown, stored}:
                continue
            if stored != entry.shown:
                contested.append(item)
                continue
            item.verdict, item.note, item.by, item.at = entry.chosen.verdict, entry.chosen.note, by, at
            changed.append(item)
        CheckItem.objects.bulk_update(changed, ["verdict", "note", "by", "at"])
    return contested


def accept_proposals(application: Application, *, by: User, at: datetime) -> list[str]:
    """Answer «met», as ``by`` judges, on every point still open of which everything that was found speaks for it; the codes of
    those. A verdict that somebody gave is never touched. Raises :class:`Refused` when the check is not under way."""
    with transaction.atomic():
        locked = _under_check(application, by=by, at=at)
        for_it = [point.code for point in points(locked) if point.speaks_for]
        waiting = locked.check_items.filter(code__in=for_it, verdict=CheckItem.Verdict.OPEN).order_by("pk")
        accepted = list(waiting.values_list("code", flat=True))
        locked.check_items.filter(code__in=accepted).update(verdict=CheckItem.Verdict.MET, by=by, at=at)
    return accepted


def undo_accepted(application: Application, codes: Collection[str], accepted_at: datetime, *, by: User, at: datetime) -> int:
    """Open again the points that ``by`` accepted in one press at ``accepted_at`` and nobody touched since; how many. Raises
    :class:`Refused` when the check is not under way."""
    with transaction.atomic():
        locked = _under_check(application, by=by, at=at)
        theirs = locked.check_items.filter(code__in=codes, by=by, at=accepted_at, verdict=CheckItem.Verdict.MET)
        return theirs.update(verdict=CheckItem.Verdict.OPEN, by=None, at=None)


def admit(application: Application, *, by: User, at: datetime) -> Step:
    """The application goes on to the commission. Raises :class:`Refused`."""
    return perform(ADMIT, application, by=by, at=at, effect=_conclude)


def admit_with_reserve(application: Application, *, by: User, at: datetime, reason: str) -> Step:
    """The application goes on, and ``reason`` says what it still waits for: the body reads it, and no agreement is signed before
    the reserve is lifted. Raises :class:`Refused`."""

    def reserve(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.reserve = reason
        return _conclude(attempt)

    return perform(ADMIT_WITH_RESERVE, application, by=by, at=at, reason=reason, effect=reserve, saves=["reserve"])


def lift_reserve(application: Application, *, by: User, at: datetime, reason: str) -> Step:
    """What the application waited for has come, as ``reason`` says; it stays where it stands. Raises :class:`Refused`."""

    def lift(attempt: Attempt) -> Mapping[str, Any]:
        facts = {"reserve": attempt.row.reserve}
        attempt.row.reserve = ""
        owe(RESERVE_MAIL, attempt.row.pk, at=at)
        return facts

    return perform(LIFT_RESERVE, application, by=by, at=at, reason=reason, effect=lift, saves=["reserve"])


def not_admit(application: Application, *, by: User, at: datetime, reason: str, answer: str = "") -> Step:
    """The application stops here; ``reason`` goes to the body, with the ``answer`` to its observations where it wrote some.
    Raises :class:`Refused`."""

    def reject(attempt: Attempt) -> Mapping[str, Any]:
        facts = dict(_conclude(attempt))
        notice = standing_notice(attempt.row)
        if notice is not None:
            facts["rejection_notice"] = notice.number
        if notice is not None and notice.observed_at is not None:
            notice.answer = facts["answer"] = answer.strip()
            notice.save(update_fields=["answer"])
        return facts

    return perform(NOT_ADMIT, application, by=by, at=at, reason=reason, data={"answer": answer}, effect=reject)


def _under_check(application: Application, *, by: User, at: datetime) -> Application:
    """The application, locked, if ``by`` may judge its points now."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if against := is_official(Attempt(locked, by, at)):
        raise Refused([against])
    if locked.state != ApplicationState.CHECKING:
        raise Refused([_("La verifica non è in corso: lo stato è «%(state)s».") % {"state": locked.get_state_display()}])
    return locked


def _conclude(attempt: Attempt) -> Mapping[str, Any]:
    """The verdicts enter the record as they stand at the act: the rows of the check may be read, no longer changed."""
    owe(OUTCOME_MAIL, attempt.row.pk, at=attempt.at)
    items = attempt.row.check_items.order_by("pk").select_related("by")
    return {
        "verdicts": [
            {"code": item.code, "verdict": item.verdict, "note": item.note, "by": item.by_id, "at": item.at} for item in items
        ]
    }
