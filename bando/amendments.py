"""What changed in a published call, as pages show it: each amendment with its difference in words and the terms that it
moved; and the versions of the rules that were ever in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bando.models import Amendment, AmendmentKind, Call, CallVersion
from bando.notice.difference import Change, difference, words
from bando.notice.document import Notice
from bando.states import CallState

SHORT = 160
"""Characters before and after, together, that an eye compares without marks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change, and for a long text that was changed its words: ``pieces`` are (same, removed or added; text). They are
    empty for what is new, gone or moved, and for a value so short that one reads it before and after."""

    change: Change
    pieces: list[tuple[str, str]]


def shown(before: Notice, after: Notice) -> list[Shown]:
    """The readable difference of two documents; empty for the same one."""
    return [show(change) for change in difference(before, after)]


def show(change: Change) -> Shown:
    is_long = change.kind == "changed" and len(change.before) + len(change.after) > SHORT
    return Shown(change, words(change.before, change.after) if is_long else [])


def deadlines(row: Amendment) -> dict[str, Any] | None:
    """The deadline before and after, when the amendment moves it."""
    old, new = row.before.notice.calendar.deadline, row.after.notice.calendar.deadline
    return {"before": old, "after": new} if old != new else None


def listed(call: Call) -> list[dict[str, Any]]:
    """The amendments of a call, newest first, as ``bando/_amendments.html`` shows them. One query; none for a call
    that is as it was published."""
    if call.state != CallState.REVOKED and (call.published_at is None or call.version.made_at <= call.published_at):
        return []
    rows = call.amendments.select_related("act_file", "before", "after").order_by("-number")
    return [{"amendment": row, "deadlines": deadlines(row), "revokes": row.kind == AmendmentKind.REVOCATION} for row in rows]


def version_in_force(call: Call, number: int) -> CallVersion | None:
    """The version of ``call`` with this number, if its rules were ever in force; what was written before the publication is
    nobody's."""
    if number == call.version.number:
        return call.version
    rows = call.amendments.select_related("before", "after")
    return next((version for row in rows for version in (row.before, row.after) if version.number == number), None)
