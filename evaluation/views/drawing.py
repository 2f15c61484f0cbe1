"""The public draw: committed, made and corrected by the office, read and repeated by everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import officials_only
from applications.models import Application
from bando.models import Call
from evaluation.actions import cancel_draw, commit_draw, correct_value, make_draw
from evaluation.draw import committed_groups, groups_of, turns
from evaluation.drawing_forms import CommitForm, CorrectForm, ValueForm, WhyForm
from evaluation.models import Draw, Ranking
from evaluation.rules.drawing import SOONEST
from evaluation.states import DrawState
from evaluation.transitions import CANCEL_DRAW, COMMIT_DRAW, CORRECT_VALUE, DRAW
from evaluation.views.office import area_to_rank, call_of
from workflow.perform import reasons_against
from workflow.transition import Refused


@officials_only
def desk(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The draws of an area, and what may be done with the last one."""
    call = call_of(request, slug)
    field = area_to_rank(request, call, area)
    ranking = get_object_or_404(Ranking.objects.filter(call=call), area_code=area)
    draws = list(ranking.draws.prefetch_related("steps__by"))
    last = draws[-1] if draws else None
    forms = _forms(request, last)
    status = 200
    if request.method == "POST":
        name = next((name for name in forms if name in request.POST), None)
        if name is None:
            raise Http404
        form, act = forms[name]
        if form.is_valid():
            try:
                messages.success(request, act(ranking, last, form.cleaned_data))
                return redirect("desk_draw", slug=slug, area=area)
            except Refused as refusal:
                status = 409
                for reason in refusal.reasons:
                    form.add_error(None, reason)
    waits = last if last and last.state == DrawState.COMMITTED else None
    asked = {"by": request.user, "at": request.arrived_at}
    context = {
        "call": call,
        "area": field,
        "ranking": ranking,
        "groups": _named(groups_of(ranking.document["ties"]), call),
        "draws": [_told(draw) for draw in reversed(draws)],
        "waits": waits,
        "drawn": last if last and last.state == DrawState.DRAWN else None,
        "forms": {name: form for name, (form, _act) in forms.items()},
        "against_committing": reasons_against(
            COMMIT_DRAW, Draw(ranking=ranking, value_at=request.arrived_at + SOONEST), **asked
        ),
        "against_drawing": reasons_against(DRAW, waits, **asked) if waits else [],
        "against_cancelling": reasons_against(CANCEL_DRAW, waits, **asked) if waits else [],
        "against_correcting": reasons_against(CORRECT_VALUE, last, **asked) if last else [],
    }
    return render(request, "evaluation/desk_draw.html", context, status=status)


@require_safe
def public(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """Every draw of an area: its list with the hash, the value, the order, and how to compute it again."""
    ranking = _public_ranking(slug, area)
    draws = ranking.draws.prefetch_related("steps__by").order_by("-number")
    context = {
        "call": ranking.call,
        "area": ranking.call.notice.area(area),
        "draws": [_told(draw) for draw in draws],
        "is_published": ranking.versions.exists(),
    }
    return render(request, "evaluation/draw.html", context)


@require_safe
def commitment(request: HttpRequest, slug: str, area: str, number: int) -> HttpResponse:
    """Exactly the bytes whose SHA-256 was published."""
    draw = get_object_or_404(_public_ranking(slug, area).draws, number=number)
    response = HttpResponse(draw.commitment.encode(), "application/json")
    response["Content-Disposition"] = f'attachment; filename="sorteggio-{slug}-{area}-{number}.json"'
    return response


def _public_ranking(slug: str, area: str) -> Ranking:
    """A ranking of which something was drawn: before that, not even that it is there."""
    if "\x00" in area:  # an address may hold one; PostgreSQL would not even compare it
        raise Http404
    rows = Ranking.objects.filter(call__in=Call.objects.exclude(published_at=None), draws__isnull=False).distinct()
    return get_object_or_404(rows.select_related("call__version"), call__slug=slug, area_code=area)


Act = Callable[[Ranking, Any, dict[str, Any]], str]
"""Does what a form asks, and answers what is told of it."""


def _forms(request: HttpRequest, last: Draw | None) -> dict[str, tuple[Any, Act]]:
    """By the name of its button: each form, filled if it is the one that was sent, and the act behind it."""
    asked = {"by": request.user, "at": request.arrived_at}

    def commit(ranking: Ranking, draw: Draw | None, typed: dict[str, Any]) -> str:
        commit_draw(ranking, source=typed["source"], value_at=typed["value_at"], **asked)
        return _("L'elenco è impegnato e pubblico. Torna qui quando il valore è pubblico.")

    def make(ranking: Ranking, draw: Draw, typed: dict[str, Any]) -> str:
        make_draw(draw, value=typed["value"], **asked)
        return _("Il sorteggio è fatto. Ora calcola di nuovo la graduatoria: l'ordine sorteggiato decide le parità.")

    def correct(ranking: Ranking, draw: Draw, typed: dict[str, Any]) -> str:
        correct_value(draw, value=typed["value"], reason=typed["reason"], **asked)
        return _("Il valore è corretto. Calcola di nuovo la graduatoria.")

    def cancel(ranking: Ranking, draw: Draw, typed: dict[str, Any]) -> str:
        cancel_draw(draw, reason=typed["reason"], **asked)
        return _("Il sorteggio è annullato. Resta nella pagina pubblica con il motivo.")

    found: dict[str, tuple[Any, Act]] = {"commit": (CommitForm, commit)}
    if last is not None:
        found |= {"draw": (ValueForm, make), "correct": (CorrectForm, correct), "cancel": (WhyForm, cancel)}
    return {
        name: (form(request.POST if name in request.POST else None, prefix=name), act) for name, (form, act) in found.items()
    }


def _told(draw: Draw) -> dict[str, Any]:
    """A draw as its pages show it: groups as committed, the order with the hash that gave it, what was done and why."""
    return {
        "draw": draw,
        "groups": committed_groups(draw.commitment),
        "turns": turns(draw.commitment, draw.value) if draw.state == DrawState.DRAWN else (),
        "steps": [step for step in draw.steps.all() if step.reason or step.act == "draw"],
    }


def _named(groups: Any, call: Call) -> list[list[dict[str, str]]]:
    """Who is tied, for the office: number and body."""
    numbers = [number for group in groups for number in group]
    names = dict(Application.objects.filter(call=call, number__in=numbers).values_list("number", "organisation__name"))
    return [[{"number": number, "body": names.get(number, "")} for number in group] for group in groups]
