"""What the tests of people and bodies share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from workflow.duties import pay

LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """The limits on sign-in live in the cache, which no database rollback empties."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def typed() -> Callable[..., dict[str, str]]:
    """What a person types to register a body: right in every field, but for the ``changes``."""

    def typed(**changes: str) -> dict[str, str]:
        right = {
            "tax_code": "97123450153",
            "name": "Cooperativa Alfa",
            "legal_form": "social_cooperative",
            "vat_number": "00743110157",
            "street": "Via Prova 1",
            "postal_code": "20121",
            "city": "Milano",
            "province": "MI",
            "pec": "alfa@pec.esempio.it",
            "phone": "02 1234567",
            "role": "referent",
        }
        return right | changes

    return typed


@pytest.fixture
def worker() -> Callable[[], int]:
    """Pays whatever is owed, as the background worker does, and answers how many duties were paid."""
    return lambda: pay(LONG_AFTER)
