"""Files in parts, in a real Chromium: over a line that drops, across a reload, across the end of a session."""

from __future__ import annotations

import hashlib
import os
import re
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from applications.models import Application
from bando import middleware
from documents.models import Upload, UploadPart
from documents.resuming import LARGEST_PART, add_part, begin
from tests.builders import DEADLINE, WORKDAY, draft_application, small_pdf
from tests.clock import arriving
from tests.journeys.conftest import Look
from tests.journeys.steps import press, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024
HURRY = """const later = setTimeout
window.setTimeout = (act, wait, ...rest) => later(act, wait < 60000 ? Math.min(wait, 1600) : wait, ...rest)"""
"""Pauses between one try and the next pass quickly; the patience with a silent server stays."""


def big_pdf(size: int) -> bytes:
    """A real PDF of exactly ``size`` bytes that nothing can pack."""

    def made(padding: int) -> bytes:
        out = BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.Root.Padding = pikepdf.Stream(document, os.urandom(padding))
            document.save(out, compress_streams=False)
        return out.getvalue()

    first = made(size - 2000)
    whole = made(size - 2000 + size - len(first))
    assert len(whole) == size
    return whole


class Line:
    """A line between a browser and the server that counts what goes up, and is cut where one says."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.sent, self.cut_at, self.cuts = 0, [], 0
        self.cut = threading.Event()
        """While it is set nothing goes through at all."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    @contextmanager
    def open(self) -> Iterator[Line]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            while not self.cut.is_set():
                for ready in select.select([near, far], [], [], 0.1)[0]:
                    data = ready.recv(16 * 1024)
                    if not data:
                        return
                    if ready is far:
                        near.sendall(data)
                        continue
                    self.sent += len(data)
                    if self.cut_at and self.sent > self.cut_at[0]:
                        self.cut_at.pop(0)
                        self.cuts += 1
                        return
                    far.sendall(data)


@pytest.fixture
def application() -> Application:
    return draft_application()


@pytest.fixture
def now() -> Iterator[None]:
    with arriving(WORKDAY):
        yield


def opened(page: Page, application: Application) -> Page:
    sign_in(page, application.created_by)
    page.goto(reverse("application_attachments", args=[application.pk]))
    return page


def of(page: Page, rule: str):
    return page.locator(f"#{rule}")


def test_twenty_megabytes_with_three_drops_arrive_without_starting_again(
    chromium, live_server, application: Application, now, tmp_path: Path
) -> None:
    content = big_pdf(20 * MB)
    file = tmp_path / "bilancio.pdf"
    file.write_bytes(content)
    with Line(urlsplit(live_server.url).port).open() as line:
        context = chromium.new_context(base_url=f"http://127.0.0.1:{line.port}", locale="it-IT", reduced_motion="reduce")
        page = opened(context.new_page(), application)
        line.sent, line.cut_at = 0, [3 * MB, 9 * MB + 300_000, 16 * MB]
        page.locator("#id_statuto_file").set_input_files(file)
        expect(of(page, "statuto").get_by_role("link", name="bilancio.pdf")).to_be_visible(timeout=60_000)
        context.close()
    attachment = application.attachments.get()
    assert (line.cuts, attachment.document.size) == (3, 20 * MB)
    assert attachment.document.sha256 == hashlib.sha256(content).hexdigest()
    assert 20 * MB <= line.sent < 20 * MB + 3 * LARGEST_PART
    with attachment.document.file.open() as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == attachment.document.sha256


def test_a_file_says_how_far_it_is_and_ends_in_the_list_with_its_hash(
    page_at: Callable[..., Page], application: Application, now, look: Look, tmp_path: Path
) -> None:
    page = opened(page_at(1280), application)
    expect(page.get_by_role("button", name="Carica Statuto e atto costitutivo")).to_be_hidden()
    states: list[list[str]] = []

    def watch(route) -> None:
        if route.request.method == "POST":
            states.append(of(page, "curriculum").locator(".bando-upload-state").all_inner_texts())
        route.continue_()

    page.route("**/caricamenti/*/", watch)
    files = []
    for name in ("uno", "due", "tre"):
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(big_pdf(6 * MB))
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => {
            const text = document.getElementById('bando-status').textContent;
            if (text && window.said.at(-1) !== text) window.said.push(text);
          }).observe(document.getElementById('bando-status'), { childList: true });
        }"""
    )
    page.locator("#id_curriculum_file").set_input_files(files)
    for name in ("uno", "due", "tre"):
        expect(of(page, "curriculum").get_by_role("link", name=f"{name}.pdf")).to_be_visible()
    expect(of(page, "curriculum")).to_contain_text("Puoi caricare ancora 12 file.")
    assert any("In coda" in shown for shown in states)
    assert any(re.search(r"In caricamento: \d+%, .* di 6\u00a0MB", text) for shown in states for text in shown)
    page.wait_for_function("() => window.said.some((text) => text === 'Il file tre.pdf è arrivato ed è nella domanda.')")
    said = page.evaluate("window.said")
    assert [text for text in said if "uno.pdf" in text] == [
        "Inizia il caricamento di uno.pdf.",
        "Il caricamento di uno.pdf è a metà.",
        "Il file uno.pdf è arrivato ed è nella domanda.",
    ]
    look(page, "uploaded")
    assert application.attachments.count() == 3


def test_what_can_not_be_taken_says_why_before_a_byte_is_sent(
    page_at: Callable[..., Page], application: Application, now, look: Look, tmp_path: Path
) -> None:
    page = opened(page_at(360), application)
    (tmp_path / "grande.pdf").write_bytes(b"x" * (10 * MB + 60_000))
    (tmp_path / "vuoto.pdf").write_bytes(b"")
    (tmp_path / "relazione.pages").write_bytes(small_pdf("una relazione"))
    for name, sentence in {
        "grande.pdf": "Da rifare. Il file «grande.pdf» pesa 10,1 MB. Il massimo è 10 MB. Prova a ridurlo o a dividerlo in due.",
        "vuoto.pdf": "Da rifare. Il file «vuoto.pdf» è vuoto. Scegline un altro.",
        "relazione.pages": "Da rifare. Il file «relazione.pages» finisce in «.pages». Qui serve PDF o P7M: "
        "salvalo in questo formato e scegli quello.",
    }.items():
        page.locator("#id_curriculum_file").set_input_files(tmp_path / name)
        expect(of(page, "curriculum").locator(".bando-upload-state").last).to_have_text(sentence)
    assert not UploadPart.objects.exists()
    look(page, "refused")
    # Only the content decides: a doubt about the name is the person's to put aside.
    press(page, "Carica lo stesso", "relazione.pages")
    expect(of(page, "curriculum").get_by_role("link", name="relazione.pages")).to_be_visible()
    press(page, "Annulla", "il caricamento di", "grande.pdf")
    expect(of(page, "curriculum")).not_to_contain_text("grande.pdf")


def test_a_file_that_stopped_goes_on_with_a_button_and_after_a_reload(
    page_at: Callable[..., Page], application: Application, now, look: Look, tmp_path: Path
) -> None:
    page = page_at(360)
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks whether to leave while a file is coming
    page.add_init_script(HURRY)
    opened(page, application)
    content = big_pdf(6 * MB)
    (tmp_path / "bilancio.pdf").write_bytes(content)
    broken = threading.Event()
    parts = []

    def drop(route) -> None:
        if route.request.method == "POST":
            parts.append(route.request.headers["upload-offset"])
        if broken.is_set() or (route.request.method == "POST" and len(parts) == 3):
            broken.set()
            route.abort()
        else:
            route.continue_()

    page.route("**/caricamenti/*/", drop)
    page.locator("#id_statuto_file").set_input_files(tmp_path / "bilancio.pdf")
    state = of(page, "statuto").locator(".bando-upload-state")
    expect(state).to_have_text("Il caricamento si è fermato al 50%. Premi «Riprendi»: si riparte da lì.", timeout=20_000)
    look(page, "stopped")
    kept = Upload.objects.get().offset
    assert kept == 3 * MB
    page.reload()
    expect(of(page, "statuto")).to_contain_text(
        "Riprendi il caricamento di bilancio.pdf: scegli di nuovo lo stesso file. 3\u00a0MB di 6\u00a0MB sono già arrivati."
    )
    look(page, "unfinished")
    page.locator("#id_statuto_file").set_input_files(tmp_path / "bilancio.pdf")
    expect(state).to_have_text("Il caricamento si è fermato al 50%. Premi «Riprendi»: si riparte da lì.", timeout=20_000)
    broken.clear()
    parts.extend(["-"] * 5)
    press(page, "Riprendi", "bilancio.pdf")
    expect(of(page, "statuto").get_by_role("link", name="bilancio.pdf")).to_be_visible()
    assert application.attachments.get().document.sha256 == hashlib.sha256(content).hexdigest()
    assert Upload.objects.count() == 1
    assert min(int(part.offset) for part in UploadPart.objects.filter(offset__gte=kept)) == kept


def test_another_file_of_the_same_name_and_weight_starts_from_its_own_beginning(
    page_at: Callable[..., Page], application: Application, now, tmp_path: Path
) -> None:
    page = opened(page_at(1280), application)
    first, second = big_pdf(3 * MB), big_pdf(3 * MB)
    path = tmp_path / "bilancio.pdf"
    path.write_bytes(second)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    purpose, who = f"attachment:{application.pk}::statuto", application.created_by
    row = begin(purpose, name="bilancio.pdf", size=3 * MB, fingerprint="1600000000000", by=who, at=WORKDAY)
    add_part(row, BytesIO(first), offset=0, size=MB, at=WORKDAY)
    page.locator("#id_statuto_file").set_input_files(path)
    expect(of(page, "statuto").get_by_role("link", name="bilancio.pdf")).to_be_visible()
    assert application.attachments.get().document.sha256 == hashlib.sha256(second).hexdigest()


def test_a_session_that_ends_stops_a_file_and_signing_in_goes_on(
    page_at: Callable[..., Page], application: Application, now, look: Look, tmp_path: Path
) -> None:
    page = opened(page_at(1280), application)
    (tmp_path / "bilancio.pdf").write_bytes(big_pdf(4 * MB))
    cookies, gone = page.context.cookies(), threading.Event()

    def lose(route) -> None:
        if route.request.method == "POST" and route.request.headers["upload-offset"] != "0" and not gone.is_set():
            gone.set()
            page.context.clear_cookies(name="sessionid")
            kept = "; ".join(f"{c['name']}={c['value']}" for c in cookies if c["name"] != "sessionid")
            route.continue_(headers={**route.request.headers, "cookie": kept})
        else:
            route.continue_()

    page.route("**/caricamenti/*/", lose)
    page.locator("#id_statuto_file").set_input_files(tmp_path / "bilancio.pdf")
    state = of(page, "statuto").locator(".bando-upload-state")
    expect(state).to_have_text("La sessione è finita. Il file non è perso: accedi di nuovo e riprendi da qui.")
    look(page, "session over")
    other = page.context.new_page()
    sign_in(other, application.created_by)
    other.close()
    press(page, "Riprendi", "bilancio.pdf")
    expect(of(page, "statuto").get_by_role("link", name="bilancio.pdf")).to_be_visible()
    assert (application.attachments.count(), sum(part.size for part in UploadPart.objects.all())) == (1, 4 * MB)


def test_after_the_deadline_a_file_under_way_is_refused_in_words(
    page_at: Callable[..., Page], application: Application, look: Look, tmp_path: Path
) -> None:
    (tmp_path / "bilancio.pdf").write_bytes(big_pdf(4 * MB))
    with arriving(DEADLINE):
        page = opened(page_at(360), application)

    def late(route) -> None:
        if route.request.method == "POST" and route.request.headers["upload-offset"] != "0":
            moment["at"] = DEADLINE + timedelta(microseconds=1)
        route.continue_()

    moment = {"at": DEADLINE}
    page.route("**/caricamenti/*/", late)
    with patch.object(middleware, "clock", SimpleNamespace(now=lambda: moment["at"])):
        page.locator("#id_statuto_file").set_input_files(tmp_path / "bilancio.pdf")
        expect(of(page, "statuto").locator(".bando-upload-state")).to_have_text(
            "Da rifare. Il termine è scaduto: lunedì 18 ottobre 2021, ore 12:00:00. Non si può più scrivere né caricare niente. "
            "Il file «bilancio.pdf» non è nella domanda, e la domanda non è stata inviata. Puoi ancora leggerla."
        )
        look(page, "late")
    assert not application.attachments.exists()
