"""What looks like a person's data in a text that is about to become public.

PURE: standard library only. It recognises shapes, not people: a name can't be told from another word, so the official
reads the titles all the same.
"""

from __future__ import annotations

import re

SHAPES = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    "iban": re.compile(r"\bIT\s?\d{2}\s?[A-Z](\s?\d){10}(\s?[A-Z0-9]){12}\b", re.IGNORECASE),
    "tax_code": re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE),
    "phone": re.compile(r"(?<![\d.,])(\+39\s?)?(3\d{2}|0\d{1,3})[\s./-]?\d{5,8}(?![\d])"),
}


def found_in(text: str) -> list[str]:
    """The kinds of personal data that ``text`` seems to hold: keys of ``SHAPES``, in their order."""
    return [kind for kind, shape in SHAPES.items() if shape.search(text)]
