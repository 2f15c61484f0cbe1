"""Who had the requests that went from one Spazio to another, and when: their history, as :func:`network.waits.stays` reads it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from network.models.requests import RequestStep
from network.waits import Act, Moments, stays


def stays_of(steps: QuerySet[RequestStep]) -> dict[Any, list[tuple[str | None, Moments]]]:
    """By the key of the request; ``steps`` are all those of the requests that are asked about. A Spazio is its key in text, as the
    history keeps it. One query."""
    acts: dict[Any, list[Act]] = {}
    for pk, act, moment, facts in steps.order_by("pk").values_list("row", "act", "at", "facts"):
        acts.setdefault(pk, []).append(Act(act, moment, facts.get("to" if act == "move" else "space")))
    return {pk: stays(first.at, first.space, rest) for pk, (first, *rest) in acts.items()}
