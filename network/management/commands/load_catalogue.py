"""Load the categories of the services, and words that people use for them."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from network.italian import same_words, telling_words
from network.models import Category, Synonym, SynonymStep

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    help = (
        "Loads the thirteen categories of services and a first list of synonyms. Run it again at will: a category takes the "
        "title and the place of the file, a synonym that the office changed or removed stays as it left it."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        categories = yaml.safe_load((FIXTURES / "categories.yaml").read_text())
        for position, row in enumerate(categories, 1):
            Category.objects.update_or_create(code=row["code"], defaults={"title": row["title"], "position": position})
        synonyms = yaml.safe_load((FIXTURES / "synonyms.yaml").read_text())
        at, known = timezone.now(), _said_once()
        made = Synonym.objects.bulk_create(
            Synonym(term=row["term"], means=row["means"], at=at)
            for row in synonyms
            if not any(same_words(telling_words(row["term"]), said) for said in known)
        )
        self.stdout.write(f"{len(categories)} categorie, {len(made)} sinonimi nuovi.")


def _said_once() -> list[list[str]]:
    """The words of every synonym that is or was there: what the office removed or wrote anew does not come back by itself."""
    before = (step.facts["before"]["term"] for step in SynonymStep.objects.filter(facts__has_key="before"))
    return [telling_words(term) for term in {*Synonym.objects.values_list("term", flat=True), *before}]
