"""The Spazio on its way to the door, through the same acts as in the product."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from network.actions import finish_task, fit_out, say_staff_ready, say_trained
from network.models import Attendee, Meeting, MeetingKind, Space
from network.states import MeetingState


def ready_to_open(space: Space, *, by: User, at: datetime) -> None:
    """From the plan to trained people, at one moment: every task done, a training held. ``by`` is of the office."""
    fit_out(space, by=by, at=at)
    settle(space, by=by, at=at)
    say_staff_ready(space, by=by, at=at)
    school(space, at=at)
    say_trained(space, by=by, at=at)


def settle(space: Space, *, by: User, at: datetime, kinds: tuple[str, ...] = ()) -> None:
    """Finish the tasks of ``kinds``, or all of them."""
    for task in space.tasks.to_settle():
        if not kinds or task.kind in kinds:
            finish_task(task, by=by, at=at)


def school(space: Space, *, at: datetime) -> Meeting:
    """A training that was held the day before, with somebody of the Spazio."""
    meeting = Meeting.objects.create(
        partnership=space.partnership,
        kind=MeetingKind.TRAINING,
        state=MeetingState.HELD,
        title="Formazione iniziale",
        starts_at=at - timedelta(days=1),
        minutes=120,
        place="Sala di prova",
    )
    meeting.spaces.set([space])
    Attendee.objects.create(meeting=meeting, space=space, name="Olga Operatrice", minutes=120)
    return meeting
