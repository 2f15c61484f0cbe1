"""A call document as pages and papers show it: its grids, its form, its budget and its files, with every rule in words.

What comes out is for templates (``templates/bando/_grid.html``, ``questions.html``, ``pdf/notice.html``): titles and texts of
the call as they are, numbers and rules as sentences of ``bando.wording``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bando import wording
from bando.deadlines import ROME
from bando.models import Call
from bando.notice.document import Area, AttachmentRule, Budget, Notice, Question, RequirementKind, SectionKind
from bando.notice.grid import Block, Criterion, CriterionType, Grid
from bando.stages import Stage, stage
from bando.templatetags.bando_ui import day, instant, remaining


def status(call: Call, at: datetime, reason: str = "") -> str:
    """What to know beside the word of the badge: how long there is, since when there is no more, or why there is none.
    ``reason`` is that of a revocation, in the words of the office."""
    match stage(call, at):
        case Stage.OPEN:
            return remaining(call.closes_at - at)
        case Stage.UPCOMING:
            return _("le domande si inviano da %(at)s") % {"at": instant(call.opens_at)}
        case Stage.EVALUATION:
            return _("il termine è passato il %(day)s") % {"day": day(call.closes_at.astimezone(ROME))}
        case Stage.CONCLUDED:
            return _("le graduatorie sono pubblicate")
        case Stage.REVOKED:
            return reason
    return _("non è ancora pubblicato")


@dataclass(frozen=True, slots=True)
class GridInWords:
    """A grid with the areas that use it and its rules in sentences. ``blocks``: {item, max_points, threshold, criteria};
    a criterion: {item, max_points, threshold, how, levels, bands}. ``explains`` is whether a criterion has a ``how``;
    ``scale`` is empty where no criterion uses it."""

    grid: Grid
    areas: list[str]
    blocks: list[dict[str, Any]]
    explains: bool
    scale: list[dict[str, Any]]
    max_points: str
    threshold: str
    method: list[str]
    rounding: list[str]
    comparison: str
    rescaling: list[str]
    ties: list[str]


def grids(notice: Notice) -> list[GridInWords]:
    return [grid_in_words(notice, grid) for grid in notice.grids]


def grid_in_words(notice: Notice, grid: Grid) -> GridInWords:
    seats = _seats(notice)
    blocks = [
        _row(block) | {"criteria": [_explained(grid, c, seats) for c in grid.criteria if c.block == block.code]}
        for block in grid.blocks
    ]
    return GridInWords(
        grid,
        [area.title for area in notice.areas if area.grid == grid.code],
        blocks,
        any(criterion["how"] for block in blocks for criterion in block["criteria"]),
        [{"level": level, "coefficient": wording.number(level.coefficient)} for level in grid.scale],
        wording.number(grid.max_points),
        wording.number(grid.threshold) if grid.threshold is not None else "",
        wording.method(grid),
        wording.rounding(grid),
        wording.comparison(grid),
        wording.rescaling(grid),
        wording.ties(grid),
    )


def _seats(notice: Notice) -> int | None:
    """How many members the commission has, if the call fixes it."""
    known = notice.commission
    return known.min_members if known.min_members == known.max_members else None


def _row(item: Block | Criterion) -> dict[str, Any]:
    threshold = wording.number(item.threshold) if item.threshold is not None else ""
    return {"item": item, "max_points": wording.number(item.max_points), "threshold": threshold}


def _explained(grid: Grid, criterion: Criterion, seats: int | None) -> dict[str, Any]:
    row = _row(criterion) | {
        "how": wording.how_points(grid, criterion, seats),
        "levels": wording.levels(criterion),
        "bands": wording.bands(criterion),
    }
    if criterion.type is CriterionType.PENALTY:
        row["max_points"] = f"−{wording.number(criterion.penalty)}"
    return row


def form(notice: Notice, area: Area) -> list[dict[str, Any]]:
    """The pages of the form of one area with what each of them asks, the files asked apart last. A page: {title, intro,
    criterion} and one of ``questions``, ``declarations``, ``group``, ``files``, or what :func:`budget_in_words` gives."""
    criteria = {criterion.code: _row(criterion) for criterion in notice.grid_for(area.code).criteria}
    pages: list[dict[str, Any]] = []
    for section in notice.sections_for(area.code):
        page: dict[str, Any] = {"title": section.title, "intro": section.intro, "criterion": criteria.get(section.criterion)}
        match section.kind:
            case SectionKind.BUDGET:
                page |= budget_in_words(notice.budget_for(area.code))
            case SectionKind.DECLARATIONS:
                known = notice.requirements_for(area.code)
                page["declarations"] = [r for r in known if r.kind is RequirementKind.DECLARATION]
            case SectionKind.GROUP:
                page["group"] = participation(notice) | {"asks": wording.GROUP_ASKS}
            case SectionKind.QUESTIONS:
                page["questions"] = [_asked(notice, q, criteria) for q in section.questions]
        pages.append(page)
    if rules := [rule for rule in notice.attachments if not rule.areas or area.code in rule.areas]:
        pages.append({"title": _("Allegati"), "files": [_file(notice, rule) for rule in rules]})
    return pages


def _asked(notice: Notice, question: Question, criteria: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "question": question,
        "limits": wording.answer_limits(question),
        "condition": wording.condition(notice, question.when),
        "columns": [{"column": column, "limits": wording.column_limits(column)} for column in question.columns],
        "criterion": criteria.get(question.criterion),
    }


def _file(notice: Notice, rule: AttachmentRule) -> dict[str, Any]:
    return {"rule": rule, "limits": wording.file_limits(rule), "condition": wording.condition(notice, rule.when)}


def attachments(notice: Notice) -> list[dict[str, Any]]:
    """The files of the whole call asked apart, each with the areas that ask for it (none: all)."""
    return [_file(notice, rule) | {"areas": titles(notice, rule.areas)} for rule in notice.attachments]


def participation(notice: Notice) -> dict[str, Any]:
    """Who may apply together: {sentences, text}, both empty where the call says nothing of its own."""
    return {"sentences": wording.participation(notice.participation), "text": notice.participation.text}


def formal_check(notice: Notice) -> dict[str, Any]:
    """How the office checks what was sent: {sentences, text}."""
    return {"sentences": wording.formal_check(notice.formal_check), "text": notice.formal_check.text}


def publication(notice: Notice) -> dict[str, Any]:
    """How the ranking becomes public: {sentences, text}."""
    return {"sentences": wording.publication(notice), "text": notice.publication.text}


def requirements(notice: Notice) -> list[dict[str, Any]]:
    """Each with its areas (none: all), and whether in a group the lead declares it for everybody."""
    groups = bool(notice.participation.groups)
    return [
        {
            "requirement": known,
            "areas": titles(notice, known.areas),
            "by_lead": groups and known.kind is RequirementKind.DECLARATION and not known.each_member,
        }
        for known in notice.requirements
    ]


def budget_in_words(budget: Budget | None) -> dict[str, Any]:
    if budget is None:
        return {}
    least, most = budget.min_own_share_percent, budget.max_indirect_percent
    return {
        "budget": budget,
        "own_share": wording.number(least) if least is not None else "",
        "indirect": wording.number(most) if most is not None else "",
        "rules": wording.budget(budget),
    }


def budgets(notice: Notice) -> list[dict[str, Any]]:
    return [
        budget_in_words(budget) | {"areas": [area.title for area in notice.areas if area.budget == budget.code]}
        for budget in notice.budgets
    ]


def assumptions(notice: Notice) -> list[dict[str, Any]]:
    """The assumptions by their sentence: the same one often holds for several places of the document."""
    by_text: dict[str, list[str]] = {}
    for assumption in notice.assumptions:
        by_text.setdefault(assumption.text, []).append(assumption.path)
    return [{"text": text, "paths": paths} for text, paths in by_text.items()]


def titles(notice: Notice, codes: tuple[str, ...]) -> list[str]:
    """The titles of some areas; none when the thing holds for all of them."""
    return [area.title for area in notice.areas if area.code in codes]
