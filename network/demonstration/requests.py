"""What invented citizens asked in the last two months (``fixtures/demo/requests.yaml``), and how far each request is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import yaml

from accounts.demo import DOMAIN
from accounts.models import User
from bando.deadlines import day_in_rome
from network.actions import (
    accept_quote,
    answer_request,
    close_request,
    decline_quote,
    offer_quote,
    receive_request,
    record_payment,
    route_request,
    take_request,
    withdraw_request,
)
from network.demonstration.bodies import Body
from network.demonstration.calls import FIXTURES
from network.models import Quote, Request, RequestChannel, Service, Space

HOUR = timedelta(hours=1)


def ask_the_network(bodies: Mapping[int, Body], services: Mapping[str, Service], now: datetime, office: User) -> None:
    spaces = {space.partnership.organisation_id: space for space in Space.objects.public().select_related("partnership")}
    told = yaml.safe_load((FIXTURES / "demo" / "requests.yaml").read_text(encoding="utf-8"))
    for n, facts in sorted(enumerate(told, 1), key=lambda one: -one[1]["days"]):  # numbers follow the days
        body = bodies.get(facts.get("space"))
        space = spaces[body.organisation.pk] if body else None
        follows = body.person if body else office
        at = now - timedelta(days=facts["days"]) - 3 * HOUR
        entered = space is not None and n % 4 == 1
        row = receive_request(
            pk=uuid.uuid4(),
            need=facts["need"],
            name=f"Persona di esempio {n}",
            phone=f"02 0000 1{n:03d}",
            email=f"persona{n}@{DOMAIN}" if n % 3 == 0 else "",
            municipio=facts["municipio"],
            service=services[facts["service"]] if "service" in facts else None,
            space=space,
            channel=RequestChannel.AT_SPACE if entered else RequestChannel.ONLINE,
            by=follows if entered else None,
            at=at,
        )
        _go_on(row, facts, bodies, follows, at)


def _go_on(row: Request, facts: Mapping[str, Any], bodies: Mapping[int, Body], follows: User, at: datetime) -> None:
    """From its arrival ``at`` as far as ``facts`` say; the more often somebody asked, the longer the answer took."""
    if facts["state"] == "withdrawn":
        withdraw_request(row, at=at + 30 * HOUR)
    if facts["state"] in ("received", "withdrawn"):
        return
    take_request(row, by=follows, at=at + (2 + facts["days"] % 9) * HOUR)
    answers = follows
    if to := bodies.get(facts.get("to")):
        answers = to.person
        route_request(row, to.organisation, by=follows, at=at + 20 * HOUR)
    quote = _quoted(row, facts, answers, at) if "quote" in facts else None
    if facts["state"] in ("answered", "closed"):
        answer_request(row, facts["reply"], by=answers, at=at + (32 + facts["days"]) * HOUR)
    if quote is not None:
        _reply_to(quote, facts["quote"], answers, at)
    if facts["state"] == "closed":
        close_request(row, facts["outcome"], by=follows, at=at + 150 * HOUR)


def _quoted(row: Request, facts: Mapping[str, Any], by: User, at: datetime) -> Quote:
    return offer_quote(
        row,
        amount_cents=facts["cents"],
        text="Un mese, con una persona di riferimento e la sostituzione in caso di assenza (esempio).",
        valid_until=day_in_rome(at + timedelta(days=15)),
        by=by,
        at=at + 30 * HOUR,
    )


def _reply_to(quote: Quote, reply: str, by: User, at: datetime) -> None:
    if reply == "declined":
        decline_quote(quote, at=at + 90 * HOUR)
    if reply in ("accepted", "paid"):
        accept_quote(quote, at=at + 90 * HOUR)
    if reply == "paid":
        paid_at = at + 140 * HOUR
        paid_on = day_in_rome(paid_at)
        record_payment(quote, reference="Fattura 12 (esempio)", paid_on=paid_on, by=by, at=paid_at)
