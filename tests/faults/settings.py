"""The settings of a site that is really run, with one thing more: it can be told to die at the worst moment."""

from bando.settings import *  # noqa: F403
from bando.settings import MIDDLEWARE, STATIC_ROOT, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MIDDLEWARE.insert(0, "tests.faults.dying.after_the_commit")
