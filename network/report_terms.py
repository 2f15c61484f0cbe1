"""Which Spazio owes a report of which term: where it was open on at least one of its days, and the term is over. And which the
office waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bando.deadlines import day_in_rome
from network.models import Report, ReportingTerm, Space, SpaceStep
from network.reporting_calendar import tells
from network.states import ReportState, SpaceState
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


def is_over(term: ReportingTerm, today: date) -> bool:
    return term.last_day < today


def waits(space: Space, term: ReportingTerm, state: str, closed: Closings, today: date) -> bool:
    """Whether the body has still to send the report, which is in ``state``: now, or once the term is over. A Spazio that is still
    to open owes nothing of the days that are over, and may open in those to come; what the office asked about waits anyway."""
    if state == ReportState.DRAFT:
        return not is_over(term, today) or is_due(space, term, closed)
    return state == ReportState.REMARKED


def owed(spaces: Iterable[Space], today: date) -> set[tuple[Any, int]]:
    """The reports, sent or not, that these Spazi owe of the terms that are over: pairs of the keys of Spazio and term. One query,
    and one more where a Spazio has closed; ``spaces`` bring their ``partnership``."""
    rows = [space for space in spaces if space.partnership]
    closed = closings(rows)
    return {(space.pk, term.pk) for space, term in _of_terms_over(rows, today) if is_due(space, term, closed)}


def awaited(spaces: Iterable[Space], today: date) -> set[tuple[Any, int]]:
    """The reports that the office waits for now, as :func:`owed` answers them. Two queries, and one more where a Spazio has
    closed."""
    rows = [space for space in spaces if space.partnership]
    closed, states = closings(rows), _states(rows)
    return {
        (space.pk, term.pk)
        for space, term in _of_terms_over(rows, today)
        if waits(space, term, states.get((space.pk, term.pk), ReportState.DRAFT), closed, today)
    }


def _states(spaces: Sequence[Space]) -> dict[tuple[Any, int], str]:
    reports = Report.objects.filter(space__in=spaces).values_list("space", "term", "state")
    return {(space, term): state for space, term, state in reports}


def _of_terms_over(spaces: Sequence[Space], today: date) -> Iterator[tuple[Space, ReportingTerm]]:
    terms: dict[Any, list[ReportingTerm]] = {}
    for term in ReportingTerm.objects.filter(agreement__in={s.partnership.agreement_id for s in spaces}, last_day__lt=today):
        terms.setdefault(term.agreement_id, []).append(term)
    return ((space, term) for space in spaces for term in terms.get(space.partnership.agreement_id, []))
