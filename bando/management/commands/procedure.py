"""Prints the procedure: what may follow what, as Mermaid diagrams that any Markdown page can show."""

from typing import Any

from django.core.management.base import BaseCommand

from workflow.procedure import tables
from workflow.transition import diagram


class Command(BaseCommand):
    help = "Prints the tables of acts as Mermaid diagrams, one for each thing that has a state."

    def handle(self, *args: Any, **options: Any) -> None:
        for states, rows in tables().items():
            self.stdout.write(f"## {states.__name__}\n\n```mermaid\n{diagram(rows)}")
            for state in states:
                self.stdout.write(f"    {state.value}: {state.label}")
            self.stdout.write("```\n")
