"""A call document as an official writes it: YAML in, with the line of every value, so that a fault says where it is; and
YAML out, in the order of the schema and always with the same bytes.

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
from yaml.emitter import Emitter
from yaml.events import AliasEvent, CollectionStartEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner
from yaml.serializer import Serializer

from bando.notice.canonical import SCHEMA
from bando.notice.checks import Path, path_text
from bando.notice.document import Notice
from bando.notice.kinds import Kind
from bando.notice.parse import NoticeFaults, parse
from bando.notice.shapes import (
    ACTION,
    BAND,
    BLOCK,
    BUDGET_ITEM,
    CHOICE,
    CRITERION,
    LEVEL,
    MILESTONE,
    NOTICE,
    POINTS_LEVEL,
    ROUNDING,
    TIE_STEP,
    WHEN,
    Many,
    Shape,
)

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


def read_unfinished(content: bytes) -> Document:
    """A document that need not hold together yet, as long as it is one that can be kept. Raises DocumentFaults for what
    can't be read, is of another format, or has a character that no database takes."""
    document = read(content)
    if not isinstance(document.data, dict):
        raise _refused(document.line_of(()), "scrivi un documento con le sue voci, una per riga")
    if document.data.get("schema", SCHEMA) != SCHEMA:
        sentence = f"scrivi schema: {SCHEMA}, la versione di questo formato"
        raise _refused(document.line_of(("schema",)), sentence)
    if (path := _unstorable(document.data)) is not None:
        raise _refused(document.line_of(path), "c'è un carattere che non si può conservare: cancellalo")
    return document


_NO_DATABASE = re.compile(r"[\x00\ud800-\udfff]")


def _unstorable(data: Any, path: Path = ()) -> Path | None:
    """Where a text stands that no database takes: with a NUL, or with half a character (a surrogate, which YAML can write)."""
    match data:
        case str() if _NO_DATABASE.search(data):
            return path
        case dict():
            inside = [((*path, key), item) for key, item in data.items()]
            inside += [((*path, key), key) for key in data]
        case list():
            inside = [((*path, index), item) for index, item in enumerate(data)]
        case _:
            return None
    return next((found for here, item in inside if (found := _unstorable(item, here)) is not None), None)


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


class _Resolver(BaseResolver):
    """What a scalar without quotes is: the reader and the writer agree because they ask the same."""


for tag, pattern, first in (
    (_NULL, r"~|null|", ["~", "n", ""]),
    (_BOOL, r"true|false", ["t", "f"]),
    (_INT, r"0|-?[1-9][0-9]{0,17}", list("-0123456789")),
    (_DECIMAL, r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}", list("-0123456789")),
):
    _Resolver.add_implicit_resolver(tag, re.compile(rf"(?:{pattern})\Z"), first)


class _Loader(Reader, Scanner, Parser, Composer, _Resolver):
    """PyYAML's own steps up to the nodes, with our meaning of plain scalars and nothing that points elsewhere."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        _Resolver.__init__(self)
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


def dump(data: dict[str, Any]) -> str:
    """A call document, whole or not, as YAML: the keys in the order of the schema, those that it doesn't know at the end
    in alphabetical order (a database may not keep theirs).

    ``data`` is plain: dict with text keys, list, str, int, Decimal, bool, None; a number may also be text with its digits,
    as a draft keeps it. ``read(dump(data)).data`` means the same and is written with the same bytes again. Nothing is left
    out: a character that no document may have is written with its escape, so that whoever reads it says so.

    Raises TypeError for anything else (a float has lost the digits that somebody wrote).
    """
    return yaml.serialize(_node(data, NOTICE), Dumper=_Dumper, allow_unicode=True, width=_WIDTH)


_WIDTH = 112
_LONG = 96
"""Beyond these characters a text stands below its key, in lines, and a row of a table has a line for each key."""

_ROWS = {ACTION, BAND, BLOCK, BUDGET_ITEM, CHOICE, CRITERION, LEVEL, MILESTONE, POINTS_LEVEL, ROUNDING, TIE_STEP, WHEN}
"""Shapes that read as the row of a table, when they are short."""

_NUMBERS = {"number", "whole number", "euro", "number or day"}

_STR, _SEQ, _MAP = BaseResolver.DEFAULT_SCALAR_TAG, BaseResolver.DEFAULT_SEQUENCE_TAG, BaseResolver.DEFAULT_MAPPING_TAG


class _Dumper(Emitter, Serializer, _Resolver):
    """PyYAML's own steps from the nodes on, with our meaning of plain scalars; items stand inside what holds them."""

    def __init__(self, stream: Any, *, canonical, indent, width, allow_unicode, line_break, encoding, **document) -> None:
        Emitter.__init__(self, stream, canonical, indent, width, allow_unicode, line_break)
        Serializer.__init__(self, encoding, **document)
        _Resolver.__init__(self)

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _node(value: Any, kind: Kind | Shape | Many | None) -> Node:
    match value:
        case dict():
            return _mapping_node(value, kind if isinstance(kind, Shape) else None)
        case list():
            items = [_node(item, kind.of if isinstance(kind, Many) else None) for item in value]
            return SequenceNode(_SEQ, items, flow_style=_fits(items))
        case str():
            return _text_node(value, kind)
        case None:
            return ScalarNode(_NULL, "null")
        case bool():
            return ScalarNode(_BOOL, "true" if value else "false")
        case int():
            return _number_node(str(value))
        case Decimal():
            return _number_node(format(value, "f"))
    raise TypeError(f"{type(value).__name__} is not plain data")


def _mapping_node(data: dict[str, Any], shape: Shape | None) -> MappingNode:
    kinds = {"schema": None} if shape is NOTICE else {}
    kinds |= {key.name: key.kind for key in shape.keys} if shape else {}
    names = [name for name in kinds if name in data] + sorted(name for name in data if name not in kinds)
    pairs = [(_string_node(name), _node(data[name], kinds.get(name))) for name in names]
    return MappingNode(_MAP, pairs, flow_style=shape in _ROWS and _fits([node for pair in pairs for node in pair]))


def _text_node(value: str, kind: Kind | Shape | Many | None) -> ScalarNode:
    if isinstance(kind, Kind):
        value = value.replace("\r\n", "\n")  # as every kind of text reads it, and as no block of text can hold it
        if kind.name in _NUMBERS:
            return _number_node(value)
    return _string_node(value, blocks=True)


def _number_node(digits: str) -> ScalarNode:
    """A number has its digits bare; what the reader would not take for one is a text."""
    tag = _Resolver().resolve(ScalarNode, digits, (True, False))
    return ScalarNode(tag, digits) if tag in (_INT, _DECIMAL) else _string_node(digits, blocks=True)


# The reader takes these for the end of a line; and an indent before the first word can't be told from that of the block.
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_NO_BLOCK = re.compile(r"\A\s|\A\n*\Z")


def _string_node(value: str, *, blocks: bool = False) -> ScalarNode:
    style = None
    if _OTHER_BREAKS.search(value):
        style = '"'
    elif blocks and not _NO_BLOCK.match(value):
        words = value.removesuffix("\n")
        if "\n" in words:
            style = "|"
        elif words != value or (len(words) > _LONG and " " in words):
            style = "|" if "  " in words else ">"
    return ScalarNode(_STR, value, style=style)


def _fits(nodes: list[Node]) -> bool:
    """Whether these scalars may stand on one line between brackets."""
    short = all(isinstance(node, ScalarNode) and node.style is None and "\n" not in node.value for node in nodes)
    return short and sum(len(node.value) + 2 for node in nodes) <= _LONG
