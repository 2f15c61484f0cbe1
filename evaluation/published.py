"""The published ranking as one JSON document, from which a stranger can compute it again.

PURE: plain values in, plain values out; no database, no clock. The document ``bando/ranking/1`` carries the grid in
full, every mark of every commissioner (not the reasons) and every number in between, so that ``recompute`` needs
nothing else. Its one text, the text that is hashed, is ``workflow.ledger.canonical(document)``.

How numbers are written: a mark is a decimal string (``"0.8"``; a quantity ``"3"``; yes ``"1"`` and no ``"0"``); a computed
number is ``{"exact": "2333/1000", "published": "2.33"}``, the fraction that was used and the figure that people read.
Integers are positions, places and digits. There is no float.

    schema, licence, demonstration
    call            {id, title, notice_sha256}
    area            {code, title}
    act             {number, date} or null before the act
    grid            every field of ``bando.notice.grid.Grid``; of those in ``published_grid.LATER``, which came with the types of criteria,
                    only what differs from its default, so that a file written before they existed says the same as ever
    commissioners   the names or labels, in the order in which each row lists its marks
    places          or null where the threshold alone decides; unfilled and contested: integers
    draw            the applications in the order of the public draw, or null
    ties            [{position, outcome, applications}]
    rows            in the order of the ranking:
        position (null below the threshold), outcome, tied, application, body, title
        marks           {criterion: [mark or null for a commissioner who did not mark this proposal]}
        criteria        by the type of the criterion; the sum is that of the marks as given:
                        coefficient     {code, sum, mean, coefficient, points}
                        levels, points  {code, sum, found, counted, points}: found is the mean or the sum of the
                                        members' points, counted the same as the call rounds it
                        formula         {code, quantity, best, mean, points}: best and mean are those of all proposals
                        other facts     {code, quantity, points}
        blocks          [{code, points}]
        total           where the call rescales, each points and the total also has ``raw``: before the rescaling
        explanation     {behind, ahead: {link: {kind, code}, position, own, other} or null,
                        places: [first, last] or null, below: [{on, code, points, threshold}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from bando.notice.grid import (
    CriterionType,
    Grid,
)
from evaluation.methods import IN_POINTS, UNIT, CriterionScore
from evaluation.published_grid import decimal, grid_from_json, grid_to_json, whole
from evaluation.ranking import Decision, LinkKind, Ranking, Row, rank
from evaluation.rounding import Roundings, published
from evaluation.scoring import BlockScore, MarksError, Missed, Scorer
from workflow.ledger import canonical

SCHEMA = "bando/ranking/1"
LICENCE = "CC-BY-4.0"
COEFFICIENT_DIGITS = 4
"""Decimals of a published mean or coefficient: those that a mark may have."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """The act that approved the ranking: its number as the office writes it, its date as ``YYYY-MM-DD``."""

    number: str
    date: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What stands on the document and is not computed.

    ``commissioners`` are names where the call lets them be published, else labels such as ``Commissario 1``.
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


@dataclass(frozen=True, slots=True)
class Proposal:
    """``marks``: criterion code to marks in ten-thousandths, one for each commissioner of the publication.

    ``None`` stands for a commissioner who did not mark this proposal (a conflict of interest), on every criterion.
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


def document(publication: Publication, proposals: Mapping[str, Proposal], ranking: Ranking) -> Document:
    """The document of ``ranking``; ``proposals`` holds every application that it ranks.

    Raises ``KeyError`` if a proposal, or its marks on a criterion, are not given. Parts that are equal in many rows
    are one object: change nothing in it.
    """
    return head(publication, ranking) | {"rows": list(rows(proposals, ranking))}


def head(publication: Publication, ranking: Ranking) -> Document:
    """The document without its rows."""
    return {
        "schema": SCHEMA,
        "licence": LICENCE,
        "demonstration": publication.demonstration,
        "call": {
            "id": publication.call,
            "title": publication.call_title,
            "notice_sha256": publication.notice_sha256,
        },
        "area": {"code": publication.area, "title": publication.area_title},
        "act": None if publication.act is None else {"number": publication.act.number, "date": publication.act.date},
        "grid": grid_to_json(ranking.grid),
        "commissioners": list(publication.commissioners),
        "places": ranking.places,
        "unfilled": ranking.unfilled,
        "contested": ranking.contested,
        "draw": None if ranking.draw_order is None else list(ranking.draw_order),
        "ties": [
            {"position": tie.position, "outcome": str(tie.outcome), "applications": list(tie.applications)}
            for tie in ranking.ties
        ],
    }


def rows(proposals: Mapping[str, Proposal], ranking: Ranking) -> Iterator[Document]:
    """The rows one after the other, so that a long ranking is written without ever standing in memory as a whole:
    ``chunks(head(publication, ranking) | {"rows": rows(proposals, ranking)})``.
    """
    written = _Written(ranking.grid)
    return (written.row(row, proposals[row.application]) for row in ranking.rows)


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

    def __init__(self, grid: Grid) -> None:
        self._digits = grid.published_digits
        self._mode = Roundings(grid.rounding).published_mode
        self._types = {criterion.code: criterion.type for criterion in grid.criteria}
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
            "marks": {code: [self._mark(mark) for mark in proposal.marks[code]] for code in self._types},
            "criteria": [self._criterion(part, proposal.marks[part.code]) for part in score.criteria],
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
        if kind is CriterionType.COEFFICIENT or kind in IN_POINTS:
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
    publication, places, draw_order, grid, proposals = _read(content)
    try:
        scorer = Scorer(grid, seats=len(publication.commissioners))
        found, impossible = {}, []
        for row, (application, proposal) in zip(content["rows"], proposals.items(), strict=True):
            marks = {code: [mark for mark in given if mark is not None] for code, given in proposal.marks.items()}
            try:
                found[application] = scorer.found(application, marks, members=_members(proposal))
            except MarksError as error:
                where = f"rows[{application}].marks.{error.criterion}"
                impossible.append(Difference(where, _text(row["marks"].get(error.criterion)), error.problem))
        if impossible:
            return impossible
        scores = scorer.compare(found)
        again = document(publication, proposals, rank(grid, scores, places=places, draw_order=draw_order))
    except (TypeError, ValueError, ArithmeticError) as error:
        raise Unreadable(f"the rules in the document cannot be applied: {error}") from error
    return list(_compare("", content, again))


def _members(proposal: Proposal) -> int:
    """How many commissioners marked the proposal on at least one criterion, and so had to on every one."""
    return sum(any(mark is not None for mark in marks) for marks in zip(*proposal.marks.values(), strict=True))


def _read(
    content: Mapping[str, Any],
) -> tuple[Publication, int | None, list[str] | None, Grid, dict[str, Proposal]]:
    """What the computation starts from, and what it copies; the computed parts are not looked at."""
    where = "schema"
    try:
        if content["schema"] != SCHEMA:
            raise ValueError(f"not {SCHEMA}")
        where = "places"
        places = None if content["places"] is None else whole(content["places"])
        where = "draw"
        draw_order = None if content["draw"] is None else list(content["draw"])
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
        )
        where = "grid"
        grid = grid_from_json(content["grid"])
        proposals: dict[str, Proposal] = {}
        for index, row in enumerate(content["rows"]):
            where = f"rows[{index}]"
            if row["application"] in proposals:
                raise ValueError(f"{row['application']} is ranked twice")
            marks = {code: [_ten_thousandths(mark) for mark in given] for code, given in row["marks"].items()}
            if any(len(given) != len(publication.commissioners) for given in marks.values()):
                raise ValueError("one mark, or null, for each commissioner")
            proposals[row["application"]] = Proposal(row["body"], row["title"], marks)
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise Unreadable(f"{where}: {type(error).__name__}: {error}") from error
    return publication, places, draw_order, grid, proposals


def _ten_thousandths(text: str | None) -> int | None:
    if text is None:
        return None
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
    ``total_raw`` is the one before. ``below`` lists the thresholds missed, as ``total 59.96<60``. A text of
    others (a body may be called ``=1+1``) never opens with what a spreadsheet would take for a formula: an apostrophe
    goes before it.
    """
    grid = document["grid"]
    rescales = bool(grid.get("rescaling"))
    yield [
        "position",
        "outcome",
        "tied",
        "application",
        "body",
        "title",
        *(f"points {criterion['code']}" for criterion in grid["criteria"]),
        *(f"block {block['code']}" for block in grid["blocks"]),
        "total",
        "total_exact",
        *(["total_raw"] if rescales else []),
        "below",
    ]
    for row in document["rows"]:
        yield [
            "" if row["position"] is None else str(row["position"]),
            row["outcome"],
            "true" if row["tied"] else "false",
            _harmless(row["application"]),
            _harmless(row["body"]),
            _harmless(row["title"]),
            *(criterion["points"]["published"] for criterion in row["criteria"]),
            *(block["points"]["published"] for block in row["blocks"]),
            row["total"]["published"],
            row["total"]["exact"],
            *([row["total"]["raw"]["published"]] if rescales else []),
            "; ".join(_missed_in_words(missed) for missed in row["explanation"]["below"]),
        ]


def _missed_in_words(missed: Document) -> str:
    return f"{missed['on']} {missed['code']}".rstrip() + f" {missed['points']['published']}<{missed['threshold']}"


def _harmless(text: str) -> str:
    """OWASP, CSV injection: the first character decides whether a spreadsheet runs a cell."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
