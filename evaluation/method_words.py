"""How the numbers of a ranking were made, in sentences: what the rules of its grid did to every proposal."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.notice.grid import JUDGED, Composition, CriterionType, Grid, Marking, RoundingMode, RoundingPoint
from evaluation.figures import short_figure
from evaluation.methods import IN_POINTS
from evaluation.words import comparison_words, variant_words


def only_coefficients(grid: Grid) -> bool:
    return all(criterion.type is CriterionType.COEFFICIENT for criterion in grid.criteria)


def composition(grid: Grid, compared: Collection[str]) -> Iterator[str]:
    """How what was found became points, by the types that the grid has; ``compared`` are the codes of the criteria on which
    proposals were compared in pairs."""
    together = grid.marking is Marking.COLLEGIAL
    if only_coefficients(grid):
        if together:
            yield _("La commissione ha scelto insieme un livello della scala per ogni criterio, e ne ha scritto il motivo.")
            return
        yield _("Ogni componente ha scelto da solo un livello della scala per ogni criterio, e ne ha scritto il motivo.")
        yield _("Il coefficiente di un criterio è la media dei coefficienti di chi ha dato il punteggio a quella proposta.")
        return
    types = {criterion.type for criterion in grid.criteria}
    if types & JUDGED:
        yield (
            _("La commissione ha giudicato insieme, e ha scritto il motivo di ogni giudizio.")
            if together
            else _("Ogni componente ha giudicato da solo, e ha scritto il motivo di ogni giudizio.")
        )
    if CriterionType.COEFFICIENT in types:
        yield (
            _("Dove si dà un coefficiente, moltiplica il massimo del criterio.")
            if together
            else _("Dove si dà un coefficiente, la media dei coefficienti moltiplica il massimo del criterio.")
        )
    if types & IN_POINTS and not together:
        if grid.composition is Composition.SUM:
            yield _("Dove si danno punti, quelli dei componenti si sommano.")
        else:
            yield _("Dove si danno punti, conta la media di quelli dei componenti.")
    yield from _pairs(grid, compared)
    if types - JUDGED:
        yield _("Le quantità e le risposte sì o no sono fatti: i componenti hanno trovato lo stesso, e i punti seguono da lì.")
    if CriterionType.FORMULA in types:
        yield _("Dove c'è una formula, la quantità si confronta con quelle di tutte le proposte valutate dell'area.")
    if CriterionType.PENALTY in types:
        yield _("Una penalità toglie punti: il totale può scendere sotto lo zero.")


def _pairs(grid: Grid, compared: Collection[str]) -> Iterator[str]:
    for criterion in grid.criteria:
        if criterion.pairwise is None:
            continue
        title = {"title": criterion.title}
        if criterion.code in compared:
            yield " ".join([_("«%(title)s» si confronta a coppie.") % title, comparison_words(), variant_words(criterion)])
        else:
            yield _(
                "«%(title)s» si confronta a coppie da %(fewest)s proposte in su: qui erano meno, "
                "e la media dei coefficienti moltiplica il massimo."
            ) % {**title, "fewest": criterion.pairwise.fewest}


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
    in_pairs = any(criterion.pairwise is not None for criterion in grid.criteria)
    points = {
        RoundingPoint.COEFFICIENT: _("il coefficiente di ogni componente") if coefficients else _("ciò che dà ogni componente"),
        RoundingPoint.MEAN: _("la media dei coefficienti")
        if coefficients
        else _("la somma dei punti")
        if grid.composition is Composition.SUM
        else _("la media di ciò che danno i componenti, e il coefficiente dei confronti a coppie")
        if in_pairs
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
