"""Rehearses a whole call in a place apart and prints what it found."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bando.models import Call
from bando.notice_yaml import DocumentFaults, load_notice
from rehearsal.actions import run_waiting
from rehearsal.apart import Failed, Order, rehearse
from rehearsal.forms import LEAST, MOST
from rehearsal.wording import lines, phase_words

WIDTH = 30


class Command(BaseCommand):
    help = (
        "Runs a whole call with invented bodies, from the first draft to the ranking and every letter, in a process and a "
        "folder of its own: the data of this set-up are not touched. The exit status is 0 when nothing broke."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "call", nargs="?", default="", help="the name of a call (its slug), or the path of a document in YAML"
        )
        parser.add_argument("--bodies", type=int, default=200, help="how many invented bodies take part (200)")
        parser.add_argument("--seed", type=int, default=1, help="the same number gives the same bodies (1)")
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the whole report here too")
        parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the database, the files and the mail here")
        parser.add_argument("--waiting", action="store_true", help="run what was asked for in the pages of the office, and end")

    def handle(self, *args: Any, call: str, bodies: int, seed: int, waiting: bool, **options: Any) -> None:
        # So that the folder is deleted when somebody ends us in the middle.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        if waiting:
            run_waiting()
            return
        if not call:
            raise CommandError(_("Scrivi il nome di un avviso, o il percorso del suo documento."))
        if not LEAST <= bodies <= MOST:
            raise CommandError(_("Scegli da %(least)s a %(most)s enti.") % {"least": LEAST, "most": MOST})
        if options["keep"] and options["keep"].exists():
            raise CommandError(_("%(folder)s c'è già: scegli un'altra cartella.") % {"folder": options["keep"]})
        text = _text(call)
        try:
            load_notice(text)
            report = rehearse(Order(text, bodies, seed), told=self._bar(), keep=options["keep"])
        except DocumentFaults as found:
            raise CommandError("\n".join(map(str, found.faults))) from None
        except Failed as failed:
            raise CommandError(_("La prova si è interrotta:\n%(said)s") % {"said": failed}) from None
        if options["report"]:
            options["report"].write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        for line in lines(report):
            self.stdout.write(line)
        if not report.is_sound:
            raise SystemExit(1)

    def _bar(self) -> Any:
        """A bar on a terminal, a line for each phase elsewhere."""
        terminal, last = self.stderr.isatty(), [""]

        def told(progress: dict[str, Any]) -> bool:
            words = phase_words(progress["phase"])
            if terminal:
                full = WIDTH * progress["thousandths"] // 1000
                bar = "█" * full + "·" * (WIDTH - full)
                left = _("ancora %(time)s") % {"time": _clock(progress["seconds_left"])}
                done = f"{progress['done']}/{progress['total']}"
                self.stderr.write(f"\r{bar} {progress['thousandths'] // 10:3}%  {words} {done}, {left}\x1b[K", ending="")
                self.stderr.flush()
            elif progress["phase"] != last[0]:
                self.stderr.write(f"{words}: {progress['total']}")
            last[0] = progress["phase"]
            return True

        return told


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"


def _text(call: str) -> str:
    path = Path(call)
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        try:
            return path.read_text("utf-8-sig")
        except FileNotFoundError:
            raise CommandError(_("%(file)s non c'è: controlla il nome.") % {"file": path}) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("%(file)s non si legge: %(why)s.") % {"file": path, "why": error}) from None
    row = Call.objects.with_notice().filter(slug=call).first()
    if row is None:
        raise CommandError(_("Non c'è nessun avviso che si chiama «%(slug)s».") % {"slug": call})
    return row.version.text
