"""Work that nothing owes: what the worker looks after once a minute (a file to bring in, a term that comes near).

A duty is a row, and there is none while the database is away or before anybody acted. A chore is asked every minute and
answers soon when there is nothing to do; one that fails is tried again at the next minute and stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)
_registry: list[Callable[[datetime], None]] = []


def chore(function: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Register ``function(at)``, to be called by the worker once a minute. Two workers may call it at once."""
    _registry.append(function)
    return function


def do_chores(at: datetime) -> None:
    for function in _registry:
        try:
            function(at)
        except Exception:  # whatever it was, there is another minute
            log.exception("%s failed, tried again in a minute", function.__qualname__)
