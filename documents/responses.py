"""Serving a document, once the caller has checked who asks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from documents.models import Document
from documents.scanning import Standing, standing_of
from documents.storing import StorageAway, storing


class Quarantined(Exception):
    """The document is not handed out now: it waits for the antivirus, or is infected. ``own`` as in :func:`serve`."""

    def __init__(self, document: Document, standing: Standing, *, own: bool):
        super().__init__(f"{document.pk} {standing}")
        self.document, self.standing, self.own = document, standing, own


def serve(document: Document, *, own: bool = False) -> FileResponse:
    """The file as a download: never shown by the browser under our own address, whatever it holds. No part of it alone: a
    ``Range`` is answered with the whole.

    ``own`` says that who asks is of those who brought it: they may have it back while it waits for the antivirus, because
    it is on their device anyway. Raises :class:`Quarantined`, which the middleware turns into a page."""
    found = standing_of(document)
    if found is Standing.INFECTED or (found is Standing.WAITING and not own):
        raise Quarantined(document, found, own=own)
    with storing():
        file = document.file.open("rb")
    response = FileResponse(file, as_attachment=True, filename=_safe(document.name), content_type=document.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Content-Length"] = str(document.size)
    response["Accept-Ranges"] = "none"
    return response


class Quarantine:
    """Middleware: a document in quarantine is a page that says why (409), whichever view was asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Quarantined):
            return None
        context = {"document": exception.document, "standing": exception.standing, "own": exception.own}
        response = render(request, "documents/held.html", context, status=409)
        response["Cache-Control"] = "no-store"  # in a minute the answer may be another one
        return response


class Away:
    """Middleware: a storage that does not answer is a page that says what to do (503), and a script that was sending a part
    tries again by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StorageAway):
            return None
        response = render(request, "documents/away.html", status=503)
        response["Retry-After"] = "60"
        return response


def _safe(name: str) -> str:
    """The name without what a header can't carry. What people bring has been cleaned at its arrival; what the system names
    itself is not, and a header that breaks is a download that fails."""
    return "".join(sign for sign in name if sign.isprintable()).strip() or "file"
