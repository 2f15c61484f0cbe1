"""Sums of points while a grid is being written: what is there against what there must be, and what serves each criterion.

Only what can be read as a number counts; ``parse`` says what can't.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bando.editor.references import questions, things, title_of
from bando.editor.values import shown
from bando.notice.kinds import POINTS, Unreadable, plain_decimal
from bando.notice.merge import value_at


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` of what is there, ``goal`` if it is known. For the page that counts while one types: the inputs of the shape
    ``inputs`` are added to ``plus``; the goal is in the input ``goal_input``, or is ``goal``."""

    title: str
    total: Decimal
    goal: Decimal | None
    inputs: str = ""
    plus: str = "0"
    goal_input: str = ""

    @property
    def is_right(self) -> bool:
        return self.goal == self.total

    @property
    def words(self) -> str:
        figures = {"title": self.title, "total": _text(self.total), "goal": _text(self.goal or Decimal(0))}
        if self.goal is None:
            return _("%(title)s: %(total)s punti.") % figures
        if self.is_right:
            return _("%(title)s: %(total)s punti su %(goal)s. Torna.") % figures
        gap = self.goal - self.total
        figures["gap"] = _text(abs(gap))
        if gap > 0:
            return _("%(title)s: %(total)s punti su %(goal)s. Ne mancano %(gap)s.") % figures
        return _("%(title)s: %(total)s punti su %(goal)s. Ce ne sono %(gap)s di troppo.") % figures

    @property
    def patterns(self) -> dict[str, str]:
        """The same sentences for the page that counts by itself, with # for each number in turn."""
        figures = {"title": self.title, "total": "#", "goal": "#", "gap": "#"}
        return {
            "alone": _("%(title)s: %(total)s punti.") % figures,
            "right": _("%(title)s: %(total)s punti su %(goal)s. Torna.") % figures,
            "less": _("%(title)s: %(total)s punti su %(goal)s. Ne mancano %(gap)s.") % figures,
            "more": _("%(title)s: %(total)s punti su %(goal)s. Ce ne sono %(gap)s di troppo.") % figures,
        }

    @property
    def goal_text(self) -> str:
        return "" if self.goal is None else plain_decimal(self.goal)


def of_grid(data: Any, grid: int) -> list[Sum]:
    """The groups against the total, and the criteria of each group against its points."""
    here = ("grids", grid)
    blocks = things(data, *here, "blocks")
    goal = _points(value_at(data, (*here, "max_points")))
    found = [Sum(_("I gruppi sommano"), _total(blocks), goal, inputs="grids.blocks", goal_input="max_points")]
    return found + [of_block(data, grid, block) for block in blocks if block.get("code")]


def of_block(data: Any, grid: int, block: dict[str, Any], *, but: int | None = None) -> Sum:
    """``but`` is the place of the criterion that is being written: its points are typed in the page."""
    criteria = things(data, "grids", grid, "criteria")
    inside = [item for item in criteria if item.get("block") == block.get("code")]
    others = [item for place, item in enumerate(criteria) if item in inside and place != but]
    return Sum(
        _("I criteri di «%(block)s» sommano") % {"block": title_of(block)},
        _total(inside),
        _points(block.get("max_points")),
        inputs="" if but is None else "grids.criteria",
        plus=plain_decimal(_total(others)),
    )


def of_criterion(data: Any, grid: int, criterion: int) -> list[Sum]:
    wanted = value_at(data, ("grids", grid, "criteria", criterion, "block"))
    blocks = things(data, "grids", grid, "blocks")
    return [of_block(data, grid, block, but=criterion) for block in blocks if block.get("code") and block.get("code") == wanted]


def served(data: Any, code: Any) -> list[str]:
    """The questions and the budget sections that serve a criterion."""
    if not code:
        return []
    found = [title_of(section) for section in things(data, "sections") if section.get("criterion") == code]
    return found + [title_of(question) for _path, question in questions(data) if question.get("criterion") == code]


def _points(value: Any) -> Decimal | None:
    try:
        return POINTS.read(value)
    except Unreadable:
        return None


def _total(items: list[dict[str, Any]]) -> Decimal:
    return sum((_points(item.get("max_points")) or Decimal(0) for item in items), Decimal(0))


def _text(number: Decimal) -> str:
    return shown("number", plain_decimal(number))
