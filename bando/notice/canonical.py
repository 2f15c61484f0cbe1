"""A notice back as plain data, as the one text that stands for it, and as the hash that freezes it.

PURE: standard library only. Publication stores the SHA-256 of ``canonical(notice)``, shown on every page and receipt:
two documents with the same meaning (comments, order of keys, 15 or 15.00) have the same hash, and any change of a word
or of a number has another.
"""

from __future__ import annotations

from typing import Any

from bando.notice.document import Notice
from bando.notice.kinds import Kind
from bando.notice.shapes import NOTICE, Many, Shape
from workflow import ledger

SCHEMA = 1
"""The version of the format, first key of every document."""


def to_data(notice: Notice, *, defaults: bool = False) -> dict[str, Any]:
    """Plain JSON types, numbers with a point as text; ``parse(to_data(notice)) == notice``.

    Keys that hold their default are left out unless ``defaults``: a key that the format gains later must not change the
    hash of a document that never heard of it.
    """
    return {"schema": SCHEMA, **written(NOTICE, notice, defaults)}


def canonical(notice: Notice) -> str:
    """Canonical JSON (``workflow.ledger``) of ``to_data``."""
    return ledger.canonical(to_data(notice))


def notice_hash(notice: Notice) -> str:
    """SHA-256 of the canonical text in UTF-8: 64 hexadecimal digits."""
    return ledger.digest(canonical(notice))


def written(kind: Kind | Shape | Many, value: Any, defaults: bool = False) -> Any:
    """A part of a notice as plain data, by its kind in the schema."""
    if value is None:
        return None
    match kind:
        case Many():
            return [written(kind.of, item, defaults) for item in value]
        case Kind():
            return kind.write(value)
    data = {}
    for key in kind.keys:
        item = getattr(value, key.attribute)
        if defaults or item != key.default:
            data[key.name] = written(key.kind, item, defaults)
    return data
