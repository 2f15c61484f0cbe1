"""A ranking is computed and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationState as S
from bando.models import Call
from evaluation.models import Placement, Ranking, RankingVersion, VersionKind
from evaluation.publication import compose, with_act
from evaluation.ranking import Outcome
from evaluation.scoring import MarksError
from evaluation.transitions import (
    COMPUTE,
    CONCLUDE,
    FALL_BELOW,
    PUBLISH,
    RANK,
    SELECT,
    WAIT,
)
from workflow.duties import owe
from workflow.ledger import canonical, digest
from workflow.perform import perform, perform_all, reasons_against
from workflow.transition import Attempt, Refused

ACT_OF_OUTCOME = {Outcome.SELECTED: SELECT, Outcome.WAITING: WAIT, Outcome.BELOW_THRESHOLD: FALL_BELOW}
"""A tie across the last place has no act: those proposals stay in the ranking until the chain or a draw decides."""


def compute_ranking(call: Call, area_code: str, *, by: User, at: datetime) -> Ranking:
    """Compose the marks of an area into its ranking, to be looked at and published. It may be done again until then."""
    with transaction.atomic():
        ranking, _made = Ranking.objects.get_or_create(
            call=call, area_code=area_code, defaults={"content": "{}", "sha256": digest("{}"), "computed_at": at}
        )

        def compose_it(attempt: Attempt) -> Mapping[str, Any]:
            try:
                ranked = compose(call, area_code)
            except MarksError as error:
                raise Refused([_("I punteggi non bastano per calcolare: %(problem)s.") % {"problem": error}]) from error
            ranking.content = canonical(ranked.document)
            ranking.sha256 = digest(ranking.content)
            ranking.computed_at = at
            ranking.save(update_fields=["content", "sha256", "computed_at"])
            perform_all(RANK, Application.objects.filter(call=call, area_code=area_code, state=S.EVALUATED), by=by, at=at)
            return {"sha256": ranking.sha256, "proposals": len(ranked.applications)}

        perform(COMPUTE, ranking, by=by, at=at, effect=compose_it)
        ranking.__dict__.pop("document", None)
        return ranking


def publish_ranking(
    ranking: Ranking, *, act_number: str, act_date: date | None, by: User, at: datetime, seen: str | None = None
) -> Ranking:
    """Publish a computed ranking with the act that approves it. ``seen`` is the hash of the text that the official has
    previewed. Each proposal takes its outcome; letters and the PDF follow; with the last area the call is concluded."""

    def publish(attempt: Attempt) -> Mapping[str, Any]:
        version = _publish(ranking, act_number=act_number, act_date=act_date, by=by, at=at)
        _outcomes(version, by=by, at=at)
        return {"sha256": version.sha256, "act": {"number": version.act_number, "date": act_date}}

    with transaction.atomic():
        perform(
            PUBLISH,
            ranking,
            by=by,
            at=at,
            data={"act_number": act_number, "act_date": act_date, "seen": seen},
            effect=publish,
        )
        call = ranking.call
        if not reasons_against(CONCLUDE, call, by=by, at=at):
            perform(CONCLUDE, call, by=by, at=at)
        return ranking


def _publish(ranking: Ranking, *, act_number: str, act_date: date | None, by: User, at: datetime) -> RankingVersion:
    """What was computed becomes the next version, with its act; the placements, the PDF and the letters follow from it."""
    ranking.__dict__.pop("document", None)
    content = canonical(with_act(ranking.document, number=act_number.strip(), day=act_date))
    version = RankingVersion.objects.create(
        ranking=ranking,
        number=ranking.versions.count() + 1,
        kind=VersionKind.FINAL,
        content=content,
        sha256=digest(content),
        act_number=act_number.strip(),
        act_date=act_date,
        published_at=at,
        published_by=by,
    )
    rows = {row["application"]: row for row in version.document["rows"]}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code, number__in=rows)
    Placement.objects.bulk_create(
        [
            Placement(
                version=version,
                application_id=pk,
                position=rows[number]["position"],
                outcome=rows[number]["outcome"],
                total=rows[number]["total"]["published"],
            )
            for number, pk in applications.order_by("number").values_list("number", "pk")
        ]
    )
    owe("evaluation.ranking_pdf", version.pk, at=at)
    owe("evaluation.result_letters", version.pk, at=at)
    return version


def _outcomes(version: RankingVersion, *, by: User, at: datetime) -> None:
    """The outcome of each proposal, as its ranking gives it."""
    ranking, rows = version.ranking, {row["application"]: row for row in version.document["rows"]}
    applications = Application.objects.filter(call=ranking.call_id, area_code=ranking.area_code)
    for outcome, act in ACT_OF_OUTCOME.items():
        perform_all(
            act,
            applications.filter(number__in=[number for number, row in rows.items() if row["outcome"] == outcome]),
            by=by,
            at=at,
            facts=lambda application: {
                "position": rows[application.number]["position"],
                "total": rows[application.number]["total"]["published"],
            },
        )
