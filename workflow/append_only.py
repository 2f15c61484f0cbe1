"""Rows that are written once: history that nobody edits.

Three fences, from the nearest to the last: the model refuses a second ``save`` and any ``delete``; its queryset refuses
``update`` and ``delete``; triggers in the database refuse both to whoever comes by another road. The triggers are laid
after every ``migrate`` and not in a migration, because SQLite rebuilds a table that a migration alters and forgets them.
PostgreSQL empties a table without deleting its rows, so ``TRUNCATE`` (and ``manage.py flush``) is refused there too.
SQLite's ``REPLACE`` deletes rows without waking the trigger on deletion, so there an insertion over a row is refused too.
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


def tables() -> dict[str, type[AppendOnly]]:
    """The append-only models by the name of their table, in order of name."""
    kept = [m for m in apps.get_models() if issubclass(m, AppendOnly) and m._meta.managed]
    return {model._meta.db_table: model for model in sorted(kept, key=lambda model: model._meta.db_table)}


def lay_triggers(connection: Any) -> None:
    """Put the triggers on the tables that exist; laying them twice changes nothing."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION bando_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP; END $$"
            )
        for table, model in tables().items():
            if table not in present:
                continue
            on = connection.ops.quote_name(table)
            if connection.vendor == "sqlite":
                name = connection.ops.quote_name(f"{table}_no_replace")
                kept = f"EXISTS (SELECT 1 FROM {on} AS kept WHERE {_same_row(connection, model)})"  # noqa: S608 - our own names
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {on} WHEN {kept} "
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses a second row like the one it has'); END"
                )
                for event in ("UPDATE", "DELETE"):
                    name = connection.ops.quote_name(f"{table}_no_{event.lower()}")
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {on} "
                        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {event}'); END"
                    )
            else:
                for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
                    name = connection.ops.quote_name(f"{table}_no_{event.lower()}")
                    cursor.execute(
                        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {on} "
                        f"FOR EACH {each} EXECUTE FUNCTION bando_append_only()"
                    )


def lift_triggers(connection: Any) -> None:
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables():
            if table not in present:
                continue
            for event in ("UPDATE", "DELETE", "REPLACE", "TRUNCATE"):
                name = connection.ops.quote_name(f"{table}_no_{event.lower()}")
                on = f" ON {connection.ops.quote_name(table)}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _same_row(connection: Any, model: type[AppendOnly]) -> str:
    """SQL that is true when ``kept`` and the new row cannot both be there: they share a key."""
    quote = connection.ops.quote_name
    keys = [[field.column] for field in model._meta.concrete_fields if field.unique]
    keys += [[model._meta.get_field(name).column for name in c.fields] for c in model._meta.total_unique_constraints]
    return " OR ".join(
        "(" + " AND ".join(f"kept.{quote(column)} = NEW.{quote(column)}" for column in columns) + ")" for columns in keys
    )


@contextmanager
def suspended(connection: Any) -> Iterator[None]:
    """Without the triggers, to empty a test database. Nothing in the product calls this."""
    lift_triggers(connection)
    try:
        yield
    finally:
        lay_triggers(connection)
