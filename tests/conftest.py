"""What every test may ask for: a mail server, a real S3, a browser, and a database that can be emptied.

The tests run on SQLite and a local folder, or on PostgreSQL and S3 (``BANDO_TEST_BACKEND=postgres``, see tests/settings.py).
``bin/test`` runs three processes at once (xdist's ``--dist=each``), and there each test runs where it says something:

- on SQLite, everything but what needs a browser or S3;
- on PostgreSQL and S3, whatever touches the database or the files: what touches neither is not repeated;
- on PostgreSQL and S3 again, in a process of its own (``BANDO_TEST_PART=browser``), what needs a browser: a page served by
  threads is nearer to production there, and the same road without a browser has run on SQLite already.

``pytest --fast`` leaves out what needs a browser or a server.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.servers import shared, smtp
from tests.servers.processes import NotInstalled
from workflow.append_only import suspended

TOUCHES_THE_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
PATIENCE = 15_000  # milliseconds that a page may take on a busy machine before a test gives up
CHROMIUM_ARGUMENTS = [  # it runs as root in CI, and its own calls home would be refused one by one where there is no network
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out the tests that need a browser or a server")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """xdist is about to start a worker: tell it when every test is sent to both backends."""
    node.workerinput["both_backends"] = node.config.option.dist == "each"


@pytest.hookimpl(tryfirst=True)  # before `-m` reads the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    both = getattr(config, "workerinput", {}).get("both_backends", False)
    kept, left_out = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        browser, server = "chromium" in fixtures, bool(fixtures & {"live_s3", "live_clamav", "own_site"})
        if browser:
            item.add_marker("journey")
        data = item.get_closest_marker("django_db") or fixtures & TOUCHES_THE_DATABASE
        runs_here = True
        if config.getoption("fast") or (both and django_settings.TEST_BACKEND == "sqlite"):
            runs_here = not browser and not server
        elif both and os.environ.get("BANDO_TEST_PART") == "browser":
            runs_here = browser
        elif both:
            runs_here = bool(data or server) and not browser
        (kept if runs_here else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_runtest_setup() -> None:
    """On a machine where the backend cannot be had, each test of it fails by name instead of vanishing."""
    if django_settings.TEST_BACKEND_MISSING:
        pytest.fail(f"did not run: {django_settings.TEST_BACKEND_MISSING}", pytrace=False)


def pytest_terminal_summary(terminalreporter) -> None:
    """Where several processes run, the closing list says in which one a test failed."""
    for report in [*terminalreporter.stats.get("failed", []), *terminalreporter.stats.get("error", [])]:
        environment = report.node.gateway.spec.env if hasattr(report, "node") else {}
        if where := environment.get("BANDO_TEST_PART") or environment.get("BANDO_TEST_BACKEND"):
            report.nodeid = f"{where}: {report.nodeid}"


def pytest_report_header() -> str:
    return f"backend: {django_settings.TEST_BACKEND} {django_settings.TEST_BACKEND_MISSING}".rstrip()


@pytest.fixture(scope="session", autouse=True)
def history_can_be_emptied() -> Iterator[None]:
    """A transactional test ends by emptying every table, which the history's triggers refuse."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def without_triggers(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with suspended(self.connection):
            plain(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", without_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def signatures_of_today() -> Iterator[None]:
    """A request to S3 is signed with the true time, whatever moment a test has travelled to: S3 refuses an old signature."""

    def now() -> datetime:
        true = time_machine.escape_hatch.datetime.datetime if time_machine.escape_hatch.is_travelling() else datetime
        return true.now(UTC).replace(tzinfo=None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", now)
        yield


@pytest.fixture
def smtp_server(settings) -> Iterator[smtp.Mailbox]:
    """A real SMTP conversation: Django sends to it, its `messages` are what arrived."""
    with smtp.running() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        yield mailbox


@pytest.fixture(scope="session")
def live_s3() -> str:
    """The address of a real S3 bucket, as BANDO_STORAGE_URL wants it; ``tests.servers.s3.client(address)`` talks to it."""
    try:
        return shared.address("s3")
    except NotInstalled as problem:
        pytest.fail(f"did not run: {problem}", pytrace=False)


@pytest.fixture(scope="session")
def live_clamav() -> str:
    """The address of a real antivirus, as BANDO_CLAMD wants it; what it finds is ``tests.servers.clamav.INFECTED``."""
    try:
        return shared.address("clamav")
    except NotInstalled as problem:
        pytest.fail(f"did not run: {problem}", pytrace=False)


def run_apart(coroutine: Coroutine[Any, Any, Any], run: Callable[..., Any] = asyncio.run) -> Any:
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(run, coroutine).result()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own Chromium, headless."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.fail("did not run: Chromium is not installed (Debian: chromium)", pytrace=False)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, so Django takes every query for one of asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # And no coroutine could be run to its end: those of signatures go to a thread without a loop.
        patch.setattr(asyncio, "run", run_apart)
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """``page_of(html)``: a page with that body, on which the ``SCRIPTS`` of the test's module (names in ``static/js``) are run; its
    clock stands still until told. No server and no style: what a script does by itself."""
    context = chromium.new_context(locale="it-IT")

    def page_of(body: str) -> Page:
        page = context.new_page()
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        page.set_content(f'<html lang="it"><body>{body}<p role="status" id="bando-status"></p></body></html>')
        for script in request.module.SCRIPTS:
            page.add_script_tag(path=django_settings.BASE_DIR / "static/js" / script)
        return page

    yield page_of
    context.close()


@pytest.fixture
def page_at(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """``page_at(360)`` opens a page of that width on the live server, with cookies of its own: one person's browser.

    ``javascript=False`` switches scripts off; further arguments go to Playwright's ``new_context``. When the test ends, it
    fails if a page asked another site for anything or complained in its console (a script's error, a refusal of the
    Content-Security-Policy). Until then they are in ``page_at.complaints``.
    """
    origin, contexts, complaints = urlsplit(live_server.url).netloc, [], []

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != origin:
            complaints.append(f"{request.frame.url} asked for {request.url}")

    def said(message: ConsoleMessage) -> None:
        # A refusal that a journey meant to see (422, 404) is also said in the console, in these words.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def page_at(width: int, *, height: int = 900, javascript: bool = True, **options: object) -> Page:
        context: BrowserContext = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            **{"locale": "it-IT", "timezone_id": "Europe/Rome", "reduced_motion": "reduce", **options},
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", asked)
        context.on("console", said)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    page_at.complaints = complaints
    yield page_at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe_clean() -> Callable[[Page], None]:
    """``axe_clean(page)`` fails unless axe finds nothing at all, best practices included, and lists what it found.

    The page must be one with scripts switched on: axe is a script.
    """

    def axe_clean(page: Page) -> None:
        found = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(f"{' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in violation["nodes"])
            for violation in Axe().run(page).response["violations"]
        ]
        width = page.viewport_size["width"] if page.viewport_size else 0
        if found:
            pytest.fail(f"{page.url} at {width} px:\n" + "\n".join(found), pytrace=False)

    return axe_clean
