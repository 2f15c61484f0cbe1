"""From the rows of an area to its ranking and to the document that is published: read, decide, write.

The database adds whole numbers and nothing else: no division, no rounding, no mark as an object. What is decided is
decided in ``scoring`` and ``ranking``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.document import Notice
from evaluation.models import Mark, Member, MemberRole
from evaluation.published import Act, Document, Proposal, Publication, document
from evaluation.ranking import Ranking, rank
from evaluation.scoring import Score, Scorer
from evaluation.states import SheetState

RANKABLE = (S.EVALUATED, S.RANKED)

TITLE_QUESTIONS = ("titolo", "title")
"""Codes of the question that gives a proposal its title, where the call asks for one."""

Sums = dict[str, dict[str, tuple[int, int]]]
"""Application number to criterion to (sum of the marks in ten-thousandths, how many)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What an area comes to: the ranking, its document, and the application behind each number."""

    ranking: Ranking
    document: Document
    applications: Mapping[str, Application]


def compose(call: Call, area_code: str) -> Ranked:
    """Score and rank the evaluated proposals of an area from their concluded sheets, without an act yet.

    Raises ``scoring.MarksError`` when the marks in the database cannot give a score."""
    notice = call.notice
    area, grid = notice.area(area_code), notice.grid_for(area_code)
    applications = {a.number: a for a in _rankable(call, area_code)}
    members = list(Member.objects.filter(commission__call=call).marking())
    marks = _marks(call, area_code, members)
    ranking = rank(grid, _scores(Scorer(grid, seats=len(members)), call, area_code, applications, marks), places=area.places)
    publication = Publication(
        call=notice.id,
        call_title=notice.title,
        notice_sha256=call.version.sha256,
        area=area.code,
        area_title=area.title,
        commissioners=labels(members),
        act=None,
        demonstration=notice.demonstration or grid.demonstration,
    )
    proposals = {
        number: Proposal(application.organisation.name, title_of(notice, application), marks[number])
        for number, application in applications.items()
    }
    return Ranked(ranking, document(publication, proposals, ranking), applications)


def with_act(content: Document, *, number: str, day: date) -> Document:
    """The same document with the act that approves it."""
    act = Act(number, day.isoformat())
    return {**content, "act": {"number": act.number, "date": act.date}}


def read_sums(call: Call, area_code: str) -> Sums:
    """The sums of the concluded sheets, one row for each proposal and criterion, added by the database as integers."""
    found: Sums = defaultdict(dict)
    rows = (
        _concluded(call, area_code)
        .order_by()
        .values_list("sheet__application__number", "criterion")
        .annotate(Sum("units"), Count("units"))
    )
    for number, criterion, total, count in rows.iterator():
        # PostgreSQL adds bigints as numeric: the sum is whole all the same, and becomes an int here.
        found[number][criterion] = (int(total), count)
    return found


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


def _rankable(call: Call, area_code: str) -> Any:
    return (
        Application.objects.filter(call=call, area_code=area_code, state__in=RANKABLE)
        .select_related("organisation", "current")
        .annotate(members=Count("sheets", filter=Q(sheets__state=SheetState.FINAL)))
        .order_by("number")
    )


def _concluded(call: Call, area_code: str) -> Any:
    return Mark.objects.filter(
        sheet__state=SheetState.FINAL,
        sheet__application__call=call,
        sheet__application__area_code=area_code,
        sheet__application__state__in=RANKABLE,
    )


def _marks(call: Call, area_code: str, members: list[Member]) -> dict[str, dict[str, list[int | None]]]:
    """Application number to criterion to one mark for each member, ``None`` for who did not mark that proposal."""
    place = {member.pk: index for index, member in enumerate(members)}
    found: dict[str, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(lambda: [None] * len(members)))
    rows = (
        _concluded(call, area_code).order_by().values_list("sheet__application__number", "criterion", "sheet__member", "units")
    )
    for number, criterion, member, units in rows.iterator():
        found[number][criterion][place[member]] = units
    return found


def _scores(
    scorer: Scorer,
    call: Call,
    area_code: str,
    applications: Mapping[str, Application],
    marks: Mapping[str, Mapping[str, list[int | None]]],
) -> dict[str, Score]:
    """The sums are enough unless the grid needs each mark (see ``Scorer.needs_each_mark``)."""
    if not scorer.needs_each_mark:
        sums = read_sums(call, area_code)
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
