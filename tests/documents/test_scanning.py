"""What people bring is read by a real antivirus; while it is not there, nothing is refused and nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from documents.models import Document, Scan, Verdict
from documents.scanning import (
    Standing,
    TooLarge,
    Unanswered,
    ask,
    found_infected,
    scan_again,
    standing,
    standing_of,
)
from documents.uploads import keep, store
from tests.builders import WORKDAY, person, small_pdf
from tests.servers import clamav
from tests.servers.processes import free_port
from workflow.duties import pay
from workflow.models import Duty

LATER = WORKDAY + timedelta(minutes=1)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The agreed test of antivirus programs, in two pieces so that none of them finds it in this file."""


def pieces(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@pytest.fixture
def brought(db):
    def brought(content: bytes = b"", *, name: str = "statuto.pdf", by=None) -> Document:
        upload = SimpleUploadedFile(name, content or small_pdf())
        return store(upload, media_type="application/pdf", by=by or person(), at=WORKDAY)

    return brought


# --- the conversation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "verdict", "finding"),
    [
        (b"un file qualunque", Verdict.CLEAN, ""),
        (b"", Verdict.CLEAN, ""),
        (clamav.INFECTED, Verdict.INFECTED, clamav.FOUND),
        (EICAR, Verdict.INFECTED, "Eicar-Test.UNOFFICIAL"),
    ],
)
@pytest.mark.parametrize("size", [7, 65_536])
def test_clamd_says_what_it_finds_however_the_pieces_fall(live_clamav, content, verdict, finding, size):
    answer = ask(pieces(content, size), address=live_clamav)
    assert (answer.verdict, answer.finding) == (verdict, finding)
    assert answer.engine.startswith("ClamAV 1.")


def test_an_empty_piece_does_not_end_the_file(live_clamav):
    assert ask([b"prima", b"", clamav.INFECTED], address=live_clamav).finding == clamav.FOUND


def test_clamd_answers_on_a_socket_of_the_machine_too(tmp_path):
    with clamav.another(socket=True) as address:
        assert address.startswith("clamd:///")
        assert ask([clamav.INFECTED], address=address).finding == clamav.FOUND


def test_a_file_of_the_daemons_limit_is_read_and_one_byte_more_is_not(live_clamav):
    content = bytes(clamav.LIMIT)
    assert ask(pieces(content, 65_536), address=live_clamav).verdict == Verdict.CLEAN
    with pytest.raises(TooLarge, match=r"^INSTREAM size limit exceeded\. ERROR: raise StreamMaxLength in clamd\.conf"):
        ask([*pieces(content, 65_536), b"!"], address=live_clamav)


@pytest.mark.parametrize("address", [f"clamd://127.0.0.1:{free_port()}", "clamd:///nowhere/clamd.ctl"], ids=["port", "socket"])
def test_a_daemon_that_is_not_there_is_told_by_its_address(address):
    with pytest.raises(Unanswered, match=f"^clamd at {address} does not answer: "):
        ask([b"un file"], address=address)


# --- the duty ---------------------------------------------------------------------------------------------------------


def test_a_file_that_a_person_brought_is_read_by_the_worker(brought, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = brought()
    assert standing_of(document) is Standing.WAITING
    assert pay(LATER) == 1
    row = document.scans.get()
    assert (row.at, row.verdict, row.finding) == (LATER, Verdict.CLEAN, "")
    assert standing_of(document) is Standing.CLEAN


def test_an_infected_file_is_told_once_to_whoever_listens(brought, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = brought(small_pdf() + clamav.INFECTED)
    told = []

    def hear(scan: Scan, at, **rest) -> None:
        told.append((scan.document_id, scan.finding, at))

    found_infected.connect(hear)
    try:
        pay(LATER)
        scan_again(Document.objects.all(), at=LATER)
        pay(LATER)
    finally:
        found_infected.disconnect(hear)
    assert standing_of(document) is Standing.INFECTED
    assert document.scans.count() == 2
    assert told == [(document.pk, clamav.FOUND, LATER)]


def test_without_an_antivirus_nothing_is_owed_and_nothing_is_held_back(brought):
    document = brought()
    assert standing_of(document) is Standing.UNCHECKED
    assert not Duty.objects.exists()


def test_an_antivirus_that_was_switched_off_leaves_no_duty_behind(brought, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = brought()
    settings.CLAMD = ""
    assert pay(LATER) == 1
    assert standing_of(document) is Standing.UNCHECKED


def test_what_the_system_made_is_not_read(db, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = keep(small_pdf(), name="ricevuta.pdf", media_type="application/pdf", by=None, at=WORKDAY)
    assert not Duty.objects.exists()
    assert standing_of(document) is Standing.CLEAN


def test_while_the_daemon_is_down_files_come_in_and_are_read_when_it_is_back(brought, settings):
    port = free_port()
    settings.CLAMD = f"clamd://127.0.0.1:{port}"
    clean, infected = brought(), brought(clamav.INFECTED)
    assert pay(LATER) == 0
    assert [standing_of(document) for document in (clean, infected)] == [Standing.WAITING] * 2
    owed = Duty.objects.first()
    assert owed.last_error.startswith(f"Unanswered: clamd at clamd://127.0.0.1:{port} does not answer: ")
    assert owed.due_at == LATER + timedelta(seconds=15)
    with clamav.another(port):
        assert pay(owed.due_at) == 2
    assert [standing_of(document) for document in (clean, infected)] == [Standing.CLEAN, Standing.INFECTED]


def test_a_file_too_large_for_the_daemon_waits_and_says_what_to_change(brought, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = brought(small_pdf() + bytes(clamav.LIMIT))
    assert pay(LATER) == 0
    assert standing_of(document) is Standing.WAITING
    assert Duty.objects.get().last_error == (
        "TooLarge: INSTREAM size limit exceeded. ERROR: raise StreamMaxLength in clamd.conf, then the file is read"
    )


# --- which reading counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["clean"], Standing.CLEAN),
        (["infected"], Standing.INFECTED),
        (["clean", "infected"], Standing.INFECTED),
        (["infected", "clean"], Standing.CLEAN),
    ],
)
def test_the_last_reading_counts(brought, verdicts, expected):
    document = brought()
    for verdict in verdicts:
        Scan.objects.create(document=document, at=WORKDAY, verdict=verdict, engine="ClamAV")
    assert standing_of(document) is expected


@pytest.mark.parametrize(
    ("verdict", "ours", "address", "expected"),
    [
        ("clean", False, "clamd://x", Standing.CLEAN),
        ("infected", False, "", Standing.INFECTED),
        ("infected", True, "", Standing.INFECTED),
        ("", False, "clamd://x", Standing.WAITING),
        ("", False, "", Standing.UNCHECKED),
        ("", True, "clamd://x", Standing.CLEAN),
    ],
)
def test_a_virus_found_once_stays_found_when_the_antivirus_is_switched_off(settings, verdict, ours, address, expected):
    settings.CLAMD = address
    assert standing(verdict, ours=ours) is expected


def test_how_prefetched_documents_stand_costs_no_query(brought, django_assert_num_queries):
    brought(), brought()
    documents = list(Document.objects.prefetch_related("scans"))
    with django_assert_num_queries(0):
        assert [standing_of(document) for document in documents] == [Standing.UNCHECKED] * 2


# --- reading again ----------------------------------------------------------------------------------------------------


def test_files_are_read_again_with_newer_signatures(brought, live_clamav, settings):
    settings.CLAMD = live_clamav
    document = brought()
    keep(small_pdf(), name="ricevuta.pdf", media_type="application/pdf", by=None, at=WORKDAY)
    Duty.objects.all().delete()
    said = StringIO()
    call_command("rescan", since="2021-10-11", stdout=said)
    assert said.getvalue() == "to read again: 1; bin/manage work does it\n"
    assert document.scans.count() == 0
    pay(Duty.objects.get().due_at)
    assert document.scans.get().verdict == Verdict.CLEAN


def test_only_what_came_since_that_day_is_read_again(brought, settings):
    settings.CLAMD = "clamd://127.0.0.1:9"
    brought()
    Duty.objects.all().delete()
    call_command("rescan", since="2021-10-12", stdout=StringIO())
    assert not Duty.objects.exists()


@pytest.mark.parametrize(
    ("since", "address", "sentence"),
    [
        ("ieri", "clamd://127.0.0.1:9", "«ieri» is no day: write it as 2026-01-31"),
        ("2021-10-11", "", "BANDO_CLAMD is empty: there is no antivirus to ask"),
    ],
)
def test_a_reading_that_can_not_be_asked_for_says_why(db, settings, since, address, sentence):
    settings.CLAMD = address
    with pytest.raises(CommandError) as refusal:
        call_command("rescan", since=since)
    assert str(refusal.value) == sentence


def test_an_answer_of_the_daemon_that_is_no_verdict_is_asked_again(monkeypatch):
    said = iter(["ClamAV 1.4", "stream: Can't allocate memory ERROR"])
    monkeypatch.setattr("documents.scanning._said", lambda address, sending: next(said))
    with pytest.raises(Unanswered, match="Can't allocate memory"):
        ask([b"un file"], address="clamd://x")
