"""What the partner for the method does for the network, one function per verb. The office may do it in its stead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from bando.deadlines import ROME
from network.models import Attendee, Meeting, Partnership, ServiceLink, Space, SupportAction, SupportPlan
from network.rules.common import is_official_or_accompanies
from network.transitions import CANCEL_MEETING, CORRECT_MEETING, HOLD_MEETING, PLAN_MEETING
from workflow.duties import owe_all
from workflow.models import Step
from workflow.perform import perform
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
    with transaction.atomic():
        _let_in(space, by, at)
        Space.objects.select_for_update().get(pk=space.pk)  # two first savings at once
        plan = SupportPlan.objects.filter(space=space).first() or SupportPlan(space=space, version=0)
        if plan.version != seen:
            who, when = plan.saved_by, plan.saved_at
            raise Refused(
                [
                    _("%(who)s ha salvato un'altra versione del piano mentre scrivevi (%(when)s): rileggila, poi salva la tua.")
                    % {"who": who, "when": f"{when.astimezone(ROME):%H:%M}"}
                ]
            )
        plan.partnership, plan.goals, plan.needs = partnership, goals.strip(), needs.strip()
        plan.version, plan.saved_by, plan.saved_at = seen + 1, by, at
        plan.save()
        return plan


def add_action(plan: SupportPlan, *, text: str, due_on: date | None, by: User, at: datetime) -> SupportAction:
    _let_in(plan.space, by, at)
    return plan.actions.create(text=text.strip(), due_on=due_on)


def finish_action(action: SupportAction, *, done_on: date, outcome: str, by: User, at: datetime) -> None:
    """Say that a step of a plan is done, and what came of it; saying it again corrects it."""
    _let_in(action.plan.space, by, at)
    action.done_on, action.outcome = done_on, outcome.strip()
    action.save(update_fields=["done_on", "outcome"])


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


def save_link(link: ServiceLink, *, spaces: Iterable[Space], by: User, at: datetime) -> ServiceLink:
    """Write an office or a service that the Spazi work with."""
    with transaction.atomic():
        _let_in(link, by, at)
        link.saved_by, link.saved_at = by, at
        link.save()
        link.spaces.set(spaces)
        return link


def end_link(link: ServiceLink, *, on: date, by: User, at: datetime) -> None:
    _let_in(link, by, at)
    link.ended_on = on
    link.save(update_fields=["ended_on"])


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


def _let_in(row: Any, by: User, at: datetime) -> None:
    if against := is_official_or_accompanies(Attempt(row, by, at)):
        raise Refused([against])
