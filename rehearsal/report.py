"""What a rehearsal found: counts, times, samples, and findings with a level, each with what a person needs to mend it.

PURE: standard library only. Times are whole microseconds. A finding is a code with its facts: the sentences are in
``rehearsal.wording``, so that a report reads in the language of who opens it; what a page or the call said is quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    BROKEN = "broken"
    LOOK = "look"
    NOTE = "note"


_ORDER = (Level.BROKEN, Level.LOOK, Level.NOTE)


@dataclass
class Finding:
    """``facts`` are texts; ``times``: how often the same was found, the facts being those of the first."""

    level: str
    code: str
    facts: dict[str, str]
    times: int = 1


@dataclass
class Timing:
    """How long a kind of step took: ``what`` is the name of a page (with its method) or of a duty."""

    phase: str
    what: str
    count: int
    total: int
    median: int
    slowest: int


@dataclass
class Asked:
    """One question of one area: how often it was asked, answered and refused (with what was typed wrong on purpose)."""

    area: str
    section: str
    code: str
    label: str
    asked: int = 0
    answered: int = 0
    refused: int = 0


@dataclass
class Letter:
    """A sample of one kind of mail, and how many there were."""

    kind: str
    to: str
    subject: str
    body: str
    attachments: list[str]
    count: int = 1


@dataclass
class Paper:
    """The PDFs of one kind: bytes."""

    kind: str
    count: int = 0
    total: int = 0
    largest: int = 0


@dataclass
class AreaResult:
    """What came of an area: counts by outcome, and the ties that nothing decided."""

    area: str
    title: str
    received: int = 0
    admitted: int = 0
    not_admitted: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    places: int | None = None
    unfilled: int = 0
    contested: int = 0
    best: str = ""
    worst: str = ""
    ties: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Report:
    slug: str
    title: str
    sha256: str
    bodies: int
    seed: int
    seconds: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    personas: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    phases: dict[str, int] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    areas: list[AreaResult] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing broke."""
        return not any(finding.level == Level.BROKEN for finding in self.findings)

    def of(self, level: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == level]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        made = cls(**{name: value for name, value in data.items() if name not in _ROWS})
        for name, kind in _ROWS.items():
            setattr(made, name, [kind(**row) for row in data.get(name, ())])
        return made


_ROWS: dict[str, type] = {
    "findings": Finding,
    "timings": Timing,
    "questions": Asked,
    "areas": AreaResult,
    "letters": Letter,
    "papers": Paper,
}


LONGEST_FACT = 600


def _kept(name: str, value: Any) -> str:
    """A fact as text: a page that says the same of a hundred proposals is quoted in part, a traceback whole."""
    text = str(value)
    return text if name == "traceback" or len(text) <= LONGEST_FACT else text[: LONGEST_FACT - 1] + "…"


class Log:
    """What is written down while a rehearsal runs."""

    def __init__(self) -> None:
        self.phase = ""
        self.counts: dict[str, int] = {}
        self.phases: dict[str, int] = {}
        self.letters: dict[str, Letter] = {}
        self.papers: dict[str, Paper] = {}
        self.questions: dict[tuple[str, str], Asked] = {}
        self._findings: dict[tuple[str, ...], Finding] = {}
        self._times: dict[tuple[str, str], list[int]] = {}

    def count(self, what: str, more: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + more

    def took(self, what: str, microseconds: int) -> None:
        self._times.setdefault((self.phase, what), []).append(microseconds)

    def find(self, level: Level, code: str, *, same: str = "", **facts: Any) -> None:
        """``same`` tells apart findings of one code; with the same text they are counted and not repeated."""
        key = (code, same)
        if key in self._findings:
            self._findings[key].times += 1
        else:
            self._findings[key] = Finding(level, code, {name: _kept(name, value) for name, value in facts.items()})

    def letter(self, kind: str, to: str, subject: str, body: str, attachments: list[str]) -> None:
        if kind in self.letters:
            self.letters[kind].count += 1
        else:
            self.letters[kind] = Letter(kind, to, subject, body, attachments)

    def paper(self, kind: str, size: int) -> None:
        paper = self.papers.setdefault(kind, Paper(kind))
        paper.count, paper.total, paper.largest = paper.count + 1, paper.total + size, max(paper.largest, size)

    def findings(self) -> list[Finding]:
        """The worst first, in the order in which they were met."""
        return sorted(self._findings.values(), key=lambda finding: _ORDER.index(Level(finding.level)))

    def timings(self) -> list[Timing]:
        return [
            Timing(phase, what, len(times), sum(times), sorted(times)[len(times) // 2], max(times))
            for (phase, what), times in self._times.items()
        ]
