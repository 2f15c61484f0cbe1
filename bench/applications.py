"""The office's list of ten thousand applications, fifty a page: the first page and the last.

The floor draws the same fifty rows, by the same lines of the page's own template, from memory: no request, no person, no
database, no page around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.template import Context
from django.template.defaulttags import ForNode
from django.template.loader import get_template
from django.urls import reverse

from applications import desk
from applications.states import ApplicationState
from bench import data
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from tests.builders import official

STATES = (ApplicationState.SUBMITTED, ApplicationState.CHECKING, ApplicationState.ADMITTED, ApplicationState.NOT_ADMITTED)


@dataclass(frozen=True, slots=True)
class Size:
    applications: int
    times: int
    """Pages of each kind in a round."""


FULL, SMALL = Size(applications=10_000, times=20), Size(applications=120, times=2)


class Desk:
    """A call with many applications, and an official who looks at them."""

    def __init__(self, size: Size) -> None:
        self.call = data.evaluated_call("elenco")
        data.proposals(self.call, "area-1", size.applications, STATES, prefix="P")
        data.analyze()
        self.visitor = Visitor(official())
        self.address = reverse("desk_applications", args=[self.call.slug])
        self.last_address = f"{self.address}?after=P-{size.applications - desk.PAGE - 1:05}"
        title = self.call.notice.area("area-1").title
        self._rows = [{"application": row, "area": title} for row in desk.page(desk.listed(self.call)).rows]
        self._template = get_template("applications/desk/applications.html").template
        (self._loop,) = (loop for loop in self._template.nodelist.get_nodes_by_type(ForNode) if str(loop.sequence) == "rows")

    def first(self) -> str:
        return self.visitor.get(self.address).text

    def last(self) -> str:
        return self.visitor.get(self.last_address).text

    def draw(self) -> str:
        context = Context({"rows": self._rows})
        with context.bind_template(self._template):
            return self._loop.render(context)


def run(size: Size, rounds: int) -> Iterator[Line]:
    office = Desk(size)
    many = f"{size.applications:,}"
    yield Line(
        f"list {many} applications, first page",
        "its fifty rows drawn from memory",
        alternate(office.first, office.draw, rounds=rounds, times=size.times),
        goal=2.2,
    )
    yield Line(
        f"list {many} applications, last page",
        "the first page",
        alternate(office.last, office.first, rounds=rounds, times=size.times),
        goal=1.3,
    )
