"""What comes typed in an address or in a field that no form reads.

PURE: standard library only."""

from __future__ import annotations


def whole_number(text: str) -> int | None:
    """``"12"`` -> 12; None for anything but the digits 0 to 9, and for a number that no row could have: ten digits or more
    fit in no column."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
