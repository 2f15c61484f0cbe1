"""The days of a year on which an Italian office is shut, offered when a Spazio writes its exceptions.

PURE: standard library only. Sources: L. 260/1949 with its changes, L. 54/1977, D.P.R. 792/1985, L. 336/2000, L. 151/2025 (4
October, since 2026); 7 December is Milan's own (its patron).
"""

from __future__ import annotations

from datetime import date, timedelta

_FIXED = (
    (1, 1, "Capodanno"),
    (1, 6, "Epifania"),
    (4, 25, "Festa della Liberazione"),
    (5, 1, "Festa del lavoro"),
    (6, 2, "Festa della Repubblica"),
    (8, 15, "Ferragosto"),
    (10, 4, "San Francesco"),
    (11, 1, "Ognissanti"),
    (12, 7, "Sant'Ambrogio"),
    (12, 8, "Immacolata"),
    (12, 25, "Natale"),
    (12, 26, "Santo Stefano"),
)
_SAN_FRANCESCO_SINCE = 2026


def holidays(year: int) -> list[tuple[date, str]]:
    """The days with their Italian names, in order."""
    days = [
        (date(year, month, day), name) for month, day, name in _FIXED if (month, day) != (10, 4) or year >= _SAN_FRANCESCO_SINCE
    ]
    return sorted([*days, (easter(year) + timedelta(days=1), "Lunedì dell'Angelo")])


def coming_holidays(today: date, *, months: int = 12) -> list[tuple[date, str]]:
    """Those from ``today`` on, of about a year."""
    last = today + timedelta(days=months * 365 // 12)
    return [found for year in (today.year, today.year + 1) for found in holidays(year) if today <= found[0] <= last]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the rule of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    left = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * left) // 451
    month, day = divmod(h + left - 7 * m + 114, 31)
    return date(year, month, day + 1)
