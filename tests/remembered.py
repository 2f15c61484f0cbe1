"""Worlds that many tests begin in: built once in a run, laid down again afterwards.

A test often begins where a road has led: a ranking published, an agreement signed. Walking there takes up to two seconds of acts,
papers and signatures, and hundreds of tests would walk there again. What ``@remembered`` builds in an empty database is built
once by each process; its rows, its files and what it returned are kept, and the next test that asks gets them anew.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from io import BytesIO
from typing import Any, ParamSpec, TypeVar

import time_machine
from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils import timezone

from documents.models import Document

KEPT_BY_DJANGO = {"contenttypes", "auth", "sites"}
"""Apps whose rows belong to the tables themselves: every database has them."""
PARAMETERS = 900  # of one statement: SQLite takes 999

P, R = ParamSpec("P"), TypeVar("R")
_worlds: dict[Hashable, World] = {}


@dataclass(frozen=True)
class World:
    """``rows``: what :func:`rows` says. ``files``: what each stored name holds. ``answer``: what the builder returned, pickled, so
    that no test meets what another did to it."""

    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    files: dict[str, bytes]
    answer: bytes


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """``build``, walked once for each set of plain arguments, under the same settings and in the same minute of the clock that a
    test has set. With rows as arguments, or in a database that somebody has written to, it is walked as always."""

    @wraps(build)
    def world(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (*args, *kwargs.values())
        if any(isinstance(one, models.Model) or not isinstance(one, Hashable) for one in given) or not _is_empty():
            return build(*args, **kwargs)
        key = (build, args, tuple(sorted(kwargs.items())), _moment(), tuple(_overridden()))
        if key in _worlds:
            return _laid(_worlds[key])
        answer = build(*args, **kwargs)
        _worlds[key] = World(rows(), _files(), pickle.dumps(answer))
        return answer

    return world


def _moment() -> str:
    """The minute that the test has travelled to, or nothing."""
    return f"{timezone.now():%Y-%m-%d %H:%M}" if time_machine.escape_hatch.is_travelling() else ""


def _overridden() -> Iterator[tuple[str, str]]:
    """The settings that this test has changed; which hosts are allowed is the live server's business."""
    holder = settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        yield from sorted(
            (name, repr(value)) for name, value in vars(holder).items() if name.isupper() and name != "ALLOWED_HOSTS"
        )
        holder = holder.default_settings


@cache
def _tables() -> dict[str, list[str]]:
    """The columns of each table of the project."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields if not field.generated]
        for model in found
        if model._meta.app_label not in KEPT_BY_DJANGO
    }


def _is_empty() -> bool:
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT EXISTS (SELECT 1 FROM {name(table)})" for table in _tables()))
        return not any(found for (found,) in cursor.fetchall())


def rows() -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Of each table that has some: its columns, and its rows as the database keeps them."""
    # A column of SQLite comes converted, an expression as it is kept.
    name, plain = connection.ops.quote_name, "+" if connection.vendor == "sqlite" else ""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in _tables().items():
            cursor.execute(f"SELECT {', '.join(plain + name(column) for column in columns)} FROM {name(table)}")
            if kept := cursor.fetchall():
                found[table] = columns, kept
    return found


def _files() -> dict[str, bytes]:
    return {name: _content(name) for name in Document.objects.values_list("file", flat=True)}


def _content(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def _laid(world: World) -> Any:
    name = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in world.rows.items():
            into = f"INSERT INTO {name(table)} ({', '.join(map(name, columns))}) VALUES "
            one, step = f"({', '.join(['%s'] * len(columns))})", PARAMETERS // len(columns)
            for part in (rows[start : start + step] for start in range(0, len(rows), step)):
                cursor.execute(into + ", ".join([one] * len(part)), [value for row in part for value in row])
    for file, content in world.files.items():  # a test may have changed or taken away what it found
        if not default_storage.exists(file) or _content(file) != content:
            default_storage.delete(file)
            default_storage.save(file, BytesIO(content))
    return pickle.loads(world.answer)
