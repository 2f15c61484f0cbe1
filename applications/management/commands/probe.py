"""The probe of the service: measures while a call is open, every few seconds around its deadline."""

import logging
import signal
import threading
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from applications.evidence.probing import BEFORE, keep, measure, pace
from bando import clock

log = logging.getLogger(__name__)

ASLEEP = 60
"""Seconds until it looks again whether a call has opened."""


class Command(BaseCommand):
    help = "Measures the front door, the database and the storage, closely in the last hours of a call, and keeps each measure."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=5, metavar="SECONDS", help="how often near a deadline (default: 5)")
        hours = BEFORE // timedelta(hours=1)
        parser.add_argument("--hours", type=int, default=hours, help=f"how long before a deadline it begins (default: {hours})")
        parser.add_argument("--url", default=settings.SITE_URL, help="the address to ask (default: BANDO_URL)")
        parser.add_argument("--once", action="store_true", help="measure once, whatever is open, and end")

    def handle(self, *args: Any, every: int, hours: int, url: str, once: bool, **options: Any) -> None:
        url = url.rstrip("/")
        if once:
            readings = measure(url)
            keep(readings)
            for reading in readings:
                self.stdout.write(f"{reading.what} {reading.took_us} us {'ok' if reading.ok else reading.detail}")
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        closely = timedelta(seconds=every)
        while not stop.is_set():
            begun = time.monotonic()
            close_old_connections()
            try:
                wait = pace(clock.now(), closely=closely, before=timedelta(hours=hours))
            except Error:  # who does not answer near a deadline is the very thing to measure
                log.warning("the database does not say which calls are open: measuring closely")
                wait = closely
            if wait is not None:
                keep(measure(url))
            stop.wait(max((wait.total_seconds() if wait else ASLEEP) - (time.monotonic() - begun), 0))
