"""A network with a partner for the method, for the tests of what it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState
from bando.models import Call
from bando.states import CallState
from network.actions import draft_agreement, plan_meeting
from network.models import Meeting, MeetingKind, Partnership, Space
from tests import road as roads
from tests.builders import body, person, submitted_application
from tests.remembered import remembered

CALLED = roads.OPENED + timedelta(days=1)
STARTS = roads.OPENED + timedelta(days=8)
HELD = STARTS + timedelta(hours=3)


@dataclass
class Network:
    """``space`` is run by the body of ``runner``; ``partnership`` is that of ``method``, a person of the partner of Area 2."""

    office: User
    runner: User
    method: User
    stranger: User
    space: Space
    partnership: Partnership


@remembered
def accompanied(road: roads.Road | None = None) -> Network:
    road = road or roads.agreed()
    method = person(name="Mara Metodo")
    partner = body("Consorzio Metodo", by=method)
    # The evaluation of Area 2 is beside the point: its proposal is sent while the call still received them, and selected.
    ended = Call.objects.get(pk=road.call.pk).state
    Call.objects.filter(pk=road.call.pk).update(state=CallState.PUBLISHED)
    application = submitted_application(Call.objects.get(pk=road.call.pk), "area-2", by=method, organisation=partner)
    Call.objects.filter(pk=road.call.pk).update(state=ended)
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.SELECTED)
    application = Application.objects.with_call().get(pk=application.pk)
    agreement = draft_agreement(application, at=roads.SIGNED)
    roads.sign(agreement, by=road.office, number="78/2022")
    return Network(
        road.office,
        road.applicant,
        method,
        person(name="Ugo Estraneo"),
        road.space,
        Partnership.objects.get(agreement=agreement),
    )


def training(network: Network, **changes: object) -> Meeting:
    given = {
        "kind": MeetingKind.TRAINING,
        "title": "Ascoltare",
        "starts_at": STARTS,
        "minutes": 120,
        "place": "Sala di esempio",
        "agenda": "Ascoltare prima di rispondere.",
        "spaces": [network.space],
        "by": network.method,
        "at": CALLED,
    }
    return plan_meeting(network.partnership, **{**given, **changes})
