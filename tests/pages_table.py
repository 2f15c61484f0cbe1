"""The pages of a table, asked for at a moment by one browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from tests.builders import official
from tests.builders_table import OPENED, PLANNED
from tests.clock import arriving

LATER = PLANNED + timedelta(days=3)


def browser_of_the_office(client: Any) -> Any:
    """``client`` as the browser of an official; its ``at`` is when its requests arrive."""

    def arrives(method: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*args: Any, **kwargs: Any) -> Any:
            with arriving(client.at):
                return method(*args, **kwargs)

        return ask

    client.force_login(official(name="Anna Bianchi"))
    client.at, client.get, client.post = OPENED, arrives(client.get), arrives(client.post)
    return client


def desk(name: str, *more: Any) -> str:
    return reverse(name, args=["tavolo", "area-1", *more])


def at(office: Any, moment: datetime, user: User) -> Callable[..., Any]:
    """The same browser, once somebody else has signed in."""
    office.force_login(user)
    office.at = moment
    return lambda method, url, data=None: getattr(office, method)(url, data or {})
