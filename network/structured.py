"""What the Spazi say of themselves to machines: schema.org for the page, GeoJSON (RFC 7946) and CSV (RFC 4180) as open data.

PURE: standard library only. Only what the pages say too: no contact but the public telephone and e-mail of the Spazio.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bando.csv_table import csv_of, harmless
from network.hours import DAYS, write_day
from network.near import Point

SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLUMNS = (
    *("id", "name", "page", "state", "address", "municipio", "latitude", "longitude", "phone", "email", "step_free"),
    *("functions", "languages", *(f"hours_{name.lower()}" for name in SCHEMA_DAYS), "other_days", "manager", "opened_on"),
    *("certainty", "source"),
)
"""The columns of the CSV, and the properties in the GeoJSON but for the two of the point."""
SEVERAL = "|"
"""Between the values of a cell that has more than one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A Spazio as the public reads it today. ``url`` is absolute; ``state`` open or suspended; ``functions`` and ``languages``
    (ISO 639-1) are codes, ``description`` says the functions in words; ``hours`` and ``exceptions`` as in :mod:`network.hours`;
    ``step_free`` None: not known; ``certainty`` high, med, low, or empty for what an agreement says."""

    slug: str
    name: str
    url: str
    state: str
    address: str = ""
    municipio: int | None = None
    point: Point | None = None
    phone: str = ""
    email: str = ""
    step_free: bool | None = None
    functions: Sequence[str] = ()
    description: str = ""
    languages: Sequence[str] = ()
    hours: Sequence[Mapping[str, Any]] = ()
    exceptions: Sequence[Mapping[str, Any]] = ()
    manager: str = ""
    opened_on: date | None = None
    certainty: str = ""
    source: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def government_office(facts: Facts, *, city: str, administration: str) -> dict[str, Any]:
    """The page of a Spazio as schema.org ``GovernmentOffice``. It serves everybody of the administration's area, whatever its
    Municipio. A Spazio that is suspended tells no hours."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentOffice",
        "@id": facts.url,
        "name": facts.name,
        "url": facts.url,
        "address": {"@type": "PostalAddress", "addressLocality": city, "addressCountry": "IT"},
        "areaServed": {"@type": "AdministrativeArea", "name": administration},
        "parentOrganization": {"@type": "GovernmentOrganization", "name": administration},
        "telephone": facts.phone,
        "email": facts.email,
        "knowsLanguage": list(facts.languages),
        "description": facts.description,
    }
    if facts.address:
        data["address"]["streetAddress"] = facts.address
    if facts.point:
        data["geo"] = {"@type": "GeoCoordinates", **_degrees(facts.point)}
    if facts.step_free is not None:
        data["amenityFeature"] = {
            "@type": "LocationFeatureSpecification",
            "name": "Ingresso senza gradini",
            "value": facts.step_free,
        }
    if facts.is_open:
        data["openingHoursSpecification"] = _week(facts.hours)
        data["specialOpeningHoursSpecification"] = _other_days(facts.exceptions)
    return {key: value for key, value in data.items() if value not in ("", [])}


def feature_collection(spaces: Iterable[Facts], *, licence: str) -> bytes:
    """GeoJSON: longitude before latitude, WGS 84, ``null`` where no point is known."""
    features = [
        {
            "type": "Feature",
            "id": facts.slug,
            "geometry": {"type": "Point", "coordinates": [*reversed(_degrees(facts.point).values())]} if facts.point else None,
            "properties": {key: value for key, value in _values(facts).items() if key not in {"latitude", "longitude"}},
        }
        for facts in spaces
    ]
    document = {"type": "FeatureCollection", "license": licence, "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def csv_text(spaces: Iterable[Facts]) -> bytes:
    """UTF-8 without a mark; an unknown value is an empty cell."""
    rows = ([_cell(value) for value in _values(facts).values()] for facts in spaces)
    return csv_of([COLUMNS, *rows]).encode()


def _values(facts: Facts) -> dict[str, Any]:
    point = _degrees(facts.point) if facts.point else {"latitude": None, "longitude": None}
    values = (
        *(facts.slug, facts.name, facts.url, facts.state, facts.address, facts.municipio, *point.values(), facts.phone),
        *(facts.email, facts.step_free, list(facts.functions), list(facts.languages)),
        *(write_day(facts.hours, day) for day in DAYS),
        *([_dated(row) for row in facts.exceptions], facts.manager),
        *(facts.opened_on.isoformat() if facts.opened_on else None, facts.certainty, facts.source),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return SEVERAL.join(value)
        case _:
            return str(harmless(value))


def _dated(row: Mapping[str, Any]) -> str:
    """«2026-12-24/2027-01-06 09:00-12:00»; no hours: closed."""
    hours = ", ".join(f"{span['opens']}-{span['closes']}" for span in row["hours"])
    return f"{row['first']}/{row['last']} {hours or 'closed'}"


def _degrees(point: Point) -> dict[str, Any]:
    """As JSON numbers that keep every digit and no more: six decimals are a tenth of a metre."""
    return {"latitude": _number(point.latitude), "longitude": _number(point.longitude)}


def _number(degrees: Decimal) -> Any:
    return json.loads(f"{degrees.normalize():f}")


def _week(hours: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{SCHEMA_DAYS[span['day'] - 1]}",
            "opens": span["opens"],
            "closes": _closing(span["closes"]),
        }
        for span in hours
    ]


def _other_days(exceptions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Days with a date of their own, which override those of the week. A shut door is open from midnight to the same midnight:
    so search engines want a closure said, and by schema.org's definition it lasts no time."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": row["first"],
            "validThrough": row["last"],
            "opens": span["opens"],
            "closes": _closing(span["closes"]),
        }
        for row in exceptions
        for span in (row["hours"] or [{"opens": "00:00", "closes": "00:00"}])
    ]


def _closing(clock: str) -> str:
    """ISO 8601 knows 24:00, but readers of schema.org do not all."""
    return "23:59" if clock == "24:00" else clock
