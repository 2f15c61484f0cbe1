"""The number of an application (numero della pratica).

PURE: standard library only.
"""

from __future__ import annotations

import re
from datetime import datetime

from bando.deadlines import ROME


def application_number(call_slug: str, arrived_at: datetime, ordinal: int) -> str:
    """``SW-2021-00042`` for the 42nd application that this installation received, sent to ``spazi-wemi-2021`` in 2021.

    The ordinal alone makes it unique; the letters of the call and the year of arrival in Rome are there for the reader.
    """
    return f"{_initials(call_slug)}-{arrived_at.astimezone(ROME).year}-{ordinal:05d}"


def _initials(slug: str) -> str:
    words = [word for word in re.split(r"[^a-z]+", slug.lower()) if word]
    return "".join(word[0] for word in words[:4]).upper() or "D"
