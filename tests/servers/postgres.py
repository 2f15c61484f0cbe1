"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import NotInstalled, free_port, listens, process, run, unprivileged


def programs() -> Path:
    """The folder of ``postgres`` and ``initdb``: the newest of Debian's, or that of the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    if found := shutil.which("postgres"):
        return Path(found).parent
    raise NotInstalled("PostgreSQL is not installed (Debian: postgresql)")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, ``postgres://user:password@127.0.0.1:port/name``."""
    bin_folder, rights = programs(), unprivileged("postgres")
    data, password, port = folder / "data", folder / "password", free_port()
    secret = secrets.token_urlsafe(16)
    password.write_text(secret)
    if rights:
        for path in (folder, password):
            shutil.chown(path, rights["user"], rights["group"])
    # Sorted by code point, as SQLite does, so that one expectation holds on both.
    # Nothing here outlives the run, so fsync is off.
    run(
        *(bin_folder / "initdb", "--pgdata", data, "--username=bando", "--pwfile", password),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        cwd=folder,
        **rights,
    )
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 100,
    }
    with process(
        *(bin_folder / "postgres", "-D", data),
        *(f"--{name}={value}" for name, value in settings.items()),
        log=folder / "postgres.log",
        ready=lambda: listens(port) and (data / "postmaster.pid").read_text().rstrip().endswith("ready"),
        within=60,
        end=signal.SIGINT,  # "fast": without waiting for whoever is still connected
        cwd=folder,
        **rights,
    ):
        yield f"postgres://bando:{secret}@127.0.0.1:{port}/postgres"
