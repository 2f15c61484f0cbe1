"""The Spazio on its way to the door, through the same acts as in the product."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from network.actions import finish_task, fit_out, publish_agreement, say_staff_ready, say_trained
from network.models import Agreement, Attendee, Meeting, MeetingKind, Space
from network.states import AgreementState, MeetingState

DISCLOSURE = {
    "legal_basis": "Art. 55 del D.Lgs. 117/2017; determinazione 340/2021",
    "office": "Direzione Politiche Sociali",
    "official": "Anna Ufficio",
    "mode": "Avviso di co-progettazione",
    "project_url": "",
}


def ready_to_open(space: Space, *, by: User, at: datetime) -> None:
    """From the plan to trained people, at one moment: every task done, a training held. ``by`` is of the office."""
    give_effect(space.partnership.agreement, by=by, at=at)
    fit_out(space, by=by, at=at)
    settle(space, by=by, at=at)
    say_staff_ready(space, by=by, at=at)
    school(space, at=at)
    say_trained(space, by=by, at=at)


def give_effect(agreement: Agreement, *, by: User, at: datetime) -> None:
    """Published on the day of its signature, unless it has effect already."""
    if agreement.state == AgreementState.SIGNED:
        facts = {"publication": "https://esempio.it/trasparenza/77", "disclosure": DISCLOSURE}
        publish_agreement(agreement, published_on=agreement.signed_on, **facts, by=by, at=at)


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
