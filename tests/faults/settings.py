"""The settings of a site that is really run, with one thing more: it can be told to die at the worst moment."""

from tests.servers.site_settings import *  # noqa: F403
from tests.servers.site_settings import MIDDLEWARE

MIDDLEWARE.insert(0, "tests.faults.dying.after_the_commit")
