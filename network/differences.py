"""What differs between two versions of a project, and which criteria it touches.

PURE: standard library only. Answers are those of a submission (section, question, answer in canonical JSON: ``SectionForm.values``),
sections those of the call, amounts whole cents. ``None``, "" and an empty list are no answer: an answer that is not there is
equal to one that is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from applications.budget import Line, Outcome, Volunteering
from applications.pairing import HOURS_KEYS, LINE_KEYS, paired
from bando.notice.difference import words
from bando.notice.document import Section, SectionKind
from bando.notice.grid import Grid

Answers = Mapping[str, Mapping[str, Any]]
Kind = Literal["added", "removed", "changed"]

WHOLE = {SectionKind.BUDGET, SectionKind.GROUP}
"""Sections whose answers are one thing: a budget, and who takes part."""


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs; None where there is none. ``question`` is the code of a question or of a declaration, "" for a
    section that is one thing (:data:`WHOLE`)."""

    section: str
    question: str
    before: Any
    after: Any

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def filled(answers: Answers) -> dict[str, dict[str, Any]]:
    """Without the answers that say nothing, and without the sections that have none left."""
    found = {
        section: {code: answer for code, answer in given.items() if not _is_blank(answer)} for section, given in answers.items()
    }
    return {section: given for section, given in found.items() if given}


def changes(sections: Iterable[Section], before: Answers, after: Answers) -> tuple[Change, ...]:
    """In the order of the form; then what is in no section of the call, which an amendment may have taken away."""
    old, new = filled(before), filled(after)
    found: list[Change] = []
    known = list(sections)
    for section in known:
        found += _of_section(section, old.get(section.code, {}), new.get(section.code, {}))
    codes = {section.code for section in known}
    for code in dict.fromkeys(code for code in (*old, *new) if code not in codes):
        found += _each(code, (), old.get(code, {}), new.get(code, {}))
    return tuple(found)


def applied(answers: Answers, made: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """``answers`` with these changes: what the later version says, without its blanks."""
    found = filled(answers)
    for change in made:
        given = found.setdefault(change.section, {})
        if change.question == "":
            found[change.section] = dict(change.after or {})
        elif change.after is None:
            given.pop(change.question, None)
        else:
            given[change.question] = change.after
    return filled(found)


def new_to_all(made: Iterable[Change], proposals: Sequence[Answers]) -> list[Change]:
    """The changes that lead to an answer which none of the ``proposals`` gave: to go back to what was proposed, or to take what
    another of them proposed, changes nothing that was scored."""
    given = [filled(answers) for answers in proposals]
    return [
        change
        for change in made
        if all(_answer(answers.get(change.section, {}), change.question) != change.after for answers in given)
    ]


def touched(grid: Grid, sections: Iterable[Section], made: Iterable[Change]) -> tuple[str, ...]:
    """The codes of the criteria that these changes are about, in the order of the grid: a question names its criterion, a section
    that is one thing has one of its own."""
    serves = {(section.code, ""): section.criterion for section in sections}
    serves |= {(section.code, question.code): question.criterion for section in sections for question in section.questions}
    about = {serves.get((change.section, change.question), "") for change in made}
    return tuple(criterion.code for criterion in grid.criteria if criterion.code in about)


# What changed inside an answer


def picked(before: Sequence[Any] | None, after: Sequence[Any] | None) -> tuple[list[Any], list[Any]]:
    """Of several choices, those that were added and those that were removed."""
    old, new = before or (), after or ()
    return [code for code in new if code not in old], [code for code in old if code not in new]


Row = Mapping[str, Any]


def rows(
    columns: Sequence[str], before: Sequence[Row] | None, after: Sequence[Row] | None
) -> list[tuple[Row | None, Row | None]]:
    """The rows of a table that changed, each beside what it was. ``columns`` are the codes of its columns: a row is known again
    by what stands in the first."""
    return list(paired(before or (), after or (), [lambda row: row.get(columns[0])]))


@dataclass(frozen=True, slots=True)
class Amount:
    """In cents, before and after."""

    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A line of the budget, or hours of volunteers, that changed. ``before`` and ``after`` None: there was none, there is none."""

    before: Line | Volunteering | None
    after: Line | Volunteering | None
    total: Amount
    own: Amount
    grant: Amount

    @property
    def kind(self) -> Kind:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class BudgetDifference:
    """``same`` counts the lines that did not change; the amounts are those of the whole budget."""

    lines: tuple[BudgetChange, ...]
    hours: tuple[BudgetChange, ...]
    same: int
    total: Amount
    own: Amount
    grant: Amount


def budgets(before: Outcome, after: Outcome) -> BudgetDifference:
    """Line by line; an item without any amount is no line."""
    old, new = _written(before), _written(after)
    lines = tuple(_budget_change(was, now) for was, now in paired(old, new, LINE_KEYS))
    hours = tuple(_budget_change(was, now) for was, now in paired(before.volunteers, after.volunteers, HOURS_KEYS))
    kept = len(new) + len(after.volunteers) - sum(change.after is not None for change in (*lines, *hours))
    return BudgetDifference(
        lines,
        hours,
        kept,
        Amount(before.total, after.total),
        Amount(before.own, after.own),
        Amount(before.grant, after.grant),
    )


def text_pieces(before: Any, after: Any) -> list[tuple[str, str]]:
    """Two texts as ``bando.notice.difference.words`` says them, also where one of them is missing."""
    return words(before or "", after or "")


def _of_section(section: Section, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if section.kind in WHOLE:
        if old != new:
            yield Change(section.code, "", old or None, new or None)
    else:
        yield from _each(section.code, tuple(question.code for question in section.questions), old, new)


def _each(section: str, codes: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for code in dict.fromkeys((*codes, *old, *new)):
        if old.get(code) != new.get(code):
            yield Change(section, code, old.get(code), new.get(code))


def _answer(given: Mapping[str, Any], question: str) -> Any:
    return given.get(question) if question else (given or None)


def _is_blank(answer: Any) -> bool:
    return answer is None or answer == "" or answer == []


def _written(outcome: Outcome) -> list[Line]:
    return [line for line in outcome.lines if line.total or line.own]


def _budget_change(was: Line | Volunteering | None, now: Line | Volunteering | None) -> BudgetChange:
    (old_total, old_own), (new_total, new_own) = _amounts(was), _amounts(now)
    return BudgetChange(
        was,
        now,
        Amount(old_total, new_total),
        Amount(old_own, new_own),
        Amount(old_total - old_own, new_total - new_own),
    )


def _amounts(row: Line | Volunteering | None) -> tuple[int, int]:
    """The cost and the part that the bodies bring: hours of volunteers are brought whole."""
    match row:
        case Line():
            return row.total, row.own
        case Volunteering():
            return row.value, row.value
    return 0, 0
