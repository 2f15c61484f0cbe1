"""The result of one proposal, as its body may read it once the ranking is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from applications.models import Application
from evaluation.models import Placement
from evaluation.presentation import Row, TableView


@dataclass(frozen=True, slots=True)
class Result:
    """``row`` is the proposal's own row of the ranking, in words; ``maximum`` the greatest total; ``table`` the
    whole ranking."""

    row: Row
    maximum: str
    proposals: int
    act: str
    published_at: datetime
    table: TableView


def result_for(application: Application) -> Result | None:
    """The published result of ``application``; ``None`` until the ranking of its area is published."""
    placement = Placement.objects.select_related("version").filter(application=application).order_by("-version__number").first()
    if placement is None:
        return None
    table = TableView(placement.version.document)
    row = table.row(application.number or "")
    if row is None:
        return None
    return Result(
        row=row,
        maximum=table.maximum,
        proposals=len(table.rows),
        act=table.act_words,
        published_at=placement.version.published_at,
        table=table,
    )
