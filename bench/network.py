"""What citizens ask of a grown network, and what those who answer them see: twenty Spazi, three hundred services of fifty-eight
bodies, five thousand requests.

The floors draw the same pages from memory: the rest is reading the rows, searching them and measuring the waits."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from applications.states import ApplicationState
from bench import data
from bench.clock import statements
from bench.floors import keep_what_is_drawn
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from network.models import Agreement, Partnership, Request, Service, Space
from network.models.requests import RequestChannel, RequestKind
from network.states import RequestState, SpaceState
from network.views import catalogue as catalogue_views
from network.views import directory, request_desk
from tests.builders import official, person
from tests.builders_catalogue import catalogue

SEED = 7
MORNINGS = [{"day": day, "opens": "09:00", "closes": "13:00"} for day in range(1, 6)]


@dataclass(frozen=True, slots=True)
class Size:
    spaces: int
    services: int
    bodies: int
    requests: int
    times: int
    """Pages of each kind in a round."""


FULL = Size(spaces=20, services=300, bodies=58, requests=5000, times=10)
SMALL = Size(spaces=2, services=14, bodies=3, requests=20, times=2)


class Network:
    """A citizen, an operator of a Spazio and the office before the same network."""

    def __init__(self, size: Size) -> None:
        now = timezone.now()
        self.spaces = _spaces(size.spaces, now)
        services = catalogue(services=size.services, bodies=size.bodies, at=now, until=(now + timedelta(days=700)).date())
        _give_in_spaces(services, self.spaces)
        _requests(size.requests, self.spaces, services, now)
        data.analyze()
        operator = person()
        body = self.spaces[0].partnership.organisation
        Membership.objects.create(user=operator, organisation=body, role=Role.COLLABORATOR)
        self.citizen, self.operator, self.office = Visitor(person()), Visitor(operator), Visitor(official())

    def directory(self) -> str:
        return self.citizen.get(reverse("spaces")).text

    def space(self) -> str:
        return self.citizen.get(reverse("space", args=[self.spaces[0].slug])).text

    def search(self) -> str:
        return self.citizen.get(f"{reverse('services')}?q=badante").text

    def work_list(self) -> str:
        return self.operator.get(reverse("requests")).text

    def times(self) -> str:
        return self.office.get(f"{reverse('desk_request_times')}?giorni=365").text


def run(size: Size, rounds: int) -> Iterator[Line]:
    network = Network(size)
    pages: list[tuple[str, Visitor, Callable[[], str], ModuleType]] = [
        (f"find among {size.spaces} Spazi", network.citizen, network.directory, directory),
        ("show a Spazio", network.citizen, network.space, directory),
        (f"search {size.services} services", network.citizen, network.search, catalogue_views),
        (f"show the requests of a Spazio, of {size.requests}", network.operator, network.work_list, request_desk),
        (f"measure the waits of {size.requests} requests", network.office, network.times, request_desk),
    ]
    for number, (words, visitor, show, module) in enumerate(pages):
        address = keep_what_is_drawn(module, f"network-{number}", show)
        yield Line(
            words,
            "session, person, the same page drawn from memory",
            alternate(show, lambda address=address, visitor=visitor: visitor.get(address), rounds=rounds, times=size.times),
            goal=4.0 if visitor is network.office else 3.0,
            limit=60,
            remark=f"{statements(show)} statements",
        )


def _spaces(many: int, now: datetime) -> list[Space]:
    call = data.evaluated_call("rete")
    proposals = data.proposals(call, "area-1", many, ApplicationState.OPEN, prefix="N")
    agreements = Agreement.objects.bulk_create(Agreement(application=proposal, created_at=now) for proposal in proposals)
    partnerships = Partnership.objects.bulk_create(
        Partnership(organisation=row.application.organisation, agreement=row, area_title="Area", since=now.date())
        for row in agreements
    )
    return Space.objects.bulk_create(
        Space(
            slug=f"spazio-{number}",
            name=f"Spazio {number}",
            state=SpaceState.OPEN,
            partnership=partnership,
            manager_name=partnership.organisation.name,
            address=f"Via di Misura {number}",
            municipio=number % 9 + 1,
            latitude=f"45.4{number:02}",
            longitude=f"9.1{number:02}",
            phone="02 0000",
            functions=["listening", "information"],
            languages=["it", "en"],
            hours=MORNINGS,
        )
        for number, partnership in enumerate(partnerships)
    )


def _give_in_spaces(services: list[Service], spaces: list[Space]) -> None:
    given = Service.spaces.through
    given.objects.bulk_create(
        given(service=service, space=spaces[number % len(spaces)])
        for number, service in enumerate(services)
        if service.in_space
    )


def _requests(many: int, spaces: list[Space], services: list[Service], now: datetime) -> None:
    """Half of them have an answer, each after a wait of its own within ten days."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    rows = []
    for number in range(many):
        received = now - timedelta(days=11, minutes=chance.randrange(350 * 24 * 60))
        taken, answered = (received + timedelta(minutes=chance.randrange(1, 7 * 24 * 60)) for _ in range(2))
        ended = number % 2 == 0
        rows.append(
            Request(
                number=f"M-{number:06}",
                key_sha256="0" * 64,
                kind=RequestKind.SERVICE if number % 3 else RequestKind.ORIENTATION,
                channel=RequestChannel.ONLINE,
                state=RequestState.CLOSED if ended else RequestState.RECEIVED,
                service=services[number % len(services)] if number % 3 else None,
                space=spaces[number % len(spaces)],
                need="Un aiuto in casa.",
                name="Rosa",
                phone="02 0000",
                received_at=received,
                taken_at=taken if ended else None,
                answered_at=max(taken, answered) if ended else None,
                closed_at=max(taken, answered) + timedelta(days=1) if ended else None,
            )
        )
    Request.objects.bulk_create(rows, batch_size=1000)
