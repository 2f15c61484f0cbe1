"""A place apart: a process with a folder of its own, which is all that a rehearsal can touch.

The process gets the text of the document and nothing else of the real set-up: no variable that names a database, a
storage or a mail server, and a secret of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.report import Report
from rehearsal.settings_mark import MARK

ROOT = Path(__file__).resolve().parents[1]

PASSED_ON = ("BANDO_MAIL_FROM", "BANDO_ADMINISTRATION", "BANDO_ADMINISTRATION_URL", "BANDO_ACCESSIBILITY_STATEMENT_URL")
"""What letters and pages show of the administration: words, none of which leads anywhere."""

Told = Callable[[dict[str, Any]], bool]
"""Called with each step forward; answers whether to go on."""


class Stopped(Exception):
    """Whoever asked for the rehearsal does not want it any more."""


class Failed(Exception):
    """The process ended without a report: the text is what it said last."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is rehearsed."""

    text: str
    bodies: int
    seed: int


def rehearse(order: Order, *, told: Told, keep: Path | None = None) -> Report:
    """Run the rehearsal in a process of its own and answer its report. Its folder is deleted, or moved to ``keep``.

    Raises :class:`Failed`, and :class:`Stopped` when ``told`` answers false.
    """
    folder = Path(tempfile.mkdtemp(prefix="bando-rehearsal-"))
    try:
        (folder / MARK).touch()
        (folder / "call.yaml").write_text(order.text, newline="")
        (folder / "plan.json").write_text(json.dumps({"bodies": order.bodies, "seed": order.seed}))
        _run(folder, told)
        return Report.from_json(json.loads((folder / "report.json").read_text()))
    finally:
        if keep is not None:
            shutil.move(folder, keep)
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path, now: dict[str, str]) -> dict[str, str]:
    """The variables of the process: those of this one without ours, and the few that it needs."""
    kept = {name: value for name, value in now.items() if not name.startswith(("BANDO_", "DJANGO_"))}
    kept |= {name: now[name] for name in PASSED_ON if name in now}
    return kept | {
        "BANDO_SECRET_KEY": secrets.token_urlsafe(50),
        "BANDO_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "rehearsal.settings",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),
    }


def _run(folder: Path, told: Told) -> None:
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.play"],
            cwd=ROOT,
            env=environment(folder, dict(os.environ)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        try:
            for line in process.stdout:
                if not told(json.loads(line)):
                    raise Stopped
        finally:
            process.kill()  # no effect on one that has ended
            process.stdout.close()
            process.wait()
    if not (folder / "report.json").is_file():
        raise Failed((folder / "said.txt").read_text(errors="replace")[-4000:] or f"exit status {process.returncode}")
