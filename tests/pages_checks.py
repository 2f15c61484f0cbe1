"""The pages of the checks, asked for at a moment."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.builders import small_pdf
from tests.builders_checks import AT
from tests.clock import arriving

DESK = ("prova", "area-1")


def ask(client: Client, name: str, *args: Any, at: Any = AT, query: str = "", **data: Any) -> Any:
    url = reverse(name, args=args)
    with arriving(at):
        return client.post(url, data) if data else client.get(f"{url}{query}")


def pdf(name: str = "risposta.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, small_pdf("Risposta"))
