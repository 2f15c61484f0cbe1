"""Spazi, services and citizens' requests for the tests, in few rows: the road to an agreement is told elsewhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Organisation, User
from bando.deadlines import rome
from network.actions import receive_request, route_request, take_request
from network.models import Accreditation, AccreditationNotice, Category, Request, Service, Space
from network.models.catalogue import Price
from network.states import AccreditationState, ServiceState, SpaceState
from tests import road as roads
from tests.builders import body, person
from tests.remembered import remembered

NOW = rome(2022, 5, 3, 10)
"""The morning after the opening of the Spazio of ``tests.road``."""
NEED = "Cerco una badante per la mia mamma che cammina poco."
CITIZEN = {"name": "Rosa Inventata", "phone": "333 0001112", "email": "rosa.inventata@esempio.it"}
_services = count(1)


@dataclass
class Desk:
    """An open Spazio with its operator, the office, and a body that offers a paid service."""

    office: User
    operator: User
    space: Space
    answerer: User
    service: Service

    @property
    def answering(self) -> Organisation:
        return self.service.organisation


@remembered
def desk() -> Desk:
    road = roads.agreed()
    Space.objects.filter(pk=road.space.pk).update(state=SpaceState.OPEN, municipio=9)
    road.space.refresh_from_db()
    answerer = person(name="Livia Risponde")
    offered = service(body("Cooperativa Che Risponde", by=answerer))
    return Desk(road.office, road.applicant, road.space, answerer, offered)


def category(code: str = "anziani", title: str = "Anziani e assistenza") -> Category:
    return Category.objects.get_or_create(code=code, defaults={"title": title})[0]


def service(organisation: Organisation, **changes: Any) -> Service:
    """A published service of a body whose accreditation is in force."""
    ordinal = next(_services)
    notice, _made = AccreditationNotice.objects.get_or_create(title="Avviso", text="Prova", created_at=NOW)
    accreditation, _made = Accreditation.objects.get_or_create(
        notice=notice,
        organisation=organisation,
        defaults={"state": AccreditationState.ACCREDITED, "valid_until": date(2025, 12, 31)},
    )
    facts = {
        "slug": f"servizio-{ordinal}",
        "category": category(),
        "state": ServiceState.PUBLISHED,
        "title": f"Badante a ore {ordinal}",
        "summary": "Una persona in casa, per qualche ora.",
        "description": "Aiuto in casa.",
        "price": Price.PAID,
        "at_home": True,
        "saved_at": NOW,
    }
    return Service.objects.create(organisation=organisation, accreditation=accreditation, **{**facts, **changes})


def received(made: Desk, *, at: datetime = NOW, **changes: Any) -> Request:
    facts = {"pk": uuid.uuid4(), "need": NEED, "municipio": 9, "space": made.space, "service": made.service, **CITIZEN}
    return receive_request(**{**facts, **changes}, at=at)


def taken(made: Desk, **changes: Any) -> Request:
    request = received(made, **changes)
    take_request(request, by=made.operator, at=request.received_at + timedelta(hours=1))
    return request


def routed(made: Desk, **changes: Any) -> Request:
    request = taken(made, **changes)
    route_request(request, made.answering, by=made.operator, at=request.received_at + timedelta(hours=2))
    return request
