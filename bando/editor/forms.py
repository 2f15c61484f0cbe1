"""The form of one page of the editor, made from the schema, and what was typed in it, read back.

A page edits some keys of one mapping of the document. ``build`` answers what to draw: fields, groups of fields and rows of
them. ``read`` answers the mapping as it becomes. Reading never refuses: what is not right yet is kept, and ``parse`` says what
is left to do. A field that nobody touched keeps the very value of the document, in whatever way it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, unquote

from django.http import QueryDict
from django.utils.translation import gettext as _

from bando.editor.labels import DECIDES, FREE, WORDS, Text, Words
from bando.editor.references import BETWEEN, offered
from bando.editor.values import day_and_time, instant, place, shown, stored
from bando.notice.checks import Path
from bando.notice.kinds import Kind
from bando.notice.merge import ABSENT, Origins, replaced, value_at
from bando.notice.parse import Fault
from bando.notice.shapes import REQUIRED, Key, Many, Shape

UNSHOWN = {("calendar", "timezone")}
"""Keys with one possible value: nothing to choose."""
LONGEST_TEXT = 10_000
NEW = "new"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text
    is_chosen: bool
    applies: str = ""
    """The values of the deciding control for which it is there; "" for all."""


@dataclass(slots=True)
class Field:
    """``name`` is that of the input and its id. ``widget``: line, text, number, day, instant, bound, check, radio, select,
    checks, lines, maybe, code, stranger. ``applies`` are the values of the control ``of`` for which it is there."""

    name: str
    path: Path
    label: Text
    help: Text
    widget: str
    value: str = ""
    second: str = ""
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_optional: bool = False
    input_type: str = "text"
    input_mode: str = ""
    none: Text = ""
    decides: bool = False
    of: str = ""
    applies: str = ""
    is_shown: bool = True
    points_of: str = ""
    has_default: bool = False
    """One of the choices stands when nobody chooses."""
    is_roomy: bool = True
    """Whether a long text has the room for its counter: not in a line of a list."""
    kind: str = "field"

    @property
    def target(self) -> str:
        """Where a link to the field lands."""
        if self.widget in {"radio", "checks", "maybe"}:
            return f"{self.name}-0"
        return f"{self.name}-day" if self.widget == "instant" else self.name

    @property
    def described_by(self) -> str:
        ends = (("h", self.help), ("e", self.errors), ("c", self.widget == "text" and self.is_roomy))
        return " ".join(f"{self.name}-{end}" for end, there in ends if there)

    @property
    def counted(self) -> Any:
        """What the tag ``counter`` asks of a field of Django."""
        return SimpleNamespace(
            field=SimpleNamespace(widget=SimpleNamespace(attrs={"data-limit": LONGEST_TEXT})), value=lambda: self.value
        )


@dataclass(slots=True)
class Group:
    """A mapping inside the page."""

    name: str
    path: Path
    label: Text
    help: Text
    nodes: list[Any]
    errors: list[str]
    is_optional: bool
    of: str = ""
    applies: str = ""
    is_shown: bool = True
    can_clear: bool = False
    """It holds something and may be left out: a choice that was made can't be unmade otherwise."""
    kind: str = "group"

    @property
    def target(self) -> str:
        return self.name


@dataclass(slots=True)
class Row:
    name: str
    path: Path
    title: str
    origin: str
    nodes: list[Any]
    errors: list[str]
    number: int
    is_first: bool
    is_last: bool

    @property
    def target(self) -> str:
        return self.name


@dataclass(slots=True)
class Rows:
    """A list of mappings inside the page. ``none`` is the box that says that there are none, where one must say so."""

    name: str
    path: Path
    words: Words
    rows: list[Row]
    errors: list[str]
    is_optional: bool
    none: Text = ""
    is_none: bool = False
    of: str = ""
    applies: str = ""
    is_shown: bool = True
    kind: str = "rows"

    help: Text = ""

    @property
    def label(self) -> Text:
        return self.words.label

    @property
    def target(self) -> str:
        return self.name


Node = Field | Group | Rows


@dataclass(frozen=True, slots=True)
class PageForm:
    """``nodes`` to draw; ``loose`` are the faults of this page that no field of it shows."""

    nodes: list[Node]
    loose: list[Fault]

    def errors(self) -> list[dict[str, str]]:
        """For the summary: every fault with the field that it is about, in the order of the page."""
        found = [
            {"target": node.target, "message": f"{name}: {error}"} for name, node in _walk(self.nodes) for error in node.errors
        ]
        return found + [{"target": "", "message": str(fault)} for fault in self.loose]


@dataclass(frozen=True, slots=True)
class Typed:
    """The mapping at the path of the page, and where the items of its lists come from (paths from the document's root)."""

    value: Any
    origins: dict[Path, list[int | None]]


def sentence(fault: str) -> str:
    """The words of ``parse`` as a sentence beside a field."""
    return f"{fault[:1].upper()}{fault[1:]}."


# --- what to draw ----------------------------------------------------------------------------------------------------


def build(
    data: Any,
    path: Path,
    shape: Shape,
    names: Sequence[str],
    *,
    faults: Sequence[Fault] = (),
    origins: Origins | None = None,
) -> PageForm:
    """The form for the keys ``names`` of the mapping at ``path``. ``origins`` as in ``merge``: for a page that shows what was
    typed on an earlier state."""
    work = _Build(data, list(faults), origins or {})
    nodes = work.shape(shape, names, value_at(data, path), path, "")
    return PageForm(nodes, work.faults)


class _Build:
    def __init__(self, data: Any, faults: list[Fault], origins: Origins) -> None:
        self.data, self.faults, self.origins = data, faults, origins

    def errors(self, path: Path, *, below: bool = False) -> list[str]:
        """The faults at ``path``, taken away from those that are left; a field has those of what is inside it too."""
        mine = [fault for fault in self.faults if fault.path == path or (below and fault.path[: len(path)] == path)]
        self.faults = [fault for fault in self.faults if fault not in mine]
        return [sentence(fault.sentence) for fault in mine]

    def shape(
        self, shape: Shape, names: Sequence[str], data: Any, path: Path, prefix: str, *, in_row: bool = False
    ) -> list[Node]:
        known = data if isinstance(data, dict) else {}
        keys = [key for key in shape.keys if key.name in names and (shape.title, key.name) not in UNSHOWN]
        keys.sort(key=lambda key: _is_code(key))
        nodes = [self.key(shape, key, known, path, prefix, in_row=in_row) for key in keys]
        if set(names) >= {key.name for key in shape.keys} or not path:
            nodes += [self.stranger(name, known[name], path, prefix) for name in _strangers(shape, known)]
        return nodes

    def key(self, shape: Shape, key: Key, known: dict[str, Any], path: Path, prefix: str, *, in_row: bool) -> Node:
        words, here, name = WORDS[shape.title, key.name], (*path, key.name), f"{prefix}{key.name}"
        value = known.get(key.name, ABSENT)
        match key.kind:
            case Shape():
                inner = self.shape(key.kind, _names(key.kind), value, here, f"{name}-")
                free = key.default is not REQUIRED
                node: Node = Group(
                    name,
                    here,
                    words.label,
                    words.help,
                    inner,
                    self.errors(here),
                    free,
                    can_clear=free and value not in (ABSENT, None),
                )
            case Many(of=Shape()):
                node = self.rows(key, words, value, here, name)
            case _:
                node = self.field(shape, key, words, value, path, name, in_row=in_row)
        return self.conditional(node, shape, key, known, prefix)

    def conditional(self, node: Node, shape: Shape, key: Key, known: dict[str, Any], prefix: str) -> Node:
        """Hidden while the deciding key says otherwise, unless it holds something: then it is there to be cleared."""
        decider, default, applies = DECIDES.get(shape.title, ("", "", {}))
        if key.name == decider and isinstance(node, Field):
            node.decides = True
        if key.name in applies:
            chosen = known.get(decider) or default
            node.of, node.applies = f"{prefix}{decider}", " ".join(applies[key.name])
            node.is_optional = (shape.title, key.name) in FREE
            node.is_shown = chosen in applies[key.name] or known.get(key.name) not in (None, "", [], {}) or bool(node.errors)
        return node

    def rows(self, key: Key, words: Words, value: Any, path: Path, name: str) -> Rows:
        items = value if isinstance(value, list) else []
        places = self.origins.get(path) or range(len(items))
        rows = []
        for index, (item, origin) in enumerate(zip(items, places, strict=True)):
            here, prefix = (*path, index), f"{name}-{index}"
            nodes = self.shape(key.kind.of, _names(key.kind.of), item, here, f"{prefix}-", in_row=True)
            if index:  # the first line has said it
                for node in nodes:
                    node.help = ""
            title = _("%(what)s %(number)s") % {"what": words.one, "number": index + 1}
            ends = {"is_first": index == 0, "is_last": index == len(items) - 1}
            rows.append(
                Row(prefix, here, title, NEW if origin is None else str(origin), nodes, self.errors(here), index + 1, **ends)
            )
        must_say = key.default is REQUIRED and key.kind.least == 0
        return Rows(
            name,
            path,
            words,
            rows,
            self.errors(path),
            key.default is not REQUIRED,
            none=words.none if must_say and not rows else "",
            is_none=value == [],
            help=words.help,
        )

    def field(self, shape: Shape, key: Key, words: Words, value: Any, path: Path, name: str, *, in_row: bool) -> Field:
        here = (*path, key.name)
        choices = words.options or offered(self.data, shape.title, key.name, path)
        made = Field(
            name, here, words.label, words.help, _widget(key, choices, in_row=in_row),
            errors=self.errors(here, below=True), is_optional=key.default is not REQUIRED,
        )  # fmt: skip
        kind = key.kind.of.name if isinstance(key.kind, Many) else key.kind.name
        made.is_roomy = not in_row
        made.input_type, made.input_mode = _INPUTS.get(kind, ("text", ""))
        match made.widget:
            case "check":
                made.value = "yes" if (value if isinstance(value, bool) else key.default is True) else ""
            case "instant":
                made.value, made.second = day_and_time(value)
            case "checks":
                made.options = self.boxes(shape, choices or [], value, path)
                if shape.title == "when":
                    made.of, made.applies = f"{name.removesuffix('is')}question", _askers(made.options)
                    made.is_shown = value_at(self.data, (*path, "question")) is not ABSENT or value is not ABSENT
            case "lines":
                made.value = "\n".join(map(str, value)) if isinstance(value, list) else shown(kind, value)
            case "radio" | "select":
                chosen = shown(kind, value) or ("" if key.default in (REQUIRED, None) else str(key.default))
                made.options = [Option(code, label, code == chosen) for code, label in choices or []]
                if chosen and not any(option.is_chosen for option in made.options):
                    made.options.append(Option(chosen, _("«%(code)s», che qui non c'è") % {"code": chosen}, is_chosen=True))
                made.value = chosen
                made.has_default = key.default not in (REQUIRED, None, "")
            case "maybe":
                made.value, made.second = shown(kind, value), "no" if value is None else "" if value is ABSENT else "yes"
                made.none = words.none
            case "bound" if self.is_date(path):
                made.value, made.input_type = shown(kind, value), "date"
            case _:
                made.value = shown(kind, value)
        made.decides = (shape.title, key.name) == ("when", "question")
        if kind == "number" and key.name in {"max_points", "points"}:
            made.points_of = shape.title
        return made

    def is_date(self, path: Path) -> bool:
        return value_at(self.data, (*path, "type")) == "date"

    def boxes(self, shape: Shape, choices: Sequence[tuple[str, Text]], value: Any, path: Path) -> list[Option]:
        kept = [str(item) for item in value] if isinstance(value, list) else []
        if shape.title == "when":
            asked = str(value_at(self.data, (*path, "question")))
            kept = [f"{asked}{BETWEEN}{item}" for item in kept]
        made = [
            Option(code, label, code in kept, code.partition(BETWEEN)[0] if shape.title == "when" else "")
            for code, label in choices
        ]
        known = {option.value for option in made}
        lost = [
            Option(code, _("«%(code)s», che qui non c'è") % {"code": code.rpartition(BETWEEN)[2]}, is_chosen=True)
            for code in kept
            if code not in known
        ]
        return made + lost

    def stranger(self, name: str, value: Any, path: Path, prefix: str) -> Field:
        kept_whole = quote(name, safe="").replace("-", "%2D")  # a dash separates the steps of a name
        return Field(
            f"{prefix}{kept_whole}", (*path, name), _("Voce sconosciuta: %(name)s") % {"name": name}, "", "stranger",
            value=str(value), errors=self.errors((*path, name), below=True),
        )  # fmt: skip


def _askers(options: list[Option]) -> str:
    """The questions of a condition, each once."""
    return " ".join(dict.fromkeys(option.applies for option in options if option.applies))


_INPUTS = {
    "whole number": ("text", "numeric"),
    "number": ("text", "decimal"),
    "number or day": ("text", "decimal"),
    "euro": ("text", "decimal"),
    "e-mail address": ("email", ""),
    "web address": ("url", ""),
    "day": ("date", ""),
}
_SHORT = {"whole number", "number", "number or day", "euro", "size", "day"}
FEW = 4
"""Up to so many choices are shown all at once."""


def _widget(key: Key, choices: Sequence[Any] | None, *, in_row: bool) -> str:
    if isinstance(key.kind, Many):
        return "lines" if choices is None else "checks"
    if key.nullable:
        return "maybe"
    if choices is not None:
        return "radio" if key.kind.name == "one of" and not in_row and len(choices) < FEW else "select"
    if _is_code(key):
        return "code"
    match key.kind.name:
        case "true or false":
            return "check"
        case "text":
            return "text"
        case "instant":
            return "instant"
        case "number or day":
            return "bound"
    return "short" if key.kind.name in _SHORT else "line"


def _is_code(key: Key) -> bool:
    return key.name in {"code", "id"} and isinstance(key.kind, Kind) and key.default is REQUIRED


def _names(shape: Shape) -> list[str]:
    return [key.name for key in shape.keys]


def _strangers(shape: Shape, data: dict[str, Any]) -> list[str]:
    known = {*_names(shape), "schema"} if shape.title == "notice" else set(_names(shape))
    return [name for name in data if name not in known]


def _walk(nodes: Sequence[Any], inside: str = "") -> Iterator[tuple[str, Any]]:
    """Every node with how it is called on the page: "Giudizio 3, Coefficiente"."""
    for node in nodes:
        yield f"{inside}{_label(node)}", node
        if isinstance(node, Rows):
            for row in node.rows:
                yield f"{inside}{row.title}", row
                yield from _walk(row.nodes, f"{inside}{row.title}, ")
        elif isinstance(node, Group):
            yield from _walk(node.nodes, inside)


def _label(node: Any) -> Text:
    return node.title if isinstance(node, Row) else node.label


# --- what was typed --------------------------------------------------------------------------------------------------


def read(data: Any, path: Path, shape: Shape, names: Sequence[str], post: QueryDict) -> Typed:
    """The mapping at ``path`` of ``data``, the state that the page was shown, with what was typed for the keys ``names``. What
    the page did not send is kept."""
    work = _Read(data, post)
    value = work.shape(shape, names, value_at(data, path), path, "")
    return Typed({} if value is ABSENT else value, work.origins)


class _Read:
    def __init__(self, data: Any, post: QueryDict) -> None:
        self.data, self.post = data, post
        self.origins: dict[Path, list[int | None]] = {}

    def shape(self, shape: Shape, names: Sequence[str], kept: Any, path: Path, prefix: str) -> Any:
        made = dict(kept) if isinstance(kept, dict) else {}
        for key in shape.keys:
            if key.name in names and (shape.title, key.name) not in UNSHOWN:
                value = self.key(shape, key, made.get(key.name, ABSENT), (*path, key.name), f"{prefix}{key.name}")
                if value is ABSENT:
                    made.pop(key.name, None)
                else:
                    made[key.name] = value
        return made or (kept if not isinstance(kept, dict) else ABSENT)

    def key(self, shape: Shape, key: Key, kept: Any, path: Path, name: str) -> Any:
        match key.kind:
            case Shape():
                return self.shape(key.kind, _names(key.kind), kept, path, f"{name}-")
            case Many(of=Shape()):
                return self.rows(key, kept, path, name) if f"{name}-rows" in self.post else kept
            case Many():
                return self.several(shape, key.kind, kept, name)
        kind = key.kind.name
        if kind == "instant":
            return self.instant(kept, name)
        if kind == "true or false":
            return self.check(key, kept, name)
        if key.nullable:
            return self.maybe(kind, kept, name)
        if name not in self.post:
            return kept
        typed = self.post[name]
        default = str(key.default) if kind == "one of" and key.default not in (REQUIRED, None) else ""
        return kept if _alike(typed, shown(kind, kept) or default) else stored(kind, typed)

    def rows(self, key: Key, kept: Any, path: Path, name: str) -> Any:
        items = kept if isinstance(kept, list) else []
        made: list[Any] = []
        places: list[int | None] = []
        for index, text in enumerate(self.post.getlist(f"{name}-from")):
            known = place(text)
            if known is not None and known >= len(items):
                known = None
            item = items[known] if known is not None else ABSENT
            value = self.shape(key.kind.of, _names(key.kind.of), item, (*path, index), f"{name}-{index}-")
            made.append({} if value is ABSENT else value)
            places.append(known)
        self.origins[path] = places
        if made:
            return made
        if not isinstance(kept, list) and f"{name}-none" not in self.post:
            return kept
        if key.default is REQUIRED and key.kind.least == 0:
            return [] if f"{name}-none" in self.post else ABSENT
        return kept if kept == [] else ABSENT

    def several(self, shape: Shape, many: Many, kept: Any, name: str) -> Any:
        if name not in self.post:
            return kept
        before = [str(item) for item in kept] if isinstance(kept, list) else []
        if f"{name}-lines" in self.post:
            chosen = [line.strip() for line in self.post[name].splitlines() if line.strip()]
            return kept if chosen == before else [stored(many.of.name, line) for line in chosen] or ABSENT
        chosen = [text for text in self.post.getlist(name) if text]
        if shape.title == "when":
            asked = self.post.get(f"{name.removesuffix('is')}question", "")
            chosen = [text.partition(BETWEEN)[2] for text in chosen if text.partition(BETWEEN)[0] == asked]
        if set(chosen) == set(before):
            return kept
        return [stored(many.of.name, text) for text in chosen] or ABSENT

    def instant(self, kept: Any, name: str) -> Any:
        if f"{name}-day" not in self.post:
            return kept
        typed = self.post[f"{name}-day"], self.post.get(f"{name}-time", "")
        return kept if typed == day_and_time(kept) else instant(*typed)

    def check(self, key: Key, kept: Any, name: str) -> Any:
        if name not in self.post:
            return kept
        chosen = "yes" in self.post.getlist(name)
        before = kept if isinstance(kept, bool) else key.default is True
        return kept if chosen == before and (isinstance(kept, bool) or kept is ABSENT) else chosen

    def maybe(self, kind: str, kept: Any, name: str) -> Any:
        if name not in self.post:
            return kept
        typed, is_there = self.post[name], self.post.get(f"{name}-is", "")
        if is_there == "no":
            return None
        if _alike(typed, shown(kind, kept)) and kept is not None:
            return kept
        return stored(kind, typed)


def _alike(typed: str, before: str) -> bool:
    """Did the browser send back what it was shown? It writes line endings in its own way."""
    return typed.replace("\r\n", "\n").strip() == before.replace("\r\n", "\n").strip()


# --- what a button does to a list ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """``verb``: add (to the list at ``path``), remove, up, down, copy (the item), drop (a key that nobody knows), clear (a
    part that may be left out)."""

    verb: str
    path: Path


def act_of(text: str, at: Path) -> Act | None:
    """``"scale-2:up"`` on the page at ``at``; None for a button that only saves, or that says on nothing what to do."""
    name, _, verb = text.partition(":")
    if verb not in {"add", "remove", "up", "down", "copy", "drop", "clear"}:
        return None
    steps = tuple(unquote(step) if (index := place(step)) is None else index for step in name.split("-") if step)
    return Act(verb, (*at, *steps)) if steps else None


def done(data: Any, act: Act, origins: Origins, put: Any = ABSENT) -> tuple[Any, dict[Path, list[int | None]], Path]:
    """The document after the act, the origins of its items, and the path of the item to look at then. ``put`` is what is
    added, an empty item if not given. An act on something that is not there changes nothing."""
    made: dict[Path, list[int | None]] = {path: list(places) for path, places in origins.items()}
    if act.verb in {"drop", "clear"}:
        return replaced(data, act.path, ABSENT), made, act.path if act.verb == "clear" else act.path[:-1]
    is_add = act.verb == "add"
    where = act.path if is_add else act.path[:-1]
    index = len(_list(data, where)) if is_add else act.path[-1]
    items = list(_list(data, where))
    if not isinstance(index, int) or (not is_add and index >= len(items)):
        return data, made, act.path
    places = made.get(where) or list(range(len(items)))
    numbers: list[int | None] = list(range(len(items)))  # where each item of the new list stood in the old one
    match act.verb:
        case "add":
            items.append({} if put is ABSENT else put)
            places, numbers = [*places, None], [*numbers, None]
        case "copy":
            items.insert(index + 1, put)
            places.insert(index + 1, None)
            numbers.insert(index + 1, None)
        case "remove":
            del items[index], places[index], numbers[index]
        case "up" | "down":
            other = index + (1 if act.verb == "down" else -1)
            if not 0 <= other < len(items):
                return data, made, act.path
            for row in (items, places, numbers):
                row[index], row[other] = row[other], row[index]
    inner = {path: own for path, own in made.items() if path[: len(where)] == where and len(path) > len(where)}
    made = {path: own for path, own in made.items() if path not in inner}
    for path, own in inner.items():
        if path[len(where)] in numbers:
            made[(*where, numbers.index(path[len(where)]), *path[len(where) + 1 :])] = own
    made[where] = places
    at = {"add": index, "copy": index + 1, "up": index - 1, "down": index + 1, "remove": min(index, len(items) - 1)}[act.verb]
    return replaced(data, where, items or ABSENT), made, (*where, at) if items else where


def _list(data: Any, path: Path) -> list[Any]:
    found = value_at(data, path)
    return found if isinstance(found, list) else []
