"""Who leaves a ranking and what becomes of the place: by the office, and by the body that gives up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from evaluation.actions import exclude, forfeit, give_place, renounce
from evaluation.departures import happened_since
from evaluation.models import Departure, Ranking
from evaluation.places_forms import GiveForm, LeaveForm, RenounceForm
from evaluation.rules.places import SCORED, measures_proposals_together
from evaluation.transitions import EXCLUDE, GIVE_PLACE, RENOUNCE
from evaluation.views.office import area_of, call_of
from workflow.perform import reasons_against
from workflow.transition import Refused

HERE = (S.ADMITTED, *SCORED, S.AGREED, S.OPEN)
"""States of a proposal that is in the area and in no list of who left."""


@officials_only
def desk(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """The places of an area: who has one, who waits, who left, and what may be done about it."""
    call = call_of(request, slug)
    field = area_of(call, area)
    rows = Application.objects.filter(call=call, area_code=area).select_related("organisation")
    number = request.GET.get("domanda", "").replace("\x00", "")  # an address may hold one, and PostgreSQL would not compare it
    chosen = rows.filter(number=number, state__in=EXCLUDE.sources).first()
    ranking = Ranking.objects.filter(call=call, area_code=area).first()
    leaving = _leave_form(request, call, chosen) if chosen else None
    giving, status = None, 200
    if request.method == "POST" and "leave" in request.POST and leaving and leaving.is_valid():
        status, answer = _tried(request, leaving, lambda: _leave(request, chosen, leaving.cleaned_data))
        if answer:
            return redirect("desk_places", slug=slug, area=area)
    elif request.method == "POST" and "give" in request.POST:
        giving = GiveForm(request.POST)
        if giving.is_valid():
            left = get_object_or_404(_departures(call, area), pk=giving.cleaned_data["departure"])
            status, answer = _tried(request, giving, lambda: _give(request, left, giving.cleaned_data["reason"]))
            if answer:
                return redirect("desk_places", slug=slug, area=area)
    context = {
        "call": call,
        "area": field,
        "ranking": ranking,
        "is_behind": ranking is not None and happened_since(ranking),
        "chosen": chosen,
        "leaving": leaving,
        "reasons": reasons_against(EXCLUDE, chosen, by=request.user, at=request.arrived_at) if chosen else [],
        "here": rows.filter(state__in=HERE).order_by("number"),
        "may_leave": EXCLUDE.sources,
        "left": [_told(request, ranking, row, giving) for row in _departures(call, area)],
    }
    return render(request, "evaluation/desk_places.html", context, status=status)


@login_required
def renunciation(request: HttpRequest, pk: Any) -> HttpResponse:
    """A body gives up its proposal: what follows, and one press."""
    row = get_object_or_404(Application.objects.visible_to(request.user).with_call(), pk=pk)
    if row.state not in (*RENOUNCE.sources, S.RENOUNCED):
        raise Http404
    form, status = RenounceForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            renounce(row, by=request.user, at=request.arrived_at, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            status = 409
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("La rinuncia è registrata. L'ufficio la vede da subito."))
            return redirect("application", pk=pk)
    context = {
        "application": row,
        "area": row.area,
        "form": form,
        "reasons": reasons_against(RENOUNCE, row, by=request.user, at=request.arrived_at),
        "is_selected": row.state == S.SELECTED,
    }
    return render(request, "evaluation/renunciation.html", context, status=status)


def _leave_form(request: HttpRequest, call: Call, chosen: Application) -> LeaveForm:
    grid = call.notice.grid_for(chosen.area_code)
    return LeaveForm(
        request.POST if "leave" in request.POST else None,
        selected=chosen.state == S.SELECTED,
        asks_counts=chosen.state in SCORED and measures_proposals_together(grid),
    )


def _leave(request: HttpRequest, chosen: Application, typed: dict[str, Any]) -> str:
    asked = {"reason": typed["reason"], "by": request.user, "at": request.arrived_at}
    if typed["outcome"] == Departure.Outcome.RENOUNCED:
        renounce(chosen, **asked)
        return _("La rinuncia di %(body)s è registrata.") % {"body": chosen.organisation}
    act = exclude if typed["outcome"] == Departure.Outcome.EXCLUDED else forfeit
    act(
        chosen,
        **asked,
        act_number=typed["act_number"],
        act_date=typed["act_date"],
        counts=typed.get("counts") != "no",
        counts_reason=typed.get("counts_reason", ""),
    )
    return _("%(body)s è uscita. Se c'è una graduatoria, ricalcolala.") % {"body": chosen.organisation}


def _give(request: HttpRequest, left: Departure, reason: str) -> str:
    give_place(left, reason=reason, by=request.user, at=request.arrived_at)
    return _("Il posto è riassegnato. Ora ricalcola la graduatoria e pubblicala con l'atto.")


def _tried(request: HttpRequest, form: Any, act: Any) -> tuple[int, bool]:
    """Do it and tell it; or put the reasons on the form. Answers the status, and whether it was done."""
    try:
        messages.success(request, act())
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return 409, False
    return 302, True


def _departures(call: Call, area: str) -> Any:
    rows = Departure.objects.filter(application__call=call, application__area_code=area)
    return rows.select_related("application__organisation", "by", "given_by")


def _told(request: HttpRequest, ranking: Ranking | None, row: Departure, giving: GiveForm | None) -> dict[str, Any]:
    """A departure as the page shows it, with the form to give its place again where that may be asked."""
    asks = row.frees_place and row.given_at is None and ranking is not None
    mine = giving is not None and giving.data.get("departure") == str(row.pk)
    return {
        "departure": row,
        "form": (giving if mine else GiveForm(initial={"departure": row.pk}, auto_id=f"id_{row.pk}_%s")) if asks else None,
        "against": reasons_against(GIVE_PLACE, ranking, by=request.user, at=request.arrived_at, data={"departure": row})
        if asks
        else [],
    }
