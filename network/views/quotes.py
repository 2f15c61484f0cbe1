"""The quote of a paid service, for the body that offers it. Nothing is paid here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bando.deadlines import day_in_rome
from bando.left_over import left_over
from network import actions
from network.fields import ReasonForm
from network.models import Quote, Request
from network.request_forms import PaymentForm, QuoteForm
from network.rules.common import is_of_the_body
from network.rules.requests import sees_the_person
from network.transitions import RECORD_PAYMENT, WITHDRAW_QUOTE
from network.views.refusals import tell
from workflow.perform import reasons_against
from workflow.transition import Attempt, Refused

A_FORTNIGHT = timedelta(days=14)


@login_required
@require_http_methods(["GET", "POST"])
def quote_new(request: HttpRequest, pk: Any) -> HttpResponse:
    rows = Request.objects.visible_to(request.user).select_related("service", "organisation")
    row, at, status = get_object_or_404(rows, pk=pk), request.arrived_at, 200
    if is_of_the_body(Attempt(row, request.user, at)):
        raise Http404
    form = QuoteForm(request.POST or None, initial={"valid_until": day_in_rome(at) + A_FORTNIGHT})
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_quote(row, **form.cleaned_data, by=request.user, at=at)
        except Refused as refused:
            status = 409
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Il preventivo è inviato: la persona lo trova al suo indirizzo segreto."))
            return redirect("request", pk)
    return render(request, "network/requests/quote_new.html", {"asked": row, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def quote(request: HttpRequest, pk: Any) -> HttpResponse:
    row, at, by = _quote(request, pk), request.arrived_at, request.user
    withdrawing, paying, status = ReasonForm(), PaymentForm(initial=_payment(row)), 200
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                withdrawing = ReasonForm(request.POST)
                if withdrawing.is_valid():
                    actions.withdraw_quote(row, reason=withdrawing.cleaned_data["reason"], by=by, at=at)
                    messages.success(request, _("Il preventivo è ritirato."))
                    return redirect("quote", pk)
            elif "pay" in request.POST:
                paying = PaymentForm(request.POST)
                if paying.is_valid():
                    actions.record_payment(row, **paying.cleaned_data, by=by, at=at)
                    messages.success(request, _("Il pagamento è annotato."))
                    return redirect("quote", pk)
        except Refused as refused:
            status, row = tell(request, refused), _quote(request, pk)
    can_withdraw = not reasons_against(WITHDRAW_QUOTE, row, by=by, at=at)
    can_pay = not reasons_against(RECORD_PAYMENT, row, by=by, at=at)
    context = {
        "quote": row,
        "withdrawing": withdrawing,
        "paying": paying,
        "can_withdraw": can_withdraw,
        "can_pay": can_pay,
        "unsaved": left_over([(withdrawing, can_withdraw), (paying, can_pay)]),
        "steps": row.steps.select_related("by"),
        "has_errors": withdrawing.errors or paying.errors,
        "wrong": withdrawing if withdrawing.errors else paying,
    }
    return render(request, "network/requests/quote.html", context, status=status)


def _quote(request: HttpRequest, pk: Any) -> Quote:
    """Of a request that one sees with its person; the body that made it sees it whatever became of the request."""
    row = get_object_or_404(
        Quote.objects.select_related("request__space__partnership", "request__service", "organisation"), pk=pk
    )
    made_it = request.user.memberships.filter(organisation=row.organisation_id).exists()
    visible = Request.objects.visible_to(request.user).filter(pk=row.request_id).exists()
    if not made_it and not (visible and sees_the_person(row.request, request.user)):
        raise Http404
    return row


def _payment(row: Quote) -> dict[str, Any]:
    return {"reference": row.payment_reference, "paid_on": row.paid_on}
