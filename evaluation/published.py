"""The published ranking as one JSON document, from which a stranger can compute it again.

PURE: plain values in, plain values out; no database, no clock. The document ``bando/ranking/2`` carries the grid in
full, every mark of every commissioner (not the reasons) and every number in between, so that ``recompute`` needs
nothing else. Its one text, the text that is hashed, is ``workflow.ledger.canonical(document)``. ``docs/ranking.md`` explains
it to who reads the file; every key is always there.

How numbers are written: a mark is a decimal string (``"0.8"``; a quantity ``"3"``; yes ``"1"`` and no ``"0"``); a computed
number is ``{"exact": "2333/1000", "published": "2.33"}``, the fraction that was used and the figure that people read.
Integers are positions, places and digits. There is no float.

    schema, licence, demonstration
    version         {number, kind: provisional|final, replaces: SHA-256 or null, note}, or null before the publication
    call            {id, title, notice_sha256}
    area            {code, title}
    act             {number, date} or null before the act
    grid            every field of ``bando.notice.grid.Grid``; of those in ``published_grid.LATER``, which came with the types of criteria,
                    only what differs from its default, so that a file written before they existed says the same as ever
    commissioners   the names or labels, in the order in which each row lists its marks; none where they are sorted
    marks_order     member, or sorted: in each row and criterion from the greatest mark, nulls last; tables by their JSON
    seats           how many members mark
    places          or null where the threshold alone decides; vacated (not given again), unfilled, contested: integers;
                    unfilled_reason: text
    lots            [{code, title, places, vacated, unfilled, contested}], none where the area has no lots
    out             [{application, outcome, reason}]: measured with the others, and not ranked any more
    draws           [{order: [application], sha256 of the commitment, source, value}], in the order in which they were made
    ties            [{position, outcome, applications, lot}]
    pairs           {criterion: [table or null for each member]}, of the criteria that were compared in pairs; a table is
                    [[preferred, other, degree]] by (lower number, higher number); at degree 1 the lower comes first
    rows            in the order of the ranking, lot after lot; in each the ranked, those below the threshold, those out:
        position (null below the threshold and for who is out), outcome, tied, application, body, title, lot
        marks           {criterion: [mark or null for a commissioner who did not mark this proposal]}; none of a criterion
                        that was compared in pairs
        criteria        by the type of the criterion; the sum is that of the marks as given:
                        coefficient     {code, sum, mean, coefficient, points}; pairs too, where proposals were too few
                        levels, points  {code, sum, found, counted, points}: found is the mean or the sum of the
                                        members' points, counted the same as the call rounds it
                        pairs           {code, given, found, counted, points}: given are the points of each table or
                                        null, found their sum or the mean of the members' coefficients, counted that by
                                        the greatest of all proposals, as the call rounds it
                        formula         {code, quantity, best, mean, points}: best and mean are those of all proposals
                        other facts     {code, quantity, points}
        blocks          [{code, points}]
        total           where the call rescales, each points and the total also has ``raw``: before the rescaling
        explanation     {behind, ahead: {link: {kind, code}, position, own, other} or null,
                        places: [first, last] or null, below: [{on, code, points, threshold}]}; all within the lot
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from bando.csv_table import harmless
from bando.notice.grid import Grid
from evaluation.methods import IN_COEFFICIENTS, IN_POINTS, UNIT, CriterionScore
from evaluation.pairwise import PARITY, Pair, Table
from evaluation.published_grid import decimal, grid_from_json, grid_to_json, whole
from evaluation.ranking import Decision, LinkKind, LotPlaces, Out, Outcome, Ranking, Row, rank
from evaluation.rounding import Roundings, published
from evaluation.scoring import BlockScore, MarksError, Missed, Pairs, PairsError, Score, Scorer
from workflow.ledger import canonical

SCHEMA = "bando/ranking/2"
LICENCE = "CC-BY-4.0"
COEFFICIENT_DIGITS = 4
"""Decimals of a published mean or coefficient: those that a mark may have."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """The act that approved the ranking: its number as the office writes it, its date as ``YYYY-MM-DD``."""

    number: str
    date: str


class VersionKind(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Version:
    """Which publication of the ranking this is: ``number`` from 1; ``replaces`` is the SHA-256 of the one before, and ``note``
    says why there is a new one."""

    number: int
    kind: VersionKind
    replaces: str | None = None
    note: str = ""


class MarksOrder(StrEnum):
    """Whether the marks of a row stand in the order of the commissioners, or tell nobody's from another's."""

    MEMBER = "member"
    SORTED = "sorted"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where the order of a draw comes from: ``sha256`` of the commitment (``draw``), the ``source`` of the public ``value``."""

    sha256: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What stands on the document and is not computed.

    ``commissioners`` are names where the call lets them be published, labels such as ``Commissario 1``, or nobody where the
    marks are sorted; ``seats`` are how many they are, needed only then. ``draws`` go with the orders of the ranking.
    ``demonstration`` is the sentence that says so when the call or its grid is an example, else empty.
    """

    call: str
    call_title: str
    notice_sha256: str
    area: str
    area_title: str
    commissioners: tuple[str, ...]
    act: Act | None
    demonstration: str
    version: Version | None = None
    marks_order: MarksOrder = MarksOrder.MEMBER
    seats: int | None = None
    draws: tuple[Drawn, ...] = ()
    unfilled_reason: str = ""

    def __post_init__(self) -> None:
        if self.marks_order == MarksOrder.SORTED and (self.commissioners or self.seats is None):
            raise ValueError("sorted marks belong to no commissioner: only how many they are is said")
        if self.marks_order == MarksOrder.MEMBER and self.seats not in (None, len(self.commissioners)):
            raise ValueError(f"{self.seats} seats, but {len(self.commissioners)} commissioners")

    @property
    def members(self) -> int:
        """How many members mark."""
        return len(self.commissioners) if self.seats is None else self.seats


@dataclass(frozen=True, slots=True)
class Proposal:
    """``marks``: criterion code to marks in ten-thousandths, one for each member, whatever their order; nothing of a criterion
    that was compared in pairs.

    ``None`` stands for a member who did not mark this proposal (a conflict of interest), on every criterion.
    """

    body: str
    title: str
    marks: Mapping[str, Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class Difference:
    """``where`` the document says ``published`` but gives ``recomputed``: JSON text, empty where there is nothing."""

    where: str
    published: str
    recomputed: str


class Unreadable(ValueError):
    """The document cannot be recomputed because a part of it is missing or is not of its shape."""


# Writing


def document(
    publication: Publication, proposals: Mapping[str, Proposal], ranking: Ranking, pairs: Pairs | None = None
) -> Document:
    """The document of ``ranking``; ``proposals`` holds every application that it ranks, ``pairs`` what its ``Scorer`` was given.

    Raises ``KeyError`` if a proposal, or its marks on a criterion, are not given. Parts that are equal in many rows
    are one object: change nothing in it.
    """
    pairs = {} if pairs is None else pairs
    return head(publication, ranking, pairs) | {"rows": list(rows(publication, proposals, ranking, pairs))}


def head(publication: Publication, ranking: Ranking, pairs: Pairs) -> Document:
    """The document without its rows."""
    act, version = publication.act, publication.version
    if len(publication.draws) != len(ranking.draws):
        raise ValueError("the order of a draw and where it comes from go together")
    return {
        "schema": SCHEMA,
        "licence": LICENCE,
        "demonstration": publication.demonstration,
        "version": None
        if version is None
        else {"number": version.number, "kind": str(version.kind), "replaces": version.replaces, "note": version.note},
        "call": {
            "id": publication.call,
            "title": publication.call_title,
            "notice_sha256": publication.notice_sha256,
        },
        "area": {"code": publication.area, "title": publication.area_title},
        "act": None if act is None else {"number": act.number, "date": act.date},
        "grid": grid_to_json(ranking.grid),
        "commissioners": list(publication.commissioners),
        "marks_order": str(publication.marks_order),
        "seats": publication.members,
        "places": ranking.places,
        "vacated": ranking.vacated,
        "unfilled": ranking.unfilled,
        "unfilled_reason": publication.unfilled_reason,
        "contested": ranking.contested,
        "lots": [
            {
                "code": lot.code,
                "title": lot.title,
                "places": lot.places,
                "vacated": lot.vacated,
                "unfilled": lot.unfilled,
                "contested": lot.contested,
            }
            for lot in ranking.lots
        ],
        "out": [
            {"application": application, "outcome": str(left.outcome), "reason": left.reason}
            for application, left in ranking.out.items()
        ],
        "draws": [
            {"order": list(order), "sha256": drawn.sha256, "source": drawn.source, "value": drawn.value}
            for order, drawn in zip(ranking.draws, publication.draws, strict=True)
        ],
        "ties": [
            {"position": tie.position, "outcome": str(tie.outcome), "applications": list(tie.applications), "lot": tie.lot}
            for tie in ranking.ties
        ],
        "pairs": {
            code: [_cells(tables[index]) for index in _table_order(publication, tables)] for code, tables in pairs.items()
        },
    }


def rows(publication: Publication, proposals: Mapping[str, Proposal], ranking: Ranking, pairs: Pairs) -> Iterator[Document]:
    """The rows one after the other, so that a long ranking is written without ever standing in memory as a whole:
    ``chunks(head(publication, ranking, pairs) | {"rows": rows(publication, proposals, ranking, pairs)})``.
    """
    written = _Written(ranking.grid, publication, pairs)
    return (written.row(row, proposals[row.application]) for row in ranking.rows)


def _cells(table: Table | None) -> list[list[str]] | None:
    """A table as it is written: at parity nobody is preferred, and the lower number stands first."""
    if table is None:
        return None
    cells = (Pair(*sorted(pair[:2]), pair.units) if pair.units == PARITY else pair for pair in table)
    ordered = sorted(cells, key=lambda pair: sorted(pair[:2]))
    return [[pair.preferred, pair.other, _mark_text(pair.units)] for pair in ordered]


def _table_order(publication: Publication, tables: Sequence[Table | None]) -> list[int]:
    """The places of ``tables`` in the order in which they are published."""
    places = range(len(tables))
    if publication.marks_order == MarksOrder.MEMBER:
        return list(places)
    return sorted(places, key=lambda place: (tables[place] is None, canonical(_cells(tables[place]))))


def chunks(document: Document) -> Iterator[str]:
    """``canonical(document)`` in parts, a row at a time; its ``rows`` may be any iterable, and are read once."""
    opening = "{"
    for key in sorted(document):
        yield f"{opening}{canonical(key)}:"
        opening = ","
        if key == "rows":
            yield "["
            for index, row in enumerate(document["rows"]):
                yield f",{canonical(row)}" if index else canonical(row)
            yield "]"
        else:
            yield canonical(document[key])
    yield "}"


class _Written:
    """Rows as JSON values. What is equal in many rows is written once and shared, as the scores themselves are."""

    def __init__(self, grid: Grid, publication: Publication, pairs: Pairs) -> None:
        self._digits = grid.published_digits
        self._mode = Roundings(grid.rounding).published_mode
        self._types = {criterion.code: criterion.type for criterion in grid.criteria}
        self._sorts = publication.marks_order == MarksOrder.SORTED
        self._tables = {code: _table_order(publication, tables) for code, tables in pairs.items()}
        self._rescales = bool(grid.rescaling)
        self._marks: dict[int, str] = {}
        self._criteria: dict[tuple[int, int], tuple[CriterionScore, Document]] = {}

    def row(self, row: Row, proposal: Proposal) -> Document:
        score, explanation = row.score, row.explanation
        return {
            "position": row.position,
            "outcome": str(row.outcome),
            "tied": bool(row.tied),
            "application": row.application,
            "body": proposal.body,
            "title": proposal.title,
            "lot": row.lot,
            "marks": {code: self._listed(proposal.marks[code]) for code in self._types if code not in self._tables},
            "criteria": [self._criterion(part, proposal.marks.get(part.code, ())) for part in score.criteria],
            "blocks": [{"code": block.code} | self._counting(block) for block in score.blocks],
            "total": {"exact": str(score.total), "published": format(score.published_total, "f")}
            | ({"raw": self._points(score.raw)} if self._rescales else {}),
            "explanation": {
                "behind": self._decision(explanation.behind),
                "ahead": self._decision(explanation.ahead),
                "places": None if explanation.places is None else list(explanation.places),
                "below": [self._missed(missed) for missed in explanation.below],
            },
        }

    def _listed(self, marks: Sequence[int | None]) -> list[str | None]:
        if self._sorts:
            marks = sorted(marks, key=lambda mark: (mark is None, -(mark or 0)))
        return [self._mark(mark) for mark in marks]

    def _mark(self, mark: int | None) -> str | None:
        if mark is None:
            return None
        text = self._marks.get(mark)
        if text is None:
            text = self._marks[mark] = _mark_text(mark)
        return text

    def _criterion(self, score: CriterionScore, marks: Sequence[int | None]) -> Document:
        total = sum(mark for mark in marks if mark is not None)
        # By identity, because hashing three fractions costs more than writing them; the score is kept beside, so
        # that no other object can take over its identity.
        known = self._criteria.get((id(score), total))
        if known is None:
            written = {"code": score.code} | self._derived(score, total) | self._counting(score)
            known = self._criteria[id(score), total] = (score, written)
        return known[1]

    def _derived(self, score: CriterionScore, total: int) -> Document:
        """What stands between the marks and the points, by the type of the criterion."""
        kind = self._types[score.code]
        if score.given is not None:
            given = (score.given[place] for place in self._tables[score.code])
            return {
                "given": [None if points is None else _mark_text(int(points * UNIT)) for points in given],
                "found": self._number(score.found, COEFFICIENT_DIGITS),
                "counted": self._number(score.counted, COEFFICIENT_DIGITS),
            }
        if kind in IN_COEFFICIENTS or kind in IN_POINTS:
            names = ("found", "counted") if kind in IN_POINTS else ("mean", "coefficient")
            figures = (self._number(figure, COEFFICIENT_DIGITS) for figure in (score.found, score.counted))
            return {"sum": _mark_text(total)} | dict(zip(names, figures, strict=True))
        quantity = {"quantity": _mark_text(int(score.found * UNIT))}
        if score.yardstick is None:
            return quantity
        return quantity | {
            "best": _mark_text(int(score.yardstick.best * UNIT)),
            "mean": self._number(score.yardstick.mean, COEFFICIENT_DIGITS),
        }

    def _counting(self, score: CriterionScore | BlockScore) -> Document:
        counting = {"points": self._points(score.points)}
        return counting | {"raw": self._points(score.raw)} if self._rescales else counting

    def _decision(self, decision: Decision | None) -> Document | None:
        if decision is None:
            return None
        digits = 0 if decision.link.kind is LinkKind.DRAW else self._digits
        return {
            "link": {"kind": str(decision.link.kind), "code": decision.link.code},
            "position": decision.position,
            "own": self._number(decision.own, digits),
            "other": self._number(decision.other, digits),
        }

    def _missed(self, missed: Missed) -> Document:
        return {
            "on": str(missed.on),
            "code": missed.code,
            "points": self._points(missed.points),
            "threshold": format(missed.threshold, "f"),
        }

    def _points(self, value: Fraction) -> Document:
        return self._number(value, self._digits)

    def _number(self, value: Fraction, digits: int) -> Document:
        return {"exact": str(value), "published": format(published(value, digits, self._mode), "f")}


def _mark_text(ten_thousandths: int) -> str:
    whole, rest = divmod(ten_thousandths, UNIT)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


# Reading and computing again


def recompute(content: Mapping[str, Any]) -> list[Difference]:
    """Score and rank again from a document alone, as ``json.loads`` gives it; ``[]`` if everything agrees.

    Every computed number, outcome, explanation and the order of the rows are compared with what the grid and the marks
    in the document give; so is the presence of anything else. Marks that cannot give a score are returned as
    differences too. Raises ``Unreadable`` if the document is not one, or lacks what the computation needs.
    """
    try:
        content = as_2(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"schema: {type(error).__name__}: {error}") from error
    given = read(content)
    try:
        scorer = Scorer(given.grid, seats=given.publication.members, pairs=given.pairs)
        found, impossible = {}, []
        for row, (application, proposal) in zip(content["rows"], given.proposals.items(), strict=True):
            marks = {code: [mark for mark in marks if mark is not None] for code, marks in proposal.marks.items()}
            try:
                found[application] = scorer.found(application, marks, members=_members(proposal))
            except MarksError as error:
                where = f"rows[{application}].marks.{error.criterion}"
                impossible.append(Difference(where, _text(row["marks"].get(error.criterion)), error.problem))
        if impossible:
            return impossible
        try:
            scores = scorer.compare(found)
        except PairsError as error:
            return [Difference(f"pairs.{error.criterion}", "", error.problem)]
        again = document(given.publication, given.proposals, given.rank(scores), given.pairs)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Unreadable(f"the rules in the document cannot be applied: {error}") from error
    return list(_compare("", content, again))


def as_2(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document of ``bando/ranking/1`` in the shape of today; any other as it is. What the first schema did not have, it did
    without: one order of marks, no lots, no pairs, nobody out."""
    if content.get("schema") != "bando/ranking/1":
        return content
    order = content["draw"]
    return {
        **{key: value for key, value in content.items() if key != "draw"},
        "schema": SCHEMA,
        "version": None,
        "marks_order": str(MarksOrder.MEMBER),
        "seats": len(content["commissioners"]),
        "vacated": 0,
        "unfilled_reason": "",
        "lots": [],
        "out": [],
        "draws": [] if order is None else [{"order": order, "sha256": "", "source": "", "value": ""}],
        "ties": [{**tie, "lot": ""} for tie in content["ties"]],
        "pairs": {},
        "rows": [{**row, "lot": ""} for row in content["rows"]],
    }


def _members(proposal: Proposal) -> int:
    """How many commissioners marked the proposal on at least one criterion, and so had to on every one."""
    return sum(any(mark is not None for mark in marks) for marks in zip(*proposal.marks.values(), strict=True))


@dataclass(frozen=True, slots=True)
class Given:
    """What the computation starts from, and what it copies, of a document."""

    publication: Publication
    grid: Grid
    places: int | None
    vacated: int
    lots: list[LotPlaces]
    lot_of: dict[str, str]
    out: dict[str, Out]
    draws: list[list[str]]
    pairs: dict[str, list[Table | None]]
    proposals: dict[str, Proposal]

    def rank(self, scores: Mapping[str, Score]) -> Ranking:
        """The ranking that these scores give under the rules of the document."""
        return rank(
            self.grid,
            scores,
            places=None if self.lots else self.places,
            vacated=0 if self.lots else self.vacated,
            draws=self.draws,
            out=self.out,
            lots=self.lots,
            lot_of=self.lot_of,
        )


def read(content: Mapping[str, Any]) -> Given:
    """The computed parts are not looked at."""
    where = "schema"
    try:
        if content["schema"] != SCHEMA:
            raise ValueError(f"not {SCHEMA}")
        where = "places"
        places, vacated = _optional_whole(content["places"]), whole(content["vacated"])
        where = "lots"
        lots = [
            LotPlaces(lot["code"], _optional_whole(lot["places"]), whole(lot["vacated"]), lot["title"])
            for lot in content["lots"]
        ]
        where = "out"
        out = {left["application"]: Out(Outcome(left["outcome"]), left["reason"]) for left in content["out"]}
        where = "draws"
        drawn = tuple(Drawn(draw["sha256"], draw["source"], draw["value"]) for draw in content["draws"])
        draws = [list(draw["order"]) for draw in content["draws"]]
        where = "version"
        version = content["version"]
        where = "call"
        act, call, area = content["act"], content["call"], content["area"]
        publication = Publication(
            call=call["id"],
            call_title=call["title"],
            notice_sha256=call["notice_sha256"],
            area=area["code"],
            area_title=area["title"],
            commissioners=tuple(content["commissioners"]),
            act=None if act is None else Act(act["number"], act["date"]),
            demonstration=content["demonstration"],
            version=None
            if version is None
            else Version(whole(version["number"]), VersionKind(version["kind"]), version["replaces"], version["note"]),
            marks_order=MarksOrder(content["marks_order"]),
            seats=whole(content["seats"]),
            draws=drawn,
            unfilled_reason=content["unfilled_reason"],
        )
        where = "grid"
        grid = grid_from_json(content["grid"])
        where = "pairs"
        pairs = {code: [_table_from_json(table) for table in tables] for code, tables in content["pairs"].items()}
        proposals: dict[str, Proposal] = {}
        lot_of: dict[str, str] = {}
        for index, row in enumerate(content["rows"]):
            where = f"rows[{index}]"
            if row["application"] in proposals:
                raise ValueError(f"{row['application']} is ranked twice")
            marks = {
                code: [None if mark is None else _ten_thousandths(mark) for mark in given]
                for code, given in row["marks"].items()
            }
            if any(len(given) != publication.members for given in marks.values()):
                raise ValueError("one mark, or null, for each commissioner")
            proposals[row["application"]] = Proposal(row["body"], row["title"], marks)
            lot_of[row["application"]] = row["lot"]
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise Unreadable(f"{where}: {type(error).__name__}: {error}") from error
    return Given(publication, grid, places, vacated, lots, lot_of, out, draws, pairs, proposals)


def _optional_whole(value: int | None) -> int | None:
    return None if value is None else whole(value)


def _table_from_json(cells: Sequence[Sequence[str]] | None) -> list[Pair] | None:
    if cells is None:
        return None
    return [Pair(preferred, other, _ten_thousandths(degree)) for preferred, other, degree in cells]


def _ten_thousandths(text: str) -> int:
    units = Fraction(decimal(text)) * UNIT
    if units.denominator != 1:
        raise ValueError(f"{text} has more than four decimals")
    return units.numerator


def _compare(where: str, given: Any, again: Any) -> Iterator[Difference]:
    if isinstance(given, dict) and isinstance(again, dict):
        for key in sorted(given.keys() | again.keys()):
            place = f"{where}.{key}" if where else key
            if key not in again:
                yield Difference(place, _text(given[key]), "")
            elif key not in given:
                yield Difference(place, "", _text(again[key]))
            else:
                yield from _compare(place, given[key], again[key])
    elif isinstance(given, list) and isinstance(again, list):
        yield from _compare_lists(where, given, again)
    # By type too: in Python true equals 1, in a given document it does not.
    elif type(given) is not type(again) or given != again:
        yield Difference(where, _text(given), _text(again))


def _compare_lists(where: str, given: list[Any], again: list[Any]) -> Iterator[Difference]:
    """The order by name, then each thing with the one of the same name, so that one swap is not a thousand changes."""
    names, wanted = _names(given), _names(again)
    for index, (name, expected) in enumerate(zip_longest(names, wanted, fillvalue="")):
        if name != expected:
            yield Difference(f"{where}[{index}]", name, expected)
    by_name = dict(zip(names, given, strict=True))
    for name, thing in zip(wanted, again, strict=True):
        if name in by_name:
            yield from _compare(f"{where}[{name}]", by_name[name], thing)


def _names(things: list[Any]) -> list[str]:
    """A row is named by its application, a criterion or block by its code, a missed threshold by both its fields."""
    names = []
    for index, thing in enumerate(things):
        match thing:
            case {"application": name} | {"on": "total" as name}:
                names.append(str(name))
            case {"on": on, "code": code}:
                names.append(f"{on} {code}")
            case {"code": code}:
                names.append(str(code))
            case _:
                names.append(str(index))
    return names


def _text(value: Any) -> str:
    """Any value of a parsed JSON file, the floats that a canonical text would refuse included."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


# The same as a table


def csv_rows(document: Document) -> Iterator[list[str]]:
    """The ranking as a table for machines, header first: decimal points, no thousands, exact totals as fractions.

    It reads ``rows`` once, as ``chunks`` does. Where the call rescales, points and totals are those that count and
    ``total_raw`` is the one before. ``below`` lists the thresholds missed, as ``total 59.96<60``. An area with lots has their
    codes in ``lot``; where somebody fell out, ``reason`` says why. A text of others (a body may be called ``=1+1``) never
    opens with what a spreadsheet would take for a formula: an apostrophe goes before it.
    """
    grid = document["grid"]
    rescales, has_lots = bool(grid.get("rescaling")), bool(document.get("lots"))
    reasons = {left["application"]: left["reason"] for left in document.get("out", ())}
    yield [
        "position",
        "outcome",
        "tied",
        "application",
        "body",
        "title",
        *(["lot"] if has_lots else []),
        *(f"points {criterion['code']}" for criterion in grid["criteria"]),
        *(f"block {block['code']}" for block in grid["blocks"]),
        "total",
        "total_exact",
        *(["total_raw"] if rescales else []),
        "below",
        *(["reason"] if reasons else []),
    ]
    for row in document["rows"]:
        yield [
            "" if row["position"] is None else str(row["position"]),
            row["outcome"],
            "true" if row["tied"] else "false",
            harmless(row["application"]),
            harmless(row["body"]),
            harmless(row["title"]),
            *([harmless(row["lot"])] if has_lots else []),
            *(criterion["points"]["published"] for criterion in row["criteria"]),
            *(block["points"]["published"] for block in row["blocks"]),
            row["total"]["published"],
            row["total"]["exact"],
            *([row["total"]["raw"]["published"]] if rescales else []),
            "; ".join(_missed_in_words(missed) for missed in row["explanation"]["below"]),
            *([harmless(reasons.get(row["application"], ""))] if reasons else []),
        ]


def _missed_in_words(missed: Document) -> str:
    return f"{missed['on']} {missed['code']}".rstrip() + f" {missed['points']['published']}<{missed['threshold']}"
