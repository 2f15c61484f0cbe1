"""A file of 20 MB: in one request, and in parts. Then the memory that a file a hundred times as long takes.

The floor is an upload as anybody would write it in Django: signed in, the file from the form, its SHA-256, the storage. The road
of the product also asks who may write, judges the file by its content, and makes a document and an attachment of it; in parts
it keeps each part and reads all of them once more at the end."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from itertools import chain, count
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.actions import attaching
from applications.models import Application, Attachment
from bench.apart import apart
from bench.data import open_application
from bench.rounds import Line, alternate
from documents.resuming import LARGEST_PART
from tests.builders import small_pdf

BOUNDARY = "bando"


@dataclass(frozen=True, slots=True)
class Size:
    bytes: int
    times: int
    """Files of each kind in a round."""
    short: int
    long: int
    """Bytes of the two files whose memory is compared."""


MB = 1024 * 1024
FULL = Size(bytes=20 * MB, times=2, short=MB, long=100 * MB)
SMALL = Size(bytes=300_000, times=1, short=100_000, long=300_000)


class Refused(Exception):
    """An upload was not taken: what it cost would say nothing."""


class Uploading:
    """An application, and a device that brings it the same file again and again."""

    def __init__(self, size: Size) -> None:
        application = open_application()
        self.application = application
        self._client = Client(headers={"Host": urlsplit(settings.SITE_URL).netloc})
        self._client.force_login(application.created_by)
        self._page = reverse("application_attachments", args=[application.pk])
        self._begin = reverse("application_upload", args=[application.pk])
        self._floor = reverse("floor_upload")
        self._names = count()
        self.content = b"".join(pdf(size.bytes))
        self._form = b"".join(
            [_field("rule", b"statuto"), _field("file", self.content, "a.pdf"), _field("whole", b"1"), b"--bando--\r\n"]
        )

    def whole(self) -> None:
        self._post(self._page, self._form, f"multipart/form-data; boundary={BOUNDARY}", 302)
        self._take_out()

    def bare(self) -> None:
        self._post(self._floor, self._form, f"multipart/form-data; boundary={BOUNDARY}", 302)

    def in_parts(self) -> None:
        asked = {"rule": "statuto", "name": "a.pdf", "size": len(self.content), "fingerprint": str(next(self._names))}
        url = self._post(self._begin, json.dumps(asked).encode(), "application/json", 201).json()["url"]
        for start in range(0, len(self.content), LARGEST_PART):
            part = self.content[start : start + LARGEST_PART]
            self._post(url, part, "application/octet-stream", 200, {"Upload-Offset": str(start)})
        self._take_out()

    def _post(self, address: str, body: bytes, kind: str, status: int, headers: dict[str, str] | None = None):
        answer = self._client.generic("POST", address, body, kind, headers=headers or {})
        if answer.status_code != status:
            raise Refused(f"{address} answers {answer.status_code}: {answer.content[:500].decode()}")
        return answer

    def _take_out(self) -> None:
        """There is place for two."""
        Attachment.objects.filter(application=self.application).update(removed_at=self.application.created_at)


def _field(name: str, content: bytes, filename: str = "") -> bytes:
    said = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"{said}\r\n\r\n".encode() + content + b"\r\n"


def pdf(size: int) -> Iterator[bytes]:
    """A PDF of ``size`` bytes, piece by piece."""
    head, tail = small_pdf(), b"\nstartxref\n0\n%%EOF\n"
    left = size - len(head) - len(tail)
    yield head
    while left:
        yield b"%" * min(left, MB)
        left -= min(left, MB)
    yield tail


class Coming(RawIOBase):
    """The body of a request as it comes from the network: never there as a whole."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._here = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        self._here = self._here or next(self._pieces, b"")
        given, self._here = self._here[: len(room)], self._here[len(room) :]
        room[: len(given)] = given
        return len(given)


def take(pk: str, size: str) -> None:
    """In a process of its own: a file of ``size`` bytes in one request, and another in parts."""
    application, client = _alone(pk, int(size))
    _take_whole(application, client, int(size))
    _take_parts(application, client, int(size))


def _take_whole(application: Application, client: Client, weight: int) -> None:
    head, tail = _field("rule", b"statuto") + _field("file", b"", "a.pdf")[:-2], b"\r\n--bando--\r\n"
    kind, whole = f"multipart/form-data; boundary={BOUNDARY}", len(head) + weight + len(tail)
    address = reverse("application_attachments", args=[application.pk])
    _came_whole(application, weight, _bring(client, address, kind, whole, Coming(chain([head], pdf(weight), [tail]))))


def _take_parts(application: Application, client: Client, weight: int) -> None:
    asked = {"rule": "statuto", "name": "a.pdf", "size": weight, "fingerprint": "memory"}
    address = client.post(reverse("application_upload", args=[application.pk]), asked, "application/json").json()["url"]
    content, sent, kind = Coming(pdf(weight)), 0, "application/octet-stream"
    while sent < weight:
        part = min(LARGEST_PART, weight - sent)
        answer = _bring(client, address, kind, part, content, HTTP_UPLOAD_OFFSET=str(sent))
        sent += part
    _came_whole(application, weight, answer)


def _bring(client: Client, address: str, kind: str, size: int, body: Coming, **headers: str) -> HttpResponse:
    said = {"REQUEST_METHOD": "POST", "PATH_INFO": address, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(size), **headers}
    return client.request(**said, **{"wsgi.input": body})


def _alone(pk: str, size: int) -> tuple[Application, Client]:
    """No call asks for a file so long: here its limit is the file's own."""
    application = Application.objects.get(pk=pk)
    rule = dataclasses.replace(attaching.attachment_rule(application, "statuto"), max_bytes=size)
    mock.patch.object(attaching, "attachment_rule", return_value=rule).start()
    client = Client(headers={"Host": urlsplit(settings.SITE_URL).netloc})
    client.force_login(application.created_by)
    return application, client


def _came_whole(application: Application, size: int, answer: HttpResponse) -> None:
    kept = application.attachments.filter(removed_at=None)
    if [file.document.size for file in kept] != [size]:
        raise Refused(f"{answer.status_code}: {answer.content[:500].decode()}")
    kept.update(removed_at=application.created_at)


def run(size: Size, rounds: int) -> Iterator[Line]:
    uploading = Uploading(size)
    weight = f"{size.bytes / MB:.3g} MB"
    floor = "bare upload with its SHA-256"
    yield Line(f"upload {weight}", floor, alternate(uploading.whole, uploading.bare, rounds=rounds, times=size.times), goal=1.3)
    yield Line(
        f"upload {weight} in parts", floor, alternate(uploading.in_parts, uploading.bare, rounds=rounds, times=size.times)
    )
    pk = str(uploading.application.pk)
    most = [tuple(apart("bench.upload", "take", pk, str(one)).memory for one in (size.long, size.short)) for _ in range(rounds)]
    long, short = (f"{one / MB:.3g} MB" for one in (size.long, size.short))
    yield Line(f"memory that {long} take, whole and in parts", f"{short}, the same", most, goal=1.15, unit="MiB")
