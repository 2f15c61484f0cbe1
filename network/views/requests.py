"""What a citizen asks for, without an account: the form, and the secret address where the answer comes."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bando.deadlines import day_in_rome
from bando.left_over import left_over
from network import actions
from network.models import Quote, Request, Service, Space
from network.request_forms import AskForm, MessageForm
from network.request_keys import address_of, new_key, new_token, opens
from network.request_silence import close_at
from network.request_words import NEXT, conversation
from network.states import QuoteState, SpaceState
from network.transitions import ACCEPT_QUOTE, DECLINE_QUOTE, WITHDRAW_REQUEST, WRITE
from network.views.refusals import tell
from workflow.perform import reasons_against
from workflow.transition import Refused

FROM_ONE_CONNECTION = {"request": "30/d/ip"}
"""Behind the address of a telephone company are many people; a robot wants more than thirty a day."""


def open_spaces() -> Any:
    return Space.objects.filter(state=SpaceState.OPEN).order_by("municipio", "name")


@require_http_methods(["GET", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """A service of the catalogue (``?servizio=``) or orientation; ``?spazio=`` proposes who follows."""
    at, status = request.arrived_at, 200
    service = _asked_service(request)
    if request.method == "POST":
        form = AskForm(request.POST, spaces=open_spaces(), at=at)
        if form.is_valid() and _over_the_cap(request):
            form.add_error(
                None,
                _("Da questa connessione oggi sono arrivate troppe richieste. Telefona a uno Spazio, o riprova domani."),
            )
            status = 429
        if not form.errors:
            try:
                made = actions.receive_request(pk=form.sent_from.pk, service=service, at=at, **_what_is_sent(form))
            except Refused as refused:
                form.stale, status = True, 409
                form.add_error(None, refused.reasons)
                service = Service.objects.public(day_in_rome(at)).filter(pk=service and service.pk).first()  # or go on without
            else:
                messages.success(request, _("Abbiamo ricevuto la tua richiesta."))
                return redirect("request_follow", made.number, new_key(made.pk))
        if form.stale:
            form.data = form.data.copy()
            form.data["token"] = new_token(at)
    else:
        chosen = open_spaces().filter(slug=request.GET.get("spazio", "")).first()
        initial = {"token": new_token(at), "space": chosen, "municipio": chosen.municipio if chosen else None}
        form = AskForm(initial=initial, spaces=open_spaces(), at=at)
    context = {"form": form, "service": service, "months": settings.REQUEST_MONTHS}
    return _private(render(request, "network/requests/new.html", context, status=status))


@require_http_methods(["GET", "POST"])
def request_follow(request: HttpRequest, number: str, key: str) -> HttpResponse:
    row, at = _of_the_key(number, key), request.arrived_at
    form, status = MessageForm(), 200
    if request.method == "POST":
        try:
            if "write" in request.POST:
                form = MessageForm(request.POST)
                if form.is_valid():
                    actions.write_message(row, form.cleaned_data["text"], by=None, at=at)
                    messages.success(request, _("Il messaggio è arrivato a chi segue la richiesta."))
                    return _private(redirect("request_follow", number, key))
            elif "keep" in request.POST:
                actions.keep_request(row, at=at)
                messages.success(request, _("Grazie: la tua richiesta resta aperta, e chi la segue lo sa."))
                return _private(redirect("request_follow", number, key))
            elif "withdraw" in request.POST:
                actions.withdraw_request(row, at=at)
                messages.success(request, _("La richiesta è ritirata."))
                return _private(redirect("request_follow", number, key))
            elif "accept" in request.POST:
                actions.accept_quote(_quote(row, request.POST["accept"]), at=at)
                messages.success(
                    request, _("Hai accettato il preventivo. Ora l'ente ti contatta: il pagamento avviene da loro.")
                )
                return _private(redirect("request_follow", number, key))
            elif "decline" in request.POST:
                actions.decline_quote(_quote(row, request.POST["decline"]), at=at)
                messages.success(request, _("Hai detto di no al preventivo: l'ente lo sa."))
                return _private(redirect("request_follow", number, key))
        except Refused as refused:
            status, row = tell(request, refused), _of_the_key(number, key)
    said, quotes = row.messages.filter(internal=False).select_related("by"), list(row.quotes.select_related("organisation"))
    warned = Request.objects.warned().filter(pk=row.pk).values_list("warned_at", flat=True).first()
    can_write = not reasons_against(WRITE, row, by=None, at=at)
    context = {
        "asked": row,
        "key": key,
        "next": NEXT[row.state],
        "said": conversation(row, said, for_citizen=True),
        "quotes": [_shown(quote, at) for quote in quotes],
        "closes_on": warned and day_in_rome(close_at(warned)),
        "accepted": next((quote for quote in quotes if quote.state == QuoteState.ACCEPTED), None),
        "form": form,
        "can_write": can_write,
        "unsaved": left_over([(form, can_write)]),
        "can_withdraw": not reasons_against(WITHDRAW_REQUEST, row, by=None, at=at),
        "months": settings.REQUEST_MONTHS,
    }
    return _private(render(request, "network/requests/follow.html", context, status=status))


def request_receipt(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """Number and address on one sheet, for paper."""
    row = _of_the_key(number, key)
    context = {"asked": row, "address": address_of(row), "back": ("request_follow", number, key)}
    return _private(render(request, "network/requests/receipt.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """Whose address is a secret is kept by nobody: no cache, no search engine, no Referer with a path. The origin stays, because
    without it a browser sends no form that Django would believe."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response


def _of_the_key(number: str, key: str) -> Request:
    """404 for a number that nobody has and for a wrong key alike."""
    row = Request.objects.select_related("service", "space__partnership", "organisation").filter(number=number).first()
    if row is None or not opens(row, key):
        raise Http404
    return row


def _asked_service(request: HttpRequest) -> Service | None:
    slug = request.GET.get("servizio")
    if not slug:
        return None
    rows = Service.objects.select_related("organisation")
    if request.method != "POST":  # a rule refuses one that left the catalogue meanwhile, and what was typed stays on the page
        rows = rows.public(day_in_rome(request.arrived_at))
    return get_object_or_404(rows, slug=slug)


def _what_is_sent(form: AskForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "phone", "email", "need", "municipio", "space")}


def _over_the_cap(request: HttpRequest) -> bool:
    return ratelimit.consume(request, app="network", action="request", config=FROM_ONE_CONNECTION) is None


def _quote(row: Request, text: str) -> Quote:
    try:
        pk = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(row.quotes.select_related("request"), pk=pk)


def _shown(quote: Quote, at: Any) -> dict[str, Any]:
    waits = quote.state == QuoteState.OFFERED
    return {
        "quote": quote,
        "against": reasons_against(ACCEPT_QUOTE, quote, by=None, at=at) if waits else [],
        "can_decline": waits and not reasons_against(DECLINE_QUOTE, quote, by=None, at=at),
        "waits": waits,
    }
