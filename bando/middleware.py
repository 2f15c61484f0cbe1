"""What every request gets: the moment at which it arrived, and pages of a person that no shared cache keeps."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

from bando import clock
from bando.deadlines import LONGEST_UNDER_WAY

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

FORWARD, BACKWARD = timedelta(seconds=1), LONGEST_UNDER_WAY
"""How far the proxy's moment may lie from ours before it is put aside: a clock ahead is wrong at once; a request
that was long under way is older than its arrival here by the time that its body took."""


def arrival(get_response: GetResponse) -> GetResponse:
    """``request.arrived_at``: the moment, to the microsecond, at which the request reached the administration.

    It decides whether a proposal is in time, so it is taken before anything else runs. Behind a front proxy it is the
    proxy's own moment (``BANDO_ARRIVAL_HEADER``, seconds since 1970 with decimals; how nginx writes it is in
    ``docs/operations.md``), because the request may have waited there; the proxy must overwrite whatever a client
    sends in that header.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        here = clock.now()
        request.arrived_at = _said_by_proxy(request, here) or here
        return get_response(request)

    return middleware


def known_letters(get_response: GetResponse) -> GetResponse:
    """PostgreSQL takes no NUL in a text, and looking one up would be an error there: an address with one names nothing, and a
    query is read without it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        if "%00" in (query := request.META.get("QUERY_STRING", "")):
            request.META["QUERY_STRING"] = query.replace("%00", "")
        return get_response(request)

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """The language that the person chose in the header, Italian until then.

    A browser's own preference is not followed: on a borrowed phone or in an office the same address would read
    differently to two people who talk about it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """No cache keeps a page of somebody who is signed in (a public service once showed people each other's pages)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware


def _said_by_proxy(request: HttpRequest, here: datetime) -> datetime | None:
    if not settings.ARRIVAL_HEADER:
        return None
    text = request.headers.get(settings.ARRIVAL_HEADER, "")
    said = _moment(text.removeprefix("t="))
    if said and here - BACKWARD <= said <= here + FORWARD:
        return said
    log.warning("%s says %r: put aside, the request counts as arrived at %s", settings.ARRIVAL_HEADER, text, here)
    return None


def _moment(text: str) -> datetime | None:
    seconds, _dot, decimals = text.partition(".")
    if not (seconds.isdecimal() and (decimals.isdecimal() or not decimals)) or len(seconds) > 11:
        return None
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(decimals[:6].ljust(6, "0") or 0))
