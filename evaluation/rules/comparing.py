"""Who compares proposals two by two, on which criterion, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.grid import Criterion, Pairwise
from evaluation.comparing import compares_pairs
from evaluation.figures import short_figure
from evaluation.methods import UNIT
from evaluation.models import Comparison, Member, Preference
from evaluation.pairwise import GREATEST, LEAST
from evaluation.progress import STILL_TO_CHECK, latest_declarations
from evaluation.ties import acting_for
from workflow.transition import Attempt


def to_compare(call: Call, area_code: str) -> QuerySet[Application]:
    """The proposals that are compared with each other: those still admitted, by number."""
    return Application.objects.filter(call=call, area_code=area_code, state=S.ADMITTED).order_by("number")


def criterion_of(row: Comparison) -> Criterion:
    return next(c for c in row.call.notice.grid_for(row.area_code).criteria if c.code == row.criterion)


def pairs_of(applications: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each two once, in the order of the triangular table: the first with all that follow it, and so on."""
    return list(combinations(applications, 2))


def area_is_open_to_comparisons(attempt: Attempt) -> str | None:
    """The list of the admitted is complete, and the evaluation is not closed."""
    row: Comparison = attempt.row
    states = set(
        Application.objects.filter(call=row.call, area_code=row.area_code, state__in=[*STILL_TO_CHECK, S.ADMITTED])
        .order_by()
        .values_list("state", flat=True)
        .distinct()
    )
    if states & set(STILL_TO_CHECK):
        return _("L'ufficio sta ancora verificando le domande di quest'area. Potrai confrontarle quando l'elenco è completo.")
    if S.ADMITTED not in states:
        return _("La valutazione di quest'area è chiusa: i confronti non cambiano più.")
    return None


def pairs_are_compared(attempt: Attempt) -> str | None:
    """The call compares on this criterion, with so many proposals."""
    row: Comparison = attempt.row
    criterion, found = criterion_of(row), to_compare(row.call, row.area_code).count()
    if found and not compares_pairs(criterion, found):
        return ngettext(
            "La proposta ammessa è %(n)s e l'avviso confronta a coppie da %(fewest)s in su: dai un coefficiente nella scheda.",
            "Le proposte ammesse sono %(n)s e l'avviso confronta a coppie da %(fewest)s in su: dai un coefficiente nella scheda.",
            found,
        ) % {"n": found, "fewest": criterion.pairwise.fewest}
    return None


def is_free_in_the_area(attempt: Attempt) -> str | None:
    """Only who has no conflict with any proposal of the area compares them: a table with holes would weigh on the others."""
    row: Comparison = attempt.row
    return against_comparing(row.member, to_compare(row.call, row.area_code))


def against_comparing(member: Member, proposals: QuerySet[Application]) -> str | None:
    said = latest_declarations([member], proposals)
    if any(said.values()):
        return _(
            "Hai dichiarato un conflitto con un ente di quest'area: non fai i confronti, "
            "perché ogni proposta si confronta con tutte le altre. Li fanno gli altri componenti."
        )
    if acting_for([member], proposals):
        return _("Nei nostri dati lavori per un ente di quest'area: dichiara il conflitto. I confronti li fanno gli altri.")
    if len(said) < proposals.count():
        return _("Prima di confrontare le proposte, dichiara se hai rapporti con gli enti di quest'area.")
    return None


def every_pair_is_there(attempt: Attempt) -> str | None:
    """Pairs with a proposal that is no longer admitted are not counted."""
    row: Comparison = attempt.row
    wanted = len(pairs_of(range(to_compare(row.call, row.area_code).count())))
    lacking = wanted - standing(row).count()
    if lacking:
        return ngettext("Manca %(n)s coppia su %(all)s.", "Mancano %(n)s coppie su %(all)s.", lacking) % {
            "n": lacking,
            "all": wanted,
        }
    return None


def standing(row: Comparison) -> QuerySet[Preference]:
    """Its pairs of proposals that are still compared."""
    proposals = to_compare(row.call, row.area_code).order_by().values("pk")
    return Preference.objects.filter(comparison=row.pk, first__in=proposals, second__in=proposals)


def degrees(rules: Pairwise) -> list[int]:
    """The degrees of a preference in ten-thousandths, from the least to the greatest."""
    return list(range(LEAST, GREATEST + 1, UNIT // 2 if rules.halves else UNIT))


def degree_problem(rules: Pairwise, prefers: str, units: int) -> str | None:
    """Why one cell can't hold this; parity has no degree."""
    if prefers == Preference.Prefers.NEITHER or units in degrees(rules):
        return None
    return _("%(degree)s non è un grado di preferenza. Scegli tra: %(degrees)s.") % {
        "degree": short_figure(Decimal(units) / UNIT),
        "degrees": ", ".join(short_figure(Decimal(degree) / UNIT) for degree in degrees(rules)),
    }
