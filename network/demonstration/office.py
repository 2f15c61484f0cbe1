"""What the office does in the demonstration: the formal check, the list of who was admitted, the commission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from applications.actions.admissions import publish_admissions
from applications.admissions import compose
from applications.checking import Entry, Verdict, admit, admit_with_reserve, save_verdicts, start_check
from applications.models import Application, CheckItem
from bando.models import Call
from evaluation.actions import appoint_commission
from evaluation.models import Commission, MemberRole
from workflow.ledger import canonical, digest

UNTOUCHED, MET = Verdict("", ""), Verdict(CheckItem.Verdict.MET, "")


def check(application: Application, *, by: User, at: datetime) -> None:
    """The formal check, with all requirements met."""
    judge(application, {}, by=by, at=at)
    admit(application, by=by, at=at)


def check_with_reserve(application: Application, *, by: User, at: datetime) -> None:
    """Admitted while one thing is still to come."""
    judge(application, {0: Verdict(CheckItem.Verdict.RESERVE, "Il rinnovo dell'iscrizione è in corso.")}, by=by, at=at)
    reason = "Prima della convenzione deve arrivare la conferma dell'iscrizione al registro."
    admit_with_reserve(application, reason=reason, by=by, at=at)


def judge(application: Application, but: Mapping[int, Verdict], *, by: User, at: datetime) -> None:
    """Begin the check and give a verdict on each point: met, ``but`` for those at these places."""
    start_check(application, by=by, at=at)
    codes = application.check_items.order_by("pk").values_list("code", flat=True)
    entries = {code: Entry(UNTOUCHED, but.get(place, MET)) for place, code in enumerate(codes)}
    save_verdicts(application, entries, by=by, at=at)


def begin_check(application: Application, *, by: User, at: datetime) -> None:
    """A check in which one thing still has to be seen."""
    start_check(application, by=by, at=at)
    codes = list(application.check_items.order_by("pk").values_list("code", flat=True))
    save_verdicts(application, {code: Entry(UNTOUCHED, MET) for code in codes[:2]}, by=by, at=at)


def publish_the_admitted(call: Call, area: str, reasons: Mapping[str, str], *, number: str, by: User, at: datetime) -> None:
    seen = digest(canonical(compose(call, area, reasons=reasons)))
    publish_admissions(call, area, reasons=reasons, note="", act_number=number, act_date=at.date(), seen=seen, by=by, at=at)


def seats_of(people: Mapping[str, User]) -> list[tuple[User, str]]:
    """The commission of the calls that are behind us."""
    return [
        (people["paolo.greco"], MemberRole.CHAIR),
        (people["elena.riva"], MemberRole.MEMBER),
        (people["stefano.marino"], MemberRole.MEMBER),
        (people["marta.villa"], MemberRole.SECRETARY),
    ]


def appoint(call: Call, seats: Sequence[Any], *, by: User, at: datetime) -> Commission:
    return appoint_commission(call, members=seats, act_number="387 (esempio)", act_date=at.date(), by=by, at=at)
