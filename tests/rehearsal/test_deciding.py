"""A rehearsal of a call that asks everything of its office and commission: it comes to its end, and each act was played."""

from __future__ import annotations

import pytest

from rehearsal.apart import Order, rehearse
from rehearsal.report import Level, Report
from tests.bando.small import SMALL

EVERY_ACT = (
    SMALL.replace("max_size: 20 MB", "max_size: 1 MB")
    .replace(
        "    title: Area uno\n    places: 20\n",
        "    title: Area uno\n    lot_question: municipio\n"
        '    lots: [{code: "1", title: Municipio 1, places: 1}, {code: "2", title: Municipio 2, places: 1}]\n',
    )
    .replace("    title: Area due\n", "    title: Area due\n    places: 1\n")
    .replace("code: 2.a,", "code: 2.a, type: pairwise, pairwise: {variant: sum},")
    .replace("    title: Seconda griglia\n", "    title: Seconda griglia\n    marking: collegial\n")
    + "\nformal_check: {rejection_notice: true}\npublication: {observations_days: 10}\n"
)
BODIES = 12


@pytest.fixture(scope="module")
def report() -> Report:
    return rehearse(Order(EVERY_ACT, BODIES, 1), told=lambda _step: True, keep=None)


def test_it_comes_to_its_end_and_nothing_broke(report):
    assert [finding for finding in report.findings if finding.level == Level.BROKEN] == []
    assert report.counts["rankings"] == 2
    assert "rejections" in report.phases


def test_every_act_was_played(report):
    played = {name for name in ("notices", "comparisons", "collegial", "draws") if report.counts.get(name)}
    assert played == {"notices", "comparisons", "collegial", "draws"}


def test_lots_give_their_places_and_a_draw_leaves_nobody_waiting_for_it(report):
    first, second = report.areas
    assert (first.places, second.places) == (2, 1)
    assert [area.outcomes.get("tie_pending", 0) for area in report.areas] == [0, 0]
    assert [tie["outcome"] for tie in second.ties if tie["outcome"] == "tie_pending"] == ["tie_pending"]
