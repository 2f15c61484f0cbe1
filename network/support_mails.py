"""The mails about the meetings of the network, after the commit."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.people import people_of
from network.models import Meeting
from network.states import MeetingState
from network.to_each import Letter, mailed_to_each


@mailed_to_each("network.meeting_planned")
def tell_planned(subject: str, at: datetime) -> Letter | None:
    return _of(subject, "meeting_planned", [MeetingState.PLANNED])


@mailed_to_each("network.meeting_near")
def tell_near(subject: str, at: datetime) -> Letter | None:
    return _of(subject, "meeting_near", [MeetingState.PLANNED])


@mailed_to_each("network.meeting_cancelled")
def tell_cancelled(subject: str, at: datetime) -> Letter | None:
    return _of(subject, "meeting_cancelled", [MeetingState.CANCELLED])


def _of(subject: str, mail: str, states: list[MeetingState]) -> Letter | None:
    """To the people of the bodies whose Spazi are invited, while the meeting still stands so."""
    meeting = Meeting.objects.filter(pk=subject, state__in=states).first()
    if meeting is None:
        return None
    url = settings.SITE_URL + reverse("meeting", args=[meeting.pk])
    reason = meeting.steps.filter(act="cancel").values_list("reason", flat=True).first() or ""
    people = people_of(*meeting.spaces.values_list("partnership__organisation", flat=True))
    context = {"meeting": meeting, "url": url, "reason": reason}
    return Letter(f"network/email/{mail}", context, f"{mail}-{meeting.pk}", people)
