"""The network in figures: what its Spazi have told, summed up, with a drawing and a table for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.templatetags.bando_ui import euro, in_italian
from evaluation.plots.telling import Told
from evaluation.plots.tile import coverage
from network.models import Agreement, Report, Space
from network.plots import Given, bars
from network.report_figures import TOLD, foreseen
from network.reporting import minutes_of, read_expenses, read_work
from network.states import SpaceState

MUNICIPI = range(1, 10)


class Bars(Told):
    @property
    def template(self) -> str:
        return "network/plots/_bars.html"


class Places(Told):
    @property
    def template(self) -> str:
        return "network/plots/_places.html"


@dataclass(frozen=True, slots=True)
class SpaceFigures:
    """What the reports of one Spazio say in all. Minutes are of work; ``reports`` is how many were sent, ``moved`` how many of the
    requests another Spazio had before and counts too."""

    space: Space
    reports: int
    visits: int
    requests: int
    moved: int
    paid_minutes: int
    volunteer_minutes: int
    spent_cents: int
    own_cents: int


@dataclass(frozen=True, slots=True)
class Network:
    spaces: tuple[SpaceFigures, ...]
    states: Sequence[tuple[str, int]]
    plots: Sequence[Told]

    def total(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.spaces)


def told_reports() -> Any:
    """Every report that was sent, with what the export says of it, in order of Spazio and term."""
    rows = Report.objects.filter(state__in=TOLD).select_related("space__partnership__organisation", "term__agreement")
    return rows.order_by("space__name", "term__number")


def network() -> Network:
    """Read everything: as many queries for one Spazio as for fifty."""
    spaces = list(Space.objects.filter(partnership__isnull=False).select_related("partnership__organisation"))
    reports: dict[Any, list[Report]] = {}
    for report in told_reports():
        reports.setdefault(report.space_id, []).append(report)
    rows = tuple(_figures(space, reports.get(space.pk, ())) for space in spaces)
    agreements = Agreement.objects.filter(partnership__isnull=False).select_related(
        "application__call__version", "application__current__call_version", "application__organisation", "project"
    )
    states = Counter(space.state for space in spaces)
    return Network(
        rows,
        [(SpaceState(state).label, states[state]) for state in SpaceState.values if states[state]],
        [_coverage(spaces), *_visits(rows), *_budgets(agreements, reports)],
    )


def _figures(space: Space, reports: Sequence[Report]) -> SpaceFigures:
    work = [row for report in reports for row in read_work(report.hours)]
    spent = [row for report in reports for row in read_expenses(report.expenses)]
    return SpaceFigures(
        space,
        len(reports),
        sum(report.visits or 0 for report in reports),
        sum(report.requests.get("received", 0) for report in reports),
        sum(report.requests.get("moved", 0) for report in reports),
        minutes_of(work, volunteers=False),
        minutes_of(work, volunteers=True),
        sum(row.spent_cents for row in spent),
        sum(row.own_cents for row in spent),
    )


def _coverage(spaces: Iterable[Space]) -> Told:
    there = [space for space in spaces if space.municipio and space.state != SpaceState.CLOSED]
    planned = Counter(space.municipio for space in there)
    opened = Counter(space.municipio for space in there if space.state == SpaceState.OPEN)
    drawing = coverage(planned, opened, MUNICIPI)
    empty = [str(number) for number in MUNICIPI if not opened[number]]
    title = (
        ngettext("Senza Spazi aperti: Municipio %(numbers)s", "Senza Spazi aperti: Municipi %(numbers)s", len(empty))
        % {"numbers": ", ".join(empty)}
        if empty
        else _("Ogni Municipio ha almeno uno Spazio aperto")
    )
    return Places(
        "tile",
        title,
        _(
            "È uno schema, non una mappa: il Municipio 1 è al centro. Un cerchio pieno è uno Spazio aperto, uno vuoto deve aprire."
        ),
        drawing,
        _("Spazi in ogni Municipio"),
        [_("Municipio"), _("Spazi"), _("Aperti")],
        [[str(number), str(planned[number]), str(opened[number])] for number in MUNICIPI],
    )


def _visits(rows: Sequence[SpaceFigures]) -> Iterator[Told]:
    told = sorted((row for row in rows if row.reports), key=lambda row: (-row.visits, row.space.name))
    if not told:
        return
    everybody = sum(row.visits for row in told)
    yield Bars(
        "visits",
        ngettext("%(n)s persona è passata negli Spazi", "%(n)s persone sono passate negli Spazi", everybody) % {"n": everybody},
        _("Una barra per Spazio, con le visite di tutti i rendiconti inviati."),
        bars([Given(row.space.name, row.visits, str(row.visits)) for row in told]),
        _("Visite per Spazio"),
        [_("Spazio"), _("Rendiconti"), _("Visite")],
        [[in_italian(row.space.name), str(row.reports), str(row.visits)] for row in told],
    )


def _budgets(agreements: Iterable[Agreement], reports: dict[Any, list[Report]]) -> Iterator[Told]:
    """Agreements of one project spend one budget: they are one bar, with the names of their bodies."""
    spent: Counter[Any] = Counter()
    for told in reports.values():
        for report in told:
            spent[report.term.agreement_id] += sum(row.spent_cents for row in read_expenses(report.expenses))
    together: dict[Any, list[Agreement]] = {}
    for agreement in agreements:
        together.setdefault(agreement.project.project_id if agreement.project else agreement.pk, []).append(agreement)
    given = []
    for rows in together.values():
        planned = sum(item.total_cents for item in foreseen(max(rows, key=_version)))
        if planned:
            bodies = ", ".join(row.application.organisation.name for row in rows)
            cents = sum(spent[row.pk] for row in rows)
            given.append(Given(bodies, cents, euro(cents), planned))
    if not given:
        return
    given.sort(key=lambda row: row.label)
    beyond = [row.label for row in given if row.mark is not None and row.value > row.mark]
    yield Bars(
        "budgets",
        _("Oltre il piano economico: %(bodies)s") % {"bodies": ", ".join(beyond)}
        if beyond
        else _("Nessuna convenzione ha speso più del piano economico"),
        _("La barra è quanto è stato speso secondo i rendiconti inviati, il segno nero quanto il piano prevede in tutto."),
        bars(given),
        _("Spese per convenzione"),
        [_("Ente"), _("Previsto"), _("Speso")],
        [[in_italian(row.label), euro(row.mark or 0), row.text] for row in given],
    )


def _version(agreement: Agreement) -> int:
    return agreement.project.number if agreement.project else 0
