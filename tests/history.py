"""What happened to a row, as tests end on it."""

from __future__ import annotations

from typing import Any


def history(row: Any) -> list[str]:
    """The acts done on ``row``, oldest first, by name."""
    return list(row.steps.values_list("act", flat=True))
