"""Which Spazio owes a report of which term: where it was open on at least one of its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bando.deadlines import day_in_rome
from network.models import ReportingTerm, Space, SpaceStep
from network.reporting_calendar import tells
from network.states import SpaceState
from network.transitions import CLOSE_SPACE

Closings = Mapping[Any, date]
"""The day on which each closed Spazio closed, by its pk."""


def closings(spaces: Iterable[Space]) -> Closings:
    """One query; none when no Spazio is closed."""
    closed = [space.pk for space in spaces if space.state == SpaceState.CLOSED]
    if not closed:
        return {}
    steps = SpaceStep.objects.filter(row__in=closed, act=CLOSE_SPACE.name).order_by("pk")
    return {step.row_id: day_in_rome(step.at) for step in steps}


def is_due(space: Space, term: ReportingTerm, closed: Closings) -> bool:
    return tells(term.first_day, term.last_day, space.opened_on, closed.get(space.pk))
