"""What each drawing shows, in words: its finding as a title, one sentence on how to read it, and its numbers as a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.templatetags.bando_ui import in_italian
from evaluation.figures import figure
from evaluation.plots.agree import agreement
from evaluation.plots.funnel import Stage, funnel
from evaluation.plots.heat import Part, heat, percent
from evaluation.plots.storm import storm
from evaluation.plots.tile import coverage
from evaluation.presentation import TableView
from evaluation.published import MarksOrder
from evaluation.rounding import published

DIGITS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """One drawing with its words. ``template`` draws ``drawing``; ``head`` and ``rows`` are the same numbers as a table, the
    first of each row naming it. Titles of the call stand in them marked as Italian."""

    code: str
    title: str
    summary: str
    drawing: Any
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def template(self) -> str:
        return f"evaluation/plots/_{self.code}.html"


def agree_told(table: TableView, hidden: Collection[str] = ()) -> Told | None:
    """Whether one member is always harder or softer. ``hidden``: numbers of proposals that the reader may not know of. ``None``
    where marks are nobody's, or of one alone."""
    if table.document["marks_order"] != MarksOrder.MEMBER:
        return None
    totals = [given for number, given in table.member_totals.items() if number not in hidden]
    drawing = agreement(table.document["commissioners"], totals)
    if drawing is None:
        return None
    if drawing.softest and drawing.hardest:
        title = _("In media %(softest)s dà %(points)s punti più di %(hardest)s") % {
            "softest": drawing.softest.name,
            "hardest": drawing.hardest.name,
            "points": _points(drawing.softest.shift - drawing.hardest.shift),
        }
    else:
        title = _("In media tutti i componenti danno gli stessi punti")
    return Told(
        "agree",
        title,
        _(
            "Ogni cerchio è una proposta: quanti punti il totale di quella persona è sopra o sotto la media di tutti. La barra arriva "
            "alla media dei suoi scarti."
        ),
        drawing,
        _("Quanto ciascuno è sopra o sotto la media di tutti"),
        [_("Componente"), _("Proposte"), _("Scarto medio"), _("Il più basso"), _("Il più alto")],
        [
            [row.name, str(len(row.dots)), *(_signed(value) for value in (row.shift, row.lowest, row.highest))]
            for row in drawing.rows
        ],
    )


def heat_told(table: TableView, hidden: Collection[str] = ()) -> Told | None:
    """Proposals by criteria. ``None`` where there is no proposal to show."""
    rows = [row for row in table.document["rows"] if row["application"] not in hidden]
    if not rows:
        return None
    criteria = table.grid.criteria
    parts = [
        [
            Part(
                Fraction(part["points"]["exact"]) / Fraction(criterion.max_points) if criterion.max_points else None,
                figure(part["points"]["published"]),
            )
            for criterion, part in zip(criteria, row["criteria"], strict=True)
        ]
        for row in rows
    ]
    labels = [row["body"] if row["position"] is None else f"{row['position']}. {row['body']}" for row in rows]
    drawing = heat(
        [criterion.letter or criterion.code for criterion in criteria],
        list(zip(labels, parts, strict=True)),
        [Fraction(criterion.max_points) for criterion in criteria],
    )
    if len(rows) == 1:
        title = _("Quanto ha preso la proposta su ogni criterio")
    elif drawing.widest is None:
        title = _("Le proposte hanno gli stessi punti su ogni criterio")
    else:
        widest = in_italian(table.columns[drawing.widest].name)
        title = format_html(_("Le proposte si distinguono di più su «{criterion}»"), criterion=widest)
    return Told(
        "heat",
        title,
        _(
            "Il numero in ogni cella è la parte dei punti massimi che la proposta ha preso, in percentuale: più scuro vuol dire di più. "
            "Di una penalità si leggono i punti."
        ),
        drawing,
        _("Punti di ogni proposta su ogni criterio"),
        [_("Ente"), *(in_italian(column.name) for column in table.columns)],
        [
            [label, *(part.points if part.share is None else f"{part.points} ({percent(part.share)}%)" for part in own)]
            for label, own in zip(labels, parts, strict=True)
        ],
    )


def funnel_told(stages: Sequence[Stage]) -> Told:
    """``stages`` of ``begun``, ``sent``, ``admitted``, ``ranked``, ``selected``: as far as they are known, in that order."""
    names = {
        "begun": _("Iniziate"),
        "sent": _("Inviate"),
        "admitted": _("Ammesse"),
        "ranked": _("Sopra la soglia"),
        "selected": _("Selezionate"),
    }
    drawing = funnel(stages)
    if drawing.steepest:
        title = _lost(drawing.steepest.code, drawing.steepest.lost)
    elif any(stage.count for stage in stages):
        title = _("Nessuna domanda si è persa per strada")
    else:
        title = _("Ancora nessuna domanda")
    return Told(
        "funnel",
        title,
        _("Una barra per ogni passaggio, con quante domande ci sono arrivate."),
        {"bars": [(names[bar.code], bar) for bar in drawing.bars], "width": drawing.width, "height": drawing.height},
        _("Domande a ogni passaggio"),
        [_("Passaggio"), _("Domande"), _("In meno rispetto a prima")],
        [[names[bar.code], str(bar.count), str(bar.lost)] for bar in drawing.bars],
    )


def _lost(code: str, n: int) -> str:
    match code:
        case "sent":
            words = ngettext("%(n)s domanda iniziata non è stata inviata", "%(n)s domande iniziate non sono state inviate", n)
        case "admitted":
            words = ngettext("%(n)s domanda inviata non è stata ammessa", "%(n)s domande inviate non sono state ammesse", n)
        case "ranked":
            words = ngettext("%(n)s proposta ammessa non è in graduatoria", "%(n)s proposte ammesse non sono in graduatoria", n)
        case _:
            words = ngettext("%(n)s proposta in graduatoria è senza posto", "%(n)s proposte in graduatoria sono senza posto", n)
    return words % {"n": n}


def storm_told(before: Sequence[int], *, now: int) -> Told:
    """``before`` and ``now`` as in :func:`evaluation.plots.storm.storm`."""
    drawing = storm(before, now=now)
    ticks = [_("14 giorni"), _("3 giorni"), _("24 ore"), _("3 ore"), _("1 ora"), _("10 minuti"), _("scadenza")]
    if not drawing.total:
        title = _("Ancora nessuna domanda inviata") if now else _("Nessuna domanda inviata")
    elif now > 86400:
        title = ngettext("%(n)s domanda inviata finora", "%(n)s domande inviate finora", drawing.total) % {"n": drawing.total}
    else:
        part = {"n": drawing.last_day, "total": drawing.total}
        title = _("Nelle ultime 24 ore: %(n)s domande su %(total)s") % part
    return Told(
        "storm",
        title,
        _(
            "La linea sale di uno a ogni domanda inviata. Ogni tratto dell'asse è lungo uguale: gli ultimi minuti si vedono bene."
        ),
        {"storm": drawing, "ticks": list(zip(ticks, drawing.ticks, strict=True))},
        _("Domande inviate, per quanto mancava alla scadenza"),
        [_("Quanto mancava"), _("Domande inviate fino ad allora")],
        [
            [tick, _("deve ancora venire") if known.by is None else str(known.by)]
            for tick, known in zip(ticks, drawing.ticks, strict=True)
        ],
    )


def tile_told(proposed: Mapping[int, int], chosen: Mapping[int, int] | None, asked: Collection[int]) -> Told:
    """Coverage of the Municipi; ``chosen`` is ``None`` before the ranking."""
    drawing = coverage(proposed, chosen, asked)
    if drawing.without:
        title = _("Senza proposte: %(municipi)s") % {"municipi": _municipi(drawing.without)}
    elif drawing.unchosen:
        title = _("Senza proposte selezionate: %(municipi)s") % {"municipi": _municipi(drawing.unchosen)}
    elif chosen is None:
        title = _("Ogni Municipio ha almeno una proposta")
    else:
        title = _("Ogni Municipio ha almeno una proposta selezionata")
    head, rows = [_("Municipio"), _("Proposte")], [[str(tile.municipio), str(tile.proposed)] for tile in drawing.by_number]
    if chosen is None:
        summary = _(
            "È uno schema, non una mappa: il Municipio 1 è al centro. Ogni cerchio è una proposta; un riquadro a righe non ne ha."
        )
    else:
        summary = _(
            "È uno schema, non una mappa: il Municipio 1 è al centro. Un cerchio pieno è una proposta selezionata, uno vuoto è una "
            "proposta che non lo è; un riquadro a righe non ne ha."
        )
        head.append(_("Selezionate"))
        rows = [[*row, str(tile.chosen)] for row, tile in zip(rows, drawing.by_number, strict=True)]
    return Told("tile", title, summary, drawing, _("Proposte in ogni Municipio"), head, rows)


def _municipi(numbers: Sequence[int]) -> str:
    words = _and([str(number) for number in numbers])
    return ngettext("Municipio %(numbers)s", "Municipi %(numbers)s", len(numbers)) % {"numbers": words}


def _and(words: Sequence[str]) -> str:
    *first, last = words
    return _("%(first)s e %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _points(value: Fraction) -> str:
    return figure(str(published(value, DIGITS)))


def _signed(value: Fraction) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{_points(abs(value))}"
