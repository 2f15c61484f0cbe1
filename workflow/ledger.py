"""Canonical JSON, the hash of an entry, and Merkle trees: how history is made provable.

PURE: standard library only. Two programs that read this page produce the same bytes:

* canonical JSON is UTF-8 without spaces, keys sorted by code point, nothing escaped that JSON does not force;
  numbers are integers; a ``Decimal`` is a string in plain notation; a moment is a string in UTC with microseconds and
  ``Z``; a date is ``YYYY-MM-DD``. Floats are refused: two machines may print them differently.
* the Merkle tree is that of RFC 6962, section 2.1 (leaf = SHA-256 of 0x00 and the entry's hash, node = SHA-256 of 0x01
  and both children), so a proof of inclusion can be checked with any library that knows Certificate Transparency.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def plain(value: Any) -> Any:
    """``value`` in the few types that canonical JSON knows. Raises ``TypeError`` for anything else, floats included."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case Decimal():
            if not value.is_finite():
                raise TypeError(f"{value} is not a number that can be written")
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise TypeError(f"{value} has no zone")
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            if strangers := [key for key in value if not isinstance(key, str)]:
                raise TypeError(f"keys must be text: {strangers[0]!r}")
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """The one JSON text of ``value``."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: str | bytes) -> str:
    """SHA-256 in 64 hexadecimal digits; text is taken as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def merkle_root(hashes: Sequence[str]) -> str:
    """The root over entry hashes in order. Raises ``ValueError`` when there are none."""
    if not hashes:
        raise ValueError("a seal needs at least one entry")
    return _root([_leaf(h) for h in hashes]).hex()


def inclusion_proof(hashes: Sequence[str], index: int) -> list[str]:
    """The sibling hashes that lead from entry ``index`` to the root, lowest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no entry {index} among {len(hashes)}")
    return [step.hex() for step in _path([_leaf(h) for h in hashes], index)]


def is_included(entry_hash: str, index: int, count: int, proof: Sequence[str], root: str) -> bool:
    """Whether ``proof`` shows that the entry stands at ``index`` of ``count`` under ``root`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return False
    here, position, last = _leaf(entry_hash), index, count - 1
    for step in proof:
        if last == 0:
            return False
        sibling = bytes.fromhex(step)
        if position % 2 or position == last:
            here = _node(sibling, here)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            here = _node(here, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and here.hex() == root


def seal_hash(*, number: int, previous: str, root: str, count: int, at: datetime) -> str:
    """The hash that chains a seal to the one before it (``previous`` is empty for the first)."""
    return digest(canonical({"number": number, "previous": previous, "root": root, "count": count, "at": at}))


def _leaf(entry_hash: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    cut = _split(len(leaves))
    return _node(_root(leaves[:cut]), _root(leaves[cut:]))


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*_path(leaves[:cut], index), _root(leaves[cut:])]
    return [*_path(leaves[cut:], index - cut), _root(leaves[:cut])]
