"""Which Spazio owes a report of which term: where it was open on at least one of its days, and the term is over."""

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


def owed(spaces: Iterable[Space], today: date) -> set[tuple[Any, int]]:
    """The reports, sent or not, that these Spazi owe of the terms that are over: pairs of the keys of Spazio and term. One query,
    and one more where a Spazio has closed; ``spaces`` bring their ``partnership``."""
    rows = [space for space in spaces if space.partnership]
    terms: dict[Any, list[ReportingTerm]] = {}
    for term in ReportingTerm.objects.filter(agreement__in={s.partnership.agreement_id for s in rows}, last_day__lt=today):
        terms.setdefault(term.agreement_id, []).append(term)
    closed = closings(rows)
    return {(s.pk, term.pk) for s in rows for term in terms.get(s.partnership.agreement_id, []) if is_due(s, term, closed)}
