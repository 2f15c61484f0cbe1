"""A member in conflict with a proposal visits every page of the commission: neither its name nor its number nor a count tells of
it. What the pages say is compared with what they say in a call where that proposal is not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from applications.merging import fingerprint
from applications.models import Application
from bando.models import Call
from evaluation.actions import (
    appoint_commission,
    close_evaluation,
    close_session,
    compute_ranking,
    open_session,
    plan_session,
    save_minutes,
)
from evaluation.models import MemberRole, SessionKind, Sheet
from evaluation.urls import urlpatterns
from tests import pages
from tests.builders import official, person
from tests.builders_evaluation import APPOINTED_AT, MARKED_AT, RANKED_AT, admitted, mark_all, same, small_call
from tests.journeys.steps import sign_in

HOUR = timedelta(hours=1)
SHOWN, HIDDEN = ("Alfa", "Beta"), "Zefiro"
ROLES = {
    "chair": MemberRole.CHAIR,
    "member": MemberRole.MEMBER,
    "free": MemberRole.MEMBER,
    "secretary": MemberRole.SECRETARY,
}
SAYS_THE_NAME = {"declarations"}  # one finds there what one has declared, to change it
OF_ALL_OR_NOBODY = "Quanto è solida la graduatoria"  # where it may not be read, no link leads to it
DIFFERS = {
    "declarations",
    "commission_minutes",  # says that it is not whole
    "commission_minutes_pdf",
    "commission_robustness",  # is of all the proposals or of nobody
}

Open = Callable[..., Page]


@dataclass
class World:
    """A call with its commission, a session and every sheet concluded; ``hidden`` is the proposal with which ``touched`` is in
    conflict."""

    call: Call
    people: dict[str, User]
    touched: str
    proposals: list[Application]
    hidden: Application | None

    def addresses(self) -> dict[str, list[str]]:
        """Every page of the commission, and those of it that somebody curious would try, by the name of its route."""
        call, own = self.call.slug, Sheet.objects.filter(member__user=self.people[self.touched]).order_by("application__number")
        sheets = [*own.values_list("pk", flat=True)]
        more = {}
        if self.hidden is not None:
            sheets += Sheet.objects.filter(application=self.hidden).order_by("pk").values_list("pk", flat=True)
            more = {"declarations": f"?cambia={self.hidden.pk}"}

        def at(name: str, *args: object) -> list[str]:
            here = reverse(name, args=[call, *args])
            return [here, here + more[name]] if name in more else [here]

        return {
            "my_evaluations": [reverse("my_evaluations")],
            "evaluation_session": [reverse("evaluation_session")],
            "sheets": [*at("sheets"), f"{at('sheets')[0]}?stato=finite"],
            "declarations": at("declarations"),
            "criterion_review": [at("criterion_review", "area-1", code)[0] for code in ("a1", "b1", "c1")],
            "comparison": at("comparison", "area-1", "c1"),
            "composition": at("composition", "area-1"),
            "collegial": at("collegial"),
            "commission_sessions": at("commission_sessions"),
            "commission_session": at("commission_session", 1),
            "commission_minutes": at("commission_minutes", 1),
            "commission_minutes_pdf": at("commission_minutes_pdf", 1),
            "commission_minutes_signed": at("commission_minutes_signed", 1),
            "commission_robustness": at("commission_robustness", "area-1"),
            **{name: [reverse(name, args=[pk]) for pk in sheets] for name in ("sheet", "sheet_autosave", "sheet_history")},
            "evaluation_attachment": [reverse("evaluation_attachment", args=[pk, UUID(int=7)]) for pk in sheets],
        }

    def secrets(self, route: str) -> list[str]:
        """What may not stand in a page, hidden fields included."""
        answers = [f"{question} di {HIDDEN}" for question in ("Progetto", "Bisogni", "Azioni", "Squadra")]
        found = [self.hidden.number, *answers, f"Su {HIDDEN} si è discusso."]
        return found if route in SAYS_THE_NAME else [*found, f"Coop {HIDDEN}", str(self.hidden.pk)]


def world(slug: str, *, touched: str, names: Sequence[str]) -> World:
    people = {role: person(name=f"Commissaria {role}") for role in ROLES}
    call, office = small_call(slug=slug), official(name="Anna Ufficio")
    questions = {"titolo": "Progetto", "bisogni": "Bisogni", "azioni": "Azioni", "squadra": "Squadra"}
    proposals = [
        admitted(
            call,
            name=f"Coop {name}",
            answers={"proposta": {code: f"{words} di {name}" for code, words in questions.items()}},
        )
        for name in names
    ]
    made = appoint_commission(
        call,
        members=[(people[role], seat) for role, seat in ROLES.items()],
        act_number="120/2021",
        act_date=date(2021, 10, 20),
        by=office,
        at=APPOINTED_AT,
    )
    hidden = next((row for row, name in zip(proposals, names, strict=True) if name == HIDDEN), None)
    secretary = people["secretary"]
    session = plan_session(
        made,
        kind=SessionKind.RESERVED,
        area_code="area-1",
        planned_at=MARKED_AT - HOUR,
        place="Sala 3",
        agenda="Esame delle proposte.",
        by=secretary,
        at=MARKED_AT - 2 * HOUR,
    )
    open_session(session, {seat.pk: "" for seat in made.members.seated()}, by=secretary, at=MARKED_AT - HOUR)
    levels = same(["buono"] * 3)
    conflict = [None if role == touched else ["ottimo"] * 3 for role in ("chair", "member", "free")]
    mark_all(made, {row: conflict if row == hidden else levels for row in proposals})
    close_session(session, by=secretary, at=MARKED_AT + HOUR)
    if hidden is not None:
        said = {str(hidden.pk): f"Su {HIDDEN} si è discusso."}
        save_minutes(session, said, {str(hidden.pk): [fingerprint({})]}, by=secretary, at=MARKED_AT + HOUR)
    return World(call, people, touched, proposals, hidden)


@pytest.fixture(params=["chair", "member"])
def worlds(request, db, live_server) -> tuple[World, World]:
    """The same without the proposal in conflict, and with it."""
    without = world("senza", touched=request.param, names=SHOWN)
    return without, world("con", touched=request.param, names=[*SHOWN, HIDDEN])


def visited(page: Page, there: World) -> dict[str, list[tuple[int, bytes]]]:
    found = {}
    for route, addresses in there.addresses().items():
        answers = [page.request.get(address, max_redirects=0) for address in addresses]
        found[route] = [(answer.status, answer.body()) for answer in answers]
    return found


def in_words(there: World, answers: Sequence[tuple[int, bytes]]) -> list[str]:
    """What a person reads; the numbers of the proposals by their order, as they differ between two calls."""
    found = []
    for status, content in answers:
        words = pages.text(SimpleNamespace(content=content)) if status == 200 and b"<main" in content else str(status)
        words = words.replace(f" {OF_ALL_OR_NOBODY}", "")
        for order, proposal in enumerate(there.proposals):
            words = words.replace(proposal.number, f"n. {order}")
        found.append(words)
    return found


@pytest.mark.parametrize("ranked", [False, True], ids=["while marking", "before the act"])
def test_a_member_in_conflict_finds_no_trace_of_the_proposal_on_any_page(
    page_at: Open, worlds: tuple[World, World], ranked: bool
) -> None:
    said = []
    for there in worlds:
        if ranked:
            close_evaluation(there.call, "area-1", by=official(), at=RANKED_AT)
            compute_ranking(there.call, "area-1", by=official(), at=RANKED_AT)
        with time_machine.travel(RANKED_AT if ranked else MARKED_AT + 2 * HOUR, tick=False):
            page = page_at(1280)
            sign_in(page, there.people[there.touched])
            said.append(visited(page, there))
            opened = f"{reverse('composition', args=[there.call.slug, 'area-1'])}?domanda={there.proposals[-1].number}"
            status = page.request.get(opened).status
            page.context.close()
    (_without, there), (before, after) = worlds, said
    assert set(after) == {pattern.name for pattern in urlpatterns}
    assert [
        (route, secret)
        for route, answers in after.items()
        for secret in there.secrets(route)
        if any(secret.encode() in content for _status, content in answers)
    ] == []
    assert [status, *(status for status, _content in after["sheet"])] == [404, 200, 200, 404, 404]

    told = {route: in_words(worlds[0], answers) for route, answers in before.items() if route not in DIFFERS}
    assert {route: in_words(there, after[route])[: len(words)] for route, words in told.items()} == told

    with time_machine.travel(MARKED_AT + 2 * HOUR, tick=False):
        page = page_at(1280)
        sign_in(page, there.people["free"])
        shown = page.request.get(reverse("sheets", args=[there.call.slug])).text()
        composed = page.request.get(reverse("composition", args=[there.call.slug, "area-1"])).text()
    assert (f"Coop {HIDDEN}" in shown, OF_ALL_OR_NOBODY in composed) == (True, ranked)  # for whoever may see it
