"""What every page of the office starts from: a call, and one of its areas."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from bando.models import Call
from bando.notice.document import Area
from evaluation.models import Member, RankingVersion
from evaluation.progress import Progress


def call_of(request: HttpRequest, slug: str) -> Call:
    return get_object_or_404(Call.objects.visible_to(request.user).select_related("version", "commission"), slug=slug)


def area_of(call: Call, code: str) -> Area:
    try:
        return call.notice.area(code)
    except KeyError:
        raise Http404 from None


def area_to_rank(request: HttpRequest, call: Call, code: str) -> Area:
    """An area, for the pages of the office that tell what its marks come to. An official who sits on the commission and may not
    read of one of its proposals abstains (art. 6-bis L. 241/1990): until what was computed is public there is nothing to find,
    and somebody else of the office prepares it."""
    area = area_of(call, code)
    if Member.objects.seated().filter(commission__call=call, user=request.user).exists():
        progress = Progress(call, code)
        told = RankingVersion.objects.filter(ranking__call=call, ranking__area_code=code)
        is_public = progress.is_closed and told.filter(published_at__gte=F("ranking__computed_at")).exists()
        if progress.hidden_from(request.user) and not is_public:
            raise Http404
    return area
