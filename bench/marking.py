"""The pages of a commission: a sheet shown and saved, one's own sheets, all the marks side by side, the office's page.

Twenty criteria, five members. In one area the first member's sheets are open; in the other everybody has concluded, so that the
composition shows. The floor of a save is a row written; those of the pages draw the same page from what is in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from types import ModuleType

from django.urls import reverse

from applications.states import ApplicationState
from bench import data
from bench.clock import statements
from bench.floors import keep_what_is_drawn
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from evaluation.models import Declaration, Mark, Sheet
from evaluation.remembering import NOTHING, Written
from evaluation.states import SheetState
from evaluation.views import closing, composition, member
from evaluation.views import sheet as sheet_views
from tests.builders import official

OPEN, CONCLUDED = "area-1", "area-2"


@dataclass(frozen=True, slots=True)
class Size:
    proposals: int
    """In each area."""
    times: int


FULL, SMALL = Size(proposals=60, times=10), Size(proposals=3, times=2)


class Marking:
    """A commission at work, seen by its chair and by the office."""

    def __init__(self, size: Size) -> None:
        self.call = data.evaluated_call("schede")
        self.members = data.commission(self.call)
        made = {
            area: data.proposals(self.call, area, size.proposals, ApplicationState.ADMITTED, prefix=f"S-{area}")
            for area in AREAS
        }
        for proposals in made.values():
            data.mark(list(zip(proposals, data.judgments(size.proposals), strict=True)), self.members)
        Declaration.objects.bulk_create(
            Declaration(member=seat, application=proposal, in_conflict=False, at=self.call.closes_at)
            for proposals in made.values()
            for proposal in proposals
            for seat in self.members
        )
        own = Sheet.objects.filter(member=self.members[0], application__in=made[OPEN])
        own.update(state=SheetState.OPEN)
        data.analyze()
        self.sheet = own.order_by("application__number").first()
        self.other = made[OPEN][-1]
        self.chair, self.office = Visitor(self.members[0].user), Visitor(official())
        self.page, self.field = (reverse(name, args=[self.sheet.pk]) for name in ("sheet", "sheet_autosave"))
        slug = self.call.slug
        self.list, self.desk = reverse("sheets", args=[slug]), reverse("desk_evaluation", args=[slug])
        self.opened = f"{reverse('composition', args=[slug, CONCLUDED])}?domanda={made[CONCLUDED][0].number}"
        self.floor_insert = reverse("floor_insert", args=[self.other.pk])
        self._numbers = count()
        self.chair.get(self.page)
        mark = self.sheet.marks.get(criterion=data.CRITERIA[0])
        self._base = Written(mark.units, mark.reason).base

    def autosave(self) -> None:
        """One criterion, as the page sends it while somebody writes; each save changes the reason."""
        typed = {"level-0": "0.8", "reason-0": f"Motivo numero {next(self._numbers)}."}
        fields = {data.CRITERIA[0]: {"typed": typed, "base": self._base}}
        said = json.loads(self.chair.send(self.field, {"fields": fields}).text)
        self._base = said["bases"][data.CRITERIA[0]]

    def save(self) -> None:
        """The whole sheet with its button; every reason changes."""
        marks = {mark.criterion: Written(mark.units, mark.reason) for mark in Mark.objects.filter(sheet=self.sheet)}
        number = next(self._numbers)
        typed = {f"level-{index}": "0.8" for index, _code in enumerate(data.CRITERIA)}
        reasons = {f"reason-{index}": f"Motivo numero {number}." for index, _code in enumerate(data.CRITERIA)}
        bases = {code: marks.get(code, NOTHING).base for code in data.CRITERIA}
        self.chair.post(self.page, {**typed, **reasons, "save": "", "__bases": json.dumps(bases)})

    def insert(self) -> None:
        self.chair.post(self.floor_insert, {"level-0": "0.8", "reason-0": f"Motivo numero {next(self._numbers)}."})

    def show(self) -> str:
        return self.chair.get(self.page).text

    def show_list(self) -> str:
        return self.chair.get(self.list).text

    def show_composition(self) -> str:
        return self.chair.get(self.opened).text

    def show_desk(self) -> str:
        return self.office.get(self.desk).text


AREAS = (OPEN, CONCLUDED)


def run(size: Size, rounds: int) -> Iterator[Line]:
    marking = Marking(size)
    for words, work in (("save a criterion of a sheet", marking.autosave), ("save a sheet", marking.save)):
        yield Line(
            words,
            "session, person, token, one INSERT",
            alternate(work, marking.insert, rounds=rounds, times=size.times),
            goal=4.0,
            remark=_statements(work),
        )
    pages: list[tuple[str, Visitor, Callable[[], str], ModuleType, int | None]] = [
        ("show a sheet", marking.chair, marking.show, sheet_views, None),
        (f"show one's {size.proposals} sheets", marking.chair, marking.show_list, member, None),
        ("show a proposal with its five sheets", marking.chair, marking.show_composition, composition, 60),
        ("show how far the commission is", marking.office, marking.show_desk, closing, None),
    ]
    for name, (words, visitor, show, module, limit) in enumerate(pages):
        address = keep_what_is_drawn(module, f"marking-{name}", show)
        yield Line(
            words,
            "session, person, the same page drawn from memory",
            alternate(show, lambda address=address, visitor=visitor: visitor.get(address), rounds=rounds, times=size.times),
            limit=limit,
            remark=_statements(show),
        )


def _statements(work: Callable[[], object]) -> str:
    return f"{statements(work)} statements"
