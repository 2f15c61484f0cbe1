"""What is still missing on a sheet of marks, criterion by criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bando.notice.grid import Criterion, CriterionType, Grid
from evaluation.methods import YES_OR_NO

MOST_OF_A_REASON = 4000
"""Characters of a reason, a line break counting one: it is printed in the minutes and in the letters."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing on a sheet for one criterion, or too long (``long``) to conclude it."""

    criterion: Criterion
    mark: bool
    reason: bool
    long: bool = False

    @property
    def sentence(self) -> str:
        kind, title = self.criterion.type, {"title": self.criterion.title}
        if self.long and not self.mark:
            return _("%(title)s: il motivo può avere al massimo %(limit)s caratteri. Accorcialo.") % {
                **title,
                "limit": MOST_OF_A_REASON,
            }
        if self.reason and not self.mark:
            return _("%(title)s: scrivi il motivo.") % title
        if kind is CriterionType.POINTS:
            words = _("%(title)s: scrivi i punti e il motivo.") if self.reason else _("%(title)s: scrivi i punti.")
        elif kind in YES_OR_NO:
            words = _("%(title)s: rispondi sì o no.")
        elif not self.criterion.is_judged:
            words = _("%(title)s: scrivi la quantità che hai trovato.")
        else:
            words = _("%(title)s: scegli un livello e scrivi il motivo.") if self.reason else _("%(title)s: scegli un livello.")
        return words % title


def gaps(grid: Grid, marks: Mapping[str, tuple[int | None, str]], said: Mapping[str, int]) -> list[Gap]:
    """What is missing, in the order of the grid; ``marks`` holds ten-thousandths and reason by criterion code, ``said`` the
    facts as the proposal states them."""
    found = []
    for criterion in grid.criteria:
        units, reason = marks.get(criterion.code, (None, ""))
        lacking = not reason.strip() and wants_reason(criterion, units, said)
        gap = Gap(criterion, units is None, lacking, len(reason) > MOST_OF_A_REASON)
        if gap.mark or gap.reason or gap.long:
            found.append(gap)
    return found


def wants_reason(criterion: Criterion, units: int | None, said: Mapping[str, int]) -> bool:
    """Every judgment has its reason, and so has every fact that is not as the proposal states it. A fact confirmed is
    explained by the answer itself; one not found yet asks for the finding first."""
    if criterion.is_judged:
        return True
    return units is not None and said.get(criterion.code) != units
