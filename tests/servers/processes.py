"""Starting and ending processes by their own ids."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class NotInstalled(Exception):
    """A program that a test needs is not on this machine; the text says how to get it."""


class Failed(Exception):
    """A server did not start; the text ends with the last lines of its log."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on. Another process could take it first: servers fail loudly then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged(preferred: str) -> dict[str, object]:
    """Arguments of ``subprocess`` that leave the rights of root, for servers that refuse to run with them.

    Empty for anybody else. `preferred` is the account that the server's package makes; ``nobody`` serves without it.
    """
    if os.geteuid() != 0:
        return {}
    for name in (preferred, "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NotInstalled(f"neither the account {preferred} nor nobody exists, and root may not run this server")


def run(*command: object, timeout: float = 180, **options: object) -> str:
    """Run a command to its end and give what it printed; Failed, with its words, when it refuses."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, **options)
    if done.returncode:
        raise Failed(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stdout


@contextmanager
def process(
    *command: object,
    log: Path,
    ready: Callable[[], bool],
    within: float,
    end: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    **options: object,
) -> Iterator[subprocess.Popen]:
    """A server in its own process group, from the moment that `ready` says yes until the block ends.

    `within`: seconds that it may take. `end`: the signal that asks it to stop; after ten seconds the group is killed.
    """
    words = [str(word) for word in command]
    with log.open("wb") as output:
        child = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, env=env, **options
        )
    try:
        deadline = time.monotonic() + within
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                what = "ended" if child.returncode is not None else f"was not ready within {within:.0f} s"
                raise Failed(f"{words[0]} {what}; its log ends with:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield child
    finally:
        child.send_signal(end)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
