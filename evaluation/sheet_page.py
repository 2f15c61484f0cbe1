"""The sheet of a proposal as a member fills it: what the proposal says beside each criterion, and what the marks come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from applications.reading import Answer, ReadSection
from bando.notice.grid import Criterion, CriterionType, Grid
from evaluation.forms import SheetForm
from evaluation.gaps import wants_reason
from evaluation.methods import each_maximum, given_by
from evaluation.models import Mark
from evaluation.words import label_of, points_words, range_words, value_words

Marks = Mapping[str, Mark]
"""By criterion."""


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion on the page: what the proposal says about it, and its fields."""

    index: int
    criterion: Criterion
    answers: list[Answer]
    sections: list[ReadSection]
    level: Any
    reason: Any
    shown: str
    done: bool
    worth: str
    found: str
    points: str
    reason_text: str


def total(grid: Grid, marks: Marks) -> Fraction:
    """What the marks of one member come to, but for what depends on the other proposals."""
    units = ((criterion, marks[criterion.code].units) for criterion in grid.criteria if criterion.code in marks)
    given = (given_by(criterion, found) for criterion, found in units if found is not None)
    return sum((points for points in given if points is not None), Fraction(0))


def maximum(grid: Grid, seats: int | None) -> Fraction:
    """The most that ``total`` can be."""
    return sum(
        (
            each_maximum(grid, criterion, seats) if criterion.is_judged else Fraction(criterion.max_points)
            for criterion in grid.criteria
            if criterion.type is not CriterionType.FORMULA
        ),
        Fraction(0),
    )


def part_of(
    index: int,
    criterion: Criterion,
    form: SheetForm,
    grid: Grid,
    read: list[ReadSection],
    stored: Marks,
    said: Mapping[str, int],
) -> Part:
    mark = stored.get(criterion.code)
    units, why = (None, "") if mark is None else (mark.units, mark.reason)
    level, reason = form.fields_of(index)
    return Part(
        index=index,
        criterion=criterion,
        answers=[a for section in read for a in section.answers if a.question.criterion == criterion.code],
        sections=[section for section in read if section.section.criterion == criterion.code],
        level=level,
        reason=reason,
        shown=form.shown(index),
        done=units is not None and (bool(why) or not wants_reason(criterion, units, said)),
        worth=range_words(criterion),
        found="" if units is None else label_of(grid, criterion, units) or value_words(criterion, units),
        points="" if units is None else points_words(criterion, units),
        reason_text=why,
    )


def rest(read: list[ReadSection], codes: set[str]) -> list[ReadSection]:
    """What the proposal says beside the criteria, section by section."""
    found = []
    for section in read:
        answers = tuple(a for a in section.answers if a.question.criterion not in codes)
        if answers or section.declarations or (section.budget and section.section.criterion not in codes):
            budget = section.budget if section.section.criterion not in codes else None
            found.append(replace(section, answers=answers, budget=budget))
    return found
