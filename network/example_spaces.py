"""The twenty Spazi WeMi of 2022 as an example, from ``fixtures/spaces.yaml``.

They come from the press, each with its certainty and its sources, and no act of ours opened them: they are written open, without
steps, without agreement and, because nobody said them, without hours and telephones, which the act of opening would ask for. So
the directory can be looked at with the facts that there are. An opening of which only the month or the year is known has no day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from network.models import Space
from network.states import SpaceState

SOURCE = settings.BASE_DIR / "fixtures" / "spaces.yaml"


def load_example_spaces() -> tuple[int, int]:
    """Write the twenty; loading again writes the same facts on the same rows. A slug that belongs to a Spazio of an agreement is
    left alone. Returns how many were made and how many were there."""
    made = there = 0
    with transaction.atomic():
        for row in yaml.safe_load(SOURCE.read_text(encoding="utf-8")):
            ours = Space.objects.filter(slug=row["slug"]).first()
            if ours is not None and ours.partnership_id:
                continue
            _space, is_new = Space.objects.update_or_create(slug=row["slug"], defaults=_columns(row))
            made, there = made + is_new, there + (not is_new)
    return made, there


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    opened = row.get("opened")
    return {
        "name": f"Spazio {row['name']}",
        "state": SpaceState.OPEN,
        "manager_name": row.get("manager", ""),
        "address": row.get("address", ""),
        "municipio": row.get("municipio"),
        "access_notes": row.get("access", ""),
        "functions": row.get("functions", []),
        "opened_on": opened if isinstance(opened, date) else None,
        "source": row["source"],
        "certainty": row["certainty"],
    }
