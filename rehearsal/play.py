"""The process in which a rehearsal runs: ``python -m rehearsal.play`` in a folder of its own (``rehearsal.apart``).

It reads ``call.yaml`` and ``plan.json`` from the folder, writes one line of JSON for each step forward to its standard
output, and leaves ``report.json``. Whatever the call makes it do ends with the folder.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from time import perf_counter_ns

import django

PHASES = (
    ("prepare", 4_000),
    ("applicants", 0),
    ("receipts", 0),
    ("check", 0),
    ("rejections", 0),
    ("outcomes", 0),
    ("commission", 500),
    ("declarations", 500),
    ("sheets", 0),
    ("ranking", 2_000),
    ("letters", 0),
    ("agreements", 500),
    ("public", 500),
)
"""The phases in their order, with the milliseconds that each is expected to take when it does not depend on the number."""

EACH = {"applicants": 700, "receipts": 350, "check": 180, "outcomes": 15, "sheets": 450, "letters": 25}
"""Milliseconds for each body, to say how far the whole is; what is left is reckoned from the time that was truly spent."""


class Progress:
    """Tells the parent how far it is: once a second by itself, so that the parent knows that it lives, and at most four
    times a second when something is done."""

    def __init__(self, bodies: int) -> None:
        self._expected = {phase: fixed + EACH.get(phase, 0) * bodies for phase, fixed in PHASES}
        self._start = self._said = perf_counter_ns()
        self._phase, self._done, self._total = PHASES[0][0], 0, 0
        self._turn = threading.Lock()
        threading.Thread(target=self._breathe, daemon=True).start()

    def enter(self, phase: str, total: int) -> None:
        self._phase, self._done, self._total = phase, 0, total
        self._say()

    def tick(self) -> None:
        self._done += 1
        if perf_counter_ns() - self._said > 250_000_000 or self._done == self._total:
            self._say()

    def _breathe(self) -> None:
        while True:
            time.sleep(1)
            with suppress(BrokenPipeError):  # the main thread meets it too, and ends
                self._say()

    def _say(self) -> None:
        with self._turn:
            self._write()

    def _write(self) -> None:
        self._said = perf_counter_ns()
        before = 0
        for phase, _fixed in PHASES:
            if phase == self._phase:
                break
            before += self._expected[phase]
        # More may come than was foreseen (a letter that follows a letter): a phase never takes of the next one.
        here = self._expected[self._phase] * min(self._done, self._total) // max(self._total, 1)
        whole = sum(self._expected.values())
        thousandths = min(1000 * (before + here) // whole, 1000)
        spent = (self._said - self._start) // 1_000_000
        left = (
            spent * (1000 - thousandths) // thousandths // 1000
            if thousandths > 20
            else whole * (1000 - thousandths) // 1_000_000
        )
        line = {
            "phase": self._phase,
            "done": self._done,
            "total": self._total,
            "thousandths": thousandths,
            "seconds_left": left,
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def main(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    progress = Progress(plan["bodies"])
    progress.enter("prepare", 1)
    django.setup()
    # Only now: these modules load models, which want Django to be ready.
    from rehearsal.course import Course  # noqa: PLC0415

    run = Course((folder / "call.yaml").read_text(), progress=progress, **plan)
    report = run.run()
    (folder / "report.json").write_text(json.dumps(report.to_json(), ensure_ascii=False))


if __name__ == "__main__":
    here = Path(os.environ["BANDO_VAR"])
    try:
        main(here)
    except BrokenPipeError:  # whoever listened is gone, and would have cleaned up
        shutil.rmtree(here, ignore_errors=True)
        os._exit(1)
