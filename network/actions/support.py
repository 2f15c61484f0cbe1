"""What the partner for the method does for the network, one function per verb. The office may do it in its stead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from applications.merging import Verdict
from network.models import Attendee, Meeting, Partnership, ServiceLink, Space, SupportAction, SupportPlan
from network.support_units import LINK, WRITTEN, link_columns, link_units
from network.transitions import (
    ADD_ACTION,
    ADD_LINK,
    CANCEL_MEETING,
    CORRECT_LINK,
    CORRECT_MEETING,
    END_LINK,
    FINISH_ACTION,
    HOLD_MEETING,
    PLAN_MEETING,
    REOPEN_ACTION,
    RESUME_LINK,
    WRITE_PLAN,
)
from network.written_at_once import bases_of, judged
from workflow.duties import owe_all
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused

Presences = Sequence[tuple[Space | None, str, str, int]]
"""Who came: for which Spazio (None: for another office), name, role, minutes."""

REMINDED = timedelta(days=2)
"""How long before a meeting its reminder leaves."""


def save_plan(
    space: Space, partnership: Partnership, *, goals: str, needs: str, seen: int, by: User, at: datetime
) -> SupportPlan:
    """Write the plan of support of a Spazio over its version ``seen`` (0: there was none). Raises :class:`Refused`, having
    changed nothing, when somebody saved another meanwhile."""
    plan = SupportPlan()

    def write(attempt: Attempt) -> Mapping[str, Any]:
        nonlocal plan
        plan = SupportPlan.objects.filter(space=attempt.row).first() or SupportPlan(space=attempt.row)
        plan.partnership, plan.goals, plan.needs = partnership, goals.strip(), needs.strip()
        plan.version, plan.saved_by, plan.saved_at = seen + 1, by, at
        plan.save()
        return {"version": plan.version, "partnership": partnership.pk, "goals": plan.goals, "needs": plan.needs}

    perform(WRITE_PLAN, space, by=by, at=at, data={"seen": seen}, effect=write)
    return plan


def add_action(plan: SupportPlan, *, text: str, due_on: date | None, by: User, at: datetime) -> SupportAction:
    """One more step of a plan."""
    with transaction.atomic():
        action = plan.actions.create(text=text.strip(), due_on=due_on)
        perform(ADD_ACTION, action, by=by, at=at, effect=lambda attempt: {"text": action.text, "due_on": due_on})
    return action


def finish_action(action: SupportAction, *, done_on: date, outcome: str, by: User, at: datetime) -> Step:
    """Say that a step of a plan is done, and what came of it."""

    def mark(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.done_on, attempt.row.outcome = done_on, outcome.strip()
        return {"done_on": done_on, "outcome": attempt.row.outcome}

    data, saves = {"done_on": done_on}, ["done_on", "outcome"]
    return perform(FINISH_ACTION, action, by=by, at=at, data=data, effect=mark, saves=saves)


def reopen_action(action: SupportAction, *, reason: str, by: User, at: datetime) -> Step:
    """It is to be done after all, or was told wrongly; what was told stays in the step of then."""

    def undo(attempt: Attempt) -> None:
        attempt.row.done_on, attempt.row.outcome = None, ""

    return perform(REOPEN_ACTION, action, by=by, at=at, reason=reason, effect=undo, saves=["done_on", "outcome"])


def plan_meeting(
    partnership: Partnership,
    *,
    kind: str,
    title: str,
    starts_at: datetime,
    minutes: int,
    place: str,
    agenda: str,
    spaces: Iterable[Space],
    by: User,
    at: datetime,
) -> Meeting:
    """Call a meeting or a training. The people of the Spazi that are invited are told, and reminded two days before."""
    with transaction.atomic():
        meeting = Meeting.objects.create(
            partnership=partnership,
            kind=kind,
            title=title.strip(),
            starts_at=starts_at,
            minutes=minutes,
            place=place.strip(),
            agenda=agenda.strip(),
        )
        meeting.spaces.set(spaces)
        invited = sorted(space.pk for space in meeting.spaces.all())
        facts = {"kind": kind, "title": meeting.title, "starts_at": starts_at, "minutes": minutes, "spaces": invited}
        perform(PLAN_MEETING, meeting, by=by, at=at, effect=lambda attempt: facts)
        owe_all([("network.meeting_planned", meeting.pk)], at=at)
        if starts_at - REMINDED > at:
            owe_all([("network.meeting_near", meeting.pk)], at=starts_at - REMINDED)
    return meeting


def hold_meeting(meeting: Meeting, presences: Presences, *, summary: str, minutes: int, by: User, at: datetime) -> Step:
    """Say who came, for how long, and what was said."""
    return _write(HOLD_MEETING, meeting, presences, summary=summary, minutes=minutes, by=by, at=at)


def correct_meeting(
    meeting: Meeting, presences: Presences, *, summary: str, minutes: int, reason: str, by: User, at: datetime
) -> Step:
    """Write attendance and summary anew; what stood before stays in the step of then."""
    return _write(CORRECT_MEETING, meeting, presences, summary=summary, minutes=minutes, reason=reason, by=by, at=at)


def cancel_meeting(meeting: Meeting, *, reason: str, by: User, at: datetime) -> Step:
    def tell(attempt: Attempt) -> None:
        owe_all([("network.meeting_cancelled", meeting.pk)], at=at)

    return perform(CANCEL_MEETING, meeting, by=by, at=at, reason=reason, effect=tell)


def save_link(
    link: ServiceLink,
    *,
    spaces: Iterable[Space],
    by: User,
    at: datetime,
    bases: Mapping[str, Sequence[str]] | None = None,
) -> Step | None:
    """Write an office or a service that the Spazi work with; when nothing changes, there is no step. ``bases`` are what the page
    carries; without them nobody else wrote meanwhile. Raises :class:`Refused`, and :class:`BothWrote` with nothing saved."""
    now = link_columns(link, spaces)
    with transaction.atomic():
        if is_new := link.pk is None:
            link.saved_by, link.saved_at = by, at
            link.save()
        else:
            link.refresh_from_db(from_queryset=ServiceLink.objects.select_for_update())
        act = ADD_LINK if is_new else CORRECT_LINK
        was = link_columns(link, link.spaces.all())
        changed = list(LINK)
        if not is_new:
            if against := reasons_against(act, link, by=by, at=at):
                raise Refused(against)
            stored = link_units(was)
            verdicts = judged(stored, link_units(now), bases or bases_of(stored))
            changed = [name for name in changed if verdicts[name] is Verdict.MINE]
        if not changed:
            return None

        def write(attempt: Attempt) -> Mapping[str, Any]:
            columns = {name: now[name] for name in changed if name != "spaces"}
            for name, value in columns.items():
                setattr(attempt.row, name, value)
            attempt.row.saved_by, attempt.row.saved_at = by, at
            if "spaces" in changed:
                attempt.row.spaces.set(now["spaces"])
            # Whom to call is a person, who may ask to be forgotten: the record says that it changed, and not what it was.
            told = [name for name in changed if name != "contact"]
            return {
                "changed": changed,
                "was": {} if is_new else {name: was[name] for name in told},
                "is": {name: now[name] for name in told},
            }

        return perform(act, link, by=by, at=at, effect=write, saves=[*WRITTEN, "saved_by", "saved_at"])


def end_link(link: ServiceLink, *, on: date, by: User, at: datetime) -> Step:
    """It isn't shown to the Spazi any more."""

    def mark(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.ended_on = on
        return {"ended_on": on}

    return perform(END_LINK, link, by=by, at=at, effect=mark, saves=["ended_on"])


def resume_link(link: ServiceLink, *, by: User, at: datetime) -> Step:
    """What had ended is in use again, as it was."""

    def undo(attempt: Attempt) -> None:
        attempt.row.ended_on = None

    return perform(RESUME_LINK, link, by=by, at=at, effect=undo, saves=["ended_on"])


def _write(row: Any, meeting: Meeting, presences: Presences, *, summary: str, minutes: int, **act: Any) -> Step:
    def keep(attempt: Attempt) -> Mapping[str, Any]:
        attempt.row.summary, attempt.row.minutes = summary.strip(), minutes
        attempt.row.attendees.all().delete()
        Attendee.objects.bulk_create(
            [Attendee(meeting=attempt.row, space=s, name=name, role=role, minutes=stay) for s, name, role, stay in presences]
        )
        # How many and how long; the names of persons stay out of the ledger, which nobody can correct.
        return {"present": len(presences), "minutes": minutes, "person_minutes": sum(stay for *_who, stay in presences)}

    data = {"attendees": presences, "minutes": minutes}
    return perform(row, meeting, data=data, effect=keep, saves=["summary", "minutes"], **act)
