import pytest
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.workflow.rows import AT, PUBLISH, person, row
from workflow.append_only import Unchangeable, lay_triggers, suspended, tables
from workflow.models import LedgerEntry
from workflow.perform import perform
from workflow.sealing import seal

HISTORY = ["bando_callstep", "bando_callversion", "workflow_ledgerentry", "workflow_ledgerseal", "workflow_sealedentry"]


@pytest.fixture
def history(db):
    """One row in each table of history that this package and the next one know."""
    step = perform(PUBLISH, row(), by=person(), at=AT)
    seal(AT)
    return step


def run(sql: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def content(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return cursor.fetchall()


def test_every_table_of_history_is_known():
    assert set(HISTORY) <= set(tables())


@pytest.mark.parametrize("table", HISTORY)
def test_the_database_refuses_to_change_or_delete_history_by_any_road(history, table):
    before = content(table)
    assert len(before) == 1
    column = {"bando_callstep": "act", "bando_callversion": "slug", "workflow_sealedentry": "seal_id"}.get(table, "hash")
    for sql, event in [(f"UPDATE {table} SET {column} = {column}", "UPDATE"), (f"DELETE FROM {table}", "DELETE")]:
        with pytest.raises(DatabaseError, match=f"append-only: {table} refuses {event}"):
            run(sql)
    assert content(table) == before


@pytest.mark.django_db(transaction=True)
def test_the_command_that_empties_a_database_is_refused():
    perform(PUBLISH, row(), by=person(), at=AT)
    before = content("workflow_ledgerentry")
    emptying = connection.ops.sql_flush(no_style(), ["workflow_ledgerentry"], allow_cascade=True)
    command = next(sql for sql in emptying if "workflow_ledgerentry" in sql)  # on SQLite one for each table, in any order
    with pytest.raises(DatabaseError, match=r"append-only: \w+ refuses (DELETE|TRUNCATE)"):
        run(command)
    assert content("workflow_ledgerentry") == before


@pytest.mark.parametrize("table", HISTORY)
def test_an_insertion_does_not_take_the_place_of_a_row(history, table):
    before = content(table)
    upsert = "REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    with pytest.raises(IntegrityError):
        run(f"{upsert} {table} SELECT * FROM {table}")
    assert content(table) == before


def test_a_row_of_history_refuses_a_second_save_and_a_removal(history):
    entry = history.entry
    entry.act = "another"
    with pytest.raises(Unchangeable, match=r"workflow\.LedgerEntry \d+: history is not changed"):
        entry.save()
    with pytest.raises(Unchangeable, match=r"workflow\.LedgerEntry \d+: history is not deleted"):
        entry.delete()
    assert LedgerEntry.objects.get().act == "publish"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda rows: rows.update(act="another"),
        lambda rows: rows.delete(),
        lambda rows: rows.bulk_update(list(rows), ["act"]),
    ],
)
def test_a_set_of_history_refuses_too(history, tamper):
    with pytest.raises(Unchangeable):
        tamper(LedgerEntry.objects.all())
    assert LedgerEntry.objects.get().act == "publish"


def test_laying_the_triggers_again_changes_nothing(history):
    lay_triggers(connection)
    with pytest.raises(DatabaseError, match="refuses DELETE"):
        run("DELETE FROM workflow_sealedentry")


def test_only_a_test_database_is_emptied_and_the_triggers_come_back(history):
    with suspended(connection):
        assert run("DELETE FROM workflow_sealedentry") == 1
    with pytest.raises(DatabaseError, match="refuses DELETE"):
        run("DELETE FROM workflow_ledgerseal")
