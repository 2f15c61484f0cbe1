"""The mails about the meetings of the network, after the commit."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.people import people_of
from network.models import Meeting
from network.states import MeetingState
from workflow.duties import duty
from workflow.mail import send


@duty("network.meeting_planned")
def tell_planned(subject: str, at: datetime) -> None:
    _tell(subject, "network/email/meeting_planned", [MeetingState.PLANNED])


@duty("network.meeting_near")
def tell_near(subject: str, at: datetime) -> None:
    _tell(subject, "network/email/meeting_near", [MeetingState.PLANNED])


@duty("network.meeting_cancelled")
def tell_cancelled(subject: str, at: datetime) -> None:
    _tell(subject, "network/email/meeting_cancelled", [MeetingState.CANCELLED])


def _tell(subject: str, template: str, states: list[MeetingState]) -> None:
    """One mail to each person of the bodies whose Spazi are invited, while the meeting still stands so."""
    meeting = Meeting.objects.filter(pk=subject, state__in=states).first()
    if meeting is None:
        return
    url = settings.SITE_URL + reverse("meeting", args=[meeting.pk])
    reason = meeting.steps.filter(act="cancel").values_list("reason", flat=True).first() or ""
    for person in people_of(*meeting.spaces.values_list("partnership__organisation", flat=True)):
        with translation.override(person.language):
            context = {"meeting": meeting, "person": person, "url": url, "reason": reason}
            send(template, context, to=[person.email], identifier=f"{template.rpartition('/')[2]}-{meeting.pk}-{person.pk}")
