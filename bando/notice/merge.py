"""What several people did to one document, put together, and what only they can decide.

PURE: standard library only. Plain data on all sides (``bando.notice.parse``). ``base`` is the state that a page was shown,
``mine`` what was made of it there, ``theirs`` the state that was saved meanwhile. Mappings are put together key by key, and
lists of mappings item by item: an item is found again when others were added, taken away or moved. A list of plain values is
one value, because its items mean something only together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bando.notice.checks import Path


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""No value at all: the key is not there, or the item was taken away."""

Origins = Mapping[Path, Sequence[int | None]]
"""For a list of ``mine``, by its path there: the place in ``base`` that each item had, None for a new one."""

NAMES = ("code", "path", "at", "title", "label")
"""The keys by which an item is known again, the surest first."""


class Prefer(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Contest:
    """A value that both changed, each in another way. ``path`` leads to it in ``mine`` (of an item that is not there any
    more: where it was). Where the ``order`` of a list is contested, both values are the whole list."""

    path: Path
    mine: Any
    theirs: Any
    is_order: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """``data`` holds what nobody contests, and for each contest the version preferred, or mine."""

    data: Any
    contests: tuple[Contest, ...]


def merge(base: Any, mine: Any, theirs: Any, *, origins: Origins | None = None, prefer: Prefer = Prefer.MINE) -> Merged:
    """``origins`` says where the items of mine come from; for lists that it does not name they are looked for."""
    work = _Merge(origins or {}, prefer)
    return Merged(work.value(base, mine, theirs, ()), tuple(work.contests))


def value_at(data: Any, path: Path) -> Any:
    """The value at ``path``, or ABSENT."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(data, list) or not 0 <= step < len(data):
                return ABSENT
        elif not isinstance(data, dict) or step not in data:
            return ABSENT
        data = data[step]
    return data


def replaced(data: Any, path: Path, value: Any) -> Any:
    """The document with another value at ``path``, sharing what does not change; ABSENT takes the value away. What stands
    in the way and is no mapping gives way to one. Raises IndexError for an item that is not there."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        if not isinstance(data, list) or step >= len(data):
            raise IndexError(step)
        inner = replaced(data[step], rest, value)
        return [*data[:step], *([] if inner is ABSENT else [inner]), *data[step + 1 :]]
    known = data if isinstance(data, dict) else {}
    inner = replaced(known.get(step, ABSENT), rest, value)
    if inner is ABSENT:
        return {key: item for key, item in known.items() if key != step}
    return {**known, step: inner}


def follow(one: Any, other: Any, path: Path) -> Path | None:
    """Where in ``other`` stands what ``path`` leads to in ``one``; None for an item that is not there any more."""
    found: Path = ()
    for step in path:
        if isinstance(step, int):
            if not isinstance(one, list) or not isinstance(other, list) or step >= len(one):
                return None
            places = same(one, other)
            if step not in places:
                return None
            place = places.index(step)
            one, other, found = one[step], other[place], (*found, place)
        else:
            one = one.get(step, ABSENT) if isinstance(one, dict) else ABSENT
            other = other.get(step, ABSENT) if isinstance(other, dict) else ABSENT
            found = (*found, step)
    return found


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[Contest]:
    """Every value that differs, ``theirs`` before and ``mine`` after, by its path after (before, for what is gone)."""
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in _keys(after, before):
            yield from changes(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif _are_items(before, after):
        places = same(before, after)
        for index, place in enumerate(places):
            yield from changes(ABSENT if place is None else before[place], after[index], (*path, index))
        for gone in sorted(set(range(len(before))) - set(places)):
            yield Contest((*path, gone), ABSENT, before[gone])
        kept = [place for place in places if place is not None]
        if kept != sorted(kept):
            yield Contest(path, after, before, is_order=True)
    else:
        yield Contest(path, after, before)


def same(one: list[Any], other: list[Any]) -> list[int | None]:
    """For each item of ``other``, the place in ``one`` of the same item: equal, or of the same name, or, among those that
    are left, the most alike; None for a new one."""
    found: list[int | None] = [None] * len(other)
    free = list(range(len(one)))
    for match in (lambda a, b: a == b, *(_named(name) for name in NAMES)):
        for index, item in enumerate(other):
            if found[index] is None:
                place = next((place for place in free if match(one[place], item)), None)
                if place is not None:
                    found[index] = place
                    free.remove(place)
    pairs = [
        (_likeness(one[place], other[index]), -abs(place - index), place, index) for place in free for index in _new(found)
    ]
    for likeness, _distance, place, index in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        if likeness and found[index] is None and place in free:
            found[index] = place
            free.remove(place)
    return found


class _Merge:
    def __init__(self, origins: Origins, prefer: Prefer) -> None:
        self.origins, self.prefer = origins, prefer
        self.contests: list[Contest] = []

    def value(self, base: Any, mine: Any, theirs: Any, path: Path) -> Any:
        if _equal(theirs, base):
            return mine
        if _equal(mine, base):
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            known = base if isinstance(base, dict) else {}
            return self.mapping(known, mine, theirs, path)
        if _are_items(mine, theirs) and (mine or theirs):
            return self.items(base if _are_items(base) else [], mine, theirs, path)
        return mine if _equal(mine, theirs) else self.contest(path, mine, theirs)

    def contest(self, path: Path, mine: Any, theirs: Any, *, is_order: bool = False) -> Any:
        self.contests.append(Contest(path, mine, theirs, is_order))
        return mine if self.prefer is Prefer.MINE else theirs

    def mapping(self, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], path: Path) -> dict[str, Any]:
        made = {}
        for key in _keys(theirs, mine):
            value = self.value(base.get(key, ABSENT), mine.get(key, ABSENT), theirs.get(key, ABSENT), (*path, key))
            if value is not ABSENT:
                made[key] = value
        return made

    def items(self, base: list[Any], mine: list[Any], theirs: list[Any], path: Path) -> list[Any]:
        from_mine = list(self.origins.get(path) or same(base, mine))
        from_theirs = same(base, theirs)
        made: dict[tuple[str, int], Any] = {}  # what stays, by ("base", place) or ("mine" or "theirs", place) if new
        for place, item in enumerate(base):
            m = from_mine.index(place) if place in from_mine else None
            t = from_theirs.index(place) if place in from_theirs else None
            here = (*path, place if m is None else m)
            my_item, their_item = (ABSENT if m is None else mine[m]), (ABSENT if t is None else theirs[t])
            if m is None and t is None:
                continue
            value = self.value(item, my_item, their_item, here)
            if value is not ABSENT:
                made["base", place] = value
        mine_order = [("mine", i) if place is None else ("base", place) for i, place in enumerate(from_mine)]
        theirs_order = [("theirs", i) if place is None else ("base", place) for i, place in enumerate(from_theirs)]
        made |= {key: mine[key[1]] for key in mine_order if key[0] == "mine"}
        made |= {key: theirs[key[1]] for key in theirs_order if key[0] == "theirs"}
        return [made[key] for key in self.order(mine_order, theirs_order, set(made), path, mine, theirs)]

    def order(
        self,
        mine: list[tuple[str, int]],
        theirs: list[tuple[str, int]],
        made: set[tuple[str, int]],
        path: Path,
        my_list: list[Any],
        their_list: list[Any],
    ) -> list[tuple[str, int]]:
        both = set(mine) & set(theirs) & made
        by_me, by_them = ([key for key in side if key in both] for side in (mine, theirs))
        first, second = theirs, mine
        if by_me != by_them:
            if by_them == sorted(by_them):
                first, second = mine, theirs
            elif by_me != sorted(by_me):
                self.contest(path, my_list, their_list, is_order=True)
                first, second = (mine, theirs) if self.prefer is Prefer.MINE else (theirs, mine)
        return _woven([key for key in first if key in made], [key for key in second if key in made])


def _woven(first: list[tuple[str, int]], second: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The order of ``first`` with what only ``second`` has, each behind what it stands behind there; what both added at the
    same place stays, that of ``first`` before."""
    made = list(first)
    behind = None
    for key in second:
        if key not in made:
            place = made.index(behind) + 1 if behind is not None else 0
            while place < len(made) and made[place][0] != "base" and made[place] not in second:
                place += 1
            made.insert(place, key)
        behind = key
    return made


def _equal(one: Any, other: Any) -> bool:
    """Python says that True is 1; a document does not."""
    return type(one) is type(other) and one == other


def _are_items(*values: Any) -> bool:
    return all(isinstance(value, list) and all(isinstance(item, dict) for item in value) for value in values)


def _keys(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    return [*first, *(key for key in second if key not in first)]


def _new(found: list[int | None]) -> list[int]:
    return [index for index, place in enumerate(found) if place is None]


def _named(name: str) -> Any:
    def match(one: Any, other: Any) -> bool:
        return isinstance(one, dict) and isinstance(other, dict) and bool(one.get(name)) and one.get(name) == other.get(name)

    return match


def _likeness(one: Any, other: Any) -> int:
    """How many values two items share; 0 for fewer than half of them."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return 0
    shared = sum(1 for key, value in one.items() if key in other and other[key] == value)
    return shared if 2 * shared >= min(len(one), len(other)) else 0
