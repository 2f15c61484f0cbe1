"""How far a commission is in one area: who has declared what, which sheets and which comparisons are concluded. Counts and
states, no marks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from bando.notice.grid import Composition, Criterion, CriterionType, Grid, Marking
from evaluation.comparing import compares_pairs
from evaluation.models import Commission, Comparison, Declaration, Mark, Member, MemberRole, Sheet
from evaluation.states import SheetState
from evaluation.ties import acting_for

STILL_TO_CHECK = (S.SUBMITTED, S.CHECKING)
ADMITTED_AND_BEYOND = (S.ADMITTED, S.EVALUATED, S.RANKED, S.SELECTED, S.WAITING, S.BELOW_THRESHOLD, S.AGREED, S.OPEN)
"""States of a proposal that the commission evaluates or has evaluated."""


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """Of ``proposals`` in the area: how many still want a declaration, how many are in conflict, how many sheets are
    ``final`` among the ``due`` ones. ``tables`` are the criteria on which they compare proposals in pairs, ``tables_final``
    those that they have concluded."""

    member: Member
    proposals: int
    undeclared: int
    in_conflict: int
    due: int
    final: int
    tables: int = 0
    tables_final: int = 0


@dataclass(frozen=True, slots=True)
class Dispute:
    """A fact of one proposal on which concluded sheets differ: the different ``marks``, from the least."""

    criterion: Criterion
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What stands against closing the evaluation of one proposal: members that have not declared, members that declared no
    conflict and act for one of its bodies now (``joined``), members whose sheet is not concluded, or was concluded when it
    did not ask for a criterion that it asks now (``unmarked``), no member at all that may mark it, or, once all of them have
    concluded, facts on which they differ. Where the commission marks together: who ``writes`` its sheet as long as it isn't
    concluded, ``None`` otherwise. What holds of the whole area and so of each proposal: who has tables of pairs to conclude
    (``comparing``), and whether there is nobody who may compare.

    ``in_conflict`` are the people who may not read of this proposal."""

    number: str
    undeclared: tuple[str, ...]
    unfinished: tuple[str, ...]
    nobody: bool
    disputes: tuple[Dispute, ...]
    in_conflict: frozenset[Any]
    joined: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()
    writes: tuple[str, ...] | None = None
    comparing: tuple[str, ...] = ()
    nobody_compares: bool = False


class Progress:
    """One area of a call, read in a number of queries that its size does not change. With ``rows`` that were read for several
    areas (see :func:`progress_of`) it asks nothing more."""

    def __init__(self, call: Call, area_code: str, rows: _Rows | None = None) -> None:
        self.call, self.area_code = call, area_code
        rows = rows or _Rows(call, [area_code])
        self._rows = rows
        self.seats = rows.seats
        self.members = rows.members
        found = rows.applications[area_code]
        states = {pk: state for pk, state, _number in found}
        self._numbers = {pk: number for pk, _state, number in found}
        self.to_check = sum(state in STILL_TO_CHECK for state in states.values())
        self.states = states
        self.proposals = [pk for pk, state in states.items() if state in ADMITTED_AND_BEYOND]
        grid = rows.grids[area_code]
        self.together = grid.marking is Marking.COLLEGIAL
        self.compared = rows.compared[area_code]
        self._conflict, self._joined = rows.conflict, rows.joined
        self._final = {(member, pk) for member, pk in rows.final if pk in states and (member is None) is self.together}
        self._facts = [criterion for criterion in grid.criteria if not criterion.is_judged]
        self._found, given = self._read_marks()
        asked = _asked_instead(grid, self.compared)
        self._unmarked = {pair for pair in self._final if given[pair] < len(asked)}
        self._tables = self._full_tables()

    def _read_marks(self) -> tuple[dict[Any, dict[str, set[int]]], Counter[tuple[Any, Any]]]:
        """Of the concluded sheets: application to fact to the marks that were found; and how many coefficients each sheet has
        of those asked because the proposals are too few to compare."""
        found: dict[Any, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        given: Counter[tuple[Any, Any]] = Counter()
        facts = {criterion.code for criterion in self._facts}
        asked = set(_asked_instead(self._rows.grids[self.area_code], self.compared))
        for member, application, criterion, units in self._rows.marks:
            if (member, application) not in self._final:
                continue
            if criterion in facts:
                found[application][criterion].add(units)
            elif criterion in asked:
                given[member, application] += 1
        return found, given

    def _full_tables(self) -> set[tuple[Any, str]]:
        """(member, criterion) of the concluded tables that hold each pair of the proposals of today."""
        codes = {criterion.code for criterion in self.compared}
        pairs = len(self.proposals) * (len(self.proposals) - 1) // 2
        return {
            (member, criterion)
            for member, area, criterion, held in self._rows.tables
            if area == self.area_code and criterion in codes and held == pairs
        }

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

    def hidden_from(self, user: User) -> set[Any]:
        """The proposals of which ``user``, who has a seat, may know nothing: not even that they are counted."""
        own = [seat.pk for seat in self.seats if seat.user_id == user.pk]
        return {pk for pk in self.proposals for seat in own if not self._is_free(seat, pk)}

    def readable_by(self, member: Member) -> list[Any]:
        """The proposals on which ``member``, who may be the secretary, has declared no conflict, and acts for no body of them."""
        return [pk for pk in self.proposals if self._conflict.get((member.pk, pk)) is False and self._is_free(member.pk, pk)]

    def undeclared_by(self, member: Member) -> int:
        return sum((member.pk, pk) not in self._conflict for pk in self.proposals)

    def of(self, member: Member, *, hidden: Collection[Any] = ()) -> MemberProgress:
        shown = [pk for pk in self.proposals if pk not in hidden]
        declared = [self._conflict.get((member.pk, pk)) for pk in shown]
        in_conflict = declared.count(True)
        compares = member in self.who_compares
        return MemberProgress(
            member=member,
            proposals=len(shown),
            undeclared=declared.count(None),
            in_conflict=in_conflict,
            due=0 if self.together else len(shown) - in_conflict,
            final=sum((member.pk, pk) in self._final for pk in shown),
            tables=len(self.compared) if compares else 0,
            tables_final=sum((member.pk, c.code) in self._tables for c in self.compared) if compares else 0,
        )

    def by_member(self, *, hidden: Collection[Any] = ()) -> list[MemberProgress]:
        """``hidden``: proposals that count for nothing (see :meth:`hidden_from`)."""
        return [self.of(member, hidden=hidden) for member in self.members]

    def marked_together(self, *, hidden: Collection[Any] = ()) -> tuple[int, int]:
        """How many sheets of the whole commission are concluded, and of how many."""
        shown = [pk for pk in self.proposals if pk not in hidden]
        return sum((None, pk) in self._final for pk in shown), len(shown)

    def conflicts(self) -> list[Declaration]:
        """The conflicts that stand, with their explanations: for the office, which decides whether to change a member."""
        standing = [pair for pair, in_conflict in self._conflict.items() if in_conflict and pair[1] in self.states]
        return [self._rows.conflicts[pair] for pair in standing]

    @cached_property
    def who_compares(self) -> list[Member]:
        """Those who declared no conflict with any proposal of the area, and act for none of its bodies."""
        if not self.compared:
            return []
        return [
            member
            for member in self.members
            if all(self._conflict.get((member.pk, pk)) is False and self._is_free(member.pk, pk) for pk in self.proposals)
        ]

    @cached_property
    def comparing(self) -> tuple[str, ...]:
        return tuple(
            str(member.user)
            for member in self.who_compares
            if any((member.pk, criterion.code) not in self._tables for criterion in self.compared)
        )

    def is_marked(self, application_pk: Any) -> bool:
        """Everybody who has to has declared and concluded: the marks of all may be read by those who gave them."""
        lacking = self.lacking(application_pk)
        return not (
            lacking.undeclared
            or lacking.joined
            or lacking.unfinished
            or lacking.unmarked
            or lacking.nobody
            or lacking.writes is not None
        )

    def lacking(self, application_pk: Any) -> Lacking:
        undeclared, unfinished, joined, unmarked = [], [], [], []
        free = 0
        for member in self.members:
            pair = (member.pk, application_pk)
            in_conflict = self._conflict.get(pair)
            if in_conflict is None:
                undeclared.append(str(member.user))
            elif in_conflict:
                continue
            elif pair in self._joined:
                joined.append(str(member.user))
            else:
                free += 1
                if self.together:
                    continue
                if pair not in self._final:
                    unfinished.append(str(member.user))
                elif pair in self._unmarked:
                    unmarked.append(str(member.user))
        of_this = self._found.get(application_pk, {})
        disputes = (Dispute(c, tuple(sorted(of_this.get(c.code, ())))) for c in self._facts)
        waiting = undeclared or unfinished or joined
        return Lacking(
            number=self._numbers[application_pk],
            undeclared=tuple(undeclared),
            unfinished=tuple(unfinished),
            nobody=not free and not undeclared and not joined,
            disputes=() if waiting else tuple(d for d in disputes if len(d.marks) > 1),
            in_conflict=frozenset(seat.user_id for seat in self.seats if not self._is_free(seat.pk, application_pk)),
            joined=tuple(joined),
            unmarked=tuple(unmarked),
            writes=self._writes(application_pk),
            comparing=self.comparing,
            nobody_compares=bool(self.compared) and not self.who_compares and not waiting,
        )

    def _is_free(self, seat: int, application_pk: Any) -> bool:
        pair = (seat, application_pk)
        return not self._conflict.get(pair) and pair not in self._joined

    def _writes(self, application_pk: Any) -> tuple[str, ...] | None:
        if not self.together or (None, application_pk) in self._final:
            return None
        leads = (seat for seat in self.seats if seat.role in (MemberRole.CHAIR, MemberRole.SECRETARY))
        return tuple(str(seat.user) for seat in leads if self._is_free(seat.pk, application_pk))


def progress_of(call: Call) -> dict[str, Progress]:
    """Each area of the call, all read together: in as many queries as one."""
    codes = [area.code for area in call.notice.areas]
    rows = _Rows(call, codes)
    return {code: Progress(call, code, rows) for code in codes}


class _Rows:
    """What some areas of a call are read from. ``conflict``: see :func:`latest_declarations`; ``joined``:
    :func:`ties.acting_for`; ``final``: (member or ``None``, application) of the concluded sheets."""

    def __init__(self, call: Call, codes: list[str]) -> None:
        self.call, self.codes = call, codes
        commission = commission_of(call)
        self.seats: list[Member] = list(commission.members.seated().select_related("user")) if commission else []
        self.members = [seat for seat in self.seats if seat.role_marks]
        received = Application.objects.received().filter(call=call, area_code__in=codes)
        self.applications: dict[str, list[tuple[Any, str, str]]] = {code: [] for code in codes}
        for area, pk, state, number in received.order_by("number").values_list("area_code", "pk", "state", "number"):
            self.applications[area].append((pk, state, number))
        self.conflict = latest_declarations(self.seats, received)
        self.joined = acting_for(self.seats, received)
        self._sheets = Sheet.objects.filter(
            Q(member__in=self.members) | Q(member=None),
            application__in=received.order_by().values("pk"),
            state=SheetState.FINAL,
        )
        self.final = set(self._sheets.values_list("member_id", "application_id"))
        self.grids = {code: call.notice.grid_for(code) for code in codes}
        self.compared = {
            code: [criterion for criterion in grid.criteria if compares_pairs(criterion, len(self._proposals(code)))]
            for code, grid in self.grids.items()
        }
        self.marks = self._read_marks()
        self.tables = self._read_tables()

    def _proposals(self, code: str) -> list[Any]:
        return [pk for pk, state, _number in self.applications[code] if state in ADMITTED_AND_BEYOND]

    def _read_marks(self) -> list[tuple[Any, Any, str, int]]:
        """(member, application, criterion, units) of the facts, and of what is asked instead of comparing; grids of judgments
        alone ask nothing."""
        facts = {c.code for grid in self.grids.values() for c in grid.criteria if not c.is_judged}
        instead = {criterion for code, grid in self.grids.items() for criterion in _asked_instead(grid, self.compared[code])}
        if not facts | instead:
            return []
        marks = Mark.objects.filter(sheet__in=self._sheets, criterion__in=facts | instead, units__isnull=False)
        return list(marks.values_list("sheet__member_id", "sheet__application_id", "criterion", "units"))

    def _read_tables(self) -> list[tuple[Any, str, str, int]]:
        """(member, area, criterion, how many pairs of the proposals of today it holds) of the concluded tables."""
        codes = [code for code, compared in self.compared.items() if compared]
        if not codes:
            return []
        proposals = [pk for code in codes for pk in self._proposals(code)]
        among = {"preferences__first__in": proposals, "preferences__second__in": proposals}
        rows = Comparison.objects.filter(member__in=self.members, area_code__in=codes, state=SheetState.FINAL)
        counted = rows.annotate(pairs=Count("preferences", filter=Q(**among)))
        return list(counted.values_list("member_id", "area_code", "criterion", "pairs"))

    @cached_property
    def conflicts(self) -> dict[tuple[int, Any], Declaration]:
        """(member, application) to the last declaration of a conflict, with its explanation."""
        rows = Declaration.objects.filter(member__in=self.seats, in_conflict=True, application__call=self.call)
        rows = rows.select_related("member__user", "application__organisation").order_by("pk")
        return {(row.member_id, row.application_id): row for row in rows}


def _asked_instead(grid: Grid, compared: Collection[Criterion]) -> list[str]:
    """The criteria of the grid that would be compared in pairs, if the proposals were enough: the sheets ask a coefficient."""
    return [c.code for c in grid.criteria if c.type is CriterionType.PAIRWISE and c not in compared]


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
