"""One server for a whole run of pytest, whoever of its processes asks first.

A run has a folder, made by its first process and named to the others by ``BANDO_TEST_SESSION``. Whoever needs a server
takes the lock of its name: the first one starts its *keeper*, a small process that holds the server, and writes down its
address; the others read it. Keepers are ended, and the folder removed, when the first process ends; should that process
be killed, its keepers see it go and end by themselves.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.processes import Failed

_keepers: list[subprocess.Popen] = []  # referenced, or Python complains that a child was forgotten


def session() -> Path:
    """The folder of this run."""
    if name := os.environ.get("BANDO_TEST_SESSION"):
        return Path(name)
    folder = Path(tempfile.mkdtemp(prefix="bando-tests-"))
    folder.chmod(0o755)  # PostgreSQL runs as another account when the tests are root's; what is secret has its own mode
    os.environ["BANDO_TEST_SESSION"] = str(folder)
    (folder / "owner").write_text(str(os.getpid()))
    atexit.register(end, folder)
    return folder


def address(name: str) -> str:
    """The address of the server of `tests.servers.<name>`, started if this run has none yet.

    NotInstalled when its programs are missing; Failed, with the end of its log, when it does not start.
    """
    server = importlib.import_module(f"tests.servers.{name}")
    server.programs()
    folder = session()
    note, log = folder / f"{name}.json", folder / f"{name}.log"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            owner = (folder / "owner").read_text()
            with log.open("wb") as errors:
                keeper = subprocess.Popen(
                    [sys.executable, "-m", "tests.servers.shared", name, str(folder), owner],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    cwd=Path(__file__).parents[2],
                    start_new_session=True,  # Ctrl-C reaches pytest, which ends its keepers in order
                )
            _keepers.append(keeper)
            with keeper.stdout:
                said = keeper.stdout.readline().decode().strip()
            note.write_text(json.dumps({"pid": keeper.pid, "address": said}))
    if said := json.loads(note.read_text())["address"]:
        return said
    raise Failed(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")


def end(folder: Path) -> None:
    """End every keeper of the run and remove its folder."""
    if (folder / "owner").read_text() != str(os.getpid()):
        return  # a fork of the owner
    waiting = []
    for note in folder.glob("*.json"):
        try:
            keeper = os.pidfd_open(json.loads(note.read_text())["pid"])
        except ProcessLookupError:
            continue
        signal.pidfd_send_signal(keeper, signal.SIGTERM)
        waiting.append(keeper)
    for keeper in waiting:
        select.select([keeper], [], [], 40)
        os.close(keeper)
    shutil.rmtree(folder, ignore_errors=True)


def keep(name: str, folder: Path, owner: int) -> None:
    """Hold the server until told to end, or until the process `owner` is no more."""
    server = importlib.import_module(f"tests.servers.{name}")
    data = folder / name
    data.mkdir(mode=0o700)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # unwinds the blocks below
    try:
        watched = os.pidfd_open(owner)
        with server.running(data) as said:
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
            select.select([watched], [], [])
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
