"""The Spazio, from the plan to the door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from applications.confirming import rules_answered
from applications.models import Application
from applications.sections.build import ADDRESS_PARTS
from applications.states import ApplicationState
from bando.notice.document import QuestionType
from bando.rules import is_official
from network.models import Partnership, Space
from network.rules.spaces import an_open_door_stays_findable
from network.transitions import CLOSE_SPACE, OPEN, OPEN_SPACE
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt, Refused


def describe_space(space: Space, *, by: User, at: datetime, **details: Any) -> None:
    """Write what citizens read about the Spazio; ``details`` are its columns. It changes no state and leaves no step.
    Raises :class:`Refused`."""
    with transaction.atomic():
        # Only these columns of what is stored now: the page may be older than an opening or a closing.
        row = Space.objects.select_for_update().get(pk=space.pk)
        for name, value in details.items():
            setattr(row, name, value)
        attempt = Attempt(row, by, at)
        if against := is_official(attempt) or an_open_door_stays_findable(attempt):
            raise Refused([against])
        row.save(update_fields=list(details))


def open_space(space: Space, *, on: date, by: User, at: datetime) -> Step:
    """Citizens find the Spazio from now on. The first opening also closes the road of the application behind it."""

    def announce(attempt: Attempt) -> Mapping[str, Any]:
        space.opened_on = space.opened_on or on
        space.save(update_fields=["opened_on"])
        application = space.partnership.agreement.application
        if application.state == ApplicationState.AGREED:
            perform(OPEN, application, by=by, at=at)
        return {"opened_on": space.opened_on}

    return perform(OPEN_SPACE, space, by=by, at=at, data={"on": on}, effect=announce)


def close_space(space: Space, *, by: User, at: datetime, reason: str) -> Step:
    return perform(CLOSE_SPACE, space, by=by, at=at, reason=reason)


def plan_space(partnership: Partnership, application: Application) -> Space:
    """A planned Spazio with what the proposal says: the office completes it before the opening.

    The call that it answered decides which questions exist; the first answers of type address and municipio are the place."""
    answers, place = application.current.answers, {}
    for section in rules_answered(application).sections_for(application.area_code):
        for question in section.questions:
            answer = answers.get(section.code, {}).get(question.code)
            if answer and question.type in (QuestionType.ADDRESS, QuestionType.MUNICIPIO):
                place.setdefault(question.type, answer)
    # By name and not in the order of the stored object: a database may keep its keys in an order of its own.
    address = place.get(QuestionType.ADDRESS, {})
    name = f"Spazio WeMi – {application.organisation.name}"[:200]
    return Space.objects.create(
        slug=free_slug(name),
        name=name,
        partnership=partnership,
        manager_name=application.organisation.name,
        address=", ".join(address[part] for part in ADDRESS_PARTS if address.get(part))[:300],
        municipio=int(place[QuestionType.MUNICIPIO]) if QuestionType.MUNICIPIO in place else None,
    )


def free_slug(name: str) -> str:
    base = slugify(name)[:70]
    taken = set(Space.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
