"""Who is told of what happens to a call after its publication, and how.

An amendment or a clarification owes one duty (``tell_everybody``), which owes one mail for each person: a mail that no
server takes is tried again alone, and telling ten thousand people never holds up the act. Packages above this one say who
else is concerned (``concerns``) and what an amendment means for them (``means``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from bando.models import Amendment, Call, Clarification
from workflow.duties import duty, owe
from workflow.mail import send

Event = Amendment | Clarification
Concerned = Callable[[Call], Iterable[User]]
Meaning = Callable[[Amendment, User], list[str]]

_concerned: list[Concerned] = []
_meanings: list[Meaning] = []
_KINDS = {"amendment": Amendment, "clarification": Clarification}


def concerns(people: Concerned) -> Concerned:
    """Register who else, beside the followers, is told of what happens to a call."""
    _concerned.append(people)
    return people


def means(sentences: Meaning) -> Meaning:
    """Register what an amendment means for one person, in sentences of the mail; they are asked in the person's language."""
    _meanings.append(sentences)
    return sentences


def audience(call: Call) -> list[User]:
    """Everybody who is told, once each: who follows the call and whom other packages name."""
    people = {follower.user for follower in call.followers.select_related("user")}
    for source in _concerned:
        people.update(source(call))
    return sorted((user for user in people if user.is_active), key=lambda user: user.pk)


def tell_everybody(event: Event, *, at: datetime) -> None:
    """Owe the news of ``event`` to its audience. Called inside the transaction of the act."""
    owe("bando.tell_everybody", f"{event._meta.model_name}:{event.pk}", at=at)


@duty("bando.tell_everybody")
def _fan_out(subject: str, at: datetime) -> None:
    for user in audience(_event(subject).call):
        owe("bando.tell", f"{subject}:{user.pk}", at=at)


@duty("bando.tell")
def _tell(subject: str, at: datetime) -> None:
    kind, event_id, user_id = subject.split(":")
    event, user = _event(f"{kind}:{event_id}"), User.objects.get(pk=user_id)
    with translation.override(user.language):
        context = about(event)
        context["stop"] = f"{context['url']}#segui"
        context["meaning"] = [words for source in _meanings for words in source(event, user)] if kind == "amendment" else []
        send(f"bando/email/{kind}", context, to=[user.email], identifier=f"{kind}-{event_id}-{user_id}")


def about(event: Event) -> dict[str, Any]:
    """What every mail about an event knows, whoever sends it."""
    url = f"{settings.SITE_URL}{reverse('call', args=[event.call.slug])}"
    return {"event": event, "call": event.call, "url": url}


def _event(subject: str) -> Event:
    kind, event_id = subject.split(":")
    return _KINDS[kind].objects.select_related("call__version").get(pk=event_id)
