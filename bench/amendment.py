"""An amendment: the act, which must not grow with those whom it concerns, and the hub of an application whose sections it
touched, which are judged anew each time that somebody looks.

Letters, mails and the PDF are owed by the act and made by the worker: they are none of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from applications.models import Application
from applications.states import ApplicationState
from bando.models import Call
from bench import data
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from tests.builders import complete_draft, official
from tests.builders_amending import extend, rectify


@dataclass(frozen=True, slots=True)
class Size:
    concerned: int
    """Half of them drafts, half sent."""
    times: int
    """Acts, or pages, in a round."""


FULL, SMALL = Size(concerned=2_000, times=10), Size(concerned=20, times=2)


class Extending:
    """Two calls with the same document, one with many applications and one with none; each act is taken back."""

    def __init__(self, size: Size) -> None:
        self.office = official()
        self.crowded, self.empty = (data.evaluated_call(slug) for slug in ("proroga", "deserto"))
        half = size.concerned // 2
        sent = data.proposals(self.crowded, "area-1", half, ApplicationState.SUBMITTED, prefix="M")
        begun, bodies = self.crowded.closes_at - timedelta(days=9), Organisation.objects.filter(applications__in=sent)
        Application.objects.bulk_create(
            Application(
                call=self.crowded, area_code="area-2", organisation=body, created_by=sent[0].created_by, created_at=begun
            )
            for body in bodies
        )
        data.analyze()

    def with_many(self) -> None:
        self._extend(self.crowded)

    def with_nobody(self) -> None:
        self._extend(self.empty)

    def _extend(self, call: Call) -> None:
        with transaction.atomic():
            at = call.closes_at - timedelta(days=2)
            extend(call, call.closes_at + timedelta(days=10), by=self.office, at=at)
            transaction.set_rollback(True)
        call.refresh_from_db()


class Judging:
    """Two complete drafts for the call of 2021: one that a rectification touched in each section of questions, one for the
    rules in force."""

    def __init__(self) -> None:
        touched = complete_draft(data.open_application())
        rectify(touched.call, _other_words, by=official(), at=timezone.now())
        fresh = complete_draft(data.open_application())
        self.hubs = [reverse("application", args=[application.pk]) for application in (touched, fresh)]
        self.visitors = [Visitor(application.created_by) for application in (touched, fresh)]

    def touched(self) -> str:
        return self.visitors[0].get(self.hubs[0]).text

    def untouched(self) -> str:
        return self.visitors[1].get(self.hubs[1]).text


def _other_words(document: dict[str, Any]) -> None:
    document["calendar"]["deadline"] = (timezone.now() + timedelta(days=60)).replace(tzinfo=None, microsecond=0).isoformat()
    for section in document["sections"]:
        for question in section.get("questions", ())[:1]:
            question["label"] += " Rispondi in breve."


def run(size: Size, rounds: int) -> Iterator[Line]:
    extending = Extending(size)
    yield Line(
        f"extend a call, {size.concerned:,} concerned",
        "the same act, nobody concerned",
        alternate(extending.with_many, extending.with_nobody, rounds=rounds, times=size.times),
        goal=1.1,
    )
    judging = Judging()
    yield Line(
        "show an application after an amendment",
        "the same page of one that it did not touch",
        alternate(judging.touched, judging.untouched, rounds=rounds, times=size.times),
        goal=2.0,
    )
