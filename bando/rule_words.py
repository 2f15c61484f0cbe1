"""Does an answer speak of the rules? What to look at again before it is published.

PURE: standard library only. A clarification explains the rules and cannot change them (Cons. Stato 64/2022): that
is for a person to judge. This only points at the words that often go with a change, and is a hint, never a verdict.
"""

from __future__ import annotations

import re

from bando.folding import fold

_STEMS = (
    "punt[io]",
    "puntegg.*",
    "sogli[ae]",
    "criteri.*",
    "sottocriteri.*",
    "coefficient.*",
    "requisit.*",
    "scad(?:e|ono|enza|enze|ere|ra|ranno|uto|uta|uti|ute)",
    "termin[ei]",
    "prorog.*",
    "posticip.*",
    "slitt.*",
    "riapr.*",
    "riapert.*",
)
_ABOUT_RULES = re.compile("|".join(_STEMS))
_WORD = re.compile(r"\w+(?:[.,:]\d+)*%?")
_NUMBER = re.compile(
    r"\d.*|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|quindici|venti|trenta|quaranta|cinquanta|sessanta|settanta|ottanta"
    "|novanta|cento"
)
BESIDE = 3
"""A number within so many words belongs to the word that it is beside."""


def speaks_of_rules(text: str) -> list[str]:
    """The words of ``text`` that speak of points, thresholds, criteria, requirements, deadlines or extensions, as they are
    written and in their order, each once; with the number beside them, if there is one: ``["60 punti", "scadenza"]``."""
    found = list(_WORD.finditer(text))
    words = [fold(match.group()) for match in found]
    passages: dict[str, str] = {}
    for place, word in enumerate(words):
        if _ABOUT_RULES.fullmatch(word):
            first, last = _with_number(words, place)
            passage = " ".join(text[found[first].start() : found[last].end()].split())
            passages.setdefault(fold(passage), passage)
    return list(passages.values())


def _with_number(words: list[str], place: int) -> tuple[int, int]:
    """From which word to which, so that the nearest number comes along."""
    for distance in range(1, BESIDE + 1):
        for other in (place - distance, place + distance):
            if 0 <= other < len(words) and _NUMBER.fullmatch(words[other]):
                return min(place, other), max(place, other)
    return place, place
