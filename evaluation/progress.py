"""How far a commission is in one area: who has declared what, and which sheets are concluded. Counts and states, no marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.grid import Composition, Criterion, Grid
from evaluation.models import Commission, Declaration, Mark, Member, Sheet
from evaluation.states import SheetState

STILL_TO_CHECK = (S.SUBMITTED, S.CHECKING)
ADMITTED_AND_BEYOND = (S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD, S.AGREED, S.OPEN)
"""States of a proposal that the commission evaluates or has evaluated."""


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """Of ``proposals`` in the area: how many still want a declaration, how many are in conflict, how many sheets are
    ``final`` among the ``due`` ones."""

    member: Member
    proposals: int
    undeclared: int
    in_conflict: int
    final: int

    @property
    def due(self) -> int:
        return self.proposals - self.in_conflict


@dataclass(frozen=True, slots=True)
class Dispute:
    """A fact of one proposal on which concluded sheets differ: the different ``marks``, from the least."""

    criterion: Criterion
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What stands against closing the evaluation of one proposal: members that have not declared, members whose sheet is
    not concluded, no member at all that may mark it, or, once all of them have concluded, facts on which they differ.
    ``in_conflict`` are the people who may not read of this proposal."""

    number: str
    undeclared: tuple[str, ...]
    unfinished: tuple[str, ...]
    nobody: bool
    disputes: tuple[Dispute, ...]
    in_conflict: frozenset[Any]


class Progress:
    """One area of a call, read in a number of queries that its size does not change."""

    def __init__(self, call: Call, area_code: str) -> None:
        self.call, self.area_code = call, area_code
        commission = commission_of(call)
        self.members: list[Member] = list(commission.members.marking().select_related("user")) if commission else []
        received = Application.objects.received().filter(call=call, area_code=area_code)
        found = list(received.order_by("number").values_list("pk", "state", "number"))
        states = {pk: state for pk, state, _number in found}
        self._numbers = {pk: number for pk, _state, number in found}
        self.to_check = sum(state in STILL_TO_CHECK for state in states.values())
        self.states = states
        self.proposals = [pk for pk, state in states.items() if state in ADMITTED_AND_BEYOND]
        self._conflict = latest_declarations(self.members, received)
        final = Sheet.objects.filter(
            member__in=self.members, application__in=received.order_by().values("pk"), state=SheetState.FINAL
        )
        self._final = set(final.values_list("member_id", "application_id"))
        self._facts = [criterion for criterion in call.notice.grid_for(area_code).criteria if not criterion.is_judged]
        self._found = self._read_facts(final)

    def _read_facts(self, final: QuerySet[Sheet]) -> dict[Any, dict[str, set[int]]]:
        """Application to fact to the marks of its concluded sheets; a grid of judgments alone asks nothing."""
        found: dict[Any, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        if self._facts:
            marks = Mark.objects.filter(sheet__in=final, criterion__in=[c.code for c in self._facts], units__isnull=False)
            for application, criterion, units in marks.values_list("sheet__application_id", "criterion", "units").iterator():
                found[application][criterion].add(units)
        return found

    @property
    def admitted(self) -> int:
        return sum(state == S.ADMITTED for state in self.states.values())

    @property
    def evaluated(self) -> int:
        return sum(state == S.EVALUATED for state in self.states.values())

    @property
    def is_closed(self) -> bool:
        """There was something to evaluate and nothing waits for its marks any more."""
        return bool(self.proposals) and not self.admitted and not self.to_check

    def of(self, member: Member) -> MemberProgress:
        declared = [self._conflict.get((member.pk, pk)) for pk in self.proposals]
        return MemberProgress(
            member=member,
            proposals=len(self.proposals),
            undeclared=declared.count(None),
            in_conflict=declared.count(True),
            final=sum((member.pk, pk) in self._final for pk in self.proposals),
        )

    def by_member(self) -> list[MemberProgress]:
        return [self.of(member) for member in self.members]

    def conflicts(self) -> list[Declaration]:
        """The conflicts that stand, with their explanations: for the office, which decides whether to change a member."""
        standing = [pair for pair, in_conflict in self._conflict.items() if in_conflict]
        if not standing:
            return []
        rows = Declaration.objects.filter(member__in=self.members, in_conflict=True, application__call=self.call)
        rows = rows.select_related("member__user", "application__organisation").order_by("pk")
        last = {(row.member_id, row.application_id): row for row in rows}
        return [last[pair] for pair in standing]

    def lacking(self, application_pk: Any) -> Lacking:
        undeclared, unfinished = [], []
        free = 0
        for member in self.members:
            in_conflict = self._conflict.get((member.pk, application_pk))
            if in_conflict is None:
                undeclared.append(str(member.user))
            elif not in_conflict:
                free += 1
                if (member.pk, application_pk) not in self._final:
                    unfinished.append(str(member.user))
        of_this = self._found.get(application_pk, {})
        disputes = (Dispute(c, tuple(sorted(of_this.get(c.code, ())))) for c in self._facts)
        return Lacking(
            number=self._numbers[application_pk],
            undeclared=tuple(undeclared),
            unfinished=tuple(unfinished),
            nobody=not free and not undeclared,
            disputes=() if undeclared or unfinished else tuple(d for d in disputes if len(d.marks) > 1),
            in_conflict=frozenset(m.user_id for m in self.members if self._conflict.get((m.pk, application_pk))),
        )


def commission_of(call: Call) -> Commission | None:
    """The commission, or ``None`` before it is appointed."""
    return getattr(call, "commission", None)


def seats_of(commission: Commission, grid: Grid) -> int | None:
    """How many members mark, where the grid adds their points: each gives a part of the maximum. ``None`` elsewhere."""
    return commission.members.marking().count() if grid.composition is Composition.SUM else None


def latest_declarations(members: Iterable[Member], applications: QuerySet[Application]) -> dict[tuple[int, Any], bool]:
    """(member, application) to whether the last declaration says conflict; no key where there is none."""
    inner = applications.order_by().values("pk")
    rows = Declaration.objects.filter(member__in=list(members), application__in=inner).order_by("pk")
    return {
        (member, application): said
        for member, application, said in rows.values_list("member_id", "application_id", "in_conflict")
    }
