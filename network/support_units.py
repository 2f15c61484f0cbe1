"""What two people may write of a service of Area 2 at once, by units (``network.written_at_once``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from network.models import ServiceLink, Space
from network.written_at_once import Units, units_in

WRITTEN = ("kind", "name", "what_for", "contact", "municipio")
"""Columns of a link that people write."""
LINK: Mapping[str, Sequence[str]] = {name: (name,) for name in (*WRITTEN, "spaces")}


def link_units(columns: Mapping[str, Any]) -> Units:
    return units_in(columns, LINK)


def link_columns(link: ServiceLink, spaces: Iterable[Space]) -> dict[str, Any]:
    """``spaces`` by key, in order."""
    return {**{name: getattr(link, name) for name in WRITTEN}, "spaces": sorted(space.pk for space in spaces)}
