"""The Spazi as a citizen finds them at a moment: where they are, whether the door is open, how far they are, which are asked for.

Everything is judged on rows that were read once: there are a few dozen Spazi, and a filter may ask what no database knows (whether
a door is open now).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.deadlines import day_in_rome
from bando.templatetags.bando_ui import in_italian
from network.addresses import coming, holding
from network.directory_words import about, days_in_words, in_words, language_name, long_day
from network.gazetteer import outlines, places, streets
from network.holidays import coming_holidays
from network.hours import DAYS, HORIZON, Door, door, exception_on, exceptions_between, spans_on
from network.map import municipio_at
from network.models import Service, Space, SpaceAddress
from network.near import Found, Place, Point, find, metres, words
from network.states import SpaceState
from network.structured import Facts
from network.words import DAY_NAMES, FUNCTIONS, HOLIDAYS

EXCEPTIONS_SHOWN = timedelta(days=60)
LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.it"


# --- one Spazio -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """A Spazio at ``at``. ``metres`` is how far it is from where the person is, if that and the Spazio's point are known."""

    space: Space
    at: datetime
    metres: int | None = None

    @property
    def today(self) -> date:
        return day_in_rome(self.at)

    @property
    def name(self) -> str:
        return self.space.name

    @property
    def url(self) -> str:
        return reverse("space", args=[self.space.slug])

    @cached_property
    def where(self) -> Space | SpaceAddress:
        """What says the address of today: a row of the addresses, or the Spazio itself."""
        return holding(self.space.addresses.all(), self.today) or self.space

    @cached_property
    def moves_to(self) -> SpaceAddress | None:
        return coming(self.space.addresses.all(), self.today)

    @property
    def point(self) -> Point | None:
        return _point(self.where)

    @property
    def municipio(self) -> int | None:
        return self.where.municipio

    @cached_property
    def exceptions(self) -> list[Mapping[str, Any]]:
        """Those of the Spazio, then the holidays of which it says nothing: on these a door is shut."""
        return [*self.space.exceptions, *_holidays(self.today)]

    @cached_property
    def door(self) -> Door | None:
        """None where it is not known or nothing can be said: no hours, or closed for a while."""
        if self.space.state != SpaceState.OPEN or not self.space.hours:
            return None
        return door(self.space.hours, self.at, self.exceptions)

    @property
    def is_open_now(self) -> bool:
        return self.door is not None and self.door.is_open

    @property
    def is_suspended(self) -> bool:
        return self.space.state == SpaceState.SUSPENDED

    @property
    def standing(self) -> str:
        """In words: «Aperto ora, chiude alle 13:00»."""
        if self.is_suspended:
            back = self.space.reopens_on
            return _("Chiuso per un periodo, riapre %(day)s") % {"day": long_day(back)} if back else _("Chiuso per un periodo")
        if self.door is None:
            return _("Orari: chiedi allo Spazio")
        if self.door.changes_at is None:
            return _("Aperto ora") if self.door.is_open else _("Chiuso ora")
        when = in_words(self.door.changes_at, self.at)
        return (_("Aperto ora, chiude %(when)s") if self.door.is_open else _("Chiuso ora, riapre %(when)s")) % {"when": when}

    @property
    def kind(self) -> str:
        """Of the badge."""
        return "open" if self.is_open_now else "neutral"

    @property
    def label(self) -> str:
        """The name of a link to it, on the map: «Spazio WeMi Capuana, Municipio 8, aperto ora, chiude alle 13:00»."""
        standing = self.standing[:1].lower() + self.standing[1:]
        place = [_("Municipio %(n)s") % {"n": self.municipio}] if self.municipio else []
        return ", ".join([self.name, *place, standing])

    @property
    def functions(self) -> list[Any]:
        return [FUNCTIONS[code] for code in self.space.functions if code in FUNCTIONS]

    @property
    def languages(self) -> list[str]:
        return [language_name(code) for code in self.space.languages]

    @property
    def distance(self) -> str:
        return "" if self.metres is None else about(self.metres)

    @property
    def certainty(self) -> str:
        """How sure the facts of an example are, in a sentence."""
        return {
            "high": _("L'indirizzo è in una pagina ufficiale o in due fonti."),
            "med": _("L'indirizzo viene da una fonte sola."),
            "low": _("Conosciamo il nome, non l'indirizzo."),
        }.get(self.space.certainty, "")

    @property
    def week(self) -> list[dict[str, Any]]:
        """The hours of a plain week: the day's name and its spans; ``is_today`` for the day that it is."""
        return [
            {"name": DAY_NAMES[day], "spans": _spans(self.space.hours, day), "is_today": day == self.today.isoweekday()}
            for day in DAYS
        ]

    @property
    def coming_exceptions(self) -> list[Mapping[str, Any]]:
        """Those of the next two months; of the holidays, those on which the door would be open otherwise."""
        rows = exceptions_between(self.exceptions, self.today, self.today + EXCEPTIONS_SHOWN)
        return [row for row in rows if not row.get("holiday") or self._would_open(date.fromisoformat(row["first"]))]

    @property
    def other_days(self) -> list[dict[str, Any]]:
        """The same in words: days, spans, why."""
        told = []
        for row in self.coming_exceptions:
            first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
            why = _(row["why"]) if row["why"] in HOLIDAYS else in_italian(row["why"])
            told.append({"days": days_in_words(first, last), "first": first, "spans": row["hours"], "why": why})
        return told

    def _would_open(self, day: date) -> bool:
        own = self.space.exceptions
        return exception_on(own, day) is None and bool(spans_on(self.space.hours, own, day))

    def facts(self, url: str) -> Facts:
        """For machines; ``url`` is the absolute address of the page."""
        space = self.space
        return Facts(
            slug=space.slug,
            name=space.name,
            url=url,
            state=space.state,
            address=self.where.address,
            municipio=self.municipio,
            point=self.point,
            phone=space.phone,
            email=space.email,
            step_free=space.step_free,
            functions=tuple(space.functions),
            description=", ".join(str(name) for name in self.functions),
            languages=tuple(space.languages),
            hours=space.hours,
            exceptions=self.coming_exceptions,
            manager=space.manager_name,
            opened_on=space.opened_on,
            certainty=space.certainty,
            source=space.source,
        )


def public_spaces(at: datetime) -> list[Seen]:
    """Every Spazio that citizens find, by name, with its addresses."""
    rows = Space.objects.public().prefetch_related(Prefetch("addresses", SpaceAddress.objects.all()))
    return [Seen(row, at) for row in rows]


def nearest_open(gone: Seen) -> list[Seen]:
    """Where to go instead of a Spazio that has closed: the nearest three if both points are known, else those of its Municipio."""
    others = [seen for seen in public_spaces(gone.at) if not seen.is_suspended]
    if gone.point:
        others = sorted(measured(others, gone.point), key=lambda seen: (seen.metres is None, seen.metres or 0))
    else:
        others = sorted(others, key=lambda seen: seen.municipio != gone.municipio)
    near = [seen for seen in others if seen.metres is not None or (seen.municipio and seen.municipio == gone.municipio)]
    return near[:3]


def measured(spaces: Iterable[Seen], point: Point) -> list[Seen]:
    return [Seen(seen.space, seen.at, metres(point, seen.point) if seen.point else None) for seen in spaces]


def _point(row: Any) -> Point | None:
    return None if row.latitude is None or row.longitude is None else Point(Decimal(row.latitude), Decimal(row.longitude))


def _holidays(today: date) -> list[Mapping[str, Any]]:
    months = HORIZON // 30 + 1
    return [
        {"first": day.isoformat(), "last": day.isoformat(), "hours": [], "why": name, "holiday": True}
        for day, name in coming_holidays(today, months=months)
    ]


def _spans(hours: Iterable[Mapping[str, Any]], day: int) -> list[Mapping[str, Any]]:
    return [span for span in hours if span["day"] == day]


# --- the search -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What is asked for. ``near`` is a place as it was typed; ``point`` is where the browser said that the person is."""

    q: str = ""
    municipio: int | None = None
    function: str = ""
    category: str = ""
    language: str = ""
    step_free: bool = False
    now: bool = False
    near: str = ""
    point: Point | None = None

    @property
    def filters(self) -> dict[str, Callable[[Seen], bool]]:
        """What a Spazio must answer, by the name of the field; of those only that are asked for."""
        every: dict[str, Callable[[Seen], bool]] = {
            "q": lambda seen: _has_words(seen, self.q),
            "municipio": lambda seen: seen.municipio == self.municipio,
            "function": lambda seen: self.function in seen.space.functions,
            "language": lambda seen: self.language in seen.space.languages,
            "step_free": lambda seen: seen.space.step_free is True,
            "now": lambda seen: seen.is_open_now,
        }
        return {name: answers for name, answers in every.items() if getattr(self, name)}


@dataclass(frozen=True)
class Directory:
    """What was found. ``origin`` is the place from which distances are counted, ``offered`` other places of that name;
    ``is_lost`` when what was typed is no place that we know. ``without`` says, for each filter, how many there would be without
    it. ``counts`` are the Spazi of each Municipio that answer all the other filters."""

    wanted: Wanted
    found: Sequence[Seen]
    origin: Place | None = None
    offered: Sequence[Place] = ()
    is_lost: bool = False
    without: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """«8 Spazi nel Municipio 3»."""
        n, municipio = len(self.found), self.wanted.municipio
        if municipio:
            text = ngettext("%(n)s Spazio nel Municipio %(municipio)s", "%(n)s Spazi nel Municipio %(municipio)s", n)
            return text % {"n": n, "municipio": municipio}
        return ngettext("%(n)s Spazio", "%(n)s Spazi", n) % {"n": n}


def search(wanted: Wanted, spaces: Sequence[Seen], given: Mapping[str, set[Any]]) -> Directory:
    """``given`` are the keys of the Spazi in which a service of each category is given."""
    filters = dict(wanted.filters)
    if wanted.category:
        filters["category"] = lambda seen: seen.space.pk in given.get(wanted.category, ())
    place = _origin(wanted, spaces)
    found = [seen for seen in spaces if all(answers(seen) for answers in filters.values())]
    wider = [seen for seen in spaces if all(answers(seen) for name, answers in filters.items() if name != "municipio")]
    return Directory(
        wanted,
        _nearest_first(found, place.place) if place.place else found,
        origin=place.place,
        offered=place.others,
        is_lost=bool(wanted.near and place.place is None),
        without={
            name: sum(all(answers(seen) for other, answers in filters.items() if other != name) for seen in spaces)
            for name in filters
        }
        if not found
        else {},
        counts={n: sum(seen.municipio == n for seen in wider) for n in range(1, 10)},
    )


def categories_given(day: date, spaces: Iterable[Seen]) -> tuple[dict[str, str], dict[str, set[Any]]]:
    """The categories of the public services that are given in these Spazi: titles by code, and keys of Spazi by code."""
    keys = [seen.space.pk for seen in spaces]
    rows = (
        Service.objects.public(day)
        .filter(spaces__in=keys)
        .order_by("category__position", "category__title")
        .values_list("category__code", "category__title", "spaces")
    )
    titles: dict[str, str] = {}
    given: dict[str, set[Any]] = {}
    for code, title, key in rows:
        titles[code] = title
        given.setdefault(code, set()).add(key)
    return titles, given


def _origin(wanted: Wanted, spaces: Iterable[Seen]) -> Found:
    """Where distances are counted from. What was typed wins over what the browser said; addresses of Spazi come before stops,
    because who types a street and number means the door."""
    if wanted.near:
        doors = [
            Place(seen.where.address, "space", seen.point, seen.municipio, (seen.name,))
            for seen in spaces
            if seen.point and seen.where.address
        ]
        return find(wanted.near, [*places(), *doors, *streets(wanted.near)])
    if wanted.point:
        return Found(Place("", "position", wanted.point, municipio_at(outlines(), wanted.point)))
    return Found(None)


def _nearest_first(spaces: Iterable[Seen], place: Place) -> list[Seen]:
    """By distance; those without a point after them, of the same Municipio first."""
    municipio = place.municipio or municipio_at(outlines(), place.point)
    return sorted(
        measured(spaces, place.point),
        key=lambda seen: (seen.metres is None, seen.metres or 0, seen.municipio != municipio, seen.name),
    )


def _has_words(seen: Seen, text: str) -> bool:
    """Every word is in the name, the address or who runs it, whatever its accents and capitals."""
    said = " ".join(words(f"{seen.name} {seen.where.address} {seen.space.manager_name}"))
    return all(word in said for word in words(text))
