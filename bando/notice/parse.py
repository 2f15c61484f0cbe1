"""From the plain data of a call document to a ``Notice``, or to everything that is wrong with it.

PURE: standard library only. A draft needs no class of its own: it is plain data, and its faults are what is left to do.
A ``Notice`` exists only when there are none. The sentences of the faults are plain Italian strings without translation,
because an official reads them with the document, which is in Italian, beside them.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from bando.notice.canonical import SCHEMA, to_data
from bando.notice.checks import Path, path_text
from bando.notice.document import Notice
from bando.notice.kinds import Kind, Unreadable
from bando.notice.shapes import NOTICE, REQUIRED, Key, Many, Shape


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at ``path`` and what to do: ``sentence`` begins in lower case and has no full stop."""

    path: Path
    sentence: str

    def __str__(self) -> str:
        return f"{path_text(self.path)}: {self.sentence}" if self.path else self.sentence


class NoticeFaults(ValueError):
    """The document can't be a call: ``faults``, in the order of the document's keys, never empty."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def parse(data: Any) -> Notice:
    """The notice that ``data`` describes (``docs/notice.md``): mappings, lists, text, int, Decimal, bool, None.

    Raises NoticeFaults with every fault that can be told: those of single values, and those between values as far as
    the values could be read.
    """
    reader = _Reader()
    if isinstance(data, dict):
        # A document of a later format would read as a list of unknown keys: say so once, instead.
        if data.get("schema") != SCHEMA or isinstance(data["schema"], bool):
            raise NoticeFaults((Fault(("schema",), f"scrivi schema: {SCHEMA}, la versione di questo formato"),))
        data = {key: value for key, value in data.items() if key != "schema"}
    notice = reader.shape(NOTICE, data, ())
    if notice is not _UNREAD:
        reader.paths(notice)
    if reader.faults:
        raise NoticeFaults(tuple(reader.faults))
    return notice


_UNREAD = object()


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: Path, sentence: str) -> Any:
        self.faults.append(Fault(path, sentence))
        return _UNREAD

    def shape(self, shape: Shape, data: Any, path: Path, what: str = "un documento con le sue voci") -> Any:
        if not isinstance(data, dict):
            names = ", ".join(key.name for key in shape.keys if key.default is REQUIRED)
            return self.fault(path, f"scrivi {what}" + (f": le voci sono {names}" if names else ""))
        known = [key.name for key in shape.keys]
        strangers = [name for name in data if name not in known]
        for name in strangers:
            self.fault((*path, name), _unknown(name, [k for k in known if k not in data]))
        values = {key.name: self.key(key, data, path) for key in shape.keys}
        if strangers or any(value is _UNREAD for value in values.values()):
            return _UNREAD
        made = shape.makes(**{key.attribute: values[key.name] for key in shape.keys if not key.computed})
        for where, sentence in shape.check(made, values):
            self.fault((*path, *where), sentence)
        return made

    def key(self, key: Key, data: dict[str, Any], path: Path) -> Any:
        here = (*path, key.name)
        value = data.get(key.name)
        if value is None:
            if key.nullable and key.name in data:
                return None
            if key.default is REQUIRED:
                return self.fault(here, f"manca: scrivi {key.what}")
            return key.default
        if value == "" == key.default:
            return value
        return self.value(key.kind, value, here, key.what)

    def value(self, kind: Kind | Shape | Many, value: Any, path: Path, what: str) -> Any:
        match kind:
            case Many():
                return self.many(kind, value, path, what)
            case Shape():
                return self.shape(kind, value, path, what)
        try:
            return kind.read(value)
        except Unreadable as unreadable:
            return self.fault(path, unreadable.sentence or f"scrivi {what}")

    def many(self, many: Many, value: Any, path: Path, what: str) -> Any:
        if not isinstance(value, list) or len(value) < many.least:
            return self.fault(path, f"scrivi {what}")
        if len(value) > many.most:
            return self.fault(path, f"ci sono {len(value)} elementi: al massimo possono essere {many.most}")
        read = [self.value(many.of, item, (*path, index), what) for index, item in enumerate(value)]
        if any(item is _UNREAD for item in read):
            return _UNREAD
        # With a name given twice, whatever refers to it would be reported once more for a reason of its own.
        repeated = [self.repeated(read, name, path) for name in many.distinct]
        return _UNREAD if any(repeated) else tuple(read)

    def repeated(self, items: list[Any], name: str, path: Path) -> bool:
        seen: dict[Any, int] = {}
        for index, item in enumerate(items):
            value = getattr(item, name) if name else item
            same = value.casefold() if isinstance(value, str) else value
            if same in seen:
                where = path_text((*path, seen[same], name) if name else (*path, seen[same]))
                self.fault((*path, index, name) if name else (*path, index), f"«{value}» c'è già in {where}: scegline un altro")
            seen.setdefault(same, index)
        return len(seen) < len(items)

    def paths(self, notice: Notice) -> None:
        """Sources and assumptions speak of values by path: each path leads to one."""
        data = to_data(notice, defaults=True)
        named = [(("assumptions", i, "path"), a.path) for i, a in enumerate(notice.assumptions)]
        named += [(("sources", i, "facts", j), fact) for i, s in enumerate(notice.sources) for j, fact in enumerate(s.facts)]
        for path, text in named:
            if not _leads_somewhere(data, text):
                self.fault(path, f"in questo documento non c'è niente al percorso «{text}»: correggilo")


def _unknown(name: Any, free: list[str]) -> str:
    if " " in str(name):
        # {title: Luce, gas} makes a key of "gas".
        return "questa non è una voce: se è un pezzo di testo dopo una virgola, metti tutto il testo tra virgolette"
    close = difflib.get_close_matches(str(name), free, n=1)
    return f"non conosco questa voce: {f'forse volevi scrivere «{close[0]}»' if close else 'cancellala'}"


_STEP = re.compile(r"([a-z_]+)|\[([a-z0-9][a-z0-9_.-]*)\]")


def _leads_somewhere(data: Any, text: str) -> bool:
    """Whether ``areas[area-1].places`` (by code) or ``areas[0].places`` (by position) names a value of ``data``."""
    here, position = data, 0
    while position < len(text):
        if position and text[position] == ".":
            position += 1
        match = _STEP.match(text, position)
        if match is None:
            return False
        position = match.end()
        if match[1]:
            if not isinstance(here, dict) or match[1] not in here:
                return False
            here = here[match[1]]
        else:
            if not isinstance(here, list):
                return False
            by_code = [item for item in here if isinstance(item, dict) and item.get("code") == match[2]]
            if by_code:
                here = by_code[0]
            elif match[2].isdecimal() and int(match[2]) < len(here):
                here = here[int(match[2])]
            else:
                return False
    return True
