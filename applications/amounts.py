"""Numbers as people in Italy write them, read exactly.

PURE: standard library only. ``1.250,50``, ``1250,50``, ``1250.50``, ``€ 1 250`` and ``1'250`` are all understood; a text that
could mean two numbers is refused rather than guessed. ``static/js/budget.js`` reads amounts in the same way, and a test holds
the two together.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum

_SPACES = re.compile("[ \t\n\r\u00a0\u2009\u202f'\u2019]+")
"""Thousands are parted by spaces of any width and by apostrophes, straight or curved."""
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+")
_CURRENCY = re.compile(r"^(?:€|euro|eur)|(?:€|euro|eur)$", re.IGNORECASE | re.ASCII)
LONGEST = 15
"""More digits than any amount of a call, and few enough for every column and counter."""


class Why(StrEnum):
    """What keeps a text from being an amount, as far as one can tell."""

    WORDS = "words"
    NEGATIVE = "negative"
    DECIMALS = "decimals"


class Unreadable(ValueError):
    """The text is not one number."""

    def __init__(self, text: str, why: Why = Why.WORDS):
        super().__init__(text)
        self.why = why


def number(text: str) -> Decimal:
    """The number written in ``text``. Raises :class:`Unreadable`.

    With one sign only, a comma always starts the decimals; a point followed by exactly three digits separates thousands
    and otherwise starts the decimals. With both, the last one starts the decimals.
    """
    kept = _SPACES.sub(" ", text.replace("\u2212", "-")).strip(" ")
    negative = kept.startswith("-")
    kept = kept.removeprefix("-").strip(" ")
    whole, decimals = _split(kept)
    if re.search(r"[., ]", whole):
        marks = set(re.findall(r"[., ]", whole))
        if len(marks) != 1 or not _GROUPED.fullmatch(whole):
            raise Unreadable(text)
        whole = re.sub(r"[., ]", "", whole)
    if not re.fullmatch(r"[0-9]+", whole, re.ASCII) or not re.fullmatch(r"[0-9]*", decimals, re.ASCII):
        raise Unreadable(text)
    if len(whole.lstrip("0")) > LONGEST or len(decimals) > LONGEST:
        raise Unreadable(text)
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return -value if negative else value


def cents(text: str) -> int:
    """The amount in euro written in ``text``, in whole cents. Raises :class:`Unreadable` for anything else, for an
    amount with a minus and for more than two decimals: ``1,250`` may be a slip for 1250. The currency stands before or
    after: ``12€50`` would be read as 1250."""
    kept = _SPACES.sub(" ", text).strip(" ")
    kept = _CURRENCY.sub("", kept).strip(" ")
    value = number(kept)
    if kept.startswith(("-", "\u2212")):
        raise Unreadable(text, Why.NEGATIVE)
    if -value.as_tuple().exponent > 2:
        raise Unreadable(text, Why.DECIMALS)
    return int(value * 100)


def _split(kept: str) -> tuple[str, str]:
    """The part before the decimal sign and the digits after it."""
    comma, point = kept.rfind(","), kept.rfind(".")
    if comma < 0 and point < 0:
        return kept, ""
    if comma >= 0 and point >= 0:
        at = max(comma, point)
    elif comma >= 0:
        # 1,250,000 can only be thousands; 1,250 is read as the decimal that it is in Italian.
        at = comma if kept.count(",") == 1 else -1
    else:
        thousands = kept.count(".") > 1 or len(kept) - point - 1 == 3
        at = -1 if thousands else point
    return (kept, "") if at < 0 else (kept[:at], kept[at + 1 :])
