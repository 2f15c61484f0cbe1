"""What a paid service would cost this family. It is accepted or declined here and paid elsewhere: the administration takes no
money, and neither does this program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from network.models import Quote, Request
from network.transitions import ACCEPT_QUOTE, DECLINE_QUOTE, OFFER_QUOTE, RECORD_PAYMENT, WITHDRAW_QUOTE
from workflow.duties import owe
from workflow.models import Step
from workflow.perform import perform, reasons_against
from workflow.transition import Attempt, Refused

QUOTE_MAIL, QUOTE_ANSWERED_MAIL = "network.quote_offered", "network.quote_answered"
QUOTE_WITHDRAWN_MAIL = "network.quote_withdrawn"


def offer_quote(request: Request, *, amount_cents: int, text: str, valid_until: date, by: User, at: datetime) -> Quote:
    """The body to which ``request`` was routed tells the family the price; one quote at a time. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _hold(request)
        if held.organisation is None:
            raise Refused([_("La richiesta non è presso un ente: un preventivo lo fa l'ente che risponde.")])
        quote = Quote(
            request=held,
            organisation=held.organisation,
            number=held.quotes.count() + 1,
            amount_cents=amount_cents,
            text=text,
            valid_until=valid_until,
            offered_at=at,
        )
        # Asked before it is written: the database holds one quote at a time too, and would say so less kindly.
        if against := reasons_against(OFFER_QUOTE, quote, by=by, at=at):
            raise Refused(against)
        quote.save(force_insert=True)
        perform(OFFER_QUOTE, quote, by=by, at=at, effect=_facts)
        if held.email:
            owe(QUOTE_MAIL, quote.pk, at=at)
    return quote


def accept_quote(quote: Quote, *, at: datetime) -> Step:
    """By the family, from its secret address; up to the last day, midnight in Rome."""
    return _answer(ACCEPT_QUOTE, quote, at)


def decline_quote(quote: Quote, *, at: datetime) -> Step:
    return _answer(DECLINE_QUOTE, quote, at)


def withdraw_quote(quote: Quote, *, reason: str, by: User, at: datetime) -> Step:
    def tell(attempt: Attempt) -> Mapping[str, Any]:
        if quote.request.email:
            owe(QUOTE_WITHDRAWN_MAIL, quote.pk, at=at)
        return {"number": quote.number}

    with transaction.atomic():
        _hold(quote.request)
        return perform(WITHDRAW_QUOTE, quote, by=by, at=at, reason=reason, effect=tell)


def record_payment(quote: Quote, *, reference: str, paid_on: date, by: User, at: datetime) -> Step:
    """What was paid outside: the number of the invoice or receipt, and the day. It can be written again to correct it."""

    def note(attempt: Attempt) -> Mapping[str, Any]:
        quote.payment_reference, quote.paid_on = reference, paid_on
        return {"paid_on": paid_on}

    data, saves = {"paid_on": paid_on}, ["payment_reference", "paid_on"]
    with transaction.atomic():
        _hold(quote.request)
        return perform(RECORD_PAYMENT, quote, by=by, at=at, data=data, effect=note, saves=saves)


def _answer(transition: Any, quote: Quote, at: datetime) -> Step:
    def tell(attempt: Attempt) -> Mapping[str, Any]:
        quote.answered_at = at
        owe(QUOTE_ANSWERED_MAIL, quote.pk, at=at)
        return _facts(attempt)

    with transaction.atomic():
        _hold(quote.request)
        return perform(transition, quote, by=None, at=at, effect=tell, saves=["answered_at"])


def _hold(request: Request) -> Request:
    """The request first, then its quote: so a closing and an acceptance take turns."""
    return Request.objects.select_for_update(of=("self",)).select_related("service", "organisation").get(pk=request.pk)


def _facts(attempt: Attempt) -> Mapping[str, Any]:
    quote = attempt.row
    return {"number": quote.number, "amount_cents": quote.amount_cents, "valid_until": quote.valid_until}
