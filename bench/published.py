"""A published ranking: read again, downloaded, shown; and how firm it is.

Whoever computes a ranking again reads its file; the floor of that is reading the JSON. The files that are downloaded and the
pages are beside the reading of the same document from the database and from its JSON, once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from django.urls import reverse
from django.utils import timezone

from applications.states import ApplicationState
from bando.models import Call
from bench import data
from bench.clock import cost, statements
from bench.ranking import Different
from bench.rounds import Line, Pair, alternate
from bench.visitor import Visitor
from evaluation.models import Ranking, RankingVersion
from evaluation.publication import compose
from evaluation.published import recompute
from evaluation.robustness import report
from evaluation.states import RankingState
from tests.builders import official, person
from workflow.ledger import canonical, digest

ROOT = Path(__file__).resolve().parents[1]
AREA = "area-1"


@dataclass(frozen=True, slots=True)
class Size:
    large: int
    """Proposals of the ranking that is computed again."""
    rows: tuple[int, int]
    """Proposals of the rankings that are shown; of the second the files are downloaded."""
    firm: tuple[int, int]
    """Proposals of the rankings whose robustness is looked at."""


FULL, SMALL = Size(10_000, (200, 2_000), (20, 60)), Size(30, (5, 20), (5, 8))


def published(proposals: int, slug: str) -> RankingVersion:
    """A ranking of so many proposals, with twenty criteria and five members, as it is published: its rows, without the act."""
    call = data.evaluated_call(slug)
    members, at, office = data.commission(call), call.closes_at, official()
    made = data.proposals(call, AREA, proposals, ApplicationState.EVALUATED, prefix=slug)
    data.mark(list(zip(made, data.judgments(proposals), strict=True)), members)
    content = canonical(compose(Call.objects.with_notice().get(pk=call.pk), AREA).document)
    given = {"content": content, "sha256": digest(content)}
    ranking = Ranking.objects.create(call=call, area_code=AREA, state=RankingState.PUBLISHED, computed_at=at, **given)
    return RankingVersion.objects.create(
        ranking=ranking,
        number=1,
        kind="final",
        act_number="1/2021",
        act_date=at.date(),
        published_at=timezone.now(),
        published_by=office,
        **given,
    )


def again(version: RankingVersion) -> None:
    """As the office's page checks it: with the code that made it."""
    if recompute(json.loads(version.content)):
        raise Different("the document does not come to itself")


def verify(path: Path) -> None:
    """As a stranger does, with one file and Python."""
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-I", "-S", str(ROOT / "bin" / "verify_ranking"), str(path)], check=True, stdout=subprocess.DEVNULL
    )


def of_children(path: Path, rounds: int) -> list[Pair]:
    """The program's processor time, which is a child's, beside reading the same JSON here."""
    pairs = []
    for _ in range(rounds):
        before = getrusage(RUSAGE_CHILDREN)
        verify(path)
        after = getrusage(RUSAGE_CHILDREN)
        work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        pairs.append((work, cost(lambda: json.loads(path.read_bytes()))))
    return pairs


def run(size: Size, rounds: int) -> Iterator[Line]:
    large = published(size.large, "grande")
    text = large.content
    yield Line(
        f"compute {size.large:,} proposals again",
        "reading their JSON",
        alternate(lambda: again(large), lambda: json.loads(text), rounds=rounds, times=1),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ranking.json"
        path.write_text(text, encoding="utf-8")
        yield Line(
            f"bin/verify_ranking on {size.large:,} proposals",
            "reading their JSON",
            of_children(path, rounds),
            remark=f"{len(text.encode()) / 1e6:.3g} MB",
        )
    few, many = (published(proposals, f"righe-{proposals}") for proposals in size.rows)
    data.analyze()
    visitor = Visitor(person())
    for version in (few, many):
        where = [version.ranking.call.slug, AREA]
        files: list[tuple[str, str, float | None]] = [("show the page of", "ranking", None)]
        if version is many:
            files += [("download the CSV of", "ranking_csv", 500), ("download the ODS of", "ranking_ods", None)]
        for words, name, limit in files:
            address = reverse(name, args=where)

            def show(address: str = address) -> None:
                visitor.get(address)

            def read(pk: int = version.pk) -> object:
                return RankingVersion.objects.get(pk=pk).document

            yield Line(
                f"{words} {len(version.document['rows']):,} places",
                "its row read, and its JSON",
                alternate(show, read, rounds=rounds, times=1),
                limit=limit,
                remark=f"{statements(show)} statements",
            )
    for proposals in size.firm:
        document = published(proposals, f"salda-{proposals}").document
        yield Line(
            f"how firm {proposals} proposals stand",
            "computing them again once",
            alternate(
                lambda document=document: report(document),
                lambda document=document: recompute(document),
                rounds=rounds,
                times=1,
            ),
        )
