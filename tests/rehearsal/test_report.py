from __future__ import annotations

import json

from rehearsal.report import AreaResult, Level, Log, Report


def test_a_report_comes_back_from_json_as_it_was():
    log = Log()
    log.phase = "sheets"
    log.took("GET sheet", 900)
    log.took("GET sheet", 100)
    log.took("GET sheet", 200)
    log.find(Level.NOTE, "few_bodies", bodies=3)
    log.find(Level.BROKEN, "crashed", same="x", page="sheet", error="E")
    log.find(Level.BROKEN, "crashed", same="x", page="sheet", error="E again")
    log.letter("receipt", "a@b.invalid", "Ricevuta", "Testo", ["r.pdf"])
    log.paper("receipt", 100)
    log.paper("receipt", 300)
    report = Report("s", "T", "h", 3, 1, findings=log.findings(), timings=log.timings(), letters=list(log.letters.values()))
    report.papers, report.areas = list(log.papers.values()), [AreaResult("uno", "Uno", ties=[{"position": 1}])]
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    assert [(found.code, found.times, found.facts.get("error")) for found in report.findings] == [
        ("crashed", 2, "E"),
        ("few_bodies", 1, None),
    ]
    (timing,) = report.timings
    assert (timing.count, timing.total, timing.median, timing.slowest) == (3, 1200, 200, 900)
    (paper,) = report.papers
    assert (paper.count, paper.total, paper.largest) == (2, 400, 300)
    assert not report.is_sound


def test_what_is_only_to_look_at_breaks_nothing():
    log = Log()
    log.find(Level.LOOK, "tie_at_the_last_place")
    assert Report("s", "T", "h", 3, 1, findings=log.findings()).is_sound
