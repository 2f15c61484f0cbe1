"""``bin/bench``: everything in a temporary folder, the database too, and one line for each measure."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from bench import MEASURES
from bench.clock import POSTMASTER
from bench.rounds import HEADINGS, row
from tests.servers import postgres
from tests.servers.processes import NotInstalled


def main(arguments: list[str]) -> int:
    names = [name.replace("_", "-") for name in MEASURES]
    parser = argparse.ArgumentParser("bin/bench", description="What the work of Bando costs beside a floor, in the same run.")
    parser.add_argument(
        "--only", choices=names, action="append", metavar="NAME", help=f"one of {', '.join(names)}; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often work and floor are compared (7)")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to try the measures: their figures say nothing")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server started for it, instead of SQLite")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bando-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
        try:
            with _project(folder, on_postgres=options.postgres):
                _say(row(HEADINGS), row(["---"] * len(HEADINGS)))
                for measure in options.only or names:
                    module = importlib.import_module(f"bench.{measure.replace('-', '_')}")
                    for line in module.run(module.SMALL if options.small else module.FULL, options.rounds):
                        _say(row(line.cells()))
        except NotInstalled as problem:
            _say(f"bench: {problem}")
            return 1
    return 0


@contextmanager
def _project(folder: Path, *, on_postgres: bool) -> Iterator[None]:
    """Django with an empty database in ``folder`` and nothing of the developer's own."""
    for name in [name for name in os.environ if name.startswith("BANDO_")]:
        del os.environ[name]
    os.environ |= {
        "BANDO_SECRET_KEY": "for measures only, and in no other place at all, fifty characters",
        "BANDO_VAR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    if not on_postgres:
        _prepare()
        yield
        return
    (folder / "postgres").mkdir()
    with postgres.running(folder / "postgres") as address:
        os.environ["BANDO_DATABASE_URL"] = address
        os.environ[POSTMASTER] = (folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
        _prepare()
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()


def _prepare() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
