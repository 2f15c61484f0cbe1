"""Load the demonstration, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from network.demonstration import is_loaded, load_demonstration, make_papers


class Command(BaseCommand):
    help = "Loads four demonstration calls of the Spazi WeMi with invented bodies and people, unless they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("BANDO_DEMO is not 1: the demonstration never enters a real installation.")
        if is_loaded():
            self.stdout.write("La dimostrazione c'è già.")
            return
        now, tell = timezone.now(), lambda line: self.stdout.write(f"  {line}")
        with transaction.atomic():  # all of it or nothing: a half-loaded demonstration could not be loaded again
            load_demonstration(now, tell)
        make_papers(tell)
        self.stdout.write("Dimostrazione caricata.")
