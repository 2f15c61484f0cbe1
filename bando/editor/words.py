"""A value of the document in words, for whoever compares two versions of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from bando.editor.codes import shape_at
from bando.editor.labels import WORDS, Words
from bando.editor.parts import label_of
from bando.editor.references import offered, title_of
from bando.editor.values import shown
from bando.notice.checks import Path
from bando.notice.kinds import Kind
from bando.notice.merge import ABSENT, Contest
from bando.notice.shapes import Key, Many, Shape


def told(data: Any, contest: Contest) -> dict[str, Any]:
    """Both sides of a contest or of a change: where it is, and each value as lines. ``data`` is the document of mine."""
    if contest.is_order:
        label = _("%(what)s: ordine") % {"what": label_of(data, contest.path) if contest.path else ""}
        sides = [[title_of(item, str(n)) for n, item in enumerate(side, start=1)] for side in (contest.mine, contest.theirs)]
    else:
        label = label_of(data, contest.path)
        sides = [lines(data, contest.path, side) for side in (contest.mine, contest.theirs)]
    return {"label": label, "path": contest.path, "mine": sides[0], "theirs": sides[1]}


def lines(data: Any, path: Path, value: Any) -> list[str]:
    """A value at ``path`` as lines to read; none for no value."""
    if value is ABSENT or value is None:
        return []
    shape = shape_at(path)
    if shape is not None and isinstance(value, dict):
        return list(_mapping(data, path, shape, value))
    owner = shape_at(path[:-1]) if path else None
    key = next((key for key in owner.keys if key.name == path[-1]), None) if owner else None
    return list(_value(data, path, key, WORDS.get((owner.title, key.name)) if owner and key else None, value))


def _mapping(data: Any, path: Path, shape: Shape, value: dict[str, Any]) -> Iterator[str]:
    known = {key.name: key for key in shape.keys}
    for name in [*(name for name in known if name in value), *(name for name in value if name not in known)]:
        words = WORDS.get((shape.title, name))
        said = list(_value(data, (*path, name), known.get(name), words, value[name]))
        label = words.label if words else name
        yield from [f"{label}: {said[0]}"] if len(said) == 1 else [f"{label}:", *(f"– {line}" for line in said)]
    if not value:
        yield _("Ancora vuoto")


def _value(data: Any, path: Path, key: Key | None, words: Words | None, value: Any) -> Iterator[str]:
    kind = key.kind if key else None
    if isinstance(kind, Shape) and isinstance(value, dict):
        yield from _mapping(data, path, kind, value)
    elif isinstance(kind, Many) and isinstance(kind.of, Shape) and isinstance(value, list):
        for index, item in enumerate(value):
            yield "; ".join(_mapping(data, (*path, index), kind.of, item)) if isinstance(item, dict) else str(item)
    elif isinstance(value, list):
        yield ", ".join(_word(data, path, kind.of if isinstance(kind, Many) else None, words, item) for item in value)
    else:
        yield from _word(data, path, kind, words, value).split("\n")


def _word(data: Any, path: Path, kind: Any, words: Words | None, value: Any) -> str:
    if isinstance(value, bool):
        return _("Sì") if value else _("No")
    if value is None:
        return _("Nessuno")
    owner = shape_at(path[:-1]) if path else None
    choices = (
        (words.options if words else ()) or (offered(data, owner.title, str(path[-1]), path[:-1]) if owner else None) or ()
    )
    named = {code.rpartition(":")[2]: str(label) for code, label in choices}
    if isinstance(value, str) and value in named:
        return named[value]
    return shown(kind.name if isinstance(kind, Kind) else "", value)
