"""The directory in words: moments, days, distances, languages and places as one says them, and what its open data mean."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bando.deadlines import ROME, day_in_rome
from network.languages import name_of
from network.near import Place
from network.structured import SCHEMA_DAYS
from network.words import DAY_NAMES

MEANINGS = {
    "id": gettext_lazy(
        "Il nome dello Spazio negli indirizzi delle pagine. Cambia di rado; la pagina di prima porta a quella nuova."
    ),
    "name": gettext_lazy("Il nome."),
    "page": gettext_lazy("L'indirizzo della pagina."),
    "state": gettext_lazy("open aperto, suspended chiuso per un periodo."),
    "address": gettext_lazy("L'indirizzo di oggi. Vuoto se non lo sappiamo."),
    "municipio": gettext_lazy("Il Municipio, da 1 a 9."),
    "latitude": gettext_lazy("La latitudine in gradi (WGS 84). Vuota se il punto non è noto."),
    "longitude": gettext_lazy("La longitudine in gradi (WGS 84). Vuota se il punto non è noto."),
    "phone": gettext_lazy("Il telefono dello Spazio."),
    "email": gettext_lazy("L'e-mail dello Spazio."),
    "step_free": gettext_lazy("true se si entra senza gradini, false se no. Vuoto se non lo sappiamo."),
    "functions": gettext_lazy("Che cosa si fa, in codici separati da |."),
    "languages": gettext_lazy("Le lingue, in codici ISO 639-1 separati da |."),
    **{
        f"hours_{name.lower()}": format_lazy(gettext_lazy("Gli orari del giorno: {day}. Vuoto se è chiuso."), day=DAY_NAMES[n])
        for n, name in enumerate(SCHEMA_DAYS, start=1)
    },
    "other_days": gettext_lazy(
        "I giorni diversi dal solito dei prossimi 60 giorni, separati da |: primo giorno, barra, ultimo giorno, poi gli orari o closed."
    ),
    "manager": gettext_lazy("L'ente che gestisce lo Spazio."),
    "opened_on": gettext_lazy("Da quando è aperto."),
    "certainty": gettext_lazy("Per gli esempi presi dalla stampa: high, med o low. Vuoto per i dati dell'amministrazione."),
    "source": gettext_lazy("Per gli esempi, la fonte."),
}
"""What each column of the open data means."""


def in_words(moment: datetime, now: datetime) -> str:
    """When a door changes, as one says it: «alle 13:00», «domani alle 9:00», «lunedì 7 gennaio alle 9:00»."""
    local, today = moment.astimezone(ROME), day_in_rome(now)
    clock, days = f"{local.hour}:{local.minute:02d}", (local.date() - today).days
    if days == 1 and clock == "0:00":
        return _("a mezzanotte")
    if days == 0:
        return _("alle %(clock)s") % {"clock": clock}
    if days == 1:
        return _("domani alle %(clock)s") % {"clock": clock}
    return _("%(day)s alle %(clock)s") % {"day": long_day(local.date()), "clock": clock}


def long_day(day: date) -> str:
    """«lunedì 7 gennaio»."""
    return _lower(dateformat.format(day, "l j F"))


def days_in_words(first: date, last: date) -> str:
    if first == last:
        return long_day(first)
    return _("da %(first)s a %(last)s") % {"first": long_day(first), "last": long_day(last)}


def about(distance: int) -> str:
    """A distance as the crow flies, no finer than it is worth: «a circa 900 m», «a circa 2,3 km»."""
    hundreds = max(100, round(distance, -2))
    if hundreds < 1000:
        return _("a circa %(n)s m") % {"n": hundreds}
    return _("a circa %(n)s km") % {"n": number_format(Decimal(hundreds) / 1000, decimal_pos=1)}


def language_name(code: str) -> str:
    return _lower(name_of(code))


def place_name(place: Place) -> str:
    """As one would write it to find it again: a stop is called one, because neighbourhoods have the same names."""
    return _("fermata %(name)s") % {"name": place.name} if place.kind == "stop" else place.name


def _lower(text: str) -> str:
    # Django's Italian names of days, months and languages have capital letters, Italian sentences do not.
    return text if (get_language() or "").startswith("en") else text.lower()
