"""The background worker: pays what is owed, seals the ledger and does the chores of each minute."""

import signal
import threading
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from workflow.chores import do_chores
from workflow.duties import due, pay
from workflow.sealing import seal

SEAL_EVERY = timedelta(minutes=1)


class Command(BaseCommand):
    help = "Does the work that acts leave behind (receipts, letters, mail) and seals the ledger each minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, seal, and end")
        parser.add_argument("--every", type=int, default=1, metavar="SECONDS", help="how often to look (default: 1)")

    def handle(self, *args: Any, once: bool, every: int, **options: Any) -> None:
        if once:
            at = timezone.now()
            do_chores(at)
            while due(at).exists():
                pay(timezone.now(), limit=1)
            seal(timezone.now())
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        sealed_at = None
        while not stop.is_set():
            close_old_connections()
            at = timezone.now()
            if sealed_at is None or at - sealed_at >= SEAL_EVERY:
                seal(at)
                do_chores(at)
                sealed_at = at
            # One at a time: its lease begins when it is taken, a slow mail server holds up neither the seal nor the end.
            pay(at, limit=1)
            if not due(timezone.now()).exists():
                stop.wait(every)
