"""Positions in a drawing, in user units.

PURE: standard library only.
"""

from __future__ import annotations

from fractions import Fraction

LONGEST_LABEL = 26


def at(value: Fraction | int) -> str:
    """A position as the drawing writes it: one decimal, with a point."""
    tenths = round(Fraction(value) * 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def between(value: Fraction | int, low: Fraction | int, high: Fraction | int, start: int, end: int) -> Fraction:
    """Where ``value`` falls between ``start`` and ``end``, which stand for ``low`` and ``high``."""
    return start + (Fraction(value) - low) * (end - start) / (Fraction(high) - low)


def shortened(text: str, most: int = LONGEST_LABEL) -> str:
    """A label that fits beside its line: the table has it whole."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
