"""How the numbers of a ranking were made, in sentences: what the rules of its grid did to every proposal."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.notice.grid import JUDGED, Composition, CriterionType, Grid, RoundingMode, RoundingPoint
from evaluation.figures import short_figure
from evaluation.methods import IN_POINTS


def only_coefficients(grid: Grid) -> bool:
    return all(criterion.type is CriterionType.COEFFICIENT for criterion in grid.criteria)


def composition(grid: Grid) -> Iterator[str]:
    """How what was found became points, by the types that the grid has."""
    if only_coefficients(grid):
        yield _("Ogni componente ha scelto da solo un livello della scala per ogni criterio, e ne ha scritto il motivo.")
        yield _("Il coefficiente di un criterio è la media dei coefficienti di chi ha dato il punteggio a quella proposta.")
        return
    types = {criterion.type for criterion in grid.criteria}
    if types & JUDGED:
        yield _("Ogni componente ha giudicato da solo, e ha scritto il motivo di ogni giudizio.")
    if CriterionType.COEFFICIENT in types:
        yield _("Dove si dà un coefficiente, la media dei coefficienti moltiplica il massimo del criterio.")
    if types & IN_POINTS:
        if grid.composition is Composition.SUM:
            yield _("Dove si danno punti, quelli dei componenti si sommano.")
        else:
            yield _("Dove si danno punti, conta la media di quelli dei componenti.")
    if types - JUDGED:
        yield _("Le quantità e le risposte sì o no sono fatti: i componenti hanno trovato lo stesso, e i punti seguono da lì.")
    if CriterionType.FORMULA in types:
        yield _("Dove c'è una formula, la quantità si confronta con quelle di tutte le proposte valutate dell'area.")
    if CriterionType.PENALTY in types:
        yield _("Una penalità toglie punti: il totale può scendere sotto lo zero.")


def thresholds(grid: Grid) -> list[str]:
    """What a proposal needs to be in the ranking, threshold by threshold."""
    found = []
    if grid.threshold is not None:
        found.append(_("%(points)s punti in tutto") % {"points": short_figure(grid.threshold)})
    found += [
        _("%(points)s punti in «%(title)s»") % {"points": short_figure(part.threshold), "title": part.title}
        for part in (*grid.blocks, *grid.criteria)
        if part.threshold is not None
    ]
    return found


def roundings(grid: Grid) -> list[str]:
    """Where the call rounds, in words."""
    coefficients = only_coefficients(grid)
    points = {
        RoundingPoint.COEFFICIENT: _("il coefficiente di ogni componente") if coefficients else _("ciò che dà ogni componente"),
        RoundingPoint.MEAN: _("la media dei coefficienti")
        if coefficients
        else _("la somma dei punti")
        if grid.composition is Composition.SUM
        else _("la media di ciò che danno i componenti"),
        RoundingPoint.PRODUCT: _("i punti del criterio"),
        RoundingPoint.TOTAL: _("il totale"),
    }
    modes = {
        RoundingMode.HALF_UP: _("per eccesso quando è a metà"),
        RoundingMode.HALF_EVEN: _("alla cifra pari quando è a metà"),
        RoundingMode.TRUNCATE: _("troncando"),
    }
    return [
        ngettext(
            "Arrotondamento: %(what)s a %(n)s decimale, %(mode)s.",
            "Arrotondamento: %(what)s a %(n)s decimali, %(mode)s.",
            rule.digits,
        )
        % {"what": points[rule.at], "n": rule.digits, "mode": modes[rule.mode]}
        for rule in grid.rounding
    ]
