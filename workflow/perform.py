"""The one door through which a state changes: lock, ask the rules, change, record; all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from workflow.ledger import canonical, digest, plain
from workflow.models import LedgerEntry, Step
from workflow.transition import Attempt, Obstacle, Refused, Transition, refusals

Effect = Callable[[Attempt], Mapping[str, Any] | None]
"""What an act does besides changing the state, inside its transaction: it saves what it touches and answers the facts
that the record must keep (types of canonical JSON), or ``None``."""

Look = Callable[[Any], None]
"""Reads at once, into the locked row, what the rules and the effect of an act would otherwise ask for one by one. After
the lock and not with it: PostgreSQL joins what stood before the wait."""


def reasons_against(
    transition: Transition,
    row: Any,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> list[str]:
    """Why ``by`` can't do this act on ``row`` at ``at``, in sentences; empty when it can. What a page asks.

    A missing reason is not counted here: the page is where the reason is about to be written.
    """
    attempt = Attempt(row, by, at, reason, data=data or {})
    return [_words(item, row) for item in refusals(transition, attempt) if item is not Obstacle.REASON]


def perform(
    transition: Transition,
    row: models.Model,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    on_behalf_of: str = "",
    data: Mapping[str, Any] | None = None,
    effect: Effect | None = None,
    look: Look | None = None,
    saves: Sequence[str] = (),
) -> Step:
    """Do one act on ``row`` and answer its step. Raises :class:`Refused` with the reasons, having changed nothing.

    ``saves`` are the fields of ``row`` that ``effect`` sets and leaves to be written together with the state.
    ``row`` is locked and read again first, so the rules judge what is stored and not what a page was shown; after a
    refusal or an error the instance may show what was not saved, and is to be thrown away.
    """
    with transaction.atomic():
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
        if look:
            look(row)
        return _act(transition, Attempt(row, by, at, reason, on_behalf_of, data or {}), effect, saves)


def perform_all(
    transition: Transition,
    rows: models.QuerySet,
    *,
    by: Any,
    at: datetime,
    reason: str = "",
    data: Callable[[Any], Mapping[str, Any]] | None = None,
    facts: Callable[[Any], Mapping[str, Any]] | None = None,
) -> list[Step]:
    """The same door for a queryset: all rows pass or none, and the number of queries doesn't grow with the rows.

    The rules are asked of every row; they must read what the queryset has already fetched. ``facts`` answers what the
    record of each row keeps.
    """
    with transaction.atomic():
        attempts = [Attempt(row, by, at, reason, "", data(row) if data else {}) for row in rows.select_for_update(of=("self",))]
        against = [_words(item, a.row) for a in attempts for item in refusals(transition, a)]
        if against:
            raise Refused(list(dict.fromkeys(against)))
        if not attempts:
            return []
        prepared = [_prepare(transition, a, facts(a.row) if facts else None) for a in attempts]
        entries = LedgerEntry.objects.bulk_create([entry for entry, _step in prepared])
        for entry, (_entry, step) in zip(entries, prepared, strict=True):
            step.entry = entry
        if transition.target is not None:
            rows.model._base_manager.filter(pk__in=[a.row.pk for a in attempts]).update(state=transition.target)
        for a in attempts:
            a.row.state = transition.leads_to(a.row.state)
        return attempts[0].row.steps.model.objects.bulk_create([step for _entry, step in prepared])


def record(
    row: models.Model, act: str, *, by: Any, at: datetime, reason: str = "", facts: Mapping[str, Any] | None = None
) -> Step:
    """Remember an act that changes no state (a note, a document shown): same history, same ledger."""
    transition = Transition(act, [row.state], row.state, by=lambda attempt: None)
    with transaction.atomic():
        return _act(transition, Attempt(row, by, at, reason), lambda attempt: facts)


def _act(transition: Transition, attempt: Attempt, effect: Effect | None, saves: Sequence[str] = ()) -> Step:
    if against := refusals(transition, attempt):
        raise Refused([_words(item, attempt.row) for item in against])
    facts = effect(attempt) if effect else None
    entry, step = _prepare(transition, attempt, facts)
    entry.save()
    step.entry = entry
    changed, target = list(saves), transition.leads_to(attempt.row.state)
    if attempt.row.state != target:
        attempt.row.state = target
        changed.append("state")
    if changed:
        attempt.row.save(update_fields=changed)
    step.save()
    return step


def _prepare(transition: Transition, attempt: Attempt, facts: Mapping[str, Any] | None) -> tuple[LedgerEntry, Step]:
    row = attempt.row
    kind, kept = row._meta.label_lower, plain(dict(facts or {}))
    content = canonical(
        {
            "kind": kind,
            "subject": str(row.pk),
            "act": transition.name,
            "from": row.state,
            "to": transition.leads_to(row.state),
            "by": attempt.by.pk if attempt.by else None,
            "on_behalf_of": attempt.on_behalf_of,
            "at": attempt.at,
            "reason": attempt.reason,
            "facts": kept,
        }
    )
    entry = LedgerEntry(
        kind=kind, subject=str(row.pk), act=transition.name, at=attempt.at, content=content, hash=digest(content)
    )
    step = row.steps.model(
        row=row,
        act=transition.name,
        source=row.state,
        target=transition.leads_to(row.state),
        by=attempt.by,
        on_behalf_of=attempt.on_behalf_of,
        at=attempt.at,
        reason=attempt.reason,
        facts=kept,
    )
    return entry, step


def _words(item: str, row: Any) -> str:
    if item is Obstacle.STATE:
        return _("Adesso non si può fare: lo stato è «%(state)s».") % {"state": row.get_state_display()}
    if item is Obstacle.REASON:
        return _("Scrivi il motivo: resta nella storia dell'atto.")
    return str(item)
