"""Codes that nobody has to think of: made from the title, and followed wherever they are named when they change."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from bando.editor.references import questions, things
from bando.editor.values import code_from
from bando.notice.checks import Path
from bando.notice.merge import ABSENT, Origins, replaced, value_at
from bando.notice.shapes import NOTICE, Key, Many, Shape

NAMED_BY = ("letter", "title", "label")


def shape_at(path: Path) -> Shape | None:
    """The shape of the mapping at ``path``; None where the schema has no mapping."""
    kind: Any = NOTICE
    for step in path:
        if isinstance(step, int):
            kind = kind.of if isinstance(kind, Many) else None
        elif isinstance(kind, Shape):
            kind = next((key.kind for key in kind.keys if key.name == step), None)
        else:
            return None
    return kind if isinstance(kind, Shape) else None


def coded(data: Any, path: Path, names: Sequence[str]) -> Any:
    """The document with a code for whatever has a title and no code: the mapping at ``path``, and what is in its keys
    ``names``."""
    for place, shape in list(_mappings(value_at(data, path), shape_at(path), path)):
        if len(place) > len(path) and place[len(path)] not in names:
            continue
        key = _code_key(shape)
        thing = value_at(data, place)
        if key is None or thing.get(key.name) or (not place and key.name not in names):
            continue
        name = next((str(thing[name]) for name in NAMED_BY if thing.get(name)), "")
        if code := code_from(name, _taken(data, place, shape), points=key.kind.name == "code"):
            data = replaced(data, (*place, key.name), code)
    return data


def uncoded(thing: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """A copy of a thing without the codes that must be its own: its own, and those of its questions."""
    made = copy.deepcopy(thing)
    if _code_key(shape):
        made.pop("code", None)
    for question in things(made, "questions"):
        question.pop("code", None)
    return made


def renamed(before: Any, after: Any, path: Path, origins: Origins) -> Any:
    """The document ``after`` with the codes that changed on the page at ``path`` followed by what names them."""
    for place, old, new in list(_changed(before, after, path, origins)):
        after = _follow(after, place, old, new)
    return after


def _code_key(shape: Shape) -> Key | None:
    return next((key for key in shape.keys if key.name in {"code", "id"} and key.kind.name in {"name", "code"}), None) if (
        shape.title not in {"grids.tie_chain", "budgets", "areas.lots"}
    ) else None  # fmt: skip


def _mappings(value: Any, shape: Shape | None, path: Path) -> Iterator[tuple[Path, Shape]]:
    if shape is None or not isinstance(value, dict):
        return
    yield path, shape
    for key in shape.keys:
        inner, here = value.get(key.name), (*path, key.name)
        if isinstance(key.kind, Shape):
            yield from _mappings(inner, key.kind, here)
        elif isinstance(key.kind, Many) and isinstance(key.kind.of, Shape) and isinstance(inner, list):
            for index, item in enumerate(inner):
                yield from _mappings(item, key.kind.of, (*here, index))


def _taken(data: Any, place: Path, shape: Shape) -> set[str]:
    if shape.title in {"questions", "attachments"}:
        found = [question for _path, question in questions(data)] + things(data, "attachments")
    else:
        found = things(data, *place[:-1])
    return {str(item["code"]) for item in found if item.get("code")}


def _changed(before: Any, after: Any, path: Path, origins: Origins) -> Iterator[tuple[Path, str, str]]:
    pairs = [(path, path)] if path and isinstance(path[-1], int) else []
    for where, places in origins.items():
        pairs += [((*where, place), (*where, index)) for index, place in enumerate(places) if place is not None]
    for was, now in pairs:
        old, new = value_at(before, (*was, "code")), value_at(after, (*now, "code"))
        if isinstance(old, str) and isinstance(new, str) and old and new and old != new:
            yield now, old, new


def _follow(data: Any, place: Path, old: str, new: str) -> Any:
    match place:
        case ("areas", _):
            named = [
                (name, i, "areas")
                for name in ("requirements", "sections", "attachments")
                for i, _t in enumerate(things(data, name))
            ]
            named += [(*path, "areas") for path, _question in questions(data)]
        case ("grids" | "budgets" as name, _):
            named = [("areas", i, name.removesuffix("s")) for i, _t in enumerate(things(data, "areas"))]
        case ("grids", g, "blocks", _):
            named = [("grids", g, "criteria", i, "block") for i, _t in enumerate(things(data, "grids", g, "criteria"))]
            named += _links(data, g, "block")
        case ("grids", g, "criteria", _):
            named = _links(data, g, "criterion")
            if not any(item.get("code") == old for grid in things(data, "grids") for item in things(grid, "criteria")):
                named += [("sections", i, "criterion") for i, _t in enumerate(things(data, "sections"))]
                named += [(*path, "criterion") for path, _question in questions(data)]
        case ("sections", _, "questions", _):
            named = [(*path, "when", "question") for path, _question in questions(data)]
            named += [("attachments", i, "when", "question") for i, _t in enumerate(things(data, "attachments"))]
            named += [("areas", i, "lot_question") for i, _t in enumerate(things(data, "areas"))]
        case ("sections", _, "questions", _, "choices", _):
            asked = value_at(data, (*place[:4], "code"))
            named = [(*path, "when", "is") for path, question in questions(data) if _asks(question, asked)]
            named += [
                ("attachments", i, "when", "is") for i, rule in enumerate(things(data, "attachments")) if _asks(rule, asked)
            ]
            named += [
                ("areas", i, "lots", n, "code")
                for i, area in enumerate(things(data, "areas"))
                if area.get("lot_question") == asked
                for n, _lot in enumerate(things(area, "lots"))
            ]
        case _:
            named = []
    for path in named:
        value = value_at(data, path)
        if value == old:
            data = replaced(data, path, new)
        elif isinstance(value, list) and old in value:
            data = replaced(data, path, [new if item == old else item for item in value])
    return data


def _links(data: Any, grid: Any, kind: str) -> list[Path]:
    chain = things(data, "grids", grid, "tie_chain")
    return [("grids", grid, "tie_chain", i, "code") for i, step in enumerate(chain) if step.get("kind") == kind]


def _asks(thing: dict[str, Any], question: Any) -> bool:
    return question is not ABSENT and value_at(thing, ("when", "question")) == question
