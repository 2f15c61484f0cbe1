"""Have the antivirus read again what people brought."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from documents.models import Document
from documents.scanning import scan_again


class Command(BaseCommand):
    help = "Has the antivirus read again, with the signatures of today, the files that came since a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", required=True, metavar="YYYY-MM-DD", help="the first day, in the time of Rome")

    def handle(self, *args: Any, since: str, **options: Any) -> None:
        if not settings.CLAMD:
            raise CommandError("BANDO_CLAMD is empty: there is no antivirus to ask")
        try:
            day = timezone.make_aware(datetime.combine(date.fromisoformat(since), time()))
        except ValueError:
            raise CommandError(f"«{since}» is no day: write it as 2026-01-31") from None
        count = scan_again(Document.objects.filter(received_at__gte=day), at=timezone.now())
        self.stdout.write(f"to read again: {count}; bin/manage work does it")
