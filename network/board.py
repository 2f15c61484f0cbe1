"""The tasks as a board: columns by state, the late ones first, how far a Spazio is; and over all Spazi, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.models import Owner, Partnership, Space, Task
from network.onboarding import days_late
from network.states import TaskState
from network.words import TASK_KINDS

LEFT = (TaskState.TO_DO, TaskState.DOING)


@dataclass(frozen=True, slots=True)
class Card:
    """``late``: days after its term, 0 for what is settled. ``is_mine``: the person who looks may do it."""

    task: Task
    late: int
    is_mine: bool

    @property
    def kind(self) -> Any:
        return TASK_KINDS.get(self.task.kind, self.task.kind)

    @property
    def is_left(self) -> bool:
        return self.task.state in LEFT

    @property
    def can_begin(self) -> bool:
        return self.is_mine and self.task.state == TaskState.TO_DO

    @property
    def can_finish(self) -> bool:
        return self.is_mine and self.is_left

    @property
    def lateness(self) -> str:
        """In words: a colour alone says nothing."""
        return ngettext("In ritardo di %(n)s giorno", "In ritardo di %(n)s giorni", self.late) % {"n": self.late}


@dataclass(frozen=True, slots=True)
class Column:
    state: str
    title: Any
    cards: list[Card]

    @property
    def is_settled(self) -> bool:
        return self.state not in LEFT


@dataclass(frozen=True, slots=True)
class Board:
    """``done`` of ``total`` are settled: done, or dropped with a reason."""

    columns: list[Column]
    done: int
    total: int
    late: int

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def progress(self) -> str:
        return _("%(done)s di %(total)s") % {"done": self.done, "total": self.total}

    @property
    def cards_left(self) -> list[Card]:
        """What is left to do, in the order of its columns joined: the late ones first, then by term."""
        return sorted((card for column in self.columns if not column.is_settled for card in column.cards), key=_order)

    @property
    def cards_done(self) -> list[Card]:
        return [card for column in self.columns if column.is_settled for card in column.cards]


@dataclass(frozen=True, slots=True)
class OfSpace:
    """The board of one Spazio among others."""

    space: Space
    board: Board


def board(tasks: Iterable[Task], *, today: date, mine: Collection[tuple[Any, str]] | None) -> Board:
    """``mine``: whose tasks the person may do, as pairs of Spazio and owner; None: all of them (the office)."""
    cards = [
        Card(
            task,
            days_late(task.due_on, today) if task.state in LEFT else 0,
            mine is None or (task.space_id, task.owner) in mine,
        )
        for task in tasks
    ]
    cards.sort(key=_order)
    columns = [
        Column(state, TaskState(state).label, [card for card in cards if card.task.state == state])
        for state in TaskState.values
    ]
    left = sum(card.is_left for card in cards)
    return Board(columns, len(cards) - left, len(cards), sum(card.late > 0 for card in cards))


def by_space(tasks: Iterable[Task], *, today: date, mine: Collection[tuple[Any, str]] | None) -> list[OfSpace]:
    """The board of each Spazio that the tasks are of: first the one that is latest, then by its next term and by name; those
    with nothing left come last."""
    groups: dict[Any, list[Task]] = {}
    for task in tasks:
        groups.setdefault(task.space_id, []).append(task)
    rows = [OfSpace(of[0].space, board(of, today=today, mine=mine)) for of in groups.values()]

    def urgency(row: OfSpace) -> tuple[Any, ...]:
        first = row.board.cards_left[0] if row.board.left else None
        return (first is None, *(_order(first)[:2] if first else ()), row.space.name)

    return sorted(rows, key=urgency)


def _order(card: Card) -> tuple[Any, ...]:
    return (-card.late, card.task.due_on or date.max, card.task.position)


def tasks_of(user: Any, spaces: Collection[Space]) -> set[tuple[Any, str]] | None:
    """Whose tasks ``user`` may do in these Spazi, as :func:`board` asks; two queries for who isn't of the office."""
    if user.is_official:
        return None
    own = Space.objects.run_by(user).values_list("pk", flat=True)
    mine = {(pk, Owner.PARTNER.value) for pk in own}
    if Partnership.objects.accompanying().filter(organisation__memberships__user=user).exists():
        mine |= {(space.pk, Owner.METHOD.value) for space in spaces}
    return mine
