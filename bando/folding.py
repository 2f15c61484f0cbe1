"""Words compared as people compare them: without case and without accents.

PURE: standard library only, so that a search finds the same on every database.
"""

from __future__ import annotations

from unicodedata import combining, normalize


def fold(text: str) -> str:
    """``"Perché È"`` -> ``"perche e"``."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def holds(words: str, *texts: str) -> bool:
    """Does each of ``words`` stand somewhere in ``texts``, as a word or inside one? No words stand everywhere."""
    whole = fold("\n".join(texts))
    return all(word in whole for word in fold(words).split())
