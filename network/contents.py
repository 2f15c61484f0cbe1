"""What an agreement must speak of, and what a text leaves out.

PURE: standard library only. The thirteen contents are those of the agreements of D.M. 72/2021 and of the lists that Italian
municipalities use with it. An article is about one of them or, like the subject of the agreement, about none; what an article
of a draft is about is guessed from its title, and whoever writes it decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

CONTENTS: dict[str, tuple[str, ...]] = {
    "duration": ("durata", "decorrenza", "rinnovo"),
    "commitments": ("impegni", "obblighi", "compiti"),
    "economic_frame": ("risorse", "quadro economico", "contributo", "piano economico", "cofinanziamento"),
    "insurance": ("assicura", "garanzie", "responsabilita civile", "polizz"),
    "surety": ("fideiuss", "cauzion"),
    "sanctions": ("inadempi", "revoca", "sanzioni", "penali", "recesso", "risoluzione"),
    "governance": ("governo", "governance", "cabina di regia", "coordinamento"),
    "reporting": ("rendicont", "rendiconto", "relazioni"),
    "payments": ("pagament", "erogazione", "liquidazione", "rimborsi"),
    "revision": ("revisione", "modific", "riapertura", "variazion"),
    "traceability": ("tracciabil", "flussi finanziari"),
    "monitoring": ("monitoraggio", "verific", "controlli"),
    "impact": ("impatto", "vis"),
}
"""In the order of the list; with each its words, folded: the beginning of a word of the title, or a whole one up to three
letters long."""


def guess(title: str, taken: Iterable[str] = ()) -> str:
    """The content that an article with this title is about, "" for none. Of several that its words name the first that is not
    ``taken`` by another article is meant, and the first of all when every one is."""
    words = _folded(title)
    named = [code for code, signs in CONTENTS.items() if any(_stands(sign, words) for sign in signs)]
    used = set(taken)
    return next((code for code in named if code not in used), named[0] if named else "")


def missing(articles: Iterable[Mapping[str, str]], waived: Iterable[str] = ()) -> list[str]:
    """The contents, in the order of the list, of which no article with a text speaks and that are not ``waived``."""
    said = {article["content"] for article in articles if article["text"].strip()} | set(waived)
    return [code for code in CONTENTS if code not in said]


def _stands(sign: str, words: str) -> bool:
    ends = r"\b" if len(sign) <= 3 else ""
    return re.search(rf"\b{sign}{ends}", words) is not None


def _folded(text: str) -> str:
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
