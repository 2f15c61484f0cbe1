"""How a state may change: rows one can read aloud.

PURE: standard library only. A procedure is a table of :class:`Transition` rows; the page that shows a button and the act
behind it ask the same row, so what is offered and what is allowed can't differ.

    SUBMIT = T("submit", [DRAFT], SUBMITTED, by=is_applicant, when=[call_is_open, is_complete])

A rule is a question about one attempt: it answers ``None`` (nothing against it) or the reason, as a sentence that tells a
person what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries an act on a row at a moment. ``at`` is aware; ``data`` holds what the act itself brings."""

    row: Any
    by: Any
    at: datetime
    reason: str = ""
    on_behalf_of: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment of an act must carry its zone")


Rule = Callable[[Attempt], str | None]


class Obstacle(StrEnum):
    """What the table itself holds against an attempt; whoever shows it puts it into words."""

    STATE = "state"
    REASON = "reason"


class Refused(Exception):
    """The act was not done. ``reasons`` are sentences for the person who tried, never empty."""

    def __init__(self, reasons: Sequence[str]):
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Transition:
    """One act of the procedure: from which states, to which, by whom, and what must be true. ``target`` is None for an act
    that leaves each of its states as it is. ``label`` is what is told of it once it is done ("Domanda inviata")."""

    name: str
    sources: Sequence[str]
    target: str | None
    by: Rule
    when: Sequence[Rule] = ()
    reason_required: bool = False
    label: Any = ""

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"{self.name}: an act starts from at least one state")

    def leads_to(self, state: str) -> str:
        """The state after the act, done in ``state``."""
        return state if self.target is None else self.target


T = Transition


def refusals(transition: Transition, attempt: Attempt) -> list[str]:
    """All that stands against ``attempt``, empty when it may be done.

    Who may not do the act at all hears only that: the other rules could tell what is not theirs to know. An
    :class:`Obstacle` is returned as itself.
    """
    if stranger := transition.by(attempt):
        return [stranger]
    if attempt.row.state not in transition.sources:
        return [Obstacle.STATE]
    reasons = [reason for rule in transition.when if (reason := rule(attempt))]
    if transition.reason_required and not attempt.reason.strip():
        reasons.append(Obstacle.REASON)
    return reasons


def faults(table: Iterable[Transition], *, states: Iterable[str], initial: str, final: Iterable[str] = ()) -> list[str]:
    """What is wrong with a table as a graph: every state reachable, names unique, final states leading nowhere."""
    rows = list(table)
    known, ends = set(states), set(final)
    found = []
    names = [row.name for row in rows]
    found += [f"{name}: two rows carry this name" for name in sorted({n for n in names if names.count(n) > 1})]
    for row in rows:
        strangers = {*row.sources, *(row.leads_to(source) for source in row.sources)} - known
        found += [f"{row.name}: unknown state {state}" for state in sorted(strangers)]
        found += [f"{row.name}: leaves the final state {state}" for state in row.sources if state in ends]
    reached, frontier = {initial}, [initial]
    while frontier:
        here = frontier.pop()
        for row in rows:
            if here in row.sources and row.leads_to(here) not in reached:
                reached.add(row.leads_to(here))
                frontier.append(row.leads_to(here))
    found += [f"{state}: cannot be reached from {initial}" for state in sorted(known - reached)]
    return found


def diagram(table: Iterable[Transition]) -> str:
    """The table as Mermaid text, one arrow per source state, in the order of the table."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {source} --> {row.leads_to(source)}: {row.name}" for row in table for source in row.sources]
    return "\n".join(lines)
