"""Somebody signed in who asks for pages as a server would hand them over: without a network, and through everything
that a request meets in production (``django.test.Client`` leaves out the closing of connections)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from accounts.models import User

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Unexpected(Exception):
    """A page answered with another status than the measure wants: what it cost would say nothing."""


class Visitor:
    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self._cookies: SimpleCookie = client.cookies
        self._application = get_wsgi_application()
        self._token = ""

    def get(self, address: str, *, status: int = 200) -> Answer:
        answer = self._ask("GET", address, b"", status)
        if found := _TOKEN.search(answer.text):
            self._token = found[1]
        return answer

    def post(self, address: str, answers: Mapping[str, Any], *, status: int = 302) -> Answer:
        """``answers`` with the token of the last page that had one."""
        body = urlencode({**answers, "csrfmiddlewaretoken": self._token}, doseq=True).encode()
        return self._ask("POST", address, body, status)

    def send(self, address: str, message: Any, *, status: int = 200) -> Answer:
        """``message`` as JSON, as a script sends it."""
        return self._ask("POST", address, json.dumps(message).encode(), status, "application/json")

    def _ask(
        self, method: str, address: str, body: bytes, status: int, media_type: str = "application/x-www-form-urlencoded"
    ) -> Answer:
        parts = urlsplit(address)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_HOST": urlsplit(settings.SITE_URL).netloc,
            "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items()),
            "CONTENT_TYPE": media_type,
            "HTTP_X_CSRFTOKEN": self._token,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        setup_testing_defaults(environ)
        said: list[Any] = []
        response = self._application(environ, lambda line, headers: said.extend((line, headers)))
        try:
            text = b"".join(response).decode(errors="replace")  # a file need not be a text
        finally:
            response.close()
        answer = Answer(int(said[0].split()[0]), dict(said[1]), text)
        for name, value in said[1]:
            if name == "Set-Cookie":
                self._cookies.load(value)
        if answer.status != status:
            raise Unexpected(f"{method} {address} answers {answer.status}, not {status}: {text[:2000]}")
        return answer
