"""Marks and criteria of every type in the words of a page."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.notice.grid import Band, Best, Criterion, CriterionType, FormulaKind, Grid, PairwiseVariant
from evaluation.figures import exact_figure, short_figure
from evaluation.methods import IN_COEFFICIENTS, UNIT, YES_OR_NO, given_by


def value_words(criterion: Criterion, mark: int) -> str:
    """What was found, without its label: ``0,8``, ``8,5``, ``3 certificati``, ``Sì``."""
    if criterion.type in YES_OR_NO:
        return _("Sì") if mark else _("No")
    return f"{exact_figure(Fraction(mark, UNIT))} {criterion.unit}".strip()


def label_of(grid: Grid, criterion: Criterion, mark: int) -> str:
    """The judgment behind a coefficient or the points of a level; "" where the type has none."""
    if criterion.type in IN_COEFFICIENTS:
        return next((level.label for level in grid.scale if level.coefficient * UNIT == mark), "")
    return " / ".join(level.label for level in criterion.levels if level.points * UNIT == mark)


def points_words(criterion: Criterion, mark: int) -> str:
    """The points that follow from one mark, where they can be known."""
    points = given_by(criterion, mark)
    return _("dipende dalle altre proposte") if points is None else exact_figure(points)


def range_words(criterion: Criterion) -> str:
    """What a criterion is worth: ``fino a 20 punti``, ``toglie 10 punti``."""
    if criterion.type is CriterionType.PENALTY:
        return _("toglie fino a %(points)s punti") % {"points": short_figure(criterion.penalty)}
    return _("fino a %(points)s punti") % {"points": short_figure(criterion.max_points)}


def rule_words(criterion: Criterion, most: Fraction) -> list[str]:
    """How what is found becomes points, in sentences, for who fills the sheet; ``most`` is the most that one member gives.
    Buttons say it by themselves."""
    match criterion.type:
        case CriterionType.COEFFICIENT | CriterionType.LEVELS:
            return []
        case CriterionType.POINTS:
            words = _("Da 0 a %(most)s punti.") % {"most": exact_figure(most)}
            if criterion.step is None:
                return [words]
            return [words, _("Si danno a passi di %(step)s.") % {"step": short_figure(criterion.step)}]
        case CriterionType.COUNT:
            return [
                _("Ogni unità (%(unit)s) vale %(points)s, fino a %(maximum)s.")
                % {
                    "unit": criterion.unit,
                    "points": points_counted(Fraction(criterion.per_unit)),
                    "maximum": short_figure(criterion.max_points),
                }
            ]
        case CriterionType.BANDS:
            bands = [
                _("%(band)s: %(points)s.")
                % {"band": _capital(band_words(band)), "points": points_counted(Fraction(band.points))}
                for band in criterion.bands
            ]
            return [*bands, _("Fuori dalle fasce: 0 punti.")]
        case CriterionType.YES_NO:
            return []
        case CriterionType.PENALTY:
            return [_("Una penalità toglie punti.")]
        case CriterionType.FORMULA:
            return [formula_words(criterion)]
        case CriterionType.PAIRWISE:
            return [comparison_words(), variant_words(criterion)]


def comparison_words() -> str:
    """What members do where they compare in pairs."""
    return _("Di ogni due proposte si dice quale è migliore e di quanto: da 2 a 6 punti a lei, o 1 a tutte e due se sono pari.")


def variant_words(criterion: Criterion) -> str:
    """How what they do becomes a coefficient."""
    if criterion.pairwise.variant is PairwiseVariant.SUM:
        return _("I punti dei componenti si sommano: la somma più alta diventa 1, le altre in proporzione.")
    return _(
        "Per ogni componente i punti più alti diventano 1, gli altri in proporzione. "
        "Poi si fa la media tra i componenti: la più alta diventa 1, le altre in proporzione."
    )


def formula_words(criterion: Criterion) -> str:
    formula = criterion.formula
    higher = formula.best is Best.HIGHER
    match formula.kind:
        case FormulaKind.LINEAR if higher:
            words = _("Prende il massimo la quantità più alta, le altre in proporzione.")
        case FormulaKind.LINEAR:
            words = _("Prende il massimo la quantità più bassa, le altre in proporzione.")
        case FormulaKind.POWER if higher:
            words = _("Prende il massimo la quantità più alta, le altre secondo il rapporto elevato a %(exponent)s.")
        case FormulaKind.POWER:
            words = _("Prende il massimo la quantità più bassa, le altre secondo il rapporto elevato a %(exponent)s.")
        case FormulaKind.BILINEAR:
            words = _(
                "Fino alla media delle proposte si prende fino a %(knee)s del massimo, in proporzione; "
                "il resto va a chi supera la media, fino alla quantità più alta."
            )
    return words % {
        "exponent": "" if formula.exponent is None else short_figure(formula.exponent),
        "knee": "" if formula.knee is None else short_figure(formula.knee),
    }


def band_words(band: Band) -> str:
    """The label of the act, or the ends in words."""
    if band.label:
        return band.label
    if band.at_least is not None and band.at_most is not None:
        return _("da %(low)s a %(high)s") % {"low": short_figure(band.at_least), "high": short_figure(band.at_most)}
    low = high = ""
    if band.at_least is not None:
        low = _("da %(end)s") % {"end": short_figure(band.at_least)}
    elif band.more_than is not None:
        low = _("oltre %(end)s") % {"end": short_figure(band.more_than)}
    if band.at_most is not None:
        high = _("fino a %(end)s") % {"end": short_figure(band.at_most)}
    elif band.less_than is not None:
        high = _("meno di %(end)s") % {"end": short_figure(band.less_than)}
    return ", ".join(filter(None, (low, high)))


def points_counted(points: Fraction) -> str:
    """``1 punto``, ``2,5 punti``: the number as people count with it."""
    return ngettext("%(n)s punto", "%(n)s punti", 1 if points == 1 else 2) % {"n": exact_figure(points)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
