"""The published document as a reader sees it: figures in the language of the page, every decision in words.

Everything is read from the document alone, so that the public page, the preview of the office and the PDF can't differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bando.notice.grid import (
    Comparison,
    Composition,
    Criterion,
    CriterionType,
    Grid,
    Rescaling,
    TieStepKind,
)
from evaluation.agreement import Spread, spreads
from evaluation.derivation import Measures, is_rescaled, measures, steps, total_steps
from evaluation.figures import day_words, figure, short_figure
from evaluation.method_words import composition, only_coefficients, roundings, thresholds
from evaluation.methods import UNIT, given_by
from evaluation.published import Document, MarksOrder, as_2
from evaluation.published_grid import grid_from_json
from evaluation.ranking import FELL_OUT, LinkKind, Outcome
from evaluation.rounding import published
from evaluation.scoring import COMPARED, ThresholdOn
from evaluation.strip import Entry, Strip, strip
from evaluation.words import label_of, points_counted, range_words, value_words
from workflow.personal_data import found_in


def outcome_words(outcome: str) -> str:
    """The outcome as the public reads it."""
    match Outcome(outcome):
        case Outcome.SELECTED:
            return _("Selezionata")
        case Outcome.WAITING:
            return _("Idonea, in lista d'attesa")
        case Outcome.TIE_PENDING:
            return _("Parità sull'ultimo posto: nessuna di queste proposte è ancora selezionata")
        case Outcome.BELOW_THRESHOLD:
            return _("Sotto la soglia")
        case Outcome.EXCLUDED:
            return _("Esclusa")
        case Outcome.RENOUNCED:
            return _("Ha rinunciato")
        case Outcome.FORFEITED:
            return _("Decaduta")


@dataclass(frozen=True, slots=True)
class Column:
    """``heading`` and ``worth`` say what a criterion is worth: ``su 20`` and ``fino a 20 punti``, or what it takes away."""

    code: str
    letter: str
    title: str
    heading: str
    worth: str

    @property
    def name(self) -> str:
        return f"{self.letter} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Cell:
    code: str
    points: str


@dataclass(frozen=True, slots=True)
class GivenMark:
    """What a member found, with the ``level`` that it stands for; ``level`` is ``None`` for a member who did not mark this
    proposal. Where pairs were compared, the value are the points of the member's table."""

    member: str
    value: str
    level: str | None


@dataclass(frozen=True, slots=True)
class Derivation:
    """How the points of one proposal on one criterion come about, figure by figure."""

    column: Column
    marks: list[GivenMark]
    steps: list[str]
    points: str


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the table. ``total_raw`` is the total before any rescaling, and ``total_steps`` say what that did to its
    blocks and total; ``tied_with`` are the others at the same position; ``lot`` is the title of its lot, if there are lots."""

    number: str
    position: int | None
    outcome: str
    words: str
    body: str
    title: str
    cells: list[Cell]
    total: str
    total_exact: str
    total_raw: str
    total_steps: list[str]
    tied_with: list[str]
    reasons: list[str]
    flags: list[str]
    lot: str

    @property
    def css(self) -> str:
        if self.outcome == Outcome.SELECTED:
            return "is-winner"
        return "is-excluded" if self.position is None else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the table: the name of a lot, the end of the places, the threshold, or those who fell out."""

    kind: str
    text: str


class TableView:
    """One published (or previewed) ranking, of any schema that was ever published. Every text is in the active language."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = as_2(document)
        self.grid: Grid = grid_from_json(document["grid"])

    # The table

    @cached_property
    def columns(self) -> list[Column]:
        return [Column(c.code, c.letter, c.title, _heading(c), range_words(c)) for c in self.grid.criteria]

    @cached_property
    def width(self) -> int:
        """Columns of the table in all."""
        return len(self.columns) + 4

    @cached_property
    def has_titles(self) -> bool:
        return any(row["title"] for row in self.document["rows"])

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(row) for row in self.document["rows"]]

    @cached_property
    def lines(self) -> list[Row | Rule]:
        """The rows with the rules that cross the table between them."""
        if not self.document["lots"]:
            return list(self._lines(self.rows, self.document))
        found: list[Row | Rule] = []
        for lot in self.document["lots"]:
            rows = [row for row, item in zip(self.rows, self.document["rows"], strict=True) if item["lot"] == lot["code"]]
            found.append(Rule("table-light fw-bold", f"{lot['title']}: {_places_words(lot['places'])}."))
            found += self._lines(rows, lot)
        return found

    def _lines(self, rows: Sequence[Row], of: Mapping[str, Any]) -> Iterator[Row | Rule]:
        """``of`` is the area or the lot whose places end somewhere."""
        before, places = "", None if of["places"] is None else of["places"] - of["vacated"]
        for row in rows:
            first_out = row.outcome in FELL_OUT and before not in FELL_OUT
            if places is not None and row.outcome == Outcome.WAITING and before not in ("", Outcome.WAITING):
                yield Rule("bando-cut", _("Qui finiscono i posti: %(places)s.") % {"places": _places_words(places)})
            if row.outcome == Outcome.BELOW_THRESHOLD and before != Outcome.BELOW_THRESHOLD:
                yield Rule("bando-threshold", self.threshold_line)
            if first_out:
                yield Rule("table-light", _("Uscite dopo la valutazione."))
            yield row
            before = row.outcome

    @cached_property
    def maximum(self) -> str:
        return short_figure(self.grid.max_points)

    # What is said around it

    @cached_property
    def summary(self) -> list[str]:
        """What came out, in sentences: places filled, left empty, contested, waiting list; lot by lot where there are lots."""
        rows = self.document["rows"]
        found = [ngettext("%(n)s proposta valutata.", "%(n)s proposte valutate.", len(rows)) % {"n": len(rows)}]
        if lots := self.document["lots"]:
            for lot in lots:
                within = [row for row in rows if row["lot"] == lot["code"]]
                found.append(f"{lot['title']}: {' '.join(_came_out(within, lot))}")
        else:
            found += _came_out(rows, self.document)
        if reason := self.document["unfilled_reason"]:
            found.append(_("Perché restano posti liberi: %(reason)s") % {"reason": reason})
        return found

    @cached_property
    def threshold_line(self) -> str:
        needed = thresholds(self.grid)
        if not needed:
            return _("Sotto la soglia")
        return _("Soglia: %(thresholds)s.") % {"thresholds": "; ".join(needed)}

    @cached_property
    def method(self) -> list[str]:
        """How it was computed, in sentences, from the rules in the document and nothing else."""
        return list(self._method())

    @cached_property
    def links(self) -> list[str]:
        """The tie chain of the call, in words."""
        return [self._link_words(str(step.kind), step.code) for step in self.grid.tie_chain]

    @cached_property
    def act_words(self) -> str:
        act = self.document["act"]
        if act is None:
            return ""
        return _("atto n. %(number)s del %(day)s") % {
            "number": act["number"],
            "day": day_words(date.fromisoformat(act["date"])),
        }

    # What the office looks at before it publishes

    def derivations(self, number: str) -> list[Derivation]:
        """How each number of a proposal comes about; empty for a number that is not in the ranking."""
        row = next((row for row in self.document["rows"] if row["application"] == number), None)
        return [] if row is None else [self._derivation(row, index) for index in range(len(self.columns))]

    @cached_property
    def rescales(self) -> bool:
        return bool(self.grid.rescaling)

    def row(self, number: str) -> Row | None:
        return next((row for row in self.rows if row.number == number), None)

    @cached_property
    def member_totals(self) -> dict[str, list[Fraction | None]]:
        """Application to the total that each member alone gave it, without any rounding or rescaling; ``None`` for who did
        not mark it. Nobody's where the marks are sorted: those at one place may be of several members."""
        found = {}
        for row in self.document["rows"]:
            totals: list[Fraction | None] = []
            for index in range(len(self.document["commissioners"])):
                marks = [given[index] for given in row["marks"].values()]
                absent = bool(marks) and all(mark is None for mark in marks)
                totals.append(None if absent else self._total_of(row, index))
            found[row["application"]] = totals
        return found

    def _total_of(self, row: Document, member: int) -> Fraction:
        """As if every member had judged like this one: facts and formulas are the same for all, and so are pairs for who has
        no table of them."""
        total = Fraction(0)
        for criterion, part in zip(self.grid.criteria, row["criteria"], strict=True):
            best = self._measures.pairs.get(criterion.code)
            if best is not None and (greatest := best.given[member]) is not None:
                total += Fraction(part["given"][member]) / greatest * Fraction(criterion.max_points)
            elif best is not None or not criterion.is_judged:
                total += Fraction(part.get("raw", part["points"])["exact"])
            else:
                times = self.document["seats"] if self.grid.composition is Composition.SUM else 1
                given = given_by(criterion, _units(row["marks"][criterion.code][member]))
                total += (given or Fraction(0)) * times
        return total

    @cached_property
    def members(self) -> list[str]:
        """Who gave the marks of each row, in their order: as the document calls them, or by a number that says nothing where the
        marks are sorted."""
        if self.document["marks_order"] == MarksOrder.MEMBER:
            return list(self.document["commissioners"])
        return [_("Punteggio %(n)s") % {"n": number} for number in range(1, self.document["seats"] + 1)]

    @cached_property
    def tells_roles(self) -> bool:
        """Whether members stand in the document by their roles: not by name, not without one, and not all as one."""
        labels = self.document["commissioners"]
        return bool(labels) and all(label == "Presidente" or label.startswith("Commissario ") for label in labels)

    @cached_property
    def spread(self) -> dict[str, Spread]:
        """By application; empty where the marks tell nobody's from another's."""
        given = {number: [t for t in totals if t is not None] for number, totals in self.member_totals.items()}
        return spreads({number: totals for number, totals in given.items() if totals})

    @cached_property
    def strip(self) -> Strip:
        threshold = self.grid.threshold
        return strip(
            [
                Entry(
                    label=f"{'–' if row['position'] is None else row['position']}  {_shortened(row['body'])}",
                    totals=self.member_totals[row["application"]],
                    total=Fraction(row["total"].get("raw", row["total"])["exact"]),
                    tied=row["tied"],
                    below=row["position"] is None,
                    lot=row["lot"],
                )
                for row in self.document["rows"]
            ],
            maximum=Fraction(self.grid.max_points),
            threshold=None if threshold is None else Fraction(threshold),
        )

    @cached_property
    def strip_title(self) -> str:
        """The finding, as the title of the drawing."""
        if len(self.document["commissioners"]) < 2:
            return _("Il totale di ogni proposta")
        discordant = sum(spread.discordant for spread in self.spread.values())
        if discordant:
            return ngettext(
                "I componenti sono molto distanti su %(n)s proposta",
                "I componenti sono molto distanti su %(n)s proposte",
                discordant,
            ) % {"n": discordant}
        return _("I componenti sono vicini tra loro su tutte le proposte")

    @cached_property
    def strip_rows(self) -> list[dict[str, Any]]:
        """The numbers of the strip, for its table."""
        digits = self.grid.published_digits
        return [
            {
                "body": row.body,
                "totals": [
                    "–" if total is None else figure(_rounded(total, digits)) for total in self.member_totals[row.number]
                ],
                "total": row.total_raw,
                "gap": figure(_rounded(self.spread[row.number].gap, digits)) if row.number in self.spread else "–",
            }
            for row in self.rows
        ]

    @cached_property
    def personal_data(self) -> list[str]:
        """Sentences about texts that seem to hold a person's data; empty when there are none."""
        kinds = {
            "email": _("un indirizzo e-mail"),
            "iban": _("un IBAN"),
            "tax_code": _("un codice fiscale di persona"),
            "phone": _("un numero di telefono"),
        }
        return [
            _("La domanda %(number)s sembra contenere %(what)s: «%(text)s».")
            % {"number": row["application"], "what": ", ".join(kinds[kind] for kind in found), "text": text}
            for row in self.document["rows"]
            for text in (row["body"], row["title"])
            if (found := found_in(text))
        ]

    # Inside

    def _row(self, row: Document) -> Row:
        tied_with = next(
            (
                [number for number in tie["applications"] if number != row["application"]]
                for tie in self.document["ties"]
                if row["application"] in tie["applications"]
            ),
            [],
        )
        reasons = [
            left["reason"] for left in self.document["out"] if left["application"] == row["application"] and left["reason"]
        ]
        reasons += [self._missed(missed) for missed in row["explanation"]["below"]]
        if (behind := row["explanation"]["behind"]) is not None:
            reasons.append(self._behind(behind))
        return Row(
            number=row["application"],
            position=row["position"],
            outcome=row["outcome"],
            words=outcome_words(row["outcome"]),
            body=row["body"],
            title=row["title"],
            cells=[Cell(part["code"], figure(part["points"]["published"])) for part in row["criteria"]],
            total=figure(row["total"]["published"]),
            total_exact=row["total"]["exact"],
            total_raw=figure(row["total"].get("raw", row["total"])["published"]),
            total_steps=list(total_steps(self.grid, row, self._measures)),
            tied_with=tied_with,
            reasons=reasons,
            flags=list(self._flags(row, tied_with)),
            lot=next((lot["title"] for lot in self.document["lots"] if lot["code"] == row["lot"]), ""),
        )

    def _flags(self, row: Document, tied_with: list[str]) -> Iterator[str]:
        for missed in row["explanation"]["below"]:
            yield self._missed(missed)
        if row["outcome"] == Outcome.TIE_PENDING:
            yield _(
                "Parità sull'ultimo posto con %(others)s: nessuna è selezionata finché non decide il sorteggio o un atto."
            ) % {"others": ", ".join(tied_with)}
        elif tied_with:
            yield _("Parità con %(others)s: stesso posto.") % {"others": ", ".join(tied_with)}
        spread = self.spread.get(row["application"])
        if spread is not None and spread.discordant:
            digits = self.grid.published_digits
            yield _("Scarto alto tra i componenti: da %(low)s a %(high)s. Sono più distanti qui che le proposte tra loro.") % {
                "low": figure(_rounded(spread.lowest, digits)),
                "high": figure(_rounded(spread.highest, digits)),
            }
        unmarked = [
            label
            for label, total in zip(self.document["commissioners"], self.member_totals[row["application"]], strict=True)
            if total is None
        ]
        lacking = next((given.count(None) for given in row["marks"].values()), 0)
        if unmarked:
            members = {"members": ", ".join(unmarked)}
            if self.grid.composition is Composition.SUM:
                yield _("Senza il punteggio di: %(members)s. La somma degli altri è riportata a tutti i componenti.") % members
            else:
                yield _("Senza il punteggio di: %(members)s. La media è fatta sugli altri.") % members
        elif lacking:
            yield ngettext(
                "Senza il punteggio di %(n)s componente, in conflitto di interessi.",
                "Senza il punteggio di %(n)s componenti, in conflitto di interessi.",
                lacking,
            ) % {"n": lacking}

    def _missed(self, missed: Document) -> str:
        figures = {"points": figure(missed["points"]["published"]), "threshold": short_figure(Decimal(missed["threshold"]))}
        match ThresholdOn(missed["on"]):
            case ThresholdOn.TOTAL:
                return _("Totale %(points)s, la soglia è %(threshold)s.") % figures
            case ThresholdOn.BLOCK:
                return _("%(title)s: %(points)s punti, la soglia è %(threshold)s.") % {
                    **figures,
                    "title": self._block(missed["code"]),
                }
            case ThresholdOn.CRITERION:
                return _("%(title)s: %(points)s punti, la soglia è %(threshold)s.") % {
                    **figures,
                    "title": self._criterion(missed["code"]),
                }

    def _behind(self, behind: Document) -> str:
        values = {
            "position": behind["position"],
            "own": figure(behind["own"]["published"]),
            "other": figure(behind["other"]["published"]),
        }
        match LinkKind(behind["link"]["kind"]):
            case LinkKind.TOTAL:
                return _("Dopo il posto %(position)s per il totale: %(own)s contro %(other)s.") % values
            case LinkKind.DRAW:
                return _("Dopo il posto %(position)s per il sorteggio: estratta per %(own)sª, l'altra per %(other)sª.") % values
            case LinkKind.BLOCK | LinkKind.CRITERION as kind:
                code = behind["link"]["code"]
                title = self._block(code) if kind is LinkKind.BLOCK else self._criterion(code)
                return _("Stesso totale del posto %(position)s, ma meno punti in «%(title)s»: %(own)s contro %(other)s.") % {
                    **values,
                    "title": title,
                }

    def _derivation(self, row: Document, index: int) -> Derivation:
        column, part = self.columns[index], row["criteria"][index]
        criterion = self.grid.criteria[index]
        marks = [None if mark is None else _units(mark) for mark in row["marks"].get(column.code, ())]
        made = [mark for mark in marks if mark is not None]
        if column.code in self._measures.pairs:
            given = [
                GivenMark(label, _("non ha confrontato") if points is None else points_counted(Fraction(points)), "")
                for label, points in zip(self.members, part["given"], strict=True)
            ]
        else:
            given = [
                GivenMark(
                    label,
                    "" if mark is None else value_words(criterion, mark),
                    None if mark is None else label_of(self.grid, criterion, mark),
                )
                for label, mark in zip(self.members, marks, strict=True)
            ]
        return Derivation(
            column=column,
            marks=given,
            steps=list(steps(self.grid, criterion, part, made, self._measures, rescaled=is_rescaled(row, self._measures))),
            points=figure(part["points"]["published"]),
        )

    @cached_property
    def _measures(self) -> Measures:
        return measures(self.document, self.grid)

    def _block(self, code: str) -> str:
        return next(block.title for block in self.grid.blocks if block.code == code)

    def _criterion(self, code: str) -> str:
        return next(column.name for column in self.columns if column.code == code)

    def _link_words(self, kind: str, code: str) -> str:
        match TieStepKind(kind):
            case TieStepKind.BLOCK:
                return _("più punti in «%(title)s»") % {"title": self._block(code)}
            case TieStepKind.CRITERION:
                return _("più punti in «%(title)s»") % {"title": self._criterion(code)}
            case TieStepKind.DRAW:
                return _("sorteggio pubblico")

    def _rescaling(self) -> Iterator[str]:
        if not self.rescales:
            return
        names = {
            Rescaling.CRITERION: _("ogni criterio"),
            Rescaling.BLOCK: _("ogni gruppo di criteri"),
            Rescaling.TOTAL: _("il totale"),
        }
        what = ", ".join(names[step] for step in self.grid.rescaling)
        yield _(
            "Dopo le soglie si riparametra (%(what)s): la proposta migliore prende il massimo, le altre in proporzione. "
            "Chi è sotto una soglia non entra nel confronto e tiene i suoi punti. "
            "Dove il totale è cambiato c'è scritto quanto era prima."
        ) % {"what": what}
        if self.grid.rescales_alone:
            yield _("Si riparametra anche una proposta sola sopra le soglie, perché l'avviso lo dice.")
            if self._measures.total is None:
                yield _("Qui non c'erano proposte sopra le soglie: niente è stato riparametrato.")
        elif self._measures.total is None:
            yield _("Qui non c'erano due proposte sopra le soglie da confrontare: niente è stato riparametrato.")

    def _method(self) -> Iterator[str]:
        yield from composition(self.grid, self.document["pairs"])
        if any(None in marks for row in self.document["rows"] for marks in row["marks"].values()):
            if self.grid.composition is Composition.SUM:
                yield _(
                    "Chi ha dichiarato un conflitto di interessi non ha valutato quella proposta: "
                    "la somma degli altri è riportata a tutti i componenti."
                )
            else:
                yield _("Chi ha dichiarato un conflitto di interessi non ha valutato quella proposta: la media è sugli altri.")
        if any(None in tables for tables in self.document["pairs"].values()):
            yield _("Chi è in conflitto con una delle proposte non ha confrontato le coppie: contano i confronti degli altri.")
        if self.document["marks_order"] == MarksOrder.SORTED:
            yield _("I punteggi di ogni criterio sono in ordine, dal più alto: non si dice di chi sono.")
        if self.document["out"]:
            if self.rescales or any(criterion.type in COMPARED for criterion in self.grid.criteria):
                yield _(
                    "Chi è uscito dopo la valutazione non ha un posto, ma le altre proposte restano misurate anche con la sua."
                )
            else:
                yield _("Chi è uscito dopo la valutazione non ha un posto.")
        if only_coefficients(self.grid):
            yield _("I punti sono il coefficiente per il massimo del criterio. Il totale è la loro somma.")
        else:
            yield _("Il totale è la somma dei punti di tutti i criteri.")
        yield from roundings(self.grid)
        if not self.grid.rounding:
            yield _("Nessun numero è arrotondato nel calcolo: le cifre con la virgola servono solo a leggere.")
        if needed := thresholds(self.grid):
            yield _("Per entrare in graduatoria servono: %(thresholds)s.") % {"thresholds": "; ".join(needed)}
        yield from self._rescaling()
        if self.grid.comparison is Comparison.EXACT:
            yield _("L'ordine e le parità si decidono sui numeri esatti, prima di ogni arrotondamento.")
        else:
            yield _("L'ordine e le parità si decidono sui numeri pubblicati, come si leggono qui.")
        if self.links:
            yield _("A parità di totale decide, in ordine: %(links)s.") % {"links": ", ".join(self.links)}
        for draw in filter(itemgetter("value"), self.document["draws"]):
            yield _("Al sorteggio ha deciso «%(value)s» (%(source)s): l'elenco delle proposte pari era già fissato.") % draw
        yield _("Chi resta pari ha lo stesso posto: non decide mai l'ordine di arrivo.")


def _places_words(places: int | None) -> str:
    if places is None:
        return _("nessun limite di posti")
    return ngettext("%(n)s posto", "%(n)s posti", places) % {"n": places}


def _came_out(rows: Sequence[Document], of: Mapping[str, Any]) -> Iterator[str]:
    """The outcomes of ``rows`` and the places ``of`` the area or the lot, in sentences."""
    outcomes, places = [row["outcome"] for row in rows], of["places"]
    chosen, waiting = outcomes.count(Outcome.SELECTED), outcomes.count(Outcome.WAITING)
    if places is None:
        yield ngettext(
            "%(n)s proposta selezionata. Non c'è un limite di posti.",
            "%(n)s proposte selezionate. Non c'è un limite di posti.",
            chosen,
        ) % {"n": chosen}
    else:
        yield ngettext("%(n)s posto assegnato su %(places)s.", "%(n)s posti assegnati su %(places)s.", chosen) % {
            "n": chosen,
            "places": places,
        }
    if vacated := of["vacated"]:
        yield ngettext(
            "%(n)s posto si è liberato e non è stato riassegnato.",
            "%(n)s posti si sono liberati e non sono stati riassegnati.",
            vacated,
        ) % {"n": vacated}
    if unfilled := of["unfilled"]:
        yield ngettext(
            "%(n)s posto resta libero: le proposte sopra la soglia sono meno dei posti.",
            "%(n)s posti restano liberi: le proposte sopra la soglia sono meno dei posti.",
            unfilled,
        ) % {"n": unfilled}
    if waiting:
        yield ngettext("%(n)s proposta in lista d'attesa.", "%(n)s proposte in lista d'attesa.", waiting) % {"n": waiting}
    if below := outcomes.count(Outcome.BELOW_THRESHOLD):
        yield ngettext("%(n)s proposta sotto la soglia.", "%(n)s proposte sotto la soglia.", below) % {"n": below}
    if out := sum(outcome in FELL_OUT for outcome in outcomes):
        yield ngettext("%(n)s proposta uscita dopo la valutazione.", "%(n)s proposte uscite dopo la valutazione.", out) % {
            "n": out
        }
    if contested := of["contested"]:
        yield ngettext(
            "Per %(n)s posto ci sono %(tied)s proposte pari: resta da assegnare, e nessuna delle pari è selezionata.",
            "Per %(n)s posti ci sono %(tied)s proposte pari: restano da assegnare, e nessuna delle pari è selezionata.",
            contested,
        ) % {"n": contested, "tied": outcomes.count(Outcome.TIE_PENDING)}


def _rounded(value: Fraction, digits: int) -> str:
    """For reading only, half up."""
    return format(published(value, digits), "f")


def _units(mark: str) -> int:
    return int(Decimal(mark) * UNIT)


def _heading(criterion: Criterion) -> str:
    """What stands under the name of a criterion at the head of its column."""
    if criterion.type is CriterionType.PENALTY:
        return _("toglie %(points)s") % {"points": short_figure(criterion.penalty)}
    return _("su %(points)s") % {"points": short_figure(criterion.max_points)}


def _shortened(text: str, length: int = 24) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
