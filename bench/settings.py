"""The project as in production, with the floors' pages beside its own."""

from bando.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
