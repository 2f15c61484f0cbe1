"""What every page of the office starts from: a call, and one of its areas."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from bando.models import Call
from bando.notice.document import Area
from evaluation.models import Declaration, RankingVersion


def call_of(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("version", "commission"), slug=slug)


def area_of(call: Call, code: str) -> Area:
    try:
        return call.notice.area(code)
    except KeyError:
        raise Http404 from None


def area_to_rank(request: HttpRequest, call: Call, code: str) -> Area:
    """An area, for the pages of the office that tell what its marks come to. An official who sits on the commission and is in
    conflict with a proposal of the area abstains (art. 6-bis L. 241/1990): until a version is public there is nothing to find,
    and somebody else of the office prepares it."""
    area = area_of(call, code)
    said = Declaration.objects.filter(
        member__user=request.user, member__commission__call=call, member__left_at=None, application__area_code=code
    )
    is_in_conflict = dict(said.order_by("pk").values_list("application", "in_conflict"))
    if any(is_in_conflict.values()) and not RankingVersion.objects.filter(ranking__call=call, ranking__area_code=code).exists():
        raise Http404
    return area
