"""The text of an agreement by units: what one person writes at once, and what a merge tells apart."""

from __future__ import annotations

from network.contents import CONTENTS
from network.models import Agreement

PREAMBLE, WAIVED = "preamble", "waived-"
"""The units that are no article: an article's is its key."""


def units_of(agreement: Agreement) -> dict[str, dict[str, str]]:
    """What is written, by unit and name of the input, as ``applications.merging`` wants it."""
    articles = {
        article["key"]: {f"{article['key']}-{name}": article[name] for name in ("title", "text", "content")}
        for article in agreement.articles
    }
    waived = {f"{WAIVED}{code}": {f"{WAIVED}{code}": agreement.waived.get(code, "")} for code in CONTENTS}
    return {PREAMBLE: {PREAMBLE: agreement.preamble}, **articles, **waived}
