"""What the probe measures, how often, and what it does when nothing answers."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError

from applications.evidence.aside import bring_in
from applications.evidence.probing import CALMLY, keep, measure, pace
from applications.models import CompletionRequest, ProbeReading
from tests.builders import DEADLINE, OPENING, WORKDAY, load_fixture_call, official, submitted_application

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
CLOSELY = timedelta(seconds=5)


@pytest.fixture
def own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path / "evidence"


@pytest.fixture
def door():
    """A server that answers as ``door.answer`` says; ``door.address`` is where."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = self.server.answer
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answer, server.address = (200, b"ok"), f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def by_name(readings):
    return {reading.what: reading for reading in readings}


def test_a_round_measures_the_door_the_database_and_the_storage(door):
    readings = measure(door.address)
    assert [(reading.what, reading.ok, reading.detail) for reading in readings] == [
        ("door", True, ""),
        ("database", True, ""),
        ("storage", True, ""),
    ]
    assert all(0 < reading.took_us < 60_000_000 for reading in readings)
    assert sorted(reading.at for reading in readings) == [reading.at for reading in readings]


def test_a_round_leaves_no_row_and_no_file_of_its_own(door):
    measure(door.address)
    assert ProbeReading.objects.count() == 0
    if hasattr(default_storage, "location") and default_storage.exists("probe"):
        assert default_storage.listdir("probe") == ([], [])


@pytest.mark.parametrize("answer", [(503, b"database"), (200, b"<html>Manutenzione</html>")])
def test_an_answer_that_is_not_ours_is_no_answer(door, answer):
    door.answer = answer
    reading = by_name(measure(door.address))["door"]
    assert (reading.ok, str(answer[0]) in reading.detail) == (False, True)


def test_a_door_that_nobody_opens_is_a_reading_and_not_an_error():
    readings = by_name(measure(NOBODY))
    assert [readings["door"].ok, readings["database"].ok, readings["storage"].ok] == [False, True, True]
    assert "refused" in readings["door"].detail


def test_a_storage_that_loses_bytes_is_told(door):
    with patch.object(type(default_storage._wrapped), "save", side_effect=OSError("no space left on device")):
        reading = by_name(measure(door.address))["storage"]
    assert (reading.ok, reading.detail) == (False, "OSError: no space left on device")


def test_readings_that_the_database_does_not_take_wait_and_come_in_once(door, own_folder):
    readings = measure(door.address)
    with patch.object(ProbeReading.objects, "bulk_create", side_effect=OperationalError("away")):
        keep(readings)
    assert ProbeReading.objects.count() == 0
    copy = own_folder.joinpath("waiting.jsonl").read_text()
    assert bring_in() == 3
    own_folder.joinpath("waiting.jsonl").write_text(copy)
    assert bring_in() == 0
    kept = ProbeReading.objects.all()
    assert [(row.what, row.at, row.took_us) for row in kept] == [(r.what, r.at, r.took_us) for r in readings]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (OPENING - timedelta(microseconds=1), None),
        (OPENING, CALMLY),
        (DEADLINE - timedelta(hours=6, microseconds=1), CALMLY),
        (DEADLINE - timedelta(hours=6), CLOSELY),
        (DEADLINE + timedelta(hours=1), CLOSELY),
        (DEADLINE + timedelta(hours=1, microseconds=1), None),
    ],
)
def test_it_measures_closely_from_six_hours_before_to_one_after_and_sleeps_when_nothing_is_open(at, expected):
    load_fixture_call()
    assert pace(at, closely=CLOSELY) == expected


def test_it_begins_earlier_when_it_is_told_to():
    load_fixture_call()
    assert pace(DEADLINE - timedelta(hours=12), closely=CLOSELY, before=timedelta(hours=12)) == CLOSELY


def test_the_term_of_a_completion_is_a_deadline_too():
    application = submitted_application(at=WORKDAY)
    due = DEADLINE + timedelta(days=10)
    CompletionRequest.objects.create(
        application=application, number=1, by=official(), at=DEADLINE + timedelta(days=1), due_at=due, reason="Manca"
    )
    assert [pace(moment, closely=CLOSELY) for moment in (due - timedelta(hours=7), due)] == [None, CLOSELY]


def test_once_measures_and_keeps_and_says_what_it_measured(door, capsys):
    call_command("probe", "--once", "--url", f"{door.address}/")
    assert sorted(ProbeReading.objects.values_list("what", "ok")) == [("database", True), ("door", True), ("storage", True)]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["door", "database", "storage"]


def test_the_site_itself_answers_the_probe(live_server):
    reading = by_name(measure(live_server.url))["door"]
    assert (reading.ok, reading.detail) == (True, "")
