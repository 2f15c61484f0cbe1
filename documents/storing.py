"""The storage of the files is a machine of its own, or a disk that fills up: when it takes or gives nothing, this says so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)


class StorageAway(Exception):
    """The storage does not answer or has no room. Nothing of the file was kept, and nothing else is lost."""


@contextmanager
def storing() -> Iterator[None]:
    """Whatever the storage objects, full disk and lost network alike, becomes :class:`StorageAway`; the log says what it was."""
    try:
        yield
    except (OSError, BotoCoreError, ClientError) as fault:
        log.exception("the storage of the files fails")
        raise StorageAway(str(fault)) from fault
