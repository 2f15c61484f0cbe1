"""Several proposals that become one project: what each of them proposed, kept apart, and their budgets as one.

PURE: standard library only. Answers are those of a submission (section, question, answer in canonical JSON); amounts are whole
cents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PROPOSALS = "@proposals"
"""Under this name version 0 of a unitary project keeps the proposals; no section can be called so."""

Answers = Mapping[str, Any]


def apart(proposals: Mapping[str, Answers]) -> dict[str, Any]:
    """What each proposal said, by its number."""
    return {PROPOSALS: dict(proposals)}


def proposals_in(answers: Answers) -> dict[str, Answers]:
    """The answers of each proposal, by its number, of a version that keeps them apart; empty for any other."""
    return dict(answers.get(PROPOSALS, {}))


def summed(budgets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One budget (``BudgetForm.values``) that costs what these cost together: the amounts of an item are added; lines that say
    the same of the same item, body, year and action are one line; hours of volunteers stand beside each other, because each
    row of them is rounded to the cent by itself. Raises ``ValueError`` for none."""
    if not budgets:
        raise ValueError("no budget to sum")
    found: dict[str, Any] = {name: sum(budget.get(name, 0) for budget in budgets) for name in ("total", "own", "grant")}
    if any("items" in budget for budget in budgets):
        found["items"] = _items([budget.get("items", {}) for budget in budgets])
    if any("lines" in budget for budget in budgets):
        found["lines"] = _lines([line for budget in budgets for line in budget.get("lines", ())])
    if any("volunteers" in budget for budget in budgets):
        found["volunteers"] = [dict(row) for budget in budgets for row in budget.get("volunteers", ())]
    return found


def _items(all_items: Sequence[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for items in all_items:
        for code, amounts in items.items():
            before = found.get(code, {})
            found[code] = {name: before.get(name, 0) + cents for name, cents in amounts.items()}
    return found


def _lines(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        key = tuple(line.get(name) for name in ("item", "partner", "year", "action", "text"))
        if key in found:
            for name in ("total", "own"):
                found[key][name] += line[name]
        else:
            found[key] = dict(line)
    return list(found.values())
