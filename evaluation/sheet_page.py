"""The sheet of a proposal as a member fills it: what the proposal says beside the criteria, and what the marks come to.

``sheet_context`` makes the context of ``evaluation/_desk.html`` from plain values: the sheet of a member, that of the commission
as a whole and the preview of a draft call give it what they have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from django.utils.translation import gettext as _

from applications.reading import Answer, ReadSection
from bando.notice.grid import Criterion, CriterionType, Grid
from evaluation.figures import exact_figure
from evaluation.forms import SheetForm
from evaluation.gaps import wants_reason
from evaluation.methods import each_maximum, given_by
from evaluation.remembering import Written
from evaluation.words import label_of, points_counted, points_words, range_words, value_words


class Marked(Protocol):
    """A stored mark (``models.Mark``), or what was just written (``remembering.Written``)."""

    units: int | None
    reason: str


Marks = Mapping[str, Marked]
"""By criterion."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the proposal speaks of a criterion: the id of an element of the page, and its words."""

    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A criterion on the page: where the proposal speaks of it, its fields, and what is stored. ``other`` is what another window
    wrote meanwhile, in words, while the person chooses."""

    index: int
    criterion: Criterion
    places: list[Place]
    level: Any
    reason: Any
    done: bool
    worth: str
    found: str
    points: str
    counted: str
    reason_text: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """An answer with its place on the page and the criteria that it serves."""

    anchor: str
    answer: Answer
    serves: list[Part]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the proposal with its place; ``passages`` are its answers, one by one, where it has some."""

    anchor: str
    item: ReadSection
    passages: list[Passage]
    serves: list[Part]


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


def is_done(criterion: Criterion, mark: Marked | None, said: Mapping[str, int]) -> bool:
    return mark is not None and mark.units is not None and (bool(mark.reason) or not wants_reason(criterion, mark.units, said))


def standing(grid: Grid, stored: Marks, said: Mapping[str, int], seats: int | None) -> dict[str, Any]:
    """What the marks come to, in words: of the whole sheet and by criterion. The page that is open is told it after each save."""
    done = {c.code: is_done(c, stored.get(c.code), said) for c in grid.criteria}
    return {
        "total": total_words(grid, stored, seats),
        "progress": done_words(sum(done.values()), len(done)),
        "parts": {c.code: {"done": done[c.code], "points": counted_words(c, stored.get(c.code))} for c in grid.criteria},
    }


def total_words(grid: Grid, stored: Marks, seats: int | None) -> str:
    return _("%(total)s su %(maximum)s") % {
        "total": exact_figure(total(grid, stored)),
        "maximum": exact_figure(maximum(grid, seats)),
    }


def done_words(done: int, criteria: int) -> str:
    return _("Criteri fatti: %(done)s su %(all)s.") % {"done": done, "all": criteria}


def counted_words(criterion: Criterion, mark: Marked | None) -> str:
    """``= 12 punti``; "" while there is no mark."""
    if mark is None or mark.units is None:
        return ""
    points = given_by(criterion, mark.units)
    return f"= {points_words(criterion, mark.units) if points is None else points_counted(points)}"


def written_words(grid: Grid, criterion: Criterion, mark: Marked) -> str:
    """A mark and its reason in words, for who reads what another window or another moment has."""
    if mark.units is None:
        found = _("Nessun punteggio")
    else:
        label = label_of(grid, criterion, mark.units)
        found = (
            f"{label[:1].upper()}{label[1:]} ({value_words(criterion, mark.units)})"
            if label
            else value_words(criterion, mark.units)
        )
    return f"{found}\n{mark.reason}" if mark.reason else found


def bases_of(grid: Grid, stored: Marks, said: Mapping[str, int]) -> dict[str, str]:
    """The fingerprint of what the page shows of each criterion: what is stored, or the fact that the proposal states."""
    found = {}
    for criterion in grid.criteria:
        mark = stored.get(criterion.code)
        units = said.get(criterion.code) if mark is None or mark.units is None else mark.units
        found[criterion.code] = Written(units, mark.reason if mark else "").base
    return found


def sheet_context(
    grid: Grid,
    form: SheetForm,
    *,
    read: list[ReadSection],
    stored: Marks,
    said: Mapping[str, int],
    seats: int | None,
    others: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context of the two panes. ``grid`` is the one that the sheet asks (``asked.asked_grid``), ``read`` the proposal,
    ``others`` the words of what another window wrote, by criterion."""
    parts = [
        _part(index, criterion, form, grid, read, stored, said, others or {}) for index, criterion in enumerate(grid.criteria)
    ]
    return {
        "grid": grid,
        "parts": parts,
        "chapters": _chapters(read, parts),
        "progress": done_words(sum(part.done for part in parts), len(parts)),
        "total": total_words(grid, stored, seats),
        "compares": any(criterion.type is CriterionType.FORMULA for criterion in grid.criteria),
    }


def _part(
    index: int,
    criterion: Criterion,
    form: SheetForm,
    grid: Grid,
    read: list[ReadSection],
    stored: Marks,
    said: Mapping[str, int],
    others: Mapping[str, str],
) -> Part:
    mark = stored.get(criterion.code)
    units, why = (None, "") if mark is None else (mark.units, mark.reason)
    level, reason = form.fields_of(index)
    return Part(
        index=index,
        criterion=criterion,
        places=_places(criterion, read),
        level=level,
        reason=reason,
        done=is_done(criterion, mark, said),
        worth=range_words(criterion),
        found="" if units is None else label_of(grid, criterion, units) or value_words(criterion, units),
        points="" if units is None else points_words(criterion, units),
        counted=counted_words(criterion, mark),
        reason_text=why,
        other=others.get(criterion.code, ""),
    )


def _places(criterion: Criterion, read: Collection[ReadSection]) -> list[Place]:
    found = []
    for item in read:
        if item.section.criterion == criterion.code:
            found.append(Place(_anchor(item), item.section.title))
        found += [
            Place(_anchor(item, answer), answer.question.label)
            for answer in item.answers
            if answer.question.criterion == criterion.code
        ]
    return found


def _chapters(read: Collection[ReadSection], parts: list[Part]) -> list[Chapter]:
    def serving(code: str) -> list[Part]:
        return [part for part in parts if code and part.criterion.code == code]

    return [
        Chapter(
            _anchor(item),
            item,
            [Passage(_anchor(item, answer), answer, serving(answer.question.criterion)) for answer in item.answers],
            serving(item.section.criterion),
        )
        for item in read
    ]


def _anchor(item: ReadSection, answer: Answer | None = None) -> str:
    return f"r-{item.section.code}" if answer is None else f"r-{item.section.code}-{answer.question.code}"
