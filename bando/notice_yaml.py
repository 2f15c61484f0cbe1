"""A call document as an official writes it: YAML in, with the line of every value, so that a fault says where it is.

Only the plain part of YAML is read. A scalar without quotes is a whole number, a number with a point (as ``Decimal``,
with the digits that were written), ``true``, ``false`` or ``null``; everything else is text, so ``no``, ``on``,
``12:00``, ``010`` and a date mean what they look like. Anchors, aliases and tags are refused: they hide a text from who
reads the document and can grow a small file into a huge one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.events import AliasEvent, CollectionStartEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from bando.notice.checks import Path, path_text
from bando.notice.document import Notice
from bando.notice.parse import NoticeFaults, parse

LONGEST = 2_000_000
DEEPEST = 12

_NULL, _BOOL, _INT, _DECIMAL = "!null", "!bool", "!int", "!decimal"


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """``line`` counts from 1; ``path`` is () for a fault of the YAML itself."""

    line: int
    path: Path
    sentence: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"riga {self.line}", path_text(self.path)))) + f": {self.sentence}"


class DocumentFaults(ValueError):
    """``str(fault)`` reads like "riga 42, areas[0].places: scrivi un numero intero di posti, per esempio 20"."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data (dict, list, str, int, Decimal, bool, None) and the line of each path."""

    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of the value at ``path``, or of the nearest thing around it when the value is missing."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load_notice(content: str | bytes) -> Notice:
    """The notice written in ``content``. Raises DocumentFaults, in the order of the lines."""
    document = read(content)
    try:
        return parse(document.data)
    except NoticeFaults as refused:
        faults = [DocumentFault(document.line_of(f.path), f.path, f.sentence) for f in refused.faults]
        raise DocumentFaults(tuple(sorted(faults, key=lambda fault: fault.line))) from None


def read(content: str | bytes) -> Document:
    """The YAML alone, without asking what it means. Raises DocumentFaults with the first fault, where reading stops."""
    text = _decoded(content)
    if len(text) > LONGEST:
        raise _refused(1, f"il file è troppo lungo: al massimo {LONGEST} caratteri")
    if not text.strip():
        raise _refused(1, "il file è vuoto: scrivi l'avviso")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _refused(line, f"c'è un carattere che non si vede (U+{_code_point(error):04X}): cancellalo") from None
    except yaml.MarkedYAMLError as error:
        sentence, at_opening = _explained(error)
        mark = (error.context_mark if at_opening else None) or error.problem_mark or error.context_mark
        raise _refused(mark.line + 1, sentence) from None
    if node is None:
        raise _refused(1, "il file contiene solo commenti: scrivi l'avviso")
    lines: dict[Path, int] = {(): node.start_mark.line + 1}
    return Document(_value(node, (), lines), lines)


def _decoded(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(line, "il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8") from None


def _refused(line: int, sentence: str, path: Path = ()) -> DocumentFaults:
    return DocumentFaults((DocumentFault(line, path, sentence),))


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    """PyYAML's own steps up to the nodes, with our meaning of plain scalars and nothing that points elsewhere."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node:
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _refused(line, "qui non si usano & e *: metti il testo tra virgolette, o riscrivilo per intero")
        if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
            raise _refused(line, "qui non si usa !: metti il testo tra virgolette")
        if self.depth >= DEEPEST:
            raise _refused(line, f"ci sono più di {DEEPEST} livelli uno dentro l'altro: controlla i rientri")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for tag, pattern, first in (
    (_NULL, r"~|null|", ["~", "n", ""]),
    (_BOOL, r"true|false", ["t", "f"]),
    (_INT, r"0|-?[1-9][0-9]{0,17}", list("-0123456789")),
    (_DECIMAL, r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}", list("-0123456789")),
):
    _Loader.add_implicit_resolver(tag, re.compile(rf"(?:{pattern})\Z"), first)

_PLAIN: dict[str, Callable[[str], Any]] = {
    _NULL: lambda text: None,
    _BOOL: lambda text: text == "true",
    _INT: int,
    _DECIMAL: Decimal,
}


def _value(node: Node, path: Path, lines: dict[Path, int]) -> Any:
    match node:
        case ScalarNode():
            return _PLAIN.get(node.tag, str)(node.value)
        case SequenceNode():
            items = []
            for index, item in enumerate(node.value):
                here = (*path, index)
                lines[here] = item.start_mark.line + 1
                items.append(_value(item, here, lines))
            return items
        case MappingNode():
            return _mapping(node, path, lines)


def _mapping(node: MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise _refused(line, "a sinistra dei due punti ci vuole una parola sola", path)
        here = (*path, key.value)
        if key.value in data:
            raise _refused(line, f"questa voce c'è già alla riga {lines[here]}: tienine una sola", here)
        # The line of the key, not of the value: a block of text begins below the word that people look for.
        lines[here] = line
        data[key.value] = _value(value, here, lines)
    return data


def _code_point(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)


# What PyYAML says, what it means here, and whether the mistake is where the thing opened rather than
# where reading stopped.
_EXPLANATIONS = (
    ("found character '\\t'", "c'è una tabulazione: usa gli spazi per i rientri", False),
    (
        "mapping values are not allowed here",
        "ci sono due punti di troppo: metti il testo tra virgolette, o controlla il rientro",
        False,
    ),
    ("found unexpected end of stream", "manca la virgoletta di chiusura: aggiungila dove il testo finisce", True),
    (
        "could not find expected ':'",
        "mancano i due punti dopo il nome della voce, o il rientro del testo è sbagliato",
        True,
    ),
    ("expected <block end>", "il rientro è diverso da quello delle righe vicine: allinea la riga alle altre", False),
    ("expected ',' or ']'", "l'elenco tra parentesi quadre non è chiuso: aggiungi la virgola o la parentesi", True),
    ("expected ',' or '}'", "le voci tra parentesi graffe non sono chiuse: aggiungi la virgola o la parentesi", True),
    ("but found another document", "c'è una riga «---» di troppo: ogni file contiene un solo avviso", False),
    ("expected alphabetic or numeric character", "qui non si usano & e *: metti il testo tra virgolette", False),
    ("that cannot start any token", "il testo comincia con un segno riservato: mettilo tra virgolette", False),
    ("unknown escape character", "dopo \\ c'è un carattere che YAML non conosce: usa le virgolette semplici", False),
)


def _explained(error: yaml.MarkedYAMLError) -> tuple[str, bool]:
    problem = f"{error.context or ''} {error.problem or ''}"
    for sign, sentence, at_opening in _EXPLANATIONS:
        if sign in problem:
            return sentence, at_opening
    return "la riga non è scritta in YAML: controlla rientri, virgolette e due punti", False
