"""The result of one proposal, as its body may read it once a version of the ranking is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evaluation.models import Placement, RankingVersion, VersionKind
from evaluation.presentation import Row, TableView


@dataclass(frozen=True, slots=True)
class Result:
    """``row`` is the proposal's own row of the ranking, in words; ``maximum`` the greatest total; ``table`` the
    whole ranking."""

    placement: Placement
    row: Row
    maximum: str
    proposals: int
    act: str
    table: TableView

    @property
    def version(self) -> RankingVersion:
        return self.placement.version

    @property
    def published_at(self) -> datetime:
        return self.version.published_at

    @property
    def is_provisional(self) -> bool:
        return self.version.kind == VersionKind.PROVISIONAL


def result_of(placement: Placement) -> Result:
    """What one version says of one proposal."""
    table = TableView(placement.version.document)
    row = table.row(placement.application.number or "")
    if row is None:
        raise ValueError(f"{placement} is not in its own version")
    return Result(
        placement=placement,
        row=row,
        maximum=table.maximum,
        proposals=len(table.rows),
        act=table.act_words,
        table=table,
    )
