"""The whole procedure, as the packages state it: every row of every ``transitions.py``, by the thing whose state it changes."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import TextChoices
from django.utils.module_loading import autodiscover_modules

from workflow.transition import Transition


def tables() -> dict[type[TextChoices], list[Transition]]:
    """The acts by the class of their states, in the order of the packages and, inside one, of its page.

    An act on an application may stand in a package above that of the application: where it starts says where it belongs.
    """
    autodiscover_modules("transitions")
    found: dict[type[TextChoices], list[Transition]] = {}
    for config in apps.get_app_configs():
        module = sys.modules.get(f"{config.name}.transitions")
        for row in vars(module).values() if module else ():
            if isinstance(row, Transition):
                rows = found.setdefault(type(row.sources[0]), [])
                # A page may also name a row of another page.
                if row not in rows:
                    rows.append(row)
    return found


@cache
def labels() -> dict[type[TextChoices], dict[str, Any]]:
    """What is told of each act once it is done, by the class of its states and its name."""
    return {states: {row.name: row.label for row in rows} for states, rows in tables().items()}
