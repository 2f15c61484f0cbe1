"""The moment at which a test's requests arrive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine


@contextmanager
def arriving(at: datetime) -> Iterator[None]:
    """Every request made inside reaches the server at ``at``, to the microsecond."""
    with time_machine.travel(at, tick=False):
        yield
