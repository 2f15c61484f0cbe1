"""Rows that are written once: history that nobody edits.

Three fences, from the nearest to the last: the model refuses a second ``save`` and any ``delete``; its queryset refuses
``update`` and ``delete``; triggers in the database refuse both to whoever comes by another road. The triggers are laid
after every ``migrate`` and not in a migration, because SQLite rebuilds a table that a migration alters and forgets them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.apps import apps
from django.db import models


class Unchangeable(Exception):
    """Somebody tried to change or delete a row of the history."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Unchangeable(f"{self.model._meta.label}: history is not changed")

    def delete(self) -> NoReturn:
        raise Unchangeable(f"{self.model._meta.label}: history is not deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable(f"{self.model._meta.label}: history is not changed")


class AppendOnly(models.Model):
    """Base of every table that only grows."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable(f"{self._meta.label} {self.pk}: history is not changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable(f"{self._meta.label} {self.pk}: history is not deleted")


def tables() -> list[str]:
    """The database tables of every append-only model, in order of name."""
    return sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly) and m._meta.managed)


def lay_triggers(connection: Any) -> None:
    """Put the triggers on the tables that exist; laying them twice changes nothing."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION bando_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP; END $$"
            )
        for table in tables():
            if table not in present:
                continue
            for event in ("UPDATE", "DELETE"):
                name = connection.ops.quote_name(f"{table}_no_{event.lower()}")
                on = connection.ops.quote_name(table)
                if connection.vendor == "postgresql":
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {on} "
                        "FOR EACH ROW EXECUTE FUNCTION bando_append_only()"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {on} "
                        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {event}'); END"
                    )


def lift_triggers(connection: Any) -> None:
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables():
            if table not in present:
                continue
            for event in ("UPDATE", "DELETE"):
                name = connection.ops.quote_name(f"{table}_no_{event.lower()}")
                on = f" ON {connection.ops.quote_name(table)}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def suspended(connection: Any) -> Iterator[None]:
    """Without the triggers, to empty a test database. Nothing in the product calls this."""
    lift_triggers(connection)
    try:
        yield
    finally:
        lay_triggers(connection)
