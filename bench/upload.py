"""A file of 20 MB: in one request, and in parts.

The floor is an upload as anybody would write it in Django: signed in, the file from the form, its SHA-256, the storage. The road
of the product also asks who may write, judges the file by its content, and makes a document and an attachment of it; in parts
it keeps each part and reads all of them once more at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import Attachment
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


FULL, SMALL = Size(bytes=20 * 1024 * 1024, times=2), Size(bytes=300_000, times=1)


class Refused(Exception):
    """An upload was not taken: what it cost would say nothing."""


class Uploading:
    """An application, and a device that brings it the same file again and again."""

    def __init__(self, size: Size) -> None:
        application = open_application()
        self._client = Client(headers={"Host": urlsplit(settings.SITE_URL).netloc})
        self._client.force_login(application.created_by)
        self._page = reverse("application_attachments", args=[application.pk])
        self._begin = reverse("application_upload", args=[application.pk])
        self._floor = reverse("floor_upload")
        self._application, self._names = application, count()
        head = small_pdf()
        self.content = head + b"%" * (size.bytes - len(head) - 40) + b"\nstartxref\n0\n%%EOF\n"
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
        Attachment.objects.filter(application=self._application).update(removed_at=self._application.created_at)


def _field(name: str, content: bytes, filename: str = "") -> bytes:
    said = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"{said}\r\n\r\n".encode() + content + b"\r\n"


def run(size: Size, rounds: int) -> Iterator[Line]:
    uploading = Uploading(size)
    weight = f"{size.bytes / 1024 / 1024:.3g} MB"
    floor = "bare upload with its SHA-256"
    yield Line(f"upload {weight}", floor, alternate(uploading.whole, uploading.bare, rounds=rounds, times=size.times), goal=1.3)
    yield Line(
        f"upload {weight} in parts", floor, alternate(uploading.in_parts, uploading.bare, rounds=rounds, times=size.times)
    )
