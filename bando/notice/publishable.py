"""What a call document that holds together must still say before it is published.

PURE: standard library only. ``parse`` refuses what can't work; here is what would work and would still be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from bando.notice.document import Notice
from bando.notice.parse import Fault


def publishable_faults(notice: Notice) -> tuple[Fault, ...]:
    """Empty for a notice that may be published. The sentences are Italian, as those of ``parse``."""
    return tuple(_faults(notice))


def _faults(notice: Notice) -> Iterator[Fault]:
    if not notice.purpose:
        # D.M. 72/2021: the notice says the aims and the object of the co-design.
        yield Fault(("purpose",), "manca: scrivi lo scopo e l'oggetto della co-progettazione")
    if not notice.legal_basis:
        yield Fault(("legal_basis",), "manca: scrivi almeno la norma su cui si fonda l'avviso")
    for area in notice.areas:
        # A criterion that no part of the form serves gives everybody zero, or points for nothing that was written.
        served = {section.criterion for section in notice.sections_for(area.code)}
        served |= {question.criterion for section in notice.sections_for(area.code) for question in section.questions}
        grid = notice.grid_for(area.code)
        for index, criterion in enumerate(grid.criteria):
            if criterion.code not in served:
                yield Fault(
                    ("grids", notice.grids.index(grid), "criteria", index),
                    f"nell'area «{area.code}» nessuna domanda riguarda il criterio «{criterion.code}»: "
                    "scrivi criterion in una domanda, o nella sezione del piano economico",
                )
