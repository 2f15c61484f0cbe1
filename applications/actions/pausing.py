"""The term of a request to complete an application stands still, and runs again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from applications.actions.completing import REQUEST_MAIL, lock_request
from applications.models import CompletionRequest
from applications.transitions import PAUSE_REQUEST, RESUME_REQUEST
from bando.deadlines import in_utc
from workflow.duties import owe
from workflow.perform import perform
from workflow.transition import Attempt, Transition


def pause_request(request: CompletionRequest, *, reason: str, by: User, at: datetime) -> None:
    """Stop the term of a request: until it runs again nothing is late. The body is told ``reason``. Raises :class:`Refused`."""

    def pause() -> Mapping[str, Any]:
        request.paused_at, request.pause_reason = at, reason
        return {"due_at": request.due_at}

    _act(PAUSE_REQUEST, request, pause, reason=reason, by=by, at=at)


def resume_request(request: CompletionRequest, *, reason: str, by: User, at: datetime) -> None:
    """Let the term run again: the body has what was left of it when it stopped, to the microsecond. Raises
    :class:`Refused`."""

    def resume() -> Mapping[str, Any]:
        left = in_utc(request.due_at) - in_utc(request.paused_at)
        request.due_at, request.paused_at, request.pause_reason = in_utc(at) + left, None, ""
        return {"due_at": request.due_at}

    _act(RESUME_REQUEST, request, resume, reason=reason, by=by, at=at)


def _act(
    transition: Transition,
    request: CompletionRequest,
    change: Callable[[], Mapping[str, Any]],
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    def effect(attempt: Attempt) -> Mapping[str, Any]:
        facts = change()
        request.save(update_fields=["due_at", "paused_at", "pause_reason"])
        owe(REQUEST_MAIL, f"{request.pk}:{transition.name}:{at.isoformat()}", at=at)
        return {"number": request.number, **facts}

    with transaction.atomic():
        lock_request(request)
        perform(transition, request.application, by=by, at=at, reason=reason, data={"request": request}, effect=effect)
