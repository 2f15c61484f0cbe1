"""Amendments for the tests, through the doors of the product."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.models import User
from applications import amending
from applications.amending import Order, data_in_force, draft_in_hand, last_number
from bando import drafting
from bando.deadlines import ROME
from bando.models import Amendment, Call, DraftOrigin, NoticeDraft


def order(number: str = "321", *, at: datetime, reason: str = "Lo ha chiesto chi partecipa.", **changed: Any) -> Order:
    """An act signed on the day of ``at``."""
    return Order(number, at.astimezone(ROME).date(), reason, **changed)


def revoke(call: Call, *, by: User, at: datetime, reason: str) -> Amendment:
    signed = order("99", at=at, reason=reason)
    return amending.revoke(call, order=signed, seen=last_number(call), by=by, at=at)


def extend(call: Call, deadline: datetime, *, by: User, at: datetime, **changed: Any) -> Amendment:
    facts = {"order": order("210", at=at), "seen": last_number(call)} | changed
    return amending.extend(call, deadline=deadline, by=by, at=at, **facts)


def reopen(call: Call, deadline: datetime, *, by: User, at: datetime, **changed: Any) -> Amendment:
    facts = {"order": order("220", at=at), "seen": last_number(call)} | changed
    return amending.reopen(call, deadline=deadline, by=by, at=at, **facts)


def rectification(call: Call, change: Callable[[dict[str, Any]], None], *, by: User, at: datetime) -> NoticeDraft:
    """A draft that begins from the document in force and holds what ``change`` made of it."""
    draft = draft_in_hand(call) or drafting.begin(
        data_in_force(call), origin=DraftOrigin.CALL, by=by, at=at, call=call, amends=True
    )
    change(draft.data)
    draft.version += 1
    draft.save()
    return draft


def rectify(call: Call, change: Callable[[dict[str, Any]], None], *, by: User, at: datetime, **changed: Any) -> Amendment:
    draft = rectification(call, change, by=by, at=at)
    facts = {"order": order("230", at=at), "seen": last_number(call), "shown": draft.version} | changed
    return amending.rectify(draft, by=by, at=at, **facts)
