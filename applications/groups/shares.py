"""The part of each body in a project, as people write it and as it is kept: whole hundredths of a percent.

PURE: standard library only. ``33,33``, ``33.33 %``, ``33,33%`` and ``33,33 per cento`` are the same; a text with more than two
decimals is refused rather than rounded, because shares must make exactly 100.
"""

from __future__ import annotations

import re

from applications.amounts import Unreadable, number

WHOLE = 100_00
"""The shares of a group together, in hundredths of a percent."""

_SIGN = re.compile(r"\s*(?:%|per\s*cento|percento)\s*$", re.IGNORECASE)


def share(text: str) -> int:
    """The hundredths of a percent written in ``text``: ``"33,33"`` is 3333. Raises :class:`Unreadable` for what is no
    number, is not more than 0 and at most 100, or has more than two decimals."""
    value = number(_SIGN.sub("", text))
    if not 0 < value <= 100 or -value.as_tuple().exponent > 2:
        raise Unreadable(text)
    return int(value * 100)


def percent(hundredths: int) -> str:
    """``9500`` is ``"95,00 %"``, with a space that does not break."""
    return f"{hundredths // 100},{hundredths % 100:02d}\u00a0%"


def typed(hundredths: int | None) -> str:
    """The share as an input shows it again: ``3333`` is ``"33,33"``, ``5000`` is ``"50"``."""
    if hundredths is None:
        return ""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)
