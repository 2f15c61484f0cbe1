"""The office: the Spazi, from the plan to the door, where they are, and the places that stay empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import officials_only
from bando.deadlines import day_in_rome
from bando.models import Call
from evaluation.models import Ranking
from evaluation.plots.tile import coverage
from network import actions
from network.addresses import coming
from network.board import board
from network.fields import ReasonForm
from network.models import EmptyPlace, Space, SpaceAddress
from network.rules.spaces import places_of
from network.space_forms import (
    EmptyForm,
    ExpectForm,
    FillForm,
    FurtherForm,
    MoveForm,
    NameForm,
    OpenSpaceForm,
    ShutForm,
    SuspendForm,
)
from network.space_history import told
from network.states import AgreementState, SpaceState
from network.transitions import CLOSE_SPACE, EXPECT_OPENING, FIT_OUT, OPEN_SPACE, STAFF, SUSPEND_SPACE, TRAIN
from network.views.refusals import tell
from network.views.space_data import both_texts, data_forms, saved, warn_of_point
from network.written_at_once import BothWrote
from workflow.perform import reasons_against
from workflow.transition import Refused

NEXT = {
    SpaceState.PLANNED: FIT_OUT,
    SpaceState.FITTING_OUT: STAFF,
    SpaceState.STAFFED: TRAIN,
    SpaceState.TRAINED: OPEN_SPACE,
    SpaceState.SUSPENDED: OPEN_SPACE,
    SpaceState.CLOSED: OPEN_SPACE,
}
FORMS = {
    "open": OpenSpaceForm,
    "suspend": SuspendForm,
    "close": ShutForm,
    "expect": ExpectForm,
    "further": FurtherForm,
}

PREFIXES = {"further": "further"}
"""Another Spazio has a name too."""


@officials_only
def spaces(request: HttpRequest) -> HttpResponse:
    """Every Spazio, whatever its state, and the areas whose places they take."""
    rows = list(Space.objects.with_progress(day_in_rome(request.arrived_at)))
    areas = (
        Space.objects.exclude(partnership=None)
        .order_by("partnership__agreement__application__call__slug", "partnership__agreement__application__area_code")
        .values_list(
            "partnership__agreement__application__call__slug",
            "partnership__agreement__application__area_code",
            "partnership__area_title",
            "partnership__agreement__application__call__title",
        )
        .distinct()
    )
    return render(request, "network/spaces/desk_spaces.html", {"spaces": rows, "areas": areas})


@officials_only
def space(request: HttpRequest, pk: Any) -> HttpResponse:
    """One Spazio: its next step, its tasks, what citizens read, its history."""
    rows = Space.objects.select_related("partnership__agreement__application", "partnership__organisation")
    row = get_object_or_404(rows.prefetch_related("tasks"), pk=pk)
    # One page, many forms: each with identifiers of its own.
    sent = {
        name: form(request.POST if name in request.POST else None, auto_id=f"{name}_%s", prefix=PREFIXES.get(name))
        for name, form in FORMS.items()
    }
    data, days = data_forms(request, row)
    status, theirs = 200, []
    if request.method == "POST":
        try:
            if saved(request, row, data, days) or _done(request, row, sent):
                return redirect("desk_space", pk=pk)
        except BothWrote as refusal:
            status = tell(request, refusal)
            data, days, theirs = both_texts(request, row, data, days, refusal)
        except Refused as refusal:
            status = tell(request, refusal)
    context = {**_space(request, pk, data, days, sent), "theirs": theirs}
    return render(request, "network/spaces/desk_space.html", context, status=status)


def _done(request: HttpRequest, row: Space, sent: dict[str, Any]) -> bool:
    """Whether an act was asked for and done. Raises :class:`Refused`."""
    act = {"by": request.user, "at": request.arrived_at}
    plain: dict[str, tuple[Callable[..., Any], str]] = {
        "fit_out": (actions.fit_out, _("Allestimento avviato.")),
        "staff": (actions.say_staff_ready, _("Il personale è pronto.")),
        "train": (actions.say_trained, _("Il personale è formato: lo Spazio può aprire.")),
    }
    typed: dict[str, tuple[Callable[..., Any], str]] = {
        "open": (actions.open_space, _("Lo Spazio è aperto: i cittadini lo trovano nell'elenco.")),
        "suspend": (actions.suspend_space, _("Lo Spazio è sospeso: i cittadini leggono perché.")),
        "close": (actions.close_space, _("Lo Spazio è chiuso: non compare più nell'elenco.")),
        "expect": (_expect, _("Apertura prevista salvata: i termini che ne dipendono si sono spostati.")),
    }
    for name, (verb, said) in plain.items():
        if name in request.POST:
            verb(row, **act)
            messages.success(request, said)
            return True
    for name, (verb, said) in typed.items():
        if sent[name].is_bound and sent[name].is_valid():
            verb(row, **act, **sent[name].cleaned_data)
            messages.success(request, said)
            return True
    if sent["further"].is_bound and sent["further"].is_valid():
        if row.partnership is None:
            raise Refused([_("Prima serve la convenzione firmata con chi gestisce lo Spazio.")])
        other = actions.plan_further_space(row.partnership, **act, **sent["further"].cleaned_data)
        messages.success(request, _("Lo Spazio «%(name)s» è in programma, con i suoi compiti.") % {"name": other.name})
        return True
    return False


def _expect(row: Space, *, expected_on: date, **act: Any) -> None:
    actions.expect_opening(row, on=expected_on, **act)


def _space(request: HttpRequest, pk: Any, data: Any, days: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """The row as it is stored: what was typed, or tried, may have landed on the one before."""
    rows = Space.objects.select_related("partnership__agreement__application").prefetch_related("tasks", "addresses")
    row = rows.get(pk=pk)
    today, act = day_in_rome(request.arrived_at), {"by": request.user, "at": request.arrived_at}
    following = NEXT.get(row.state)
    wrong = [data, days, *sent.values()]
    if not sent["expect"].is_bound:
        sent["expect"].initial["expected_on"] = row.expected_on
    return {
        "space": row,
        "form": data,
        "days": days,
        **sent,
        "next": following.name if following else "",
        "reasons": reasons_against(following, row, **act) if following else [],
        "without_effect": row.partnership and row.partnership.agreement.state == AgreementState.SIGNED,
        "can_suspend": not reasons_against(SUSPEND_SPACE, row, **act),
        "can_close": not reasons_against(CLOSE_SPACE, row, **act),
        "can_expect": not reasons_against(EXPECT_OPENING, row, **act),
        "is_public": row.state in (SpaceState.OPEN, SpaceState.SUSPENDED),
        "board": board(row.tasks.all(), today=today, mine=None),
        "coming": coming(row.addresses.all(), today),
        "steps": told(row.steps.select_related("by")),
        "wrong": next((form for form in wrong if form.errors), None),
        "has_errors": any(form.errors for form in wrong),
    }


@officials_only
def address(request: HttpRequest, pk: Any) -> HttpResponse:
    """Where a Spazio is and will be, what it is called, and what it was called before."""
    row = get_object_or_404(Space.objects.prefetch_related("addresses", "former_slugs"), pk=pk)
    moving = MoveForm(request.POST if "move" in request.POST else None)
    names = {"name": row.name, "slug": row.slug}
    naming = NameForm(request.POST if "rename" in request.POST else None, initial=names)
    cancelling = ReasonForm(request.POST if "cancel" in request.POST else None)
    status, act = 200, {"by": request.user, "at": request.arrived_at}
    try:
        if moving.is_bound and moving.is_valid():
            values = moving.cleaned_data
            point = values.pop("point")
            latitude, longitude = point or (None, None)
            actions.move_space(row, **values, latitude=latitude, longitude=longitude, **act)
            messages.success(request, _("Il nuovo indirizzo è salvato. Se vale da un altro giorno, la pagina lo annuncia."))
            warn_of_point(request, point)
            return redirect("desk_space_address", pk=pk)
        if naming.is_bound and naming.is_valid():
            actions.rename_space(row, **naming.cleaned_data, **act)
            messages.success(request, _("Il nome è salvato. L'indirizzo di prima della pagina continua a portare qui."))
            return redirect("desk_space_address", pk=pk)
        if cancelling.is_bound and cancelling.is_valid():
            move = get_object_or_404(SpaceAddress, space=row, pk=_number(request.POST["cancel"]))
            actions.cancel_move(move, **cancelling.cleaned_data, **act)
            messages.success(request, _("Il trasferimento è annullato: resta l'indirizzo di prima."))
            return redirect("desk_space_address", pk=pk)
    except Refused as refusal:
        status = tell(request, refusal)
    row = Space.objects.prefetch_related("addresses", "former_slugs").get(pk=pk)
    context = {
        "space": row,
        "moving": moving,
        "naming": naming,
        "cancelling": cancelling,
        "coming": coming(row.addresses.all(), day_in_rome(request.arrived_at)),
        "wrong": next((form for form in (moving, naming, cancelling) if form.errors), None),
        "has_errors": moving.errors or naming.errors or cancelling.errors,
    }
    return render(request, "network/spaces/desk_space_address.html", context, status=status)


@officials_only
def empty_places(request: HttpRequest, slug: str, area: str) -> HttpResponse:
    """How the places of an area are used: by Spazi, by nobody, by an act that leaves them empty."""
    call = get_object_or_404(Call.objects.with_notice(), slug=slug)
    if area not in {one.code for one in call.notice.areas}:
        raise Http404
    emptying = EmptyForm(request.POST if "leave" in request.POST else None, initial={"reason": _reason_of(call, area)})
    filled = _number(request.POST.get("fill", ""))
    filling = FillForm(request.POST if "fill" in request.POST else None, auto_id=f"fill_{filled}_%s")
    status, act = 200, {"by": request.user, "at": request.arrived_at}
    try:
        if emptying.is_bound and emptying.is_valid():
            actions.leave_empty(call, area, **emptying.cleaned_data, **act)
            messages.success(request, _("L'atto è registrato: i posti restano vuoti."))
            return redirect("desk_empty_places", slug=slug, area=area)
        if filling.is_bound and filling.is_valid():
            empty = get_object_or_404(EmptyPlace, call=call, area_code=area, pk=filled)
            actions.fill_again(empty, **filling.cleaned_data, **act)
            messages.success(request, _("L'atto è registrato: i posti sono di nuovo liberi."))
            return redirect("desk_empty_places", slug=slug, area=area)
    except Refused as refusal:
        status = tell(request, refusal)
    found = Space.objects.filter(
        partnership__agreement__application__call=call, partnership__agreement__application__area_code=area
    ).exclude(state=SpaceState.CLOSED)
    states = list(found.exclude(municipio=None).values_list("municipio", "state"))
    planned = Counter(municipio for municipio, _state in states)
    opened = Counter(municipio for municipio, state in states if state == SpaceState.OPEN)
    context = {
        "call": call,
        "area": call.notice.area(area),
        "places": places_of(call, area),
        "drawing": coverage(planned, opened, call.notice.area(area).municipi or range(1, 10)),
        "acts": [
            {"row": one, "form": filling if one.pk == filled else FillForm(auto_id=f"fill_{one.pk}_%s")}
            for one in EmptyPlace.objects.filter(call=call, area_code=area, undoes=None).select_related("undone_by")
        ],
        "emptying": emptying,
        "wrong": filling if filling.errors else emptying,
        "has_errors": emptying.errors or filling.errors,
    }
    return render(request, "network/spaces/desk_empty_places.html", context, status=status)


def _reason_of(call: Call, area: str) -> str:
    """What the ranking says of the places that it left free: the first proposal of the text."""
    ranking = Ranking.objects.filter(call=call, area_code=area).first()
    version = ranking.latest if ranking else None
    return version.document.get("unfilled_reason", "") if version else ""


def _number(text: str) -> int:
    """The key of a row as a form sends it back; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
