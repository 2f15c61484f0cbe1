"""The editor of a call, on a document as large as the call of 2021: a part saved, the hub of the draft, and what changed
between two versions of the document.

Saving reads what the page holds, merges it into the document as it is now and keeps the whole document twice, as the draft
and as one more state of its history; each save changes a text. The floor keeps the state alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bando import drafting
from bando.models import DraftOrigin, NoticeDraft
from bando.notice.difference import Change, difference
from bando.notice.parse import parse
from bando.notice_yaml import dump, read
from bando.views import drafts
from bench.data import real_call
from bench.floors import keep_what_is_drawn
from bench.rounds import Line, alternate
from bench.visitor import Visitor
from tests.bando.writing import Page
from tests.builders import official

PART = "avviso"
"""The page with the most fields: 37."""


@dataclass(frozen=True, slots=True)
class Size:
    times: int
    """Requests, or comparisons, in a round."""


FULL, SMALL = Size(times=20), Size(times=2)


class Writing:
    """A draft that holds the whole document of 2021, one for the floor's rows, and the requests of both."""

    def __init__(self) -> None:
        office, text = official(), real_call().version.text
        self.draft, self.other = (_begun(text, office) for _ in range(2))
        self.visitor = Visitor(office)
        self.page = reverse("desk_draft_part", args=[self.draft.pk, PART])
        self.hub = reverse("desk_draft", args=[self.draft.pk])
        self.floor_state = reverse("floor_state", args=[self.other.pk])
        self._typed = Page(self.visitor.get(self.page).text).fields
        self._versions = count(1)
        self.floor_hub = keep_what_is_drawn(drafts, "draft", self.show)

    def save(self) -> None:
        version = next(self._versions)
        self.visitor.post(self.page, self._typed | {"version": version, "summary": f"Il testo numero {version}.", "do": "save"})

    def keep(self) -> None:
        self.visitor.post(self.floor_state, {})

    def show(self) -> str:
        return self.visitor.get(self.hub).text

    def draw(self) -> str:
        return self.visitor.get(self.floor_hub).text


class Comparing:
    """The document of 2021 and a rectification of it: a word in two titles, a date, a question more."""

    def __init__(self) -> None:
        before = read(real_call().version.text).data
        after = read(real_call().version.text).data
        after["title"] += " (rettificato)"
        after["calendar"]["deadline"] = after["calendar"]["deadline"].replace("2021-10", "2021-11")
        questions = next(section for section in after["sections"] if section.get("questions"))["questions"]
        questions.append({"code": "in-piu", "label": "Una domanda in più", "type": "short_text", "limit": 80})
        after["grids"][0]["title"] += " corretta"
        self._texts = [dump(data).splitlines() for data in (before, after)]
        self._notices = [parse(data) for data in (before, after)]

    def words(self) -> tuple[Change, ...]:
        return difference(*self._notices)

    def lines(self) -> list[str]:
        return list(difflib.unified_diff(*self._texts, n=0))


def _begun(text: str, office: Any) -> NoticeDraft:
    return drafting.begin(read(text).data, origin=DraftOrigin.FILE, by=office, at=timezone.now(), text=text)


def run(size: Size, rounds: int) -> Iterator[Line]:
    writing = Writing()
    yield Line(
        "save a part of a draft",
        "session, person, token, one INSERT of the document",
        alternate(writing.save, writing.keep, rounds=rounds, times=size.times),
        goal=3.0,
    )
    yield Line(
        "show the hub of a draft",
        "session, person, token, the same page drawn from memory",
        alternate(writing.show, writing.draw, rounds=rounds, times=size.times),
        goal=3.0,
    )
    comparing = Comparing()
    yield Line(
        "what changed between two versions",
        "the lines of their texts compared (difflib)",
        alternate(comparing.words, comparing.lines, rounds=rounds, times=size.times),
        goal=2.0,
    )
