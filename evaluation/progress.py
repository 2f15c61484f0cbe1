"""How far a commission is in one area: who has declared what, and which sheets are concluded. Counts and states, no marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from evaluation.models import Commission, Declaration, Member, Sheet
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

    @property
    def is_done(self) -> bool:
        return self.undeclared == 0 and self.final == self.due


@dataclass(frozen=True, slots=True)
class Lacking:
    """What stands against closing the evaluation of one proposal: members that have not declared, members whose sheet is
    not concluded, or no member at all that may mark it."""

    undeclared: tuple[str, ...]
    unfinished: tuple[str, ...]
    nobody: bool


class Progress:
    """One area of a call, read in a number of queries that its size does not change."""

    def __init__(self, call: Call, area_code: str) -> None:
        self.call, self.area_code = call, area_code
        commission = commission_of(call)
        self.members: list[Member] = list(commission.members.marking().select_related("user")) if commission else []
        received = Application.objects.received().filter(call=call, area_code=area_code)
        states = dict(received.order_by("number").values_list("pk", "state"))
        self.to_check = sum(state in STILL_TO_CHECK for state in states.values())
        self.states = states
        self.proposals = [pk for pk, state in states.items() if state in ADMITTED_AND_BEYOND]
        self._conflict = latest_declarations(self.members, received)
        final = Sheet.objects.filter(
            member__in=self.members, application__in=received.order_by().values("pk"), state=SheetState.FINAL
        )
        self._final = set(final.values_list("member_id", "application_id"))

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
        return Lacking(tuple(undeclared), tuple(unfinished), nobody=not free and not undeclared)


def commission_of(call: Call) -> Commission | None:
    """The commission, or ``None`` before it is appointed."""
    return getattr(call, "commission", None)


def latest_declarations(members: Iterable[Member], applications: QuerySet[Application]) -> dict[tuple[int, Any], bool]:
    """(member, application) to whether the last declaration says conflict; no key where there is none."""
    inner = applications.order_by().values("pk")
    rows = Declaration.objects.filter(member__in=list(members), application__in=inner).order_by("pk")
    return {
        (member, application): said
        for member, application, said in rows.values_list("member_id", "application_id", "in_conflict")
    }
