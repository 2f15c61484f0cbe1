"""A real antivirus: clamd with a signature file of the tests' own, so that nothing is downloaded and it starts in a second."""

from __future__ import annotations

import shutil
import socket as sockets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import NotInstalled, free_port, process, unprivileged

SIGNATURES = Path(__file__).parents[1] / "data" / "clamav-test.ndb"
INFECTED = b"Qualcosa prima. PROVA_VIRU_CODES. Qualcosa dopo."
"""What the tests' signatures find, harmless to everybody else."""
FOUND = "Prova.Cavallo.UNOFFICIAL"
"""Its name, as clamd says it: it marks what no distributed database vouches for."""
LIMIT = 2 * 1024 * 1024
"""Bytes that this daemon takes in one stream."""


def programs() -> str:
    """Where ``clamd`` is. NotInstalled, naming the Debian package, when it is nowhere."""
    for name in ("clamd", "/usr/sbin/clamd"):
        if found := shutil.which(name):
            return found
    raise NotInstalled("ClamAV is not installed (Debian: clamav-daemon)")


@contextmanager
def running(folder: Path, *, port: int = 0, socket: bool = False) -> Iterator[str]:
    """Yield ``clamd://127.0.0.1:port``, a free one unless it is given; with `socket` the address of a socket of the machine."""
    program, rights, port = programs(), unprivileged("clamav"), port or free_port()
    signatures = folder / "signatures"
    signatures.mkdir(exist_ok=True)
    shutil.copy(SIGNATURES, signatures)
    if rights:
        for path in (folder, signatures, signatures / SIGNATURES.name):
            shutil.chown(path, rights["user"], rights["group"])
    configuration = folder / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, limit=LIMIT))
    configuration.chmod(0o644)
    with process(
        *(program, "--foreground", "--config-file", configuration),
        log=folder / "clamd.log",
        ready=lambda: answers(port),
        within=60,
        cwd=folder,
        **rights,
    ):
        yield f"clamd://{folder}/clamd.ctl" if socket else f"clamd://127.0.0.1:{port}"


def answers(port: int) -> bool:
    try:
        with sockets.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(b"zPING\0")
            return line.recv(16) == b"PONG\0"
    except OSError:
        return False


@contextmanager
def another(port: int = 0, **options: bool) -> Iterator[str]:
    """A daemon of one test's own, that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="bando-clamd-") as name:
        Path(name).chmod(0o755)
        with running(Path(name), port=port, **options) as address:
            yield address


CONFIGURATION = """
DatabaseDirectory {folder}/signatures
TCPSocket {port}
TCPAddr 127.0.0.1
LocalSocket {folder}/clamd.ctl
Foreground yes
TemporaryDirectory {folder}
StreamMaxLength {limit}
MaxThreads 4
SelfCheck 86400
"""
