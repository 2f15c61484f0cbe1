"""From the rows of an area to its ranking and to the document that is published: read, decide, write.

The database adds whole numbers and nothing else: no division, no rounding, no mark as an object. What is decided is
decided in ``scoring`` and ``ranking``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.document import Area, MembersShown, Notice
from bando.notice.grid import Grid, Marking
from evaluation.comparing import compares_pairs
from evaluation.models import Draw, Mark, Member, MemberRole, Preference, Sheet
from evaluation.pairwise import Pair, Table
from evaluation.published import Document, Drawn, MarksOrder, Proposal, Publication, document
from evaluation.ranking import LotPlaces, Out, Ranking, rank
from evaluation.scoring import MarksError, Pairs, Score, Scorer
from evaluation.states import ComparisonState, SheetState

RANKABLE = (S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD, S.AGREED, S.OPEN)
"""States of a proposal that a ranking holds: a correction computes again what was published."""

TITLE_QUESTIONS = ("titolo", "title")
"""Codes of the question that gives a proposal its title, where the call asks for one."""

TOGETHER = ("Commissione",)
"""Who marked, where the commission gives one mark: in the language of the call, whoever reads."""

Sums = dict[str, dict[str, tuple[int, int]]]
"""Application number to criterion to (sum of the marks in ten-thousandths, how many)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What an area comes to: the ranking, its document, and the application behind each number."""

    ranking: Ranking
    document: Document
    applications: Mapping[str, Application]


def compose(
    call: Call,
    area_code: str,
    *,
    out: Mapping[str, Out] | None = None,
    vacated: Mapping[str, int] | None = None,
    draws: Sequence[Draw] = (),
) -> Ranked:
    """Score and rank the evaluated proposals of an area from their concluded sheets and tables of pairs, without an act yet.

    ``out`` are proposals, by number, that fell out and still count where proposals are measured against each other;
    ``vacated`` are places given up and not given again, by lot ("" where the area has none); ``draws`` are those that were made.

    Raises ``scoring.MarksError`` when the marks in the database cannot give a score."""
    notice = call.notice
    area, grid = notice.area(area_code), notice.grid_for(area_code)
    marking = _Marking(call, area_code, grid, out or {})
    applications = marking.applications
    pairs = _pairs(marking)
    marks = _marks(marking)
    scores = _scores(Scorer(grid, seats=marking.seats, pairs=pairs), marking, marks)
    ranking = rank(
        grid,
        scores,
        places=area.places,
        draws=[draw.order for draw in draws],
        out=out,
        vacated=0 if area.lots or vacated is None else vacated.get("", 0),
        lots=[LotPlaces(lot.code, lot.places, (vacated or {}).get(lot.code, 0), lot.title) for lot in area.lots],
        lot_of={number: _lot_of(notice, area, application) for number, application in applications.items()},
    )
    shown, names = _shown(notice, grid, marking.members)
    publication = Publication(
        call=notice.id,
        call_title=notice.title,
        notice_sha256=call.version.sha256,
        area=area.code,
        area_title=area.title,
        commissioners=names,
        act=None,
        demonstration=notice.demonstration or grid.demonstration,
        marks_order=shown,
        seats=marking.seats,
        draws=tuple(Drawn(draw.sha256, draw.source, draw.value) for draw in draws),
    )
    proposals = {
        number: Proposal(application.organisation.name, title_of(notice, application), marks[number])
        for number, application in applications.items()
    }
    return Ranked(ranking, document(publication, proposals, ranking, pairs), applications)


def read_sums(call: Call, area_code: str) -> Sums:
    """The sums of the concluded sheets of the proposals ranked now, one row for each proposal and criterion, added by the
    database as integers."""
    return _sums(_Marking(call, area_code, call.notice.grid_for(area_code), {}))


def who_marked(call: Call, area_code: str) -> list[Member]:
    """The members whose marks an area rests on, in the order of the appointment: those who mark now, but for a seat that
    changed after the final ranking, whose sheets stayed with the one who left."""
    everybody = list(Member.objects.filter(commission__call=call).select_related("user").order_by("order"))
    seated = [member for member in everybody if member.marks_proposals]
    left = {member.pk: member for member in everybody if member.left_at is not None}
    if not left:
        return seated
    concluded = Sheet.objects.filter(
        member__in=left, application__call=call, application__area_code=area_code, state=SheetState.FINAL
    )
    stayed = set(concluded.order_by().values_list("member_id", flat=True).distinct())
    return sorted((_who_marked_in(member, left, stayed) for member in seated), key=lambda member: member.order)


def _who_marked_in(member: Member, left: Mapping[int, Member], stayed: set[int]) -> Member:
    before = member
    while before.replaces_id is not None and before.replaces_id in left:
        before = left[before.replaces_id]
        if before.pk in stayed:
            return before
    return member


def labels(members: list[Member]) -> tuple[str, ...]:
    """How the public file calls those who marked: by role and number, not by name.

    Who they are is in the act of appointment, published for its term; this file may be copied for ever, and nothing asks
    to tie each mark to a person in it (art. 5 GDPR, minimisation). In the language of the call, whoever reads."""
    number, found = 0, []
    for member in members:
        if member.role == MemberRole.CHAIR:
            found.append("Presidente")
        else:
            number += 1
            found.append(f"Commissario {number}")
    return tuple(found)


def title_of(notice: Notice, application: Application) -> str:
    """The title that the body gave its proposal, or "" where the call asks for none."""
    answers: Mapping[str, Mapping[str, Any]] = application.current.answers
    for section in notice.sections_for(application.area_code):
        for question in section.questions:
            if question.code in TITLE_QUESTIONS:
                return str(answers.get(section.code, {}).get(question.code) or "").strip()
    return ""


def _lot_of(notice: Notice, area: Area, application: Application) -> str:
    """The lot that the proposal's own answer names, "" where the area has none."""
    if not area.lots:
        return ""
    answers: Mapping[str, Mapping[str, Any]] = application.current.answers
    codes = {lot.code for lot in area.lots}
    for section in notice.sections_for(area.code):
        said = answers.get(section.code, {}).get(area.lot_question)
        if said is not None and str(said) in codes:
            return str(said)
    raise MarksError(application.number or "", area.lot_question, "the answer names no lot of the area")


def _shown(notice: Notice, grid: Grid, members: Sequence[Member]) -> tuple[MarksOrder, tuple[str, ...]]:
    """How the call lets the marks be tied to who gave them. A mark of the whole commission is nobody's alone."""
    if grid.marking is Marking.COLLEGIAL:
        return MarksOrder.MEMBER, TOGETHER
    match notice.publication.members:
        case MembersShown.NONE:
            return MarksOrder.SORTED, ()
        case MembersShown.NAMES:
            return MarksOrder.MEMBER, tuple(str(member.user) for member in members)
        case MembersShown.LABELS:
            return MarksOrder.MEMBER, labels(list(members))


class _Marking:
    """Who marked what in an area: the proposals that a ranking holds, by number, and the members that its sheets are of."""

    def __init__(self, call: Call, area_code: str, grid: Grid, out: Iterable[str]) -> None:
        self.call, self.area_code, self.grid = call, area_code, grid
        self.together = grid.marking is Marking.COLLEGIAL
        self.members = [] if self.together else who_marked(call, area_code)
        self.seats = len(TOGETHER) if self.together else len(self.members)
        self.place = {None: 0} if self.together else {member.pk: index for index, member in enumerate(self.members)}
        self._out = list(out)
        rows = (
            Application.objects.filter(self._ranked())
            .select_related("organisation", "current")
            .annotate(members=Count("sheets", filter=self._concluded("sheets__")))
            .order_by("number")
        )
        self.applications = {application.number: application for application in rows}
        self.compared = [c for c in grid.criteria if compares_pairs(c, len(self.applications))]

    def _ranked(self, path: str = "") -> Q:
        where = {f"{path}call": self.call, f"{path}area_code": self.area_code}
        state = Q(**{f"{path}state__in": RANKABLE})
        return Q(**where) & (state | Q(**{f"{path}number__in": self._out}) if self._out else state)

    def _concluded(self, path: str) -> Q:
        by = {f"{path}member": None} if self.together else {f"{path}member__in": [member.pk for member in self.members]}
        return Q(**{f"{path}state": SheetState.FINAL}, **by)

    def marks(self) -> QuerySet[Mark]:
        """Of the concluded sheets of those members; what is compared in pairs has no marks, even where a sheet held some."""
        rows = Mark.objects.filter(self._concluded("sheet__"), self._ranked("sheet__application__"))
        compared = [criterion.code for criterion in self.compared]
        return (rows.exclude(criterion__in=compared) if compared else rows).order_by()


def _sums(marking: _Marking) -> Sums:
    found: Sums = defaultdict(dict)
    rows = marking.marks().values_list("sheet__application__number", "criterion").annotate(Sum("units"), Count("units"))
    for number, criterion, total, count in rows.iterator():
        # PostgreSQL adds bigints as numeric: the sum is whole all the same, and becomes an int here.
        found[number][criterion] = (int(total), count)
    return found


def _marks(marking: _Marking) -> dict[str, dict[str, list[int | None]]]:
    """Application number to criterion to one mark for each member, ``None`` for who did not mark that proposal."""
    found: dict[str, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(lambda: [None] * marking.seats))
    rows = marking.marks().values_list("sheet__application__number", "criterion", "sheet__member", "units")
    for number, criterion, member, units in rows.iterator():
        found[number][criterion][marking.place[member]] = units
    return found


def _pairs(marking: _Marking) -> Pairs:
    """The concluded tables on each criterion that is compared, one or ``None`` for each member. Pairs with a proposal that the
    ranking does not hold are left out."""
    if not marking.compared:
        return {}
    number_of = {application.pk: number for number, application in marking.applications.items()}
    found: dict[str, list[Table | None]] = {c.code: [None] * marking.seats for c in marking.compared}
    rows = Preference.objects.filter(
        comparison__state=ComparisonState.FINAL,
        comparison__member__in=marking.members,
        comparison__area_code=marking.area_code,
        comparison__criterion__in=list(found),
    ).order_by("pk")
    cells: dict[tuple[str, int], list[Pair]] = defaultdict(list)
    fields = ("comparison__criterion", "comparison__member", "first", "second", "prefers", "units")
    for criterion, member, first, second, prefers, units in rows.values_list(*fields).iterator():
        if first in number_of and second in number_of:
            one, two = number_of[first], number_of[second]
            better = (two, one) if prefers == Preference.Prefers.SECOND else (one, two)
            cells[criterion, member].append(Pair(*better, units))
    for (criterion, member), table in cells.items():
        found[criterion][marking.place[member]] = table
    return found


def _scores(scorer: Scorer, marking: _Marking, marks: Mapping[str, Mapping[str, list[int | None]]]) -> dict[str, Score]:
    """The sums are enough unless the grid needs each mark (see ``Scorer.needs_each_mark``)."""
    applications = marking.applications
    if not scorer.needs_each_mark:
        sums = _sums(marking)
        if not scorer.compares:
            return {
                number: scorer.from_sums(number, sums.get(number, {}), members=application.members)
                for number, application in applications.items()
            }
        found = {
            number: scorer.found_in_sums(number, sums.get(number, {}), members=application.members)
            for number, application in applications.items()
        }
    else:
        found = {
            number: scorer.found(
                number,
                {code: [mark for mark in given if mark is not None] for code, given in marks[number].items()},
                members=application.members,
            )
            for number, application in applications.items()
        }
    return scorer.compare(found)
