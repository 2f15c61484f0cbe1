"""A process that is killed after it has done its work and before it says so."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ARMED = settings.VAR / "die-after"
"""Holds the end of the address whose next POST is the last thing that the process does."""


def after_the_commit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and ARMED.exists() and request.path.endswith(ARMED.read_text()):
            ARMED.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return response

    return middleware
