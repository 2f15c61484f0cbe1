"""One section of an application, saved and shown: a page of the real call of 2021 with nine questions, eleven inputs.

Saving goes through the whole road of the product: the person, the application that is theirs, the call's rules, the
wizard, one validation, the version against a second writer, one row. Every save changes the row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.urls import reverse

from applications.merging import fingerprint
from applications.models import Application
from applications.progress import sections
from bando.notice.document import QuestionType
from bench.data import open_application
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from tests.builders import right_answers

SECTION, LONG_ANSWER = "spazio", "descrizione-dello-spazio"


@dataclass(frozen=True, slots=True)
class Size:
    times: int
    """Requests of each kind in a round."""


FULL, SMALL = Size(times=40), Size(times=3)


class Filling:
    """An application whose section is filled, and one for the floor's rows, with the requests of both."""

    def __init__(self) -> None:
        self.application, self.other = open_application(), open_application()
        self.visitor = Visitor(self.application.created_by)
        self.page = reverse("application_section", args=[self.application.pk, SECTION])
        self.field = reverse("application_autosave", args=[self.application.pk, SECTION])
        self.floor_insert = reverse("floor_insert", args=[self.other.pk])
        self.floor_form = reverse("floor_form", args=[self.application.pk, SECTION])
        self.answers = answers_of(self.application)
        self._versions, self._fields = count(), count(500_000)
        self.visitor.get(self.page)
        self.save()
        self._base = fingerprint({LONG_ANSWER: self._typed(0)[LONG_ANSWER]})

    def save(self) -> None:
        version = next(self._versions)
        self.visitor.post(self.page, {**self._typed(version), "__version": version, "then": "next"})

    def autosave(self) -> None:
        typed = {LONG_ANSWER: self._typed(next(self._fields))[LONG_ANSWER]}
        fields = {LONG_ANSWER: {"typed": typed, "base": self._base}}
        self._base = json.loads(self.visitor.send(self.field, {"fields": fields}).text)["bases"][LONG_ANSWER]

    def insert(self) -> None:
        self.visitor.post(self.floor_insert, self._typed(0))

    def show(self) -> str:
        return self.visitor.get(self.page).text

    def draw(self) -> str:
        return self.visitor.get(self.floor_form).text

    def _typed(self, version: int) -> dict[str, Any]:
        return self.answers | {LONG_ANSWER: f"{version:06} {self.answers[LONG_ANSWER]}"}


def answers_of(application: Application) -> dict[str, Any]:
    """Right answers, with long texts nearly as long as they may be."""
    section = next(section for section in sections(application) if section.code == SECTION)
    answers = right_answers(section, application.call.notice, application.area)
    for question in section.questions:
        if question.type is QuestionType.LONG_TEXT:
            answers[question.code] = ("Un luogo aperto a chi abita nel quartiere. " * question.limit)[: question.limit - 10]
    return answers


def run(size: Size, rounds: int) -> Iterator[Line]:
    filling = Filling()
    yield Line(
        "save a section",
        "session, person, token, one INSERT",
        alternate(filling.save, filling.insert, rounds=rounds, times=size.times),
        goal=2.0,
    )
    filling = Filling()  # its section is saved by fields only, as its base says
    yield Line(
        "save a field of a section",
        "session, person, token, one INSERT",
        alternate(filling.autosave, filling.insert, rounds=rounds, times=size.times),
        goal=2.0,
    )
    yield Line(
        "show a section",
        "session, person, token, its fields drawn from memory",
        alternate(filling.show, filling.draw, rounds=rounds, times=size.times),
        goal=1.6,
    )
