"""The settings of the process in which a rehearsal runs: those of the program, in a folder that is thrown away.

They refuse to be loaded by anything else: the folder must have been made for a rehearsal (``rehearsal.apart`` writes the
mark), and no variable of the real set-up may be there, so that no database, storage or mail server can be reached.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from rehearsal.settings_mark import MARK

_set = {name for name in os.environ if name.startswith("BANDO_")}
_allowed = {
    *("BANDO_SECRET_KEY", "BANDO_VAR", "BANDO_URL", "BANDO_MAIL_FROM", "BANDO_ADMINISTRATION", "BANDO_ADMINISTRATION_URL"),
    "BANDO_ACCESSIBILITY_STATEMENT_URL",
}
if _set - _allowed:
    raise ImproperlyConfigured(f"a rehearsal has nothing to do with {', '.join(sorted(_set - _allowed))}")
if not (Path(os.environ.get("BANDO_VAR", "")) / MARK).is_file():
    raise ImproperlyConfigured("BANDO_VAR is no folder of a rehearsal")

from bando.settings import *  # noqa: E402, F403 - the environment above is what it reads
from bando.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

CLOCK = "rehearsal.clock.now"
EMAIL_BACKEND = "rehearsal.mail.Kept"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns without it
# What is written here is thrown away: it need not survive the loss of power.
DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": Path(os.environ["BANDO_VAR"]) / "log.txt"}},
    "root": {"handlers": ["file"], "level": "WARNING"},
}
