"""A grid as the published document writes it, and back.

PURE: standard library only. A document may come from a stranger: what is not what it should be raises ``KeyError``,
``TypeError``, ``ValueError`` or ``ArithmeticError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from bando.notice.grid import (
    Band,
    Best,
    Block,
    Comparison,
    Composition,
    Criterion,
    CriterionType,
    Formula,
    FormulaKind,
    Grid,
    Level,
    Marking,
    Pairwise,
    PairwiseVariant,
    PointsLevel,
    Rescaling,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)
from workflow.ledger import plain

LATER = {
    Grid: ("composition", "rescaling", "rescales_alone", "marking"),
    Criterion: ("type", "levels", "step", "per_unit", "unit", "bands", "formula", "penalty", "pairwise"),
}
"""Fields of the grid that documents leave out at their default."""


def grid_to_json(grid: Grid) -> dict[str, Any]:
    """Every field of ``grid``, but those of ``LATER`` that hold their default."""
    written = plain(asdict(grid))
    _without_defaults(written, grid)
    for item, criterion in zip(written["criteria"], grid.criteria, strict=True):
        _without_defaults(item, criterion)
    return written


def _without_defaults(written: dict[str, Any], thing: Grid | Criterion) -> None:
    defaults = {field.name: field.default for field in fields(thing)}
    for name in LATER[type(thing)]:
        if getattr(thing, name) == defaults[name]:
            del written[name]


def grid_from_json(value: Mapping[str, Any]) -> Grid:
    """The grid that ``grid_to_json`` wrote. Raises ``KeyError``, ``TypeError``, ``ValueError`` or ``ArithmeticError``."""
    return Grid(
        code=value["code"],
        title=value["title"],
        scale=tuple(Level(level["label"], decimal(level["coefficient"]), level["descriptor"]) for level in value["scale"]),
        blocks=tuple(
            Block(block["code"], block["title"], decimal(block["max_points"]), _optional(block["threshold"]))
            for block in value["blocks"]
        ),
        criteria=tuple(map(_criterion_from_json, value["criteria"])),
        rounding=tuple(
            Rounding(RoundingPoint(rule["at"]), whole(rule["digits"]), RoundingMode(rule["mode"])) for rule in value["rounding"]
        ),
        comparison=Comparison(value["comparison"]),
        threshold=_optional(value["threshold"]),
        tie_chain=tuple(TieStep(TieStepKind(step["kind"]), step["code"]) for step in value["tie_chain"]),
        published_digits=whole(value["published_digits"]),
        composition=Composition(value.get("composition", Composition.MEAN)),
        rescaling=tuple(map(Rescaling, value.get("rescaling", ()))),
        rescales_alone=_truth(value.get("rescales_alone", False)),
        marking=Marking(value.get("marking", Marking.INDIVIDUAL)),
        demonstration=value["demonstration"],
    )


def _criterion_from_json(value: Mapping[str, Any]) -> Criterion:
    formula, pairwise = value.get("formula"), value.get("pairwise")
    return Criterion(
        code=value["code"],
        title=value["title"],
        max_points=decimal(value["max_points"]),
        block=value["block"],
        letter=value["letter"],
        guidance=value["guidance"],
        threshold=_optional(value["threshold"]),
        type=CriterionType(value.get("type", CriterionType.COEFFICIENT)),
        levels=tuple(
            PointsLevel(level["label"], decimal(level["points"]), level["descriptor"]) for level in value.get("levels", ())
        ),
        step=_optional(value.get("step")),
        per_unit=_optional(value.get("per_unit")),
        unit=value.get("unit", ""),
        bands=tuple(
            Band(
                points=decimal(band["points"]),
                label=band["label"],
                **{end: _optional(band[end]) for end in ("at_least", "more_than", "at_most", "less_than")},
            )
            for band in value.get("bands", ())
        ),
        formula=None
        if formula is None
        else Formula(
            FormulaKind(formula["kind"]), Best(formula["best"]), _optional(formula["exponent"]), _optional(formula["knee"])
        ),
        penalty=_optional(value.get("penalty")),
        pairwise=None
        if pairwise is None
        else Pairwise(PairwiseVariant(pairwise["variant"]), _truth(pairwise["halves"]), whole(pairwise["fewest"])),
    )


def whole(value: int) -> int:
    """``value``, if it is an integer and not a truth value."""
    if type(value) is not int:
        raise TypeError(f"an integer, not {value!r}")
    return value


def _truth(value: bool) -> bool:
    if type(value) is not bool:
        raise TypeError(f"true or false, not {value!r}")
    return value


def decimal(text: str) -> Decimal:
    """The finite number that ``text`` writes."""
    if not isinstance(text, str):
        raise TypeError(f"a decimal number is text in this document, not {text!r}")
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is not a number")
    return number


def _optional(text: str | None) -> Decimal | None:
    return None if text is None else decimal(text)
