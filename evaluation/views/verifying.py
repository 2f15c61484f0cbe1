"""How anybody computes a published ranking again, without us: in the page, or with a program of one file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bando.models import Call
from evaluation.models import RankingVersion
from evaluation.presentation import outcome_words
from evaluation.ranking import Outcome
from workflow.ledger import digest

PROGRAM = Path(settings.BASE_DIR) / "bin" / "verify_ranking"


@require_safe
def ranking_check(request: HttpRequest, slug: str = "", area: str = "") -> HttpResponse:
    """The page that computes a file again; with a call and an area, the ranking published for them (``?versione=2`` for one of
    its versions, the one that counts otherwise)."""
    crumbs = [(_("Avvisi"), reverse("home"))]
    context: dict[str, Any] = {
        "program": {"size": len(_program()), "sha256": digest(_program())},
        "outcomes": [(str(outcome), outcome_words(outcome)) for outcome in Outcome],
    }
    if slug:
        version = _version(slug, area, request.GET.get("versione", ""))
        call = version.ranking.call
        crumbs += [(call.title, reverse("call", args=[slug])), (_("Graduatoria"), reverse("ranking", args=[slug, area]))]
        context |= {
            "call": call,
            "area": call.notice.area(area),
            "version": version,
            "source": reverse("ranking_version_json", args=[slug, area, version.number]),
        }
    return render(request, "evaluation/verify.html", context | {"crumbs": crumbs})


@require_safe
def ranking_verifier(request: HttpRequest) -> HttpResponse:
    """The program to take away: the very file of this installation, whose SHA-256 the page says."""
    headers = {"Content-Disposition": 'attachment; filename="verify_ranking.py"', "X-Content-SHA256": digest(_program())}
    return HttpResponse(_program(), content_type="text/x-python; charset=utf-8", headers=headers)


def _version(slug: str, area: str, number: str) -> RankingVersion:
    """What is being prepared is not here for anybody."""
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    calls = Call.objects.exclude(published_at=None)
    rows = RankingVersion.objects.filter(ranking__call__in=calls, ranking__call__slug=slug, ranking__area_code=area)
    if number.isdecimal() and len(number) < 9:
        rows = rows.filter(number=int(number))
    version = rows.select_related("ranking__call__version").defer("content").order_by("-number").first()
    if version is None:
        raise Http404
    return version


@cache
def _program() -> bytes:
    return PROGRAM.read_bytes()
