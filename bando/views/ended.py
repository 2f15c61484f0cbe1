"""What was published for the term of the law (art. 8 c. 3 D.Lgs. 33/2013), and is not any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bando.deadlines import day_in_rome
from bando.models import Call
from workflow.transparency import is_public, public_until


class Ended(Exception):
    """The term of ``what``, published on the day ``published``, is over: only the office still reads it here."""

    def __init__(self, call: Call, what: str, published: date):
        super().__init__(what)
        self.call, self.what, self.published = call, what, published


def is_in_its_term(request: HttpRequest, published_at: datetime) -> bool:
    """Whether everybody may still read what was published at ``published_at``."""
    return is_public(day_in_rome(published_at), day_in_rome(request.arrived_at))


def hold_the_term(request: HttpRequest, published_at: datetime, *, call: Call, what: str) -> None:
    """Raises :class:`Ended` for who is not of the office, once the term of ``what`` is over."""
    is_office = request.user.is_authenticated and request.user.is_official
    if not is_office and not is_in_its_term(request, published_at):
        raise Ended(call, what, day_in_rome(published_at))


def while_public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of what was published, page or file; once its term is over a page that says what was here, until when, and how
    to ask for it."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Ended as ended:
            context = {"call": ended.call, "what": ended.what, "until": public_until(ended.published)}
            response = render(request, "bando/ended.html", context, status=410)
            response["Cache-Control"] = "no-store"
            return response

    return shown
