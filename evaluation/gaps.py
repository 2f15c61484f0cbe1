"""What is still missing on a sheet of marks, criterion by criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bando.notice.grid import Criterion, Grid


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing on a sheet for one criterion."""

    criterion: Criterion
    mark: bool
    reason: bool

    @property
    def sentence(self) -> str:
        title = self.criterion.title
        if self.mark and self.reason:
            return _("%(title)s: scegli un livello e scrivi il motivo.") % {"title": title}
        if self.mark:
            return _("%(title)s: scegli un livello.") % {"title": title}
        return _("%(title)s: scrivi il motivo.") % {"title": title}


def gaps(grid: Grid, marks: Mapping[str, tuple[int | None, str]]) -> list[Gap]:
    """What is missing, in the order of the grid; ``marks`` holds ten-thousandths and reason by criterion code."""
    found = []
    for criterion in grid.criteria:
        units, reason = marks.get(criterion.code, (None, ""))
        gap = Gap(criterion, mark=units is None, reason=not reason.strip())
        if gap.mark or gap.reason:
            found.append(gap)
    return found
