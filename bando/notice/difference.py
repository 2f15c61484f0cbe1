"""What changed between two states of a call, as people read it, and whose answers the change touches.

PURE: standard library only. An amendment shows this difference to whoever follows the call, so every label and every
value is in words: no key of the format, no code (but for the paths that sources and assumptions are about). They are
plain Italian strings without translation, as the faults of ``parse`` are: they stand beside the document, quote it, and
the document is in Italian.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from bando.notice import grid
from bando.notice.canonical import written
from bando.notice.checks import Path
from bando.notice.document import GROUP, NO, YES, Area, GroupAnswer, Notice, Participation, When
from bando.notice.grid import Grid
from bando.notice.names import ALONE, EMPTY, IDENTITY, LABELS, NOUNS, WORDS, ends, in_words, number
from bando.notice.shapes import (
    AGREEMENT,
    AREA,
    ATTACHMENT,
    BAND,
    BUDGET,
    CRITERION,
    GRID,
    NOTICE,
    PARTICIPATION,
    REQUIREMENT,
    ROUNDING,
    SECTION,
    TIE_STEP,
    WHEN,
    Key,
    Many,
    Shape,
)
from workflow import ledger

Paths = tuple[Path, Path]
ChangeKind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """``path`` is that of the document in which the thing is: the earlier one for what was removed, the later one
    otherwise. ``before`` and ``after`` are words; "" where there is nothing. Long texts are whole (see :func:`words`)."""

    path: Path
    kind: ChangeKind
    label: str
    before: str
    after: str


def difference(before: Notice, after: Notice) -> tuple[Change, ...]:
    """In the order of the document. Things of a list are the same by their code (by their title, where they have none),
    so one that is added is one change; one whose title alone changed is the same thing; one that stands elsewhere moved."""
    return tuple(_Reading(_Side(before), _Side(after)).shape(NOTICE, before, after, ((), ()), ""))


def words(before: str, after: str) -> list[tuple[str, str]]:
    """Which words of a text changed: ``("same" | "removed" | "added", text)`` in reading order. What is the same and what
    was added make ``after``, blank edges apart; a change of spaces and lines alone shows no word."""
    old, new = (re.findall(r"\s*\S+", text) for text in (before, after))
    compared = difflib.SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    found: list[tuple[str, str]] = []
    for op, i, j, k, m in compared.get_opcodes():
        if op == "equal":
            # The first word of a text has no space before it, and may now have words before it.
            space = "" if new[k][0].isspace() else old[i][: -len(old[i].lstrip())]
            found.append(("same", space + "".join(new[k:m])))
            continue
        if j > i:
            found.append(("removed", "".join(old[i:j])))
        if m > k:
            found.append(("added", "".join(new[k:m])))
    return found


@lru_cache(maxsize=512)
def answered(notice: Notice, area_code: str) -> str:
    """SHA-256 of everything that an application of that area answers to: the area, who may take part, its form,
    requirements, attachments, budget and grid, the rules on conflicts that it declares to know, and the agreement. Calendar,
    contacts, sources, the text around them and the other areas are not in it; nor are names that nobody answers to (what the
    places are called, the codes of its grid and of its budget), nor which fact of the profile a question offers. The title of
    the area is: "Municipio 4" for "Municipio 3" is another area.

    Kept, because every page of an application asks. Raises KeyError for a code that the notice does not know."""
    area = notice.area(area_code)
    budget = notice.budget_for(area_code)
    # As a key with its default is not written: a call that says nothing of groups has the hash that it always had.
    together = (
        {} if notice.participation == Participation() else {"participation": written(PARTICIPATION, notice.participation)}
    )
    return ledger.digest(
        ledger.canonical(
            together
            | {
                "area": _without(written(AREA, area), "place_label", "grid", "budget"),
                "sections": _of_the_area(written(Many(SECTION), notice.sections_for(area_code))),
                "requirements": _of_the_area(written(Many(REQUIREMENT), notice.requirements_for(area_code))),
                "attachments": _of_the_area(written(Many(ATTACHMENT), notice.attachments_for(area_code))),
                "budget": budget and _without(written(BUDGET, budget), "code"),
                "grid": _without(written(GRID, notice.grid_for(area_code)), "code", "title", "demonstration"),
                "conflict_rules": notice.conflict_rules,
                "agreement": written(AGREEMENT, notice.agreement),
            }
        )
    )


def touched(before: Notice, after: Notice) -> frozenset[str]:
    """The areas of ``before`` whose applications answer to something else in ``after``, or that it no longer has."""
    still = {area.code for area in after.areas}
    return frozenset(
        area.code
        for area in before.areas
        if area.code not in still or answered(before, area.code) != answered(after, area.code)
    )


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _of_the_area(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the lists of areas: that a question is now asked elsewhere too changes nothing here."""
    return [
        _without(item, "areas", "profile") | ({"questions": _of_the_area(item["questions"])} if "questions" in item else {})
        for item in items
    ]


class _Side:
    """One of the two documents: it knows the names of what its codes stand for."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice

    def value(self, shape: Shape, key: Key, value: Any, within: Grid | None, of: Any) -> str:
        """In words; "" for nothing. ``within`` is the grid whose codes are meant, ``of`` the thing whose value it is."""
        if key.name == "areas":
            return ", ".join(self.area_by_code(code) for code in value) or "tutte le aree"
        if (shape.title, key.name) == (AREA.title, "places") and of.lots:
            return "lotto per lotto"
        if value in (None, ()) and (shape.title, key.name) in EMPTY:
            return EMPTY[shape.title, key.name]
        match (shape.title, key.name):
            case (_, "criterion"):
                return self.criterion(value)
            case (AREA.title, "lot_question"):
                return self.question(value)
            case (AREA.title, "grid"):
                return next(item.title for item in self.notice.grids if item.code == value)
            case (AREA.title, "budget"):
                return value and "sì" if len(self.notice.budgets) < 2 else value
            case (CRITERION.title, "block"):
                return next(block.title for block in within.blocks if block.code == value)
            case (_, name) if name.endswith("_percent") and value is not None:
                return f"{number(value)}%"
        if isinstance(value, When):
            return self.when(value)
        if isinstance(key.kind, Many):
            return ", ".join(in_words(key.kind.of, item) for item in value)
        return in_words(key.kind, value)

    def question(self, code: str) -> str:
        asked = (question for section in self.notice.sections for question in section.questions if question.code == code)
        return next((f"«{question.label}»" for question in asked), "")

    def criterion(self, code: str) -> str:
        titles = (criterion.title for item in self.notice.grids for criterion in item.criteria if criterion.code == code)
        return next(titles, code)

    def when(self, when: When) -> str:
        if when.question == GROUP:
            return f"se l'ente partecipa {' oppure '.join(WORDS[GroupAnswer][GroupAnswer(a)] for a in when.answers)}"
        question = next(q for section in self.notice.sections for q in section.questions if q.code == when.question)
        labels = {choice.code: choice.label for choice in question.choices} or {YES: "sì", NO: "no"}
        answers = " oppure ".join(f"«{labels[answer]}»" for answer in when.answers)
        return f"se alla domanda «{question.label}» si risponde {answers}"

    def area(self, area: Area) -> str:
        """Area 1, when its title begins so; the title otherwise."""
        if numbered := re.match(r"(Area \w+)(?: [-–—] |[:.,] |$)", area.title):
            return numbered[1]
        return "area" if len(self.notice.areas) == 1 else f"Area «{area.title}»"

    def area_by_code(self, code: str) -> str:
        area = self.notice.area(code)
        name = self.area(area)
        return area.title if name == "area" else name

    def of_an_area(self, what: str, things: tuple, thing: Any, name: str) -> str:
        """As in "griglia dell'Area 1"; without the area when there is no other, with a name of its own when areas share it."""
        if len(things) == 1:
            return what
        users = [area for area in self.notice.areas if getattr(area, name) == thing.code]
        if len(users) == 1:
            return f"{what} dell'{self.area(users[0])}"
        return f"{what} «{getattr(thing, 'title', thing.code)}»"

    def name(self, shape: Shape, item: Any, within: Grid | None) -> str:
        """What people call a thing of a list."""
        match shape.title:
            case AREA.title:
                return self.area(item)
            case GRID.title:
                return self.of_an_area("griglia", self.notice.grids, item, "grid")
            case BUDGET.title:
                return self.of_an_area("piano economico", self.notice.budgets, item, "budget")
            case BAND.title:
                return f"fascia «{item.label or ends(item)}»"
            case ROUNDING.title:
                return f"arrotondamento {WORDS[grid.RoundingPoint][item.at]}"
            case TIE_STEP.title:
                return f"regola per le parità, {self.tie_step(item, within)}"
        return f"{NOUNS[shape.title]} «{getattr(item, IDENTITY[shape.title])}»"

    def tie_step(self, step: grid.TieStep, within: Grid) -> str:
        match step.kind:
            case grid.TieStepKind.DRAW:
                return "sorteggio pubblico"
            case grid.TieStepKind.BLOCK:
                return f"gruppo «{next(block.title for block in within.blocks if block.code == step.code)}»"
        return f"criterio «{next(c.title for c in within.criteria if c.code == step.code)}»"

    def described(self, shape: Shape, item: Any, within: Grid | None) -> str:
        """A whole thing in one line: what it has beyond its name and its code, as in "posti: 3; griglia: Prima"."""
        within = item if shape is GRID else within
        parts = []
        for key in shape.keys:
            value = getattr(item, key.attribute)
            if key.name in ("code", IDENTITY.get(shape.title)) or (value == key.default and key.name != "required"):
                continue
            if isinstance(key.kind, Many) and isinstance(key.kind.of, Shape):
                said = ", ".join(self.name(key.kind.of, thing, within) for thing in value)
            elif isinstance(key.kind, Shape) and key.kind is not WHEN:
                said = self.described(key.kind, value, within)
            else:
                said = self.value(shape, key, value, within, item)
            if said:
                parts.append((LABELS[shape.title][key.name], said))
        return parts[0][1] if len(parts) == 1 else "; ".join(f"{label}: {said}" for label, said in parts)


def _same_by(shape: Shape) -> Callable[[Any], Any]:
    match shape.title:
        case TIE_STEP.title:
            return lambda step: (step.kind, step.code)
        case ROUNDING.title:
            return lambda rounding: rounding.at
        case BAND.title:
            return lambda band: band.label or ends(band)
    name = "code" if any(key.name == "code" for key in shape.keys) else IDENTITY[shape.title]
    return lambda item: getattr(item, name)


class _Reading:
    """Both documents side by side. A pair of paths, as a pair of grids, is that of the earlier one and that of the later."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.before, self.after = before, after

    def shape(
        self, shape: Shape, old: Any, new: Any, paths: Paths, where: str, grids: tuple[Grid | None, Grid | None] = (None, None)
    ) -> Iterator[Change]:
        """The changes of a thing that both documents have. ``where`` is what it is called; ``grids`` are those it is in."""
        for key in shape.keys:
            was, is_now = getattr(old, key.attribute), getattr(new, key.attribute)
            if was == is_now:
                continue
            here, label = _under(paths, key.name, key.name), _joined(where, LABELS[shape.title][key.name])
            if isinstance(key.kind, Many) and isinstance(key.kind.of, Shape):
                yield from self.many(key.kind.of, was, is_now, here, where, grids)
            elif isinstance(key.kind, Shape) and key.kind is not WHEN:
                if was is None or is_now is None:
                    before = "" if was is None else self.before.described(key.kind, was, grids[0])
                    after = "" if is_now is None else self.after.described(key.kind, is_now, grids[1])
                    yield _change(here, label, before, after)
                else:
                    yield from self.shape(key.kind, was, is_now, here, label, grids)
            else:
                before = self.before.value(shape, key, was, grids[0], old)
                after = self.after.value(shape, key, is_now, grids[1], new)
                yield _change(here, label, before, after)

    def many(
        self, shape: Shape, old: tuple, new: tuple, paths: Paths, where: str, grids: tuple[Grid | None, Grid | None]
    ) -> Iterator[Change]:
        pairs = _paired(shape, old, new)
        gone = [index for index in range(len(old)) if index not in pairs.values()]
        moved = _moved([pairs[index] for index in sorted(pairs)])
        for index, item in enumerate(new):
            following = next((pairs[later] for later in range(index, len(new)) if later in pairs), len(old))
            for lost in [i for i in gone if i < following]:
                gone.remove(lost)
                yield self.lone("removed", shape, old[lost], (*paths[0], lost), where, grids[0])
            if index not in pairs:
                yield self.lone("added", shape, item, (*paths[1], index), where, grids[1])
                continue
            was = old[pairs[index]]
            label = self.called(self.before, shape, was, where, grids[0])
            if pairs[index] in moved:
                yield Change(
                    (*paths[1], index), "moved", _capital(label), f"posizione {pairs[index] + 1}", f"posizione {index + 1}"
                )
            inside = (was, item) if shape is GRID else grids
            yield from self.shape(shape, was, item, _under(paths, pairs[index], index), label, inside)
        for lost in gone:
            yield self.lone("removed", shape, old[lost], (*paths[0], lost), where, grids[0])

    def lone(
        self, kind: Literal["added", "removed"], shape: Shape, item: Any, path: Path, where: str, within: Grid | None
    ) -> Change:
        side = self.after if kind == "added" else self.before
        label, said = _capital(self.called(side, shape, item, where, within)), side.described(shape, item, within)
        return Change(path, kind, label, *(("", said) if kind == "added" else (said, "")))

    def called(self, side: _Side, shape: Shape, item: Any, where: str, within: Grid | None) -> str:
        name = side.name(shape, item, within)
        return name if shape in ALONE else _joined(where, name)


def _under(paths: Paths, before: str | int, after: str | int) -> Paths:
    return (*paths[0], before), (*paths[1], after)


def _change(paths: Paths, label: str, before: str, after: str) -> Change:
    kind: ChangeKind = "added" if not before else "removed" if not after else "changed"
    return Change(paths[0] if kind == "removed" else paths[1], kind, _capital(label), before, after)


def _joined(where: str, what: str) -> str:
    return ", ".join(filter(None, (where, what)))


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _paired(shape: Shape, old: tuple, new: tuple) -> dict[int, int]:
    """Which position of ``new`` is which of ``old``."""
    same_by = _same_by(shape)
    known = {name: index for index, name in enumerate(_distinct(old, same_by))}
    pairs = {index: known[name] for index, name in enumerate(_distinct(new, same_by)) if name in known}
    left = [index for index in range(len(old)) if index not in pairs.values()]
    for index, item in enumerate(new):
        if index not in pairs and (renamed := next((i for i in left if _renamed(shape, old[i], item)), None)) is not None:
            left.remove(renamed)
            pairs[index] = renamed
    return pairs


def _distinct(items: tuple, same_by: Callable[[Any], Any]) -> Iterator[Any]:
    seen: Counter[Any] = Counter()
    for item in items:
        name = same_by(item)
        seen[name] += 1
        yield name, seen[name]


def _renamed(shape: Shape, old: Any, new: Any) -> bool:
    """Whether only the name differs. A band is the one that gives the same points."""
    match shape.title:
        case TIE_STEP.title | ROUNDING.title:
            return False
        case BAND.title:
            return old.points == new.points
    name = "code" if any(key.name == "code" for key in shape.keys) else IDENTITY[shape.title]
    return replace(old, **{name: getattr(new, name)}) == new


def _moved(places: list[int]) -> set[int]:
    """The fewest that explain the new order: those that are out of the longest run that keeps the old one."""
    ends: list[int] = []
    runs: list[tuple[int, ...]] = []
    for place in places:
        at = bisect_left(ends, place)
        run = (*(runs[at - 1] if at else ()), place)
        ends[at : at + 1] = [place]
        runs[at : at + 1] = [run]
    return set(places) - set(runs[-1] if runs else ())
