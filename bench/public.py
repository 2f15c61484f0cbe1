"""What everybody reads of a call: its page, with the document of 2021, and the page of its clarifications.

The floors draw the same pages from what is already in memory; the rest is reading the call and putting it into words.
What the templates themselves ask (how many clarifications there are, whether one follows) is on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from bando.models import Clarification
from bando.views import clarifications, public
from bench.data import real_call
from bench.floors import keep_what_is_drawn
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from tests.builders import official, person


@dataclass(frozen=True, slots=True)
class Size:
    clarifications: int
    times: int
    """Pages of each kind in a round."""


FULL, SMALL = Size(clarifications=200, times=20), Size(clarifications=10, times=2)


class Reading:
    """A person who reads a call and its clarifications."""

    def __init__(self, size: Size) -> None:
        call, office, at = real_call(), official(), timezone.now()
        codes = ["", *(section.code for section in call.notice.sections)]
        Clarification.objects.bulk_create(
            Clarification(
                call=call,
                number=number,
                section=codes[number % len(codes)],
                question=f"Domanda numero {number}. "
                + "Una rete di tre associazioni può partecipare con un solo capofila? " * 4,
                answer="Sì, se le associazioni si impegnano per iscritto a costituirla prima della convenzione. " * 8,
                by=office,
                at=at,
            )
            for number in range(1, size.clarifications + 1)
        )
        self.visitor = Visitor(person())
        self.page, self.answers = (reverse(name, args=[call.slug]) for name in ("call", "call_clarifications"))
        self.floor_page = keep_what_is_drawn(public, "call", self.call)
        self.floor_answers = keep_what_is_drawn(clarifications, "clarifications", self.clarifications)

    def call(self) -> str:
        return self.visitor.get(self.page).text

    def draw_call(self) -> str:
        return self.visitor.get(self.floor_page).text

    def clarifications(self) -> str:
        return self.visitor.get(self.answers).text

    def draw_clarifications(self) -> str:
        return self.visitor.get(self.floor_answers).text


def run(size: Size, rounds: int) -> Iterator[Line]:
    reading = Reading(size)
    yield Line(
        "show a call",
        "session, person, the same page drawn from memory",
        alternate(reading.call, reading.draw_call, rounds=rounds, times=size.times),
        goal=1.6,
    )
    yield Line(
        f"show {size.clarifications} clarifications",
        "session, person, the same page drawn from memory",
        alternate(reading.clarifications, reading.draw_clarifications, rounds=rounds, times=size.times),
        goal=1.6,
    )
