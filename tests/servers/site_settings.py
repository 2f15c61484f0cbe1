"""The settings of a site that a test starts as a process of its own: those of the project, at another moment if it says so."""

import os
from datetime import datetime, timedelta
from time import monotonic

from bando.settings import *  # noqa: F403
from bando.settings import STATIC_ROOT, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns without it

if "BANDO_SITE_AT" in os.environ:
    _at, _since = datetime.fromisoformat(os.environ["BANDO_SITE_AT"]), monotonic()
    CLOCK = "tests.servers.site_settings.now"


def now() -> datetime:
    return _at + timedelta(seconds=monotonic() - _since)
