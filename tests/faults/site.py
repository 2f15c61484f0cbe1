"""A whole site on this machine: its own database server, the web server of ``bin/run`` and, when asked, its worker.

What is done to it is done to processes: they are killed, stopped and started again, and their disk is small. What a person
does to it goes over HTTP; what the test wants to know it asks in a process of the site's own settings.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.servers.postgres import programs
from tests.servers.processes import free_port, listens, run, unprivileged
from tests.servers.site import ROOT, serving

BOUNDARY = "----what-a-person-sends"
SEED = """
import json, os, sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from tests.builders import *
from tests.bando.small import SMALL
from applications.models import *
from workflow.models import Duty, LedgerEntry
given = json.loads(sys.argv[1])
"""


class Database:
    """A PostgreSQL server that keeps what it acknowledged, and may be stopped in the middle."""

    def __init__(self, folder: Path):
        self.folder, self.data, self.port = folder, folder / "data", free_port()
        self.rights = unprivileged("postgres")
        folder.mkdir()
        if self.rights:
            shutil.chown(folder, self.rights["user"], self.rights["group"])
        run(
            *(programs() / "initdb", "--pgdata", self.data, "--username=bando", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
            cwd=folder,
            **self.rights,
        )
        settings = f"port={self.port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nmax_connections=60\n"
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(settings)
        self.start()
        run(programs() / "createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "bando", "bando", cwd=folder, **self.rights)

    @property
    def url(self) -> str:
        return f"postgres://bando@127.0.0.1:{self.port}/bando"

    def rows(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, given).fetchall()

    def do(self, command: str, *given: Any) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(command, given)

    def start(self) -> None:
        self._control("start", "-l", self.folder / "postgres.log")

    def stop(self, mode: str = "immediate") -> None:
        """``immediate``: as if the machine had lost its power."""
        self._control("stop", "-m", mode)

    def _control(self, *command: object) -> None:
        run(programs() / "pg_ctl", "-D", self.data, "-w", *command, cwd=self.folder, **self.rights)


@dataclass
class Site:
    """``environment`` is what an administrator would write; ``small_disk`` is how many kilobytes the files may take."""

    folder: Path
    database: Database
    environment: dict[str, str] = field(default_factory=dict)
    small_disk: int = 0
    port: int = field(default_factory=free_port)

    @property
    def env(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("BANDO_")}
        return {
            **plain,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PYTHONPATH": str(ROOT),
            "BANDO_SECRET_KEY": "for tests only, and in no other place at all, fifty characters",
            "BANDO_VAR": str(self.folder / "var"),
            "BANDO_URL": f"http://127.0.0.1:{self.port}",
            "BANDO_DATABASE_URL": self.database.url,
            **self.environment,
        }

    def manage(self, *command: str) -> str:
        return run(sys.executable, ROOT / "manage.py", *command, env=self.env, cwd=ROOT)

    def ask(self, code: str, **given: Any) -> Any:
        """What ``code`` leaves in ``said``, run in a process of the site; it knows the builders of the tests and ``given``."""
        script = f"{SEED}\n{code}\nprint('\\x1e' + json.dumps(said, default=str))"
        words = [sys.executable, "-W", "ignore", "-c", script, json.dumps(given)]
        done = subprocess.run(words, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.rpartition("\x1e")[2])

    def arm(self, ending: str) -> None:
        """The next POST to an address that ends so is the last thing that the web server does."""
        (self.folder / "var" / "die-after").write_text(ending)

    @contextmanager
    def web(self) -> Iterator[subprocess.Popen]:
        """The web server as ``bin/run`` starts it."""
        away: tuple[str, ...] = ()
        if self.small_disk:
            files = self.folder / "var" / "documents"
            files.mkdir(parents=True, exist_ok=True)
            mount = f'mount -t tmpfs -o size={self.small_disk}k none "$0" && exec "$@"'
            rights = () if os.geteuid() == 0 else ("--map-root-user",)
            away = ("unshare", "--mount", *rights, "sh", "-c", mount, str(files))
        with serving(self.port, log=self.folder / "web.log", env=self.env, through=away) as server:
            try:
                yield server
            finally:
                self._end_orphans(server)

    def work(self) -> None:
        """The worker does what is due now, as if every wait had passed."""
        self.database.do("update workflow_duty set due_at = now() where done_at is null")
        self.manage("work", "--once")

    def _end_orphans(self, server: subprocess.Popen) -> None:
        """A worker process that was killed leaves its parent, and a parent its children: the whole group goes.

        The parent's end is not the children's: one that still dies holds the port, takes the next connection and resets it.
        """
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        deadline = time.monotonic() + 60
        while listens(self.port):
            assert time.monotonic() < deadline, "something still listens on the port of a web server that was ended"
            time.sleep(0.05)


@dataclass
class Answer:
    status: int
    location: str
    body: str

    @property
    def text(self) -> str:
        """What a person reads in the main part of the page, on one line."""
        main = self.body.partition("<main")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", "<main" + main)).split())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Person:
    """A browser with a session, and nothing else of its own."""

    port: int
    session: str
    token: str = "a" * 32

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str], *, json: bool = False) -> Answer:
        accept = {"Accept": "application/json"} if json else {}
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **accept})

    def post_json(self, path: str, data: Any) -> Answer:
        return self._ask("POST", path, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def post_bytes(self, path: str, data: bytes, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, data, {"Content-Type": "application/offset+octet-stream", **named})

    def post_file(self, path: str, fields: Mapping[str, str], name: str, content: bytes, *, cut: int = 0) -> Answer:
        """A plain form with a file, as a browser sends it; ``cut`` are the bytes that get lost at the end, on the way."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
        ]
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n')
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
        end = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="whole"\r\n\r\n1\r\n--{BOUNDARY}--\r\n'
        body = "".join(parts).encode() + head.encode() + content + end.encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._ask("POST", path, body[: len(body) - cut], headers, length=len(body))

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], length: int | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.putrequest(method, path)
            connection.putheader("Cookie", f"sessionid={self.session}; csrftoken={self.token}")
            connection.putheader("X-CSRFToken", self.token)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body) if length is None else length))
            connection.endheaders(body)
            if length is not None and length > len(body or b""):
                connection.sock.shutdown(1)  # nothing more comes: the line is cut
            response = connection.getresponse()
            return Answer(response.status, response.headers.get("Location", ""), response.read().decode(errors="replace"))
        finally:
            connection.close()
