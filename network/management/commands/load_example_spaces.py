"""Load the twenty Spazi of 2022 as an example."""

from typing import Any

from django.core.management.base import BaseCommand

from network.example_spaces import load_example_spaces


class Command(BaseCommand):
    help = "Loads the twenty Spazi WeMi of 2022 with what the press said of them, as an example. It can be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        made, there = load_example_spaces()
        self.stdout.write(f"Spazi di esempio: {made} nuovi, {there} aggiornati.")
