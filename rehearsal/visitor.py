"""Somebody with a browser of their own, whose requests arrive when the rehearsal says so.

Everything that a request meets in production is in the way (``django.test.Client``): every middleware, the token of each
form, the real addresses. What a page offers is read from its HTML, and what it does not offer is not sent.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter_ns
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import User
from rehearsal.clock import arriving
from rehearsal.page import Form, Page, read, shortened
from rehearsal.report import Level, Log

HOST = "127.0.0.1"
STEP = timedelta(seconds=1)
"""Between two requests of one person."""


class Broken(Exception):
    """A page that can't be used: the person gives up. It is already in the report."""


@dataclass
class Answer:
    """What came back: ``page`` is empty for what is not HTML."""

    status: int
    url: str
    page: Page
    location: str
    content: bytes

    @property
    def is_redirect(self) -> bool:
        return self.status in {301, 302, 303}

    @property
    def is_refused(self) -> bool:
        """The page came back with something to correct, or said why not."""
        return not self.is_redirect and (self.status == 409 or bool(self.page.errors))


class Visitor:
    """One person. ``who`` and ``persona`` say in the report whose page it was; ``at`` is when the next request arrives."""

    def __init__(self, user: User | None, *, log: Log, at: datetime, who: str, persona: str = "") -> None:
        self.log, self.at, self.who, self.persona = log, at, who, persona
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME=HOST)
        if user is not None:
            self._client.force_login(user)

    def get(self, name: str, *args: Any, query: str = "", fine: Sequence[int] = (200,)) -> Answer:
        return self.open(reverse(name, args=args) + query, fine=fine)

    def open(self, url: str, *, fine: Sequence[int] = (200,)) -> Answer:
        return self._ask("get", url, {}, fine)

    def send(
        self,
        answer: Answer,
        form: Form,
        typed: Mapping[str, Sequence[str]],
        *,
        press: str = "",
        file: tuple[str, str, bytes] | None = None,
        refused: str = "",
        fine: Sequence[int] = (302,),
    ) -> Answer:
        """Send ``form`` of the page ``answer`` with ``typed`` over what is in it, pressing the button named ``press``.
        ``file``: (field, name, content). ``refused``: what was typed wrong on purpose; then the page must refuse."""
        data: dict[str, Any] = form.data() | {name: list(values) for name, values in typed.items()}
        if press:
            button = next((value for name, value in form.buttons if name == press), None)
            if button is None:
                self.find(Level.BROKEN, "no_button", answer.url, button=press)
                raise Broken(press)
            data[press] = [button]
        if file:
            name, filename, content = file
            data[name] = SimpleUploadedFile(filename, content)
        url = form.action or answer.url
        done = self._ask("post", url.split("#")[0], data, (*fine, 200, 409), multipart=file is not None)
        if refused and not done.is_refused:
            self.find(Level.BROKEN, "not_refused", url, same=refused, wrong=refused)
            raise Broken(refused)
        if refused:
            self.log.count("refusals")
        if not refused and done.status not in fine:
            self.find(
                Level.BROKEN, "refused", url, same="".join(done.page.errors[:1]), sentence=" – ".join(done.page.errors[:5])
            )
            raise Broken(url)
        return done

    def find(self, level: Level, code: str, url: str, *, same: str = "", **facts: Any) -> None:
        where = _page_name(url)
        self.log.find(level, code, same=f"{where} {same}", page=where, url=url, who=self.who, persona=self.persona, **facts)

    def _ask(self, method: str, url: str, data: Mapping[str, Any], fine: Sequence[int], *, multipart: bool = False) -> Answer:
        raised: list[str] = []

        def note(**_kwargs: Any) -> None:
            raised.append(traceback.format_exc())

        got_request_exception.connect(note)
        start = perf_counter_ns()
        try:
            with arriving(self.at):
                response = self._client.get(url) if method == "get" else self._post(url, data, multipart)
                content = _content(response)
        finally:
            got_request_exception.disconnect(note)
        self.log.took(f"{method.upper()} {_page_name(url)}", (perf_counter_ns() - start) // 1000)
        self.log.count("requests")
        self.at += STEP
        html = response.headers.get("Content-Type", "").startswith("text/html")
        page = read(content.decode()) if html else Page()
        answer = Answer(response.status_code, url, page, response.headers.get("Location", ""), content)
        if raised:
            last = raised[-1].strip().splitlines()[-1]
            self.find(Level.BROKEN, "crashed", url, same=last, error=last, traceback=raised[-1][-6000:])
            raise Broken(url)
        if answer.status not in fine:
            self.find(Level.BROKEN, "status", url, same=str(answer.status), status=answer.status, said=shortened(page.title))
            raise Broken(url)
        return answer

    def _post(self, url: str, data: Mapping[str, Any], multipart: bool) -> HttpResponse:
        if multipart:
            return self._client.post(url, data)
        return self._client.post(url, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded")


def _content(response: Any) -> bytes:
    if response.streaming:
        try:
            return b"".join(response.streaming_content)
        finally:
            response.close()
    return response.content


def _page_name(url: str) -> str:
    """The name of the page, as the site's map calls it."""
    try:
        return resolve(url.split("?")[0].split("#")[0]).url_name or url
    except Resolver404:
        return url
