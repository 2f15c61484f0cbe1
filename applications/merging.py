"""Two people in one section: what each of them typed, unit by unit.

PURE: standard library only. A *unit* is what one person writes at once: a question with all of its inputs, a line of the budget,
a declaration (``applications.sections.units`` knows them). What is typed in it is a dictionary, by name of the input, of a text
or of a list of texts; an input that is blank says as much as one that is not there.

Nobody keeps the text that a page was shown. Its fingerprint is enough to know who changed what:

=====================  ==========================  ====================
stored                 typed on the page           what happens
=====================  ==========================  ====================
as the page showed it  anything                    what was typed counts
changed since          as the page showed it       what is stored stays
changed since          the same as is stored       nothing to do
changed since          something else              a conflict: what is stored stays, and both texts are offered
=====================  ==========================  ====================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.ledger import canonical, digest

Typed = Mapping[str, Any]
"""What is typed in a unit, or in a whole section, by name of the input."""


class Verdict(StrEnum):
    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Merge:
    """``answers`` is what is stored afterwards, ``changes`` what differs from before, by name of the input (None where it was
    taken away), ``verdicts`` what became of each unit that was sent."""

    answers: dict[str, Any]
    changes: dict[str, Any]
    verdicts: dict[str, Verdict]

    @property
    def conflicts(self) -> list[str]:
        return [unit for unit, verdict in self.verdicts.items() if verdict is Verdict.BOTH]

    @property
    def kept(self) -> list[str]:
        """The units that are stored as the page has them."""
        return [unit for unit, verdict in self.verdicts.items() if verdict in {Verdict.SAME, Verdict.MINE}]


def filled(typed: Typed) -> dict[str, Any]:
    """Without the inputs that are blank."""
    return {name: text for name, text in typed.items() if text not in ("", [], None)}


def fingerprint(typed: Typed) -> str:
    """Sixteen digits that tell one text of a unit from another; nobody gains anything by two texts that share them."""
    return digest(canonical(filled(typed)))[:16]


def judge(stored: Typed, mine: Typed, bases: Sequence[str]) -> Verdict:
    """What becomes of one unit. ``bases`` are fingerprints: of what the page was shown, then of what it has sent meanwhile
    without hearing that it arrived. Without any nobody knows what the page was shown, and nothing is overwritten."""
    theirs, typed = fingerprint(stored), fingerprint(mine)
    if theirs == typed:
        return Verdict.SAME
    if theirs in bases:
        return Verdict.MINE
    # What was sent and not heard of may have been saved and changed by another since: only what was shown is nobody's text.
    if bases and typed == bases[0]:
        return Verdict.THEIRS
    return Verdict.BOTH


def merge(stored: Mapping[str, Typed], mine: Mapping[str, Typed], bases: Mapping[str, Sequence[str]]) -> Merge:
    """``stored`` and ``mine`` are by unit; the units of ``mine`` are those that were sent, and no other changes."""
    answers = {name: text for typed in stored.values() for name, text in typed.items()}
    changes: dict[str, Any] = {}
    verdicts = {}
    for unit, typed in mine.items():
        before = stored.get(unit, {})
        verdicts[unit] = verdict = judge(before, typed, bases.get(unit, ()))
        if verdict is Verdict.MINE:
            changes |= _changes(before, typed)
            for name in before:
                del answers[name]
        if verdict is Verdict.MINE or (verdict is Verdict.SAME and not before):
            answers |= typed
    return Merge(answers, changes, verdicts)


def _changes(before: Typed, after: Typed) -> dict[str, Any]:
    old, new = filled(before), filled(after)
    return {
        name: new.get(name) for name in [*new, *(name for name in old if name not in new)] if old.get(name) != new.get(name)
    }
