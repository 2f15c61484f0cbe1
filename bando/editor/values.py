"""A single value of the document, as a page shows it and as it is read back.

PURE: standard library only. What was typed and can't be read is kept as it was typed: it is a fault to correct, and nobody
loses it. A number is shown with the Italian comma and kept with the point of the document.
"""

from __future__ import annotations

import re
from typing import Any

from bando.folding import fold
from bando.notice.merge import ABSENT

NUMBERS = {"number", "euro", "number or day"}
ONE_LINE = {"line", "name", "code", "web address", "e-mail address", "size", "day", "instant"}

_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ITALIAN_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_PLACE = re.compile(r"0|[1-9][0-9]{0,5}")
_SIZE = re.compile(r"([0-9]+)\s*(MB|KB|)", re.IGNORECASE)


def shown(kind: str, value: Any) -> str:
    """``kind`` is the name of a ``bando.notice.kinds.Kind``. ``"0.80"`` is shown as ``0,80``; nothing as ""."""
    if value is ABSENT or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int)):
        return str(value)
    text = str(value)
    if kind in NUMBERS and _PLAIN.fullmatch(text):
        return _grouped(text) if kind == "euro" else text.replace(".", ",")
    return text


def stored(kind: str, typed: str) -> Any:
    """The value that stands for what was typed; ABSENT for nothing. ``"1.250,50"`` is kept as ``"1250.50"``, ``"20"`` as 20."""
    text = typed.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        return ABSENT
    if kind in NUMBERS or kind == "whole number":
        if kind == "number or day" and (day := _day(text)):
            return day
        return _number(text, money=kind == "euro")
    if kind == "day":
        return _day(text) or text
    if kind == "size":
        found = _SIZE.fullmatch(text)
        return f"{found[1]} {found[2].upper() or 'MB'}" if found else text
    return " ".join(text.split()) if kind in ONE_LINE else text


def instant(day: str, time: str) -> Any:
    """What stands for the two inputs of an instant: half of one is kept too."""
    day, time = (text.replace("\x00", "").strip() for text in (day, time))
    if not day and not time:
        return ABSENT
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", time):
        time = f"{time.rjust(5, '0')}:00"
    return f"{_day(day) or day}T{time}"


def day_and_time(value: Any) -> tuple[str, str]:
    """The two inputs of an instant; the seconds are shown where they say something."""
    day, _, time = shown("instant", value).partition("T")
    return day, time.removesuffix(":00") if re.fullmatch(r"[0-9]{2}:[0-9]{2}:00", time) else time


def place(text: str) -> int | None:
    """The place in a list that an address or an input names; None for anything else, however many its digits."""
    return int(text) if _PLACE.fullmatch(text) else None


def code_from(text: str, taken: set[str], *, points: bool = False) -> str:
    """A code for what ``text`` names, that nothing else has: ``"Area 1: città"`` -> ``area-1-citta``."""
    pattern = r"[^a-z0-9.]+" if points else r"[^a-z0-9]+"
    code = re.sub(pattern, "-", fold(text)).strip("-.")[:50].strip("-.")
    if not code:
        return ""
    free, number = code, 2
    while free in taken:
        free, number = f"{code}-{number}", number + 1
    return free


def _number(text: str, *, money: bool) -> Any:
    kept = _SPACES.sub("", re.sub(r"€|euro|eur", "", text, flags=re.IGNORECASE)) if money else _SPACES.sub("", text)
    if "," in kept:
        if kept.count(",") > 1 or ("." in kept and not _GROUPED.fullmatch(kept)):
            return text
        kept = kept.replace(".", "").replace(",", ".").removesuffix(".")
    elif (kept.count(".") > 1 or money) and _GROUPED.fullmatch(kept):
        # A lone point before three digits separates the thousands of an amount: nobody writes thousandths of a euro.
        kept = kept.replace(".", "")
    if not _PLAIN.fullmatch(kept) or len(kept) > 20:
        return text
    return kept if "." in kept else int(kept)


def _day(text: str) -> str:
    found = _ITALIAN_DAY.fullmatch(text)
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else ""


def _grouped(text: str) -> str:
    whole, _, decimals = text.partition(".")
    whole = re.sub(r"(?<=[0-9])(?=([0-9]{3})+$)", ".", whole)
    return f"{whole},{decimals}" if decimals else whole
