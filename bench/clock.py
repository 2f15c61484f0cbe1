"""What was spent: processor time, statements, and the most memory that was held."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

POSTMASTER = "BANDO_BENCH_POSTMASTER"
"""In the environment: the process of a PostgreSQL server whose processor time counts with ours."""

_TICK = os.sysconf("SC_CLK_TCK")


def cost(work: Callable[[], Any]) -> float:
    """The seconds of processor time that ``work`` takes in this process, and in PostgreSQL's where there is one."""
    database = _database()
    here = time.process_time()  # read last before and first after, so that reading the others costs nothing
    work()
    return time.process_time() - here + _database() - database


def statements(work: Callable[[], Any]) -> int:
    """How many statements ``work`` asks of the database, beginning and end of transactions not among them."""
    asked = 0

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    with connection.execute_wrapper(count):
        work()
    return asked


def most_memory() -> float:
    """The most memory that this process ever held, in MiB. (``getrusage`` would start from that of our parent.)"""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status does not say VmHWM")


def _database() -> float:
    """Seconds of processor time of every process of the server so far, those that have ended included."""
    if not (postmaster := os.environ.get(POSTMASTER)):
        return 0.0
    seconds = _spent(postmaster)
    # In ticks of a hundredth: the children that it has buried, such as the workers of one parallel query.
    seconds += sum(map(int, _fields(postmaster)[13:15])) / _TICK
    for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
        try:
            seconds += _spent(child)
        except FileNotFoundError:  # it ended since the list was read
            continue
    return seconds


def _spent(process: str) -> float:
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _fields(process: str) -> list[str]:
    """The fields of ``/proc/…/stat`` after the name, which may hold spaces: the first here is the third there."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
