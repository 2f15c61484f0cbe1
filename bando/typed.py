"""What comes typed in an address, in a field that no form reads, or from a script.

PURE: standard library only."""

from __future__ import annotations

import json
import re
from typing import Any

_HALVES = re.compile("[\ud800-\udfff]")


def whole_number(text: str) -> int | None:
    """``"12"`` -> 12; None for anything but the digits 0 to 9, and for a number that no row could have: ten digits or more
    fit in no column."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def from_script(body: bytes | str) -> Any:
    """The JSON that a script sent. Raises ``ValueError`` for what is none, and for what is nested too deeply to be read.

    JSON can write what no database takes: a NUL, and half a character (a surrogate alone, as in a text that was cut in the
    middle of an emoji). Nobody's text is refused for that: the first is left out, the second becomes the sign that stands for
    what can't be read (U+FFFD)."""
    try:
        return _storable(json.loads(body))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _storable(found: Any) -> Any:
    match found:
        case str():
            return _HALVES.sub("\ufffd", found.replace("\x00", ""))
        case list():
            return [_storable(one) for one in found]
        case dict():
            return {_storable(name): _storable(one) for name, one in found.items()}
    return found
