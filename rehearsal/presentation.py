"""A report as a page reads it: findings in words, times and counts in rows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from bando.templatetags.bando_ui import filesize_it
from evaluation.ranking import Outcome
from rehearsal.report import Level, Report, Timing
from rehearsal.wording import (
    COUNTS,
    LEVELS,
    OUTCOMES,
    PAPERS,
    PERSONAS,
    Said,
    phase_words,
    said,
    seconds_words,
    verdict,
    what_words,
)


class Reading:
    """What the template of a report asks."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.verdict = verdict(report)

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """By level, the worst first; levels without findings are left out."""
        return [
            {"level": level, "title": LEVELS[level], "rows": rows}
            for level in Level
            if (rows := [said(finding) for finding in self.report.of(level)])
        ]

    @cached_property
    def counts(self) -> list[dict[str, Any]]:
        found = [
            {"label": label, "value": self.report.counts[name]} for name, label in COUNTS.items() if name in self.report.counts
        ]
        return [{"label": _("Enti inventati"), "value": self.report.bodies}, *found]

    @cached_property
    def phases(self) -> list[dict[str, str]]:
        return [{"phase": phase_words(phase), "time": seconds_words(spent)} for phase, spent in self.report.phases.items()]

    @cached_property
    def timings(self) -> list[dict[str, Any]]:
        """What took longest in all, at most twenty rows."""
        return [_timed(timing) for timing in sorted(self.report.timings, key=lambda timing: -timing.total)[:20]]

    @cached_property
    def papers(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": PAPERS.get(paper.kind, paper.kind),
                "count": paper.count,
                "mean": filesize_it(paper.total // max(paper.count, 1)),
                "largest": filesize_it(paper.largest),
            }
            for paper in self.report.papers
        ]

    @cached_property
    def areas(self) -> list[dict[str, Any]]:
        return [
            {
                "area": area,
                "best": area.best.replace(".", ","),
                "worst": area.worst.replace(".", ","),
                "outcomes": [(OUTCOMES[Outcome(name)], count) for name, count in area.outcomes.items()],
            }
            for area in self.report.areas
        ]

    @cached_property
    def personas(self) -> list[tuple[Any, int]]:
        return [(PERSONAS.get(name, name), count) for name, count in self.report.personas.items()]

    @property
    def time(self) -> str:
        return seconds_words(self.report.seconds * 1_000_000)

    @property
    def broken(self) -> list[Said]:
        return [said(finding) for finding in self.report.of(Level.BROKEN)]


def _timed(timing: Timing) -> dict[str, Any]:
    return {
        "phase": phase_words(timing.phase),
        "what": what_words(timing.what),
        "count": timing.count,
        "total": seconds_words(timing.total),
        "median": seconds_words(timing.median),
        "slowest": seconds_words(timing.slowest),
    }
