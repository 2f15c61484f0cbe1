"""Italian words as a search reads them: no accents, no apostrophes, no endings.

Standard library and snowballstemmer alone: no database, so that the same words are found whatever keeps the services.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import snowballstemmer

LONGEST = 200
"""Characters of a search that are read: nobody types more of a need, and a longer text only costs time."""

STOP_WORDS = frozenset(
    [
        "a",
        "ad",
        "al",
        "allo",
        "alla",
        "ai",
        "agli",
        "alle",
        "all",
        "anche",
        "anzi",
        "avere",
        "ha",
        "ho",
        "abbiamo",
        "hanno",
        "c",
        "che",
        "chi",
        "ci",
        "ciao",
        "come",
        "con",
        "cosa",
        "cui",
        "da",
        "dal",
        "dallo",
        "dalla",
        "dai",
        "dagli",
        "dalle",
        "dall",
        "dei",
        "del",
        "dello",
        "della",
        "degli",
        "delle",
        "dell",
        "di",
        "d",
        "e",
        "ed",
        "era",
        "fa",
        "fare",
        "gli",
        "ha",
        "i",
        "il",
        "in",
        "io",
        "l",
        "la",
        "le",
        "lei",
        "lo",
        "loro",
        "lui",
        "ma",
        "me",
        "mi",
        "mia",
        "mie",
        "miei",
        "mio",
        "ne",
        "nei",
        "nel",
        "nello",
        "nella",
        "negli",
        "nelle",
        "nell",
        "noi",
        "non",
        "nostra",
        "nostri",
        "nostro",
        "o",
        "od",
        "per",
        "perche",
        "piu",
        "po",
        "poi",
        "puo",
        "qualche",
        "qualcosa",
        "qualcuno",
        "quale",
        "quali",
        "quando",
        "quello",
        "quella",
        "questo",
        "questa",
        "qui",
        "se",
        "sei",
        "sia",
        "siamo",
        "sono",
        "sta",
        "stare",
        "sto",
        "su",
        "sua",
        "sue",
        "sui",
        "sul",
        "sulla",
        "sullo",
        "sulle",
        "suo",
        "suoi",
        "tra",
        "fra",
        "tu",
        "tua",
        "tuo",
        "un",
        "una",
        "uno",
        "un",
        "vi",
        "voi",
        "vorrei",
        "voglio",
        "aver",
        "bisogno",
        "cerca",
        "cercare",
        "cerchiamo",
        "cerco",
        "chiedere",
        "chiedo",
        "devo",
        "dobbiamo",
        "dove",
        "grazie",
        "mando",
        "posso",
        "possiamo",
        "possibile",
        "serve",
        "servirebbe",
        "servono",
        "trova",
        "trovare",
        "trovo",
        "richiesta",
        "servizi",
        "servizio",
        "tipo",
        "milano",
    ]
)
"""Words that a need is wrapped in, without accents: they say nothing of what is needed."""

_stemmer, _one_at_a_time = snowballstemmer.stemmer("italian"), Lock()


def plain(text: str) -> str:
    """``text`` in lower case without accents: ``Città`` is ``citta``, ``perché`` is ``perche``."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words(text: str) -> list[str]:
    """The words of ``text`` in their order, as :func:`plain` writes them. An apostrophe ends a word (``l'anziano`` is ``l`` and
    ``anziano``, ``citta'`` is ``citta``), and so does every other sign."""
    return re.findall(r"[a-z0-9]+", plain(text))


def telling_words(text: str) -> list[str]:
    """The words of ``text`` that say something: those of grammar and of courtesy are left out, and single letters too."""
    return [word for word in words(text) if len(word) > 1 and word not in STOP_WORDS]


@lru_cache(maxsize=20_000)
def stems(word: str) -> frozenset[str]:
    """What is left of ``word`` (as :func:`words` gives it) without its ending: one or two stems. Two words are the same for a
    search when they share one.

    The Snowball stemmer takes ``-ano``, ``-ere`` and ``-are`` for the endings of verbs, so that it parts ``anziano`` from
    ``anziani`` and ``infermiere`` from ``infermieri``. A word is therefore stemmed as it is and in a made-up plural, which is
    one for all genders and numbers."""
    if len(word) < 4 or not word.isalpha():
        return frozenset([word])
    forms = {word, word[:-1] + "i" if word[-1] in "aeo" else word}
    with _one_at_a_time:  # a stemmer keeps the word it is at
        return frozenset(_stemmer.stemWord(form) for form in forms)


def same_words(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists hold the same words one by one, whatever their endings."""
    return len(some) == len(others) and all(stems(a) & stems(b) for a, b in zip(some, others, strict=True))


def one_letter_apart(a: str, b: str) -> bool:
    """Whether one slip of the fingers leads from ``a`` to ``b``: a letter too many, too few, another one, or two swapped
    neighbours."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    at = next((place for place in range(len(a)) if a[place] != b[place]), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


def likeness(a: str, b: str) -> int:
    """How many groups of three signs two words share, in percent of those that either has: 0 to 100."""
    mine, others = _threes(a), _threes(b)
    return 100 * len(mine & others) // len(mine | others)


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
