"""The settings of the site that a test starts as a process of its own: those of the project, at another moment."""

import os
from datetime import datetime, timedelta
from time import monotonic

from bando.settings import *  # noqa: F403
from bando.settings import STORAGES

_at, _since = datetime.fromisoformat(os.environ["BANDO_SITE_AT"]), monotonic()


def now() -> datetime:
    return _at + timedelta(seconds=monotonic() - _since)


CLOCK = "tests.servers.site_settings.now"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
