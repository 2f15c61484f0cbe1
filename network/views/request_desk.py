"""The requests for who works on them: the Spazi, the bodies to which they are routed, the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import officials_only
from bando.deadlines import day_in_rome
from bando.left_over import left_over
from evaluation.plots.scale import shortened
from network import actions
from network.fields import ReasonForm
from network.models import Request, RequestKind, Service, Space
from network.models.requests import RequestStep
from network.request_forms import CloseForm, EnterForm, FilterForm, MoveForm, RouteForm, SayForm, TimesForm
from network.request_keys import address_of, new_token, read_token
from network.request_silence import close_at
from network.request_stays import stays_of
from network.request_words import UNTIL, conversation, lasting, waiting
from network.rules.requests import against_printing, bodies_for, has_work_in_requests, sees_the_person
from network.states import QuoteState, RequestState, SpaceState
from network.transitions import (
    ANSWER,
    CLOSE_REQUEST,
    GIVE_BACK,
    MOVE_REQUEST,
    OFFER_QUOTE,
    REOPEN_REQUEST,
    ROUTE,
    TAKE,
    WRITE,
)
from network.transitions.requests import UNDER_WAY
from network.views.refusals import tell
from network.waits import Moments, Until, summaries
from network.waits_plot import waits
from workflow.perform import reasons_against
from workflow.transition import Attempt, Refused

PAGE = 25
USUAL = {"days": 90, "goal": 5}
"""Until the page is told otherwise."""
STEPS = ("route", "give_back", "move", "close", "reopen")
"""The forms of the page of a request that are folded,"""
NEXT_STEP = {RequestState.TAKEN: "route", RequestState.ANSWERED: "close"}
"""and the one that is mostly next: it stands open."""


@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """The work list: who waits longest comes first, and who has an answer after them."""
    if not has_work_in_requests(request.user):
        raise Http404
    mine = Request.objects.visible_to(request.user)
    spaces = Space.objects.all() if request.user.is_official else Space.objects.run_by(request.user)
    search = FilterForm(request.GET, spaces=spaces)
    wanted = search.cleaned_data if search.is_valid() else {}
    counts = Counter(dict(mine.order_by().values_list("state").annotate(Count("pk"))))
    rows = mine.filter(state=wanted["state"]) if wanted.get("state") else mine.filter(state__in=UNDER_WAY)
    if wanted.get("q"):
        rows = mine.filter(number__icontains=wanted["q"].strip())
    if wanted.get("space"):
        rows = rows.filter(space=wanted["space"])
    rows = rows.select_related("service", "space", "organisation").annotate(answered=Q(answered_at__isnull=False))
    rows = rows.order_by("answered", "received_at", "number")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    followed = set(spaces.values_list("pk", flat=True))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "search": search,
        "page": page,
        "rows": [
            {
                "asked": row,
                "waiting": waiting(row, request.arrived_at),
                "name": row.name if _named(row, request.user, followed) else "",
            }
            for row in page
        ],
        "counts": [{"label": label, "value": counts[state]} for state, label in RequestState.choices if counts[state]],
        "query": query.urlencode(),
        "can_enter": _may_enter(request.user),
    }
    return render(request, "network/requests/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def request_enter(request: HttpRequest) -> HttpResponse:
    """For a person who is there or on the telephone: one page, from the first key to the receipt."""
    if not _may_enter(request.user):
        raise Http404
    at, official, status = request.arrived_at, request.user.is_official, 200
    spaces = Space.objects.all() if official else Space.objects.run_by(request.user)
    choices = {
        "spaces": spaces.filter(state=SpaceState.OPEN),
        "services": Service.objects.public(day_in_rome(at)).order_by("title"),
        "needs_space": not official,
    }
    if request.method == "POST":
        form = EnterForm(request.POST, **choices)
        token = read_token(request.POST.get("token", ""))
        if form.is_valid() and token is None:
            form.add_error(
                None, _("La pagina era aperta da troppo tempo. Quello che hai scritto è qui: controlla e salva di nuovo.")
            )
        if not form.errors:
            sent = {name: value for name, value in form.cleaned_data.items() if name != "token"}
            try:
                made = actions.receive_request(pk=token.pk, by=request.user, at=at, **sent)
            except Refused as refused:
                status, token = 409, None
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, _("La richiesta %(number)s è scritta.") % {"number": made.number})
                return redirect("request", made.pk)
        if token is None:
            form.data = form.data.copy()
            form.data["token"] = new_token(at)
    else:
        form = EnterForm(initial={"token": new_token(at), "channel": "at_space"}, **choices)
    return render(request, "network/requests/enter.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def request(request: HttpRequest, pk: Any) -> HttpResponse:
    row, at, by = _request(request, pk), request.arrived_at, request.user
    forms: dict[str, Any] = {
        "say": SayForm(can_answer=not reasons_against(ANSWER, row, by=by, at=at)),
        "route": RouteForm(
            bodies=_bodies(row, at), initial={"organisation": row.service.organisation_id if row.service else None}
        ),
        "move": MoveForm(prefix="move", spaces=_other_spaces(row)),
        "close": CloseForm(),
        "give_back": ReasonForm(prefix="give_back"),
        "reopen": ReasonForm(prefix="reopen"),
    }
    status = 200
    if request.method == "POST":
        try:
            if said := _do(request, row, forms):
                messages.success(request, said)
                # What was given back is not the body's to see any more.
                return (
                    redirect("request", pk) if Request.objects.visible_to(by).filter(pk=pk).exists() else redirect("requests")
                )
        except Refused as refused:
            status, row = tell(request, refused), _request(request, pk)
    rows = {
        "take": TAKE,
        "say": WRITE,
        "route": ROUTE,
        "give_back": GIVE_BACK,
        "move": MOVE_REQUEST,
        "close": CLOSE_REQUEST,
        "reopen": REOPEN_REQUEST,
    }
    can = {name: not reasons_against(act, row, by=by, at=at) for name, act in rows.items()}
    against = [reason for name in ("route", "move", "close") for reason in _why_not(rows[name], row, by, at)]
    personal = sees_the_person(row, by)
    context = {
        "asked": row,
        "waiting": waiting(row, at),
        "closes_on": _closes_on(row),
        "personal": personal,
        "said": conversation(row, row.messages.select_related("by"), for_citizen=False) if personal else [],
        "quotes": row.quotes.select_related("organisation") if personal or _is_the_bodys(row, by) else [],
        "can_quote": _can_quote(row, by, at),
        "can": can,
        "against": list(dict.fromkeys(against)),
        "has_steps": against or any(can[name] for name in STEPS),
        "open": next((name for name in STEPS if forms[name].is_bound), NEXT_STEP.get(row.state)),
        "unsaved": left_over((form, can[name]) for name, form in forms.items()),
        "forms": forms,
        "can_print": against_printing(row, by=by, at=at) is None,
        "steps": row.steps.select_related("by"),
        "has_errors": any(form.errors for form in forms.values()),
        "wrong": next((form for form in forms.values() if form.errors), None),
    }
    return render(request, "network/requests/request.html", context, status=status)


@login_required
def request_slip(request: HttpRequest, pk: Any) -> HttpResponse:
    """The receipt that an operator prints for who has no e-mail: 404 for anybody else, and after a day."""
    row = _request(request, pk)
    if against_printing(row, by=request.user, at=request.arrived_at):
        raise Http404
    context = {"asked": row, "address": address_of(row), "back": ("request", row.pk)}
    return render(request, "network/requests/receipt.html", context)


@officials_only
def desk_request_times(request: HttpRequest) -> HttpResponse:
    """How long people wait, by kind, and how long each Spazio lets them wait while it has their requests: five queries, whatever
    their number."""
    form = TimesForm({**USUAL, **request.GET.dict()})
    chosen = form.cleaned_data if form.is_valid() else USUAL
    since = request.arrived_at - timedelta(days=chosen["days"])
    goals = {Until.ANSWERED: timedelta(days=chosen["goal"])}
    groups: dict[str, dict[str, list[Moments]]] = {"space": {}, "kind": {}}
    everything = []
    names = dict(Space.objects.values_list("pk", "name"))
    written = {str(pk): name for pk, name in names.items()}  # as the history keeps them
    nobody = _("Nessuno Spazio: le segue l'ufficio")
    moved = stays_of(RequestStep.objects.filter(row__received_at__gt=since, row__steps__act="move").distinct())
    columns = ("pk", "space", "kind", "state", "received_at", "taken_at", "routed_at", "answered_at", "closed_at")
    for pk, space, kind, state, received, taken, routed, answered, closed in _measured(since).values_list(*columns):
        # Who withdrew ended the wait alone: that is no closing.
        one = Moments(received, taken, routed, answered, None if state == RequestState.WITHDRAWN else closed)
        everything.append(one)
        if pk in moved:
            for who, stay in moved[pk]:
                groups["space"].setdefault(written.get(who, nobody), []).append(stay)
        else:
            groups["space"].setdefault(names.get(space, nobody), []).append(one)
        groups["kind"].setdefault(kind, []).append(one)
    spaces = _lines(groups["space"], goals)
    context = {
        "form": form,
        "count": len(everything),
        "within": _within_words(chosen["goal"]),
        "head": list(UNTIL.values()),
        "tables": [
            {"code": "space", "caption": _("Tempi per Spazio"), "first": _("Spazio"), "lines": spaces},
            {
                "code": "kind",
                "caption": _("Tempi per tipo di richiesta"),
                "first": _("Tipo"),
                "lines": _lines({RequestKind(kind).label: rows for kind, rows in groups["kind"].items()}, goals),
            },
        ],
        "told": _told(spaces, chosen["goal"]),
    }
    return render(request, "network/requests/times.html", context)


def _do(request: HttpRequest, row: Request, forms: dict[str, Any]) -> str:
    """The act whose button was pressed, and what to say of it; empty when its form is wrong. Raises :class:`Refused`."""
    by, at, post = request.user, request.arrived_at, request.POST
    if "take" in post:
        actions.take_request(row, by=by, at=at)
        return _("La richiesta è presa in carico.")
    acts: dict[str, tuple[Callable[[], Any], Callable[[dict[str, Any]], str]]] = {
        "say": (lambda: SayForm(post, can_answer=True), lambda data: _say(row, data, by, at)),
        "route": (lambda: RouteForm(post, bodies=_bodies(row, at)), lambda data: _route(row, data, by, at)),
        "give_back": (lambda: ReasonForm(post, prefix="give_back"), lambda data: _give_back(row, data, by, at)),
        "move": (
            lambda: MoveForm(post, prefix="move", spaces=_other_spaces(row)),
            lambda data: _move(row, data, by, at),
        ),
        "close": (lambda: CloseForm(post), lambda data: _close(row, data, by, at)),
        "reopen": (lambda: ReasonForm(post, prefix="reopen"), lambda data: _reopen(row, data, by, at)),
    }
    for name, (bound, act) in acts.items():
        if name in post:
            forms[name] = bound()
            return act(forms[name].cleaned_data) if forms[name].is_valid() else ""
    return ""


def _say(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    if data["kind"] == SayForm.ANSWER:
        actions.answer_request(row, data["text"], by=by, at=at)
        return _("La risposta è inviata.")
    actions.write_message(row, data["text"], by=by, at=at, internal=data["kind"] == SayForm.NOTE)
    return _("La nota è scritta.") if data["kind"] == SayForm.NOTE else _("Il messaggio è inviato.")


def _route(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    actions.route_request(row, data["organisation"], by=by, at=at)
    return _("La richiesta è passata a %(body)s.") % {"body": data["organisation"]}


def _give_back(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    actions.give_back_request(row, reason=data["reason"], by=by, at=at)
    return _("La richiesta torna a chi la segue.")


def _move(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    actions.move_request(row, data["space"], reason=data["reason"], by=by, at=at)
    who = data["space"].name if data["space"] else _("l'ufficio del Comune")
    return _("Da oggi la richiesta la segue %(who)s. La persona lo sa.") % {"who": who}


def _close(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    actions.close_request(row, data["outcome"], by=by, at=at)
    return _("La richiesta è chiusa.")


def _reopen(row: Request, data: dict[str, Any], by: Any, at: Any) -> str:
    actions.reopen_request(row, reason=data["reason"], by=by, at=at)
    return _("La richiesta è riaperta.")


def _request(request: HttpRequest, pk: Any) -> Request:
    rows = Request.objects.visible_to(request.user).select_related(
        "service", "space__partnership", "organisation", "entered_by"
    )
    return get_object_or_404(rows, pk=pk)


def _other_spaces(row: Request) -> QuerySet[Space]:
    return Space.objects.filter(state=SpaceState.OPEN).exclude(pk=row.space_id).order_by("municipio", "name")


def _closes_on(row: Request) -> Any:
    """The day on which the clock closes it unless somebody acts; ``None`` while nobody was warned."""
    warned_at = Request.objects.warned().filter(pk=row.pk).values_list("warned_at", flat=True).first()
    return warned_at and day_in_rome(close_at(warned_at))


def _bodies(row: Request, at: Any) -> Any:
    return bodies_for(row, day_in_rome(at)).order_by("name")


def _may_enter(user: Any) -> bool:
    return user.is_official or Space.objects.run_by(user).filter(state=SpaceState.OPEN).exists()


def _named(row: Request, user: Any, followed: set[Any]) -> bool:
    """``sees_the_person`` of a row of the list, whose Spazi are known: no query for each."""
    return user.is_official or row.space_id in followed or row.state in (RequestState.ROUTED, RequestState.ANSWERED)


def _is_the_bodys(row: Request, user: Any) -> bool:
    return row.organisation_id is not None and user.memberships.filter(organisation=row.organisation_id).exists()


def _can_quote(row: Request, user: Any, at: Any) -> bool:
    if row.organisation is None or row.quotes.filter(state__in=[QuoteState.OFFERED, QuoteState.ACCEPTED]).exists():
        return False
    quote = row.quotes.model(request=row, organisation=row.organisation, amount_cents=1, valid_until=day_in_rome(at))
    return not reasons_against(OFFER_QUOTE, quote, by=user, at=at)


def _why_not(act: Any, row: Request, by: Any, at: Any) -> list[str]:
    """What holds an act back that this person may otherwise do in this state."""
    if act.by(Attempt(row, by, at)) or row.state not in act.sources:
        return []
    return reasons_against(act, row, by=by, at=at)


def _measured(since: Any) -> QuerySet[Request]:
    return Request.objects.filter(received_at__gt=since).order_by()


def _lines(groups: dict[str, list[Moments]], goals: dict[Until, timedelta]) -> list[dict[str, Any]]:
    lines = []
    for name, moments in sorted(groups.items()):
        found = summaries(moments, goals)
        within = found[Until.ANSWERED].within
        lines.append(
            {
                "name": name,
                "count": len(moments),
                "cells": [(UNTIL[until], one.count, lasting(one.median), lasting(one.slow)) for until, one in found.items()],
                "within": "" if within is None else f"{int(within * 100)}%",
                "answered": found[Until.ANSWERED],
            }
        )
    return lines


def _told(lines: list[dict[str, Any]], goal: int) -> dict[str, Any] | None:
    """The drawing with its words, as ``evaluation/plots/_plot.html`` wants them; ``None`` before the first answer."""
    answered = sorted((line for line in lines if line["answered"].count), key=lambda line: -line["answered"].median)
    if not answered:
        return None
    slowest, title = answered[0], _("Metà delle persone ha una risposta in %(time)s: %(name)s")
    if len(answered) > 1:
        title = _("Si aspetta di più qui: %(name)s. Metà delle persone ha una risposta in %(time)s")
    return {
        "code": "waits",
        "title": title % {"name": slowest["name"], "time": lasting(slowest["answered"].median)},
        "summary": _("Ogni barra arriva al tempo entro cui risponde a metà delle richieste; la linea, a nove su dieci."),
        "template": "network/requests/_waits.html",
        "drawing": waits([(shortened(one["name"]), one["answered"].median, one["answered"].slow) for one in answered]),
        "caption": _("Tempo fino alla prima risposta"),
        "head": [_("Spazio"), _("Risposte"), _("Metà entro"), _("Nove su dieci entro"), _within_words(goal)],
        "rows": [
            [
                one["name"],
                one["answered"].count,
                lasting(one["answered"].median),
                lasting(one["answered"].slow),
                one["within"],
            ]
            for one in answered
        ],
    }


def _within_words(goal: int) -> str:
    return ngettext("Risposta entro %(n)s giorno", "Risposta entro %(n)s giorni", goal) % {"n": goal}
