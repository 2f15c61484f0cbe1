"""The Spazio, from the plan to the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import User
from applications.confirming import rules_answered
from applications.merging import Verdict
from applications.models import Application
from applications.sections.build import ADDRESS_PARTS
from applications.states import ApplicationState
from bando.models import Call
from bando.notice.document import QuestionType
from network.actions.addresses import PLACE, correct_address
from network.actions.tasks import lay_tasks, move_terms
from network.models import Agreement, FormerSlug, Partnership, Space
from network.rules.spaces import RESERVED
from network.space_units import SPACE, space_columns, space_units
from network.transitions import (
    CLOSE_SPACE,
    DESCRIBE_SPACE,
    EXPECT_OPENING,
    FIT_OUT,
    OPEN,
    OPEN_SPACE,
    PLAN_SPACE,
    STAFF,
    SUSPEND_SPACE,
    TRAIN,
)
from network.written_at_once import bases_of, judged
from workflow.models import Step
from workflow.perform import perform
from workflow.transition import Attempt

ATTEMPTS = 5
"""How often an address is looked for: each time another Spazio has just taken it."""
UNTOLD = frozenset({"phone", "email"})
"""Columns of which the history says that they changed, and not what they were: somebody may have typed a number of their own."""


def describe_space(
    space: Space, *, by: User, at: datetime, bases: Mapping[str, Sequence[str]] | None = None, **details: Any
) -> Step | None:
    """Write what citizens read about the Spazio; ``details`` are its columns, ``bases`` what the page carries (without them nobody
    else wrote meanwhile). The step says what changed; when nothing did, there is none. Raises :class:`Refused`, and
    :class:`BothWrote` with nothing saved."""
    with transaction.atomic():
        # Only these columns of what is stored now: the page may be older than an opening or a closing.
        row = Space.objects.select_for_update().get(pk=space.pk)
        stored = space_units(space_columns(row))
        verdicts = judged(stored, space_units(details), bases or bases_of(stored))
        mine = {name for unit, verdict in verdicts.items() if verdict is Verdict.MINE for name in SPACE[unit]}
        changes = {name: value for name, value in details.items() if name in mine and getattr(row, name) != value}
        if not changes:
            return None

        def write(attempt: Attempt) -> Mapping[str, Any]:
            was = {name: getattr(row, name) for name in changes}
            for name, value in changes.items():
                setattr(row, name, value)
            correct_address(row, {name: value for name, value in changes.items() if name in PLACE}, at=at)
            return {"changed": sorted(changes), "was": _told(was), "is": _told(changes)}

        return perform(DESCRIBE_SPACE, row, by=by, at=at, data=changes, effect=write, saves=list(changes))


def fit_out(space: Space, *, by: User, at: datetime) -> Step:
    return perform(FIT_OUT, space, by=by, at=at, look=_hold_its_agreement)


def say_staff_ready(space: Space, *, by: User, at: datetime) -> Step:
    return perform(STAFF, space, by=by, at=at)


def say_trained(space: Space, *, by: User, at: datetime) -> Step:
    return perform(TRAIN, space, by=by, at=at)


def open_space(space: Space, *, on: date, by: User, at: datetime) -> Step:
    """Citizens find the Spazio from now on. The first opening also closes the road of the application behind it."""

    def announce(attempt: Attempt) -> Mapping[str, Any]:
        space.opened_on = space.opened_on or on
        space.closed_note, space.reopens_on = "", None
        application = space.partnership.agreement.application
        if application.state == ApplicationState.AGREED:
            perform(OPEN, application, by=by, at=at)
        return {"opened_on": space.opened_on}

    saves = ["opened_on", "closed_note", "reopens_on"]
    data = {"on": on}
    with transaction.atomic():
        if space.partnership:  # the place that a closed Spazio comes back to may be given away at the same moment
            Call.objects.select_for_update().get(pk=space.partnership.agreement.application.call_id)
        return perform(OPEN_SPACE, space, by=by, at=at, data=data, look=_hold_its_agreement, effect=announce, saves=saves)


def _hold_its_agreement(space: Space) -> None:
    """No agreement ends while a door of it opens: its end looks at the Spazi under the same lock."""
    if space.partnership:
        space.partnership.agreement = Agreement.objects.select_for_update().get(pk=space.partnership.agreement_id)


def suspend_space(space: Space, *, reason: str, by: User, at: datetime, reopens_on: date | None = None) -> Step:
    """The door is shut for a while. Citizens go on finding the Spazio, with the reason and, if known, when it opens again."""

    def tell(attempt: Attempt) -> Mapping[str, Any]:
        space.closed_note, space.reopens_on = reason.strip(), reopens_on
        return {"reopens_on": reopens_on}

    data, saves = {"reopens_on": reopens_on}, ["closed_note", "reopens_on"]
    return perform(SUSPEND_SPACE, space, by=by, at=at, reason=reason, data=data, effect=tell, saves=saves)


def close_space(space: Space, *, by: User, at: datetime, reason: str) -> Step:
    """The Spazio leaves the list; its page keeps the reason."""

    def tell(attempt: Attempt) -> None:
        space.closed_note, space.reopens_on = reason.strip(), None

    return perform(CLOSE_SPACE, space, by=by, at=at, reason=reason, effect=tell, saves=["closed_note", "reopens_on"])


def plan_space(partnership: Partnership, application: Application) -> Space:
    """A planned Spazio with what the proposal says, and its tasks: the office completes it before the opening.

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
    space = new_space(
        name,
        partnership=partnership,
        manager_name=application.organisation.name,
        address=", ".join(address[part] for part in ADDRESS_PARTS if address.get(part))[:300],
        municipio=int(place[QuestionType.MUNICIPIO]) if QuestionType.MUNICIPIO in place else None,
    )
    lay_tasks(space)
    return space


def plan_further_space(
    partnership: Partnership,
    *,
    name: str,
    reason: str,
    by: User,
    at: datetime,
    municipio: int | None = None,
    expected_on: date | None = None,
) -> Space:
    """One body may run several Spazi: another one of the same agreement, with its own tasks. Raises :class:`Refused`."""
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=partnership.agreement.application.call_id)  # two for the last place
        space = new_space(
            name.strip(),
            partnership=partnership,
            manager_name=partnership.organisation.name,
            municipio=municipio,
            expected_on=expected_on,
        )
        facts = {"name": space.name, "municipio": municipio, "expected_on": expected_on}
        perform(PLAN_SPACE, space, by=by, at=at, reason=reason, effect=lambda attempt: facts)
        lay_tasks(space)
    return space


def expect_opening(space: Space, *, on: date, by: User, at: datetime) -> Step:
    """Say when the Spazio will open: the terms that are counted back from that day and that nobody changed move with it."""

    def move(attempt: Attempt) -> Mapping[str, Any]:
        was, space.expected_on = space.expected_on, on
        return {"was": was, "is": on, "moved": move_terms(space, was)}

    return perform(EXPECT_OPENING, space, by=by, at=at, effect=move, saves=["expected_on"])


def new_space(name: str, **facts: Any) -> Space:
    """A new Spazio with an address of its own. Another body of this name may take the same one at the same moment: then the next
    is looked for, once that one is there to be seen."""
    left = ATTEMPTS
    while True:
        left -= 1
        try:
            with transaction.atomic():
                return Space.objects.create(slug=free_slug(name), name=name, **facts)
        except IntegrityError:
            if not left:
                raise


def free_slug(name: str) -> str:
    base = slugify(name)[:70] or "spazio"  # a name may have no letter that an address can have
    taken = {*RESERVED, *Space.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    taken |= set(FormerSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in UNTOLD}
