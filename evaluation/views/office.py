"""What every page of the office starts from: a call, and one of its areas."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from bando.models import Call
from bando.notice.document import Area


def call_of(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("version", "commission"), slug=slug)


def area_of(call: Call, code: str) -> Area:
    try:
        return call.notice.area(code)
    except KeyError:
        raise Http404 from None
