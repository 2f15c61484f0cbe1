"""How the numbers of one proposal come about, figure by figure, in words: each sign of equality is true, and what was
rounded says so. Everything is read from the published document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from bando.notice.grid import (
    Best,
    Composition,
    Criterion,
    CriterionType,
    FormulaKind,
    Grid,
    Marking,
    PairwiseVariant,
    Rescaling,
    RoundingPoint,
)
from evaluation.figures import exact_figure, figure, short_figure
from evaluation.methods import IN_COEFFICIENTS, IN_POINTS, UNIT
from evaluation.rounding import Roundings
from evaluation.words import band_words, points_counted, value_words

Part = Mapping[str, Any]
"""A criterion, a block or the total of a row of the document."""


@dataclass(frozen=True, slots=True)
class PairsMeasure:
    """The greatest of all proposals on a criterion compared in pairs: what was ``found``, and the points of each table, ``None``
    where there is no table."""

    found: Fraction
    given: tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the rows of a document are measured against: ``seats`` is how many members mark, ``pairs`` are there for what was
    compared in pairs; the others are the best figures among the rows that the rescaling compared, and are empty where nothing
    was rescaled."""

    seats: int
    pairs: Mapping[str, PairsMeasure]
    criteria: Mapping[str, Fraction]
    blocks: Mapping[str, Fraction]
    total: Fraction | None


def measures(document: Mapping[str, Any], grid: Grid) -> Measures:
    """Of a whole document of ``bando/ranking/2``. What a step of the rescaling starts from is what the step before it left."""
    seats, pairs = document["seats"], _measured_pairs(document, grid)
    rows = [row for row in document["rows"] if not row["explanation"]["below"]]
    if not grid.rescaling or len(rows) < (1 if grid.rescales_alone else 2):
        return Measures(seats, pairs, {}, {}, None)
    return Measures(
        seats,
        pairs,
        {c.code: max(Fraction(row["criteria"][i]["raw"]["exact"]) for row in rows) for i, c in enumerate(grid.criteria)},
        {b.code: max(block_before(grid, row, b.code) for row in rows) for b in grid.blocks},
        max(total_before(grid, row) for row in rows),
    )


def _measured_pairs(document: Mapping[str, Any], grid: Grid) -> dict[str, PairsMeasure]:
    found = {}
    for index, criterion in enumerate(grid.criteria):
        if criterion.code in document["pairs"]:
            parts = [row["criteria"][index] for row in document["rows"]]
            found[criterion.code] = PairsMeasure(
                max(Fraction(part["found"]["exact"]) for part in parts),
                tuple(
                    None if points[0] is None else max(map(Fraction, points))
                    for points in zip(*(part["given"] for part in parts), strict=True)
                ),
            )
    return found


def is_rescaled(row: Mapping[str, Any], against: Measures) -> bool:
    return against.total is not None and not row["explanation"]["below"]


def block_before(grid: Grid, row: Mapping[str, Any], code: str) -> Fraction:
    """The points of a block before its own rescaling: the sum of its criteria as they count."""
    parts = zip(grid.criteria, row["criteria"], strict=True)
    return sum((Fraction(part["points"]["exact"]) for c, part in parts if c.block == code), Fraction(0))


def total_before(grid: Grid, row: Mapping[str, Any]) -> Fraction:
    """The total before its own rescaling: the sum of the blocks as they count, rounded if the call rounds totals."""
    total = sum((Fraction(part["points"]["exact"]) for part in row["blocks"]), Fraction(0))
    return Roundings(grid.rounding).apply(RoundingPoint.TOTAL, total)


def steps(
    grid: Grid, criterion: Criterion, part: Part, marks: Sequence[int], against: Measures, *, rescaled: bool
) -> Iterator[str]:
    """From the marks of those who marked to the points; ``rescaled`` says that this row was."""
    match criterion.type:
        case CriterionType.PAIRWISE if criterion.code in against.pairs:
            yield from _pairs(criterion, part, against.pairs[criterion.code])
        case kind if kind in IN_COEFFICIENTS:
            yield from _coefficient(grid, criterion, part, marks)
        case kind if kind in IN_POINTS:
            yield from _points(grid, part, marks, against.seats)
        case CriterionType.FORMULA:
            yield from _formula(criterion, part)
        case _:
            yield _fact(criterion, part, marks[0])
    if rescaled and Rescaling.CRITERION in grid.rescaling and criterion.max_points > 0:
        yield _rescaled(_raw(part), against.criteria[criterion.code], Fraction(criterion.max_points), part["points"])


def total_steps(grid: Grid, row: Mapping[str, Any], against: Measures) -> Iterator[str]:
    """What the rescaling of blocks and total did to one row; nothing where it did nothing."""
    if not is_rescaled(row, against):
        return
    if Rescaling.BLOCK in grid.rescaling:
        for block, part in zip(grid.blocks, row["blocks"], strict=True):
            if block.max_points > 0:
                words = _rescaled(
                    block_before(grid, row, block.code), against.blocks[block.code], Fraction(block.max_points), part["points"]
                )
                yield f"{block.title}. {words}"
    if Rescaling.TOTAL in grid.rescaling:
        words = _rescaled(total_before(grid, row), against.total, Fraction(grid.max_points), row["total"])
        yield f"{_('Totale')}. {words}"


def _coefficient(grid: Grid, criterion: Criterion, part: Part, marks: Sequence[int]) -> Iterator[str]:
    mean, coefficient = (Fraction(part[key]["exact"]) for key in ("mean", "coefficient"))
    values = {
        "sum": figure(part["sum"]),
        "count": len(marks),
        "mean": mean,
        "coefficient": figure(part["coefficient"]["published"]),
    }
    if Fraction(sum(marks), UNIT * len(marks)) == mean and grid.marking is Marking.COLLEGIAL:
        yield _("Coefficiente dato dalla commissione: %(sum)s.") % values
    elif Fraction(sum(marks), UNIT * len(marks)) == mean:
        yield _("Media: %(sum)s : %(count)s = %(mean)s.") % values
    else:
        yield _("Media dei coefficienti, ciascuno arrotondato: %(mean)s.") % values
    if coefficient != mean:
        yield _("Media arrotondata: %(coefficient)s.") % values
    yield _result(f"{coefficient} × {short_figure(criterion.max_points)}", coefficient * Fraction(criterion.max_points), part)


def _pairs(criterion: Criterion, part: Part, best: PairsMeasure) -> Iterator[str]:
    found, counted = (Fraction(part[key]["exact"]) for key in ("found", "counted"))
    given = [
        (Fraction(points), greatest)
        for points, greatest in zip(part["given"], best.given, strict=True)
        if points is not None and greatest is not None
    ]
    if criterion.pairwise.variant is PairwiseVariant.SUM:
        added = " + ".join(exact_figure(points) for points, _greatest in given)
        values = {"given": added, "found": exact_figure(found), "best": exact_figure(best.found)}
        if len(given) == 1:
            yield _("Punti nei confronti a coppie: %(found)s. La proposta che ne ha di più ne ha %(best)s.") % values
        else:
            yield (
                _("Punti nei confronti a coppie: %(given)s = %(found)s. La proposta che ne ha di più ne ha %(best)s.") % values
            )
    else:
        divided = "; ".join(
            f"{exact_figure(points)} : {exact_figure(greatest)} = {exact_figure(points / greatest)}"
            for points, greatest in given
        )
        values = {"given": divided, "found": exact_figure(found), "best": exact_figure(best.found)}
        yield _("Punti di ogni componente, divisi per i suoi punti più alti: %(given)s.") % values
        yield _("Media: %(found)s. La più alta è %(best)s.") % values
    values = {"found": exact_figure(found), "best": exact_figure(best.found), "counted": exact_figure(counted)}
    if counted == found / best.found:
        yield _("Coefficiente: %(found)s : %(best)s = %(counted)s.") % values
    else:
        yield _("Coefficiente: %(found)s : %(best)s, arrotondato a %(counted)s.") % values
    yield _result(
        f"{exact_figure(counted)} × {short_figure(criterion.max_points)}", counted * Fraction(criterion.max_points), part
    )


def _points(grid: Grid, part: Part, marks: Sequence[int], seats: int) -> Iterator[str]:
    found, counted = (Fraction(part[key]["exact"]) for key in ("found", "counted"))
    added = grid.composition is Composition.SUM
    times = seats if added else 1
    values = {"sum": figure(part["sum"]), "count": len(marks), "seats": seats, "found": exact_figure(found)}
    if Fraction(sum(marks) * times, UNIT * len(marks)) != found:
        words = (
            _("Somma dei punti, ciascuno arrotondato: %(found)s.")
            if added
            else _("Media dei punti, ciascuno arrotondato: %(found)s.")
        )
    elif grid.marking is Marking.COLLEGIAL:
        words = _("Punti dati dalla commissione: %(found)s.")
    elif not added:
        words = _("Media dei punti: %(sum)s : %(count)s = %(found)s.")
    elif len(marks) == seats:
        words = _("Somma dei punti: %(found)s.")
    else:
        words = _("Somma dei punti, riportata a %(seats)s componenti: %(sum)s × %(seats)s : %(count)s = %(found)s.")
    yield words % values
    if counted != found:
        yield _("Arrotondata: %(counted)s.") % {"counted": exact_figure(counted)}
    if counted != _raw(part) or counted != Fraction(_raw_part(part)["published"]):
        yield _result("", counted, part)


def _fact(criterion: Criterion, part: Part, mark: int) -> str:
    quantity = Fraction(mark, UNIT)
    values = {"value": value_words(criterion, mark), "points": points_counted(_raw(part))}
    match criterion.type:
        case CriterionType.COUNT:
            product = quantity * Fraction(criterion.per_unit)
            values |= {"per_unit": short_figure(criterion.per_unit), "product": exact_figure(product)}
            if product > criterion.max_points:
                values["maximum"] = short_figure(criterion.max_points)
                return _("%(value)s × %(per_unit)s = %(product)s, più del massimo, che è %(maximum)s: %(points)s.") % values
            if product == _raw(part):
                return _("%(value)s × %(per_unit)s: %(points)s.") % values
            return _("%(value)s × %(per_unit)s = %(product)s, arrotondato: %(points)s.") % values
        case CriterionType.BANDS:
            band = next((band for band in criterion.bands if band.holds(quantity)), None)
            if band is None:
                return _("%(value)s, fuori da ogni fascia: %(points)s.") % values
            return _("%(value)s, fascia «%(band)s»: %(points)s.") % {**values, "band": band_words(band)}
        case CriterionType.PENALTY:
            taken = points_counted(-_raw(part))
            return _("Sì: si tolgono %(points)s.") % {"points": taken} if mark else _("No: non si toglie niente.")
        case _:
            return _("%(value)s: %(points)s.") % values


def _formula(criterion: Criterion, part: Part) -> Iterator[str]:
    formula = criterion.formula
    quantity, best, mean = Fraction(part["quantity"]), Fraction(part["best"]), Fraction(part["mean"]["exact"])
    own, other = (value_words(criterion, int(value * UNIT)) for value in (quantity, best))
    values = {"own": own, "best": other, "mean": exact_figure(mean)}
    if formula.kind is FormulaKind.BILINEAR:
        yield _("Quantità: %(own)s. La più alta è %(best)s, la media %(mean)s.") % values
    elif formula.best is Best.HIGHER:
        yield _("Quantità: %(own)s. La più alta è %(best)s.") % values
    else:
        yield _("Quantità: %(own)s. La più bassa è %(best)s.") % values
    if formula.best is Best.HIGHER and best == 0:
        yield _("Nessuna proposta offre qualcosa: %(points)s.") % {"points": points_counted(_raw(part))}
        return
    if formula.best is Best.LOWER and best == 0:
        words = (
            _("È la più bassa e prende il massimo: %(points)s.")
            if quantity == 0
            else _("Più di zero, che è la più bassa: %(points)s.")
        )
        yield words % {"points": points_counted(_raw(part))}
        return
    yield _result(*_expression(criterion, quantity, best, mean), part)


def _expression(criterion: Criterion, quantity: Fraction, best: Fraction, mean: Fraction) -> tuple[str, Fraction | None]:
    """The formula with its numbers, and what it comes to exactly; ``None`` for a root without an end."""
    formula, maximum = criterion.formula, Fraction(criterion.max_points)
    own, other, points = exact_figure(quantity), exact_figure(best), short_figure(criterion.max_points)
    if formula.kind is FormulaKind.BILINEAR:
        knee = Fraction(formula.knee)
        middle, edge = exact_figure(mean), exact_figure(knee)
        if quantity <= mean:
            return f"{points} × {edge} × {own} : {middle}", maximum * knee * quantity / mean
        rest = exact_figure(1 - knee)
        expression = f"{points} × ({edge} + {rest} × ({own} − {middle}) : ({other} − {middle}))"
        return expression, maximum * (knee + (1 - knee) * (quantity - mean) / (best - mean))
    ratio = quantity / best if formula.best is Best.HIGHER else best / quantity
    division = f"{own} : {other}" if formula.best is Best.HIGHER else f"{other} : {own}"
    if formula.kind is FormulaKind.LINEAR:
        return f"{points} × {division}", maximum * ratio
    exponent = Fraction(formula.exponent)
    power = f"{points} × ({division})^{exact_figure(exponent)}"
    if exponent.denominator > 1:
        return power, maximum * ratio if ratio in (0, 1) else None
    return power, maximum * ratio**exponent.numerator


def _result(expression: str, exact: Fraction | None, part: Part) -> str:
    """From an expression to the points as they are read."""
    raw = _raw_part(part)
    values = {"expression": expression, "exact": exact, "points": figure(raw["published"])}
    same = exact == Fraction(raw["exact"])
    if exact is None:
        return _("Punti: %(expression)s, arrotondato a %(points)s.") % values
    if same and exact == Fraction(raw["published"]):
        return _("Punti: %(expression)s = %(points)s.") % values
    if not expression:
        words = _("Punti: %(exact)s, che si legge %(points)s.") if same else _("Punti: %(exact)s, arrotondato a %(points)s.")
    elif same:
        words = _("Punti: %(expression)s = %(exact)s, che si legge %(points)s.")
    else:
        words = _("Punti: %(expression)s = %(exact)s, arrotondato a %(points)s.")
    return words % values


def _rescaled(before: Fraction, best: Fraction, maximum: Fraction, after: Part) -> str:
    if best <= 0:
        return _("Riparametrazione: nessuna proposta ha punti, restano %(before)s.") % {"before": exact_figure(before)}
    exact = before * maximum / best
    values = {
        "expression": f"{exact_figure(before)} × {exact_figure(maximum)} : {exact_figure(best)}",
        "points": figure(after["published"]),
    }
    if exact != Fraction(after["exact"]):
        return _("Riparametrazione: %(expression)s, arrotondato a %(points)s.") % values
    if exact != Fraction(after["published"]):
        return _("Riparametrazione: %(expression)s, che si legge %(points)s.") % values
    return _("Riparametrazione: %(expression)s = %(points)s.") % values


def _raw_part(part: Part) -> Part:
    return part.get("raw", part["points"])


def _raw(part: Part) -> Fraction:
    return Fraction(_raw_part(part)["exact"])
