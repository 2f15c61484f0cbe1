from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.workflow.rows import AT, PUBLISH, REVOKE, person, row
from workflow import sealing
from workflow.ledger import is_included, merkle_root, seal_hash
from workflow.models import LedgerEntry, LedgerSeal, SealedEntry
from workflow.perform import perform
from workflow.sealing import proof, seal

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def entries():
    by = person()
    return [perform(PUBLISH, row(f"avviso-{n}"), by=by, at=AT).entry for n in range(5)]


def test_a_seal_holds_every_entry_of_its_batch_and_proves_each(entries):
    made = seal(LATER)
    assert (made.number, made.previous, made.count, made.at) == (1, "", 5, LATER)
    assert made.root == merkle_root([entry.hash for entry in entries])
    assert made.hash == seal_hash(number=1, previous="", root=made.root, count=5, at=LATER)
    for index, entry in enumerate(entries):
        shown = proof(entry)
        assert (shown.entry, shown.index, shown.number, shown.seal) == (entry.hash, index, 1, made.hash)
        assert is_included(shown.entry, shown.index, shown.count, shown.path, shown.root)


def test_a_seal_hangs_on_the_former_and_nothing_is_sealed_twice(entries):
    first = seal(LATER)
    assert seal(LATER) is None
    by = person("altra@example.org")
    entry = perform(REVOKE, row("altro", "published"), by=by, at=LATER, reason="errore").entry
    assert proof(entry) is None
    second = seal(LATER)
    assert (second.number, second.previous, second.count) == (2, first.hash, 1)
    assert proof(entry).path == []
    assert SealedEntry.objects.count() == LedgerEntry.objects.count() == 6


def test_an_entry_that_commits_late_gets_its_place_under_the_next_seal(entries, monkeypatch):
    """Numbers are taken in one order and committed in another: a lower number may appear after a higher one was sealed."""
    early, *others = entries
    shown = LedgerEntry.objects.exclude(pk=early.pk)
    with monkeypatch.context() as patch:
        patch.setattr(LedgerEntry, "objects", shown)
        assert seal(LATER).count == 4
    made = seal(LATER)
    assert (made.count, proof(early).number) == (1, 2)
    assert [proof(entry).number for entry in others] == [1, 1, 1, 1]


def test_a_large_ledger_is_sealed_in_batches(entries, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    assert [seal(LATER).count, seal(LATER).count, seal(LATER).count, seal(LATER)] == [2, 2, 1, None]


def test_the_second_of_two_sealers_gives_up(entries, monkeypatch):
    first = seal(LATER)
    perform(PUBLISH, row("altro"), by=person("altra@example.org"), at=LATER)
    # The second sealer read the seals before the first one was written.
    with monkeypatch.context() as patch:
        patch.setattr(LedgerSeal, "objects", LedgerSeal.objects.exclude(pk=first.pk))
        assert seal(LATER) is None
    assert [s.number for s in LedgerSeal.objects.all()] == [1]
    assert seal(LATER).previous == first.hash


def test_the_worker_pays_and_seals(entries):
    call_command("work", "--once")
    assert LedgerSeal.objects.get().count == 5
