"""Doors that depend only on who the person is. What a person may see of a row is said by ``visible_to``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def officials_only(view: View) -> View:
    """A page of the office: who is not signed in signs in first; for anybody else the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_official:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)
