"""The number of the register: one for each submission, whatever dies or is down, and nothing that waits for it."""

from __future__ import annotations

import csv
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from applications import protocol
from applications.models import ProtocolEntry, Submission
from applications.protocol import FileRegister, HttpRegister, NotRegistered, Registered, enter, facts_of
from bando.deadlines import rome
from tests.builders import AFTER, WORKDAY, attach_pdf, official, send, submitted_application
from tests.clock import arriving
from workflow.duties import pay
from workflow.models import Duty

FACTS: dict[str, Any] = {"key": "a", "sender": {"name": "Ente"}, "subject": "Domanda", "sha256": "0" * 64}


def facts(key: str) -> dict[str, Any]:
    return {**FACTS, "key": key}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.VAR, settings.PROTOCOL_URL = tmp_path, ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    HttpRegister._silent_until.clear()
    return tmp_path


@pytest.fixture
def submission(db) -> Submission:
    return submitted_application().current


def rows(folder: Path, year: int = 2021) -> list[dict[str, str]]:
    with (folder / f"registro-{year}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# The file


def test_numbers_go_up_by_one_and_begin_again_each_year(folder: Path) -> None:
    register = FileRegister(folder)
    given = [
        register.enter(facts(key), at=at).number for key, at in zip("abc", [WORKDAY, WORKDAY, rome(2022, 1, 1)], strict=True)
    ]
    assert given == ["0000001/2021", "0000002/2021", "0000001/2022"]


@pytest.mark.parametrize(
    ("at", "number"), [(rome(2021, 12, 31, 23, 59), "0000001/2021"), (rome(2022, 1, 1), "0000001/2022")], ids=str
)
def test_the_year_is_that_of_rome(folder: Path, at: Any, number: str) -> None:
    assert FileRegister(folder).enter(FACTS, at=at.astimezone(ZoneInfo("UTC"))).number == number


def test_the_same_key_has_the_same_number_and_moment_even_next_year(folder: Path) -> None:
    register = FileRegister(folder)
    first = register.enter(FACTS, at=WORKDAY)
    register.enter(facts("b"), at=rome(2022, 1, 2))
    assert first == Registered("0000001/2021", "Registro interno di Bando", WORKDAY)
    assert register.enter(FACTS, at=rome(2022, 1, 3)) == first
    assert [len(rows(folder, year)) for year in (2021, 2022)] == [1, 1]


def test_a_line_says_what_the_law_wants_and_is_one_line(folder: Path) -> None:
    FileRegister(folder).enter({**FACTS, "sender": {"name": 'Ente, "nuovo"\ndi prova'}}, at=WORKDAY)
    assert rows(folder) == [
        {
            "numero": "0000001/2021",
            "registrata": "2021-10-11T10:42:00.000000+02:00",
            "mittente": 'Ente, "nuovo" di prova',
            "oggetto": "Domanda",
            "impronta": "0" * 64,
            "chiave": "a",
        }
    ]
    assert (folder / "registro-2021.csv").read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('=HYPERLINK("http://altrove.example";"Apri")', '\'=HYPERLINK("http://altrove.example";"Apri")'),
        (" +39 02 Onlus", "'+39 02 Onlus"),
        ("-1 e lode", "'-1 e lode"),
        ("@sociale", "'@sociale"),
        ("Alfa = Beta", "Alfa = Beta"),
    ],
)
def test_a_name_is_no_formula_where_the_office_opens_the_register(folder: Path, name: str, kept: str) -> None:
    FileRegister(folder).enter({**FACTS, "sender": {"name": name}}, at=WORKDAY)
    assert rows(folder)[0]["mittente"] == kept


@pytest.mark.parametrize("written", [3, 40, 120])
def test_a_line_that_a_crash_left_half_written_was_never_given(folder: Path, written: int) -> None:
    register = FileRegister(folder)
    register.enter(FACTS, at=WORKDAY)
    path = folder / "registro-2021.csv"
    whole = path.read_bytes()
    register.enter(facts("b"), at=WORKDAY)
    path.write_bytes(path.read_bytes()[: len(whole) + written])
    assert register.enter(facts("c"), at=WORKDAY).number == "0000002/2021"
    assert [row["chiave"] for row in rows(folder)] == ["a", "c"]


def _enter_many(folder: str, worker: int) -> list[str]:
    register = FileRegister(Path(folder))
    return [register.enter(facts(f"{worker}-{n}"), at=WORKDAY).number for n in range(20)]


def test_two_processes_never_give_one_number_twice_nor_skip_one(folder: Path) -> None:
    with ProcessPoolExecutor(2) as processes:
        given = [number for some in processes.map(_enter_many, [str(folder)] * 2, [1, 2]) for number in some]
    assert sorted(given) == [f"{n:07d}/2021" for n in range(1, 41)]


def test_a_register_that_cannot_be_written_says_so(folder: Path) -> None:
    (folder / "protocol").write_text("not a folder")
    with pytest.raises(NotRegistered, match=r"protocol: .*File exists"):
        FileRegister(folder / "protocol").enter(FACTS, at=WORKDAY)


# The duty


def test_a_submission_has_its_number_before_its_receipt_is_drawn(submission: Submission) -> None:
    names = list(Duty.objects.filter(subject=str(submission.pk)).order_by("pk").values_list("name", flat=True))
    assert names == ["applications.protocol", "applications.receipt", "applications.receipt_mail"]
    pay(WORKDAY)
    entry = ProtocolEntry.objects.get(submission=submission)
    assert (entry.number, entry.register, entry.at) == ("0000001/2021", "Registro interno di Bando", WORKDAY)


def test_each_sending_has_its_own_number_and_asking_again_changes_none(submission: Submission) -> None:
    application = submission.application
    attach_pdf(application, "lettere-della-rete")
    second = send(application)
    later = WORKDAY + timedelta(days=1)
    given = [enter(sent, at=at).number for sent, at in [(submission, WORKDAY), (second, WORKDAY), (submission, later)]]
    assert given == ["0000001/2021", "0000002/2021", "0000001/2021"]
    assert facts_of(second)["subject"] == f"{application.call.title}: domanda {application.number}, invio 2"


def test_a_crash_between_the_answer_and_our_row_gives_the_same_number(
    submission: Submission, folder: Path, monkeypatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ProtocolEntry.objects, "create", lambda **kwargs: (_ for _ in ()).throw(KeyError("killed")))
        with pytest.raises(KeyError):
            enter(submission, at=WORKDAY)
    assert ProtocolEntry.objects.count() == 0
    FileRegister(folder / "protocol").enter(facts("another"), at=WORKDAY)
    assert enter(submission, at=WORKDAY + timedelta(hours=1)).number == "0000001/2021"
    assert len(rows(folder / "protocol")) == 2


# Over HTTP


@dataclass
class Counter:
    """A small register: what it heard, and how it answers."""

    heard: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    status: int = 201
    body: bytes = b""
    url: str = ""


@pytest.fixture
def counter(settings) -> Iterator[Counter]:
    known = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.heard.append((dict(self.headers), content))
            number = known.given.setdefault(self.headers["Idempotency-Key"], f"{len(known.given) + 1:07d}/2021")
            answer = {"number": number, "register": "Protocollo generale", "at": "2021-10-11T10:42:03+02:00"}
            self.send_response(known.status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(known.body or json.dumps(answer).encode())

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    known.url = settings.PROTOCOL_URL = f"http://bando:se%40greta@127.0.0.1:{server.server_port}/protocollo"
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_register_over_http_is_told_what_it_needs_and_its_answer_is_kept(submission: Submission, counter: Counter) -> None:
    entry = enter(submission, at=WORKDAY)
    assert (entry.number, entry.register, entry.at) == ("0000001/2021", "Protocollo generale", rome(2021, 10, 11, 10, 42, 3))
    ((headers, content),) = counter.heard
    assert headers["Idempotency-Key"] == content["key"] == str(submission.pk)
    assert headers["Authorization"] == "Basic YmFuZG86c2VAZ3JldGE="
    assert headers["Content-Type"] == "application/json"
    assert content == json.loads(json.dumps(facts_of(submission)))
    assert content["sender"]["pec"] == submission.application.organisation.pec
    enter(submission, at=WORKDAY)
    assert len(counter.heard) == 1


def test_an_answer_that_was_lost_is_heard_again(submission: Submission, counter: Counter, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(protocol, "_understood", lambda said: (_ for _ in ()).throw(NotRegistered("lost")))
        with pytest.raises(NotRegistered):
            enter(submission, at=WORKDAY)
    assert enter(submission, at=WORKDAY).number == "0000001/2021"
    assert (len(counter.heard), len(counter.given)) == (2, 1)


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (500, b"", "the register answered 500"),
        (401, b"", "the register answered 401"),
        (302, b"", "the register answered 302"),
        (200, b"<html>", "the register's answer can't be read: b'<html>'"),
        (200, b"[]", "the register's answer can't be read: b'[]'"),
        (200, b'{"number": "1", "register": "R"}', "the register's answer can't be read"),
        (200, b'{"number": "1", "register": "R", "at": "2021-10-11T10:42:03"}', "a moment without its zone"),
        (200, b'{"number": "", "register": "R", "at": "2021-10-11T10:42:03Z"}', "has no number"),
    ],
)
def test_what_is_no_number_is_asked_again(submission: Submission, counter: Counter, status: int, body: bytes, why: str) -> None:
    counter.status, counter.body = status, body
    with pytest.raises(NotRegistered, match=re.escape(why)):
        enter(submission, at=WORKDAY)
    counter.status, counter.body = 200, b""
    assert enter(submission, at=WORKDAY).number == "0000001/2021"


def test_a_register_that_is_down_holds_nothing_up_and_answers_later(submission: Submission, settings, counter: Counter) -> None:
    here, settings.PROTOCOL_URL = settings.PROTOCOL_URL, "http://127.0.0.1:9/protocollo"
    assert pay(WORKDAY) == 2  # the receipt and the mail
    owed = Duty.objects.get(name="applications.protocol")
    assert owed.last_error.startswith("NotRegistered: the register did not answer: ")
    assert submission.receipt.document.name.endswith(".pdf")
    settings.PROTOCOL_URL = here
    assert pay(owed.due_at) == 1
    assert submission.protocol.number == "0000001/2021"


def test_a_register_that_does_not_answer_is_left_alone_for_a_minute(submission: Submission, settings) -> None:
    """Or a hundred submissions would each take ten seconds of the worker from the receipts."""
    settings.PROTOCOL_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotRegistered, match="Connection refused"):
        enter(submission, at=WORKDAY)
    with pytest.raises(NotRegistered, match="it is asked again from 2021-10-11T10:43:00"):
        enter(submission, at=WORKDAY + timedelta(seconds=59))
    with pytest.raises(NotRegistered, match="Connection refused"):
        enter(submission, at=WORKDAY + timedelta(seconds=60))


def test_the_desk_shows_the_number_or_that_the_register_has_not_answered(submission: Submission) -> None:
    application = submission.application
    office = Client()
    office.force_login(official())
    page = reverse("desk_application", args=[application.pk])
    with arriving(AFTER):
        assert "Il registro non ha ancora risposto" in office.get(page).content.decode()
        enter(submission, at=WORKDAY)
        assert "0000001/2021 (Registro interno di Bando, lunedì 11 ottobre" in office.get(page).content.decode()
