"""The published document as a reader sees it: figures in the language of the page, every decision in words.

Everything is read from the document alone, so that the public page, the preview of the office and the PDF can't differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
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
from evaluation.derivation import Measures, measures, steps, total_steps
from evaluation.figures import day_words, figure, short_figure
from evaluation.method_words import composition, only_coefficients, roundings, thresholds
from evaluation.methods import UNIT, given_by
from evaluation.published import Document
from evaluation.published_grid import grid_from_json
from evaluation.ranking import LinkKind, Outcome
from evaluation.rounding import published
from evaluation.scoring import ThresholdOn
from evaluation.strip import Entry, Strip, strip
from evaluation.words import label_of, range_words, value_words
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
    proposal."""

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
    blocks and total; ``tied_with`` are the others at the same position."""

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

    @property
    def css(self) -> str:
        return {Outcome.SELECTED: "is-winner", Outcome.BELOW_THRESHOLD: "is-excluded"}.get(self.outcome, "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the table: the end of the places, or the threshold."""

    kind: str
    text: str


class TableView:
    """One published (or previewed) ranking. Every text is in the active language."""

    def __init__(self, document: Document) -> None:
        self.document = document
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
        found: list[Row | Rule] = []
        before: Row | None = None
        places = self.document["places"]
        for row in self.rows:
            below = row.outcome == Outcome.BELOW_THRESHOLD
            if (
                before is not None
                and places is not None
                and row.outcome == Outcome.WAITING
                and before.outcome != Outcome.WAITING
            ):
                found.append(Rule("bando-cut", _("Qui finiscono i posti: %(places)s.") % {"places": self.places_words}))
            if below and (before is None or before.outcome != Outcome.BELOW_THRESHOLD):
                found.append(Rule("bando-threshold", self.threshold_line))
            found.append(row)
            before = row
        return found

    @cached_property
    def maximum(self) -> str:
        return short_figure(self.grid.max_points)

    # What is said around it

    @cached_property
    def places_words(self) -> str:
        places = self.document["places"]
        if places is None:
            return _("nessun limite di posti")
        return ngettext("%(n)s posto", "%(n)s posti", places) % {"n": places}

    @cached_property
    def summary(self) -> list[str]:
        """What came out, in sentences: places filled, left empty, contested, waiting list."""
        rows, places = self.document["rows"], self.document["places"]
        outcomes = [row["outcome"] for row in rows]
        chosen, waiting = outcomes.count(Outcome.SELECTED), outcomes.count(Outcome.WAITING)
        found = [ngettext("%(n)s proposta valutata.", "%(n)s proposte valutate.", len(rows)) % {"n": len(rows)}]
        if places is None:
            found.append(
                ngettext(
                    "%(n)s proposta selezionata. Non c'è un limite di posti.",
                    "%(n)s proposte selezionate. Non c'è un limite di posti.",
                    chosen,
                )
                % {"n": chosen}
            )
        else:
            found.append(
                ngettext("%(n)s posto assegnato su %(places)s.", "%(n)s posti assegnati su %(places)s.", chosen)
                % {"n": chosen, "places": places}
            )
        if unfilled := self.document["unfilled"]:
            found.append(
                ngettext(
                    "%(n)s posto resta libero: le proposte sopra la soglia sono meno dei posti.",
                    "%(n)s posti restano liberi: le proposte sopra la soglia sono meno dei posti.",
                    unfilled,
                )
                % {"n": unfilled}
            )
        if waiting:
            found.append(
                ngettext("%(n)s proposta in lista d'attesa.", "%(n)s proposte in lista d'attesa.", waiting) % {"n": waiting}
            )
        if below := outcomes.count(Outcome.BELOW_THRESHOLD):
            found.append(ngettext("%(n)s proposta sotto la soglia.", "%(n)s proposte sotto la soglia.", below) % {"n": below})
        if contested := self.document["contested"]:
            tied = outcomes.count(Outcome.TIE_PENDING)
            found.append(
                ngettext(
                    "Per %(n)s posto ci sono %(tied)s proposte pari: resta da assegnare, e nessuna delle pari è selezionata.",
                    "Per %(n)s posti ci sono %(tied)s proposte pari: restano da assegnare, e nessuna delle pari è selezionata.",
                    contested,
                )
                % {"n": contested, "tied": tied}
            )
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
        not mark it."""
        found = {}
        for row in self.document["rows"]:
            totals: list[Fraction | None] = []
            for index in range(len(self.document["commissioners"])):
                marks = [given[index] for given in row["marks"].values()]
                totals.append(None if all(mark is None for mark in marks) else self._total_of(row, index))
            found[row["application"]] = totals
        return found

    def _total_of(self, row: Document, member: int) -> Fraction:
        """As if every member had judged like this one: facts and formulas are the same for all."""
        total = Fraction(0)
        for criterion, part in zip(self.grid.criteria, row["criteria"], strict=True):
            if not criterion.is_judged:
                total += Fraction(part.get("raw", part["points"])["exact"])
                continue
            times = len(self.document["commissioners"]) if self.grid.composition is Composition.SUM else 1
            given = given_by(criterion, _units(row["marks"][criterion.code][member]))
            total += (given or Fraction(0)) * times
        return total

    @cached_property
    def spread(self) -> dict[str, Spread]:
        return spreads({number: [t for t in totals if t is not None] for number, totals in self.member_totals.items()})

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
                )
                for row in self.document["rows"]
            ],
            maximum=Fraction(self.grid.max_points),
            threshold=None if threshold is None else Fraction(threshold),
        )

    @cached_property
    def strip_title(self) -> str:
        """The finding, as the title of the drawing."""
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
                "gap": figure(_rounded(self.spread[row.number].gap, digits)),
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
        reasons = [self._missed(missed) for missed in row["explanation"]["below"]]
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
        spread = self.spread[row["application"]]
        if spread.discordant:
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
        if unmarked:
            members = {"members": ", ".join(unmarked)}
            if self.grid.composition is Composition.SUM:
                yield _("Senza il punteggio di: %(members)s. La somma degli altri è riportata a tutti i componenti.") % members
            else:
                yield _("Senza il punteggio di: %(members)s. La media è fatta sugli altri.") % members

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
                return (
                    _("Dopo il posto %(position)s per il sorteggio: estratta al turno %(own)s, l'altra al turno %(other)s.")
                    % values
                )
            case LinkKind.BLOCK | LinkKind.CRITERION as kind:
                code = behind["link"]["code"]
                title = self._block(code) if kind is LinkKind.BLOCK else self._criterion(code)
                return _("Stesso totale del posto %(position)s, ma meno punti in «%(title)s»: %(own)s contro %(other)s.") % {
                    **values,
                    "title": title,
                }

    def _derivation(self, row: Document, index: int) -> Derivation:
        column, part = self.columns[index], row["criteria"][index]
        criterion, given = self.grid.criteria[index], row["marks"][column.code]
        marks = [None if mark is None else _units(mark) for mark in given]
        rescaled = row["position"] is not None and self._measures.total is not None
        made = [mark for mark in marks if mark is not None]
        return Derivation(
            column=column,
            marks=[
                GivenMark(
                    label,
                    "" if mark is None else value_words(criterion, mark),
                    None if mark is None else label_of(self.grid, criterion, mark),
                )
                for label, mark in zip(self.document["commissioners"], marks, strict=True)
            ],
            steps=list(steps(self.grid, criterion, part, made, self._measures, rescaled=rescaled)),
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
        if self._measures.total is None:
            yield _("Qui non c'erano due proposte sopra le soglie da confrontare: niente è stato riparametrato.")

    def _method(self) -> Iterator[str]:
        yield from composition(self.grid)
        if any(total is None for totals in self.member_totals.values() for total in totals):
            if self.grid.composition is Composition.SUM:
                yield _(
                    "Chi ha dichiarato un conflitto di interessi non ha valutato quella proposta: "
                    "la somma degli altri è riportata a tutti i componenti."
                )
            else:
                yield _("Chi ha dichiarato un conflitto di interessi non ha valutato quella proposta: la media è sugli altri.")
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
        yield _("Chi resta pari ha lo stesso posto: non decide mai l'ordine di arrivo.")


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
