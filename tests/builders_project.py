"""A co-design table with the proposals that may become projects.

Three proposals, ranked and published: the first two have a place. The call asks for texts, choices, a table and a budget: ``a1``
looks at ``bisogni``, ``b1`` at ``azioni`` and ``lingue``, ``c1`` at ``squadra`` and at the budget; nothing looks at ``titolo``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import User
from applications.models import Application
from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Call
from network.actions import start_project
from network.models import Project, Table, TablePartner, TableSession
from network.states import TableSessionState
from tests import builders_evaluation as evaluated
from tests.builders import body, official, person
from tests.remembered import remembered

OPENED = rome(2021, 12, 13, 10)
WRITTEN = OPENED + timedelta(days=1)

QUESTIONS = """
      - {code: squadra, label: Chi ci lavora, type: long_text, limit: 1000, criterion: c1}
      - code: lingue
        label: In quali lingue
        type: choices
        required: false
        criterion: b1
        choices: [{code: it, label: Italiano}, {code: en, label: Inglese}, {code: ar, label: Arabo}]
      - code: giorni
        label: Quando apre
        type: table
        required: false
        max: 5
        columns:
          - {code: giorno, label: Giorno, limit: 20}
          - {code: ore, label: Ore, type: number}
      - {code: impegno, label: Ci impegniamo a lavorare insieme, type: declaration}
  - code: piano
    title: Piano economico
    kind: budget
    criterion: c1
    areas: [area-1]
budgets:
  - code: piano-1
    max_grant: 50000.00
    min_own_share_percent: 20
    items: [{code: persone, title: Persone}, {code: casa, title: Affitto}]
"""
SQUADRA = "\n      - {code: squadra, label: Chi ci lavora, type: long_text, limit: 1000, criterion: c1}\n"


@dataclass
class AtTheTable:
    """``people`` act for the bodies of ``proposals``, in their order."""

    office: User
    call: Call
    table: Table
    proposals: list[Application]
    people: list[User]

    def start(self, *places: int, title: str = "Una casa per il quartiere") -> Project:
        chosen = [self.proposals[place] for place in places or (0,)]
        return start_project(self.table, chosen, title=title, by=self.office, at=OPENED)

    def session(self, number: int = 1, state: str = TableSessionState.CLOSED) -> TableSession:
        held = {} if state == TableSessionState.PLANNED else {"opened_at": OPENED}
        closed = {"closed_at": OPENED + timedelta(hours=3)} if state == TableSessionState.CLOSED else {}
        return TableSession.objects.create(
            table=self.table,
            number=number,
            state=state,
            planned_at=OPENED,
            place="Sala 1",
            agenda="Il progetto",
            **held,
            **closed,
        )


@remembered
def the_call(*, mode: str = "merged", slug: str = "tavolo", budget_is_scored: bool = True) -> Call:
    text = (
        evaluated.NOTICE.replace(SQUADRA, QUESTIONS)
        .replace("SLUG", slug)
        .replace("PLACES", "2")
        .replace("GRID", evaluated.GRID)
    )
    if not budget_is_scored:
        text = text.replace("    kind: budget\n    criterion: c1\n", "    kind: budget\n")
    text = text.replace("place_label: posti}", "place_label: posti, budget: piano-1}")
    text = text.replace("  duration_months: 24\n", f"  duration_months: 24\n  table_mode: {mode}\n")
    call = load(text, at=evaluated.PUBLISHED_AT)
    publish(call, by=official(), at=evaluated.PUBLISHED_AT)
    return Call.objects.with_notice().get(pk=call.pk)


def answers(number: int, *, persone: tuple[int, int] = (40_000_00, 10_000_00), **changes: Any) -> dict[str, Any]:
    total, own = persone
    words = {"titolo": f"Progetto {number}", "bisogni": f"I bisogni {number}.", "azioni": f"Le azioni {number}."}
    rows = [{"giorno": "Lunedì", "ore": "4"}]
    said = {**words, "squadra": f"La squadra {number}.", "lingue": ["it"], "giorni": rows, "impegno": True, **changes}
    return {"proposta": said, "piano": plan(persone=(total, own))}


def plan(**amounts: tuple[int, int]) -> dict[str, Any]:
    """A budget as a submission keeps it, in cents: cost and part of the bodies by item; the others are zero."""
    given = {"persone": (0, 0), "casa": (0, 0)} | amounts
    items = {code: {"total": total, "own": own, "grant": total - own} for code, (total, own) in given.items()}
    return {"items": items} | {name: sum(item[name] for item in items.values()) for name in ("total", "own", "grant")}


@remembered
def seated(*, count: int = 3, said: Mapping[int, Any] | None = None, **of_the_call: Any) -> AtTheTable:
    """The ranking is published, and the table is open with all of its proposals. ``said`` are other answers, by place."""
    call = the_call(**of_the_call)
    people = [person(name=f"Persona {place}") for place in range(1, count + 1)]
    proposals = [
        evaluated.admitted(
            call,
            organisation=body(f"Ente {place}", by=user),
            answers=(said or {}).get(place, answers(place)),
        )
        for place, user in enumerate(people, 1)
    ]
    made = evaluated.commission(call)
    levels = [("ottimo", "ottimo", "buono"), ("buono", "ottimo", "buono"), ("buono", "buono", "buono")]
    evaluated.mark_all(made, {row: evaluated.same(levels[place % 3]) for place, row in enumerate(proposals)})
    office = official(name="Anna Bruni")
    evaluated.published(call, by=office)
    proposals = [Application.objects.with_call().get(pk=row.pk) for row in proposals]
    table = Table.objects.create(call=call, area_code="area-1", opened_at=OPENED)
    for row in proposals:
        TablePartner.objects.create(table=table, application=row, organisation=row.organisation, joined_at=OPENED)
    return AtTheTable(office, call, table, proposals, people)
