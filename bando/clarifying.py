"""Questions about a call and their answers, one function per verb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from bando.clarification_rules import against_asking, against_setting_aside
from bando.following import follow
from bando.models import Call, Clarification, Enquiry
from bando.telling import tell_everybody
from bando.transitions import CLARIFY
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def ask(call: Call, *, section: str, text: str, by: User, at: datetime) -> Enquiry:
    """Ask about ``call``, or about the section of its form with this code ("" for the call as a whole). Who asks follows
    the call from now on, because they want to know the answer. Raises :class:`Refused`."""
    with transaction.atomic():
        # Whoever asks from two pages at once is counted once and then the other time.
        User.objects.select_for_update().get(pk=by.pk)
        if against := against_asking(call, by=by, at=at):
            raise Refused([against])
        follow(call, by=by, at=at)
        return Enquiry.objects.create(call=call, section=section, text=text, asked_by=by, asked_at=at)


def answer(
    call: Call,
    *,
    section: str,
    question: str,
    reply: str,
    explains_only: bool,
    by: User,
    at: datetime,
    enquiries: Iterable[UUID] = (),
    replaces: Clarification | None = None,
) -> Clarification:
    """Publish a clarification, numbered, and tell everybody. It answers the waiting ``enquiries`` of this call, all at once
    or none; it may have none of them. Raises :class:`Refused`, having published nothing.

    The call is locked meanwhile, so that of two officials each gets a number of their own.
    """
    made: list[Clarification] = []

    def publish(attempt: Attempt) -> Mapping[str, Any]:
        asked = _still_waiting(call, set(enquiries))
        last = call.clarifications.aggregate(last=Max("number"))["last"] or 0
        new = Clarification.objects.create(
            call=call,
            number=last + 1,
            section=section,
            question=question,
            answer=reply,
            replaces=replaces,
            by=by,
            at=at,
        )
        Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in asked]).update(clarification=new)
        tell_everybody(new, at=at)
        made.append(new)
        return {
            "number": new.number,
            "section": section,
            "question": question,
            "answer": reply,
            "replaces": replaces.number if replaces else None,
            "enquiries": len(asked),
            "explains_only": explains_only,
        }

    data = {"explains_only": explains_only, "replaces": replaces}
    perform(CLARIFY, call, by=by, at=at, data=data, effect=publish)
    return made[0]


def replace(
    old: Clarification, *, section: str, question: str, reply: str, explains_only: bool, by: User, at: datetime
) -> Clarification:
    """Publish a clarification in the place of ``old``, which stays readable with a mark."""
    return answer(
        old.call,
        section=section,
        question=question,
        reply=reply,
        explains_only=explains_only,
        replaces=old,
        by=by,
        at=at,
    )


def set_aside(enquiry: Enquiry, *, reason: str, by: User, at: datetime) -> Enquiry:
    """Leave an enquiry without a published answer, for a reason that its author reads. Raises :class:`Refused`."""
    with transaction.atomic():
        enquiry.refresh_from_db(from_queryset=Enquiry.objects.select_for_update())
        if against := against_setting_aside(enquiry, by=by, reason=reason):
            raise Refused([against])
        enquiry.set_aside_at, enquiry.set_aside_by, enquiry.set_aside_reason = at, by, reason
        enquiry.save(update_fields=["set_aside_at", "set_aside_by", "set_aside_reason"])
        return enquiry


def _still_waiting(call: Call, wanted: set[UUID]) -> list[Enquiry]:
    """The enquiries with these keys, locked; refused unless every one of them still waits."""
    waiting = list(Enquiry.objects.waiting().filter(call=call, pk__in=wanted).select_for_update()) if wanted else []
    if len(waiting) < len(wanted):
        raise Refused(
            [
                _(
                    "Intanto qualcun altro ha risposto a uno di questi quesiti o l'ha messo da parte. Controlla l'elenco e riprova."
                )
            ]
        )
    return waiting
