"""The moment at which a test's requests arrive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import patch

from bando import middleware


@contextmanager
def arriving(at: datetime) -> Iterator[None]:
    """Every request made inside reaches the server at ``at``, to the microsecond.

    Only the one place that reads the clock is told another time: sessions, signatures of the storage and whatever else
    lives in the present stay there.
    """
    with patch.object(middleware, "clock", SimpleNamespace(now=lambda: at)):
        yield
