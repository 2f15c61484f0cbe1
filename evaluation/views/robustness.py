"""How firm a ranking is: for the office and the commission before the act, for everybody after."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from bando.models import Call
from bando.views.ended import while_public
from evaluation.models import Commission, Member, Ranking, RankingVersion, Robustness
from evaluation.presentation import TableView
from evaluation.progress import Progress
from evaluation.robustness_words import RobustnessView
from evaluation.views.office import area_of, area_to_rank, call_of
from evaluation.views.public import version_of


@officials_only
def desk(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    call = call_of(request, slug)
    return _before_the_act(request, call, area_to_rank(request, call, area).code)


@login_required
def member(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The same for who sits on the commission and has no conflict in the area: it tells the totals of every proposal. While
    the area is evaluated again nobody reads what the others gave, and least of all who has just joined."""
    commissions = Commission.objects.visible_to(request.user).select_related("call__version")
    commission = get_object_or_404(commissions, call__slug=slug)
    seat = get_object_or_404(Member.objects.seated(), commission=commission, user=request.user)
    code = area_of(commission.call, area).code
    progress = Progress(commission.call, code)
    in_conflict = any(row.member_id == seat.pk for row in progress.conflicts())
    if in_conflict or progress.hidden_from(request.user) or not progress.is_closed:
        raise Http404
    return _before_the_act(request, commission.call, code)


@require_safe
@while_public
def public(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    version = version_of(request, slug, area, None)
    return _page(request, version.ranking.call, area, version, {"version": version})


@require_safe
@while_public
def public_json(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The report of the version that counts, as it is kept."""
    found = get_object_or_404(Robustness, sha256=version_of(request, slug, area, None).sha256)
    return HttpResponse(found.content.encode(), "application/json")


def _before_the_act(request: HttpRequest, call: Call, area: str) -> HttpResponse:
    ranking = get_object_or_404(Ranking.objects.filter(call=call), area_code=area)
    return _page(request, call, area, ranking, {"is_of_the_office": request.user.is_official})


def _page(request: HttpRequest, call: Call, area: str, ranked: Ranking | RankingVersion, more: dict[str, Any]) -> HttpResponse:
    found = Robustness.objects.filter(sha256=ranked.sha256).first()
    context = {
        "call": call,
        "area": call.notice.area(area),
        "view": RobustnessView(found.document, TableView(ranked.document)) if found else None,
        **more,
    }
    return render(request, "evaluation/robustness.html", context)
