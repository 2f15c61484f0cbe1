"""Exact numbers and days as the page writes them: with the comma in Italian, with the point in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import dateformat, formats
from django.utils.translation import get_language


def figure(text: str) -> str:
    """A published number (``"81.50"``) with the comma or point of the page and all its digits."""
    number = Decimal(text)
    return formats.number_format(number, decimal_pos=max(-number.as_tuple().exponent, 0), use_l10n=True, force_grouping=True)


def short_figure(value: Decimal) -> str:
    """A number of the grid without idle zeros: ``15.00`` is 15, ``12.50`` is 12,5."""
    whole, _dot, decimals = format(value, "f").partition(".")
    return figure(f"{whole}.{kept}" if (kept := decimals.rstrip("0")) else whole)


def exact_figure(value: Fraction) -> str:
    """An exact number: with its decimals where they end, as a fraction where they do not."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return short_figure(Decimal(value.numerator) / Decimal(value.denominator)) if rest == 1 else str(value)


def day_words(day: date) -> str:
    """1 dicembre 2021, 1 December 2021. Django's Italian months have capital letters, Italian sentences do not."""
    words = dateformat.format(day, "j F Y")
    return words.lower() if (get_language() or "it").startswith("it") else words
