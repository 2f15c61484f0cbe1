"""The site itself on granian, as bin/run starts it: over what a test gives it, or over the test's own database and storage."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from tests.servers.processes import free_port, listens, process

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(port: int, *, log: Path, env: Mapping[str, str], through: tuple[str, ...] = ()) -> Iterator[subprocess.Popen]:
    """The web server, with the arguments of ``bin/run``. ``through``: the words of a command that runs the rest of its own."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--no-ws"]
    granian += ["--log-level", "error", "--blocking-threads", "8", "--backpressure", "8", "bando.wsgi:application"]
    with process(*through, *granian, log=log, ready=lambda: listens(port), within=60, env=env, cwd=ROOT) as server:
        yield server


@contextmanager
def running(log: Path, *, at: datetime) -> Iterator[int]:
    """Yield the port. For the site the moment is ``at`` when it starts, and time passes from there. The test needs
    ``django_db(transaction=True)``: the server sees only what is committed."""
    port = free_port()
    address = os.environ.get("BANDO_DATABASE_URL", "sqlite:")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.servers.site_settings",
        "BANDO_SITE_AT": at.isoformat(),
        "BANDO_VAR": str(settings.VAR),
        "BANDO_DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"
        if connection.vendor == "sqlite"
        else urlunsplit(urlsplit(address)._replace(path=f"/{connection.settings_dict['NAME']}")),
    }
    with serving(port, log=log, env=environment):
        yield port
