"""Load the register of streets, so that people find the Spazi near their own address."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from network.models import Street
from network.near import words
from network.streets import NoStreets, read_streets

SHOWN = 20
"""Lines of a file that are named when it can't be read."""


class Command(BaseCommand):
    help = (
        "Loads a CSV of streets (columns street, from, to, latitude, longitude) in the place of those that were loaded before. "
        "A file with a line that can't be read changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    @transaction.atomic
    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            streets = read_streets(file.read_text(encoding="utf-8").splitlines())
        except NoStreets as amiss:
            told = "\n".join(f"line {line}: {what}" for line, what in amiss.args[:SHOWN])
            raise CommandError(f"{file.name}: {len(amiss.args)} lines to correct, nothing was loaded.\n{told}") from amiss
        except (OSError, UnicodeDecodeError) as trouble:
            raise CommandError(f"{file.name} could not be read: write a CSV file in UTF-8.") from trouble
        Street.objects.all().delete()
        Street.objects.bulk_create(
            (
                Street(
                    name=street.name,
                    key=" ".join(words(street.name)),
                    stretches=[[s.first, s.last, str(s.point.latitude), str(s.point.longitude)] for s in street.stretches],
                )
                for street in streets
            ),
            batch_size=500,
        )
        self.stdout.write(f"{len(streets)} streets, {sum(len(street.stretches) for street in streets)} stretches.")
