"""What time it is: asked once for each request, when it arrives, and once more when a submission has been written.

``settings.CLOCK`` names the function that answers. ``bando.settings`` names the machine's clock and takes no other from
the environment, so nothing that runs beside a server can tell it another time; only ``rehearsal.settings`` names its own,
and a process with those settings has a database and a folder that are thrown away (``docs/decisions.md``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


def now() -> datetime:
    """The moment, aware, in UTC."""
    return _clock()()


@cache
def _clock() -> Callable[[], datetime]:
    return import_string(settings.CLOCK)
