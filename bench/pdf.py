"""The two documents that the worker makes: the receipt of an application and the PDF of a ranking.

The work is the whole duty, with what it reads and the file that it keeps; its rows are taken back, so that it can be done
again. The floor is WeasyPrint alone on the very same HTML. Both are warm: fonts and libraries are loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from typing import Any
from unittest import mock

import pikepdf
import weasyprint
from django.db import transaction
from django.utils import timezone

from applications.receipts import issue
from applications.states import ApplicationState
from bench import data
from bench.rounds import Line, alternate
from documents import pdf
from evaluation.actions import compute_ranking, publish_ranking
from evaluation.duties import make_ranking_pdf
from evaluation.models import Ranking
from tests.builders import official, submitted_application


@dataclass(frozen=True, slots=True)
class Size:
    times: int
    """Receipts in a round; rankings are made once."""
    proposals: int


FULL, SMALL = Size(times=5, proposals=100), Size(times=1, proposals=12)


class Paper:
    """A duty that makes one PDF, and the HTML that it draws it from."""

    def __init__(self, duty: Callable[[], Any]) -> None:
        self._duty = duty
        with mock.patch.object(pdf, "render_to_string", side_effect=pdf.render_to_string) as drawn:
            texts: list[str] = []
            drawn.side_effect = lambda *given, plain=drawn.side_effect: texts.append(plain(*given)) or texts[-1]
            self.make()
        (self.html,) = texts

    def make(self) -> None:
        with transaction.atomic():
            self._duty()
            transaction.set_rollback(True)

    def bare(self) -> bytes:
        return weasyprint.HTML(string=self.html, base_url=pdf.STATIC.as_uri() + "/").write_pdf()

    @property
    def pages(self) -> int:
        with pikepdf.open(BytesIO(self.bare())) as document:
            return len(document.pages)


def receipt() -> Paper:
    """Of a whole application for the call of 2021."""
    submission = submitted_application(data.real_call()).current
    return Paper(lambda: issue(submission, at=timezone.now()))


def ranking(proposals: int) -> Paper:
    """Of a published ranking with twenty criteria."""
    call = data.evaluated_call("documento")
    members, at, office = data.commission(call), call.closes_at, official()
    made = data.proposals(call, "area-1", proposals, ApplicationState.EVALUATED, prefix="R")
    data.mark(list(zip(made, data.judgments(proposals), strict=True)), members)
    computed: Ranking = compute_ranking(call, "area-1", by=office, at=at)
    published = publish_ranking(
        computed, act_number="1/2021", act_date=at.date(), unfilled_reason="Misura.", confirmed=True, by=office, at=at
    )
    version = published.latest
    return Paper(lambda: make_ranking_pdf(str(version.pk), at))


def run(size: Size, rounds: int) -> Iterator[Line]:
    made = {"make a receipt": (receipt(), size.times), f"make the PDF of {size.proposals} places": (ranking(size.proposals), 1)}
    for words, (paper, times) in made.items():
        pairs = alternate(paper.make, paper.bare, rounds=rounds, times=times)
        speed = paper.pages / median(work for work, _ in pairs)
        remark = f"{paper.pages} pages, {speed:.3g} a second"
        yield Line(words, "WeasyPrint alone, same HTML", pairs, goal=1.15, remark=remark)
