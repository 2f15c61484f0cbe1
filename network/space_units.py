"""What two people may write of a Spazio at once, by units (``network.written_at_once``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from network.models import Space
from network.written_at_once import Units

SPACE: Mapping[str, Sequence[str]] = {
    **{
        name: (name,)
        for name in (
            "name",
            "address",
            "municipio",
            "phone",
            "email",
            "transport",
            "step_free",
            "access_notes",
            "functions",
            "languages",
            "hours",
            "exceptions",
        )
    },
    "point": ("latitude", "longitude"),
}
"""The columns of a Spazio by unit; a point is one."""


def space_units(columns: Mapping[str, Any]) -> Units:
    """Only the units of which a column is there."""
    found = {unit: {name: columns[name] for name in names if name in columns} for unit, names in SPACE.items()}
    return {unit: {name: _plain(name, value) for name, value in said.items()} for unit, said in found.items() if said}


def space_columns(space: Space) -> dict[str, Any]:
    return {name: getattr(space, name) for names in SPACE.values() for name in names}


def _plain(name: str, value: Any) -> Any:
    if name in ("functions", "languages"):
        return sorted(value)
    # A number that was just read from a form has other zeros than a stored one.
    return format(value, ".6f") if name in ("latitude", "longitude") and value is not None else value
