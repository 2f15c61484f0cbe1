"""The table of places and the outlines of the Municipi, read once from ``fixtures/``, and the streets that were loaded.

``places.csv``: the nine Municipi (their middle), the 88 neighbourhoods (Nuclei di Identità Locale, their centroids) and the stops of
the underground inside the city; ``also`` are other names, parted by ``;``. From the open data of the Comune di Milano (NIL ds964,
stops of the ATM), CC BY 4.0; to which Municipio a neighbourhood belongs is ours, by its larger part. ``municipi.geojson``: outlines
that are approximate, because they are drawn round those neighbourhoods (docs/decisions.md); only Municipio 1 follows its border.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from functools import cache

from django.conf import settings

from network.map import Ring
from network.models import Street as StreetRow
from network.near import Place, Point, words
from network.streets import Street, Stretch, on_streets

FIXTURES = settings.BASE_DIR / "fixtures"
MOST = 200
"""Streets that are looked at: «san» begins the names of many."""


@cache
def places() -> tuple[Place, ...]:
    with (FIXTURES / "places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                name=row["name"],
                kind=row["kind"],
                point=Point(Decimal(row["latitude"]), Decimal(row["longitude"])),
                municipio=int(row["municipio"]) if row["municipio"] else None,
                also=tuple(name.strip() for name in row["also"].split(";") if name.strip()),
            )
            for row in csv.DictReader(file)
        )


def streets(text: str) -> list[Place]:
    """The streets that ``text`` may name, of the register that the administration has loaded (``load_streets``); else none."""
    asked = words(text)
    if not asked:
        return []
    rows = StreetRow.objects.all()
    for word in asked:
        rows = rows.filter(key__contains=word)
    return on_streets(text, [Street(row.name, tuple(_stretch(*cells) for cells in row.stretches)) for row in rows[:MOST]])


@cache
def outlines() -> dict[int, Ring]:
    found = json.loads((FIXTURES / "municipi.geojson").read_text(encoding="utf-8"), parse_float=Decimal)
    return {
        feature["properties"]["municipio"]: tuple(
            (Decimal(longitude), Decimal(latitude)) for longitude, latitude in feature["geometry"]["coordinates"][0]
        )
        for feature in found["features"]
    }


def _stretch(first: int | None, last: int | None, latitude: str, longitude: str) -> Stretch:
    return Stretch(first, last, Point(Decimal(latitude), Decimal(longitude)))
